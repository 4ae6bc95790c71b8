"""Cells that are shown as one: those of papers that are one, and those of tags of one name.

What is shown is made of the heads of all of them. What a person says is said in the first of them, and in the others
that have heads, so that it replaces all that was shown.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

from reader.domain.cells import shown
from reader.domain.sync import Cell, Head, Json
from reader.storage.sync.families import Work
from reader.storage.sync.values import part
from reader.storage.writer import id_list

_HERE = "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?))"
Key = TypeVar("Key", bound=Hashable)


class Said(NamedTuple):
    """A value in the tables for cells that are shown as one, and the time (milliseconds) when it was said."""

    cells: Sequence[Cell]
    value: Json
    time: int


def said_by_others(work: Work, cells: Iterable[Cell]) -> set[Cell]:
    """The cells of which another device has said something.

    A row that was deleted and comes back by undo does not know what others said meanwhile.
    """
    me = work.device
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
        yield from ((cell, each.value, each.time) for cell in cells_to_write(work, each, heads))


def cells_to_write(work: Work, said: Said, heads: Mapping[Cell, Sequence[Head]]) -> list[Cell]:
    """The cells in which a value has to be said so that all together show it.

    It is said in the first, and in others only where what they say would prevail: a paper that is taken apart later has
    what it said itself.
    """
    first, *others = said.cells
    own = heads.get(first, ())
    rest = [head for cell in others for head in heads.get(cell, ())]
    if _shows(said, [*own, *rest]):
        work.touch([first])  # the times may be others
        return []
    if rest and not _shows(said, own):
        time = max([said.time, *(head.time + 1 for head in own)])
        rest = [] if _shows(said, [Head(work.device, 0, time, {}, said.value), *rest]) else rest
    return [first, *(cell for cell in others if rest and cell in heads)]


def _shows(said: Said, heads: Sequence[Head]) -> bool:
    """Whether heads show a value, whenever it was said."""
    field = said.cells[0].field
    return _meaning(field, shown(field, heads)) == _meaning(field, said.value)


def _meaning(field: str, value: Json) -> Json:
    """A value without its times."""
    if field.startswith(("tag:", "document:")):
        return value is not None
    if field in ("state", "star"):
        return part(value, 0)
    if field == "seen":
        return None if value is None else [part(value, 1)]
    return value.get("text") if field == "note" and isinstance(value, dict) else value


def members_of_rows(work: Work, paper_ids: Collection[int]) -> dict[int, Sequence[str]]:
    """The uids of all papers that are shown in papers' rows, by row; rows without uid are left out.

    So are rows that are gone: if their papers were joined into others, those ones' rows show them now. Where two papers
    are one but have rows here still, each row shows its own: what is said in one replaces nothing of the other.
    """
    here = [row[0] for row in work.writer.execute(_HERE, (id_list(paper_ids),))]
    members = {row: work.members_of(uid) for row, uid in work.uids_of("paper", here).items()}
    joined = [uid for several in members.values() if len(several) > 1 for uid in several]
    rows = work.locals_of("paper", joined)
    present = {row[0] for row in work.writer.execute(_HERE, (id_list(rows.values()),))} if rows else set()
    return {
        row: [uid for uid in several if rows.get(uid, row) not in present - {row}] for row, several in members.items()
    }


def cells_of_rows(work: Work, paper_ids: Collection[int], field: str) -> dict[int, list[Cell]]:
    """The cells that papers' rows show in a field, by row."""
    members = members_of_rows(work, paper_ids)
    return {row: [Cell("paper", uid, field) for uid in uids] for row, uids in members.items()}


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
