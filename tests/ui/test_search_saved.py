"""Saved searches by key: kept, listed with their counts, opened, removed; and papers like one."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from reader.ui.overlays.prompt import Prompt
from reader.ui.sidebar.model import RowKind
from tests.ui.pressing import Hands


def _searches(window: MainWindow) -> list[tuple[str, str, int | None]]:
    model = window.panes.sidebar_model
    rows = [row for number in range(model.rowCount()) if (row := model.row(number)) is not None]
    return [(row.title, row.view.query, row.count) for row in rows if row.view and row.view.kind is ViewKind.SEARCH]


def _shown(window: MainWindow) -> list[int]:
    return [row for row in window.panes.paper_model.entries.rows if row > 0]


def _save(window: MainWindow, hands: Hands, query: str, name: str) -> None:
    hands.press("/")
    hands.type(query)
    hands.press("Enter")
    window.runner.run("search.save")
    (prompt,) = [one for one in window.findChildren(Prompt) if one.isVisible()]
    prompt.edit.selectAll()
    hands.type(name)
    hands.press("Enter")


def test_a_search_is_kept_counted_and_opened_by_key(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    _save(window, hands, "models", "About models")
    found = list(window.workspace.library.search("models", by_relevance=True).paper_ids)
    assert _searches(window) == [("About models", "models", len(found))]
    hands.press("g a", "g 1")
    assert window.panes.pane.search.text == "models"
    assert _shown(window)[: len(found)] == found
    assert window.panes.papers.hasFocus()
    current = window.panes.sidebar_model.row(window.panes.sidebar.currentIndex().row())
    assert current is not None
    assert current.view == View(ViewKind.SEARCH, query="models")
    hands.press("Esc")
    assert len(_shown(window)) == 40
    current = window.panes.sidebar_model.row(window.panes.sidebar.currentIndex().row())
    assert current is not None
    assert current.title == "All papers"


def test_saved_words_are_whole_words(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.searches.add("Beginnings", "mode", number=4)
    window.saved.refresh()
    hands.settle()
    whole = list(window.workspace.library.search("mode").paper_ids)
    assert len(whole) < len(window.workspace.library.search("mode", typing=True).paper_ids)
    hands.press("g 4")
    assert window.panes.pane.facts.text() == f"{len(whole)} of 40"


def test_counts_follow_what_is_decided(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    window.workspace.library.searches.add("Stars", "is:starred", sort="title")
    window.saved.refresh()
    hands.settle()
    assert _searches(window) == [("Stars", "is:starred sort:title", 0)]
    hands.press("s")
    qtbot.waitUntil(lambda: _searches(window)[0][2] == 1)


def test_a_saved_search_is_opened_from_the_left_pane_and_removed(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.searches.add("Unseen", "is:unseen")
    window.saved.refresh()
    hands.settle()
    model = window.panes.sidebar_model
    row = model.row_of(View(ViewKind.SEARCH, query="is:unseen"))
    assert row is not None
    heading = model.row(row - 1)
    assert heading is not None
    assert (heading.kind, heading.title) == (RowKind.HEADING, "Searches")
    window.panes.sidebar.setFocus()
    window.panes.sidebar.setCurrentIndex(model.index(row))
    hands.press("Enter")
    assert window.panes.pane.search.text == "is:unseen"
    window.runner.run("search.remove")
    hands.settle()
    assert _searches(window) == []
    hands.press("u")
    assert [name for name, _, _ in _searches(window)] == ["Unseen"]


def test_a_number_without_a_search_says_so(window: MainWindow, hands: Hands) -> None:
    hands.press("g 7")
    assert "No saved search has number 7" in hands.said
    window.runner.run("search.save")
    assert "Type a search first" in hands.said
    window.runner.run("search.remove")
    assert "Open a saved search first" in hands.said


def test_more_like_this_finds_the_paper_itself_first(window: MainWindow, hands: Hands) -> None:
    hands.press("j", "j")
    paper_id = window.panes.papers.current_paper_id
    window.runner.run("paper.similar_words")
    hands.settle()
    assert _shown(window)[0] == paper_id
    assert len(_shown(window)) > 1
    box = window.panes.pane.search
    assert box.text.endswith("sort:relevance")
    assert len(box.chips.buttons) > 3
    box.chips.buttons[0].setFocus()
    before = box.text
    hands.press("Delete")
    assert len(box.text) < len(before)
    assert QApplication.focusWidget() is box.chips.buttons[0]


def _three_saved(window: MainWindow, hands: Hands) -> None:
    for number, name in enumerate(("First", "Second", "Third"), start=1):
        window.workspace.library.searches.add(name, f"is:unseen authors:>{number}", number=number)
    window.saved.refresh()
    hands.settle()


def _mark(window: MainWindow, title: str) -> None:
    model = window.panes.sidebar_model
    rows = [row for row in range(model.rowCount()) if (found := model.row(row)) is not None and found.title == title]
    window.panes.sidebar.setFocus()
    window.panes.sidebar.setCurrentIndex(model.index(rows[0]))


def _names(window: MainWindow) -> list[str]:
    return [name for name, _, _ in _searches(window)]


def test_searches_are_moved_up_and_down_by_key(window: MainWindow, hands: Hands) -> None:
    _three_saved(window, hands)
    _mark(window, "Third")
    hands.press("Alt+Up")
    assert _names(window) == ["First", "Third", "Second"]
    hands.press("Alt+Up", "Alt+Up")
    assert _names(window) == ["Third", "First", "Second"]
    assert hands.said == "Already the first"
    assert window.panes.sidebar.hasFocus()
    hands.press("Alt+Down", "u")
    assert _names(window) == ["Third", "First", "Second"]
    assert [search.number for search in window.workspace.library.searches.all()] == [3, 1, 2]


def test_a_search_is_renamed_by_key_and_what_it_finds_changed(window: MainWindow, hands: Hands) -> None:
    _three_saved(window, hands)
    _mark(window, "Second")
    hands.press("F2")
    hands.type("People")
    hands.press("Enter")
    assert _names(window) == ["First", "People", "Third"]
    window.runner.run("search.change")
    hands.type("authors:>3 sort:title")
    hands.press("Enter")
    assert [query for _, query, _ in _searches(window)][1] == "authors:>3 sort:title"
    hands.press("g 2")
    assert window.panes.pane.search.text == "authors:>3 sort:title"
    hands.press("u", "u")
    assert _names(window) == ["First", "Second", "Third"]


def test_a_search_takes_another_number(window: MainWindow, hands: Hands) -> None:
    _three_saved(window, hands)
    hands.press("g 3")
    window.runner.run("search.number")
    hands.type("12")
    hands.press("Enter")
    (prompt,) = [one for one in window.findChildren(Prompt) if one.isVisible()]
    assert prompt.complaint.text() == "Write a digit from 1 to 9."
    prompt.edit.selectAll()
    hands.type("1")
    hands.press("Enter")
    assert [search.number for search in window.workspace.library.searches.all()] == [None, 2, 1]
    hands.press("g i", "g 1")
    assert window.panes.pane.search.text == "is:unseen authors:>3"


def test_where_no_search_is_marked_one_is_chosen(window: MainWindow, hands: Hands) -> None:
    window.runner.run("search.rename")
    assert "No saved searches yet" in hands.said
    hands.press("F2")
    assert "Open or mark" in hands.said
    _three_saved(window, hands)
    window.runner.run("search.down")
    hands.type("fir")
    hands.press("Enter")
    assert _names(window) == ["Second", "First", "Third"]
