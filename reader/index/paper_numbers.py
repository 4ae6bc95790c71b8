"""The paper ids that the document numbers of a segment stand for."""

from __future__ import annotations

import sys
from array import array
from itertools import pairwise

from pyroaring import BitMap

_MANY_RUNS = 64


class Numbering:
    """The mapping between a segment's documents and paper ids.

    Documents are written in the order of their papers' ids, so ids are mostly consecutive. Sets are then translated by
    shifting a few runs instead of looking up every number.
    """

    def __init__(self, ids: array[int]) -> None:
        """``ids[n]`` is the paper of document ``n``."""
        self._ids = ids
        self.all_ids = BitMap(ids)
        self._runs = _runs_of(ids, self.all_ids)

    @classmethod
    def from_column(cls, content: bytes) -> Numbering:
        """Read Whoosh's column of unsigned 32-bit numbers, which is big-endian."""
        ids = array("I")
        ids.frombytes(content)
        if sys.byteorder == "little":
            ids.byteswap()
        return cls(ids)

    def __len__(self) -> int:
        return len(self._ids)

    def id_of(self, document: int) -> int:
        """The paper of a document."""
        return self._ids[document]

    def ids_of(self, documents: BitMap) -> BitMap:
        """The papers of some documents."""
        if self._runs is None:
            return BitMap(array("I", map(self._ids.__getitem__, documents)))
        if len(self._runs) == 1:
            return documents.shift(self._runs[0][2])
        parts = [(documents & covered).shift(shift) for covered, _, shift in self._runs]
        return BitMap.union(*parts) if parts else BitMap()

    def documents_of(self, ids: BitMap) -> BitMap:
        """The documents of those papers that are in the segment."""
        here = ids & self.all_ids
        if self._runs is None:
            return BitMap([number for number, paper in enumerate(self._ids) if paper in here])
        parts = [(here & papers).shift(-shift) for _, papers, shift in self._runs]
        return BitMap.union(*parts) if parts else BitMap()


def _runs_of(ids: array[int], all_ids: BitMap) -> list[tuple[BitMap, BitMap, int]] | None:
    """Runs of consecutive ids: their documents, papers, and the difference; None if there are too many."""
    bounds = _ascending_bounds(ids, all_ids) if ids == all_ids.to_array() else _bounds(ids)
    if bounds is None:
        return None
    runs = []
    for start, end in bounds:
        documents = BitMap(range(start, end))
        shift = ids[start] - start
        runs.append((documents, documents.shift(shift), shift))
    return runs


def _ascending_bounds(ids: array[int], all_ids: BitMap) -> list[tuple[int, int]] | None:
    """The bounds of the runs in ascending ids, found without looking at every id."""
    firsts = all_ids - all_ids.shift(1)
    if len(firsts) > _MANY_RUNS:
        return None
    starts = [all_ids.rank(first) - 1 for first in firsts]
    return list(pairwise([*starts, len(ids)]))


def _bounds(ids: array[int]) -> list[tuple[int, int]] | None:
    """The bounds of the runs in ids of any order."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for number in range(1, len(ids) + 1):
        if number < len(ids) and ids[number] == ids[number - 1] + 1:
            continue
        if len(bounds) == _MANY_RUNS:
            return None
        bounds.append((start, number))
        start = number
    return bounds
