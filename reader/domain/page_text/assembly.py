"""The lines of a paragraph as one text, each character of which knows the character of the page that it is."""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from reader.domain.page_text.characters import PageCharacters
from reader.domain.page_text.lines import Kind, Line
from reader.domain.quotation import line_seam

_MARKS = "∗*†‡§¶"
_AFTER_STOP = '.,;:!?)”"’'
_SMALLER = 0.85
_RAISED = 0.12
"""A mark is smaller and higher than its line by these shares of the line's size."""
_UNIT = re.compile(r"\d\s?(?:[mcdknµμ]?m|[kMG]?Hz|s)$")
_LONGEST_WORD = 100
_BETWEEN_PIECES = 0.15
"""A gap between two pieces of a line that is wider than this share of the size is a space."""
NOWHERE = -1
"""Stands for the place of a space or line seam, which is no character of a page."""


@dataclass(slots=True)
class Assembled:
    """A text with the page and the index there of each character, :data:`NOWHERE` for one that is on none."""

    text: str = ""
    pages: array[int] = field(default_factory=lambda: array("i"))
    indexes: array[int] = field(default_factory=lambda: array("i"))


class _Assembly:
    """A paragraph in the making."""

    def __init__(self, pages: Mapping[int, PageCharacters], vocabulary: Set[str]) -> None:
        self._pages = pages
        self._vocabulary = vocabulary
        self._chars: list[str] = []
        self._made = Assembled()

    def add(self, line: Line, before: Line | None) -> None:
        """Take a line; ``before`` is the one before it, None for the first."""
        if before is not None and self._chars and self._chars[-1] != " ":
            self._join(line, before)
        page = self._pages[line.page]
        for index in range(line.start, line.end):
            char = page.text[index]
            if char.isspace():
                if self._chars and self._chars[-1] != " ":
                    self._put(" ", line.page, NOWHERE)
            elif not (char in _MARKS or char.isdigit() or char == ",") or not self._is_mark(page, index, line):
                self._put(char, line.page, index)

    def done(self) -> Assembled:
        """The text without white space at its ends."""
        while self._chars and self._chars[-1] == " ":
            self._drop_last()
        self._made.text = "".join(self._chars)
        return self._made

    def _put(self, char: str, page: int, index: int) -> None:
        self._chars.append(char)
        self._made.pages.append(page)
        self._made.indexes.append(index)

    def _drop_last(self) -> None:
        self._chars.pop()
        self._made.pages.pop()
        self._made.indexes.pop()

    def _join(self, line: Line, before: Line) -> None:
        """Put what stands between two lines: a space, or nothing after a hyphen that only the line's end needs."""
        if line.is_beside(before):
            if line.left - before.right > _BETWEEN_PIECES * line.size or line.left < before.left:
                self._put(" ", line.page, NOWHERE)
            return
        word = "".join(self._chars[-_LONGEST_WORD:]).rsplit(" ", 1)[-1]
        last, separator = line_seam(word, line.text, self._vocabulary)
        if last != self._chars[-1]:
            if last:
                self._chars[-1] = last
            else:
                self._drop_last()
        if separator:
            self._put(separator, line.page, NOWHERE)

    def _is_mark(self, page: PageCharacters, index: int, line: Line) -> bool:
        """Whether a raised number or sign points to a footnote; an exponent or the number of a unit does not."""
        if not self._chars and line.kind is Kind.NOTE:
            return True  # its own number, which word processors do not raise
        raised = page.bottom[index] > line.bottom + _RAISED * line.size
        if page.size[index] >= _SMALLER * line.size or not raised:
            return False
        if not self._chars:
            return line.kind is Kind.FRONT
        last = self._chars[-1]
        if last in _AFTER_STOP:
            return True
        if not last.isalpha() or not self._chars[-2:-1] or not self._chars[-2].isalpha():
            return False
        place = self._made.indexes[-1]
        is_word = self._made.pages[-1] == line.page and place >= 0 and page.font[place] == line.font
        return is_word and not _UNIT.search("".join(self._chars[-8:]))


def assembled(lines: Sequence[Line], pages: Mapping[int, PageCharacters], vocabulary: Set[str]) -> Assembled:
    """The text of a paragraph: lines joined, words broken at their ends put together, marks of footnotes left out."""
    assembly = _Assembly(pages, vocabulary)
    before: Line | None = None
    for line in lines:
        assembly.add(line, before)
        before = line
    return assembly.done()
