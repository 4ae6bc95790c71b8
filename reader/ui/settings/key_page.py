"""The page of keys in the settings window: every command with its keys, which are changed by pressing new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFrame,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from reader.domain.settings import BINDINGS, SettingError
from reader.ui.commands.key_chords import Chord, Key, shown_chord
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press, key_of
from reader.ui.commands.keys_in_force import make_keymap, taken_from, with_chords
from reader.ui.commands.runner import CommandRunner
from reader.ui.commands.synonyms import words_for
from reader.ui.commands.table import COMMANDS
from reader.ui.look.labels import add_parts, button, column_of, plain_label, row_of, text_line
from reader.ui.look.style_sheet import restyle
from reader.ui.look.tables import show_as_rows
from reader.ui.settings.controls import BACK_KEYS
from reader.ui.settings.keeper import SettingsKeeper
from reader.ui.settings.pages import ChooseFolder, SettingsPage

_LONGEST_CHORD = 4
_LEAST_TABLE = 150
_ENTER, _ESCAPE = Key("Enter"), Key("Esc")
_TAKE_OVER = Key.parse("Ctrl+Enter")
_UNUSED = Key.parse("Ctrl+Alt+Meta+Shift+F12")
"""A key that no command has; it stands for any further key."""
_HINT = "Enter: new keys  ·  Insert: more keys  ·  Delete: back to default"


class KeyPage(SettingsPage):
    """A preset, and the keys of each command."""

    def __init__(self, settings: SettingsKeeper, runner: CommandRunner, choose_folder: ChooseFolder) -> None:
        """Keys that are chosen here take effect at once."""
        super().__init__(settings, "keys", choose_folder)
        self._runner = runner
        self.edit = text_line("Search commands and keys", placeholder="Search commands and keys")
        self.edit.textChanged.connect(self._filter)
        self.table = self._make_table()
        self.capture = KeyCapture(settings, runner)
        self.capture.ended.connect(self.table.setFocus)
        back = button("Default keys", self._back_to_default, name="Default keys of the command", quiet=True)
        back.give_way()
        hint = plain_label(_HINT, quiet=True, wrap=True)
        self.column.takeAt(self.column.count() - 1)
        self.column.setSpacing(10)
        foot = row_of(hint, back, grows=hint)
        add_parts(self.column, self.edit, self.capture, self.table, foot, grows=self.table)
        for watched in (self.edit, self.table):
            watched.installEventFilter(self)
        runner.keymap_changed.connect(self._fill)
        self._fill()

    def stops(self) -> list[QWidget]:
        """The preset, the line to search in, the commands."""
        return [*super().stops(), self.edit, self.table]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table and of the line above it."""
        if is_key_press(event):
            if watched is self.edit and event.key() in ENTER_KEYS:
                self.table.setFocus()
                return True
            if watched is self.table:
                return self._press(event.key())
        return super().eventFilter(watched, event)

    def _press(self, key: int) -> bool:
        """Handle a key in the table; returns whether it had a meaning here."""
        if key in ENTER_KEYS or key == Qt.Key.Key_Insert:
            self._begin(adds=key == Qt.Key.Key_Insert)
        elif key in BACK_KEYS:
            self._back_to_default()
        elif key == Qt.Key.Key_Up and all(map(self.table.isRowHidden, range(self.table.currentRow()))):
            self.edit.setFocus()
        else:
            return False
        return True

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(len(COMMANDS), 2)
        show_as_rows(table, "Commands and their keys")
        table.setHorizontalHeaderLabels(["Command", "Keys"])
        table.setMinimumHeight(_LEAST_TABLE)
        table.doubleClicked.connect(partial(self._begin, adds=False))
        self._keys = [QTableWidgetItem() for _ in COMMANDS]
        for row, command in enumerate(COMMANDS):
            item = QTableWidgetItem(command.title.rstrip("…"))
            item.setData(Qt.ItemDataRole.UserRole, command.id)
            item.setToolTip(command.id)
            table.setItem(row, 0, item)
            table.setItem(row, 1, self._keys[row])
        table.setCurrentCell(0, 0)
        return table

    def _fill(self, _: object = None) -> None:
        """Show the keys in force, the user's own marked."""
        own = self._settings.settings.keys.bindings
        for item, command in zip(self._keys, COMMANDS, strict=True):
            item.setText(self._runner.keys(command.id) + "   (yours)" * (command.id in own))
        self._filter(self.edit.text())

    def _filter(self, query: str) -> None:
        words = query.casefold().split()
        for row, command in enumerate(COMMANDS):
            text = f"{words_for(command)} {command.help} {command.id} {self._runner.keys(command.id)}".casefold()
            self.table.setRowHidden(row, not all(word in text for word in words))
        shown = [row for row in range(len(COMMANDS)) if not self.table.isRowHidden(row)]
        if shown and self.table.currentRow() not in shown:
            self.table.setCurrentCell(shown[0], 0)

    def _command(self) -> str:
        """The id of the current command; empty if none is shown."""
        row = self.table.currentRow()
        return COMMANDS[row].id if row >= 0 and not self.table.isRowHidden(row) else ""

    def _begin(self, _: object = None, *, adds: bool) -> None:
        if command := self._command():
            self.capture.begin(command, adds=adds)
            self.table.scrollTo(self.table.currentIndex())

    def _back_to_default(self) -> None:
        if (command := self._command()) in self._settings.settings.keys.bindings:
            self._settings.set(f"{BINDINGS}.{command}", None)


