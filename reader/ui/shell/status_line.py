"""The line at the bottom: the last message, a chord that has begun, the place in the list, and long work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from reader.ui.app.timers import make_timer
from reader.ui.commands.key_mentions import spelled, usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.look.labels import ElidingLabel, button, plain_label, progress_bar, row_of
from reader.ui.look.style_sheet import restyle

_MESSAGE_MS = 8_000
_ERROR_MS = 20_000
_LONGEST_MESSAGE = 300


class StatusLine(QFrame):
    """One calm place for messages; nothing here ever takes the focus by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self.setObjectName("status_line")
        self._keymap = usual_keymap()
        self.message = ElidingLabel("What just happened")
        self.message.setObjectName("message")
        self.pending = plain_label("", name="Keys pressed so far")
        self.pending.setObjectName("pending")
        self.position = plain_label("", name="Where you are")
        self.work = plain_label("", name="Work going on")
        self.bar = progress_bar()
        self.bar.setFixedWidth(120)
        self.cancel = button("Cancel", self._cancel, quiet=True)
        # A click leaves the keys where they are, such as in an overlay that is open.
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._on_cancel: Callable[[], None] | None = None
        self._fade = make_timer(self, self._forget)
        parts = self.message, self.pending, self.work, self.bar, self.cancel, self.position
        self._row = row_of(*parts, spacing=12, margins=(14, 4, 14, 4), grows=self.message)
        self.setLayout(self._row)
        self.end_work()

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys in messages."""
        self._keymap = keymap

    def say(self, text: str, *, error: bool = False) -> None:
        """Show a message for a while; ``{edit.undo}`` in it stands for that command's keys."""
        restyle(self.message, error=error)
        self.message.setText(spelled(text, self._keymap)[:_LONGEST_MESSAGE])
        self._fade.start(_ERROR_MS if error else _MESSAGE_MS)

    def has_room_for(self, text: str) -> bool:
        """Whether a message can be read whole."""
        return self.message.fontMetrics().horizontalAdvance(text) <= self.message.width()

    def say_error(self, text: str) -> None:
        """Show what went wrong, a little longer."""
        self.say(text, error=True)

    def add_word(self, word: QWidget) -> None:
        """Have a word at the end that says how something stands."""
        self._row.addWidget(word)

    def show_pending(self, keys: str) -> None:
        """Show the keys of a chord that has begun; empty when it is over."""
        self.pending.setText(f"{keys} …" if keys else "")

    def show_position(self, text: str) -> None:
        """Show the place in the list."""
        self.position.setText(text)

    def begin_work(self, text: str, cancel: Callable[[], None] | None) -> None:
        """Show that long work is going on; ``cancel`` is called if the user wants it to stop."""
        self._on_cancel = cancel
        self.work.setText(text)
        self.bar.setRange(0, 0)
        self.cancel.setEnabled(True)
        for part in (self.work, self.bar):
            part.show()
        self.cancel.setVisible(cancel is not None)

    def show_work(self, text: str, done: int, total: int) -> None:
        """Show how far the work is; a single step has no measure but that it goes on."""
        self.work.setText(text)
        self.bar.setRange(0, total if total > 1 else 0)
        self.bar.setValue(done)

    def end_work(self) -> None:
        """Nothing is going on any more."""
        had_focus = self.cancel.hasFocus()
        self._on_cancel = None
        for part in (self.work, self.bar, self.cancel):
            part.hide()
        self.bar.setRange(0, 1)
        if had_focus and (panes := self.parentWidget()) is not None:
            panes.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_working(self) -> bool:
        """Whether long work is shown."""
        return not self.bar.isHidden()

    def _cancel(self) -> None:
        if self._on_cancel is not None:
            self.cancel.setEnabled(False)
            self.work.setText("Stopping…")
            self._on_cancel()

    def _forget(self) -> None:
        self.message.setText("")
