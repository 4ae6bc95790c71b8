"""The heads of cells as they are stored, within one transaction.

The value of a large cell stands in the tables while it can: its head then has only its place in a pack, or nothing if
it is in none yet. It is kept with its head where the tables cannot show it: if it is one of several, or if its entity
is not here. A value whose pack has not come is awaited.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from reader.domain.sync import Head, Json
from reader.storage.sync import registry
from reader.storage.sync.contexts import Contexts
from reader.storage.sync.entities import Entities
from reader.storage.sync.packed import Stored, packed, unpacked
from reader.storage.writer import Writer, id_list

_HEADS = """
SELECT entity, field, device, number, time, context, value FROM sync_heads
WHERE entity IN (SELECT value FROM json_each(?))
"""
_INSERT = """
INSERT INTO sync_heads (entity, field, device, number, time, context, value) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (entity, field, device) DO UPDATE SET number = excluded.number, time = excluded.time,
    context = excluded.context, value = excluded.value
"""
_DELETE = "DELETE FROM sync_heads WHERE entity = ? AND field = ? AND device = ?"
_UNPUBLISHED = "INSERT INTO sync_unpublished (number, entity, field) VALUES (?, ?, ?)"
_REPLACED = "DELETE FROM sync_unpublished WHERE number = ?"

_Row = tuple[int, int, int, int, int, int, Stored]
_NONE: list[Any] = []
Place = tuple[int, int]
"""The number of an entity and of a field, which together name a cell."""


@dataclass(slots=True)
class StoredHead:
    """A head, and where its value is.

    ``pack`` and ``line`` are its place in a pack. ``is_kept`` tells that the value is stored with the head,
    ``has_come`` that it is here at all, ``is_known`` that ``head.value`` is the value.
    """

    head: Head
    context: int
    pack: int | None = None
    line: int | None = None
    is_kept: bool = True
    is_known: bool = True
    has_come: bool = True

    @classmethod
    def read(cls, head: Head, context: int, text: str | None, *, is_large: bool) -> StoredHead:
        """The head with the value that is stored as this text."""
        if not is_large:
            return cls(_with(head, None if text is None else json.loads(text)), context)
        parts = _parts(text)
        is_kept = len(parts) == _KEPT
        value = parts[2] if is_kept else None
        has_come = len(parts) <= _KEPT
        return cls(_with(head, value), context, parts[0], parts[1], is_kept, is_kept, has_come)

    def placed(self, pack: int, line: int) -> StoredHead:
        """The same at its place in a pack."""
        return replace(self, pack=pack, line=line)

    def text(self, *, is_large: bool) -> str | None:
        """What is stored for the value."""
        if not is_large and self.pack is None:
            return _compact(self.head.value)
        if not self.has_come:
            return _compact([self.pack, self.line, None, 0])
        if self.is_kept:
            return _compact([self.pack, self.line, self.head.value])
        if self.pack is None or self.line is None:
            return _NO_PLACE
        return str(self.pack * LINES + self.line) if self.line < LINES else _compact([self.pack, self.line])


LINES = 65_536
"""The place of a value in a pack is stored as one number: that of the pack times this, and the line."""
_NO_PLACE = str(LINES - 1)
"""Stands for no place, since packs are numbered from 1 on. SQLite stores it in three bytes as it does the places in the
first hundred packs, so that pages of the table need not be split when the value gets one."""
_KEPT = 3


def _parts(text: str | None) -> list[Any]:
    """The pack and the line of a large value, the value if it is kept, and 0 if it is awaited."""
    if text is None or text == _NO_PLACE:
        return [None, None]
    given = json.loads(text)
    return given if isinstance(given, list) else list(divmod(given, LINES))


def pack_of(stored: Stored) -> int | None:
    """The number of the pack that has a large value."""
    pack: int | None = _parts(unpacked(stored))[0]
    return pack


class Heads:
    """The heads of cells by the numbers of entity and field; changes are stored together by :meth:`store`."""

    def __init__(self, writer: Writer, entities: Entities, contexts: Contexts) -> None:
        """``writer`` is the open transaction's."""
        self._writer, self._entities, self._contexts = writer, entities, contexts
        self._found: dict[int, dict[int, list[StoredHead]]] = {}
        self._unread: dict[Place, list[_Row]] = {}
        self._stored: dict[Place, dict[int, int]] = {}
        """The changed cells, with the devices and numbers of the heads that are in the database."""
        self._large: dict[tuple[str, int], bool] = {}

    def load(self, numbers: Iterable[int]) -> None:
        """Read all heads of many entities at once."""
        wanted = {number for number in numbers if number not in self._found}
        if not wanted:
            return
        rows = self._writer.execute(_HEADS, (id_list(wanted),)).fetchall()
        for number in wanted:
            self._found[number] = {}
        for row in rows:
            self._unread.setdefault((row[0], row[1]), []).append(row)
            self._found[row[0]][row[1]] = []

    def of(self, place: Place) -> list[StoredHead]:
        """The heads of a cell, in no order."""
        entity, field = place
        if entity not in self._found:
            self.load((entity,))
        rows = self._unread.pop(place, None) if self._unread else None
        if rows is not None:
            self._found[entity][field] = [self._head(row) for row in rows]
        return self._found[entity].get(field, _NONE)

    def _head(self, row: _Row) -> StoredHead:
        entity, field, device, number, time, context, value = row
        text = unpacked(value)
        head = Head(self._contexts.device(device), number, time, self._contexts.context(context), None)
        return StoredHead.read(head, context, text, is_large=self.is_large(entity, field))

    def fields_of(self, entity: int) -> list[int]:
        """The fields of an entity that have heads."""
        self.load((entity,))
        return [field for field, heads in self._found[entity].items() if heads or (entity, field) in self._unread]

    def is_large(self, entity: int, field: int) -> bool:
        """Whether the cell's values travel in packs."""
        kind = self._entities.kind(entity)
        found = self._large.get((kind, field))
        if found is None:
            found = self._large[kind, field] = registry.is_large(kind, self._entities.field_name(field))
        return found

    def set(self, place: Place, heads: list[StoredHead]) -> None:
        """Give a cell these heads instead of those it has."""
        present = self.of(place)
        if place not in self._stored:
            number = self._contexts.device_id
            self._stored[place] = {number(each.head.device): each.head.number for each in present}
        self._found[place[0]][place[1]] = heads

    def know(self, place: Place, heads: list[StoredHead]) -> None:
        """Give a cell the same heads with their values, which need not be stored."""
        self._found[place[0]][place[1]] = heads

    def store(self) -> Collection[Place]:
        """Write all changes; the cells that were changed."""
        if not self._stored:
            return ()
        number, me = self._contexts.device_id, self._contexts.me
        gone: list[tuple[int, int, int]] = []
        new: list[_Row] = []
        own: list[tuple[int, int, int]] = []
        replaced: list[tuple[int]] = []
        several: list[Place] = []
        single: list[Place] = []
        for place, before in self._stored.items():
            entity, field = place
            heads = self._found[entity].get(field, _NONE)
            is_large = self.is_large(entity, field)
            if before:
                devices = [number(each.head.device) for each in heads]
                gone.extend((entity, field, device) for device in before if device not in devices)
            for each in heads:
                head = each.head
                text = packed(each.text(is_large=is_large))
                new.append((entity, field, number(head.device), head.number, head.time, each.context, text))
                if head.device == me.device and head.number > me.number:
                    own.append((head.number, entity, field))
                    replaced.extend([(before[me.device_id],)] if me.device_id in before else [])
            if len(heads) > 1:
                several.append(place)
            elif len(before) > 1:
                single.append(place)
        self._writer.executemany(_DELETE, gone)
        new.sort(key=itemgetter(0, 1, 2))  # in the order of the table, whose pages are full then
        self._writer.executemany(_INSERT, new)
        self._writer.executemany(_REPLACED, replaced)
        self._writer.executemany(_UNPUBLISHED, own)
        self._writer.executemany("INSERT OR IGNORE INTO sync_several (entity, field) VALUES (?, ?)", several)
        self._writer.executemany("DELETE FROM sync_several WHERE entity = ? AND field = ?", single)
        changed = self._stored
        self._stored = {}
        return changed.keys()


def heads_of(stored: Sequence[StoredHead]) -> list[Head]:
    """The heads whose values are here, by time and device."""
    if len(stored) == 1:
        return [stored[0].head] if stored[0].has_come else []
    return sorted((each.head for each in stored if each.has_come), key=lambda head: (head.time, head.device))


def with_value(stored: StoredHead, value: Json) -> StoredHead:
    """The same with its value, which has become known."""
    return replace(stored, head=_with(stored.head, value), is_known=True)


def _with(head: Head, value: Json) -> Head:
    return Head(head.device, head.number, head.time, head.context, value)


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
