"""Copies of a library that is synchronised: restored, bundled, saved in part, each under a name of its own or none."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from reader.domain.backups import BackupKind
from reader.services import Library
from reader.services.copies.bundles import unpack_bundle
from tests.services.annotating import bring
from tests.services.sync.machines import Machines, said, say


def name_of(library: Library) -> str:
    """The name under which a library writes."""
    status = library.sync.status()
    assert status is not None
    return status.device


def rows(database: Path) -> dict[str, int]:
    """The tables of sync that are not empty, but for those that say nothing of a device."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'sync_%' AND type = 'table'")
        names = [row[0] for row in tables.fetchall() if row[0] not in {"sync_fields", "sync_kinds"}]
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    assert "sync_me" in counts
    return {name: count for name, count in counts.items() if count}


def tags(library: Library) -> list[str]:
    return sorted(tag.name for tag in library.tags.all())


def test_a_restored_library_goes_on_and_nothing_is_lost_on_either_side(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    bring(laptop, "Ants", "Bees", "Cats", "Dogs", "Eels")
    laptop.tags.add([1, 2], ["before backup"])
    meeting.meet()
    laptop.tags.add([3], ["not said yet"])
    backup = laptop.backups.make(BackupKind.MANUAL)
    before = name_of(laptop)
    laptop.tags.add([4], ["after backup"])
    meeting.meet()
    laptop.backups.restore(backup.path)
    assert tags(laptop) == ["before backup", "not said yet"]
    own = laptop._store.sync.me()
    assert own is not None and own.fingerprint == "", "it is not told by its place or file alone"
    desktop.tags.add([1], ["elsewhere"])
    laptop.tags.add([5], ["after restore"])
    meeting.meet()
    assert name_of(laptop) != before
    expected = sorted(["before backup", "not said yet", "after backup", "after restore", "elsewhere"])
    assert tags(laptop) == tags(desktop) == expected
    assert name_of(desktop) not in {before, name_of(laptop)}
    laptop.tags.add([2], ["later"])
    meeting.meet()
    assert "later" in tags(desktop)


def test_a_backup_restored_elsewhere_is_another_device(meeting: Machines) -> None:
    (laptop,) = meeting.set_up("laptop")
    say(laptop, "ants")
    laptop.sync.run()
    backup = laptop.backups.make(BackupKind.MANUAL)
    other = meeting.library("other")
    other.backups.restore(backup.path)
    say(laptop, "bees")
    say(other, "cats")
    meeting.meet()
    assert name_of(other) != name_of(laptop)
    assert set(said(laptop)) == set(said(other)) == {"ants", "bees", "cats"}


def test_a_bundle_tells_nothing_of_devices(meeting: Machines) -> None:
    laptop, _ = meeting.set_up("laptop", "desktop")
    bring(laptop, "Ants", "Bees", "Cats", "Dogs", "Eels")
    laptop.tags.add([1], ["told"])
    meeting.meet()
    laptop.listings.remove(laptop.listings.all()[0].id)  # its papers' content is saved beside
    assert rows(laptop._store.path).keys() >= {"sync_me", "sync_heads", "sync_saved"}
    laptop.bundles.write(meeting.root / "all.lectern")
    unpack_bundle(meeting.root / "all.lectern", meeting.root / "third")
    database = meeting.root / "third" / "library.db"
    assert rows(database) == {}
    content = database.read_bytes()
    assert str(meeting.folder).encode() not in content
    with Library(meeting.root / "third", clock=meeting.clock) as third:
        assert third.sync.status() is None


def test_a_library_from_a_bundle_with_a_name_has_none(meeting: Machines, monkeypatch) -> None:
    """Whoever made it: another's device name must not be ours."""
    (laptop,) = meeting.set_up("laptop")
    say(laptop, "ants")
    laptop.sync.run()
    monkeypatch.setattr("reader.services.copies.bundles.leave_out_private", lambda copy: None)
    laptop.bundles.write(meeting.root / "all.lectern")
    unpack_bundle(meeting.root / "all.lectern", meeting.root / "third")
    assert rows(meeting.root / "third" / "library.db") == {}


def test_a_backup_of_annotations_has_no_name(meeting: Machines) -> None:
    (laptop,) = meeting.set_up("laptop")
    bring(laptop, "Ants", "Bees", "Cats", "Dogs", "Eels")
    laptop.tags.add([1], ["kept"])
    laptop.sync.run()
    backup = laptop.backups.make(BackupKind.ANNOTATIONS)
    assert rows(backup.path) == {}


def test_beginning_anew_says_what_was_said_under_an_earlier_name_too(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    say(desktop, "bees")
    meeting.meet()
    moved = meeting.copy("laptop", "moved")
    meeting.close("laptop")
    say(moved, "cats")
    meeting.meet("moved", "desktop")
    moved.sync.leave()
    meeting.folder = meeting.root / "another"
    _, third = meeting.set_up("moved", "third")
    assert said(moved) == said(third) == {name: f"title:{name}" for name in ("ants", "bees", "cats")}
