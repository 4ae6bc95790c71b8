"""Opening libraries: making them private, refusing what is none, and telling what went wrong apart."""

from __future__ import annotations

import gc
import os
import sqlite3
import stat
import threading
import weakref
from contextlib import closing
from pathlib import Path

import pytest

from reader.domain.errors import LibraryBusyError, LibraryDamagedError, LibraryError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.storage import connection as connections
from reader.storage.errors import library_errors
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, add, fill, paper, query, titled


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="modes are a Unix matter")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_a_new_library_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with LibraryStore(tmp_path / "new" / "library.db") as store:
            fill(store)
            modes = {path.name: mode(path) for path in (tmp_path / "new").iterdir()}
    finally:
        os.umask(before)
    assert mode(tmp_path / "new") == 0o700
    assert set(modes) == {"library.db", "library.db-wal", "library.db-shm", "library.writer"}
    assert set(modes.values()) == {0o600}


def test_settings_that_durability_rests_on(store: LibraryStore) -> None:
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    assert [store.writer.db.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas] == ["wal", 2, 1, 1]


def test_readers_cannot_write(store: LibraryStore) -> None:
    fill(store)
    reader = store._readers.get()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("DELETE FROM sightings")


def test_reopening_finds_everything(tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db") as store:
        ids = fill(store)
        store.states.set(ids[:2], PaperState.DONE)
    with LibraryStore(tmp_path / "library.db") as store:
        assert store.views.counts().done == 2
        assert len(store.papers.ids(ALL_PAPERS)) == 5
        assert [str(step.title) for step in store.history.steps()] == ["Done: 2 papers", "import page"]


def test_reading_only_changes_nothing_and_refuses_to(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with LibraryStore(path) as store:
        ids = fill(store)
    before = path.read_bytes()
    with LibraryStore(path, read_only=True) as store:
        assert len(store.papers.ids(ALL_PAPERS)) == 5
        assert next(store.papers.read(ids[:1])).title == "On page subject 0"
        with pytest.raises(LibraryError, match="reading only"):
            store.states.set_starred(ids, True)
    assert path.read_bytes() == before


def test_reading_only_needs_a_library(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library"):
        LibraryStore(tmp_path / "library.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [b"this is a letter, not a database, and it is longer than a header of one hundred bytes" * 5, b"\0" * 4096],
    ids=["text", "zeros"],
)
def test_what_is_no_database_is_refused_and_left(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(damage)
    with pytest.raises(LibraryDamagedError, match="damaged or no library"):
        LibraryStore(path)
    assert path.read_bytes() == damage


def test_a_damaged_page_is_damage_and_no_bug(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with LibraryStore(path) as store:
        add(store, "long", *(paper(f"Subject {number}", "long " * 300) for number in range(200)))
    data = bytearray(path.read_bytes())
    data[len(data) // 3 :] = b"\xa5" * (len(data) - len(data) // 3)
    path.write_bytes(bytes(data))
    with pytest.raises(LibraryDamagedError), LibraryStore(path) as store:
        list(store.papers.read(store.papers.ids(ALL_PAPERS)))


def test_another_programs_database_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE papers (id INTEGER PRIMARY KEY, title TEXT)")
    before = path.read_bytes()
    with pytest.raises(LibraryError, match="not a Lectern library"):
        LibraryStore(path)
    assert path.read_bytes() == before


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    with pytest.raises(LibraryError, match="cannot be opened"):
        LibraryStore(tmp_path / "library.db")


def test_a_file_in_its_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("no folder")
    with pytest.raises(LibraryError, match="cannot be opened"):
        LibraryStore(tmp_path / "library" / "library.db")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind")
def test_a_file_that_may_not_be_written_to_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    LibraryStore(path).close()
    path.chmod(0o400)
    with pytest.raises(LibraryError, match="cannot be written to"):
        LibraryStore(path)


def test_a_full_disk_keeps_what_was_acknowledged(store: LibraryStore) -> None:
    ids = fill(store)
    pages = store.writer.db.execute("PRAGMA page_count").fetchone()[0]
    store.writer.db.execute(f"PRAGMA max_page_count={pages + 2}")
    with pytest.raises(LibraryError, match="no room left"):
        add(store, "large", *(paper(f"Large {number}", "word " * 400) for number in range(300)))
    assert len(store.papers.ids(ALL_PAPERS)) == 5
    assert store.states.set_starred(ids[:1], True)
    store.writer.db.execute("PRAGMA max_page_count=1000000")
    assert add(store, "large", paper("Large")).new == 1


def test_another_writer_is_waited_for_then_named(store: LibraryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = fill(store)
    store.writer.db.execute("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError, match="another program"):
            store.states.set_starred(ids, True)
        assert len(store.papers.ids(ALL_PAPERS)) == 5, "reading goes on"
        other.execute("ROLLBACK")
    assert store.states.set_starred(ids, True)


def test_a_locked_library_cannot_be_opened_for_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_BUSY_TIMEOUT", 0.05)
    path = tmp_path / "library.db"
    LibraryStore(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryBusyError):
            LibraryStore(path)


def test_a_closed_library_says_so(tmp_path: Path) -> None:
    store = LibraryStore(tmp_path / "library.db")
    store.close()
    with pytest.raises(LibraryError, match="closed"):
        store.listings.all()
    with pytest.raises(LibraryError, match="closed"):
        store.states.set_starred([1], True)
    store.close()


def test_each_thread_reads_by_itself_and_lets_go(store: LibraryStore) -> None:
    fill(store)
    store.views.counts()
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(store.views.counts().all)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [5] * 5
    assert len(store._readers._open) == 1, "only this thread's connection is left"
    store.release_thread()
    assert not store._readers._open
    assert store.views.counts().all == 5


def test_reading_does_not_wait_for_writing(store: LibraryStore) -> None:
    ids = fill(store)
    counts: list[int] = []
    with store.step(titled("half done")):
        store.states.set(ids, PaperState.DONE)
        thread = threading.Thread(target=lambda: counts.append(store.views.counts().done))
        thread.start()
        thread.join()
        assert counts == [0], "another thread sees what is committed"
        assert store.views.counts().done == 5, "this one what it wrote"
    assert store.views.counts().done == 5


def test_writes_from_several_threads_take_turns(store: LibraryStore) -> None:
    ids = fill(store, 40)
    threads = [
        threading.Thread(target=lambda paper_id=paper_id: store.states.set([paper_id], PaperState.QUEUED))
        for paper_id in ids
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.views.counts().queued == 40
    assert len(store.history.steps(100)) == 41


def test_text_that_is_no_unicode_is_refused_with_a_sentence(store: LibraryStore) -> None:
    with pytest.raises(Exception, match="invalid Unicode"):
        add(store, "broken", paper("Fine"), paper("Half a pair \ud800"))
    assert not store.listings.all()


def test_the_clock_decides_times(tmp_path: Path) -> None:
    clock = TickingClock()
    with LibraryStore(tmp_path / "library.db", clock=clock) as store:
        ids = fill(store)
        store.states.set(ids[:1], PaperState.DONE)
        found = next(store.papers.read(ids[:1]))
        assert found.first_seen.startswith("2026-03-01T12:00:0")
        assert found.state_changed is not None
        assert found.state_changed > found.first_seen
        assert query(store, "SELECT min(time) FROM operations")[0][0].endswith("Z")


def test_a_write_that_is_not_allowed_names_permissions(store: LibraryStore) -> None:
    reader = connections.open_reader(store.path, for_copying=True)
    with closing(reader), pytest.raises(LibraryError, match="cannot be written to"), library_errors(store.path):
        reader.execute("DELETE FROM tags")


def test_other_errors_of_sqlite_stay_what_they_are(store: LibraryStore) -> None:
    reader = store._readers.get()
    with pytest.raises(sqlite3.OperationalError, match="no such table"), library_errors(store.path):
        reader.execute("SELECT * FROM absent")


def test_nothing_is_kept_of_a_store_that_was_closed(tmp_path: Path) -> None:
    """A window that opens many libraries would keep a connection's memory of each."""
    store = LibraryStore(tmp_path / "library.db")
    store.views.counts()
    readers = weakref.ref(store._readers)
    store.close()
    del store
    gc.collect()
    assert readers() is None
