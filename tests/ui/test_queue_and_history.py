"""The queue's order, hiding until later, selecting by key, and going back in what was done: by key."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind
from reader.domain.views import ViewKind
from reader.services.library.files import DATABASE_NAME
from reader.storage.journal.journal import SYNC
from reader.storage.store import LibraryStore
from reader.ui.app.tasks import READERS
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import parse_chord
from reader.ui.history.sheet import HistorySheet
from reader.ui.overlays.prompt import Prompt
from tests.storage.support import write
from tests.ui.conftest import WindowMaker, carry_out, settle
from tests.ui.pressing import Hands


def _current(window: MainWindow) -> int:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    return paper_id


def _shown(window: MainWindow) -> list[int]:
    entries = window.panes.paper_model.entries
    return [entries.paper_id(row) or 0 for row in range(len(entries))]


def _queued(hands: Hands, number: int) -> list[int]:
    """The first papers of the inbox queued, and the queue open."""
    ids = []
    for _ in range(number):
        ids.append(_current(hands.window))
        hands.press("a", "j")
    hands.press("g q", "g g")
    assert _shown(hands.window) == ids
    return ids


def test_papers_move_in_the_queue_and_a_run_of_moves_is_one_step(window: MainWindow, hands: Hands) -> None:
    one, two, three = _queued(hands, 3)
    hands.press("Shift+J", "Shift+J")
    assert _shown(window) == [two, three, one]
    assert _current(window) == one
    hands.press("Shift+K")
    assert list(window.workspace.library.queue.ids()) == [two, one, three]
    hands.press("u")
    assert _shown(window) == [one, two, three]
    hands.press("Shift+U")
    assert _shown(window) == [two, one, three]


def test_selected_papers_move_together_and_stay_selected(window: MainWindow, hands: Hands) -> None:
    one, two, three, four = _queued(hands, 4)
    hands.press("x", "j", "x", "Shift+J")
    assert _shown(window) == [three, one, two, four]
    assert window.panes.papers.selected_paper_ids() == [one, two]


def test_top_bottom_and_sorting(window: MainWindow, hands: Hands) -> None:
    one, two, three = _queued(hands, 3)
    window.runner.run("queue.bottom")
    hands.settle()
    assert _shown(window) == [two, three, one]
    hands.press("Shift+G")
    window.runner.run("queue.top")
    hands.settle()
    assert _shown(window) == [one, two, three]
    window.runner.run("queue.sort_title")
    hands.settle()
    titles = [window.workspace.library.papers.get(paper_id).title.casefold() for paper_id in _shown(window)]
    assert titles == sorted(titles)


def test_the_next_is_taken_from_the_queue(window: MainWindow, hands: Hands) -> None:
    first, _ = _queued(hands, 2)
    hands.press("g i", "Shift+Q")
    assert window.workspace.library.papers.get(first).state is PaperState.READING
    assert window.reader.paper is not None
    assert window.reader.paper.id == first
    hands.press("Shift+Q", "Shift+Q")
    assert hands.said.startswith("The queue is empty")


def test_the_next_is_shown_though_another_view_is_still_being_read(window: MainWindow, hands: Hands) -> None:
    """The paper stands in the list that is about to be replaced."""
    first, _ = _queued(hands, 2)
    readable = threading.Event()
    for _ in range(READERS):
        window.workspace.tasks.read(readable.wait, lambda _: None)
    for key in (*parse_chord("g i"), *parse_chord("Shift+Q")):
        hands.strike(key)
    carry_out(window)
    QApplication.processEvents()
    readable.set()
    hands.settle()
    assert window.reader.paper is not None
    assert window.reader.paper.id == first


def test_burying_until_tomorrow_and_until_a_day(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("b")
    assert hands.said.startswith("Snoozed until Fri 3 Apr")
    assert _current(window) != paper_id
    other = _current(window)
    hands.press("Shift+B")
    (prompt,) = window.findChildren(Prompt)
    hands.type("yesterdayish")
    hands.press("Enter")
    assert "is not a day" in prompt.complaint.text()
    prompt.edit.clear()
    hands.type("3d")
    hands.press("Enter")
    assert window.workspace.library.papers.get(other).buried_until is not None
    hands.press("g a", "g i")
    assert {paper_id, other}.isdisjoint(_shown(window))
    hands.press("u")
    assert _current(window) == other


def test_selecting_by_key_and_bulk_operations(window: MainWindow, hands: Hands) -> None:
    ids = _shown(window)
    hands.press("x", "j", "j", "x")
    assert window.panes.papers.selected_paper_ids() == [ids[0], ids[2]]
    assert "2 selected" in window.panes.status.position.text()
    hands.press("s")
    starred = [paper.id for paper in window.workspace.library.papers.read(ids) if paper.starred]
    assert starred == [ids[0], ids[2]]
    hands.press("x")
    assert window.panes.papers.selected_paper_ids() == [ids[0]]
    hands.press("Esc")
    assert window.panes.papers.selected_paper_ids() == [ids[2]]


def test_a_range_follows_until_it_is_ended(window: MainWindow, hands: Hands) -> None:
    ids = _shown(window)
    hands.press("x", "j", "j", "Shift+V", "j", "j", "k")
    assert window.panes.papers.selected_paper_ids() == [ids[0], ids[2], ids[3]]
    hands.press("Shift+V", "j", "j")
    assert window.panes.papers.selected_paper_ids() == [ids[0], ids[2], ids[3]]
    hands.press("e")
    assert window.workspace.library.views.counts().done == 3
    assert window.panes.papers.selected_paper_ids() == [ids[4]]


def test_all_and_none(window: MainWindow, hands: Hands) -> None:
    hands.press("* a")
    assert len(window.panes.papers.selected_paper_ids()) == 40
    hands.press("a")
    assert hands.said.startswith("Queued: 40 papers")
    hands.press("* n")
    assert len(window.panes.papers.selected_paper_ids()) == 1
    hands.press("u")
    assert hands.said.startswith("Undid: ")
    assert "40 papers" in hands.said
    assert window.workspace.library.views.counts().queued == 0


def test_undo_finds_the_paper_where_it_is_not_in_sight(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("d", "g q", "u")
    assert _current(window) == paper_id
    assert window.navigator.view is not None
    assert window.navigator.view.kind is ViewKind.ALL


def test_the_history_goes_back_to_any_step_and_forth_again(window: MainWindow, hands: Hands) -> None:
    ids = _shown(window)
    hands.press("s", "j", "s", "j", "s", "Ctrl+Shift+H")
    (sheet,) = window.findChildren(HistorySheet)
    assert "Starred" in sheet.list.item(0).text()
    hands.press("Down", "Down", "Enter")
    starred = [paper.id for paper in window.workspace.library.papers.read(ids) if paper.starred]
    assert starred == [ids[0]]
    QApplication.processEvents()
    hands.press("Ctrl+Shift+H")
    sheet = next(each for each in window.findChildren(HistorySheet) if each.isVisible())
    assert sheet.list.item(0).text().endswith("undone")
    hands.press("Home", "Enter")
    starred = [paper.id for paper in window.workspace.library.papers.read(ids) if paper.starred]
    assert starred == [ids[0], ids[1], ids[2]]


def test_what_arrived_is_taken_back_from_the_history(window: MainWindow, hands: Hands) -> None:
    ids = _shown(window)
    store = window.workspace.library._store
    hands.press("s")
    with store.step(StepKind.ARRIVED(device="Laptop", stars=1), SYNC):
        store.states.set_starred(ids[1:2], True)
    hands.press("Ctrl+Shift+H")
    (sheet,) = window.findChildren(HistorySheet)
    assert "From Laptop: 1 star" in sheet.list.item(0).text()
    assert sheet.take_back_button.isEnabled()
    hands.press("Down", "Delete")
    assert sheet.isVisible(), "a step that was made here is undone in its turn"
    assert not sheet.take_back_button.isEnabled()
    hands.press("Up", "Delete")
    starred = [paper.id for paper in window.workspace.library.papers.read(ids) if paper.starred]
    assert starred == ids[:1]
    assert window.workspace.library.history.steps(1)[0].title.kind is StepKind.TAKEN_BACK
    hands.press("u")
    assert len([paper for paper in window.workspace.library.papers.read(ids) if paper.starred]) == 2


@pytest.mark.parametrize("presses", [1, 2])
def test_an_earlier_sessions_step_is_named_before_it_is_undone(
    open_window: WindowMaker, folder: Path, qtbot: object, presses: int
) -> None:
    first = open_window(folder)
    hands = Hands(qtbot, first, lambda: settle(first))  # type: ignore[arg-type]
    paper_id = _current(first)
    hands.press("s")
    first.close()
    second = open_window(folder)
    hands = Hands(qtbot, second, lambda: settle(second))  # type: ignore[arg-type]
    hands.press(*["u"] * presses)
    assert second.workspace.library.papers.get(paper_id).starred is (presses == 1)
    if presses == 1:
        assert hands.said.startswith("The last step is from an earlier session: Starred: “")


def test_undo_that_would_lose_what_came_since_is_refused_with_the_reason(window: MainWindow, hands: Hands) -> None:
    """The same column was changed by something that is no step: nothing changes, and the window says why."""
    paper_id = _current(window)
    hands.press("e")
    with LibraryStore(window.workspace.library.folder / DATABASE_NAME) as store:
        write(store, f"UPDATE states SET state = 'reading' WHERE paper_id = {paper_id}")
    hands.press("u")
    told = hands.said + window.panes.notice.text.text()
    assert "the state of a paper was changed since" in told
    assert window.workspace.library.papers.get(paper_id).state is PaperState.READING
