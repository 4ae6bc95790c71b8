"""Whatever takes a database in closes every connection it opened: newer Pythons tell of those that are left."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from reader.domain.backups import BackupKind
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.services import Library
from reader.services.copies.salvage import recover, salvage
from reader.storage.copies.differences import compare
from tests.services.support import clock, finish, listing_text


@pytest.fixture
def left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[int]]:
    """The connections that are open, by numbers of their own."""
    numbers, opened, connect = count(), set[int](), sqlite3.connect

    class Counted(sqlite3.Connection):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.number = next(numbers)
            opened.add(self.number)

        def close(self) -> None:
            super().close()
            opened.discard(self.number)

    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{"factory": Counted, **named}))
    with sqlite3.connect(":memory:") as canary:
        assert len(opened) == 1
    canary.close()
    yield opened
    assert opened == set()


def library_in(folder: Path) -> Library:
    library = Library(folder, clock=clock)
    finish(library.imports.text(listing_text("First Paper", "Second Paper"), "a"))
    return library


@pytest.mark.parametrize("kind", [BackupKind.MANUAL, BackupKind.ANNOTATIONS])
def test_restoring_leaves_none(tmp_path: Path, left_open: set[int], kind: BackupKind) -> None:
    with library_in(tmp_path / "library") as library:
        library.states.set_starred([1], True)
        backup = library.backups.make(kind)
        library.backups.preview(backup.path)
        library.backups.restore(backup.path)


def test_refusing_to_restore_leaves_none(tmp_path: Path, left_open: set[int]) -> None:
    recipes, blank = tmp_path / "recipes.db", tmp_path / "blank.db"
    other = sqlite3.connect(recipes)
    other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    blank.write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)
    with library_in(tmp_path / "library") as library:
        for path in (recipes, blank, tmp_path / "missing.db"):
            with pytest.raises(LibraryError):
                library.backups.preview(path)
            with pytest.raises(LibraryError):
                library.backups.restore(path)
        with pytest.raises(LibraryDamagedError):
            compare(library.folder / "library.db", blank)


def test_bundling_and_merging_leave_none(tmp_path: Path, left_open: set[int]) -> None:
    bundle = tmp_path / "library.lectern"
    with library_in(tmp_path / "library") as library:
        library.bundles.write(bundle)
    with Library(tmp_path / "other", clock=clock) as other:
        other.bundles.merge(bundle)
        assert other.views.counts().all == 2


def test_checking_and_repairing_leave_none(tmp_path: Path, left_open: set[int]) -> None:
    with library_in(tmp_path / "library") as library:
        assert library.checks.run().is_sound
        library.checks.repair()


def test_salvaging_and_recovering_leave_none(tmp_path: Path, left_open: set[int]) -> None:
    with library_in(tmp_path / "library") as library:
        backup = copy(library.backups.make().path, tmp_path)
    database = library.folder / "library.db"
    database.write_bytes(database.read_bytes()[:8192] + b"\xff" * 20_000)
    salvage(library.folder, clock)
    recover(library.folder, Path(backup))
