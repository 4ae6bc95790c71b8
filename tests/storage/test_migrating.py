"""Bringing libraries of older schemas up to date, and refusing what is newer."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, UNSEEN, PaperFilter
from reader.domain.step_titles import StepTitle
from reader.storage.copies import backup
from reader.storage.library_file import open_library
from reader.storage.migrations import STEPS
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, add, check_derived, content, fill, paper, read_tables

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("schema_*.sql"))
TITLES_AS_SEEN = ("Known as Well", "Known for Long")
THIRD = "Third, Renamed"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Upgrade = Callable[[Database], None]


def load(script: Path, path: Path) -> None:
    """Make a library file from a fixture."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))


def schema(path: Path) -> set[tuple[str, str, str | None]]:
    """Everything a database defines."""
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall())


def with_step(upgrade: Upgrade, name: str = "9999_next") -> Migrations:
    """The present steps and one more."""
    steps = Migrations(STEPS.name)
    for known in STEPS._migrations:
        steps(name=known.name)(known.fn)
    steps(name=name)(upgrade)
    return steps


def steps_up_to(count: int) -> Migrations:
    """The first steps of the present ones."""
    steps = Migrations(STEPS.name)
    for known in STEPS._migrations[:count]:
        steps(name=known.name)(known.fn)
    return steps


