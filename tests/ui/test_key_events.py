"""Key events become keys whatever the layout, and bare keys never fire while somebody types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QSpinBox, QTextBrowser

from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.commands.key_events import is_typing, key_of
from tests.ui.pressing import Hands, key_events

_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


def _event(code: int, modifiers: Qt.KeyboardModifier = _NONE, text: str = "", *, scan_code: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, modifiers, scan_code, 0, 0, text)


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (_event(0x4A, text="j"), Key("j")),
        (_event(0x4A, text="J"), Key("j")),  # caps lock
        (_event(0x4D, _SHIFT, "M"), Key("m", Modifier.SHIFT)),
        (_event(0x3F, _SHIFT, "?"), Key("?")),
        (_event(0x3F, _NONE, "?"), Key("?")),  # a layout with a key of its own for it
        (_event(0x2B, _CTRL | _SHIFT), Key("+", Modifier.CTRL)),
        (_event(0x2B, _CTRL, "+"), Key("+", Modifier.CTRL)),
        (_event(0x5B, _CTRL | _ALT, "["), Key("[")),  # AltGr
        (_event(0x4B, _CTRL, "\x0b"), Key("k", Modifier.CTRL)),
        (_event(Qt.Key.Key_Enter.value, _KEYPAD, "\r"), Key("Enter")),
        (_event(Qt.Key.Key_Space.value, _SHIFT, " "), Key("Space", Modifier.SHIFT)),
        (_event(Qt.Key.Key_Backtab.value, _SHIFT), Key("Tab", Modifier.SHIFT)),
        (_event(0x00E9, text="é"), Key("é")),
        (_event(Qt.Key.Key_Shift.value, _SHIFT), None),
        (_event(Qt.Key.Key_Dead_Circumflex.value), None),
        (_event(Qt.Key.Key_unknown.value), None),
        (_event(0), None),
    ],
)
def test_key_of(event: QKeyEvent, key: Key | None) -> None:
    assert key_of(event) == key


def test_what_counts_as_typing(qapp: object) -> None:
    read_only = QPlainTextEdit()
    read_only.setReadOnly(True)
    assert [is_typing(widget) for widget in (QLineEdit(), QPlainTextEdit(), QSpinBox())] == [True] * 3
    assert [is_typing(widget) for widget in (read_only, QTextBrowser(), None)] == [False] * 3


def test_bare_keys_type_where_text_is_typed(window: MainWindow, hands: Hands) -> None:
    before = hands.title
    hands.press("/")
    hands.type("jkmds")
    hands.settle()
    assert window.panes.pane.search.text == "jkmds"
    hands.press("Esc")
    assert window.panes.pane.search.text == ""
    hands.press("Esc")
    assert window.panes.pane.search.isHidden()
    assert hands.title == before
    assert [row.state.value for row in window.workspace.library.papers.rows([1, 2, 3])] == ["inbox"] * 3


def test_undo_in_a_text_field_undoes_text_only(window: MainWindow, hands: Hands) -> None:
    hands.press("s", "/")
    hands.type("words")
    hands.press("Ctrl+Z")
    assert window.reader.paper is not None
    assert window.reader.paper.starred


def test_some_keys_work_while_typing(window: MainWindow, hands: Hands) -> None:
    hands.press("/", "Ctrl++")
    assert window.appearance.text_step == 1
    hands.press("Ctrl+0")


def test_a_pending_chord_is_shown_and_given_up(window: MainWindow, hands: Hands) -> None:
    hands.press("g")
    assert window.panes.status.pending.text() == "g …"
    hands.qtbot.waitUntil(window.hint.isVisible)
    hands.press("Esc")
    assert window.panes.status.pending.text() == ""
    assert not window.hint.isVisible()


def test_the_hint_fits_a_small_window_and_names_saved_searches(window: MainWindow, hands: Hands) -> None:
    """At 900x600 its first keys stood above the window, and nine saved searches in it that nobody had made."""
    library = window.workspace.library
    for size in ((900, 600), (720, 480)):
        window.resize(*size)
        hands.press("g")
        hands.qtbot.waitUntil(window.hint.isVisible)
        assert window.rect().contains(window.hint.geometry())
        assert "Saved search 1" not in {label.text() for label in window.hint.findChildren(QLabel)}
        hands.press("Esc")
    for number in range(1, 10):
        library.searches.add(f"Search {number}", f"title:word{number}", number=number)
    window.saved.refresh()
    hands.settle()
    hands.press("g")
    hands.qtbot.waitUntil(window.hint.isVisible)
    assert window.rect().contains(window.hint.geometry())
    labels = window.hint.findChildren(QLabel)
    assert "Search 9" in {label.text() for label in labels}
    assert all(window.hint.rect().contains(label.geometry()) for label in labels)
    assert len({(label.x(), label.y()) for label in labels}) == len(labels)
    hands.press("Esc")


def test_a_chord_that_is_none_says_so(window: MainWindow, hands: Hands) -> None:
    before = hands.title
    hands.press("g", "j")
    assert hands.said == "g j does nothing here"
    assert hands.title == before


def test_a_chord_is_forgotten_when_the_focus_goes(window: MainWindow, hands: Hands) -> None:
    hands.press("g")
    window.panes.sidebar.setFocus()
    assert window.panes.status.pending.text() == ""


def test_enter_presses_the_button_that_has_the_focus(window: MainWindow, hands: Hands) -> None:
    pressed: list[str] = []
    window.panes.notice.show_text("Something", ("Do it", lambda: pressed.append("done")))
    window.panes.notice.findChildren(type(window.panes.status.cancel))[0].setFocus()
    hands.press("Enter")
    assert pressed == ["done"]


def test_every_key_runs_its_command(window: MainWindow, hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    from reader.ui.commands.table import COMMANDS

    ran: list[str] = []
    monkeypatch.setattr(window.keys, "_run", ran.append)
    for command in COMMANDS:
        for chord in command.chords:
            window.panes.pane.focus_list()
            for key in chord:
                hands.strike(key)
            assert ran == [command.id], f"{chord}"
            ran.clear()


def hold(hands: Hands, key: Qt.Key, text: str, times: int) -> None:
    """Hold a key down: one press, then repeats."""
    for number in range(times):
        event = QKeyEvent(QEvent.Type.KeyPress, key.value, _NONE, text, number > 0)
        QApplication.sendEvent(QApplication.focusWidget(), event)
    hands.settle()


def test_a_held_key_moves_on_but_decides_once(window: MainWindow, hands: Hands) -> None:
    hold(hands, Qt.Key.Key_J, "j", 10)
    assert window.panes.papers.current_row == 10
    hold(hands, Qt.Key.Key_D, "d", 10)
    assert window.workspace.library.views.counts().dismissed == 1
    assert window.panes.papers.current_row == 11


def test_a_held_key_does_not_go_on_with_a_chord(window: MainWindow, hands: Hands) -> None:
    hands.press("Shift+G")
    hold(hands, Qt.Key.Key_G, "g", 5)
    assert window.panes.papers.current_row == 39
    assert window.panes.status.pending.text() == "g …"
    hands.press("g")
    assert window.panes.papers.current_row == 0


def test_a_release_follows_each_press() -> None:
    press, release = key_events(Key("j"))
    assert (press.type(), release.type()) == (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
