"""The views of all highlights and of all notes: moved in, narrowed, gone out of, and fast however many there are."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import TargetSpan, sentences_of
from reader.ui.app.window import MainWindow
from reader.ui.detail.document import CONFIRM_SCHEME
from reader.ui.highlights.focused import FocusedHighlight
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands


@pytest.fixture
def marked(folder: Path) -> None:
    """Three papers with highlights (Claim, Method, Claim with a comment), two with notes, one of them tagged."""
    with Library(folder) as library:
        first, second, third = library.views.paper_ids(View(ViewKind.ALL))[:3]
        for paper_id, label, comment in ((first, "Claim", ""), (second, "Method", ""), (third, "Claim", "why so?")):
            sentence = sentences_of(library.papers.get(paper_id))[1]
            library.highlights.add(paper_id, [sentence], label=label, comment=comment)
        library.notes.save(first, "# The first thought\n\nand what follows", revision=None)
        library.notes.save(third, "another thought", revision=None)
        library.tags.add([third], ["vision"])


@pytest.fixture
def window(marked: None, open_window: WindowMaker, folder: Path) -> MainWindow:
    return open_window(folder)


def rows(window: MainWindow) -> list[str]:
    model = window.annotations.pane.model
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def narrow(window: MainWindow, hands: Hands, text: str) -> None:
    hands.press("/")
    window.annotations.pane.edit.clear()
    hands.type(text)
    hands.qtbot.wait(150)
    hands.settle()


def test_all_highlights_are_listed_the_newest_first(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    assert window.panes.pane.title.text() == "Highlights"
    assert window.panes.pane.facts.text() == "3"
    newest, middle, oldest = rows(window)
    assert newest.startswith("Claim: ")
    assert "why so?" in newest
    assert middle.startswith("Method: ")
    assert oldest.startswith("Claim: ")
    assert window.annotations.pane.list.hasFocus()
    QAbstractItemModelTester(window.annotations.pane.model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_moving_shows_each_paper_at_its_highlight(window: MainWindow, hands: Hands) -> None:
    first, second, third = window.workspace.library.views.paper_ids(View(ViewKind.ALL))[:3]
    hands.press("g h")
    seen = []
    for keys in ((), ("j",), ("Down",), ("k",), ("Shift+G",), ("g g",)):
        hands.press(*keys)
        assert window.reader.paper is not None
        assert [each.id for each in window.reader.paper.highlights] == [window.highlights.layer.here]
        seen.append(window.reader.paper.id)
    assert seen == [third, second, first, second, first, third]
    assert window.panes.status.position.text() == "1 / 3"


def test_enter_goes_to_the_highlight_and_escape_comes_back(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    hands.press("j", "Enter")
    assert window.panes.is_focus_reading
    assert isinstance(window.highlights.mode, FocusedHighlight)
    hands.press("Enter")
    hands.type("indeed")
    hands.press("Enter")
    assert window.workspace.library.highlights.all(label="Method")[0].highlight.comment == "indeed"
    hands.press("Esc")
    assert window.panes.is_focus_reading
    assert window.highlights.mode is None
    hands.press("Esc")
    assert not window.panes.is_focus_reading
    assert window.annotations.pane.list.hasFocus()
    assert "indeed" in rows(window)[1]
    assert window.annotations.pane.list.current_row == 1


def test_commands_on_papers_act_on_the_paper_of_the_highlight(window: MainWindow, hands: Hands) -> None:
    _, second, third = window.workspace.library.views.paper_ids(View(ViewKind.ALL))[:3]
    hands.press("g h")
    hands.press("j", "s")
    assert window.workspace.library.papers.get(second).starred
    hands.press("k", "e")
    assert window.workspace.library.papers.get(third).state.value == "done"
    assert window.annotations.pane.list.current_row == 1  # done goes on to the next paper, and the list with it


def test_delete_removes_the_highlight_and_undo_brings_it_back(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    hands.press("j")
    hands.press("Delete")
    assert len(rows(window)) == 2
    assert window.annotations.pane.list.current_row == 1
    hands.press("u")
    assert len(rows(window)) == 3
    assert window.panes.pane.facts.text() == "3"


def test_the_list_is_narrowed_by_what_search_understands(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    every = rows(window)
    for query, expected in (
        ("label:method", [every[1]]),
        ("tag:vision", [every[0]]),
        ("why", [every[0]]),
    ):
        narrow(window, hands, query)
        assert rows(window) == expected, query
    narrow(window, hands, "zebra")
    assert window.panes.pane.facts.text() == "0 of 3"
    assert "No matches." in window.annotations.pane.words.text()
    hands.press("Esc")
    assert window.annotations.pane.edit.text() == ""
    hands.qtbot.wait(150)
    hands.press("Esc")
    assert window.annotations.pane.list.hasFocus()
    assert rows(window) == every


def test_a_label_s_button_shows_only_its_highlights(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    buttons = {each.text(): each for each in window.annotations.pane.findChildren(QPushButton)}
    assert list(buttons) == ["Claim  2", "Method  1", "Result  0", "Question  0"]
    hands.click(buttons["Claim  2"])
    hands.qtbot.wait(150)
    hands.settle()
    assert len(rows(window)) == 2
    window.annotations.pane.list.setFocus()
    hands.press("Esc")
    hands.qtbot.wait(150)
    hands.settle()
    assert len(rows(window)) == 3


def test_all_notes_are_listed_and_narrowed(window: MainWindow, hands: Hands) -> None:
    first, _, third = window.workspace.library.views.paper_ids(View(ViewKind.ALL))[:3]
    hands.press("g n")
    newest, oldest = rows(window)
    assert newest.startswith("another thought")
    assert oldest.startswith("The first thought. and what follows")
    assert window.panes.papers.current_paper_id == third
    hands.press("j")
    assert window.panes.papers.current_paper_id == first
    assert "what follows" in window.panes.note.view.toPlainText()
    hands.press("Delete")
    assert "n opens the note" in hands.said
    narrow(window, hands, "another")
    assert rows(window) == [newest]
    narrow(window, hands, "tag:vision thought")
    assert rows(window) == [newest]
    narrow(window, hands, "nowhere")
    assert rows(window) == []


def test_other_views_take_the_papers_list_back(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    hands.press("j")
    at = window.highlights.layer.here
    hands.press("g i")
    assert window.panes.papers.isVisible()
    assert window.panes.papers.hasFocus()
    hands.press("/")
    assert window.panes.pane.search.edit.hasFocus()
    hands.press("Esc", "g h")
    assert window.highlights.layer.here == at  # where one was
    window.searching.show("a")
    hands.settle()
    assert window.panes.papers.isVisible()
    hands.press("Esc")
    assert window.annotations.is_shown


def test_counts_stand_in_the_left_pane(window: MainWindow, hands: Hands) -> None:
    model = window.panes.sidebar_model
    told = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert "Highlights: 3" in told
    assert "Notes: 2" in told


def test_nothing_yet_is_said(open_window: WindowMaker, folder: Path, qtbot: QtBot) -> None:
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    for keys, words in (("g h", "Nothing highlighted yet"), ("g n", "No notes yet")):
        hands.press(keys)
        assert words in window.annotations.pane.words.text()
        hands.press("j", "k", "Enter", "Delete", "Esc")
    assert QApplication.focusWidget() is window.annotations.pane.list


def test_unplaced_highlights_are_listed_shown_and_removed(
    marked: None, open_window: WindowMaker, folder: Path, qtbot: QtBot
) -> None:
    with Library(folder) as library:
        paper_id = library.views.paper_ids(View(ViewKind.ALL))[0]
        (gone,), _ = library.highlights.add(paper_id, [TargetSpan("abstract", 0, 9)])
    with sqlite3.connect(folder / "library.db") as connection:
        connection.execute('UPDATE highlights SET start = NULL, "end" = NULL WHERE id = ?', (gone,))
    connection.close()
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("g h")
    assert any("no longer in the abstract" in row for row in rows(window))
    hands.press("g a")
    hands.press("g g")
    assert "no longer in the abstract" in window.panes.detail.toPlainText()
    hands.press("}", "}")
    assert "no longer in the abstract" in window.highlights.bar.hint.text()
    hands.press("Delete")
    assert "no longer in the abstract" not in window.panes.detail.toPlainText()


def test_reworded_highlights_say_so_until_they_are_confirmed(
    marked: None, open_window: WindowMaker, folder: Path, qtbot: QtBot
) -> None:
    with Library(folder) as library:
        paper_id = library.views.paper_ids(View(ViewKind.ALL))[0]
        ids, _ = library.highlights.add(paper_id, [TargetSpan("abstract", 0, 9)])
    with sqlite3.connect(folder / "library.db") as connection:
        connection.execute("UPDATE highlights SET approximate = 1 WHERE id = ?", ids)
    connection.close()
    window = open_window(folder)
    hands = Hands(qtbot, window, lambda: settle(window))
    hands.press("g h")
    assert any("reworded in the abstract" in row for row in rows(window))
    hands.press("g a")
    hands.press("g g")
    shown = window.panes.detail.toPlainText()
    assert "reworded in the abstract" in shown and "Keep it there" in shown
    hands.press("}", "}")
    assert "reworded in the abstract" in window.highlights.bar.hint.text()
    hands.press("Esc")
    window.panes.detail.anchorClicked.emit(QUrl(f"{CONFIRM_SCHEME}:{ids[0]}"))
    settle(window)
    assert "reworded in the abstract" not in window.panes.detail.toPlainText()
    hands.press("u")
    assert "reworded in the abstract" in window.panes.detail.toPlainText()


def test_the_view_is_there_again_after_a_restart(
    window: MainWindow, hands: Hands, open_window: WindowMaker, folder: Path, qtbot: QtBot
) -> None:
    hands.press("g h")
    hands.press("j")
    paper_id = window.panes.papers.current_paper_id
    window.close()
    again = open_window(folder)
    assert again.annotations.is_shown
    assert again.focusWidget() is again.annotations.pane.list
    assert again.panes.papers.current_paper_id == paper_id
    assert again.highlights.layer.here is not None


def test_a_note_is_written_from_its_list(window: MainWindow, hands: Hands) -> None:
    hands.press("g n")
    hands.press("j", "n")
    assert window.panes.note.editor.hasFocus()
    hands.type("more ")
    hands.press("Esc")
    assert window.annotations.pane.list.hasFocus()
    at = window.annotations.pane.list.current_row
    assert rows(window)[at].startswith("more")
    assert window.annotations.pane.model.paper_id(at) == window.panes.papers.current_paper_id


def test_space_reads_on_to_the_next_highlight(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    for _ in range(6):
        hands.press("Space")
    assert window.annotations.pane.list.current_row == 2


def test_a_double_click_reads_at_the_highlight(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    view = window.annotations.pane.list
    place = view.visualRect(window.annotations.pane.model.index(1)).center()
    hands.click(view.viewport(), place)
    hands.qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hands.settle()
    assert window.panes.is_focus_reading
    assert isinstance(window.highlights.mode, FocusedHighlight)


def test_back_and_forward_lead_out_of_the_view_and_into_it(window: MainWindow, hands: Hands) -> None:
    hands.press("g a")
    hands.press("g h")
    hands.press("j")
    at = window.highlights.layer.here
    hands.press("Alt+Left")
    assert window.panes.papers.hasFocus()
    assert not window.annotations.is_shown
    hands.press("Alt+Right")
    assert window.annotations.is_shown
    assert window.annotations.pane.list.hasFocus()
    assert window.highlights.layer.here == at


def test_names_are_completed_where_the_list_is_narrowed(window: MainWindow, hands: Hands) -> None:
    hands.press("g h")
    every = rows(window)
    hands.press("/")
    hands.type("tag:vi")
    assert window.annotations.pane.completer.is_open
    hands.press("Tab")
    assert window.annotations.pane.query == "tag:vision"
    hands.press("Esc")
    assert not window.annotations.pane.completer.is_open
    hands.qtbot.wait(150)
    hands.press("Enter")
    assert rows(window) == every[:1]
    assert window.annotations.pane.list.hasFocus()


@pytest.mark.parametrize("view", ["g h", "g n"])
def test_a_list_narrowed_to_nothing_shows_no_paper(window: MainWindow, hands: Hands, view: str) -> None:
    """The paper shown before stayed, and keys changed it."""
    paper_id = window.workspace.library.views.paper_ids(View(ViewKind.ALL))[0]
    window.workspace.library.notes.append(paper_id, "A note")
    hands.press("g a", view)
    hands.press("j") if view == "g h" else None
    before = window.reader.paper
    assert before is not None
    hands.press("/")
    hands.type("nosuchwordatall")
    hands.qtbot.waitUntil(lambda: window.annotations.pane.words.text().endswith("No matches."))
    hands.press("Enter")
    assert window.reader.paper is None
    assert before.title not in window.panes.detail.toPlainText()
    hands.press("d")
    assert hands.said == "“Dismiss” needs a paper."
    assert window.workspace.library.views.counts().dismissed == 0
    hands.press("Esc")
    hands.qtbot.waitUntil(lambda: window.reader.paper is not None)
    assert window.reader.paper is not None
    assert window.reader.paper.id == before.id, "where one was"
