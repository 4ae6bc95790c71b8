"""The order of the queue: a rank for each queued paper. Positions follow from the ranks and are never sent.

The queue contains exactly the papers in state queued, by rank and uid. A paper that leaves it keeps its rank, which
then means nothing.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import inf

from reader.domain.ranks import new_ranks
from reader.domain.sync import Cell, Json
from reader.storage.sync.families import Work
from reader.storage.sync.together import Said, cells_of_rows, shown_together, spread

_ORDER = "SELECT paper_id, position FROM queue ORDER BY position, paper_id"
_QUEUED = "SELECT paper_id FROM states WHERE state = 'queued'"
_LAST = "~"
"""Stands for no rank; every rank sorts before it."""
_WRITE = """
INSERT INTO queue (paper_id, position) VALUES (?, ?)
ON CONFLICT (paper_id) DO UPDATE SET position = excluded.position WHERE position <> excluded.position
"""


class _Ranks:
    """Ranks and uids of papers, which are looked up when they are needed."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[int, tuple[str, str]] = {}

    def fetch(self, papers: Iterable[int]) -> None:
        """Look up many at once."""
        wanted = {paper for paper in papers if paper not in self._known}
        groups = cells_of_rows(self._work, wanted, "queue")
        ranks = shown_together(self._work, groups)
        for paper in wanted:
            rank = ranks.get(paper)
            self._known[paper] = (
                rank if isinstance(rank, str) else _LAST,
                groups[paper][0].uid if paper in groups else "",
            )

    def __call__(self, paper: int) -> tuple[str, str]:
        """A paper's place in the order: rank and uid."""
        if paper not in self._known:
            self.fetch((paper,))
        return self._known[paper]


def read_ranks(work: Work, times: Mapping[int, int]) -> Iterator[tuple[Cell, Json, int]]:
    """Ranks for the papers that were placed at these times, and for others where the order of the queue needs it."""
    order = [row[0] for row in work.writer.execute(_ORDER)]
    ranks = _Ranks(work)
    made: dict[int, str] = {}
    for start, end in _runs(order, times):
        around = range(max(0, start - 1), min(len(order), end + 1))
        new = _new_ranks(ranks, [order[place] for place in around])
        if new.keys() - times.keys():  # a neighbour would move too
            made = _new_ranks(ranks, order)
            break
        made |= new
    latest = max(times.values(), default=0)
    cells = cells_of_rows(work, made, "queue")
    yield from spread(work, (Said(cells[paper], rank, times.get(paper, latest)) for paper, rank in made.items()))


def _runs(order: Sequence[int], papers: Collection[int]) -> Iterator[tuple[int, int]]:
    """Where some papers stand in an order: the beginning and end of each run."""
    start = None
    for place, paper in enumerate([*order, None]):
        if paper is not None and paper in papers:
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None


def _new_ranks(ranks: _Ranks, order: Sequence[int]) -> dict[int, str]:
    """The ranks to give so that papers stand in this order."""
    ranks.fetch(order)
    by_uid = {ranks(paper)[1]: paper for paper in order}
    known = [(uid, None if rank == _LAST else rank) for rank, uid in map(ranks, order)]
    return {by_uid[uid]: rank for uid, rank in new_ranks(known).items()}


def render_queue(work: Work, placed: Collection[int]) -> int:
    """Make the queue exactly the queued papers, by rank; ``placed`` have new ranks. The number of papers that moved."""
    writer = work.writer
    positions = dict(writer.execute(_ORDER).fetchall())
    queued = {row[0] for row in writer.execute(_QUEUED)}
    moved = (queued - positions.keys()) | (queued & set(placed))
    gone = positions.keys() - queued
    if not moved and not gone:
        return 0
    order = [paper for paper in positions if paper in queued and paper not in moved]
    ranks = _Ranks(work)
    ranks.fetch(moved if len(moved) * 16 < len(order) else queued)
    if len(moved) * 16 < len(order):
        for paper in moved:
            order.insert(bisect(order, ranks(paper), key=ranks), paper)
    else:
        order = sorted(queued, key=ranks)
    writer.executemany("DELETE FROM queue WHERE paper_id = ?", [(paper,) for paper in gone])
    return len(gone) + writer.executemany(_WRITE, list(_positions(order, positions, moved)))


def _positions(order: Sequence[int], known: Mapping[int, int], moved: Collection[int]) -> Iterator[tuple[int, int]]:
    """The papers whose positions have to change, and the positions. Moved ones make room by going between others."""
    limits: list[float] = []
    limit = inf
    for paper in reversed(order):
        limits.append(limit)
        limit = limit if paper in moved else min(limit, known[paper])
    leading = next((place for place, paper in enumerate(order) if paper not in moved), 0)
    # Before the first position there is always room, for papers that were moved to the top.
    last = min(0, known[order[leading]] - leading - 1) if leading else 0
    for paper, limit in zip(order, reversed(limits), strict=True):
        present = known.get(paper, last)
        stays = last < present and (paper not in moved or present < limit)
        last = present if stays else last + 1
        if last != known.get(paper):
            yield paper, last
