"""Pressing keys as a user does: real key events to whatever has the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from reader.domain.step_titles import StepKind
from reader.services.library.history import shown_step
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_chords import Key, Modifier, parse_chord

_NAMED = {
    "Space": Qt.Key.Key_Space, "Enter": Qt.Key.Key_Return, "Esc": Qt.Key.Key_Escape, "Tab": Qt.Key.Key_Tab,
    "Backspace": Qt.Key.Key_Backspace, "Delete": Qt.Key.Key_Delete, "Insert": Qt.Key.Key_Insert,
    "Home": Qt.Key.Key_Home, "End": Qt.Key.Key_End, "PgUp": Qt.Key.Key_PageUp, "PgDown": Qt.Key.Key_PageDown,
    "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down, "Left": Qt.Key.Key_Left, "Right": Qt.Key.Key_Right,
}  # fmt: skip
_MODIFIERS = {
    Modifier.CTRL: Qt.KeyboardModifier.ControlModifier,
    Modifier.ALT: Qt.KeyboardModifier.AltModifier,
    Modifier.META: Qt.KeyboardModifier.MetaModifier,
    Modifier.SHIFT: Qt.KeyboardModifier.ShiftModifier,
}
# Characters that a US keyboard types with Shift; the events then carry it, as real ones do.
_SHIFTED = frozenset('~!@#$%^&*()_+{}|:"<>?')


def key_events(key: Key) -> tuple[QKeyEvent, QKeyEvent]:
    """The press and the release of a key, as a keyboard sends them."""
    modifiers = Qt.KeyboardModifier.NoModifier
    for modifier, flag in _MODIFIERS.items():
        if key.modifiers & modifier:
            modifiers |= flag
    text = ""
    if len(key.name) == 1:
        code = ord(key.name.upper())
        if key.name in _SHIFTED:
            modifiers |= Qt.KeyboardModifier.ShiftModifier
        if not key.modifiers & ~Modifier.SHIFT:
            text = key.name.upper() if key.modifiers & Modifier.SHIFT else key.name
    elif key.name in _NAMED:
        code = _NAMED[key.name].value
        text = " " if key.name == "Space" else ""
    else:
        code = Qt.Key.Key_F1.value + int(key.name[1:]) - 1
    return (
        QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text),
        QKeyEvent(QEvent.Type.KeyRelease, code, modifiers, text),
    )


def named(hands: Hands) -> str:
    """The paper that is shown as steps name it."""
    return shown_step(StepKind.NOTE(papers=hands.title)).removeprefix("Note on ")


class Hands:
    """Hands on the keyboard of one window."""

    def __init__(self, qtbot: QtBot, window: MainWindow, settle: Callable[[], None]) -> None:
        self.qtbot = qtbot
        self.window = window
        self.settle = settle

    def press(self, *chords: str) -> None:
        """Press chords one after the other (``press("g g", "j")``), and wait for what the last led to."""
        for chord in chords:
            for key in parse_chord(chord):
                self.strike(key)
        self.settle()

    def strike(self, key: Key) -> None:
        """Press and release one key, without waiting."""
        for event in key_events(key):
            QApplication.sendEvent(QApplication.focusWidget() or self.window, event)

    def type(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        for char in text:
            event = QKeyEvent(QEvent.Type.KeyPress, ord(char.upper()), Qt.KeyboardModifier.NoModifier, char)
            QApplication.sendEvent(QApplication.focusWidget() or self.window, event)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click with the left button."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        self.settle()

    @property
    def title(self) -> str:
        """The title of the paper that is shown."""
        paper = self.window.reader.paper
        return paper.title if paper is not None else ""

    @property
    def said(self) -> str:
        """The status line's message."""
        return self.window.panes.status.message.text()
