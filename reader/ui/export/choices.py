"""A row of chips with one selected: a single Tab stop in which the arrow keys select."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from reader.ui.look.labels import chip_button

_SPACE = 6
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class ChoiceRow(QWidget):
    """Chips side by side; :attr:`current` is the index of the selected one."""

    chosen = Signal(int)
    """The user chose another chip."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """``name`` says what is chosen, for screen readers."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._name = name
        self._chips: list[QPushButton] = []
        self._current = 0
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_SPACE)
        self._row.addStretch(1)

    @property
    def chips(self) -> list[QPushButton]:
        """The chips, in their order."""
        return list(self._chips)

    @property
    def current(self) -> int:
        """The number of the chosen chip."""
        return self._current

    def offer(self, titles: Sequence[str], current: int = 0) -> None:
        """Show other chips and select one; the focus stays in the row."""
        had_focus = any(chip.hasFocus() for chip in self._chips)
        if len(titles) != len(self._chips):
            self._make(len(titles))
        for chip, title in zip(self._chips, titles, strict=True):
            chip.setText(title.replace("&", "&&"))
            chip.setAccessibleName(f"{self._name}: {title}")
        self._mark(min(current, len(titles) - 1))
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, number: int) -> None:
        """Select a chip as the user would."""
        if 0 <= number < len(self._chips) and number != self._current:
            self._mark(number)
            self.chosen.emit(number)
        elif self._chips:
            self._mark(self._current)

    def step(self, by: int) -> None:
        """Select the chip ``by`` places further on, if there is one."""
        self.choose(self._current + by)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys select the neighbour."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            self.step(_STEPS[Qt.Key(event.key())])
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _make(self, count: int) -> None:
        for chip in self._chips:
            chip.removeEventFilter(self)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        for number in range(count):
            chip = chip_button("", self._clicked)
            chip.installEventFilter(self)
            self._chips.append(chip)
            self._row.insertWidget(number, chip)

    def _clicked(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self.choose(self._chips.index(chip))

    def _mark(self, number: int) -> None:
        self._current = number
        for place, chip in enumerate(self._chips):
            chip.setChecked(place == number)
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == number else Qt.FocusPolicy.ClickFocus)
        if self._chips:
            self.setFocusProxy(self._chips[number])
