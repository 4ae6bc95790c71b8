"""All papers of a library as vectors, as they were at one moment, and how close to each other they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reader.meaning.arrays import Floats, Integers, Rows
from reader.meaning.basis import Basis

DECIMALS = 6
"""Closeness is rounded to so many decimals before it orders papers; what is then equal stands by key."""
_AT_ONCE = 1_000
"""So many rows are multiplied at a time: sums of whole numbers are exact in single precision (127² · 1,000 < 2²⁴)."""
_PAIRS = 2_000
_PERCENTILE = 1
_SEED = 20_260_102


@dataclass(frozen=True)
class MeaningSpace:
    """The vectors of a library's papers. ``paper_ids`` and ``rows`` are in the order of the papers' keys.

    A vector is a row times ``scale``, and of a length of 1 but for rounding (0 where nothing is known of a paper), so
    that the product of two is their cosine. A space never changes; any thread may use it.
    """

    basis: Basis
    paper_ids: Integers
    rows: Rows

    @classmethod
    def of(cls, basis: Basis, paper_ids: Sequence[int], rows: Rows) -> MeaningSpace:
        """A space of papers, which are to be in the order of their keys, each with its row."""
        return cls(basis, np.array(paper_ids, dtype=np.int64), rows)

    def __len__(self) -> int:
        return len(self.paper_ids)

    @property
    def scale(self) -> float:
        """What the numbers of ``rows`` are multiplied with."""
        return self.basis.scale

    @cached_property
    def place_of(self) -> dict[int, int]:
        """The places of the papers in ``paper_ids``."""
        return {paper_id: place for place, paper_id in enumerate(self.paper_ids.tolist())}

    @cached_property
    def _places_by_id(self) -> Integers:
        """For each id up to the largest the place of its paper, or -1; another -1 is the last."""
        places = np.full(int(np.max(self.paper_ids, initial=-1)) + 2, -1, dtype=np.int64)
        places[self.paper_ids] = np.arange(len(self))
        return places

    def located(self, paper_ids: Collection[int]) -> Integers:
        """The places of papers, in the order of these; -1 for papers without a vector."""
        ids = np.fromiter(paper_ids, dtype=np.int64, count=len(paper_ids))
        places = self._places_by_id
        return places[np.where((ids >= 0) & (ids < len(places)), ids, -1)]

    def places(self, paper_ids: Collection[int]) -> Integers:
        """The places of papers, in the order of these; papers without a vector are left out."""
        found = self.located(paper_ids)
        return found[found >= 0]

    def vectors(self, paper_ids: Sequence[int]) -> Floats:
        """The vectors of papers, a row for each; papers without one are left out."""
        return self.rows[self.places(paper_ids)].astype(np.float32) * np.float32(self.scale)

    def closeness(self, vector: Floats) -> Floats:
        """The cosine of a vector with each paper's, rounded to six decimals; zero for a vector of length zero."""
        length = float(np.sqrt(np.dot(vector, vector)))
        if not length:
            return np.zeros(len(self))
        return np.round(self.products(np.asarray(vector, dtype=np.float64) / length), DECIMALS)

    def products(self, vector: Floats) -> Floats:
        """The product of a vector with each paper's, in double precision as far as the sums of single ones carry."""
        weights = (np.asarray(vector, dtype=np.float64) * self.scale).astype(np.float32)
        found = np.empty(len(self), dtype=np.float64)
        block = np.empty((min(_AT_ONCE, len(self)), self.rows.shape[1]), dtype=np.float32)
        for start in range(0, len(self), _AT_ONCE):
            part = self.rows[start : start + _AT_ONCE]
            block[: len(part)] = part
            found[start : start + len(part)] = block[: len(part)] @ weights
        return found

    def nearest(
        self,
        vector: Floats,
        limit: int,
        *,
        among: Collection[int] | None = None,
        without: Collection[int] = (),
    ) -> list[tuple[int, float]]:
        """The papers closest to a vector with their closeness, closest first, then by key; among these if given."""
        closeness = self.closeness(vector)
        allowed = np.ones(len(self), dtype=bool)
        if among is not None:
            allowed = np.isin(self.paper_ids, np.fromiter(among, dtype=np.int64, count=len(among)))
        allowed[self.places(without)] = False
        candidates = np.flatnonzero(allowed)
        order = candidates[np.argsort(-closeness[candidates], kind="stable")[:limit]]
        return list(zip(self.paper_ids[order].tolist(), closeness[order].tolist(), strict=True))

    def within(self, vector: Floats, least: float) -> list[tuple[int, float]]:
        """The papers closer to a vector than ``least``, with their closeness, in the order of their keys."""
        closeness = self.closeness(vector)
        near = np.flatnonzero(closeness > least)
        return list(zip(self.paper_ids[near].tolist(), closeness[near].tolist(), strict=True))

    @cached_property
    def floor(self) -> float:
        """The closeness that one in a hundred pairs of unrelated papers exceeds; 1 for fewer than two papers.

        Judged from 2,000 random pairs. Some of these are related, many in a library of few subjects, and they fill the
        upper end; so the lower end, mirrored at the median, tells how far unrelated ones reach.
        """
        if len(self) < 2:
            return 1.0
        random = np.random.default_rng(_SEED)
        first = random.integers(len(self), size=_PAIRS)
        second = (first + random.integers(1, len(self), size=_PAIRS)) % len(self)
        pairs = self.rows[first].astype(np.float32), self.rows[second].astype(np.float32)
        lowest, median = np.percentile(np.einsum("ij,ij->i", *pairs) * self.scale**2, (_PERCENTILE, 50))
        return round(float(2 * median - lowest), DECIMALS)

    def moments(self) -> tuple[Floats, Floats, int]:
        """The mean of the vectors, the mean of their outer products (both exact), and how many vectors there are."""
        return self._moments

    @cached_property
    def _moments(self) -> tuple[Floats, Floats, int]:
        width = self.rows.shape[1]
        total, squares = np.zeros(width), np.zeros((width, width))
        for start in range(0, len(self), _AT_ONCE):
            block = self.rows[start : start + _AT_ONCE].astype(np.float32)
            total += block.sum(axis=0, dtype=np.float64)
            squares += block.T @ block
        count = max(len(self), 1)
        return total * self.scale / count, squares * self.scale**2 / count, len(self)
