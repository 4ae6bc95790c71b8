"""What is known of the files of a target."""

from __future__ import annotations

from dataclasses import replace

from reader.storage.store import LibraryStore
from reader.storage.sync.files import SeenFile
from tests.storage.support import TickingClock

SEGMENT = SeenFile("devices/k3/000000000001-7.lecs", "400|1", "ab" * 32, "k3", 1, 7, 5, 400)
TORN = SeenFile("devices/q9/000000000001-2.lecs", "12|1", size=12)


def test_files_are_remembered_with_the_time_since_when_they_are_so(store: LibraryStore, clock: TickingClock) -> None:
    store.sync_files.remember([SEGMENT, TORN])
    known = store.sync_files.all()
    since = known[TORN.name].since
    assert since
    assert known == {each.name: replace(each, since=since) for each in (SEGMENT, TORN)}
    clock.advance(days=2)
    store.sync_files.remember([TORN])
    assert store.sync_files.all()[TORN.name].since == since
    store.sync_files.remember([SeenFile(TORN.name, "13|2", size=13)])
    assert store.sync_files.all()[TORN.name].since > since


def test_forgotten_files_are_unknown(store: LibraryStore) -> None:
    store.sync_files.remember([SEGMENT, TORN])
    store.sync_files.forget([])
    store.sync_files.forget([TORN.name])
    assert set(store.sync_files.all()) == {SEGMENT.name}
    store.sync_files.forget_all()
    assert store.sync_files.all() == {}
