"""The lines of a page, in the order in which the file has them, which nearly always is that of the columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from reader.domain.page_text.characters import PageCharacters

_GUTTER = 2.2
"""A wider gap, in sizes of the font, is between two columns or the cells of a table."""
_BACK = 1.5
"""Text that begins farther to the left than this, in sizes of the font, begins a line."""
_ROW = 0.65
"""So far, in sizes of the font, the middle of what is raised or lowered may be from that of its line."""
_SPACE = 0.15
"""A wider gap, in sizes of the font, is a space."""


class Kind(StrEnum):
    """What kinds of text a page has. Text of a kind goes on over columns and pages, whatever stands between."""

    BODY = "body"
    HEADING = "heading"
    NOTE = "note"
    CAPTION = "caption"
    TABLE = "table"
    REFERENCE = "reference"
    FRONT = "front"
    """Names and addresses before the abstract."""
    MARGIN = "margin"
    """Running heads, numbers of pages and lines."""
    ASIDE = "aside"
    """Text at another angle than the page's: stamps, labels of axes."""


@dataclass(slots=True)
class Line:
    """A line, or the piece of one between two wide gaps: characters ``start`` to ``end`` (not included) of a page.

    ``size`` and ``font`` are those of most of its characters; ``bottom`` and ``top`` those of one such character.
    """

    page: int
    start: int
    end: int
    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    font: int
    is_bold: bool
    kind: Kind = Kind.BODY

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return (self.bottom + self.top) / 2

    def is_beside(self, other: Line) -> bool:
        """Whether the two stand on the same height of the same page."""
        return self.page == other.page and abs(self.middle - other.middle) < 0.5 * max(self.size, other.size)


def in_rows(page: PageCharacters) -> PageCharacters:
    """The page without the line ends that are only before and after what is raised or lowered in a line."""
    chosen = bytearray(b"\x01") * len(page.text)
    text = list(page.text)
    last = -1
    row = _Row()
    for index, char in enumerate(text):
        if char.isspace() or page.turn[index] != page.page_turn:
            continue
        if last >= 0:
            goes_on = row.goes_on(page, index)
            if goes_on and "\n" in text[last + 1 : index]:
                is_space = page.left[index] - page.right[last] > _SPACE * page.size[index]
                text[last + 1] = " "
                chosen[last + 1 : index] = bytes([is_space]) + bytes(index - last - 2)
            elif not goes_on:
                row = _Row()
        row.add(page, index)
        last = index
    if "".join(text) == page.text and all(chosen):
        return page
    return replace(page, text="".join(text)).picked(chosen)


class _Row:
    """The row in which characters stand: what is raised or lowered does not change its height."""

    __slots__ = ("bottom", "right", "size", "top")

    def __init__(self) -> None:
        self.size = self.bottom = self.top = self.right = 0.0

    def add(self, page: PageCharacters, index: int) -> None:
        """Take the next character."""
        size = page.size[index]
        if size > 0.85 * self.size:
            self.size, self.bottom, self.top = size, page.bottom[index], page.top[index]
        self.right = page.right[index]

    def goes_on(self, page: PageCharacters, index: int) -> bool:
        """Whether a character stands in this row, soon after the last one or a little before it."""
        size = max(self.size, 4.0)
        gap = page.left[index] - self.right
        if not -_BACK * size <= gap <= _GUTTER * size:
            return False
        distance = abs(page.bottom[index] + page.top[index] - self.bottom - self.top) / 2
        return distance < _ROW * max(size, page.size[index])


def lines_of(page: PageCharacters) -> Iterator[Line]:
    """The lines of an upright page that have printed characters; see :func:`in_rows`."""
    start = last = -1
    row = _Row()
    for index, char in enumerate(page.text):
        if char.isspace():
            if char == "\n" and start >= 0:
                yield _line(page, start, last + 1)
                start = -1
            continue
        is_aside = page.turn[index] != page.page_turn
        if start >= 0 and (page.turn[index] != page.turn[last] or (not is_aside and not row.goes_on(page, index))):
            yield _line(page, start, last + 1)
            start = -1
        if start < 0:
            start = index
            row = _Row()
        row.add(page, index)
        last = index
    if start >= 0:
        yield _line(page, start, last + 1)


def _line(page: PageCharacters, start: int, end: int) -> Line:
    text = page.text[start:end]
    printed = [index for index in range(start, end) if not page.text[index].isspace()]
    looks = Counter((page.size[index], page.font[index], page.bold[index]) for index in printed)
    size, font, bold = looks.most_common(1)[0][0]
    model = next(index for index in printed if page.size[index] == size and page.font[index] == font)
    return Line(
        page=page.number,
        start=start,
        end=end,
        text=text,
        left=min(page.left[index] for index in printed),
        bottom=page.bottom[model],
        right=max(page.right[index] for index in printed),
        top=page.top[model],
        size=size,
        font=font,
        kind=Kind.BODY if page.turn[start] == page.page_turn else Kind.ASIDE,
        is_bold=all(page.bold[index] for index in printed if page.text[index].isalnum()) and bool(bold),
    )
