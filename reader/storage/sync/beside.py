"""Values that are kept beside what is shown, because several devices said something at the same time."""

from __future__ import annotations

from datetime import UTC, datetime

from reader.domain import cells as rules
from reader.domain.sync import Cell, Head, Json, KeptBeside
from reader.storage.sync import registry
from reader.storage.sync.heads import heads_of
from reader.storage.sync.work import PAPER, Work
from reader.storage.writer import iso_time

_NAMES = {
    PAPER: "SELECT key, title FROM papers WHERE id = ?",
    "tag": "SELECT name, name FROM tags WHERE id = ?",
    "label": "SELECT name, name FROM highlight_labels WHERE id = ?",
    "highlight": "SELECT key, title FROM highlights JOIN papers ON papers.id = paper_id WHERE highlights.id = ?",
    "search": "SELECT name, name FROM saved_searches WHERE id = ?",
    "rule": "SELECT coalesce(nullif(name, ''), query), query FROM mute_rules WHERE id = ?",
    "subscription": "SELECT name, argument FROM subscriptions WHERE id = ?",
    "listing": "SELECT name, name FROM listings WHERE id = ?",
}
"""For each kind, a key and a title of a row."""
_LATEST = 253_402_300_799_000
"""The last second of the year 9999; a wrong clock may say a later one."""


def kept_beside(work: Work) -> list[KeptBeside]:
    """All values kept beside, those of one cell together, in the order of their times."""
    rows = work.writer.execute("SELECT entity, field FROM sync_several").fetchall()
    places = [(row[0], row[1]) for row in rows]
    work.stored.load({place[0] for place in places})
    names = dict(work.writer.execute("SELECT id, name FROM sync_devices").fetchall())
    found: list[KeptBeside] = []
    for place in places:
        cell = work.cell(place)
        if registry.family_of(cell.kind, cell.field) is None or registry.is_large(cell.kind, cell.field):
            continue
        heads = heads_of(work.stored.of(place))
        others = rules.beside(cell.field, heads)
        named = _name(work, cell) if others else None
        if named is not None:
            shown = shown_of(work, cell)
            for head in others:
                value_id = f"{place[0]}.{place[1]}.{work.contexts.device_id(head.device)}.{head.number}"
                found.append(_beside(value_id, cell, named, head, shown, names[work.contexts.device_id(head.device)]))
    return sorted(found, key=lambda each: (each.title, each.field, each.time))


def choose(work: Work, value_id: str) -> Json:
    """Write the value with this id for its cell, so that it alone stands; the cell is touched. What it is.

    Raises :class:`LookupError` if it has gone meanwhile.
    """
    cell, head = _find(work, value_id)
    _write(work, cell, head.value)
    return head.value


def keep_shown(work: Work, value_id: str) -> None:
    """Write what is shown of the cell of this id, so that it alone stands. Raises as :func:`choose` does."""
    cell, _ = _find(work, value_id)
    _write(work, cell, shown_of(work, cell))


def shown_of(work: Work, cell: Cell) -> Json:
    """What is shown of a cell: for a paper, over all that are the same."""
    return rules.shown(cell.field, [head for heads in work.heads(_class(work, cell)).values() for head in heads])


def _write(work: Work, cell: Cell, value: Json) -> None:
    for each in work.heads(_class(work, cell)):
        work.write(each, value)
    work.touch([cell])


def _class(work: Work, cell: Cell) -> list[Cell]:
    """The cells of which one thing is shown."""
    if cell.kind != PAPER:
        return [cell]
    return [Cell(PAPER, uid, cell.field) for uid in work.members_of(cell.uid)]


def _find(work: Work, value_id: str) -> tuple[Cell, Head]:
    """The cell and the head with this id."""
    entity, field, device, number = (int(part) for part in value_id.split("."))
    if not work.entities.names((entity,)):
        raise LookupError(value_id)
    for each in work.stored.of((entity, field)):
        if work.contexts.device_id(each.head.device) == device and each.head.number == number:
            return work.cell((entity, field)), each.head
    raise LookupError(value_id)


def _name(work: Work, cell: Cell) -> tuple[str, str] | None:
    """A key and a title of a cell's entity; None if it is not here."""
    is_paper = cell.kind == PAPER
    local = work.papers_of((cell.uid,)).get(cell.uid) if is_paper else work.local_of(cell.kind, cell.uid)
    row = work.writer.execute(_NAMES[cell.kind], (local,)).fetchone() if local and cell.kind in _NAMES else None
    return None if row is None else (str(row[0]), " ".join(str(row[1]).split()))


def _beside(value_id: str, cell: Cell, named: tuple[str, str], head: Head, shown: Json, device: str) -> KeptBeside:
    time = iso_time(datetime.fromtimestamp(min(head.time, _LATEST) / 1000, UTC))
    return KeptBeside(value_id, cell.kind, *named, cell.field, device or head.device, time, head.value, shown)
