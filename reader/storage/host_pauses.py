"""Hosts that want no request for some time (``Retry-After``); not journalled, as undo forgets no wish of theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from reader.storage.subject import Subject
from reader.storage.writer import iso_time, iso_time_after

_NOTE = "INSERT OR REPLACE INTO host_pauses (host, until, error) VALUES (?, ?, ?)"


class HostPauses(Subject):
    """How long each host wants no request, and the sentence that said so."""

    def all(self) -> dict[str, tuple[float, str]]:
        """The seconds that are left by host, with the sentence."""
        now = self._store.clock()
        rows = self._rows("SELECT host, until, error FROM host_pauses WHERE until > ?", (iso_time(now),))
        return {host: ((datetime.fromisoformat(until) - now).total_seconds(), error) for host, until, error in rows}

    def note(self, pauses: Mapping[str, tuple[float, str]]) -> None:
        """Record pauses that begin now, and forget those that are over."""
        now = self._store.clock()
        with self._store.unrecorded() as writer:
            writer.execute("DELETE FROM host_pauses WHERE until <= ?", (iso_time(now),))
            for host, (seconds, error) in pauses.items():
                writer.execute(_NOTE, (host, iso_time_after(now, seconds), error))
