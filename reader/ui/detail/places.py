"""Where stretches of a paper's stored texts stand in the document that shows it, and the other way round.

Three things lie between the two: what is stored is shown with LaTeX as Unicode, the title with its white space folded,
the abstract as paragraphs without white space around them. Documents count in UTF-16 code units, the rest in
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reader.domain.papers import Paper
from reader.domain.query import TextField
from reader.domain.spans import trimmed
from reader.services.latex_to_unicode import ShownText, shown_text
from reader.services.library.highlights import TargetSpan
from reader.ui.detail.document import STRUCTURAL, cut_pieces, cut_text

WrittenText = tuple[int, str, TextField]
"""One of the paper's texts as it was written: its place in the document, the text, and which it is."""
_FIELDS = {TextField.TITLE: "title", TextField.ABSTRACT: "abstract"}
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of a written text that follow each other in the shown text, too."""

    written: int
    shown: int
    length: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """One written text (a title, a paragraph) with its place in the document and its runs, in order."""

    position: int
    text: str
    runs: tuple[_Run, ...]

    def document_range(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the shown text stands in the document; None if nothing of it is in this piece."""
        first = last = -1
        for run in self.runs:
            low, high = max(start, run.shown), min(end, run.shown + run.length)
            if low < high:
                first = run.written + low - run.shown if first < 0 else first
                last = run.written + high - run.shown
        if first < 0:
            return None
        return self.position + utf16_length(self.text[:first]), self.position + utf16_length(self.text[:last])

    def shown_range(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch of the shown text that a stretch of the document holds of this piece; None if nothing."""
        low, high = (character_offset(self.text, max(place - self.position, 0)) for place in (start, end))
        inside = [
            (run.shown + max(low, run.written) - run.written, run.shown + min(high - run.written, run.length))
            for run in self.runs
            if max(low, run.written) < min(high, run.written + run.length)
        ]
        return (inside[0][0], inside[-1][1]) if inside else None


@dataclass(frozen=True, slots=True)
class _Map:
    """A text as it is shown, and where its pieces stand."""

    shown: ShownText
    pieces: tuple[_Piece, ...]


class TextPlaces:
    """The places of one paper's title and abstract in the document they were written into."""

    def __init__(self, paper: Paper | None, written: Sequence[WrittenText]) -> None:
        """``written`` are the texts in reading order; without a paper there are no places."""
        self._stored = {"title": paper.title, "abstract": paper.abstract} if paper is not None else {}
        self._written = written
        self._maps: dict[str, _Map] = {}

    def ranges(self, span: TargetSpan) -> list[tuple[int, int]]:
        """The stretches of the document (start, end) in which a stored span is shown: one in each paragraph."""
        if span.target not in self._stored:
            return []
        stored, places = self._stored[span.target], self._map(span.target)
        shown = places.shown.shown_range(*(_cut_offset(stored, offset) for offset in (span.start, span.end)))
        found = (piece.document_range(*shown) for piece in places.pieces)
        return [one for one in found if one is not None]

    def spans(self, start: int, end: int) -> list[TargetSpan]:
        """What of the stored texts a stretch of the document shows, without white space around it: at most one of each.

        A conversion (LaTeX shown as Unicode) is taken whole.
        """
        spans = []
        for target, stored in self._stored.items():
            places = self._map(target)
            shown = [one for one in (piece.shown_range(start, end) for piece in places.pieces) if one is not None]
            if shown:
                ends = places.shown.stored_range(shown[0][0], shown[-1][1])
                bare = trimmed(stored, *(_stored_offset(stored, offset) for offset in ends))
                if bare is not None:
                    spans.append(TargetSpan(target, *bare))
        return spans

    def _map(self, target: str) -> _Map:
        """One text's places, worked out when they are first asked for: most papers are only looked at."""
        if target not in self._maps:
            shown = shown_text(cut_text(self._stored[target]))
            texts = [(position, text) for position, text, of in self._written if _FIELDS.get(of) == target]
            visible = STRUCTURAL.sub(" ", shown.text)
            pieces = _title(texts, visible) if target == "title" else _paragraphs(texts, visible)
            self._maps[target] = _Map(shown, tuple(pieces))
        return self._maps[target]


def _title(texts: Sequence[tuple[int, str]], shown: str) -> Iterator[_Piece]:
    """The title: its words, each after one space."""
    for position, text in texts[:1]:
        runs, place = [], 0
        for start, end in (match.span() for match in _WORD.finditer(shown)):
            length = min(end - start, len(text) - place)
            if length > 0:
                runs.append(_Run(place, start, length))
            place += end - start + 1
        yield _Piece(position, text, tuple(runs))


def _paragraphs(texts: Sequence[tuple[int, str]], shown: str) -> Iterator[_Piece]:
    """The paragraphs of the abstract: its lines that hold anything."""
    lines = (match.span() for match in _LINE.finditer(shown))
    spans = [span for line in lines if (span := trimmed(shown, *line)) is not None]
    for (position, text), span in zip(texts, spans, strict=False):
        yield _Piece(position, text, (_Run(0, span.start, min(len(text), span.end - span.start)),))


def _cut_offset(stored: str, offset: int) -> int:
    """An offset of a stored text in the text cut to what is shown."""
    at = offset
    for cut, start, length in cut_pieces(stored):
        if start > offset:
            break
        at = cut + min(offset - start, length)
    return at


def _stored_offset(stored: str, offset: int) -> int:
    """The other way round; what stands for a cut is what was cut off from."""
    at = offset
    for cut, start, length in cut_pieces(stored):
        if cut > offset:
            break
        at = start + min(offset - cut, length)
    return at


def utf16_length(text: str) -> int:
    """How many positions a text takes in Qt's documents, which count in UTF-16."""
    return len(text) + sum(char > "\uffff" for char in text)


def character_offset(text: str, position: int) -> int:
    """The number of characters before a position of Qt's."""
    if text.isascii():
        return min(position, len(text))
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "ignore"))
