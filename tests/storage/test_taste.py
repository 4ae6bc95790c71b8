"""What is kept of a reader's taste: signals as they stand, marks of decisions in bulk, wishes, and examples."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from reader.domain.changes import Field
from reader.domain.dates import PartialDate
from reader.domain.folding import fold_title
from reader.domain.papers import PaperState
from reader.domain.taste import BULK, PaperSignals, decision_of
from reader.storage.copies.backup import backup_file
from reader.storage.copies.privacy import leave_out_private
from reader.storage.store import LibraryStore
from reader.storage.taste import Example, TasteWishes
from tests.storage.support import TickingClock, add, content, fill, paper, query, read_tables


def example(title: str, **facts: object) -> Example:
    whole = {"key": f"key {title}", "abstract": "", "arxiv_id": None, "doi": None, "year": None} | facts
    return Example(title=title, title_fold=fold_title(title), **whole)  # type: ignore[arg-type]


def signals_of(store: LibraryStore) -> dict[int, PaperSignals]:
    return {each.paper_id: each for each in store.taste.signals()}


def test_papers_with_signals_are_those_decided_or_annotated(store: LibraryStore) -> None:
    ids = fill(store, 8)
    store.states.set(ids[:1], PaperState.DONE)
    store.states.set_starred(ids[1:2], True)
    store.tags.add(ids[2:3], ["tag"])
    store.notes.set(ids[3], "A note.")
    store.highlights.add_span(ids[4], "abstract", 0, 8)
    store.states.set_seen(ids[5:6])
    store.states.bury_until(ids[6:7], TickingClock().now)
    found = signals_of(store)
    assert found.keys() == set(ids[:5])
    assert found[ids[0]].state == PaperState.DONE and found[ids[0]].changed
    assert found[ids[1]].starred and found[ids[1]].starred_changed
    assert found[ids[2]].tagged and found[ids[3]].noted and found[ids[4]].highlighted


class TestBulk:
    def test_many_papers_set_at_once_are_marked(self, store: LibraryStore) -> None:
        ids = fill(store, BULK + 1)
        store.states.set(ids, PaperState.DISMISSED, at_once=True)
        assert all(each.is_bulk for each in signals_of(store).values())

    @pytest.mark.parametrize(("count", "at_once"), [(BULK, True), (BULK + 1, False)])
    def test_few_papers_and_those_named_one_by_one_are_not(
        self, store: LibraryStore, count: int, at_once: bool
    ) -> None:
        store.states.set(fill(store, count), PaperState.DISMISSED, at_once=at_once)
        assert not any(each.is_bulk for each in signals_of(store).values())

    def test_the_mark_is_undone_with_the_state_and_ends_with_the_next(self, store: LibraryStore) -> None:
        ids = fill(store, BULK + 5)
        store.states.set(ids[:3], PaperState.QUEUED)
        before = content(store)
        store.states.set(ids, PaperState.DISMISSED, at_once=True)
        marked = content(store)
        store.history.undo()
        assert content(store) == before
        store.history.redo()
        assert content(store) == marked
        store.states.set(ids[:1], PaperState.DONE)
        found = signals_of(store)
        assert not found[ids[0]].is_bulk and found[ids[1]].is_bulk

    def test_a_merge_keeps_the_mark_of_the_state_that_stays(self, store: LibraryStore) -> None:
        ids = fill(store, BULK + 2)
        store.states.set(ids[1:], PaperState.DISMISSED, at_once=True)
        store.states.set(ids[:1], PaperState.DONE)
        store.papers.merge(ids[0], ids[1])
        store.papers.merge(ids[2], ids[3])
        found = signals_of(store)
        assert not found[ids[0]].is_bulk and found[ids[2]].is_bulk
        store.history.undo(2)
        assert signals_of(store)[ids[1]].is_bulk

    def test_it_weighs_a_fifth(self) -> None:
        weights = {
            (state, bulk): decision_of(PaperSignals("k", 1, state, "2026-01-01T00:00:00Z", bulk)).weight
            for state in (PaperState.DISMISSED, PaperState.DONE)
            for bulk in (False, True)
        }
        assert weights[PaperState.DISMISSED, True] * 5 == weights[PaperState.DISMISSED, False]
        assert weights[PaperState.DONE, True] * 5 == weights[PaperState.DONE, False]


class TestWishes:
    def test_each_is_a_step_that_is_undone(self, store: LibraryStore) -> None:
        fill(store)
        states = [content(store)]
        for wish in (
            lambda: store.taste.set_forgotten("tides", True),
            lambda: store.taste.set_since(date(2026, 2, 1)),
            lambda: store.taste.add_examples([example("A Liked Paper")], "liked.bib"),
            lambda: store.taste.switch(False),
            lambda: store.taste.start_over(),
            lambda: store.taste.switch(True),
        ):
            change = wish()
            assert change and change.touches(Field.TASTE) and not change.paper_ids
            states.append(content(store))
        for before in states[-2::-1]:
            store.history.undo()
            assert content(store) == before

    def test_they_are_read_as_they_stand(self, store: LibraryStore) -> None:
        assert store.taste.wishes() == TasteWishes()
        for word in ("rivers", "deep sea"):
            store.taste.set_forgotten(word, True)
        for day in (date(2026, 2, 1), date(2026, 1, 1)):
            store.taste.set_since(day)
        store.taste.switch(False)
        assert store.taste.wishes() == TasteWishes("2026-01-01", ("deep sea", "rivers"), True)
        store.taste.set_forgotten("rivers", False)
        store.taste.set_since(None)
        store.taste.switch(True)
        assert store.taste.wishes() == TasteWishes(None, ("deep sea",), False)

    def test_a_wish_that_is_granted_already_is_no_step(self, store: LibraryStore) -> None:
        for wish in (
            lambda: store.taste.set_forgotten("tides", True),
            lambda: store.taste.set_since(date(2026, 2, 1)),
            lambda: store.taste.switch(False),
            lambda: store.taste.add_examples([example("A Liked Paper")], "liked.bib"),
        ):
            assert wish()
            assert not wish()

    def test_starting_over_leaves_out_all_that_was_decided_and_keeps_the_papers(
        self, store: LibraryStore, clock: TickingClock
    ) -> None:
        ids = fill(store)
        store.states.set(ids, PaperState.DONE)
        store.taste.start_over()
        since = store.taste.wishes().since
        assert since and all(each.changed < since for each in store.taste.signals())
        assert next(store.papers.read(ids[:1])).state is PaperState.DONE
        clock.advance(seconds=2)
        store.states.set(ids[:1], PaperState.DISMISSED)
        assert signals_of(store)[ids[0]].changed >= since


class TestExamples:
    def test_one_that_is_no_paper_of_the_library_stands_for_itself(self, store: LibraryStore) -> None:
        fill(store)
        store.taste.add_examples([example("A Liked Paper", abstract="We like it.")], "liked.bib")
        (signal,) = store.taste.signals()
        assert signal.paper_id < 0 and signal.example_added
        assert store.taste.example_texts() == {signal.paper_id: ("A Liked Paper", "We like it.")}
        assert store.views.counts().all == 5, "it is not a paper of the library"

    @pytest.mark.parametrize(
        "facts",
        [
            {"title": "Another Wording", "arxiv_id": "2501.00001"},
            {"title": "Another Wording", "doi": "10.1000/tides"},
            {"title": "On Tides"},
            {"title": "On Tides", "year": 2026},
        ],
    )
    def test_one_that_is_a_paper_is_taken_by_identity_and_its_state_left(
        self, store: LibraryStore, facts: dict[str, object]
    ) -> None:
        known = paper("On Tides", arxiv_id="2501.00001", doi="10.1000/TIDES", published=PartialDate(2025, 1, 1))
        add(store, "page", known, paper("Else"))
        before = content(store)
        store.taste.add_examples([example(**facts)], "liked.bib")  # type: ignore[arg-type]
        (signal,) = store.taste.signals()
        assert (signal.paper_id, bool(signal.example_added), signal.state) == (1, True, PaperState.INBOX)
        assert {name: rows for name, rows in content(store).items() if rows != before[name]}.keys() == {
            "taste_examples"
        }

    @pytest.mark.parametrize(
        "facts", [{"arxiv_id": "2501.00009"}, {"doi": "10.1000/other"}, {"year": 1999}, {"title": "On Other Tides"}]
    )
    def test_one_that_merely_looks_like_a_paper_is_not(self, store: LibraryStore, facts: dict[str, object]) -> None:
        known = paper("On Tides", arxiv_id="2501.00001", doi="10.1000/tides", published=PartialDate(2025, 1, 1))
        add(store, "page", known)
        store.taste.add_examples([example(**{"title": "On Tides"} | facts)], "liked.bib")  # type: ignore[arg-type]
        assert [each.paper_id < 0 for each in store.taste.signals()] == [True]

    def test_it_is_one_signal_with_the_papers_own_decision(self, store: LibraryStore) -> None:
        ids = fill(store)
        title = next(store.papers.read(ids[:1])).title
        store.states.set(ids[:1], PaperState.DISMISSED)
        store.taste.add_examples([example(title)], "liked.bib")
        (signal,) = store.taste.signals()
        assert not decision_of(signal).is_liked, "what was decided on the paper itself counts"

    def test_it_is_found_again_after_its_paper_was_merged_or_imported_later(self, store: LibraryStore) -> None:
        store.taste.add_examples([example("On Tides")], "liked.bib")
        add(store, "page", paper("On Tides"), paper("Tides, On"))
        assert signals_of(store).keys() == {1}
        store.papers.merge(2, 1)
        assert all(each.example_added for each in store.taste.signals())
        store.history.undo(2)
        assert [each.paper_id < 0 for each in store.taste.signals()] == [True]


def test_a_copy_for_others_has_no_wishes_no_examples_and_none_of_their_steps(
    store: LibraryStore, tmp_path: Path
) -> None:
    ids = fill(store)
    store.taste.set_forgotten("marsupials", True)
    store.taste.add_examples([example("Wallabies at Dusk", abstract="They hop.")], "macropods.bib")
    store.states.set(ids[:1], PaperState.DONE)
    store.taste.set_since(date(2011, 2, 3))
    store.history.undo()
    copy = tmp_path / "copy.db"
    backup_file(store.path, copy)
    assert b"Wallabies" in copy.read_bytes(), "a backup of the whole database has them"
    leave_out_private(copy)
    kept = copy.read_bytes()
    assert not [word for word in (b"marsupials", b"Wallabies", b"macropods", b"2011-02-03") if word in kept]
    with closing(LibraryStore(copy)) as opened:
        assert [str(step.title) for step in opened.history.steps()] == ["Done: “On page subject 0”", "import page"]
        assert opened.history.undo() and opened.history.redo()
        assert not opened.findings()
    assert read_tables(copy)["states"] == query(store, "SELECT * FROM states")


def test_a_backup_of_the_annotations_has_none_of_it(store: LibraryStore, tmp_path: Path) -> None:
    fill(store)
    store.taste.set_forgotten("marsupials", True)
    store.taste.add_examples([example("Wallabies at Dusk")], "macropods.bib")
    store.back_up_annotations(tmp_path / "annotations.db")
    kept = (tmp_path / "annotations.db").read_bytes()
    assert not [word for word in (b"marsupials", b"Wallabies", b"macropods") if word in kept]
