"""From the tables to writes, and from writes to the tables.

:func:`flush` turns marks of changes into writes of this device. :func:`receive` takes in writes of another, and
:func:`render` has the families write into the tables what is shown now. What a person changed in between is turned into
writes first, in the same transaction: so it is never overwritten unseen.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from reader.domain import cells as rules
from reader.domain.sync import Cell, Head, Json, PackRef, Write
from reader.storage.sync import registry
from reader.storage.sync.families import Family, Mark
from reader.storage.sync.heads import Place, StoredHead, heads_of, pack_of, with_value
from reader.storage.sync.work import CONTENT, PAPER, TO_RENDER, UNKNOWN, Work

PORTION = 5_000
"""The most marks that are turned into writes in one transaction."""
PACK = "pack:"
"""What a cell waits for begins so where it is a pack."""
_ROUNDS = 12
"""How often each family may be given cells; they need two or three, unless a rule is wrong."""
_AHEAD = 300_000
"""The most milliseconds by which the clock of another device moves this one's ahead."""
_CHUNK = 2_000
"""The papers that are taken with all that is said of them."""
_UNLIMITED = 1_000_000
_LARGE = 100
"""The most marks of large values besides papers' that are held in memory at once."""
_MARKS = "SELECT field, a, b, time FROM sync_dirty WHERE field = ?{} ORDER BY a, b LIMIT ?"
_log = logging.getLogger(__name__)

ReadPack = Callable[[str], Sequence[Json] | None]
"""The rows of a pack by its SHA-256; None if it is not here."""


# From the tables to writes


def flush(work: Work, limit: int = PORTION) -> int:
    """Turn some marks into writes; how many marks. Cells that this brings to light wait to be rendered."""
    taken = 0
    work.renders_later = True
    for family, marks in _next_marks(work, limit):
        work.writer.executemany(
            "DELETE FROM sync_dirty WHERE field = ? AND a = ? AND b = ?",
            [(mark.field, mark.a, mark.b) for mark in marks],
        )
        for kind in family.kinds:
            work.uids_of(kind, [mark.a for mark in marks if isinstance(mark.a, int)])
        values = list(family.read(work, marks))
        write_values(work, values)
        said = {cell.uid for cell, _, _ in values if cell.kind == PAPER}
        if family is registry.maker_of(PAPER):
            said |= set(work.uids_of(PAPER, [mark.a for mark in marks if isinstance(mark.a, int)]).values())
        _touch_joined(work, said)
        taken += len(marks)
    if not taken:
        work.writer.execute("DELETE FROM sync_saved")
    work.store()
    work.settle()
    work.await_all(TO_RENDER, work.take_touched())
    work.renders_later = False
    return taken


def flush_all(work: Work) -> None:
    """Turn all marks into writes."""
    while flush(work):
        pass


def _next_marks(work: Work, limit: int) -> list[tuple[Family, list[Mark]]]:
    """Marks of the first family that has any: what others refer to gets its name first.

    Of very many papers, as when a library is set up, some are taken with all that is said of them, before the next:
    so it stands together in the files and in the database, which makes these a good deal smaller.
    """
    maker = registry.maker_of(PAPER)
    papers = _marks(work, maker, _CHUNK) if maker is not None else []
    if maker is not None and len(papers) == _CHUNK:
        by_paper = [each for each in registry.FAMILIES if registry.BY_PAPER.intersection(registry.marks_of(each))]
        for family in by_paper:
            if found := _marks(work, family, limit, by_paper=False):
                return [(family, found)]
        last = max((mark.a for mark in papers if isinstance(mark.a, int)), default=0)
        others = [(family, _marks(work, family, _UNLIMITED, until=last)) for family in by_paper]
        return [(maker, papers), *((family, marks) for family, marks in others if marks)]
    for family in registry.FAMILIES:
        if found := papers if family is maker else _marks(work, family, min(limit, _LARGE) if family.large else limit):
            return [(family, found)]
    return []


