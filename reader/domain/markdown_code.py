"""Code in Markdown: the stretches in which nothing is markup.

Finds fenced blocks, indented blocks and code spans after CommonMark (https://spec.commonmark.org/0.31.2/). The rules
here are simpler and can only be wrong in rare nestings of lists and quotes. The time is linear in the length of the
text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from reader.domain.spans import Span

_LINE = re.compile(r"[^\n]*\n?")
_QUOTE = re.compile(r"(?: {0,3}> ?)*")
_INDENT = re.compile(r"[ \t]*")
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$)")
_FENCE = re.compile(r"(`{3,})[^`\n]*$|(~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_BACKTICKS = re.compile(r"`+")


def find_code(markdown: str) -> list[Span]:
    """The code blocks and code spans of a text, in order, with their fences and backticks."""
    blocks = _Blocks()
    for match in _LINE.finditer(markdown):
        blocks.read(match[0], match.start())
    blocks.end_piece()
    found: list[Span] = []
    for block in blocks.complete:
        found += [block.span] if block.is_code else _code_spans(markdown, block.span)
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of a text: either code, or text that may contain code spans."""

    span: Span
    is_code: bool


@dataclass(slots=True)
class _Blocks:
    """Splits a text into code and other text, line by line; ``complete`` are its pieces so far."""

    complete: list[_Block] = field(default_factory=list)
    _start: int = 0
    _end: int = 0
    _is_code: bool = False
    _fence: str = ""
    _fence_depth: int = 0
    _in_paragraph: bool = False
    _in_list: bool = False

    def read(self, line: str, start: int) -> None:
        """Read the line that begins at ``start``."""
        quote = _QUOTE.match(line)
        content = line[quote.end() :] if quote else line
        depth = line[: quote.end()].count(">") if quote else 0
        if self._fence and depth >= self._fence_depth:
            self._add(start, start + len(line))
            if _closes(content, self._fence):
                self.end_piece()
                self._fence = ""
                self._in_paragraph = False
            return
        if self._fence:
            self.end_piece()
            self._fence = ""
        self._read_text(content, depth, start, start + len(line))

    def _read_text(self, content: str, depth: int, start: int, end: int) -> None:
        """Read a line outside of fenced blocks."""
        if not content.strip():
            if not self._is_code:
                self.end_piece()
            self._in_paragraph = False
            return
        item = _LIST_ITEM.match(content)
        indent = _width(content)
        # An indented line within a paragraph or list item continues it and is no code (CommonMark 4.4).
        if indent >= 4 and not self._in_list and not self._in_paragraph:
            self._begin(start, is_code=True)
            self._add(start, end)
            return
        fence = _FENCE.match(content[item.end() :] if item else content.lstrip(" \t"))
        is_heading = _HEADING.match(content) is not None
        goes_on = self._in_paragraph and not fence and not is_heading
        self._in_list = item is not None or (self._in_list and (indent >= 2 or goes_on))
        if item or not goes_on:
            self.end_piece()
        if fence:
            self._fence, self._fence_depth = fence[1] or fence[2], depth
        self._begin(start, is_code=fence is not None)
        self._add(start, end)
        self._in_paragraph = not fence and not is_heading

    def _begin(self, start: int, *, is_code: bool) -> None:
        """Begin a piece at ``start`` unless a piece of the same kind continues."""
        if self._end > self._start and self._is_code != is_code:
            self.end_piece()
        if self._end <= self._start:
            self._start = start
        self._is_code = is_code

    def _add(self, start: int, end: int) -> None:
        """Extend the current piece to ``end``."""
        self._start = start if self._end <= self._start else self._start
        self._end = end

    def end_piece(self) -> None:
        """Finish the current piece, if there is one."""
        if self._end > self._start:
            self.complete.append(_Block(Span(self._start, self._end), self._is_code))
        self._start = self._end
        self._is_code = False


def _width(line: str) -> int:
    """The width of a line's indent; a tab extends to the next multiple of four."""
    indent = _INDENT.match(line)
    return len(indent[0].expandtabs(4)) if indent else 0


def _closes(content: str, fence: str) -> bool:
    """Whether a line ends the block that ``fence`` began."""
    bare = content.strip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def _code_spans(markdown: str, piece: Span) -> Iterator[Span]:
    """The code spans of a stretch of text: from backticks to the next run of the same length."""
    runs = [match.span() for match in _BACKTICKS.finditer(markdown, piece.start, piece.end)]
    # Looking up the next run of each length keeps the time linear, whatever the number of unpaired backticks.
    following: dict[int, list[int]] = {}
    for number in range(len(runs) - 1, -1, -1):
        following.setdefault(runs[number][1] - runs[number][0], []).append(number)
    number = 0
    while number < len(runs):
        start, end = runs[number]
        # A backslash before the first backtick makes that one a plain character; the others may begin a code span.
        start += _is_escaped(markdown, start)
        closers = following.get(end - start, [])
        while closers and closers[-1] <= number:
            closers.pop()
        if closers:
            number = closers.pop()
            yield Span(start, runs[number][1])
        number += 1


def _is_escaped(markdown: str, place: int) -> bool:
    """Whether an odd number of backslashes comes before ``place``."""
    # A limit, so that a long row of backslashes is not read again for each backtick.
    bare = markdown[max(0, place - 64) : place]
    return (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
