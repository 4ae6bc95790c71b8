"""What is known to exist but has not arrived."""

from __future__ import annotations

import re
import sqlite3

from reader.domain.sync import WaitingFor

_PACKS = """
SELECT sync_devices.name, count(DISTINCT awaited), coalesce(min(since), '')
FROM sync_awaited JOIN sync_heads USING (entity, field) JOIN sync_devices ON sync_devices.id = sync_heads.device
LEFT JOIN sync_packs ON sha256 = substr(awaited, 6)
WHERE awaited >= 'pack:' AND awaited < 'pack;' AND sync_heads.value LIKE '%,null,0]' GROUP BY sync_heads.device
"""
_SEGMENTS = """
SELECT device, first, last, coalesce(since, ''), sha256, name FROM sync_files WHERE device <> ''
AND device <> (SELECT sync_devices.device FROM sync_me JOIN sync_devices ON sync_devices.id = device_id)
ORDER BY device, first
"""
_RANGE = re.compile(r"/\d{12}-(\d{1,18})[^/]*$", re.ASCII)


def waiting_for(connection: sqlite3.Connection) -> list[WaitingFor]:
    """For each device, packs that its writes refer to, torn segments, and those before the ones that are held back."""
    files: dict[str, int] = {}
    since: dict[str, str] = {}

    def add(device: str, number: int, time: str) -> None:
        files[device] = files.get(device, 0) + number
        since[device] = min(filter(None, (since.get(device, ""), time)), default="")

    for name, number, time in connection.execute(_PACKS).fetchall():
        add(name, number, time)
    known = {row[0]: row[1:] for row in connection.execute("SELECT device, name, applied FROM sync_devices")}
    covered: dict[str, int] = {}
    for device, first, last, time, sha256, file in connection.execute(_SEGMENTS).fetchall():
        name, applied = known.get(device, (device, 0))
        if not sha256:
            named = _RANGE.search(file)  # a copy of what is here already is not awaited
            if named is None or int(named[1]) > applied:
                add(name or device, 1, time)
            continue
        end = covered.get(device, applied)
        if first > end + 1:
            add(name or device, 1, time)
        covered[device] = max(end, last)
    return [WaitingFor(name, files[name], since[name]) for name in sorted(files)]
