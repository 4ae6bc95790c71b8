"""Where highlights stand in a paper's text: what to paint where they overlap, and going from one to the next.

All functions take highlights in any order and of either text (title or abstract); those that could not be placed are
left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from reader.domain.papers import Highlight
from reader.domain.spans import Span

TARGETS = ("title", "abstract")
"""The texts that highlights stand in, in reading order."""


def place_remark(highlight: Highlight) -> str:
    """What is to be said of a highlight's place: that it has none, or is only likely; empty where it is certain."""
    if highlight.start is None:
        return f"no longer in the {highlight.target}"
    return f"reworded in the {highlight.target}" if highlight.approximate else ""


class Place(NamedTuple):
    """An offset of one of a paper's texts; places compare in reading order. ``text`` is an index of TARGETS."""

    text: int
    offset: int

    @classmethod
    def of(cls, target: str, offset: int) -> Place:
        """The place at ``offset`` of the text named ``target``. Raises ValueError for a name that is no target."""
        if target not in TARGETS:
            raise ValueError(f"no text of a paper: {target}")
        return cls(TARGETS.index(target), offset)


@dataclass(frozen=True, slots=True)
class HighlightRun:
    """A stretch of text under the same highlights, which are given in reading order (an outer one before an inner)."""

    start: int
    end: int
    highlights: tuple[Highlight, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels active here, each once, in the order of their highlights."""
        return tuple(dict.fromkeys(highlight.label for highlight in self.highlights))


def reading_order(highlights: Iterable[Highlight]) -> list[Highlight]:
    """The placed highlights by where they begin, the longer first where two begin together."""
    return sorted((each for each in highlights if _span(each) is not None), key=_order)


def highlight_runs(highlights: Iterable[Highlight], target: str) -> list[HighlightRun]:
    """The highlighted stretches of one text, in order and without overlap; text without highlights is left out.

    Takes time in proportion to the highlights and, where they overlap, to the pairs that do.
    """
    ordered = [each for each in reading_order(highlights) if each.target == target]
    edges = sorted({edge for each in ordered for edge in _placed_span(each)})
    runs: list[HighlightRun] = []
    active: list[Highlight] = []
    place = 0
    for start, end in pairwise(edges):
        active = [each for each in active if _placed_span(each).end > start]
        while place < len(ordered) and _placed_span(ordered[place]).start <= start:
            active.append(ordered[place])
            place += 1
        if active:
            runs.append(HighlightRun(start, end, tuple(active)))
    return runs


def highlights_at(highlights: Iterable[Highlight], target: str, offset: int) -> list[Highlight]:
    """The highlights over one character, the innermost (shortest, then latest made) first."""
    found = [each for each in highlights if each.target == target and (span := _span(each)) and span.holds(offset)]
    return sorted(found, key=lambda each: (_placed_span(each).end - _placed_span(each).start, -each.id))


def highlight_of(highlights: Iterable[Highlight], target: str, span: tuple[int, int]) -> Highlight | None:
    """The highlight of just this span (the first made, if there are several); None if there is none."""
    found = [each for each in highlights if each.target == target and _span(each) == span]
    return min(found, key=lambda each: each.id, default=None)


def next_highlight(highlights: Iterable[Highlight], after: Highlight | Place) -> Highlight | None:
    """The highlight after another one, or the first that begins at or after a place; None after the last."""
    ordered = reading_order(highlights)
    place = (
        bisect_left(ordered, (after.text, after.offset), key=_begin)
        if isinstance(after, Place)
        else bisect_right(ordered, _order(after), key=_order)
    )
    return ordered[place] if place < len(ordered) else None


def previous_highlight(highlights: Iterable[Highlight], before: Highlight | Place) -> Highlight | None:
    """The highlight before another one, or the last that begins before a place; None before the first."""
    ordered = reading_order(highlights)
    place = (
        bisect_left(ordered, (before.text, before.offset), key=_begin)
        if isinstance(before, Place)
        else bisect_left(ordered, _order(before), key=_order)
    )
    return ordered[place - 1] if place > 0 else None


def _span(highlight: Highlight) -> Span | None:
    """Where a highlight stands; None if it could not be placed or is empty."""
    if highlight.start is None or highlight.end is None or highlight.end <= highlight.start:
        return None
    return Span(highlight.start, highlight.end)


def _placed_span(highlight: Highlight) -> Span:
    """Where a highlight that was placed stands."""
    return _span(highlight) or Span(0, 0)


def _begin(highlight: Highlight) -> tuple[int, int]:
    """Where a highlight begins, for comparing."""
    return Place.of(highlight.target, _placed_span(highlight).start)


def _order(highlight: Highlight) -> tuple[int, int, int, int]:
    """What orders highlights as they are read."""
    span = _placed_span(highlight)
    return (*Place.of(highlight.target, span.start), -span.end, highlight.id)
