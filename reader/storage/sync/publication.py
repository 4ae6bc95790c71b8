"""This device's own writes, as segments and packs to be written into a target."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from reader.domain.sync import PACK_ROWS, Cell, Head, Json, Pack, PackRef, Segment, Write, canonical
from reader.storage.sync.heads import StoredHead, with_value
from reader.storage.sync.packed import packed, unpacked
from reader.storage.sync.work import Work

PACK_BYTES = 4_000_000
"""The most bytes of a pack before it is compressed, so that it is a small file even where that is of no use."""
_MOST_PACKS = 2
"""The most full packs that go with one segment, so that little is held in memory."""
_MOST_WRITES = 20_000
_AT_ONCE = 500
"""The cells whose large values are read from the tables together."""
_OVERHEAD = 40
"""The bytes of a write without its value and uid, about."""
_OWN = """
SELECT number, time, context, entity, field, value FROM sync_heads
WHERE device = ? AND number BETWEEN ? AND ? ORDER BY number LIMIT ?
"""
_UNPUBLISHED = """
SELECT h.number, h.time, h.context, h.entity, h.field, h.value FROM sync_unpublished u
CROSS JOIN sync_heads h ON h.entity = u.entity AND h.field = u.field AND h.device = ? AND h.number = u.number
WHERE u.number BETWEEN ? AND ? ORDER BY u.number LIMIT ?
"""
_PLACE = "UPDATE sync_heads SET value = ? WHERE entity = ? AND field = ? AND device = ?"


class Portion(NamedTuple):
    """A segment, and the packs that have to be in the target before it."""

    packs: Sequence[Pack]
    segment: Segment


class _Own(NamedTuple):
    """An own head as it is stored."""

    number: int
    time: int
    context: int
    entity: int
    field: int
    text: str | None


def portion(work: Work, name: str, first: int, last: int, limit: int, *, repacks: bool) -> Portion:
    """The own writes from number ``first`` on, as many as fit, at most to ``last``.

    With ``repacks`` all large values go into new packs, else only those that are in none. Their places are recorded.
    ``limit`` is the most bytes of the segment before it is compressed; ``name`` is the device's for people.
    """
    me = work.contexts.me
    published = work.writer.execute("SELECT published FROM sync_me").fetchone()[0]
    # What is published already is needed seldom; it is looked for among all writes.
    rows = work.writer.execute(_OWN if first <= published else _UNPUBLISHED, (me.device_id, first, last, _MOST_WRITES))
    found = [_Own._make((*row[:-1], unpacked(row[-1]))) for row in rows]
    end = last if len(found) < _MOST_WRITES else found[-1].number
    packing = _Packing(work)
    writes: list[Write] = []
    slots: dict[int, int] = {}
    size = 0
    for own, cell, value, stored in _valued(work, found, repacks=repacks):
        if writes and (size > limit or packing.is_full):
            end = writes[-1].number
            break
        size += _OVERHEAD + len(cell.uid) + (len(own.text) if own.text and stored is None else 0)
        if stored is not None and not isinstance(value, PackRef):
            slots[len(writes)] = packing.add(own, stored, value)
            value = None
        writes.append(Write(own.number, own.time, work.contexts.context(own.context), cell, value))
    packing.close()
    for index, slot in slots.items():
        writes[index] = replace(writes[index], value=packing.places[slot])
    return Portion(packing.packs, Segment(me.device, name, first, end, tuple(writes)))


def _valued(
    work: Work, found: Sequence[_Own], *, repacks: bool
) -> Iterator[tuple[_Own, Cell, Json | PackRef, StoredHead | None]]:
    """Own heads with their cells and values, and with the stored head if the value is to be put into a pack.

    One whose row has been deleted meanwhile is left out; a later write says so.
    """
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        names = work.entities.names({own.entity for own in part})
        cells = [Cell(*names[own.entity], work.entities.field_name(own.field)) for own in part]
        large = {
            cell: StoredHead.read(Head("", 0, 0, {}, None), 0, own.text, is_large=True)
            for own, cell in zip(part, cells, strict=True)
            if work.stored.is_large(own.entity, own.field)
        }
        unread = [cell for cell, head in large.items() if not head.is_kept and (repacks or head.pack is None)]
        contained = work.values_in_tables(unread)
        for own, cell in zip(part, cells, strict=True):
            stored = large.get(cell)
            if stored is None:
                yield own, cell, None if own.text is None else json.loads(own.text), None
            elif stored.pack is not None and stored.line is not None and not repacks:
                yield own, cell, PackRef(work.pack_name(stored.pack), stored.line), None
            elif stored.is_kept or cell in contained:
                yield own, cell, stored.head.value if stored.is_kept else contained[cell], stored


class _Packing:
    """Distributes large values over packs, and records their places."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.packs: list[Pack] = []
        self.places: list[PackRef] = []
        """Where the values are, in the order in which they were added; of the last ones once this is closed."""
        self._rows: list[tuple[_Own, StoredHead, Json]] = []
        self._size = 0

    @property
    def is_full(self) -> bool:
        """Whether the portion should end here."""
        return len(self.packs) >= _MOST_PACKS

    def add(self, own: _Own, stored: StoredHead, value: Json) -> int:
        """Put a value into a pack; its number in ``places``."""
        number = len(self.places) + len(self._rows)
        self._rows.append((own, stored, value))
        self._size += len(canonical(value))
        if len(self._rows) >= PACK_ROWS or self._size >= PACK_BYTES:
            self.close()
        return number

    def close(self) -> None:
        """End the pack that is being filled."""
        if not self._rows:
            return
        pack = Pack.of(value for _, _, value in self._rows)
        number, me = self._work.pack_number(pack.sha256), self._work.contexts.me.device_id
        placed = [
            (packed(with_value(stored, value).placed(number, line).text(is_large=True)), own.entity, own.field, me)
            for line, (own, stored, value) in enumerate(self._rows)
        ]
        self._work.writer.executemany(_PLACE, placed)
        self.places.extend(PackRef(pack.sha256, line) for line in range(len(placed)))
        self.packs.append(pack)
        self._rows, self._size = [], 0