def _marks(work: Work, family: Family, limit: int, *, by_paper: bool = True, until: int | None = None) -> list[Mark]:
    """Marks of a family: all, only those that are not by paper, or only those by paper ``until`` a row."""
    names = registry.marks_of(family)
    if not by_paper or until is not None:
        names = [
            name for name in names if (name in registry.BY_PAPER) == by_paper and name not in registry.OF_MANY_PAPERS
        ]
    sql = _MARKS.format("" if until is None else f" AND a <= {until:d}")
    rows: list[Mark] = []
    for name in names:
        if len(rows) < limit:
            rows.extend(Mark(*row) for row in work.writer.execute(sql, (name, limit - len(rows))).fetchall())
    return rows


def write_values(work: Work, values: Sequence[tuple[Cell, Json, int]]) -> None:
    """Write the values that differ from what is shown."""
    work.load([cell for cell, _, _ in values], make=True)
    work.see_no_more_than({cell.uid for cell, _, _ in values})
    for cell, value, time in values:
        place = work.place(cell, make=True)
        assert place is not None
        if not work.stored.is_large(*place):
            if not _is_said(cell.field, work.stored.of(place), value):
                work.write_at(place, value, time, is_kept=True)
        elif cell.kind == PAPER and len(work.members_of(cell.uid)) > 1:
            work.write(cell, value, time)
        else:
            work.write_at(place, value, time, is_kept=False)


def _is_said(field: str, stored: Sequence[StoredHead], value: Json) -> bool:
    """Whether a value is what is shown already."""
    shown = rules.shown(field, heads_of(stored)) if stored else None
    if isinstance(value, dict) and isinstance(shown, dict):
        return _without_bases(value) == _without_bases(shown)
    return value == shown and type(value) is type(shown)


def _without_bases(value: dict[str, Json]) -> dict[str, Json]:
    """What a note says, without the texts it came from."""
    return {name: part for name, part in value.items() if name != "bases"}


# From writes to heads


def receive(work: Work, device: str, writes: Sequence[Write], read_pack: ReadPack) -> None:
    """Take in writes of another device, in their order, and touch the cells whose heads change."""
    work.load([write.cell for write in writes], make=True)
    numbers: dict[int, int] = {}
    changed: dict[Cell, Place] = {}
    latest = 0
    for write in writes:
        place = work.place(write.cell, make=True)
        assert place is not None
        present = work.stored.of(place)
        latest = max(latest, write.time)
        heads = rules.apply([each.head for each in present], device, write)
        if heads is None:
            continue
        number = numbers.get(id(write.context))
        if number is None:
            number = numbers[id(write.context)] = work.contexts.number(write.context)
        stay = [each for each in present if any(each.head is head for head in heads)]
        made = _arrived(work, write, heads[-1], number, read_pack)
        work.set_heads(place, [*stay, made])
        changed[write.cell] = place
    work.clock = max(work.clock, min(latest, work.now + _AHEAD))
    _keep_where_several(work, changed)
    work.touch(changed)


def _arrived(work: Work, write: Write, head: Head, context: int, read_pack: ReadPack) -> StoredHead:
    """The head of a write that has come, with its value from a pack if that is here."""
    if not isinstance(write.value, PackRef):
        stored = StoredHead(head, context)
        if registry.is_large(write.cell.kind, write.cell.field):
            work.settle_later(write.cell)
        return stored
    sha256, line = write.value.sha256, write.value.line
    value, has_come = None, False
    if registry.is_large(write.cell.kind, write.cell.field):
        value, has_come = row_of(read_pack(sha256), line)
    stored = StoredHead(
        Head(head.device, head.number, head.time, head.context, value),
        context,
        *(work.pack_number(sha256), line),
        is_kept=False,
        has_come=has_come,
    )
    if has_come:
        work.settle_later(write.cell)
    else:
        work.await_all(PACK + sha256, (write.cell,))
        sql = "UPDATE sync_packs SET since = ? WHERE sha256 = ? AND since IS NULL"
        work.writer.execute(sql, (work.writer.now, sha256))
    return stored


def row_of(rows: Sequence[Json] | None, line: int) -> tuple[Json, bool]:
    """A row of a pack, and whether it is there."""
    return (rows[line], True) if rows is not None and 0 <= line < len(rows) else (None, False)


