"""The order of the reading queue, which contains exactly the papers in state queued."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.subject import Subject, changing, step
from reader.storage.writer import Writer


class StoredQueue(Subject):
    """The order of the queue in a library."""

    @changing
    def move_by(self, paper_ids: Sequence[int], places: int, *, merge_key: str | None = None) -> Change:
        """Move papers down by some places (up if negative), past papers that are not moved, at most to the end.

        A run of moves with one ``merge_key`` is one step.
        """
        with self._store.step(merge_key=merge_key) as taken:
            order, positions = _order(self._writer)
            chosen = set(paper_ids)
            _write(self._writer, _moved(order, chosen, places), positions)
            moved = [paper_id for paper_id in order if paper_id in chosen]
            kind = StepKind.MOVED_DOWN if places > 0 else StepKind.MOVED_UP
            taken.title = kind(papers=self._writer.name_papers(moved))
        return taken.change

    @step
    def move_to(self, paper_ids: Sequence[int], place: int) -> StepTitle:
        """Move papers, in the order of the queue, so that they begin at a place (1 is the top).

        A place beyond the end means the end.
        """
        order, positions = _order(self._writer)
        wanted = set(paper_ids)
        moved = [paper_id for paper_id in order if paper_id in wanted]
        others = [paper_id for paper_id in order if paper_id not in wanted]
        start = min(max(place - 1, 0), len(others))
        new = others[:start] + moved + others[start:]
        if new != order and others and start in (0, len(others)):
            positions = _with_room(order, positions, moved, others, first=start == 0)
        _write(self._writer, new, positions)
        return StepKind.MOVED(papers=self._writer.name_papers(moved))

    @step
    def set_order(self, paper_ids: Sequence[int]) -> StepTitle:
        """Set the order of the whole queue; papers not named keep their order after those named."""
        order, positions = _order(self._writer)
        standing = set(order)
        named = [paper_id for paper_id in dict.fromkeys(paper_ids) if paper_id in standing]
        if not named:
            raise ReaderError("None of these papers is in the queue.")
        first = set(named)
        _write(self._writer, named + [paper_id for paper_id in order if paper_id not in first], positions)
        return StepKind.QUEUE_ORDERED()


def _order(writer: Writer) -> tuple[list[int], list[int]]:
    """The queued papers in order, and their positions."""
    rows = writer.execute("SELECT paper_id, position FROM queue ORDER BY position, paper_id").fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def _with_room(
    order: list[int], positions: list[int], moved: list[int], others: list[int], *, first: bool
) -> list[int]:
    """The positions of papers of which some moved to an end, beyond all others: so only theirs change."""
    known = dict(zip(order, positions, strict=True))
    stay = [known[paper_id] for paper_id in others]
    if first:
        return [*range(min(stay) - len(moved), min(stay)), *stay]
    return [*stay, *range(max(stay) + 1, max(stay) + 1 + len(moved))]


def _moved(order: list[int], chosen: set[int], places: int) -> list[int]:
    """The order after some papers have moved by some places, stopping at the end and at each other."""
    indexes = [index for index, paper_id in enumerate(order) if paper_id in chosen]
    # Each moved paper keeps its rank among the moved ones, so they cannot pass each other at either end.
    last = len(order) - len(indexes)
    taken = {min(max(index + places, rank), last + rank): order[index] for rank, index in enumerate(indexes)}
    others = (paper_id for paper_id in order if paper_id not in chosen)
    return [taken[index] if index in taken else next(others) for index in range(len(order))]


def _write(writer: Writer, order: list[int], positions: list[int]) -> None:
    """Store an order, writing only rows whose position changes; equal positions are spread first."""
    if any(later <= earlier for earlier, later in pairwise(positions)):
        positions = list(range(1, len(order) + 1))
    writer.executemany(
        "UPDATE queue SET position = ? WHERE paper_id = ? AND position <> ?",
        [(position, paper_id, position) for position, paper_id in zip(positions, order, strict=True)],
    )
