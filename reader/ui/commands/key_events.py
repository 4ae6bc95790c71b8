"""From Qt's key events to keys, and from keys to commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeGuard

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from reader.ui.commands.key_chords import ChordMatcher, Key, KeyTrie, Matched, Modifier, Pending, Unmatched
from reader.ui.commands.key_positions import is_of_another_script, latin_at_place
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.commands.table import Command

ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
"""Enter, and the one of the number pad."""
_NAMED_AS_BY_QT = (
    *("Space", "Enter", "Tab", "Backspace", "Delete", "Insert", "Home", "End", "Up", "Down", "Left", "Right"),
    *(f"F{number}" for number in range(1, 13)),
)
_NAMED_OTHERWISE = {"Return": "Enter", "Escape": "Esc", "Backtab": "Tab", "PageUp": "PgUp", "PageDown": "PgDown"}
_NAMES = dict(zip(_NAMED_AS_BY_QT, _NAMED_AS_BY_QT, strict=True)) | _NAMED_OTHERWISE
_CODES = {Qt.Key[f"Key_{qts}"].value: name for qts, name in _NAMES.items()}
_FIRST_SPECIAL = 0x01000000
_LINKS_BY_KEY = Qt.TextInteractionFlag.LinksAccessibleByKeyboard
_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, Modifier.CTRL),
    (Qt.KeyboardModifier.AltModifier, Modifier.ALT),
    (Qt.KeyboardModifier.MetaModifier, Modifier.META),
    (Qt.KeyboardModifier.ShiftModifier, Modifier.SHIFT),
)


def is_key_press(event: QEvent) -> TypeGuard[QKeyEvent]:
    """Whether an event is a key going down."""
    return event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)


def key_of(event: QKeyEvent, platform: str | None = None) -> Key | None:
    """The key an event stands for; None for a modifier alone, a dead key, or what no command can be bound to.

    ``platform`` names the window system whose key codes the event carries, as ``QGuiApplication.platformName`` does;
    None stands for the one in use.
    """
    code = event.key()
    modifiers = Modifier.NONE
    for qt_modifier, modifier in _MODIFIERS:
        if event.modifiers() & qt_modifier:
            modifiers |= modifier
    if code in _CODES:
        return Key(_CODES[code], modifiers)
    if not 0x21 <= code < _FIRST_SPECIAL:
        return None
    character = chr(code).lower()
    typed = event.text() if event.text().isalpha() else character  # of µ Qt tells the capital, which is Greek
    if is_of_another_script(character) and is_of_another_script(typed):
        place = latin_at_place(event, QGuiApplication.platformName() if platform is None else platform)
        character = place or character
    if not character.isprintable() or len(character) != 1:
        return None
    if not character.isalpha():
        modifiers &= ~Modifier.SHIFT
        if modifiers == Modifier.CTRL | Modifier.ALT and event.text() == character:  # how some systems report AltGr
            modifiers = Modifier.NONE
    return Key(character, modifiers)


def is_typing(widget: QWidget | None) -> bool:
    """Whether keys typed now go into a text field."""
    if isinstance(widget, QTextEdit | QPlainTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, QLineEdit | QAbstractSpinBox)


def is_on_link(widget: QWidget | None) -> bool:
    """Whether a link of a text has the focus, which Enter then follows by the text's own means."""
    if not isinstance(widget, QTextBrowser) or not widget.textInteractionFlags() & _LINKS_BY_KEY:
        return False
    cursor = widget.textCursor()
    if not cursor.hasSelection():
        return False
    cursor.setPosition(cursor.selectionStart() + 1)  # a character's format is that at the place behind it
    return bool(cursor.charFormat().anchorHref())


class KeyDispatcher(QObject):
    """Runs commands for the keys pressed in the widgets it watches.

    While a text field has the focus, only keys with Ctrl, Alt or Meta and function keys count, and of their commands
    only those that ``while_typing`` allows; so bare keys type, and Ctrl+Z there undoes text.
    """

    pending_changed = Signal(object)
    """A :class:`Pending`, or None when the chord is complete, broken off or given up."""
    unmatched = Signal(object)
    """The chord whose last key led nowhere."""

    def __init__(
        self, trie: KeyTrie, run: Callable[[str], None], command_of: Callable[[str], Command], parent: QObject
    ) -> None:
        """``run`` gets the id of the command to run, ``command_of`` finds it in the table."""
        super().__init__(parent)
        self._matcher = ChordMatcher(trie)
        self._run = run
        self._command_of = command_of

    def set_keymap(self, keymap: Keymap) -> None:
        """Match against other keys from now on."""
        self.give_up()
        self._matcher = ChordMatcher(keymap.trie)

    def watch(self, widget: QWidget) -> None:
        """Take the keys pressed in ``widget``, before it sees them itself."""
        widget.installEventFilter(self)

    def give_up(self) -> bool:
        """Forget a chord that has begun; tells whether there was one."""
        was_pending = bool(self._matcher.pending)
        self._matcher.reset()
        if was_pending:
            self.pending_changed.emit(None)
        return was_pending

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Run what a key press leads to; anything else goes on to the widget."""
        kind = event.type()
        if is_key_press(event):
            return self._press(event)
        if kind == QEvent.Type.FocusOut:
            self.give_up()
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key = key_of(event)
        if key is None:
            return False
        focus = QApplication.focusWidget()
        if is_typing(focus):
            return self._press_while_typing(key)
        if isinstance(focus, QAbstractButton) and key == Key("Enter"):
            focus.click()
            return True
        if key == Key("Enter") and is_on_link(focus):
            return False
        if self._matcher.pending and key == Key("Esc"):
            return self.give_up()
        return (event.isAutoRepeat() and not self._may_repeat(key)) or self._match(key)

    def _match(self, key: Key) -> bool:
        """Go on with a chord, or run what it leads to; False where the key is none of ours."""
        was_pending = bool(self._matcher.pending)
        outcome = self._matcher.press(key)
        if isinstance(outcome, Pending):
            self.pending_changed.emit(outcome)
            return True
        if was_pending:
            self.pending_changed.emit(None)
        if isinstance(outcome, Matched):
            self._run(outcome.command)
            return True
        if was_pending:
            self.unmatched.emit(outcome.keys)
        return was_pending

    def _may_repeat(self, key: Key) -> bool:
        """Whether a held key may go on doing what it does; it never goes on with a chord."""
        if self._matcher.pending:
            return False
        outcome = ChordMatcher(self._matcher.trie).press(key)
        return isinstance(outcome, Unmatched) or (
            isinstance(outcome, Matched) and self._command_of(outcome.command).repeats
        )

    def _press_while_typing(self, key: Key) -> bool:
        if key.is_bare:
            return False
        outcome = ChordMatcher(self._matcher.trie).press(key)
        if isinstance(outcome, Matched) and self._command_of(outcome.command).while_typing:
            self._run(outcome.command)
            return True
        return False
