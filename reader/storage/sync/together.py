"""Cells that are shown as one: those of papers that are one, and those of tags of one name.

What is shown is made of the heads of all of them. What a person says is said in the first of them, and in the others
that have heads, so that it replaces all that was shown.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from reader.domain.cells import shown
from reader.domain.sync import Cell, Head, Json
from reader.storage.sync.families import Work

_DEVICE = "SELECT device FROM sync_devices WHERE id = (SELECT device_id FROM sync_me)"
Key = TypeVar("Key", bound=Hashable)


class Said(NamedTuple):
    """A value in the tables for cells that are shown as one, and the time (milliseconds) when it was said."""

    cells: Sequence[Cell]
    value: Json
    time: int


def own_device(work: Work) -> str:
    """The name by which others know this device."""
    return str(work.writer.execute(_DEVICE).fetchone()[0])


def said_by_others(work: Work, cells: Iterable[Cell]) -> set[Cell]:
    """The cells of which another device has said something.

    A row that was deleted and comes back by undo does not know what others said meanwhile.
    """
    me = own_device(work)
    return {cell for cell, heads in work.heads(cells).items() if any(head.device != me for head in heads)}


def heads_together(work: Work, groups: Mapping[Key, Sequence[Cell]]) -> dict[Key, list[Head]]:
    """The heads of each group of cells."""
    heads = work.heads(chain.from_iterable(groups.values()))
    return {key: [head for cell in cells for head in heads.get(cell, ())] for key, cells in groups.items()}


def shown_together(work: Work, groups: Mapping[Key, Sequence[Cell]]) -> dict[Key, Json]:
    """What is shown of each group of cells, which are of one field."""
    heads = heads_together(work, groups)
    return {key: shown(groups[key][0].field, found) for key, found in heads.items()}


def spread(work: Work, said: Iterable[Said]) -> Iterator[tuple[Cell, Json, int]]:
    """The values for each cell; none where all together show the value already."""
    several: list[Said] = []
    for each in said:
        if len(each.cells) == 1:
            yield each.cells[0], each.value, each.time
        elif each.cells:
            several.append(each)
    heads = work.heads(cell for each in several for cell in each.cells)
    for each in several:
        present = [head for cell in each.cells for head in heads.get(cell, ())]
        if shown(each.cells[0].field, present) != each.value:
            for place, cell in enumerate(each.cells):
                if place == 0 or cell in heads:
                    yield cell, each.value, each.time


def cells_of_row(work: Work, paper_id: int, field: str) -> list[Cell]:
    """The cells that a paper's row shows in a field; none if the paper has no uid.

    A row that is gone shows none: if its paper was joined into another, that one's row shows its cells now.
    """
    uid = work.uid_of("paper", paper_id)
    if uid is None or work.writer.execute("SELECT 1 FROM papers WHERE id = ?", (paper_id,)).fetchone() is None:
        return []
    return [Cell("paper", member, field) for member in work.members_of(uid)]


def shown_of_papers(work: Work, cells: Iterable[Cell]) -> dict[str, dict[int, Json]]:
    """What is shown of papers' cells: for each field, by the papers' rows. Papers that are not here are left out."""
    cells = list(cells)
    rows = work.papers_of({cell.uid for cell in cells})
    groups: dict[tuple[str, int], Sequence[Cell]] = {}
    for cell in cells:
        row = rows.get(cell.uid)
        if row is not None and (cell.field, row) not in groups:
            members = work.members_of(cell.uid)
            groups[cell.field, row] = [Cell("paper", member, cell.field) for member in members]
    values: dict[str, dict[int, Json]] = {}
    for (field, row), value in shown_together(work, groups).items():
        values.setdefault(field, {})[row] = value
    return values
