"""Buttons side by side, on as many lines as they take."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

_SPACE = 6
_LEAST_WIDTH = 40


class FlowRow(QWidget):
    """Puts its buttons side by side and begins a new line where one is full, whatever the size of their text."""

    def flowing(self) -> Sequence[QPushButton]:
        """The buttons to place, in order; all that are not hidden, unless a child class knows better."""
        return [one for one in self.findChildren(QPushButton) if not one.isHidden()]

    def place(self) -> None:
        """Place the buttons; to be called when others are to be shown."""
        x = y = height = 0
        for one in self.flowing():
            size = one.sizeHint()
            width = min(size.width(), max(self.width(), _LEAST_WIDTH))
            if x and x + width > self.width():
                x, y = 0, y + height + _SPACE
            one.setGeometry(x, y, width, size.height())
            x, height = x + width + _SPACE, size.height()
        self.setFixedHeight(y + height)
        if self.parentWidget() is not None:  # else it would open as a window
            self.setVisible(bool(height))

    def fitting(self, buttons: Sequence[QPushButton]) -> int:
        """How many of these buttons have room on one line; the first always has."""
        used = count = 0
        for one in buttons:
            used += one.sizeHint().width()
            if count and used > self.width():
                break
            count, used = count + 1, used + _SPACE
        return count

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines again."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.place()

    def event(self, event: QEvent) -> bool:
        """Buttons with other or larger text take other room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return super().event(event)
