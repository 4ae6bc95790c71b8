"""The end of a triage: what became of the papers, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.overlays.overlay import Overlay

Act = Callable[[], None]


class ClosingSheet(Overlay):
    """Shows the tally. Enter or Esc closes; ``u`` steps back, ``r`` takes everything back, ``y`` copies the picks."""

    def __init__(
        self, window: QWidget, heading: str, facts: str, *, picks: int, step_back: Act, take_back: Act, copy: Act
    ) -> None:
        """``picks`` papers can be copied. Opens at once; ``closed`` comes whichever way it ends."""
        super().__init__(window, "End of the triage", width=560)
        self._copy = copy
        self.tally = heading
        self.add_heading(heading)
        self.facts = plain_label(facts, name="Tally", quiet=True, wrap=True)
        self.add(self.facts)
        self.copy_button = button("Copy the day’s picks as Markdown   y")
        self.copy_button.setEnabled(picks > 0)
        self.copy_button.clicked.connect(self._copy_picks)
        self.back_button = button("Step back   u")
        self.take_back_button = button("Undo this triage   r")
        self.close_button = button("Close", primary=True)
        self.close_button.clicked.connect(self.dismiss)
        self._leaving: dict[QPushButton, Act] = {self.back_button: step_back, self.take_back_button: take_back}
        for each in self._leaving:
            each.clicked.connect(self._leave_by_button)
        buttons = row_of(self.back_button, self.take_back_button, None, self.close_button)
        self.add(6, self.copy_button, buttons)
        self.goes_on = False
        """Whether the triage goes on, because the user stepped back."""
        self.open(self.close_button)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The letters on the buttons; Enter closes, unless another button has the focus."""
        key = event.key()
        if key in ENTER_KEYS and not isinstance(self.focusWidget(), QPushButton):
            self.close_button.click()
        elif key == Qt.Key.Key_U:
            self._leave(self.back_button)
        elif key == Qt.Key.Key_R:
            self._leave(self.take_back_button)
        elif key == Qt.Key.Key_Y:
            self._copy_picks()
        super().keyPressEvent(event)

    def _leave_by_button(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._leave(sender)

    def _leave(self, chosen: QPushButton) -> None:
        if self.isHidden():
            return
        self.goes_on = chosen is self.back_button
        self.dismiss()
        self._leaving[chosen]()

    def _copy_picks(self) -> None:
        if self.copy_button.isEnabled():
            self._copy()
            self.facts.setText(f"{self.facts.text().split('  ·  copied')[0]}  ·  copied")