def _keep_where_several(work: Work, changed: dict[Cell, Place]) -> None:
    """Keep the values of large cells that have several heads now, of which the tables can show only one."""
    several = [
        cell for cell, place in changed.items() if len(work.stored.of(place)) > 1 and work.stored.is_large(*place)
    ]
    if not several:
        return
    work.heads(several)
    for cell in several:
        place = changed[cell]
        work.set_heads(place, [_kept(each) for each in work.stored.of(place)])


def _kept(stored: StoredHead) -> StoredHead:
    if stored.has_come and stored.is_known:
        stored.is_kept = True
    return stored


# From heads to the tables


def render(work: Work) -> Counter[str]:
    """Write what is shown of all touched cells into the tables; how many of what changed."""
    counts: Counter[str] = Counter()
    work.store()
    work.writer.execute("UPDATE sync_me SET applying = 1")
    pending: dict[int, dict[Cell, None]] = {}
    whole: set[str] = set()
    for _ in range(_ROUNDS * max(1, len(registry.FAMILIES))):
        touched = work.take_touched()
        whole |= _touch_joined(work, {cell.uid for cell in touched if cell.kind == PAPER} - whole)
        for cell in [*touched, *work.take_touched()]:
            pending.setdefault(_rank(work, cell), {})[cell] = None
        pending.pop(-1, None)
        if not pending:
            break
        number = min(pending)
        family = registry.FAMILIES[number]
        cells = _present(work, family, list(pending.pop(number)))
        if cells:
            counts.update(family.render(work, cells))
            work.store()
    else:
        _log.warning("Cells of kind %s change each other without end.", family.kinds[0])
    work.settle()
    work.writer.execute("UPDATE sync_me SET applying = 0")
    return counts


def _touch_joined(work: Work, uids: Collection[str]) -> set[str]:
    """Touch all cells of those papers that are the same as others, with the others'; the uids of them all.

    What is shown of them is made of all of them. A rule by which they were joined or changed here, as when a person
    did it or took it back, may leave something else in the tables than what their heads show.
    """
    joined: set[str] = set()
    for uid in uids:
        members = work.members_of(uid) if uid not in joined else ()
        if len(members) > 1:
            joined.update(members)
    work.load([Cell(PAPER, uid, CONTENT) for uid in joined])
    work.touch(Cell(PAPER, uid, name) for uid in sorted(joined) for name in work.fields_of(PAPER, uid))
    return joined


def touch_waiting(work: Work) -> None:
    """Touch the cells that wait only to be rendered, and those of a field that is known by now."""
    for awaited in (TO_RENDER, UNKNOWN):
        places = [place for _, place in work.awaiting((awaited,))]
        names = work.entities.names({place[0] for place in places})
        cells = {work.cell(place): place for place in places}
        if awaited == UNKNOWN:
            cells = {cell: place for cell, place in cells.items() if registry.family_of(cell.kind, cell.field)}
        forget_waiting(work, [(awaited, place) for place in cells.values()])
        work.touch(cells)
        if awaited == TO_RENDER and names:
            others = work.awaiting({uid for _, uid in names.values()})
            forget_waiting(work, others)
            work.touch(work.cell(place) for _, place in others)


def touch_entities(work: Work, after: int, limit: int) -> int | None:
    """Touch all cells of some entities with numbers above ``after``; the last of these numbers, None if there are none.

    For rendering everything in portions.
    """
    sql = "SELECT DISTINCT entity FROM sync_heads WHERE entity > ? ORDER BY entity LIMIT ?"
    numbers = [row[0] for row in work.writer.execute(sql, (after, limit)).fetchall()]
    work.stored.load(numbers)
    work.entities.names(set(numbers))
    work.touch(work.cell((number, field)) for number in numbers for field in work.stored.fields_of(number))
    return numbers[-1] if numbers else None


def forget_waiting(work: Work, waiting: Iterable[tuple[str, Place]]) -> None:
    """Cells wait no longer."""
    work.writer.executemany(
        "DELETE FROM sync_awaited WHERE awaited = ? AND entity = ? AND field = ?",
        [(awaited, *place) for awaited, place in waiting],
    )


