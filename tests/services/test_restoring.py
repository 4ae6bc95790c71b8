"""Going back to a backup."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from reader.domain.errors import LibraryError
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.text(listing_text("First Paper", "Second Paper"), "a"))
        yield opened


def titles(library: Library) -> list[str]:
    return sorted(paper.title for paper in library.papers.read(library.views.paper_ids(ALL)))


def test_a_backup_restores_what_was_there(library: Library) -> None:
    library.states.set_starred(library.views.paper_ids(ALL), True)
    backup = library.backups.make()
    assert backup.paper_count == 2
    finish(library.imports.text(listing_text("Third Paper"), "b"))
    library.states.set_starred(library.views.paper_ids(ALL), False)
    before = library.backups.restore(backup.path)
    assert titles(library) == ["First Paper", "Second Paper"]
    assert all(paper.starred for paper in library.papers.read(library.views.paper_ids(ALL)))
    assert before.paper_count == 3
    assert {found.path for found in library.backups.all()} == {backup.path, before.path}
    library.backups.restore(before.path)
    assert titles(library) == ["First Paper", "Second Paper", "Third Paper"]


def test_a_restored_library_can_be_written_to(library: Library) -> None:
    library.backups.restore(library.backups.make().path)
    assert library.states.set_starred(library.views.paper_ids(ALL), True).paper_ids == frozenset(
        library.views.paper_ids(ALL)
    )


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + b"\xff" * 5_000])
def test_what_is_no_library_is_refused_and_nothing_changes(library: Library, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    with pytest.raises(LibraryError):
        library.backups.restore(bad)
    assert titles(library) == ["First Paper", "Second Paper"]
    assert sorted(path.name for path in library.folder.iterdir() if "restoring" in path.name) == []


def test_another_programs_database_is_refused(library: Library, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()
    with pytest.raises(LibraryError, match="not a Lectern library"):
        library.backups.restore(other)


def test_a_damaged_backup_is_refused(library: Library) -> None:
    finish(library.imports.text(listing_text(*(f"Invented Paper {number}" for number in range(200))), "b"))
    backup = library.backups.make()
    content = bytearray(backup.path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 20_000] = b"\xff" * 20_000
    backup.path.write_bytes(content)
    with pytest.raises(LibraryError):
        library.backups.restore(backup.path)
    assert len(titles(library)) == 202
