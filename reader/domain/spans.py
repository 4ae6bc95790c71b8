"""Spans of a stored text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A span of a text: ``start`` and ``end`` count characters, ``end`` is not included. Compares as a tuple."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters of ``text`` in the span."""
        return text[self.start : self.end]

    def holds(self, offset: int) -> bool:
        """Whether the character at ``offset`` is in the span."""
        return self.start <= offset < self.end


def trimmed(text: str, start: int, end: int) -> Span | None:
    """The span without the white space around it; None if it contains nothing else."""
    piece = text[start:end]
    bare = piece.strip()
    if not bare:
        return None
    start += len(piece) - len(piece.lstrip())
    return Span(start, start + len(bare))


def trimmed_pieces(text: str, cuts: Iterator[int]) -> list[Span]:
    """The pieces of ``text`` between ``cuts`` (ascending offsets), trimmed of white space, without empty ones."""
    spans: list[Span] = []
    start = 0
    for cut in (*cuts, len(text)):
        span = trimmed(text, start, cut)
        if span is not None:
            spans.append(span)
        start = cut
    return spans
