"""What arrived from another device is taken back from the history, as a step of its own."""

from __future__ import annotations

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError, UndoRefusedError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.domain.step_titles import StepKind
from reader.storage.journal.lenience import arrive_without_images
from reader.storage.store import LibraryStore
from tests.storage.support import add, check_derived, content, fill, paper, query, write
from tests.storage.test_arrived_steps import arriving, titles


def arrived(store: LibraryStore) -> int:
    """The step that arrived last."""
    return next(step.id for step in store.history.steps() if step.kind == "sync")


class TestTakingBack:
    def test_it_is_a_step_that_can_be_undone(self, store: LibraryStore) -> None:
        ids = fill(store)
        before = content(store)
        with arriving(store, papers=1, notes=1):
            add(store, "from there", paper("Elsewhere"))
            store.notes.set(ids[0], "from there")
            store.tags.add(ids[:2], ["there"])
        after = content(store)
        taken = store.history.take_back(arrived(store))
        assert content(store) == before
        assert not taken.stayed and not taken.kept_paper_ids
        assert titles(store)[:2] == ["Took back from Laptop: 1 paper, 1 note", "From Laptop: 1 paper, 1 note"]
        store.history.undo()
        assert content(store) == after
        store.history.redo()
        assert content(store) == before

    def test_what_changed_since_stays_and_is_named(self, store: LibraryStore) -> None:
        ids = fill(store)
        with arriving(store, states=3):
            store.states.set(ids[:3], PaperState.QUEUED)
            store.tags.add(ids[:3], ["there"])
        store.states.set(ids[:1], PaperState.DONE)
        taken = store.history.take_back(arrived(store))
        assert (taken.stayed.paper_ids, taken.stayed.devices) == ({ids[0]}, ())
        states = {found.id: found.state for found in store.papers.read(ids[:3])}
        assert states == {ids[0]: PaperState.DONE, ids[1]: PaperState.INBOX, ids[2]: PaperState.INBOX}
        assert store.tags.all() == []
        check_derived(store)

    def test_papers_annotated_since_stay_whole(self, store: LibraryStore) -> None:
        with arriving(store, papers=2):
            add(store, "from there", paper("One"), paper("Two"))
            store.notes.set(1, "theirs")
        store.notes.set(1, "theirs and mine")
        store.states.set_seen([1], automatic=True)
        taken = store.history.take_back(arrived(store))
        assert taken.kept_paper_ids == {1}
        (found,) = store.papers.read(store.papers.ids(ALL_PAPERS))
        assert (found.title, found.note) == ("One", "theirs and mine")
        assert query(store, "SELECT paper_id FROM seen") == [(1,)]

    def test_nothing_left_is_said(self, store: LibraryStore) -> None:
        ids = fill(store)
        with arriving(store, states=1):
            store.states.set(ids[:1], PaperState.QUEUED)
        store.history.take_back(arrived(store))
        steps = store.history.steps()
        with pytest.raises(ReaderError, match="Nothing is left to take back of “From Laptop: 1 state”"):
            store.history.take_back(arrived(store))
        assert store.history.steps() == steps

    def test_only_what_arrived(self, store: LibraryStore) -> None:
        fill(store)
        with pytest.raises(NotFoundError, match="No step 1 arrived"):
            store.history.take_back(1)


