"""What the engine and the families share inside one transaction: entities, heads, own writes, and what is touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from reader.domain import cells as rules
from reader.domain.sync import Cell, Context, Head, Json
from reader.storage.sync import registry
from reader.storage.sync.classes import Classes
from reader.storage.sync.contexts import Contexts
from reader.storage.sync.entities import Entities
from reader.storage.sync.heads import Heads, Place, StoredHead, heads_of, with_value
from reader.storage.writer import Writer, id_list, text_list

PAPER = "paper"
LISTING = "listing"
SAME, HERE, CONTENT = "same", "here", "content"
"""Fields of papers that the engine itself has to know: which are the same, and which are here."""
_SAME = 1
"""The number of the field ``same``, which the schema gives it."""
_HERE = "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?))"
_OTHERS_WAIT = "SELECT awaited, entity, field FROM sync_awaited WHERE awaited IN (SELECT value FROM json_each(?))"
TO_RENDER = ""
UNKNOWN = "?"
"""What cells wait for in ``sync_awaited``, besides entities and packs."""


def milliseconds(moment: datetime) -> int:
    """A moment in milliseconds since 1970."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


class Work:
    """The :class:`~reader.storage.sync.families.Work` of one transaction."""

    def __init__(self, writer: Writer, now: int) -> None:
        """``now`` is the present moment in milliseconds since 1970."""
        self.writer = writer
        self.now = now
        self.entities = Entities(writer)
        self.contexts = Contexts(writer)
        self.stored = Heads(writer, self.entities, self.contexts)
        me = self.contexts.me
        self.number, self.clock = me.number, max(me.clock, now)
        self.renders_later = False
        """Whether touched cells are only remembered, because the tables say things that are not writes yet."""
        self._vector: tuple[Context, int] | None = None
        self._named: dict[int, str] = {}
        self._touched: dict[Cell, None] = {}
        self._classes: Classes | None = None
        self._joined: set[int] = set()
        """Entities whose pointers to others are perhaps not stored yet."""
        self._former: Classes | None = None
        """The classes before any pointer changed, until :meth:`take_regrouped`."""
        self._repointed: set[str] = set()
        self._unseen: set[Place] = set()
        self._written: set[Place] = set()
        self._read_large: set[Place] = set()
        self._packs: dict[str, int] = {}
        self._pack_names: dict[int, str] = {}

    # Entities

    @property
    def device(self) -> str:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.contexts.me.device

    def uid_of(self, kind: str, local: int) -> str | None:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.uid_of(kind, local)

    def names_of(self, numbers: Collection[int]) -> Mapping[int, tuple[str, str]]:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.names(numbers)

    def known(self, kind: str, uids: Iterable[str]) -> Collection[str]:
        """See :class:`~reader.storage.sync.families.Work`."""
        wanted = list(uids)
        self.entities.load(kind, wanted)
        return [uid for uid in wanted if self.entities.is_known(kind, uid)]

    def local_of(self, kind: str, uid: str) -> int | None:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.locals_of(kind, (uid,)).get(uid)

    def uids_of(self, kind: str, locals_: Collection[int]) -> Mapping[int, str]:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.uids_of(kind, locals_)

    def locals_of(self, kind: str, uids: Collection[str]) -> Mapping[str, int]:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.locals_of(kind, uids)

    def name_entity(self, kind: str, uid: str, local: int | None, key: str | None = None) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        self.name_entities(kind, ((uid, local, key),))

    def name_entities(self, kind: str, rows: Iterable[tuple[str, int | None, str | None]]) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        named = list(rows)
        self.entities.name(kind, named)
        for uid, local, _ in named:
            number = self.entities.number(kind, uid)
            if local is not None and number is not None:
                self._named[number] = uid

    def uid_with_key(self, key: str) -> str | None:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self.entities.uid_with_key(key)

    def papers_of(self, uids: Collection[str]) -> Mapping[str, int]:
        """See :class:`~reader.storage.sync.families.Work`."""
        members = {uid: self.members_of(uid) for uid in uids}
        wanted = {each for several in members.values() for each in several}
        rows = self.locals_of(PAPER, wanted)
        present = {row[0] for row in self.writer.execute(_HERE, (id_list(rows.values()),)).fetchall()}
        here = {each: row for each, row in rows.items() if row in present}
        found = {}
        for uid, several in members.items():
            row = next((here[each] for each in several if each in here), None)
            if row is not None:
                found[uid] = row
        return found

    def members_of(self, uid: str) -> Sequence[str]:
        """See :class:`~reader.storage.sync.families.Work`."""
        return self._all_classes().members(uid)

    def _all_classes(self) -> Classes:
        if self._classes is None:
            rows = self.writer.execute(f"SELECT DISTINCT entity FROM sync_heads WHERE field = {_SAME}").fetchall()
            names = self.entities.names({row[0] for row in rows} | self._joined)
            cells = [Cell(kind, each, SAME) for kind, each in names.values() if kind == PAPER]
            shown = {cell.uid: rules.shown(SAME, heads) for cell, heads in self.heads(cells).items()}
            self._classes = Classes({each: other for each, other in shown.items() if isinstance(other, str)})
        return self._classes

    def take_regrouped(self) -> set[str]:
        """The papers that were or are the same as those whose pointers changed since the last time."""
        former, repointed = self._former, self._repointed
        if former is None:
            return set()
        groups = [members for uid in repointed for members in (former.members(uid), self.members_of(uid))]
        self._former, self._repointed = None, set()
        return {uid for members in groups for uid in members}

    # Heads

    def place(self, cell: Cell, *, make: bool = False) -> Place | None:
        """The numbers of a cell; None if nothing is known of it, unless it is to ``make`` them."""
        field = self.entities.field(cell.field, make=make)
        entity = self.entities.number(cell.kind, cell.uid, make=make)
        return None if entity is None or field is None else (entity, field)

    def load(self, cells: Collection[Cell], *, make: bool = False) -> None:
        """Look up the entities of many cells and read their heads at once; with ``make`` new ones get numbers."""
        by_kind: dict[str, set[str]] = {}
        for cell in cells:
            by_kind.setdefault(cell.kind, set()).add(cell.uid)
        numbers: list[int | None] = []
        for kind, uids in by_kind.items():
            self.entities.load(kind, uids, make=make)
            numbers.extend(self.entities.number(kind, uid) for uid in uids if make or self.entities.is_known(kind, uid))
        self.stored.load(number for number in numbers if number is not None)

    def heads(self, cells: Iterable[Cell]) -> Mapping[Cell, Sequence[Head]]:
        """See :class:`~reader.storage.sync.families.Work`."""
        wanted = list(cells)
        self.load(wanted)
        found = {}
        unread = []
        for cell in wanted:
            place = self.place(cell)
            stored = self.stored.of(place) if place is not None else []
            if stored:
                found[cell] = stored
                if all(each.is_kept for each in stored):
                    continue
                unread.extend([cell] if any(each.has_come and not each.is_known for each in stored) else [])
                if place is not None:
                    self._read_large.add(place)  # the tables may no longer contain it in the end
        if unread:
            self.read_large(unread)
            found.update((cell, self.stored.of(self.place(cell) or (0, 0))) for cell in unread)
        return {cell: heads for cell, stored in found.items() if (heads := heads_of(stored))}

    def read_large(self, cells: Sequence[Cell]) -> None:
        """Make the values of large cells known that stand only in the tables, before these change."""
        for cell, value in self.values_in_tables(cells).items():
            place = self.place(cell)
            assert place is not None
            heads = [each if each.is_known else with_value(each, value) for each in self.stored.of(place)]
            self.stored.know(place, heads)
            self._read_large.add(place)

    def values_in_tables(self, cells: Iterable[Cell]) -> dict[Cell, Json]:
        """The values of large cells as the tables contain them now."""
        by_family: dict[int, list[Cell]] = {}
        for cell in cells:
            family = registry.family_of(cell.kind, cell.field)
            if family is not None:
                by_family.setdefault(registry.FAMILIES.index(family), []).append(cell)
        found: dict[Cell, Json] = {}
        for number, own in by_family.items():
            found.update(registry.FAMILIES[number].stored(self, own))
        return found

    def fields_of(self, kind: str, uid: str) -> Sequence[str]:
        """See :class:`~reader.storage.sync.families.Work`."""
        number = self.entities.number(kind, uid)
        return [] if number is None else [self.entities.field_name(each) for each in self.stored.fields_of(number)]

    def cell(self, place: Place) -> Cell:
        """A cell by its numbers."""
        kind, uid = self.entities.names((place[0],))[place[0]]
        return Cell(kind, uid, self.entities.field_name(place[1]))

    def set_heads(self, place: Place, heads: list[StoredHead]) -> None:
        """Give a cell these heads; they are stored with the next :meth:`store`."""
        if place[1] == _SAME and self.cell(place).kind == PAPER:
            self._former = self._former or self._all_classes()
            self._repointed.add(self.cell(place).uid)
            self._joined.add(place[0])
            self._classes = None
        self.stored.set(place, heads)
        here = self.entities.field(HERE)
        if here not in (None, place[1]) and self.stored.of((place[0], here or 0)):
            # What is said of an entity may bring it back, or have been all that kept it.
            self.touch([self.cell(place)._replace(field=HERE)])

    def keep(self, values: Mapping[Cell, Json]) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        self.load(list(values))
        for cell, value in values.items():
            place = self.place(cell)
            stored = self.stored.of(place) if place is not None else []
            if place is not None and any(each.has_come and not each.is_kept for each in stored):
                self.set_heads(place, [_kept(each, value) for each in stored])

    def store(self) -> None:
        """Write heads and own numbers into the database."""
        self.stored.store()
        me = self.contexts.me
        if (self.number, self.clock) != (me.number, me.clock):
            self.writer.execute("UPDATE sync_me SET number = ?, clock = ?", (self.number, self.clock))
            self.contexts.me = me._replace(number=self.number, clock=self.clock)

    # Own writes

    def write(self, cell: Cell, value: Json, time: int | None = None) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        place = self.place(cell, make=True)
        assert place is not None
        is_large = self.stored.is_large(*place)
        self.write_at(place, value, self.clock if time is None else time, is_kept=True)
        if is_large:
            self.settle_later(cell)

    def write_at(self, place: Place, value: Json, time: int, *, is_kept: bool) -> None:
        """The same by a cell's numbers; with ``is_kept`` false the tables contain the value.

        Heads that arrived while the cell's entity was not here were never seen: the write does not replace them.
        """
        present = self.stored.of(place)
        self.number += 1
        me = self.contexts.me.device
        others: list[StoredHead] = []
        if not present:
            context, number = self.own_vector()
        elif place in self._unseen:
            others = [each for each in present if each.head.device != me]
            context = dict(self.own_vector()[0])
            for each in others:
                head = each.head
                context[head.device] = min(context.get(head.device, 0), head.number - 1)
            number = self.contexts.number(context)
        else:
            own, number = self.own_vector()
            context = rules.joined(own, [_with_dot(each.head, me) for each in present])
            if context != own:
                number = self.contexts.number(context)
            time = max(time, *(each.head.time + 1 for each in present))
        self._written.add(place)
        head = Head(me, self.number, time, context, value)
        self.set_heads(place, [*others, StoredHead(head, number, is_kept=is_kept)])

    def own_vector(self) -> tuple[Context, int]:
        """What this library knows of the others' writes, and the number of that context."""
        if self._vector is None:
            vector = self.contexts.vector()
            self._vector = vector, self.contexts.number(vector)
        return self._vector

    # What is touched

    def touch(self, cells: Iterable[Cell]) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        self._touched.update(dict.fromkeys(cells))

    def await_entity(self, awaited: str, cell: Cell) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        self.await_all(awaited, (cell,))
        if self.has_content(awaited):
            self.touch((Cell(PAPER, awaited, HERE),))

    def has_content(self, uid: str) -> bool:
        """Whether this is the uid of a paper whose content has come."""
        place = self.place(Cell(PAPER, uid, CONTENT))
        return place is not None and bool(self.stored.of(place))

    def await_all(self, awaited: str, cells: Iterable[Cell]) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        rows = [(awaited, *place) for cell in cells if (place := self.place(cell, make=True)) is not None]
        sql = "INSERT OR IGNORE INTO sync_awaited (awaited, entity, field) VALUES (?, ?, ?)"
        self.writer.executemany(sql, rows)

    def awaiting(self, awaited: Collection[str]) -> list[tuple[str, Place]]:
        """The cells that wait for any of these, each with what it waits for."""
        if not awaited or not self.writer.execute("SELECT 1 FROM sync_awaited LIMIT 1").fetchone():
            return []
        rows = self.writer.execute(_OTHERS_WAIT, (text_list(awaited),)).fetchall()
        return [(row[0], (row[1], row[2])) for row in rows]

    def touch_awaiting(self, awaited: Collection[str]) -> None:
        """See :class:`~reader.storage.sync.families.Work`."""
        places = [place for _, place in self.awaiting(awaited)]
        self.entities.names({place[0] for place in places})
        self.touch(self.cell(place) for place in places)

    def see_no_more_than(self, uids: Collection[str]) -> None:
        """Learn which cells of these entities were never shown, so that own writes do not replace them."""
        for awaited, place in self.awaiting(uids):
            if self.entities.names((place[0],))[place[0]][1] == awaited:
                self._unseen.add(place)

    def take_touched(self) -> list[Cell]:
        """The cells touched since the last time, with all of the entities that were named; in order of touching."""
        if self._named:
            named, self._named = self._named, {}
            self.stored.load(named)
            places = [place for number in named for place in self._cells_of_named(number)]
            waiting = self.awaiting({uid for each in named.values() for uid in self.members_of(each)})
            places.extend(place for _, place in waiting)
            self.entities.names({place[0] for place in places})
            self.touch(self.cell(place) for place in places if not self._is_own_news(place))
            if waiting and not self.renders_later:
                self.writer.executemany(
                    "DELETE FROM sync_awaited WHERE awaited = ? AND entity = ? AND field = ?",
                    [(awaited, *place) for awaited, place in waiting],
                )
        touched, self._touched = list(self._touched), {}
        return touched

    def _cells_of_named(self, number: int) -> Iterator[Place]:
        """The cells of an entity whose row was made; those of papers' and listings' own families were shown by that."""
        kind = self.entities.names((number,))[number][0]
        for field in self.stored.fields_of(number):
            family = registry.family_of(kind, self.entities.field_name(field))
            if kind not in (PAPER, LISTING) or family is not registry.maker_of(kind):
                yield number, field

    def _is_own_news(self, place: Place) -> bool:
        """Whether what is shown of a cell is what was read from the tables just now."""
        return self.renders_later and place in self._written and len(self.stored.of(place)) == 1

    # Large values

    def pack_number(self, sha256: str) -> int:
        """The number of a pack, which gets one if it is new."""
        found = self._packs.get(sha256)
        if found is None:
            self.writer.execute("INSERT OR IGNORE INTO sync_packs (sha256) VALUES (?)", (sha256,))
            row = self.writer.execute("SELECT id FROM sync_packs WHERE sha256 = ?", (sha256,)).fetchone()
            found = self._packs[sha256] = int(row[0])
        return found

    def pack_name(self, number: int) -> str:
        """The SHA-256 of a pack by its number."""
        if not self._pack_names:
            self._pack_names.update(self.writer.execute("SELECT id, sha256 FROM sync_packs").fetchall())
        return self._pack_names[number]

    def settle_later(self, cell: Cell) -> None:
        """Have :meth:`settle` look at a cell."""
        place = self.place(cell)
        assert place is not None
        self._read_large.add(place)

    def settle(self) -> None:
        """Leave large values to the tables that contain them, and keep those that they do not."""
        places, self._read_large = self._read_large, set()
        single = {}
        for place in places:
            stored = self.stored.of(place)
            if len(stored) == 1 and stored[0].has_come:
                single[self.cell(place)] = place
        contained = self.values_in_tables(single)
        for cell, place in single.items():
            head = self.stored.of(place)[0]
            is_kept = cell not in contained or contained[cell] != head.head.value
            if is_kept != head.is_kept:
                self.set_heads(place, [_kept(head, head.head.value, is_kept=is_kept)])
        self.stored.store()


def _kept(stored: StoredHead, value: Json, *, is_kept: bool = True) -> StoredHead:
    """The head with its value kept, or left to the tables."""
    if not stored.has_come or stored.is_kept == is_kept:
        return stored
    made = with_value(stored, stored.head.value if stored.is_known else value)
    made.is_kept = is_kept
    return made


def _with_dot(head: Head, me: str) -> Context:
    """A head's context together with the head itself, unless it is an own one."""
    if head.device == me or head.context.get(head.device, 0) >= head.number:
        return head.context
    return {**head.context, head.device: head.number}
