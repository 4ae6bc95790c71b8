"""This device's own writes, as segments and packs to be written into a target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reader.domain.sync import PACK_ROWS, Cell, Pack, PackRef, Segment, Write, canonical
from reader.storage.sync.heads import Place, StoredHead
from reader.storage.sync.work import Work

PACK_BYTES = 4_000_000
"""The most bytes of a pack before it is compressed, so that it is a small file even where that is of no use."""
_MOST_PACKS = 4
"""The most full packs that go with one segment, so that little is held in memory."""
_MOST_WRITES = 20_000
_AT_ONCE = 500
"""The cells whose large values are read from the tables together."""
_OVERHEAD = 40
"""The bytes of a write without its value and uid, about."""
_OWN = """
SELECT number, entity, field FROM sync_heads WHERE device = ? AND number BETWEEN ? AND ? ORDER BY number LIMIT ?
"""


class Portion(NamedTuple):
    """A segment, and the packs that have to be in the target before it."""

    packs: Sequence[Pack]
    segment: Segment


def portion(work: Work, name: str, first: int, last: int, limit: int, *, repacks: bool) -> Portion:
    """The own writes from number ``first`` on, as many as fit, at most to ``last``.

    With ``repacks`` all large values go into new packs, else only those that are in none. Their places are recorded.
    ``limit`` is the most bytes of the segment before it is compressed; ``name`` is the device's for people.
    """
    me = work.contexts.me
    found = work.writer.execute(_OWN, (me.device_id, first, last, _MOST_WRITES)).fetchall()
    end = last if len(found) < _MOST_WRITES else found[-1][0]
    packing = _Packing(work)
    writes: list[tuple[Write, int | None]] = []
    size = 0
    for start in range(0, len(found), _AT_ONCE):
        part = [((entity, field), number) for number, entity, field in found[start : start + _AT_ONCE]]
        for place, cell, stored in _own_heads(work, part, repacks=repacks):
            if size > limit or packing.is_full:
                return packing.done(Segment(me.device, name, first, writes[-1][0].number, ()), writes)
            head, value, slot = stored.head, stored.head.value, None
            if work.stored.is_large(*place):
                if stored.pack is not None and stored.line is not None and not repacks:
                    reference = PackRef(work.pack_name(stored.pack), stored.line)
                    writes.append((Write(head.number, head.time, head.context, cell, reference), None))
                    continue
                if not stored.is_known:
                    continue  # its row has been deleted; a later write says so
                value, slot = None, packing.add(place, stored)
            size += _OVERHEAD + len(cell.uid) + len(canonical(value))
            writes.append((Write(head.number, head.time, head.context, cell, value), slot))
    return packing.done(Segment(me.device, name, first, end, ()), writes)


def _own_heads(work: Work, part: Sequence[tuple[Place, int]], *, repacks: bool) -> list[tuple[Place, Cell, StoredHead]]:
    """The own heads of cells, with the values of those that are to be packed."""
    work.stored.load({place[0] for place, _ in part})
    work.entities.names({place[0] for place, _ in part})
    own: list[tuple[Place, Cell]] = [(place, work.cell(place)) for place, _ in part]
    me = work.contexts.me.device
    unread = [
        cell
        for place, cell in own
        if any(
            each.head.device == me and not each.is_known and (repacks or each.pack is None)
            for each in work.stored.of(place)
        )
    ]
    work.read_large(unread)
    return [
        (place, cell, next(each for each in work.stored.of(place) if each.head.device == me)) for place, cell in own
    ]


class _Packing:
    """Distributes large values over packs, and records their places."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._packs: list[Pack] = []
        self._rows: list[tuple[Place, StoredHead]] = []
        self._size = 0
        self._slots: list[PackRef] = []

    @property
    def is_full(self) -> bool:
        """Whether the portion should end here."""
        return len(self._packs) >= _MOST_PACKS

    def add(self, place: Place, stored: StoredHead) -> int:
        """Put a value into a pack; the number by which its place is known afterwards."""
        self._size += len(canonical(stored.head.value))
        self._rows.append((place, stored))
        slot = len(self._slots) + len(self._rows) - 1
        if len(self._rows) >= PACK_ROWS or self._size >= PACK_BYTES:
            self._close()
        return slot

    def done(self, segment: Segment, writes: Sequence[tuple[Write, int | None]]) -> Portion:
        """The portion with these writes, whose large values are named by their numbers."""
        self._close()
        self._work.stored.store()
        made = tuple(
            write if slot is None else Write(write.number, write.time, write.context, write.cell, self._slots[slot])
            for write, slot in writes
        )
        return Portion(self._packs, Segment(segment.device, segment.name, segment.first, segment.last, made))

    def _close(self) -> None:
        if not self._rows:
            return
        pack = Pack.of(stored.head.value for _, stored in self._rows)
        number = self._work.pack_number(pack.sha256)
        for line, (place, stored) in enumerate(self._rows):
            others = [each for each in self._work.stored.of(place) if each.head.device != stored.head.device]
            self._work.set_heads(place, [*others, stored.placed(number, line)])
            self._slots.append(PackRef(pack.sha256, line))
        self._packs.append(pack)
        self._rows, self._size = [], 0
