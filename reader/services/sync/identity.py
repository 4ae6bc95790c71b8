"""Whether this library is still the only one that writes under its device's name.

A library that was copied, or whose database file is an older one again, must not go on numbering writes under a name
that another uses: each would take the other's for its own. It goes on under a new name, and says again what it had
said under the old one in numbers that the other used as well.
"""

from __future__ import annotations

from collections.abc import Iterable

from reader.domain.errors import SyncFileError
from reader.domain.sync import Cell, Segment
from reader.services.sync.fingerprint import fingerprint
from reader.services.sync.meeting import Meeting
from reader.services.sync.seen import Seen
from reader.services.sync.setting_up import new_id
from reader.storage.store import LibraryStore
from reader.storage.sync.files import SeenFile

_Said = dict[int, tuple[int, Cell]]


def check_fingerprint(store: LibraryStore) -> bool:
    """Take a new name if this library is a copy, or was moved; whether it did."""
    me = store.sync.me()
    assert me is not None
    present = fingerprint(store.path)
    if me.fingerprint == present:
        return False
    _become(store, me.device, me.published + 1, present)
    return True


def check_strangers(store: LibraryStore, meeting: Meeting, seen: Seen) -> bool:
    """Take a new name if the target has files of this device's name that this library did not write; whether it did."""
    me = store.sync.me()
    assert me is not None
    if not seen.strangers:
        return False
    said = _said(portion.segment for portion in store.sync.own(1, me.number))
    first = min(me.published + 1, *(_first_apart(file, _read(meeting, data), said) for file, data in seen.strangers))
    _become(store, me.device, first, me.fingerprint)
    return True


def _first_apart(file: SeenFile, segment: Segment | None, said: _Said) -> int:
    """The first number of a file that may mean another write there than here.

    Up to the last write that both have, all are the same: two copies of a library part only once.
    """
    theirs = _said([segment] if segment is not None else [])
    same = [number for number, write in theirs.items() if said.get(number) == write]
    return max([file.first - 1, *same]) + 1


def _said(segments: Iterable[Segment]) -> _Said:
    return {write.number: (write.time, write.cell) for segment in segments for write in segment.writes}


def _read(meeting: Meeting, data: bytes) -> Segment | None:
    try:
        return meeting.segment(data)
    except SyncFileError:
        return None


def _become(store: LibraryStore, former: str, restamp_from: int, present: str) -> None:
    """Go on under a new name; the files of the former one are read like any other's."""
    store.sync.become(new_id(), restamp_from=restamp_from, fingerprint=present)
    store.sync_files.forget([name for name, each in store.sync_files.all().items() if each.device == former])