def reopen(path: Path, steps: Migrations) -> Path | None:
    """Open and close a library with certain steps; the backup made."""
    opened = open_library(path, NOW, steps=steps)
    assert opened.writer is not None
    opened.writer.close()
    return opened.backup


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A closed library with something in it."""
    path = tmp_path / "library.db"
    with LibraryStore(path, clock=TickingClock()) as store:
        ids = fill(store)
        store.states.set(ids[:2], PaperState.QUEUED)
        store.tags.add(ids, ["tag"])
    return path


@pytest.mark.parametrize("script", FIXTURES, ids=lambda script: script.stem)
class TestEveryReleasedSchema:
    def test_it_becomes_the_present_one(self, script: Path, tmp_path: Path) -> None:
        old, new = tmp_path / "old" / "library.db", tmp_path / "new" / "library.db"
        old.parent.mkdir()
        load(script, old)
        LibraryStore(old).close()
        LibraryStore(new).close()
        assert schema(old) == schema(new)

    def test_nothing_is_lost_and_everything_still_undone(self, script: Path, tmp_path: Path) -> None:
        path = tmp_path / "library.db"
        load(script, path)
        before = read_tables(path)
        with LibraryStore(path, clock=TickingClock()) as store:
            after = read_tables(path)
            del before["_sqlite_migrations"], before["journal"]  # whose images get the new columns
            for name, rows in before.items():
                widths = [len(row) for row in rows]  # later schemas add columns at the end
                assert [row[:width] for row, width in zip(after[name], widths, strict=True)] == rows, name
            check_derived(store)
            first = next(store.papers.read([1]))
            assert (first.note, first.tags) == ("A longer *note* with ünïcode.", ("method/diffusion", "to-try"))
            assert [mark.exact for mark in first.highlights] == ["We study"]
            redone = store.history.redo()
            assert redone is not None
            end = content(store)
            steps = len(store.history.steps())
            store.history.undo(steps)
            assert store.views.counts().all == 0
            store.history.redo(steps)
            assert content(store) == end
            check_derived(store)

    def test_its_steps_keep_their_words(self, script: Path, tmp_path: Path) -> None:
        path = tmp_path / "library.db"
        load(script, path)
        with closing(sqlite3.connect(path)) as connection:
            sql = "SELECT title FROM operations WHERE change_count > 0 ORDER BY id"
            titles = [row[0] for row in connection.execute(sql)]
        words = [str(StepTitle.read(title)) if title.startswith("[[") else title for title in titles]
        with LibraryStore(path, clock=TickingClock()) as store:
            assert [str(step.title) for step in store.history.steps()] == words[::-1]
            store.history.redo()
            undone = store.history.undo(len(words))
            assert [str(title) for title in undone.titles] == words[::-1]
            assert [str(title) for title in store.history.redo(len(words)).titles] == words

    def test_the_backup_is_the_library_as_it_was(self, script: Path, tmp_path: Path) -> None:
        path = tmp_path / "library.db"
        load(script, path)
        before = read_tables(path)
        with LibraryStore(path, clock=TickingClock()) as store:
            made = store.migration_backup
        if made is None:
            assert script == FIXTURES[-1], "only the present schema needs none"
            return
        assert made.parent == tmp_path / "backups"
        assert made.name == "before-migration-20260301T120001Z.db"
        assert read_tables(made) == before
        if os.name != "nt":
            assert stat.S_IMODE(made.stat().st_mode) == 0o600
            assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_a_library_of_before_keeps_apart_what_was_imported_as_seen(tmp_path: Path) -> None:
    """What was looked at stands in the inbox as seen; what came in as seen does not, also after undo and redo."""
    path = tmp_path / "library.db"
    load(FIXTURES[0].with_name("schema_0003.sql"), path)
    with LibraryStore(path, clock=TickingClock()) as store:

        def titles(which: PaperFilter) -> list[str]:
            return sorted(found.title for found in store.papers.rows(store.papers.ids(which)))

        inbox = [f"On week subject {number}" for number in (0, 1, 3, 4)]
        assert (titles(INBOX), titles(UNSEEN)) == (inbox, inbox[2:])
        assert titles(replace(INBOX, settled=True)) == ["First", *TITLES_AS_SEEN, "On week subject 2", THIRD]
        assert (store.views.counts().inbox, store.views.counts().unseen) == (4, 2)
        steps = len(store.history.steps(undone=False))
        store.history.undo(steps)
        store.history.redo(steps)
        assert (titles(INBOX), titles(UNSEEN)) == (inbox, inbox[2:])
        check_derived(store)


def test_a_long_import_as_seen_is_known_by_its_step(tmp_path: Path) -> None:
    """Its papers were marked at its end, some seconds after the first came in."""
    path = tmp_path / "library.db"
    load(FIXTURES[0].with_name("schema_0003.sql"), path)
    with closing(sqlite3.connect(path)) as connection, connection:
        later = "2026-03-01T12:00:44Z"
        connection.execute("UPDATE seen SET seen_at = ? WHERE paper_id IN (5, 6)", (later,))
        sql = (
            "UPDATE journal SET after = json_set(after, '$.seen_at', ?) WHERE table_name = 'seen' AND row_id IN (5, 6)"
        )
        connection.execute(sql, (later,))
    with LibraryStore(path, clock=TickingClock()) as store:
        assert not {5, 6} & set(store.papers.ids(INBOX))
        assert list(store.papers.ids(replace(INBOX, seen=True))) == [7, 8]


def test_a_new_library_needs_no_backup(tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db") as store:
        assert store.migration_backup is None
    assert not (tmp_path / "backups").exists()


def test_opening_again_migrates_nothing(library: Path) -> None:
    before = read_tables(library)
    with LibraryStore(library) as store:
        assert store.migration_backup is None
    assert read_tables(library) == before


def test_a_newer_library_is_refused_and_its_bytes_are_left(library: Path) -> None:
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('lectern', '9000_future', '')"
        )
    before = library.read_bytes()
    for read_only in (False, True):
        with pytest.raises(LibraryError, match=r"newer Lectern.*9000_future"):
            LibraryStore(library, read_only=read_only)
    assert library.read_bytes() == before
    assert not (library.parent / "backups").exists()


def test_other_sets_of_migrations_do_not_matter(library: Path) -> None:
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('plugin', '1', '2026-01-01')"
        )
    LibraryStore(library).close()


def test_an_older_library_cannot_be_opened_for_reading_only(library: Path) -> None:
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE id > 1")
    with pytest.raises(LibraryError, match="older Lectern"):
        LibraryStore(library, read_only=True)


def test_a_step_that_fails_leaves_the_old_library_and_its_backup(library: Path) -> None:
    def upgrade(db: Database) -> None:
        db.execute("ALTER TABLE papers ADD COLUMN rating INTEGER")
        db.execute("DELETE FROM tags")
        raise ZeroDivisionError

    before, old_schema = read_tables(library), schema(library)
    with pytest.raises(ZeroDivisionError):
        reopen(library, with_step(upgrade))
    assert (read_tables(library), schema(library)) == (before, old_schema)
    (made,) = (library.parent / "backups").iterdir()
    assert read_tables(made) == before
    with LibraryStore(library) as store:
        assert store.history.undo() is not None


def test_several_steps_are_applied_all_or_none(library: Path) -> None:
    def succeeds(db: Database) -> None:
        db.execute("CREATE TABLE extra (id INTEGER PRIMARY KEY)")

    def fails(db: Database) -> None:
        raise ZeroDivisionError

    steps = with_step(succeeds)
    steps(name="9999_second")(fails)
    old_schema = schema(library)
    with pytest.raises(ZeroDivisionError):
        reopen(library, steps)
    assert schema(library) == old_schema


def test_a_step_that_leaves_rows_pointing_nowhere_is_refused(library: Path) -> None:
    def upgrade(db: Database) -> None:
        db.execute("DELETE FROM papers WHERE id = 1")

    before = read_tables(library)
    with pytest.raises(LibraryDamagedError, match="left unchanged"):
        reopen(library, with_step(upgrade))
    assert read_tables(library) == before


def test_rebuilding_a_table_keeps_its_triggers_and_rows(library: Path) -> None:
    """``transform`` drops triggers without a word, and refuses while foreign keys are on."""

    def upgrade(db: Database) -> None:
        db["papers"].transform(types={"comments": int})

    triggers = {entry for entry in schema(library) if entry[0] == "trigger"}
    before = read_tables(library, leave_out=["_sqlite_migrations"])
    made = reopen(library, with_step(upgrade))
    assert made is not None
    assert {entry for entry in schema(library) if entry[0] == "trigger"} == triggers
    assert read_tables(library, leave_out=["_sqlite_migrations"]) == before


def test_highlights_keep_their_ids_and_what_was_done_to_them(tmp_path: Path) -> None:
    """Their table is rebuilt for documents: ids that were used stay used, and each step is undone and redone."""
    path = tmp_path / "library.db"
    load(Path(__file__).parent / "fixtures" / "schema_0013.sql", path)
    with LibraryStore(path, clock=TickingClock()) as store:
        added, _ = store.highlights.add_span(1, "title", 0, 2)
        assert added == 3, "the second was deleted, and undo may bring it back"
        titles = [str(step.title) for step in store.history.steps(own=True) if not step.undone]
        store.history.undo(1 + titles.index("Deleted highlight “First” in “First”"))
        assert [(each.id, each.exact, each.place) for each in next(store.papers.read([1])).highlights] == [
            (2, "First", None),
            (1, "We study", None),
        ]
        store.history.undo(2)
        (first,) = next(store.papers.read([1])).highlights
        assert (first.id, first.comment) == (1, "sure?")


def test_a_new_column_is_journalled_at_once(library: Path) -> None:
    def upgrade(db: Database) -> None:
        db.execute("ALTER TABLE states ADD COLUMN rating INTEGER")

    steps = with_step(upgrade)
    reopen(library, steps)
    opened = open_library(library, NOW, steps=steps)
    assert opened.writer is not None
    sql = opened.writer.execute("SELECT sql FROM sqlite_master WHERE name = 'journal_states_update'").fetchone()[0]
    assert "rating" in sql
    opened.writer.close()


def test_missing_or_strange_triggers_are_put_right_at_opening(library: Path) -> None:
    before = schema(library)
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("DROP TRIGGER journal_tags_insert")
        connection.execute("DROP TRIGGER handled_seen_insert")
        connection.execute("CREATE TRIGGER strange AFTER DELETE ON tags BEGIN DELETE FROM notes; END")
    LibraryStore(library).close()
    assert schema(library) == before


def test_a_backup_is_a_true_copy_made_while_others_read_and_write(tmp_path: Path) -> None:
    with LibraryStore(tmp_path / "library.db", clock=TickingClock()) as store:
        ids = fill(store)
        store.notes.set(ids[0], "Kept.")
        target = tmp_path / "elsewhere" / "copy.db"
        store.backup(target)
        store.notes.set(ids[0], "Later.")
        with LibraryStore(target, read_only=True) as copy:
            assert copy.notes.of(ids[0]).text == "Kept."
            assert copy.views.counts() == store.views.counts()
    assert [path.name for path in target.parent.iterdir() if path.suffix == ".partial"] == []


def test_a_copy_that_is_not_true_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(connection: sqlite3.Connection, tables: object) -> dict[str, int]:
        with closing(connection.execute("PRAGMA database_list")) as rows:
            return {"papers": len(str(rows.fetchone()[2]))}

    with LibraryStore(tmp_path / "library.db") as store:
        fill(store)
        monkeypatch.setattr(backup, "_row_counts", losing)
        with pytest.raises(LibraryError, match="not a true copy"):
            store.backup(tmp_path / "copies" / "copy.db")
    assert list((tmp_path / "copies").iterdir()) == []


def test_backups_of_one_second_get_names_of_their_own(tmp_path: Path) -> None:
    first = backup.free_backup_path(tmp_path, "daily", NOW)
    first.touch()
    second = backup.free_backup_path(tmp_path, "daily", NOW)
    assert (first.name, second.name) == ("daily-20260301T120000Z.db", "daily-20260301T120000Z-2.db")


def test_records_after_a_migration_are_stored_as_before(library: Path) -> None:
    with LibraryStore(library) as store:
        assert add(store, "more", paper("Brand new")).new == 1
