"""Deciding by key: every verdict is one step, stays in place until the view is left, and can be taken back."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from reader.domain.papers import PaperRow, PaperState
from reader.domain.views import ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.papers.entries import is_dimmed
from tests.ui.pressing import Hands, named


def _current(window: MainWindow) -> int:
    paper_id = window.panes.papers.current_paper_id
    assert paper_id is not None
    return paper_id


def _row(window: MainWindow, paper_id: int) -> PaperRow:
    (row,) = window.workspace.library.papers.rows([paper_id])
    return row


@pytest.mark.parametrize(
    ("chord", "state", "advances"),
    [
        ("e", PaperState.DONE, True),
        ("d", PaperState.DISMISSED, True),
        ("#", PaperState.DISMISSED, True),
        ("Delete", PaperState.DISMISSED, True),
        ("a", PaperState.QUEUED, False),
    ],
)
def test_a_verdict_is_stored_and_shown_in_place(
    window: MainWindow, hands: Hands, chord: str, state: PaperState, advances: bool
) -> None:
    paper_id, row = _current(window), window.panes.papers.current_row
    hands.press(chord)
    assert _row(window, paper_id).state is state
    assert window.panes.papers.current_row == row + advances
    assert window.panes.paper_model.rowCount() == 40
    shown = window.panes.paper_model.paper(row)
    assert shown is not None
    assert shown.state is state
    assert is_dimmed(ViewKind.INBOX, shown)
    hands.press("g a", "g i")
    assert window.panes.paper_model.rowCount() == 39


def test_a_verdict_is_undone_and_redone(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("d", "j", "u")
    assert _row(window, paper_id).state is PaperState.INBOX
    assert _current(window) == paper_id
    assert hands.said.startswith("Undid: ")
    hands.press("Shift+U")
    assert _row(window, paper_id).state is PaperState.DISMISSED
    hands.press("Ctrl+Z", "Ctrl+Shift+Z")
    assert _row(window, paper_id).state is PaperState.DISMISSED


def test_nothing_to_undo_is_said(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+U")
    assert hands.said == "Nothing to redo"


def test_the_star_is_a_toggle_even_when_pressed_fast(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("s")
    assert _row(window, paper_id).starred
    assert hands.said == f"Starred: {named(hands)}  ·  u undoes"
    for _ in range(3):
        for key in ("s",):
            hands.qtbot.keyClick(window.panes.papers, key)
    hands.settle()
    assert not _row(window, paper_id).starred
    assert hands.said == f"Star taken off: {named(hands)}  ·  u undoes"


def test_the_queue_is_a_toggle(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    hands.press("a", "g q")
    assert _current(window) == paper_id
    hands.press("a")
    assert _row(window, paper_id).state is PaperState.INBOX


def test_m_marks_seen_and_goes_on(window: MainWindow, hands: Hands) -> None:
    paper_id, row, name = _current(window), window.panes.papers.current_row, named(hands)
    hands.press("m")
    assert _row(window, paper_id).seen
    assert window.panes.papers.current_row == row + 1
    assert hands.said == f"Marked seen: {name}  ·  u undoes"
    hands.press("k", "Shift+M")
    assert not _row(window, paper_id).seen
    assert _current(window) == paper_id


def test_forty_keys_for_forty_papers(window: MainWindow, hands: Hands) -> None:
    for _ in range(40):
        hands.qtbot.keyClick(window.panes.papers, "m")
    hands.settle()
    assert window.workspace.library.views.counts().unseen == 0
    assert window.panes.paper_model.rowCount() == 40
    hands.press("g i")
    model = window.panes.paper_model
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "You are caught up",
        "40 seen, undecided",
    ]


def test_operations_take_the_whole_selection_in_one_step(window: MainWindow, hands: Hands) -> None:
    window.panes.papers.selectAll()
    hands.press("d")
    assert hands.said == "Dismissed: 40 papers  ·  u undoes"
    assert window.workspace.library.views.counts().dismissed == 40
    hands.press("u")
    assert window.workspace.library.views.counts().dismissed == 0


def test_after_a_selection_the_next_paper_below_is_current(window: MainWindow, hands: Hands) -> None:
    papers = window.panes.papers
    for _ in range(2):
        hands.qtbot.keyClick(papers, "j")
    hands.qtbot.keyPress(papers, _down(), modifier=_shift())
    hands.qtbot.keyPress(papers, _down(), modifier=_shift())
    assert len(papers.selected_paper_ids()) == 3
    hands.press("e")
    assert papers.current_row == 5


def _down() -> object:
    from PySide6.QtCore import Qt

    return Qt.Key.Key_Down


def _shift() -> object:
    from PySide6.QtCore import Qt

    return Qt.KeyboardModifier.ShiftModifier


def test_counts_follow(window: MainWindow, hands: Hands) -> None:
    hands.press("a", "j", "s", "d")
    rows = {row.title: row.count for number in range(8) if (row := window.panes.sidebar_model.row(number))}
    assert rows == {
        "Inbox": 38, "Queue": 1, "Reading": 0, "Done": 0, "Dismissed": 1, "Snoozed": 0, "Starred": 1, "All papers": 40,
    }  # fmt: skip


def test_an_arxiv_id_comes_from_the_clipboard(window: MainWindow, hands: Hands) -> None:
    QGuiApplication.clipboard().setText("https://arxiv.org/abs/2601.12345v2")
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    assert window.reader.paper is not None
    assert window.reader.paper.arxiv_id == "2601.12345"
    assert "arXiv 2601.12345" in window.panes.detail.toPlainText()


@pytest.mark.parametrize("text", ["", "no id at all", "<img src=x>"])
def test_what_is_no_arxiv_id_is_said_to_be_none(window: MainWindow, hands: Hands, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    assert window.reader.paper is not None
    assert window.reader.paper.arxiv_id is None
    assert "arXiv" in hands.said
    assert window.panes.status.message.property("error") is True


def test_reading_and_back_to_the_inbox(window: MainWindow, hands: Hands) -> None:
    paper_id = _current(window)
    window.runner.run("paper.start")
    hands.settle()
    assert _row(window, paper_id).state is PaperState.READING
    window.runner.run("paper.inbox")
    hands.settle()
    assert _row(window, paper_id).state is PaperState.INBOX
