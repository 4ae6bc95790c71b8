"""A row of chips with one selected: a single Tab stop in which the arrow keys select."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from reader.ui.commands.key_events import is_key_press
from reader.ui.look.labels import chip_button, row_of

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ChoiceRow(QWidget):
    """Chips side by side; :attr:`current` is the index of the selected one."""

    chosen = Signal(int)
    """The user chose another chip."""

    def __init__(self, name: str) -> None:
        """``name`` says what is chosen, for screen readers."""
        super().__init__()
        self.setAccessibleName(name)
        self._name = name
        self.chips: list[QPushButton] = []
        self.current = 0
        self._row = row_of(None, spacing=6)
        self.setLayout(self._row)

    def offer(self, titles: Sequence[str], current: int = 0) -> None:
        """Show other chips and select one; the focus stays in the row."""
        had_focus = any(chip.hasFocus() for chip in self.chips)
        if len(titles) != len(self.chips):
            self._make(len(titles))
        for chip, title in zip(self.chips, titles, strict=True):
            chip.setText(title.replace("&", "&&"))
            chip.setAccessibleName(f"{self._name}: {title}")
        self._mark(min(current, len(titles) - 1))
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, number: int) -> None:
        """Select a chip as the user would."""
        if 0 <= number < len(self.chips):
            is_other = number != self.current
            self._mark(number)
            if is_other:
                self.chosen.emit(number)

    def step(self, by: int) -> None:
        """Select the chip ``by`` places further on, if there is one."""
        self.choose(self.current + by)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys select the neighbour."""
        if is_key_press(event) and event.key() in _STEPS:
            self.step(_STEPS[Qt.Key(event.key())])
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _make(self, count: int) -> None:
        for chip in self.chips:
            chip.removeEventFilter(self)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.chips = [chip_button("", self._clicked) for _ in range(count)]
        for number, chip in enumerate(self.chips):
            chip.installEventFilter(self)
            self._row.insertWidget(number, chip)

    def _clicked(self) -> None:
        self.choose(next(number for number, chip in enumerate(self.chips) if chip is self.sender()))

    def _mark(self, number: int) -> None:
        self.current = number
        for place, chip in enumerate(self.chips):
            chip.setChecked(place == number)
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == number else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.chips[number])
