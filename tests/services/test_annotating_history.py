"""Undo, redo and the history as the window and the command line use them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reader.domain.changes import OperationSummary, UndoneOperation
from reader.domain.errors import UndoRefusedError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.files import DATABASE_NAME
from reader.services.library.history import asking_text, shown_step, taken_back_text, undone_text
from reader.storage.journal.journal import KEPT_STEPS, SYNC
from reader.storage.store import LibraryStore
from tests.services.annotating import SetClock, bring, open_library, paper, state_of, titles
from tests.storage.support import query, write


def test_undo_says_what_and_on_which_papers(annotated: Library) -> None:
    annotated.tags.add([1, 2], ["to-try"])
    undone = annotated.history.undo()
    assert undone is not None
    assert undone_text(undone) == "Undid: Tagged 2 papers “to-try”"
    assert undone.paper_ids == {1, 2}
    redone = annotated.history.redo()
    assert redone is not None
    assert undone_text(redone, "Redid") == "Redid: Tagged 2 papers “to-try”"
    assert annotated.history.redo() is None


def test_several_steps_are_told_as_such(annotated: Library) -> None:
    annotated.states.set_starred([1], True)
    annotated.states.set_starred([2], True)
    undone = annotated.history.undo(2)
    assert undone is not None
    assert undone_text(undone) == "Undid 2 steps, the last of them: Starred: “Alpha of Trees”"


def test_undoing_an_import_says_who_stays(annotated: Library) -> None:
    bring(annotated, "Alpha of Trees", "Zeta", name="more", heading="Mar 2")
    with LibraryStore(annotated.folder / DATABASE_NAME) as store:
        write(store, "INSERT INTO states (paper_id, state) VALUES (6, 'done')")
    undone = annotated.history.undo()
    assert undone is not None
    assert undone_text(undone) == ("Undid: Imported more. 1 paper stays: it is annotated or part of another listing.")
    assert undone.kept_paper_ids == {6}


@contextmanager
def arriving(library: Library) -> Iterator[None]:
    """What is done in the block arrives from another device."""
    with library._store.step(StepKind.ARRIVED(device="Laptop", states=1), SYNC):
        yield


def test_undoing_names_what_was_changed_on_another_device(annotated: Library) -> None:
    annotated.states.set([1, 2, 3], PaperState.DONE)
    annotated.tags.add([1], ["a"])
    with arriving(annotated):
        annotated.states.set([1], PaperState.READING)
        annotated.tags.add([2], ["a"])
    undone = annotated.history.undo()
    assert undone is not None
    assert undone_text(undone) == "Undid: Tagged “a”: “Alpha of Trees”. 1 tag stays, changed on Laptop."
    undone = annotated.history.undo()
    assert undone is not None
    assert undone_text(undone) == "Undid: Done: 3 papers. 1 of 3 papers stay, changed on Laptop."


def test_what_arrived_is_no_step_that_undo_asks_about(annotated: Library, set_clock: SetClock) -> None:
    with arriving(annotated):
        annotated.states.set([1], PaperState.READING)
    step = annotated.history.next_undo()
    assert step is not None and step.kind == "import"


def test_taking_back_says_what_and_what_stays(annotated: Library) -> None:
    with arriving(annotated):
        annotated.states.set([1, 2], PaperState.READING)
    annotated.states.set([1], PaperState.DONE)
    step = next(step for step in annotated.history.steps() if step.kind == SYNC)
    taken = annotated.history.take_back(step.id)
    assert taken_back_text(taken) == "Took back from Laptop: 1 state. 1 paper stays, changed since."


class TestAfterARestart:
    def test_the_first_undo_names_the_old_step_and_asks(self, annotated: Library, set_clock: SetClock) -> None:
        annotated.states.set_starred([1], True)
        annotated.states.set_starred([2], True)
        with open_library(annotated.folder, set_clock) as later:
            assert all(step.from_earlier_session for step in later.history.steps())
            asked = later.history.undo_or_ask()
            assert isinstance(asked, OperationSummary)
            assert asking_text(asked).endswith("Starred: “Beta on α Masks”. Undo once more to take it back")
            assert paper(later, 2).starred
            assert isinstance(later.history.undo_or_ask(), UndoneOperation)
            assert isinstance(later.history.undo_or_ask(), UndoneOperation), "it asks once"
            assert not paper(later, 1).starred

    def test_what_was_done_since_is_undone_at_once(self, annotated: Library, set_clock: SetClock) -> None:
        with open_library(annotated.folder, set_clock) as later:
            later.states.set_starred([1], True)
            assert [step.from_earlier_session for step in later.history.steps()] == [False, True]
            assert isinstance(later.history.undo_or_ask(), UndoneOperation)
            assert isinstance(later.history.undo_or_ask(), OperationSummary)
            later.states.set_starred([1], True)
            assert isinstance(later.history.undo_or_ask(), UndoneOperation)
            assert isinstance(later.history.undo_or_ask(), UndoneOperation), "it has been asked about already"
            assert later.history.undo_or_ask() is None

    def test_another_process_s_steps_are_of_now(self, annotated: Library) -> None:
        with Library(annotated.folder) as other:
            other.states.set_starred([1], True)
        assert isinstance(annotated.history.undo_or_ask(), UndoneOperation)

    def test_a_restored_library_is_a_new_session(self, annotated: Library) -> None:
        annotated.states.set_starred([1], True)
        backup = annotated.backups.make()
        annotated.backups.restore(backup.path)
        assert isinstance(annotated.history.undo_or_ask(), OperationSummary)

    def test_a_library_without_steps_has_nothing_to_ask(self, tmp_path: Path) -> None:
        with Library(tmp_path / "new") as library:
            assert library.history.undo_or_ask() is None
            assert library.history.next_undo() is library.history.next_redo() is None


class TestGoingToAStep:
    def test_any_step_can_be_gone_to_and_back(self, annotated: Library) -> None:
        states = [state_of(annotated)]
        for number in (1, 2, 3, 4):
            annotated.states.set_starred([number], True)
            states.append(state_of(annotated))
        steps = annotated.history.steps()[::-1]
        for index in (2, 4, 1, 3, 0, 4):
            annotated.history.go_to(steps[index].id)
            assert state_of(annotated) == states[index]
            assert [step.undone for step in annotated.history.steps()[::-1]] == [number > index for number in range(5)]
        assert annotated.history.go_to(steps[4].id) is None
        annotated.history.go_to(0)
        assert annotated.views.counts().all == 0
        annotated.history.go_to(steps[2].id)
        assert state_of(annotated) == states[2]
        following, previous = annotated.history.next_redo(), annotated.history.next_undo()
        assert following is not None and previous is not None
        assert (following.id, previous.id) == (steps[3].id, steps[2].id)

    def test_undoing_after_a_step_leaves_what_was_undone(self, annotated: Library) -> None:
        annotated.states.set_starred([1], True)
        annotated.states.set_starred([2], True)
        imported = annotated.history.steps()[-1].id
        annotated.history.undo()
        annotated.history.undo(after=imported)
        assert titles(annotated) == ["Imported day"]
        assert annotated.history.undo(after=imported) is None

    def test_it_is_refused_whole(self, annotated: Library) -> None:
        annotated.states.set([1], PaperState.DONE)
        annotated.states.set_starred([2], True)
        with LibraryStore(annotated.folder / DATABASE_NAME) as store:
            write(store, "UPDATE states SET state = 'reading' WHERE paper_id = 1")
        before = state_of(annotated)
        with pytest.raises(UndoRefusedError, match="the state of a paper was changed since"):
            annotated.history.go_to(0)
        assert state_of(annotated) == before
        assert titles(annotated)[:2] == ["Starred: “Beta on $\\alpha$ Masks”", "Done: “Alpha of Trees”"]


def test_closing_after_work_drops_old_steps_whole(tmp_path: Path, set_clock: SetClock) -> None:
    folder = tmp_path / "library"
    with open_library(folder, set_clock) as library:
        bring(library, "One", "Two")
    with LibraryStore(folder / DATABASE_NAME) as store:
        many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
        write(
            store,
            "INSERT INTO operations (title, kind, time, change_count) "
            f"{many} SELECT 'old', 'edit', '2020-01-01T00:00:00Z', 1 FROM n",
        )
    set_clock.advance(days=100)
    with open_library(folder, set_clock) as library:
        assert library.statistics.totals().papers == 2
    with LibraryStore(folder / DATABASE_NAME) as store:
        assert query(store, "SELECT count(*) FROM operations") == [(1501,)], "looking on changes nothing"
    with open_library(folder, set_clock) as library:
        library.states.set_starred([1], True)
    with LibraryStore(folder / DATABASE_NAME) as store:
        assert query(store, "SELECT count(*) FROM operations") == [(KEPT_STEPS,)]
        assert sorted(store.papers.ids(ALL_PAPERS)) == [1, 2]


def test_a_busy_library_closes_all_the_same(annotated: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    from reader.domain.errors import LibraryBusyError

    def busy(store: LibraryStore) -> None:
        raise LibraryBusyError("The library is being written to.")

    monkeypatch.setattr(LibraryStore, "tidy", busy)
    annotated.states.set_starred([1], True)
    annotated.close()


def test_every_step_of_a_triage_names_its_paper(annotated: Library) -> None:
    """Forty of them were all called “mark 1 paper as dismissed”."""
    ids = list(annotated.views.paper_ids(View(ViewKind.ALL)))
    for paper_id in ids:
        annotated.states.set([paper_id], PaperState.DISMISSED)
    dismissed = titles(annotated)[: len(ids)]
    assert len(set(dismissed)) == len(ids) > 3
    assert dismissed[::-1] == [f"Dismissed: “{paper(annotated, paper_id).title}”" for paper_id in ids]


def test_a_step_names_the_one_paper_that_it_changed(annotated: Library) -> None:
    annotated.states.set([1, 2], PaperState.DONE)
    assert str(annotated.states.set([1, 2, 3], PaperState.DONE).title).startswith("Done: “")
    assert str(annotated.states.set([1, 2, 3], PaperState.QUEUED).title) == "Queued: 3 papers"
    assert str(annotated.states.bury([1], "2w").title).endswith(": “Alpha of Trees”")
    assert str(annotated.states.unbury([1, 2]).title) == "No longer snoozed: “Alpha of Trees”"
    assert str(annotated.queue.move([3], -1).title).startswith("Moved up the queue: “")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (StepKind.DONE(papers="Short"), "Done: “Short”"),
        (StepKind.DONE(papers="A $\\alpha$ {B}"), "Done: “A α {B}”"),
        (StepKind.DONE(papers="Many words, " * 9), "Done: “Many words, Many words, Many words, Many words…”"),
        (StepKind.MERGED(other="x" * 99, papers="y"), f"Merged “{'x' * 48}…” into “y”"),
        (StepKind.TEXT(text="mark 1 paper as done"), "mark 1 paper as done"),
        (StepKind.TEXT(text=f"Merged “{'x' * 99}” into “y”"), f"Merged “{'x' * 99}” into “y”"),
        (StepKind.TEXT(text="x" * 199), f"{'x' * 144}…"),
    ],
)
def test_what_a_step_names_is_cut_to_what_a_line_has_room_for(title: StepTitle, shown: str) -> None:
    assert shown_step(title) == shown
