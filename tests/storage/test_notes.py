"""Notes: no save overwrites a newer text, every text is kept for a while, one visit is one step."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from reader.domain.annotations import NoteConflictError
from reader.domain.errors import NotFoundError
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, content, fill, query


def test_a_note_is_written_changed_and_removed(store: LibraryStore) -> None:
    ids = fill(store)
    assert store.notes.of(ids[0]).revision == 0
    change = store.notes.set(ids[0], "First.", 0)
    assert (str(change.title), change.paper_ids) == ("Note on “On page subject 0”", frozenset(ids[:1]))
    first = store.notes.of(ids[0])
    assert first.text == next(store.papers.read(ids[:1])).note == "First."
    store.notes.set(ids[0], "Second.", first.revision)
    second = store.notes.of(ids[0])
    assert second.created == first.created
    assert second.changed is not None and first.changed is not None and second.changed > first.changed
    assert store.papers.rows(ids[:1])[0].has_note
    store.notes.set(ids[0], "  \n", second.revision)
    assert store.notes.of(ids[0]).text == ""
    assert not store.papers.rows(ids[:1])[0].has_note
    assert [revision.text for revision in store.notes.revisions(ids[0])] == ["", "Second.", "First."]


def test_the_same_text_is_no_change(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "Text.")
    assert not store.notes.set(ids[0], "Text.", 0)
    assert not store.notes.set(ids[1], "")
    assert len(store.notes.revisions(ids[0])) == 1


def test_a_newer_text_is_never_overwritten_and_both_are_kept(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "Common.")
    seen_by_both = store.notes.of(ids[0]).revision
    store.notes.set(ids[0], "From the window.", seen_by_both)
    with pytest.raises(NoteConflictError, match="both texts are kept") as refused:
        store.notes.set(ids[0], "From the command line.", seen_by_both)
    assert refused.value.current.text == store.notes.of(ids[0]).text == "From the window."
    newest = store.notes.revisions(ids[0])[0]
    assert (newest.text, newest.refused) == ("From the command line.", True)
    store.notes.set(ids[0], "Joined.", refused.value.current.revision)
    assert store.notes.of(ids[0]).text == "Joined."


def test_undo_does_not_make_an_old_revision_new_again(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "One.")
    first = store.notes.of(ids[0]).revision
    store.notes.set(ids[0], "Two.", first)
    second = store.notes.of(ids[0]).revision
    store.history.undo()
    assert store.notes.of(ids[0]).revision == first
    store.notes.set(ids[0], "Three.", first)
    assert store.notes.of(ids[0]).revision not in {first, second}
    with pytest.raises(NoteConflictError):
        store.notes.set(ids[0], "Four, made from two.", second)


def test_a_visit_is_one_step_and_its_ticks_one_revision(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "Before.", visit="monday")
    for text in ("B", "Be", "Beg", "Begun"):
        store.notes.set(ids[0], text, store.notes.of(ids[0]).revision, visit="tuesday")
    assert [str(step.title) for step in store.history.steps()].count("Note on “On page subject 0”") == 2
    assert [revision.text for revision in store.notes.revisions(ids[0])] == ["Begun", "Before."]
    store.history.undo()
    assert store.notes.of(ids[0]).text == "Before."
    store.history.redo()
    assert store.notes.of(ids[0]).text == "Begun"


def test_another_step_in_between_ends_the_visits_step(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "One", visit="v")
    store.states.set_starred(ids[:1], True)
    store.notes.set(ids[0], "One two", visit="v")
    store.history.undo()
    assert store.notes.of(ids[0]).text == "One"
    assert next(store.papers.read(ids[:1])).starred


def test_an_undone_visit_is_not_gone_on_with(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "One", visit="v")
    store.history.undo()
    store.notes.set(ids[0], "Two", visit="v")
    assert store.history.redo() is None
    store.history.undo()
    assert store.notes.of(ids[0]).text == ""


def test_visits_to_two_notes_are_two_steps(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "One", visit="v")
    store.notes.set(ids[1], "Two", visit="v")
    assert len(store.history.steps()) == 3


def test_revisions_are_kept_thirty_days_and_the_newest_for_ever(store: LibraryStore, clock: TickingClock) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "One.")
    store.notes.set(ids[0], "Two.")
    store.notes.set(ids[1], "Deleted.")
    store.notes.set(ids[1], "")
    clock.advance(days=29)
    store.tidy()
    assert len(store.notes.revisions(ids[0])) == 2
    clock.advance(days=2)
    store.tidy()
    assert [revision.text for revision in store.notes.revisions(ids[0])] == ["Two."]
    assert [revision.text for revision in store.notes.revisions(ids[1])] == [""]


def test_any_text_survives_as_it_is(store: LibraryStore) -> None:
    ids = fill(store)
    before = content(store)
    text = '\'; DROP TABLE notes; --\r\n\ttabs, "quotes", \\u0000 \x00 nul, \U0001f41d, ' + "long " * 10_000
    store.notes.set(ids[0], text)
    store.notes.set(ids[0], "short")
    store.history.undo()
    assert store.notes.of(ids[0]).text == text
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    assert store.notes.of(ids[0]).text == text


def test_a_paper_that_is_gone_has_no_note(store: LibraryStore) -> None:
    with pytest.raises(NotFoundError, match="copy the note"):
        store.notes.set(99, "Text.")


def test_a_failed_save_leaves_the_note_and_can_be_tried_again(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "Safe.")
    store.writer.db.execute("PRAGMA busy_timeout=10")
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="another program"):
            store.notes.set(ids[0], "Unsaved.")
        assert store.notes.of(ids[0]).text == "Safe."
    store.notes.set(ids[0], "Unsaved.")
    assert store.notes.of(ids[0]).text == "Unsaved."
    assert query(store, "SELECT count(*) FROM note_revisions") == [(2,)]
