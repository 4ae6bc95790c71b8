"""Devices and contexts by number; a context is stored once, however many writes have it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from reader.domain.sync import Context
from reader.storage.writer import Writer


class Me(NamedTuple):
    """This device: its number among the devices, its name, the writes it made, and its clock (milliseconds)."""

    device_id: int
    device: str
    number: int
    clock: int


class Contexts:
    """Devices, contexts and the own vector, within one transaction."""

    def __init__(self, writer: Writer) -> None:
        """``writer`` is the open transaction's."""
        self._writer = writer
        rows = writer.execute("SELECT id, device, applied FROM sync_devices").fetchall()
        self._names: dict[int, str] = {row[0]: row[1] for row in rows}
        self._ids = {name: number for number, name in self._names.items()}
        self._applied = {row[1]: row[2] for row in rows}
        self._contexts: dict[int, Context] = {}
        self._numbers: dict[str, int] = {}
        sql = "SELECT device_id, device, number, clock FROM sync_me JOIN sync_devices ON sync_devices.id = device_id"
        self.me = Me._make(writer.execute(sql).fetchone())

    def vector(self) -> dict[str, int]:
        """For each other device the number up to which its writes were applied.

        Own writes are left out: a later one replaces an earlier one of the same cell anyway, and so all that a device
        writes between two arrivals shares one context.
        """
        return {device: applied for device, applied in self._applied.items() if applied and device != self.me.device}

    def device_id(self, device: str) -> int:
        """The number of a device, which gets one if it is unknown."""
        found: int | None = self._ids.get(device)
        if found is None:
            found = self._writer.insert("sync_devices", {"device": device})
            self._ids[device], self._names[found] = found, device
        return found

    def device(self, number: int) -> str:
        """The name of a device by its number."""
        return self._names[number]

    def applied(self, device: str) -> int:
        """The number up to which a device's writes were applied."""
        return int(self._applied.get(device, 0))

    def set_applied(self, device: str, number: int, name: str, now: str) -> None:
        """A device's writes were applied up to this number; its name for people, and when it was heard of."""
        sql = "UPDATE sync_devices SET applied = ?, name = ?, heard = ? WHERE id = ?"
        self._writer.execute(sql, (number, name, now, self.device_id(device)))
        self._applied[device] = number

    def load(self, numbers: Iterable[int]) -> None:
        """Read many contexts at once."""
        wanted = {number for number in numbers if number not in self._contexts}
        if wanted:
            sql = "SELECT id, vector FROM sync_contexts WHERE id IN (SELECT value FROM json_each(?))"
            for number, vector in self._writer.execute(sql, (json.dumps(list(wanted)),)):
                named = {self._names[int(device)]: known for device, known in json.loads(vector).items()}
                self._contexts[number] = named

    def context(self, number: int) -> Context:
        """A context by its number."""
        if number not in self._contexts:
            self.load((number,))
        return self._contexts[number]

    def number(self, context: Context) -> int:
        """The number of a context, which gets one if it is new."""
        by_id = {self.device_id(device): known for device, known in context.items() if known}
        text = json.dumps({str(each): by_id[each] for each in sorted(by_id)}, separators=(",", ":"))
        found = self._numbers.get(text)
        if found is None:
            self._writer.execute("INSERT OR IGNORE INTO sync_contexts (vector) VALUES (?)", (text,))
            row = self._writer.execute("SELECT id FROM sync_contexts WHERE vector = ?", (text,)).fetchone()
            found = self._numbers[text] = int(row[0])
            self._contexts[found] = context
        return found