class KeyCapture(QFrame):
    """Reads new keys for a command, whatever they are, and says at once which command already has them."""

    ended = Signal()
    """New keys were assigned, or the user cancelled."""

    def __init__(self, settings: SettingsKeeper, runner: CommandRunner) -> None:
        """Hidden until :meth:`begin`."""
        super().__init__()
        self._settings = settings
        self._runner = runner
        self._command = ""
        self._adds = False
        self._chord: Chord = ()
        self.setObjectName("capture")
        self.setAccessibleName("New keys")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.question = plain_label("", name="New keys", strong=True, wrap=True)
        self.keys = plain_label("", name="Keys pressed", key=True)
        self.verdict = plain_label("", name="Whether they are free", wrap=True)
        pressed = row_of(self.question, self.keys, grows=self.question)
        self.setLayout(column_of(pressed, self.verdict, spacing=-1, margins=(12, 10, 12, 10)))
        self.hide()

    def begin(self, command: str, *, adds: bool) -> None:
        """Ask for the keys of ``command``; with ``adds``, in addition to those it has."""
        self._command, self._adds, self._chord = command, adds, ()
        title = self._runner.title(command).rstrip("…")
        self.question.setText(f"{'More' if adds else 'New'} keys for “{title}”:")
        self._judge()
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Read every key before menus and Tab see it."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if is_key_press(event):
            if not event.isAutoRepeat():
                self._press(key_of(event))
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere cancels."""
        self.hide()
        super().focusOutEvent(event)

    def _press(self, key: Key | None) -> None:
        if key == _ESCAPE:
            self._end()
        elif key in {_ENTER, _TAKE_OVER} and self._chord:
            self._take(take_over=key == _TAKE_OVER)
        elif key is not None:
            begins_anew = len(self._chord) >= _LONGEST_CHORD or self._leads_nowhere()
            self._chord = (key,) if begins_anew else (*self._chord, key)
            self._judge()

    def _wanted(self, *further: Key) -> list[Chord]:
        return [*(self._runner.chords(self._command) if self._adds else ()), (*self._chord, *further)]

    def _leads_nowhere(self) -> bool:
        """Whether no further key could make the pressed keys free: another command or a menu has them."""
        return bool(self._chord) and bool(self._problem({self._command: self._wanted(_UNUSED)}))

    def _judge(self) -> None:
        """Say whether the pressed keys are free, and which command has them if not."""
        self.keys.setVisible(bool(self._chord))
        self.keys.setText(shown_chord(self._chord))
        problem = self._problem({self._command: self._wanted()}) if self._chord else ""
        if not self._chord:
            said = "Press the new keys. Esc cancels."
        elif problem:
            said = self._conflict_text(problem)
        else:
            said = "Free. Enter assigns them; further keys make a sequence."
        self.verdict.setText(said)
        restyle(self.verdict, error=bool(problem))

    def _conflict_text(self, problem: str) -> str:
        """Which command has the keys, and what the user can do."""
        keys, other = f"“{shown_chord(self._chord)}”", self._other()
        other_key = "press another key" if self._leads_nowhere() else "press a further key to make it a sequence"
        if not other:
            return f"{problem} {other_key.capitalize()}."
        title = self._runner.title(other).rstrip("…")
        verb = "already belongs to" if self._chord in self._runner.chords(other) else "begins the keys of"
        return f"{keys} {verb} “{title}”. Ctrl+Enter reassigns it, or {other_key}."

    def _problem(self, changes: Mapping[str, Sequence[Chord]]) -> str:
        """The first conflict that changed keys would cause; empty if there is none."""
        keymap = make_keymap(with_chords(self._settings.settings.keys, changes))
        return next(
            (found.text for found in keymap.problems if not changes.keys().isdisjoint((found.command, found.other))), ""
        )

    def _other(self) -> str:
        """The command that has the pressed keys; empty for none."""
        return taken_from(self._runner.keymap, self._command, self._chord)

    def _take(self, *, take_over: bool) -> None:
        """Assign the pressed keys, unless they still conflict with another command's."""
        changes = {self._command: self._wanted()}
        if take_over and (other := self._other()):
            changes[other] = [chord for chord in self._runner.chords(other) if not _clash(chord, self._chord)]
        if self._problem(changes):
            self._judge()
            return
        bindings = with_chords(self._settings.settings.keys, changes).bindings
        try:
            self._settings.set_all({f"{BINDINGS}.{command}": bindings[command] for command in changes})
        except SettingError as error:
            self.verdict.setText(str(error))
        else:
            self._end()

    def _end(self) -> None:
        self.hide()
        self.ended.emit()


def _clash(one: Chord, other: Chord) -> bool:
    """Whether one chord begins with the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]
