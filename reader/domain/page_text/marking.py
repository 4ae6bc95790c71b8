"""What of a document's running text lies under a mark or beside a note."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reader.domain.documents import Quad
from reader.domain.hyphenation import HYPHENS
from reader.domain.page_text.assembly import NOWHERE
from reader.domain.page_text.characters import Box, turned
from reader.domain.page_text.document import DocumentText, Flow
from reader.domain.page_text.lines import Kind, Line
from reader.domain.quote_placing import quote_context
from reader.domain.spans import Span

_ABOVE = 10.0
"""How many times nearer a line beside a note is than one as far above or below it."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Text with what is around it in its flow, at most 32 characters each; ``place`` orders marks as one reads."""

    exact: str
    prefix: str
    suffix: str
    place: tuple[int, int]


@dataclass(slots=True)
class _PageOrder:
    """A page's characters in order of reading: paragraph, offset in its flow, and index on the page of each."""

    paragraphs: array[int] = field(default_factory=lambda: array("i"))
    offsets: array[int] = field(default_factory=lambda: array("i"))
    indexes: array[int] = field(default_factory=lambda: array("i"))


class Marker:
    """Finds the text of marks in a document."""

    def __init__(self, document: DocumentText) -> None:
        self._document = document
        self._pages = {number: _PageOrder() for number in document.pages}
        for number, (flow, span) in enumerate(document.paragraphs):
            for offset in range(span.start, span.end):
                if flow.indexes[offset] != NOWHERE:
                    order = self._pages[flow.pages[offset]]
                    order.paragraphs.append(number)
                    order.offsets.append(offset)
                    order.indexes.append(flow.indexes[offset])

    def under(self, page: int, quads: Sequence[Quad]) -> MarkedText | None:
        """The text of the characters of a page whose middle lies in one of the quads; None if there is none."""
        runs: list[tuple[int, Flow, int, int]] = []
        for paragraph, offset in self._marked(page, quads):
            flow = self._document.paragraphs[paragraph][0]
            if runs and runs[-1][1] is flow and _touches(flow.text, runs[-1][3], offset):
                runs[-1] = (*runs[-1][:3], offset + 1)
            else:
                runs.append((paragraph, flow, offset, offset + 1))
        exact = " ".join(filter(None, (_on_one_line(flow.text[start:end]) for _, flow, start, end in runs)))
        if not exact:
            return None
        paragraph, flow, start, _ = runs[0]
        prefix = quote_context(flow.text, start, start)[0]
        _, last_flow, _, end = runs[-1]
        suffix = quote_context(last_flow.text, end, end)[1]
        return MarkedText(exact, _spaced(prefix), _spaced(suffix), (paragraph, start))

    def beside(self, page: int, box: Box) -> MarkedText | None:
        """The line beside a note, with whole words, its running heads last; None if the page has no text."""
        here = self._document.pages[page]
        x, y = turned(here, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        lines = [line for line in self._document.lines if line.page == page]
        order = self._pages[page]

        def unlikeness(line: Line) -> tuple[bool, float]:
            return line.kind is Kind.MARGIN, _distance((line.left, line.bottom, line.right, line.top), x, y)

        for line in sorted(lines, key=unlikeness):
            places = [place for place, index in enumerate(order.indexes) if line.start <= index < line.end]
            if places:
                return self._line(order, places)
        return None

    def _line(self, order: _PageOrder, places: Sequence[int]) -> MarkedText:
        paragraph = order.paragraphs[places[0]]
        flow, span = self._document.paragraphs[paragraph]
        start, last = order.offsets[places[0]], order.offsets[places[-1]]
        start = max(flow.text.rfind(" ", 0, start) + 1, span.start)
        end = flow.text.find(" ", last, span.end)
        end = span.end if end == -1 else end
        prefix, suffix = quote_context(flow.text, start, end)
        return MarkedText(Span(start, end).of(flow.text), _spaced(prefix), _spaced(suffix), (paragraph, start))

    def _marked(self, page: int, quads: Sequence[Quad]) -> Iterator[tuple[int, int]]:
        """The paragraph and offset of each marked character, in order of reading."""
        here, order = self._document.pages[page], self._pages[page]
        upright = [[turned(here, x, y) for x, y in _points(quad)] for quad in quads]
        boxes = [(*map(min, zip(*corners, strict=True)), *map(max, zip(*corners, strict=True))) for corners in upright]
        if not boxes:
            return
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        outer = min(lefts), min(bottoms), max(rights), max(tops)
        for paragraph, offset, index in zip(order.paragraphs, order.offsets, order.indexes, strict=True):
            x, y = (here.left[index] + here.right[index]) / 2, (here.bottom[index] + here.top[index]) / 2
            if (
                outer[0] <= x <= outer[2]
                and outer[1] <= y <= outer[3]
                and any(_is_inside(x, y, quad) for quad in upright)
            ):
                yield paragraph, offset


def _points(quad: Quad) -> list[tuple[float, float]]:
    """The corners of a quad, one beside the other."""
    x1, y1, x2, y2, x3, y3, x4, y4 = quad
    return [(x1, y1), (x2, y2), (x4, y4), (x3, y3)]


def _is_inside(x: float, y: float, corners: Sequence[tuple[float, float]]) -> bool:
    """Whether a point lies between corners or on the edge."""
    turns = [
        (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True)
    ]
    return all(turn <= 0 for turn in turns) or all(turn >= 0 for turn in turns)


def _touches(text: str, end: int, start: int) -> bool:
    """Whether only white space, or the hyphen at the end of a line, stands between two marked pieces of text."""
    between = text[end:start]
    return not between.strip() or (len(between) == 1 and between in HYPHENS)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _spaced(text: str) -> str:
    """Text with spaces for the line ends between paragraphs."""
    return text.replace("\n", " ")


def _distance(box: Box, x: float, y: float) -> float:
    """How far a line is from a point, for the eye that looks for what a note is about."""
    left, bottom, right, top = box
    return max(0.0, left - x, x - right) + _ABOVE * max(0.0, bottom - y, y - top)
