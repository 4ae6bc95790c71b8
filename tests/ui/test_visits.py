"""Back and forward by key and by mouse, over views, searches, listings, and the papers one was at."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from reader.domain.views import View, ViewKind
from reader.ui.app.window import MainWindow
from tests.ui.pressing import Hands


@pytest.fixture
def hands(hands: Hands) -> Hands:
    """Hands that wait for what each chord leads to."""
    press = hands.press

    def press_slowly(*chords: str) -> None:
        for chord in chords:
            press(chord)

    hands.press = press_slowly  # type: ignore[method-assign]
    return hands


def _place(window: MainWindow) -> tuple[View | None, str, int | None]:
    return window.navigator.view, window.searching.text, window.panes.papers.current_paper_id


def test_back_and_forward_over_views_and_the_papers_in_them(window: MainWindow, hands: Hands) -> None:
    hands.press("j", "j", "j")
    first = _place(window)
    hands.press("g a", "j", "j", "j", "j", "j")
    second = _place(window)
    hands.press("[", "j")
    third = _place(window)
    assert len({place[0] for place in (first, second, third)}) == 3
    hands.press("Alt+Left")
    assert _place(window) == second
    hands.press("Ctrl+O")
    assert _place(window) == first
    hands.press("Alt+Left")
    assert hands.said == "Nothing to go back to"
    hands.press("Alt+Right")
    assert _place(window) == second
    hands.press("Ctrl+I")
    assert _place(window) == third
    hands.press("Alt+Right")
    assert hands.said == "Nothing to go forward to"
    assert window.panes.papers.hasFocus()


def test_the_paper_is_the_one_that_was_left_even_if_another_visit_left_it_elsewhere(
    window: MainWindow, hands: Hands
) -> None:
    hands.press("g a", "j", "j")
    early = _place(window)
    hands.press("g s", "g a", "g g", "j", "j", "j", "j")
    late = _place(window)
    hands.press("g q", "Alt+Left")
    assert _place(window) == late
    hands.press("Alt+Left", "Alt+Left")
    assert _place(window) == early


def test_a_search_is_one_place_however_it_was_typed(window: MainWindow, hands: Hands) -> None:
    hands.press("g a", "j", "j")
    before = _place(window)
    hands.press("/")
    for letter in "mode":
        hands.type(letter)
        hands.settle()
    hands.press("Enter", "j", "j")
    found = _place(window)
    rows = list(window.panes.paper_model.entries.rows)
    assert found[1] == "mode"
    hands.press("g d", "Alt+Left")
    assert _place(window) == found
    assert list(window.panes.paper_model.entries.rows) == rows, "what was typed is found again as it was typed"
    hands.press("Alt+Left")
    assert _place(window) == before
    hands.press("Alt+Right")
    assert _place(window) == found
    hands.press("Alt+Left")
    assert _place(window) == before


def test_a_search_in_a_view_is_one_of_that_view_again(window: MainWindow, hands: Hands) -> None:
    hands.press("j", "s", "g s", "Ctrl+Shift+F")
    hands.type("-is:done")
    hands.settle()
    hands.press("Enter")
    assert window.panes.paper_model.rowCount() == 1
    found = _place(window)
    hands.press("g a", "Alt+Left")
    assert _place(window) == found
    assert window.panes.paper_model.rowCount() == 1
    assert window.panes.pane.search.chips.scope.isChecked()


def test_esc_from_a_search_leaves_it_behind(window: MainWindow, hands: Hands) -> None:
    hands.press("/")
    hands.type("model")
    hands.settle()
    hands.press("Enter", "Esc")
    assert window.searching.text == ""
    hands.press("Alt+Left")
    assert window.searching.text == "model"
    assert window.panes.papers.hasFocus()


def test_a_saved_search_is_a_place(window: MainWindow, hands: Hands) -> None:
    window.workspace.library.searches.add("Models", "model", number=1)
    window.saved.refresh()
    hands.settle()
    hands.press("g a", "g 1", "j", "g i", "Alt+Left")
    assert window.searching.text == "model"
    hands.press("Alt+Left")
    assert _place(window)[:2] == (View(ViewKind.ALL), "")


def test_going_elsewhere_forgets_what_lay_ahead(window: MainWindow, hands: Hands) -> None:
    hands.press("g a", "g s", "Alt+Left", "g d", "Alt+Right")
    assert hands.said == "Nothing to go forward to"
    hands.press("Alt+Left")
    assert window.navigator.view == View(ViewKind.ALL)


def test_the_mouse_has_buttons_for_it(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    hands.press("g a", "g s")
    for widget in (window.panes.papers.viewport(), window.panes.pane.empty, window.panes.detail.viewport()):
        qtbot.mouseClick(widget, Qt.MouseButton.BackButton)
        hands.settle()
        assert window.navigator.view == View(ViewKind.ALL)
        qtbot.mouseClick(widget, Qt.MouseButton.ForwardButton)
        hands.settle()
        assert window.navigator.view == View(ViewKind.STARRED)


def test_another_library_in_its_place_has_no_past(window: MainWindow, hands: Hands) -> None:
    hands.press("g a", "g s")
    window.navigator.clear()
    window.navigator.open(View(ViewKind.INBOX))
    hands.settle()
    hands.press("Alt+Left")
    assert hands.said == "Nothing to go back to"
