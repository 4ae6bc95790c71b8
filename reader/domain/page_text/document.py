"""The running text of a document: flows of paragraphs, their sentences, and where on the pages they stand."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reader.domain.documents import Quad
from reader.domain.hyphenation import vocabulary_of
from reader.domain.page_text.assembly import NOWHERE, Assembled, assembled
from reader.domain.page_text.characters import Box, PageCharacters, turned_back, upright, with_accents
from reader.domain.page_text.kinds import CAPTION, Look, set_kinds
from reader.domain.page_text.lines import Kind, Line, in_rows, lines_of
from reader.domain.page_text.paragraphs import paragraphs_of
from reader.domain.sentences import split_sentences
from reader.domain.spans import Span

_LONGEST_RUN_IN = 120
_RUN_IN_STOP = ".:!?—–"
_RUN_IN_LABEL = re.compile(r"(?:Abstract|Index Terms|Keywords|Summary)\s*(?:[—–:.]\s*)+(?=\w)")
_CAPTION_LABEL = re.compile(rf"{CAPTION.pattern}\s*[.:|–—]?\s+(?=\S)", re.IGNORECASE)
_RUN_IN_GAP = 0.55
"""A wider gap, in sizes of the font, separates a run-in heading that has no stop from the text."""
_REFERENCE_AFTER_NAMES = re.compile(r"\bal\.$")
_WHOLE = frozenset({Kind.HEADING, Kind.REFERENCE, Kind.TABLE, Kind.MARGIN, Kind.FRONT, Kind.ASIDE})
"""Kinds whose paragraphs are no sentences but one piece each."""


@dataclass(slots=True)
class Flow:
    """Text of one kind that goes on over columns and pages, its paragraphs on a line each.

    ``pages`` and ``indexes`` tell of each character of ``text`` which page it is on and which character there, or
    :data:`~reader.domain.page_text.assembly.NOWHERE`.
    """

    kind: Kind
    text: str = ""
    pages: array[int] = field(default_factory=lambda: array("i"))
    indexes: array[int] = field(default_factory=lambda: array("i"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: a span of a flow's text. ``paragraph`` counts all paragraphs of the document in order of reading."""

    flow: Flow
    span: Span
    paragraph: int

    @property
    def text(self) -> str:
        """Its words, on one line."""
        return self.span.of(self.flow.text)

    @property
    def kind(self) -> Kind:
        """The kind of text that it is in."""
        return self.flow.kind

    @property
    def page(self) -> int:
        """The page on which it begins, counted from 0."""
        return self.flow.pages[self.span.start]