def _rank(work: Work, cell: Cell) -> int:
    """The place of a cell's family in the order of rendering; cells that no family knows wait for a newer version."""
    family = registry.family_of(cell.kind, cell.field)
    if family is None:
        work.await_all(UNKNOWN, (cell,))
        return -1
    return registry.FAMILIES.index(family)


def _present(work: Work, family: Family, cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells of papers that are here; the others wait for their papers. A paper's own family gets all."""
    if PAPER not in family.kinds or family is registry.maker_of(PAPER):
        return cells
    here = work.papers_of({cell.uid for cell in cells if cell.kind == PAPER})
    for cell in cells:
        if cell.kind == PAPER and cell.uid not in here:
            work.await_entity(cell.uid, cell)
    present = [cell for cell in cells if cell.kind != PAPER or cell.uid in here]
    # What was awaited by the uid of a paper that is here as another's is seen from now on, and may be replaced.
    waiting, shown = work.awaiting(here.keys()), set(present)
    forget_waiting(work, [(uid, place) for uid, place in waiting if work.cell(place) in shown])
    return present


def take_pack(work: Work, awaited: str, rows: Sequence[Json], limit: int) -> bool:
    """Give some of the heads that wait for a pack their values, and touch their cells; False if there is none."""
    places = [place for _, place in work.awaiting((awaited,))]
    work.entities.names({place[0] for place in places})
    places = [place for place in places if work.stored.is_large(*place)][:limit]
    work.stored.load({place[0] for place in places})
    number = work.pack_number(awaited.removeprefix(PACK))
    changed: dict[Cell, Place] = {}
    for place in places:
        work.set_heads(place, [_came(each, number, rows) for each in work.stored.of(place)])
        changed[work.cell(place)] = place
        work.settle_later(work.cell(place))
    _keep_where_several(work, changed)
    forget_waiting(work, [(awaited, place) for place in places])
    work.touch(changed)
    return bool(places)


def _came(stored: StoredHead, pack: int, rows: Sequence[Json]) -> StoredHead:
    """A head that waited for this pack, with its value."""
    if stored.has_come or stored.pack != pack or stored.line is None:
        return stored
    value, has_come = row_of(rows, stored.line)
    if not has_come:
        return stored
    return replace(with_value(stored, value), has_come=True)


def own_packs(work: Work) -> dict[str, list[Place]]:
    """The cells of own writes by the SHA-256 of the pack that has their value."""
    sql = "SELECT entity, field, value FROM sync_heads WHERE device = ?"
    found: dict[str, list[Place]] = {}
    rows = work.writer.execute(sql, (work.contexts.me.device_id,)).fetchall()
    work.entities.names({row[0] for row in rows})
    for entity, field, text in rows:
        if work.stored.is_large(entity, field) and (pack := pack_of(text)) is not None:
            found.setdefault(work.pack_name(pack), []).append((entity, field))
    return found


def say_again(work: Work, sha256s: Collection[str]) -> int:
    """Give the own writes that refer to these packs new numbers, and no place in a pack; how many."""
    places = [place for sha256, several in own_packs(work).items() if sha256 in sha256s for place in several]
    work.stored.load({place[0] for place in places})
    me = work.contexts.me.device
    for place in places:
        heads = []
        for each in work.stored.of(place):
            if each.head.device == me:
                work.number += 1
                each = replace(each, head=replace(each.head, number=work.number), pack=None, line=None)
            heads.append(each)
        work.set_heads(place, heads)
    return len(places)


def batches(writes: Sequence[Write], size: Callable[[], int]) -> Iterator[Sequence[Write]]:
    """Writes in their order, in parts that concern at most so many entities."""
    start, entities = 0, set[tuple[str, str]]()
    for place, write in enumerate(writes):
        name = write.cell.kind, write.cell.uid
        if name not in entities and len(entities) >= size():
            yield writes[start:place]
            start, entities = place, set()
        entities.add(name)
    if start < len(writes):
        yield writes[start:]
