"""A bar above the panes for what should not be missed and need not be answered: how an import went, the sample."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from reader.ui.commands.key_mentions import spelled, usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.look.labels import button, plain_label, row_of

_LONGEST = 400


class Notice(QFrame):
    """One message with a few buttons; it stays until it is closed or another takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hidden at first."""
        super().__init__(parent)
        self.setObjectName("notice")
        self._keymap = usual_keymap()
        self._topic, self._closable = "", True
        self.setAccessibleName("Notice")
        self.text = plain_label("", name="Notice", wrap=True)
        self._buttons: list[QPushButton] = []
        self._row = row_of(self.text, spacing=6, margins=(14, 6, 10, 6), grows=self.text)
        self.setLayout(self._row)
        self.hide()

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys in messages."""
        self._keymap = keymap

    def show_text(
        self, text: str, *actions: tuple[str, Callable[[], object]], closable: bool = True, topic: str = ""
    ) -> None:
        """Show a message; each action is a button's text and what it does. ``topic`` is for :meth:`withdraw`."""
        self._clear()
        self._topic, self._closable = topic, closable
        self.text.setText(spelled(text, self._keymap)[:_LONGEST])
        for label, act in (*actions, *([("Close", self.dismiss)] if closable else [])):
            made = button(label, quiet=True)
            made.clicked.connect(act)
            self._buttons.append(made)
            self._row.addWidget(made)
        self.show()

    @property
    def topic(self) -> str:
        """What the message in sight is about, if it was shown with a topic; else empty."""
        return "" if self.isHidden() else self._topic

    def withdraw(self, topic: str) -> None:
        """Take the bar away if what it tells is of this topic, and no longer so."""
        if self.topic == topic:
            self.dismiss()

    def dismiss(self) -> bool:
        """Take the bar away unless it is there to stay; tells whether it went."""
        goes = not self.isHidden() and self._closable
        if goes:
            self.hide()
        return goes

    def _clear(self) -> None:
        for made in self._buttons:
            self._row.removeWidget(made)
            made.deleteLater()
        self._buttons.clear()
