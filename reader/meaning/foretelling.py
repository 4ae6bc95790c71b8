"""How well liked papers were foretold: each is ranked by what was decided before it (prequential: A. P. Dawid, 1984).

A paper never teaches before it is ranked, and it is ranked among the papers that were undecided then: were decisions
made by chance, one in three would stand in the upper third.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from reader.domain.cancellation import Cancelled
from reader.domain.errors import WorkCancelledError
from reader.domain.taste import NEEDED, Decision, Foretelling, shuffled_by_time
from reader.meaning.arrays import Rows
from reader.meaning.taste import TasteModel

LEAST = 30
"""With fewer papers than this the figure says nothing."""
_MOST, _FITS = 60, 20
_UPPER = 1 / 3


def foretell(
    decisions: Sequence[Decision],
    fit: Callable[[Sequence[Decision]], TasteModel],
    rows: Rows,
    place_of: dict[int, int],
    cancelled: Cancelled,
) -> Foretelling | None:
    """How the last liked papers of a library were foretold; None with fewer than 30 that could be.

    ``rows`` are the library's, ``place_of`` where papers stand in them. Papers are taken in at most 20 groups, of which
    the first decides what was known. Raises :class:`~reader.domain.errors.WorkCancelledError`.
    """
    ordered = shuffled_by_time(decisions)
    liked = [place for place, each in enumerate(ordered) if each.is_liked]
    asked = [place for place in liked[NEEDED:] if ordered[place].paper_id in place_of][-_MOST:]
    if len(asked) < LEAST:
        return None
    hits = 0
    size = -(-len(asked) // _FITS)
    for start in range(0, len(asked), size):
        if cancelled():
            raise WorkCancelledError
        group = asked[start : start + size]
        known = ordered[: group[0]]
        scores = fit(known).scores(rows)
        undecided = np.ones(len(rows), dtype=bool)
        undecided[[place_of[each.paper_id] for each in known if each.paper_id in place_of]] = False
        others = np.sort(scores[undecided])
        own = scores[[place_of[ordered[place].paper_id] for place in group]]
        above = len(others) - np.searchsorted(others, own, side="right")
        hits += int((above < len(others) * _UPPER).sum())
    return Foretelling(len(asked), hits)