class DocumentText:
    """What the pages of a document say, in order of reading."""

    def __init__(self, pages: Iterable[PageCharacters]) -> None:
        self.pages: Mapping[int, PageCharacters] = {page.number: in_rows(with_accents(upright(page))) for page in pages}
        self.lines = [line for page in self.pages.values() for line in lines_of(page)]
        self.look: Look = set_kinds(self.lines, self.pages)
        self.flows: dict[Kind, Flow] = {}
        self.sentences: list[Sentence] = []
        """In order of reading: a note comes after the paragraph that begins before it."""
        self.paragraphs: list[tuple[Flow, Span]] = []
        vocabulary = vocabulary_of("\n".join(line.text for line in self.lines))
        for number, lines in enumerate(paragraphs_of(self.lines)):
            self._add(number, lines, assembled(lines, self.pages, vocabulary))

    def _add(self, number: int, lines: Sequence[Line], made: Assembled) -> None:
        flow = self.flows.setdefault(lines[0].kind, Flow(lines[0].kind))
        if flow.text:
            flow.text += "\n"
            flow.pages.append(lines[0].page)
            flow.indexes.append(NOWHERE)
        start = len(flow.text)
        flow.text += made.text
        flow.pages.extend(made.pages)
        flow.indexes.extend(made.indexes)
        self.paragraphs.append((flow, Span(start, len(flow.text))))
        for span in self._spans(flow.kind, made):
            self.sentences.append(Sentence(flow, Span(start + span.start, start + span.end), number))

    def _spans(self, kind: Kind, made: Assembled) -> Iterator[Span]:
        """The sentences of a paragraph."""
        if kind in _WHOLE:
            if made.text:
                yield Span(0, len(made.text))
            return
        cut = self._run_in_end(kind, made)
        pieces = [Span(0, cut), Span(cut, len(made.text))] if cut else [Span(0, len(made.text))]
        for piece in pieces:
            yield from (
                Span(piece.start + span.start, piece.start + span.end) for span in _sentences(piece.of(made.text))
            )

    def _run_in_end(self, kind: Kind, made: Assembled) -> int:
        """Where a bold heading ends that a paragraph begins with; 0 if it begins with none."""
        label = (_CAPTION_LABEL if kind is Kind.CAPTION else _RUN_IN_LABEL).match(made.text)
        if label is not None:
            return label.end()
        bold = 0
        for place, (page, index) in enumerate(zip(made.pages[:_LONGEST_RUN_IN], made.indexes, strict=False)):
            if index == NOWHERE:
                continue
            if not self.pages[page].bold[index]:
                return place if bold > 1 and self._is_cut(made, bold, place) else 0
            bold = place + 1
        return 0

    def _is_cut(self, made: Assembled, end: int, begin: int) -> bool:
        """Whether bold text until ``end`` is a heading of its own before ``begin``."""
        if made.text[end - 1] in _RUN_IN_STOP:
            return True
        if made.pages[begin] != made.pages[end - 1]:
            return False
        page = self.pages[made.pages[begin]]
        first, last = made.indexes[begin], made.indexes[end - 1]
        return page.left[first] - page.right[last] > _RUN_IN_GAP * page.size[first]

    def quads(self, flow: Flow, span: Span) -> list[tuple[int, Quad]]:
        """The page and quad of each line of a span of a flow's text, in order."""
        found: list[tuple[int, Box]] = []
        last = NOWHERE
        for page_number, index in zip(
            flow.pages[span.start : span.end], flow.indexes[span.start : span.end], strict=True
        ):
            if index == NOWHERE:
                continue
            box = self.pages[page_number].box_of(index)
            if found and found[-1][0] == page_number and last <= index and _is_same_line(found[-1][1], box):
                found[-1] = page_number, _around(found[-1][1], box)
            else:
                found.append((page_number, box))
            last = index
        return [(number, self._quad(number, box)) for number, box in found]

    def _quad(self, page_number: int, box: Box) -> Quad:
        page = self.pages[page_number]
        left, bottom, right, top = (round(value, 2) for value in turned_back(page, _within(box, page.box)))
        return left, top, right, top, left, bottom, right, bottom


def _sentences(text: str) -> Iterator[Span]:
    """The sentences of running text; the number of a reference after “et al.” begins none."""
    begun: Span | None = None
    for span in split_sentences(text):
        if begun is not None and text[span.start] in "[(" and _REFERENCE_AFTER_NAMES.search(begun.of(text)):
            begun = Span(begun.start, span.end)
        else:
            if begun is not None:
                yield begun
            begun = span
    if begun is not None:
        yield begun


def _is_same_line(box: Box, other: Box) -> bool:
    """Whether a character goes on the line of those in ``box``."""
    height = max(box[3] - box[1], other[3] - other[1])
    distance = abs((box[1] + box[3]) - (other[1] + other[3])) / 2
    gap = other[0] - box[2]
    return distance < 0.6 * height and -2 * height < gap < 5 * height


def _around(box: Box, other: Box) -> Box:
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])


def _within(box: Box, outer: Box) -> Box:
    left, bottom, right, top = outer
    return (
        min(max(box[0], left), right),
        min(max(box[1], bottom), top),
        min(max(box[2], left), right),
        min(max(box[3], bottom), top),
    )
