"""The small popup that shows how a chord that has begun can go on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from reader.ui.app.timers import make_timer
from reader.ui.commands.key_chords import Continuation, Pending, shown_chord
from reader.ui.look.labels import plain_label

DELAY_MS = 250
_MARGIN = 14
_CHIP_PADDING = 4
# What of the window's height is not for rows: the menus, the status line, margins.
_AROUND = 130


class ChordHint(QFrame):
    """Appears in the lower right a moment after a chord has begun; it never takes the focus."""

    def __init__(self, window: QWidget, title_of: Callable[[str], str], does: Callable[[str], bool]) -> None:
        """``title_of`` names a command by its id; one of which ``does`` tells that it does nothing now is left out."""
        super().__init__(window)
        self._window = window
        self.setObjectName("hint")
        self.setAccessibleName("How the keys go on")
        self._title_of = title_of
        self._does = does
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 10, 16, 12)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(5)
        self._delay = make_timer(self, self._appear, DELAY_MS)
        self.hide()
        window.installEventFilter(self)

    def follow(self, pending: Pending | None) -> None:
        """Show the continuations of ``pending``, or nothing."""
        self.hide()
        self._delay.stop()
        if pending is None:
            return
        self._fill(pending.continuations)
        self._delay.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _fill(self, continuations: tuple[Continuation, ...]) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item is not None and (label := item.widget()) is not None:
                label.deleteLater()
        shown = [continuation for continuation in continuations if self._does(continuation.command)]
        line = self.fontMetrics().height() + 2 * _CHIP_PADDING + self._grid.verticalSpacing()
        rows = max(1, (self._window.height() - _AROUND) // line)
        for number, continuation in enumerate(shown):
            row, column = number % rows, 2 * (number // rows)
            self._grid.addWidget(plain_label(shown_chord(continuation.keys), key=True), row, column)
            self._grid.addWidget(plain_label(self._title_of(continuation.command)), row, column + 1)

    def _appear(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        self.adjustSize()
        area = self._window.rect()
        self.move(area.right() - self.width() - _MARGIN, area.bottom() - self.height() - 44)
