"""A library's side of synchronising: ``store.sync``."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.sync import Arrived, Device, Json, KeptBeside, KnownDevice, Segment, WaitingFor
from reader.storage.subject import Subject, step
from reader.storage.sync import beside, engine, identity, registry
from reader.storage.sync.arrival import Arrival
from reader.storage.sync.engine import ReadPack
from reader.storage.sync.heads import LINES, pack_of
from reader.storage.sync.publication import Portion, portion
from reader.storage.sync.waiting import waiting_for
from reader.storage.sync.work import Work, milliseconds
from reader.storage.writer import id_list, text_list

SEGMENT_BYTES = 4_000_000
_UNPUBLISHED = "SELECT (SELECT count(*) FROM sync_dirty) + (SELECT count(*) FROM sync_unpublished)"
_UNUSED_CONTEXTS = "DELETE FROM sync_contexts WHERE id NOT IN (SELECT context FROM sync_heads)"
_LIVING = "SELECT number FROM sync_heads WHERE device = (SELECT device_id FROM sync_me)"
_PACKS = """
SELECT awaited, max(sync_devices.name) FROM sync_awaited JOIN sync_heads USING (entity, field)
JOIN sync_devices ON sync_devices.id = sync_heads.device WHERE awaited >= 'pack:' AND awaited < 'pack;' GROUP BY awaited
"""

_OWN_LARGE = """
FROM sync_heads WHERE device = (SELECT device_id FROM sync_me) AND field IN (
    SELECT sync_fields.id FROM sync_fields, json_each(?) AS pattern WHERE sync_fields.name GLOB pattern.value
)
"""
_OWN_PACKS = f"SELECT DISTINCT value / {LINES} {_OWN_LARGE} AND typeof(value) = 'integer'"
_OWN_PACKED = f"SELECT value {_OWN_LARGE} AND typeof(value) IN ('text', 'blob')"


class StoredSync(Subject):
    """What a library knows of other devices: who they are, what they said, and what of that is not shown.

    Only one process at a time may synchronise a library. All but :meth:`me`, :meth:`begin` and :meth:`end` need one
    that is synchronised.
    """

    # Who this is

    def me(self) -> Device | None:
        """This library's name among the others; None if it is not synchronised."""
        return self._read(identity.me)

    def devices(self) -> list[KnownDevice]:
        """The other devices of which writes were applied, by name."""
        return self._read(identity.others)

    def vector(self) -> dict[str, int]:
        """For each device the number up to which its writes are known; for this one, of those it made."""
        me = self.me()
        own = {me.device: me.number} if me else {}
        return {each.device: each.applied for each in self.devices()} | own

    def begin(
        self, library: str, device: str, name: str, target: str, fingerprint: str, *, from_tables: bool = True
    ) -> None:
        """Begin to synchronise as a new ``device``; with ``from_tables`` it says all that is here.

        Raises :class:`ReaderError` if the library is synchronised already.
        """
        with self._store.unrecorded(alone=True) as writer:
            own = Device(library, device, name, target, 0, 0, fingerprint)
            identity.begin(writer, own, from_tables=from_tables)

    def end(self) -> None:
        """Forget that the library was synchronised; nothing that people see changes."""
        with self._store.unrecorded(alone=True) as writer:
            identity.end(writer)

    def become(self, device: str, *, restamp_from: int, fingerprint: str) -> None:
        """Take a new name, because another library has (or had) this one: what was said under it is another's.

        The own writes numbered from ``restamp_from`` on, which others may not have, are said again.
        """
        with self._store.unrecorded(alone=True) as writer:
            identity.become(writer, device, restamp_from=restamp_from, fingerprint=fingerprint)

    def set_target(self, target: str) -> None:
        """Synchronise with another folder or address."""
        self._set("target", target)

    def set_name(self, name: str) -> None:
        """Call this device otherwise."""
        self._set("name", name)

    def _set(self, column: str, value: str | int) -> None:
        with self._store.unrecorded() as writer:
            writer.execute(f"UPDATE sync_me SET {column} = ?", (value,))

    # Out

    def flush(self, *, cancelled: Callable[[], bool] = bool) -> int:
        """Turn all changes into writes, in several transactions; how many writes."""
        before = self._number()
        while not cancelled():
            with self._working() as work:
                if not engine.flush(work):
                    break
        return self._number() - before

    def pending(self) -> int:
        """How many changes and writes are not in the target yet."""
        return int(self._rows(_UNPUBLISHED)[0][0])

    def outgoing(self, after: int, limit_bytes: int = SEGMENT_BYTES) -> Iterator[Portion]:
        """The own writes numbered above ``after``, as segments with the packs that have to be written before them.

        ``limit_bytes`` is the most bytes of a segment before it is compressed. The last segment ends with the last
        write that was made.
        """
        return self._portions(after + 1, self._number(), limit_bytes, repacks=True)

    def own(self, first: int, last: int, limit_bytes: int = SEGMENT_BYTES) -> Iterator[Portion]:
        """Those of the own writes in a range that still stand; with packs only of values that are in none yet."""
        return self._portions(first, last, limit_bytes, repacks=False)

    def mark_published(self, number: int) -> None:
        """The own writes up to this number are in the target."""
        with self._store.unrecorded() as writer:
            writer.execute("UPDATE sync_me SET published = ?", (number,))
            writer.execute("DELETE FROM sync_unpublished WHERE number <= ?", (number,))

    def living(self) -> Callable[[int, int], int]:
        """How many of the own writes in a range (both ends included) still stand; all are looked at once for that."""
        numbers = array("q", sorted(row[0] for row in self._rows(_LIVING)))
        return lambda first, last: bisect_right(numbers, last) - bisect_left(numbers, first)

    def forget_contexts(self) -> int:
        """Forget the contexts that no write that still stands has; how many."""
        with self._store.unrecorded() as writer:
            return int(writer.execute(_UNUSED_CONTEXTS).rowcount)

    def own_packs(self) -> set[str]:
        """The SHA-256 of the packs that own writes refer to."""
        names = [name for family in registry.FAMILIES for name in family.large]
        patterns = text_list(f"{name}*" if name.endswith(":") else name for name in names)
        packs = {row[0] for row in self._rows(_OWN_PACKS, (patterns,))}
        packs |= {pack_of(row[0]) for row in self._rows(_OWN_PACKED, (patterns,))}
        given = id_list(pack for pack in packs if pack)
        sql = "SELECT sha256 FROM sync_packs WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._rows(sql, (given,))}

    def forget_packs(self, sha256s: Collection[str]) -> int:
        """Say the own writes again whose packs were lost, so that they get new ones; how many writes."""
        with self._working() as work:
            return engine.say_again(work, sha256s)

    def _portions(self, first: int, last: int, limit: int, *, repacks: bool) -> Iterator[Portion]:
        me = self.me()
        while me is not None and first <= last:
            with self._working() as work:
                made = portion(work, me.name, first, last, limit, repacks=repacks)
            yield made
            first = made.segment.last + 1

    def _number(self) -> int:
        me = self.me()
        return me.number if me else 0

    @contextmanager
    def _working(self) -> Iterator[Work]:
        """A transaction that changes nothing people see."""
        with self._store.unrecorded() as writer:
            work = Work(writer, milliseconds(self._store.clock()))
            yield work
            work.store()

    # In

    def apply(self, segment: Segment, read_pack: ReadPack, *, recorded: bool = True) -> Arrived | None:
        """Take in a segment of another device; None if it has to wait for an earlier one.

        What of it is known is passed over. ``read_pack`` gives the rows of a pack by its SHA-256, None if that is not
        here. It is a step of the history unless ``recorded`` is false, as for the first download.
        """
        applied = self.vector().get(segment.device, 0)
        me = self.me()
        if me is None or segment.device == me.device or segment.last <= applied:
            return Arrived()
        if segment.first > applied + 1:
            return None
        arrival = Arrival(self._store, segment.name or segment.device, recorded=recorded)
        writes = [write for write in segment.writes if write.number > applied]
        for part in engine.batches(writes, lambda: arrival.size):
            with arrival.transaction() as work:
                engine.receive(work, segment.device, part, read_pack)
                if part[-1] is writes[-1]:
                    work.contexts.set_applied(segment.device, segment.last, segment.name, work.writer.now)
        if not writes:
            with self._working() as work:
                work.contexts.set_applied(segment.device, segment.last, segment.name, work.writer.now)
        return arrival.arrived

    def take_packs(self, read_pack: ReadPack) -> Arrived:
        """Take in large values whose packs have come since, and show what has waited for nothing else."""
        change, counts = Change(), Counter[str]()
        for arrived in self._late(read_pack):
            change = arrived.change.joined_with(change)
            counts.update(arrived.counts)
        return Arrived(change, dict(counts))

    def _late(self, read_pack: ReadPack) -> Iterator[Arrived]:
        for awaited, device in self._rows(_PACKS):
            rows = read_pack(awaited.removeprefix(engine.PACK))
            arrival = Arrival(self._store, device or "?")
            taken = rows is not None
            while taken:
                with arrival.transaction() as work:
                    taken = engine.take_pack(work, awaited, rows or (), arrival.size)
            yield arrival.arrived
        if self._rows("SELECT 1 FROM sync_awaited WHERE awaited IN ('', '?') LIMIT 1"):
            arrival = Arrival(self._store)
            with arrival.transaction():
                pass
            yield arrival.arrived

    def is_behind(self) -> bool:
        """Whether an earlier version of Lectern wrote the tables, which shows something otherwise than this one."""
        return bool(self._rows("SELECT 1 FROM sync_me WHERE fields < ?", (registry.FIELDS,)))

    def render_all(self) -> Arrived:
        """Write everything that is shown into the tables anew, in several transactions; what differed.

        Nothing does unless the library :meth:`is_behind`, which it is no longer then.
        """
        arrival = Arrival(self._store)
        last: int | None = 0
        while last is not None:
            with arrival.transaction() as work:
                last = engine.touch_entities(work, last, arrival.size)
        self._set("fields", registry.FIELDS)
        return arrival.arrived

    def waiting(self) -> list[WaitingFor]:
        """What is known to exist but has not arrived, by device."""
        return self._read(waiting_for)

    # Beside

    def kept_beside(self) -> list[KeptBeside]:
        """The values that are not shown, because another device said something else at the same time."""
        if not self._rows("SELECT 1 FROM sync_several LIMIT 1"):
            return []
        with self._working() as work:
            return beside.kept_beside(work)

    @step
    def take(self, value_id: str) -> StepTitle:
        """Show the value kept beside that has this id, and only that one stands. It is a step.

        Raises :class:`ReaderError` if it is not there any more.
        """
        return self._settle(value_id, beside.choose)

    @step
    def keep_shown(self, value_id: str) -> StepTitle:
        """Keep what is shown instead of the value with this id, and of all others beside it. Raises as :meth:`take`."""
        return self._settle(value_id, beside.keep_shown)

    def _settle(self, value_id: str, settle: Callable[[Work, str], Json]) -> StepTitle:
        work = Work(self._writer, milliseconds(self._store.clock()))
        engine.flush_all(work)
        try:
            settle(work, value_id)
        except (LookupError, ValueError) as error:
            raise ReaderError("This value is no longer kept beside; look at the list again.") from error
        engine.render(work)
        work.store()
        return StepKind.TOOK_BESIDE()
