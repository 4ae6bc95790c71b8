"""Steps: what is one, what undo and redo do, when they refuse, and how long steps are kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from reader.domain.changes import Field
from reader.domain.errors import UndoRefusedError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS, PaperFilter
from reader.storage.journal.journal import KEPT_STEPS
from reader.storage.schema import BY_NAME
from reader.storage.store import AUTOMATIC, LibraryStore
from tests.storage.support import TickingClock, add, content, fill, header, paper, query, titled, write

ROOT = Path(__file__).parents[2]
_KILLED_IN_A_STEP = """
import os, sys
from pathlib import Path
from reader.domain.papers import PaperState
from reader.domain.step_titles import UNTITLED
from reader.storage.store import LibraryStore

store = LibraryStore(Path(sys.argv[1]))
with store.step(UNTITLED):
    store.states.set([1, 2, 3], PaperState.DONE)
    assert store.views.counts().done == 3
    os._exit(9)
"""


def titles(store: LibraryStore) -> list[str]:
    return [str(step.title) for step in store.history.steps()]


class TestSteps:
    def test_history_names_steps_with_time_and_count(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids[:2], PaperState.QUEUED)
        newest, oldest = store.history.steps()
        assert (str(newest.title), newest.kind, newest.change_count, newest.undone) == (
            *("Queued: 2 papers", "edit", 2, False),
        )
        assert (str(oldest.title), oldest.kind, oldest.change_count) == ("import page", "import", 5)
        assert newest.time > oldest.time
        assert store.history.steps(1) == [newest]

    def test_several_mutations_are_one_step(self, store: LibraryStore) -> None:
        ids = fill(store)
        before = content(store)
        with store.step(titled("triage")) as step:
            inner = store.states.set(ids[:2], PaperState.DONE)
            store.states.set_starred(ids[1:3], True)
            store.states.set_seen(ids[3:4], automatic=True)
        assert inner.paper_ids == set(ids[:2])
        assert inner.operation_id == step.handle.id == step.change.operation_id
        assert step.change.paper_ids == set(ids[:4])
        assert titles(store) == ["triage", "import page"]
        store.history.undo()
        assert content(store) == before

    def test_an_error_undoes_the_whole_step(self, store: LibraryStore) -> None:
        ids = fill(store)
        before = content(store)
        with pytest.raises(ZeroDivisionError), store.step(titled("triage")) as step:
            store.states.set(ids[:2], PaperState.DONE)
            raise ZeroDivisionError
        assert step.handle.id is None
        assert content(store) == before
        assert titles(store) == ["import page"]

    def test_a_failed_part_can_be_left_out_of_a_step(self, store: LibraryStore) -> None:
        ids = fill(store)
        with store.step(titled("triage")):
            store.states.set_starred(ids[:1], True)
            with pytest.raises(Exception, match="may not start"):
                store.tags.add(ids, ["fine", "/wrong"])
        assert store.views.counts().starred == 1
        assert store.tags.all() == []

    def test_a_step_may_span_transactions(self, store: LibraryStore) -> None:
        ids = fill(store)
        before = content(store)
        operation = store.begin_operation(titled("in parts"))
        with store.transaction(operation):
            store.states.set_starred(ids[:1], True)
        store.states.set_starred(ids[4:], True)
        with store.transaction(operation):
            store.states.set_starred(ids[1:2], True)
        assert titles(store) == ["Starred: “On page subject 4”", "in parts", "import page"]
        assert [step.change_count for step in store.history.steps()] == [1, 2, 5]
        store.history.undo(2)
        assert content(store) == before

    def test_going_on_with_an_undone_step_starts_another(self, store: LibraryStore) -> None:
        operation = store.begin_operation(titled("import 2 files"), "import")
        store.listings.add(header("a"), [paper("A")], operation)
        store.history.undo()
        store.listings.add(header("b"), [paper("B")], operation)
        assert [listing.name for listing in store.listings.all()] == ["b"]
        assert titles(store) == ["import 2 files"]
        assert store.history.redo() is None
        store.history.undo()
        assert not store.listings.all()

    def test_undo_within_a_step_is_a_mistake(self, store: LibraryStore) -> None:
        ids = fill(store)
        with pytest.raises(RuntimeError), store.step(titled("confused")):
            store.states.set_starred(ids, True)
            store.history.undo()
        assert store.views.counts().starred == 0


class TestUndo:
    def test_there_and_back(self, store: LibraryStore) -> None:
        ids = fill(store)
        states = [content(store)]
        store.tags.add(ids[:3], ["to-try"])
        states.append(content(store))
        store.states.set(ids[1:4], PaperState.QUEUED)
        states.append(content(store))
        undone = store.history.undo()
        assert undone is not None
        assert (str(undone.title), undone.paper_ids) == ("Queued: 3 papers", frozenset(ids[1:4]))
        assert undone.change.touches(Field.QUEUE) and not undone.change.touches(Field.LISTINGS)
        assert content(store) == states[1]
        assert [step.undone for step in store.history.steps()] == [True, False, False]
        store.history.undo()
        assert content(store) == states[0]
        redone = store.history.redo()
        assert redone is not None
        assert (str(redone.title), redone.change.touches(Field.TAGS)) == ("Tagged 3 papers “to-try”", True)
        store.history.redo()
        assert content(store) == states[2]
        assert store.history.redo() is None

    def test_several_at_once(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_starred(ids[:1], True)
        store.states.set_starred(ids[1:2], True)
        undone = store.history.undo(2)
        assert undone is not None
        assert tuple(map(str, undone.titles)) == ("Starred: “On page subject 1”", "Starred: “On page subject 0”")
        assert undone.paper_ids == set(ids[:2])
        assert store.views.counts().starred == 0
        store.history.redo(5)
        assert store.views.counts().starred == 2

    def test_nothing_to_undo(self, store: LibraryStore) -> None:
        assert store.history.undo() is None
        assert store.history.redo() is None

    def test_a_new_step_ends_redo(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_starred(ids[:1], True)
        store.history.undo()
        store.states.set_starred(ids[1:2], True)
        assert store.history.redo() is None
        assert titles(store) == ["Starred: “On page subject 1”", "import page"]
        assert query(store, "SELECT count(DISTINCT operation_id) FROM journal") == [(2,)]

    def test_what_changes_nothing_does_not_end_redo(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_starred(ids[:1], True)
        store.history.undo()
        store.states.set_starred(ids[:1], False)
        assert store.history.redo() is not None

    def test_it_survives_closing(self, tmp_path: Path, clock: TickingClock) -> None:
        path = tmp_path / "library.db"
        with LibraryStore(path, clock=clock) as store:
            ids = fill(store)
            before = content(store)
            store.tags.add(ids, ["x"])
            after = content(store)
        with LibraryStore(path, clock=clock) as store:
            store.history.undo()
            assert content(store) == before
        with LibraryStore(path, clock=clock) as store:
            store.history.redo()
            assert content(store) == after

    def test_only_the_changed_columns_are_put_back(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_starred(ids[:1], True)
        store.states.set(ids[:1], PaperState.DONE)
        write(store, "UPDATE states SET buried_until = '2027-01-01T00:00:00Z' WHERE paper_id = ?", ids[0])
        store.history.undo()
        found = next(store.papers.read(ids[:1]))
        assert (found.state, found.starred, found.buried_until) == (PaperState.INBOX, True, "2027-01-01T00:00:00Z")


class TestRefusal:
    @pytest.mark.parametrize(
        "interference",
        [
            "UPDATE states SET state = 'reading' WHERE paper_id = 1",
            "DELETE FROM states WHERE paper_id = 1",
        ],
    )
    def test_what_was_changed_by_another_path_is_not_undone(self, store: LibraryStore, interference: str) -> None:
        ids = fill(store)
        store.states.set_starred(ids, True)
        store.states.set(ids, PaperState.DISMISSED)
        write(store, interference)
        before = content(store)
        with pytest.raises(UndoRefusedError, match=r"“Dismissed: 5 papers” cannot be undone.*state of a paper"):
            store.history.undo()
        assert content(store) == before
        assert [step.undone for step in store.history.steps()] == [False, False, False]

    def test_several_are_undone_all_or_none(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DONE)
        store.tags.add(ids, ["x"])
        write(store, "UPDATE states SET state = 'reading' WHERE paper_id = 1")
        before = content(store)
        with pytest.raises(UndoRefusedError):
            store.history.undo(2)
        assert content(store) == before

    def test_what_stands_in_the_way_of_bringing_back_refuses(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.tags.add(ids, ["x"])
        store.tags.delete("x")
        write(store, "INSERT INTO tags (name, fold, created) VALUES ('X', 'x', '2026-01-01T00:00:00Z')")
        with pytest.raises(UndoRefusedError, match="a tag"):
            store.history.undo()

    def test_redo_refuses_too(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DONE)
        store.history.undo()
        write(store, "INSERT INTO states (paper_id, state) VALUES (2, 'reading')")
        before = content(store)
        with pytest.raises(UndoRefusedError):
            store.history.redo()
        assert content(store) == before

    def test_a_refusal_is_over_when_its_reason_is(self, store: LibraryStore) -> None:
        ids = fill(store)
        before = content(store)
        store.states.set(ids, PaperState.DONE)
        write(store, "UPDATE states SET state = 'reading' WHERE paper_id = 1")
        with pytest.raises(UndoRefusedError):
            store.history.undo()
        write(store, "UPDATE states SET state = 'done' WHERE paper_id = 1")
        store.history.undo()
        assert content(store) == before


class TestAutomaticChanges:
    def test_they_are_no_steps_and_do_not_end_redo(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_starred(ids[:1], True)
        store.history.undo()
        steps = store.history.steps()
        change = store.states.set_seen(ids[:2], automatic=True)
        assert (change.operation_id, change.paper_ids) == (None, frozenset(ids[:2]))
        assert store.history.steps() == steps
        assert query(store, "SELECT count(*) FROM operations") == [(2,)]
        assert store.history.redo() is not None

    def test_they_never_block_an_undo(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_seen(ids[:3])
        store.states.set_seen(ids[:1], False)
        store.states.set_seen(ids[:1], automatic=True)
        store.history.undo()
        assert sorted(store.papers.ids(PaperFilter(seen=True))) == ids[:3]
        store.states.set_seen(ids[1:2], False, automatic=True)
        store.history.undo()
        assert list(store.papers.ids(PaperFilter(seen=True))) == []

    def test_an_automatic_import_is_no_step_and_newer_content_stays(self, store: LibraryStore) -> None:
        add(store, "first", paper("One", "Old."), day="2025-01-01")
        add(store, "second", paper("One", "New.", upvotes=3), day="2025-02-01")
        add(store, "watched", paper("One", "Newest."), day="2025-03-01", kind=AUTOMATIC)
        assert titles(store) == ["import second", "import first"]
        store.history.undo()
        found = next(store.papers.read([1]))
        assert (found.abstract, found.upvotes) == ("Newest.", None)
        undone = store.history.undo()
        assert undone is not None
        assert undone.kept_paper_ids == {1}, "the watched folder's listing shows it"


class TestUndoingImports:
    def test_only_what_it_brought_goes(self, store: LibraryStore) -> None:
        add(store, "first", paper("One", upvotes=1), paper("Two"), day="2025-01-01")
        before = content(store)
        add(store, "second", paper("Two", "Newer."), paper("Three"), day="2025-02-01")
        after = content(store)
        undone = store.history.undo()
        assert undone is not None
        assert (undone.change.touches(Field.LISTINGS), undone.kept_paper_ids) == (True, frozenset())
        assert content(store) == before
        store.history.redo()
        assert content(store) == after
        assert store.listings.latest_import() == (2,)

    def test_annotated_papers_stay_and_it_says_so(self, store: LibraryStore) -> None:
        """Annotations that are no longer in the history, or never were, as after restoring or pruning."""
        ids = fill(store, 8)
        store.states.set_seen(ids[6:7], automatic=True)
        for sql in (
            "INSERT INTO states (paper_id, state) VALUES (1, 'done')",
            "INSERT INTO states (paper_id, starred) VALUES (2, 1)",
            "INSERT INTO notes VALUES (3, 'text', 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
            "INSERT INTO tags (name, fold, created) VALUES ('t', 't', '2026-01-01T00:00:00Z')",
            "INSERT INTO paper_tags (paper_id, tag_id, created) VALUES (4, 1, '2026-01-01T00:00:00Z')",
            "INSERT INTO paper_aliases (key, paper_id) VALUES ('oldkey22', 5)",
        ):
            write(store, sql)
        undone = store.history.undo()
        assert undone is not None
        assert undone.kept_paper_ids == {1, 2, 3, 4, 5}
        assert sorted(store.papers.ids(ALL_PAPERS)) == ids[:5]
        assert not store.listings.all()
        assert all(not found.sightings for found in store.papers.read(ids[:5]))
        store.history.redo()
        assert sorted(store.papers.ids(ALL_PAPERS)) == ids
        assert all(len(found.sightings) == 1 for found in store.papers.read(ids))
        assert list(store.papers.ids(PaperFilter(seen=True))) == ids[6:7]
        store.history.undo()
        assert sorted(store.papers.ids(ALL_PAPERS)) == ids[:5]

    def test_what_was_seen_by_moving_on_comes_back_with_its_paper(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set_seen(ids[:2], automatic=True)
        after = content(store)
        for _ in range(2):
            store.history.undo()
            assert store.views.counts().all == 0
            store.history.redo()
            assert content(store) == after

    def test_later_steps_can_be_redone_after_it(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.tags.add(ids[:2], ["x"])
        store.states.set(ids, PaperState.QUEUED)
        after = content(store)
        store.history.undo(3)
        assert store.views.counts().all == 0
        store.history.redo(3)
        assert content(store) == after

    def test_the_journal_keeps_no_copies_of_what_is_there(self, store: LibraryStore) -> None:
        fill(store, 50)
        images = "SELECT count(*), count(before), count(after) FROM journal"
        assert query(store, images)[0][1:] == (0, 0)
        store.history.undo()
        assert query(store, images)[0][2] > 0
        store.history.redo()
        assert query(store, images)[0][1:] == (0, 0)

    def test_the_latest_import_is_the_last_that_stands(self, store: LibraryStore) -> None:
        assert store.listings.latest_import() == ()
        operation = store.begin_operation(titled("import 2 files"), "import")
        for name in ("a", "b"):
            store.listings.add(header(name), [paper(name)], operation)
        add(store, "c", paper("c"))
        assert store.listings.latest_import() == (3,)
        store.history.undo()
        assert store.listings.latest_import() == (1, 2)
        store.listings.remove(1)
        assert store.listings.latest_import() == (2,)


class TestKeeping:
    def test_steps_are_pruned_whole_when_both_old_and_many(self, store: LibraryStore, clock: TickingClock) -> None:
        ids = fill(store)
        write(
            store,
            "INSERT INTO operations (title, kind, time, change_count) SELECT 'old', 'edit', '2020-01-01T00:00:00Z', 1 "
            "FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT i FROM n)",
        )
        store.states.set_starred(ids, True)
        store.tidy()
        assert query(store, "SELECT count(*) FROM operations") == [(KEPT_STEPS + 1,)], "the young import stays"
        clock.advance(days=100)
        store.tidy()
        assert query(store, "SELECT count(*) FROM operations") == [(KEPT_STEPS,)]
        assert query(store, "SELECT count(*) FROM journal WHERE operation_id NOT IN (SELECT id FROM operations)") == [
            (0,)
        ]
        undone = store.history.undo()
        assert undone is not None
        assert str(undone.title) == "Starred: 5 papers"

    def test_a_crash_in_a_step_leaves_neither_a_half_step_nor_a_recording(self, tmp_path: Path) -> None:
        path = tmp_path / "library.db"
        with LibraryStore(path) as store:
            fill(store)
            before = content(store)
        killed = subprocess.run([sys.executable, "-c", _KILLED_IN_A_STEP, str(path)], cwd=ROOT, check=False)
        assert killed.returncode == 9
        with LibraryStore(path) as reopened:
            assert content(reopened) == before
            assert query(reopened, "SELECT operation_id FROM recording") == [(None,)]
            assert titles(reopened) == ["import page"]

    def test_two_stores_take_turns_with_one_history(self, tmp_path: Path, clock: TickingClock) -> None:
        path = tmp_path / "library.db"
        with LibraryStore(path, clock=clock) as window, LibraryStore(path, clock=clock) as command:
            ids = fill(window)
            command.states.set_starred(ids[:1], True)
            window.states.set_starred(ids[1:2], True)
            assert (
                titles(window)
                == titles(command)
                == [*(f"Starred: “On page subject {n}”" for n in (1, 0)), "import page"]
            )
            command.history.undo()
            window.history.undo()
            assert window.views.counts().starred == 0
            command.history.redo(2)
            assert window.views.counts().starred == 2

    def test_every_journalled_column_holds_integers_or_text(self, store: LibraryStore) -> None:
        with closing(sqlite3.connect(store.path)) as connection:
            strict = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%STRICT%'")}
            columns = [row for name in BY_NAME for row in connection.execute(f"PRAGMA table_info({name})").fetchall()]
        types = {row[2] for row in columns}
        assert strict > BY_NAME.keys()
        assert types == {"INTEGER", "TEXT"}
