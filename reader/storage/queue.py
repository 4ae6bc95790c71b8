"""The reading queue's order. Who stands in it follows from states: exactly the queued papers do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from reader.domain.errors import ReaderError
from reader.storage.writing import Writer, count_papers


def move_by(writer: Writer, ids: Sequence[int], places: int) -> str:
    """Move papers some places down (up if negative), each past others not moved, no further than to the end."""
    order, positions = _order(writer)
    wanted = set(ids)
    places_of_moved = [index for index, paper_id in enumerate(order) if paper_id in wanted]
    others = [paper_id for paper_id in order if paper_id not in wanted]
    count = len(places_of_moved)
    taken: dict[int, int] = {}
    for rank, index in enumerate(places_of_moved):
        lowest, highest = rank, len(order) - count + rank
        taken[min(max(index + places, lowest), highest)] = order[index]
    rest = iter(others)
    _write(writer, [taken[index] if index in taken else next(rest) for index in range(len(order))], positions)
    return f"move {count_papers(count)} {'down' if places > 0 else 'up'} the queue"


def move_to(writer: Writer, ids: Sequence[int], place: int) -> str:
    """Move papers, kept in their order, to stand from a place (from 1) on; far beyond the end is the end."""
    order, positions = _order(writer)
    wanted = set(ids)
    moved = [paper_id for paper_id in order if paper_id in wanted]
    others = [paper_id for paper_id in order if paper_id not in wanted]
    start = min(max(place - 1, 0), len(others))
    _write(writer, others[:start] + moved + others[start:], positions)
    return f"move {count_papers(len(moved))} in the queue"


def set_order(writer: Writer, ids: Sequence[int]) -> str:
    """Give the whole queue an order; papers not named keep their order after those named."""
    order, positions = _order(writer)
    standing = set(order)
    named = [paper_id for paper_id in dict.fromkeys(ids) if paper_id in standing]
    if not named:
        raise ReaderError("None of these papers is in the queue.")
    first = set(named)
    _write(writer, named + [paper_id for paper_id in order if paper_id not in first], positions)
    return "sort the queue"


def _order(writer: Writer) -> tuple[list[int], list[int]]:
    """The queued papers in order, and their positions."""
    rows = writer.execute("SELECT paper_id, position FROM queue ORDER BY position, paper_id").fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def _write(writer: Writer, order: list[int], positions: list[int]) -> None:
    """Store an order, touching only the rows whose position changes; positions that coincide are spread first."""
    if any(later <= earlier for earlier, later in pairwise(positions)):
        positions = list(range(1, len(order) + 1))
    writer.executemany(
        "UPDATE queue SET position = ?1 WHERE paper_id = ?2 AND position <> ?1",
        zip(positions, order, strict=True),
    )
