"""Text browsers' dumps of the Daily Papers page: links are numbers in brackets, long lines are wrapped.

Upvotes stand above a title as ``[`` / ``65`` / ``][35]`` (``-`` for none), the title is ``### [Title][32]`` (a wrapped
one goes on in a second ``### `` line), the abstract stands wrapped between ``[`` and ``][33]``. Then come ``[`` /
``* 3 authors`` / ``][34]`` or the organisation ``[[account] Name][34]``, ``·``, and the date with the comments
(``Mar 8, 2024 [ 6][39]``). A list of the numbers' addresses may end the file (``[32]: https://…`` or ``32. https://…``);
without it no arXiv ids are known. A document that quotes such a dump may tell its address and when it was captured.

Wrapped lines are joined by single spaces. A card that the file's end cuts off is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from reader.domain.dates import PartialDate
from reader.domain.records import Organization, ParsedListing
from reader.formats.cards import CUT_OFF, CardReader
from reader.formats.format import Format
from reader.formats.page import (
    SHOWN_DATE,
    account_of,
    collapse,
    is_page_text,
    read_author_count,
    read_count,
)
from reader.formats.text_decoder import Head

NAME = "refs"

_END = re.compile(r"\]\[(\d{1,6})\]")
_TITLE_END = re.compile(r"(.*)\]\[(\d{1,6})\]")
_HEADING = re.compile(r"#{1,6} (.*)")
_ORGANIZATION = re.compile(r"\[(?:\[([^\[\]]*)\])? ?([^\[\]]*)\]\[(\d{1,6})\]")
_DATE = re.compile(rf"(?:· ?)?({SHOWN_DATE}) ?(?:\[ ?(\S{{1,12}}) ?\]\[\d{{1,6}}\])?")
_LINK = re.compile(r"\[([^\[\]]*)\]\[\d{1,6}\]")
_PICTURE = re.compile(r"\[[^\[\]]*\](?!\[)")
_ADDRESS = re.compile(r"(?:\[(\d{1,6})\]:|(\d{1,6})\.)\s+(https?://\S+)")
_STATEMENT = re.compile(r"- ([A-Za-z][\w ()]{0,40}): (\S.*)")
_RULE = re.compile(r"```\w*|[-*_=][-*_= ]{2,}")
_TRUNCATED = re.compile(r"\[?(?:content |text )?truncated\]?\.{0,3}", re.IGNORECASE)
_REFERENCES = frozenset({"references", "visible links", "hidden links", "links"})
_MARKS = frozenset("·-*•")
_LONGEST_DATE = 80
_MOST_TITLE_LINES = 6
_CERTAIN = 0.95
_FEWEST_BRACKETS = 2


class _Reader(CardReader):
    """Reads dumps with numbered links."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._addresses = _read_addresses(self._lines)

    def _take(self, index: int, text: str) -> int:
        """Read what begins in a line; returns the line after it."""
        if text == "[":
            return self._take_brackets(index)
        if text[0] == "#" and (heading := _HEADING.fullmatch(text)) is not None:
            return self._take_heading(index, heading[1])
        if text in _MARKS:
            self._take_mark(index, text)
        elif len(text) <= _LONGEST_DATE and (dated := _DATE.fullmatch(collapse(text))) is not None:
            if day := PartialDate.parse_shown(dated[1]):
                self._take_shown_date(index, day, dated[2])
        elif _ADDRESS.fullmatch(text) or _RULE.fullmatch(text) or text.casefold().rstrip(":") in _REFERENCES:
            self._boilerplate([index])
        elif _TRUNCATED.fullmatch(text):
            self._take_truncation(index)
        elif (named := _ORGANIZATION.fullmatch(text)) is not None:
            self._take_link(index, named)
        else:
            self._take_text(index, text)
        return index + 1

    def _take_mark(self, index: int, mark: str) -> None:
        """Read a line of one mark: the dot between who and when, or what is left of a picture in a list."""
        if self._card is not None:
            self._card.lines.append(index)
        elif mark != "·" and self._at_top:
            self._boilerplate([index])

    def _take_brackets(self, first: int) -> int:
        """Read the text between a line ``[`` and a line ``][33]``: upvotes, an abstract, or the authors."""
        last = first + 1
        while last < len(self._lines):
            text = self._lines[last].strip()
            if text == "[" or text.startswith("### ") or _TRUNCATED.fullmatch(text) or _END.fullmatch(text):
                break
            last += 1
        if last == len(self._lines) or _END.fullmatch(self._lines[last].strip()) is None:
            self._take_unclosed(first, last)
            return last
        inside = [text for line in self._lines[first + 1 : last] if (text := line.strip())]
        self._take_bracketed(range(first, last + 1), inside)
        return last + 1

    def _take_bracketed(self, lines: range, inside: list[str]) -> None:
        """Read the text of a link that stands between lines of brackets."""
        card = self._card
        counts = [count for text in inside if (count := read_author_count(text)) is not None]
        if len(inside) == 1 and (inside[0] == "-" or read_count(inside[0]) is not None):
            self._take_votes(lines, inside[0])
        elif card is not None and counts and card.author_count is None and len(inside[-1]) < _LONGEST_DATE:
            card.author_count = counts[-1]
            card.lines += lines
        elif card is not None and card.awaits_abstract:
            card.abstract = " ".join(inside)
            card.lines += lines

    def _take_unclosed(self, first: int, end: int) -> None:
        """Read an opening bracket without an end: the open card is cut off there."""
        card = self._card
        if card is not None and card.abstract is None:
            card.broken = CUT_OFF
            card.lines += range(first, end)

    def _take_truncation(self, index: int) -> None:
        """Read the dump's own word that it is incomplete."""
        card = self._card
        if card is not None and card.abstract is None:
            card.broken = CUT_OFF
            card.lines.append(index)
        else:
            self._boilerplate([index])

    def _take_heading(self, first: int, text: str) -> int:
        """Read a heading: a title, which may be wrapped, or one of the page's or the dump's own."""
        last, parts = first, [text]
        for below in self._lines[first + 1 : first + _MOST_TITLE_LINES] if text.startswith("[") else ():
            if _TITLE_END.fullmatch(parts[-1]) is not None or not below.strip() or below.strip() == "[":
                break
            heading = _HEADING.fullmatch(below.strip())
            parts.append(heading[1] if heading is not None else below.strip())
            last += 1
        end = _TITLE_END.fullmatch(parts[-1]) if text.startswith("[") else None
        if end is None:
            if is_page_text(_visible(text)) or self._at_top:
                self._boilerplate([first])
            return first + 1
        parts[-1] = end[1]
        self._open_card(range(first, last + 1), collapse(" ".join(parts)[1:]), self._addresses.get(int(end[2])))
        return last + 1

    def _take_link(self, index: int, named: re.Match[str]) -> None:
        """Read a line that is one link: an organisation, or one of the page's own."""
        name, address = collapse(named[2]), self._addresses.get(int(named[3]), "")
        card = self._card
        if name == "Previous":
            self._previous_page = address
        if card is not None and not card.has_details and not (named[1] is None and is_page_text(name)):
            account = (named[1] or "").strip() or account_of(address) or ""
            card.organization = Organization(account, name or account)
            card.lines.append(index)
        elif is_page_text(name) or self._at_top:
            self._boilerplate([index])

    def _take_text(self, index: int, text: str) -> None:
        """Read any other line."""
        if self._at_top and (statement := _STATEMENT.fullmatch(text)) is not None:
            self._take_statement(index, statement[1], statement[2])
        elif is_page_text(_visible(text)) or (self._at_top and text.startswith("* ")):
            self._boilerplate([index])
        elif self._at_top:
            self._unknown_at_top.append((index, text))


def _read_addresses(lines: Sequence[str]) -> dict[int, str]:
    """The addresses of the links' numbers, from the list that may end a dump."""
    matches = (_ADDRESS.fullmatch(line.strip()) for line in lines if "://" in line)
    return {int(match[1] or match[2]): match[3] for match in matches if match is not None}


@lru_cache(maxsize=1024)
def _visible(text: str) -> str:
    """A line as a reader sees it: links as their text, no pictures, no list marks."""
    return collapse(_LINK.sub(r"\1", _PICTURE.sub("", text)).lstrip("*#- "))


def parse(data: bytes) -> ParsedListing:
    """Read a text browser's dump of the page."""
    return _Reader(data).listing(NAME)


def detect(head: Head) -> float:
    """High where a title's heading ends in a numbered link and lines of closing brackets stand below."""
    lines = [line.strip() for line in head.lines]
    has_title = any(line.startswith("#") and _TITLE_END.fullmatch(line) for line in lines)
    brackets = sum(_END.fullmatch(line) is not None for line in lines)
    return _CERTAIN if has_title and brackets >= _FEWEST_BRACKETS else 0.0


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a text dump with references",
    sign="a paper is a title with the number of its link",
)
"""The format of text browsers' dumps."""
