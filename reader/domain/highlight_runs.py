"""The positions of highlights in a paper's texts: which overlap where, and their order.

All functions take highlights of titles and abstracts in any order. Except for :func:`paper_order`, they ignore those
that are unplaced or in a document.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from reader.domain.papers import Highlight
from reader.domain.spans import Span

TARGETS = ("title", "abstract")
"""The texts that can have highlights, in reading order."""

NO_QUOTE = "Note"
"""What is shown instead of the words of a highlight that quotes none."""


def in_quotes(words: str) -> str:
    """What a highlight quotes, in quotation marks; ``Note`` for one that quotes nothing, as on a figure or a scan."""
    return f"“{words}”" if words else NO_QUOTE


def place_remark(highlight: Highlight) -> str:
    """A remark on a highlight's place: its page in a document, or that it is lost or only likely; else empty."""
    if highlight.place is not None:
        return highlight.place.cited_page
    if highlight.is_unplaced:
        return f"no longer in the {highlight.target}"
    return f"reworded in the {highlight.target}" if highlight.approximate else ""


def paper_order(highlights: Iterable[Highlight]) -> list[Highlight]:
    """All highlights as a paper is read: title, abstract, then documents; unplaced ones last.

    Those in documents stay as a library gives them: which of its files are one text is not said by a highlight.
    """
    return sorted(highlights, key=_paper_place)


def _paper_place(highlight: Highlight) -> tuple[bool, int, int, int]:
    """Sort key for :func:`paper_order`."""
    if highlight.place is not None:
        return False, len(TARGETS), 0, 0
    start = highlight.start if highlight.start is not None else 0
    return highlight.is_unplaced, TARGETS.index(highlight.target), start, highlight.id


@dataclass(frozen=True, slots=True)
class HighlightRun:
    """A stretch of text with the same highlights throughout, in reading order (an outer one before an inner one)."""

    start: int
    end: int
    highlights: tuple[Highlight, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the highlights, each once, in their order."""
        return tuple(dict.fromkeys(highlight.label for highlight in self.highlights))


def reading_order(highlights: Iterable[Highlight]) -> list[Highlight]:
    """The placed highlights by their starts; of two that start together, the longer comes first."""
    return sorted((each for each in highlights if _span(each) is not None), key=_order)


def highlight_runs(highlights: Iterable[Highlight], target: str) -> list[HighlightRun]:
    """The highlighted stretches of one text, in order and without overlaps; text without highlights is left out.

    The time is proportional to the number of highlights and of overlapping pairs.
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


def highlight_of(highlights: Iterable[Highlight], target: str, span: tuple[int, int]) -> Highlight | None:
    """The highlight with exactly this span (the first made, if there are several); None without one."""
    found = [each for each in highlights if each.target == target and _span(each) == span]
    return min(found, key=lambda each: each.id, default=None)


def _span(highlight: Highlight) -> Span | None:
    """A highlight's span; None if it is unplaced or empty."""
    if highlight.start is None or highlight.end is None or highlight.end <= highlight.start:
        return None
    return Span(highlight.start, highlight.end)


def _placed_span(highlight: Highlight) -> Span:
    """The span of a placed highlight."""
    return _span(highlight) or Span(0, 0)


def _order(highlight: Highlight) -> tuple[int, int, int, int]:
    """Sort key for reading order."""
    span = _placed_span(highlight)
    return TARGETS.index(highlight.target), span.start, -span.end, highlight.id