class TestUndoBesideArrivals:
    def test_rows_changed_elsewhere_stay_and_are_named(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DISMISSED)
        with arriving(store, states=1):
            store.states.set(ids[:1], PaperState.READING)
        undone = store.history.undo()
        assert undone is not None
        assert (undone.stayed.paper_ids, undone.stayed.devices) == ({ids[0]}, ("Laptop",))
        assert [found.state for found in store.papers.read(ids)] == [PaperState.READING] + [PaperState.INBOX] * 4
        redone = store.history.redo()
        assert redone is not None and redone.stayed.paper_ids == {ids[0]}
        assert [found.state for found in store.papers.read(ids)] == [PaperState.READING] + [PaperState.DISMISSED] * 4

    def test_a_star_set_elsewhere_does_not_keep_a_verdict(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids[:2], PaperState.QUEUED)
        with arriving(store, stars=1):
            store.states.set_starred(ids[:1], True)
        for _ in range(2):
            undone = store.history.undo()
            assert undone is not None and not undone.stayed
            found = next(store.papers.read(ids[:1]))
            assert (found.state, found.starred) == (PaperState.INBOX, True)
            check_derived(store)
            redone = store.history.redo()
            assert redone is not None and not redone.stayed
            found = next(store.papers.read(ids[:1]))
            assert (found.state, found.starred) == (PaperState.QUEUED, True)
            check_derived(store)

    def test_what_something_else_changed_is_refused_even_so(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DISMISSED)
        with arriving(store, states=1):
            store.states.set(ids[:1], PaperState.READING)
        write(store, "UPDATE states SET state = 'done' WHERE paper_id = ?", ids[1])
        before = content(store)
        with pytest.raises(UndoRefusedError, match="state of a paper"):
            store.history.undo()
        assert content(store) == before

    def test_a_tag_that_got_papers_elsewhere_stays_for_them(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.tags.add(ids[:1], ["a"])
        with arriving(store, paper_tags=1):
            store.tags.add(ids[1:2], ["a"])
        undone = store.history.undo()
        assert undone is not None
        assert dict(undone.stayed.things) == {Field.TAGS: 1}
        assert [len(found.tags) for found in store.papers.read(ids[:2])] == [0, 1]

    def test_a_tag_deleted_elsewhere_does_not_come_back_with_its_papers(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.tags.add(ids[:1], ["a"])
        store.tags.remove(ids[:1], ["a"])
        with arriving(store, tags=1):
            store.tags.delete("a")
        undone = store.history.undo()
        assert undone is not None and undone.stayed.paper_ids == {ids[0]}
        assert store.tags.all() == []

    def test_a_listing_updated_elsewhere_stays_whole(self, store: LibraryStore) -> None:
        add(store, "page", paper("One"), paper("Two"))
        with arriving(store, listings_changed=1):
            store.listings.rename(1, "named there")
        before = content(store)
        undone = store.history.undo()
        assert undone is not None and undone.kept_paper_ids == {1, 2}
        assert content(store) == before

    def test_a_merge_is_undone_whole_or_not_at_all(self, store: LibraryStore) -> None:
        ids = fill(store)
        for paper_id, text in zip(ids[:2], ("A.", "B."), strict=True):
            store.notes.set(paper_id, text)
        store.papers.merge(*ids[:2])
        with arriving(store, notes=1):
            store.notes.set(ids[0], "A. B. C.")
        before = content(store)
        undone = store.history.undo()
        assert undone is not None and ids[0] in undone.stayed.paper_ids
        assert content(store) == before
        redone = store.history.redo()
        assert redone is not None and content(store) == before

    def test_after_a_first_download_whatever_does_not_fit_stays(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DISMISSED)
        with store._journal.unrecorded() as writer:
            title = StepKind.ARRIVED(device="Laptop", states=1)
            step = arrive_without_images(writer, title, None, 1)
            writer.execute("UPDATE states SET state = 'done' WHERE paper_id = ?", (ids[0],))
            assert arrive_without_images(writer, title, step, 2) == step
        assert titles(store)[0] == "From Laptop: 1 state"
        with pytest.raises(ReaderError, match="too much"):
            store.history.take_back(step)
        undone = store.history.undo()
        assert undone is not None and undone.stayed.paper_ids == {ids[0]}
        assert query(store, "SELECT paper_id, state FROM states WHERE state <> 'inbox'") == [(ids[0], "done")]
        assert store.findings() == []

    def test_no_place_in_the_queue_is_taken_twice(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.states.set(ids[:1], PaperState.QUEUED)
        store.states.set(ids[:1], PaperState.DONE)
        with arriving(store, states=1):
            store.states.set(ids[1:2], PaperState.QUEUED)
        store.history.undo()
        assert [row[0] for row in query(store, "SELECT position FROM queue ORDER BY 1")] == [1, 2]
        assert store.findings() == []
        store.history.redo()
        assert query(store, "SELECT paper_id FROM queue") == [(ids[1],)]
        assert store.findings() == []
