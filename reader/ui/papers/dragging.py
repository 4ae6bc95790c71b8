"""Moving rows of the paper list with the mouse, where their order is the user's.

No ``QDrag``: that runs an event loop of its own until the button is let go, and takes papers out of the window, where
nothing could be done with them.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame

from reader.ui.app.timers import make_timer
from reader.ui.papers.view import PaperListView

_LINE_HEIGHT = 3
_SCROLL_MS = 40
_EDGE = 28
"""So close to an edge of the list, it scrolls while a row is dragged."""


class RowDrag(QObject):
    """Lets one drag the selected rows, or the one pressed on; a line shows where they would go, Esc leaves them."""

    dropped = Signal(list, int)
    """The papers dragged, and the row before which they were dropped (one past the last: at the end)."""

    def __init__(self, papers: PaperListView, may_drag: Callable[[], bool]) -> None:
        """``may_drag`` tells whether the rows shown have an order to change."""
        super().__init__(papers)
        self._papers = papers
        self._may_drag = may_drag
        self._pressed_at: QPoint | None = None
        self._pressed_row = -1
        self._keeps_selection = False
        self._dragged: list[int] = []
        self._at = QPoint()
        self._line = QFrame(papers.viewport())
        self._line.setObjectName("drop_line")
        self._line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line.hide()
        self._scroll = make_timer(self, self._scroll_at_edge, _SCROLL_MS, repeats=True)
        papers.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the left button from its press to its release."""
        if isinstance(event, QKeyEvent):
            return self._press_key(event)
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            return self._press(event)
        if self._pressed_at is None:
            return False
        if kind == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position().toPoint())
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            return self._release()
        return False

    def _press(self, event: QMouseEvent) -> bool:
        """A press on one of several selected rows leaves them selected: all of them may be about to be dragged."""
        row = self._papers.rowAt(event.position().toPoint().y())
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if not is_plain or row < 0 or not self._may_drag():
            return False
        self._pressed_at, self._pressed_row = event.position().toPoint(), row
        self._keeps_selection = self._papers.is_selecting and self._papers.is_row_selected(row)
        return self._keeps_selection

    def _move(self, at: QPoint) -> None:
        assert self._pressed_at is not None
        self._at = at
        if not self._dragged:
            if (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
                return
            self._dragged = self._papers.selected_paper_ids()
            self._papers.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._papers.installEventFilter(self)
            self._scroll.start()
        self._show_line()

    def _release(self) -> bool:
        dragged, row = self._dragged, self._boundary()
        pressed_row, keeps_selection = self._pressed_row, self._keeps_selection
        self._end()
        if dragged:
            self.dropped.emit(dragged, row)
        elif keeps_selection:  # it was a click after all
            self._papers.clear_extra_selection()
            self._papers.set_current_row(pressed_row)
        return bool(dragged) or keeps_selection

    def _press_key(self, event: QKeyEvent) -> bool:
        """While rows are dragged there are no keys but Esc, which leaves them where they were."""
        if not self._dragged or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._end()
        return True

    def _end(self) -> None:
        self._scroll.stop()
        self._line.hide()
        if self._dragged:
            self._papers.removeEventFilter(self)
            self._papers.viewport().unsetCursor()
        self._pressed_at, self._dragged = None, []

    def _boundary(self) -> int:
        """The row before which rows would be dropped."""
        row = self._papers.rowAt(self._at.y())
        if row < 0:
            return self._papers.papers().rowCount() if self._at.y() > 0 else 0
        middle = self._papers.rowViewportPosition(row) + self._papers.rowHeight(row) // 2
        return row if self._at.y() < middle else row + 1

    def _show_line(self) -> None:
        row, papers = self._boundary(), self._papers
        last = papers.papers().rowCount() - 1
        top = (
            papers.rowViewportPosition(row)
            if row <= last
            else papers.rowViewportPosition(last) + papers.rowHeight(last)
        )
        self._line.setGeometry(0, top - _LINE_HEIGHT // 2 - 1, papers.viewport().width(), _LINE_HEIGHT)
        self._line.show()
        self._line.raise_()

    def _scroll_at_edge(self) -> None:
        height, bar = self._papers.viewport().height(), self._papers.verticalScrollBar()
        if self._at.y() < _EDGE:
            bar.setValue(bar.value() - bar.singleStep())
        elif self._at.y() > height - _EDGE:
            bar.setValue(bar.value() + bar.singleStep())
        else:
            return
        self._show_line()
