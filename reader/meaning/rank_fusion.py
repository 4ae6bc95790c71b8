"""One order of papers from two: by the words they share with a search, and by how close they are in meaning.

Reciprocal rank fusion: a paper's score is the sum of 1 / (60 + its rank) over the orders that have it among their first
200. G. Cormack, C. Clarke, S. Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet and Individual Rank Learning
Methods" (2009). Closeness counts twice: by itself it orders papers better than words do, except for exact words, and
papers that have all of those stand first anyway. Ranks are those among all papers, so that a condition leaves papers
out and never changes their order.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np

from reader.meaning.arrays import Floats, Integers
from reader.meaning.space import MeaningSpace

DEPTH = 200
"""So many of the first papers of each order have a score."""
_DAMPING = 60
_WEIGHT_OF_CLOSENESS = 2


class RankFusion:
    """The fused order of a library's papers for one search; equal papers stand by key."""

    def __init__(self, space: MeaningSpace, meant: Floats, by_words: Sequence[int]) -> None:
        """``meant`` is the vector of what is searched for; ``by_words`` are papers by their words, the best first."""
        self._ids = space.paper_ids
        self._closeness = space.closeness(meant)
        self._space = space
        self._scores = np.zeros(len(self._ids) + 1)
        """By place; the last is for papers without a vector, whose scores are in ``_by_words``."""
        first = _first(self._closeness, DEPTH)
        self._scores[first] = _WEIGHT_OF_CLOSENESS / (_DAMPING + 1 + np.arange(len(first)))
        self._by_words: dict[int, float] = {}
        first_by_words = by_words[:DEPTH]
        for rank, (paper_id, place) in enumerate(zip(first_by_words, space.located(first_by_words), strict=True)):
            score = 1.0 / (_DAMPING + 1 + rank)
            if place >= 0:
                self._scores[place] += score
            else:
                self._by_words[paper_id] = score

    def closeness(self, paper_id: int) -> float | None:
        """The cosine of a paper with what is searched for; None for one that has no vector yet."""
        place = self._space.place_of.get(paper_id)
        return float(self._closeness[place]) if place is not None else None

    def ordered(self, paper_ids: array[int]) -> array[int]:
        """Papers in the fused order; one without a vector stands behind others of the same score."""
        ids = np.asarray(paper_ids, dtype=np.int64)
        places = self._space.located(paper_ids)
        known = places >= 0
        scores, closeness = self._scores[places], np.append(self._closeness, -np.inf)[places]
        for at in np.flatnonzero(~known):
            scores[at] = self._by_words.get(int(ids[at]), 0.0)
        ties = np.where(known, places, ids)
        return array("q", ids[np.lexsort((ties, -closeness, -scores))].tobytes())

    def close(self, floor: float, limit: int, among: array[int] | None, without: array[int]) -> array[int]:
        """The first ``limit`` papers of the fused order that are at least as close as ``floor``.

        They are of ``among`` (None: all papers) and not of ``without``.
        """
        wanted = self._closeness >= floor
        if among is not None:
            chosen = np.zeros(len(wanted), dtype=bool)
            chosen[self._space.places(among)] = True
            wanted &= chosen
        wanted[self._space.places(without)] = False
        places = np.flatnonzero(wanted)
        order = np.lexsort((places, -self._closeness[places], -self._scores[places]))[:limit]
        return array("q", self._ids[places[order]].astype(np.int64).tobytes())


def _first(closeness: Floats, count: int) -> Integers:
    """The places of the largest values, the largest first; of equal ones the earlier first."""
    if len(closeness) > count:
        least = np.partition(closeness, len(closeness) - count)[len(closeness) - count]
        places = np.flatnonzero(closeness >= least)
    else:
        places = np.arange(len(closeness))
    return places[np.lexsort((places, -closeness[places]))][:count]
