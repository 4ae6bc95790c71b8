"""Rows of parts: a word or a paper, a bar and a number; and headings between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QStyle

from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.detail.document import Look
from reader.ui.look.row_list import Index, RowDelegate, RowModel, RowTable, paint_ground
from reader.ui.taste.wording import shown_part

_MARGIN, _GAP = 10, 12
_BAR_SHARE, _WIDEST_BAR, _BAR_HEIGHT = 0.26, 170.0, 7.0
_NUMBER = "+0.00 "
_STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row: what it says and its part, None for a heading. ``paper_id`` opens a paper, ``word`` can be forgotten."""

    label: str
    part: float | None = None
    paper_id: int | None = None
    word: str = ""


class PartModel(RowModel):
    """Rows of parts."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.rows: tuple[PartRow, ...] = ()
        self.largest = 1.0
        """The largest part, whose bar is the longest."""

    def show(self, rows: Sequence[PartRow]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.largest = max((abs(row.part) for row in rows if row.part is not None), default=1.0) or 1.0
        self.endResetModel()

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def can_be_current(self, row: int) -> bool:
        """Return whether a row is no heading."""
        return self.rows[row].part is not None

    def text(self, row: int, *, spoken: bool) -> str:
        """Return what a row says, with its part where it is spoken."""
        shown = self.rows[row]
        return f"{shown.label}, {shown.part:+.2f}" if spoken and shown.part is not None else shown.label


class PartDelegate(RowDelegate):
    """Paints a word or a paper, a bar as long as its part, and the part; headings in the accent colour."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.use(look.theme, look.typography)
        self.row_height = round(self._normal.height * 1.55)

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, PartModel):
            return
        row, texts = model.rows[index.row()], self._theme.texts
        left, right = rect.left() + _MARGIN, rect.right() - _MARGIN
        if row.part is None:
            self._strong.write(painter, texts.accent, left, self._strong.baseline(rect), row.label, right - left)
            return
        paint_ground(painter, rect, state, self._theme)
        number = shown_part(row.part)
        numbers = self._small.width(_NUMBER)
        self._small.write(painter, texts.quiet, right - self._small.width(number), self._small.baseline(rect), number)
        longest = min(rect.width() * _BAR_SHARE, _WIDEST_BAR)
        start = right - numbers - _GAP - longest
        bar = QRectF(start, rect.center().y() - _BAR_HEIGHT / 2, longest * abs(row.part) / model.largest, _BAR_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.marks.accent if row.part > 0 else self._theme.marks.dismissed)
        painter.drawRoundedRect(bar, 2.5, 2.5)
        self._normal.write(painter, texts.text, left, self._normal.baseline(rect), row.label, start - _GAP - left)


class PartTable(RowTable):
    """Rows of parts, walked by arrows, j and k."""

    chosen = Signal()
    """Enter was pressed on the current row."""
    removed = Signal()
    """Delete was pressed on the current row."""

    def __init__(self, name: str, look: Look) -> None:
        """Shows no rows yet; ``name`` is for screen readers."""
        self.model_of_parts = PartModel(name)
        self._delegate = PartDelegate(look)
        super().__init__(name, self.model_of_parts, self._delegate)
        self.model_of_parts.setParent(self)
        self._delegate.setParent(self)
        self.doubleClicked.connect(self.chosen)

    def show_rows(self, rows: Sequence[PartRow]) -> None:
        """Show these rows, the same row current as before, or the first that can be."""
        at = max(self.current_row, 0)
        self.model_of_parts.show(rows)
        places = [place for place, row in enumerate(rows) if row.part is not None]
        if places:
            self.setCurrentIndex(self.model_of_parts.index(min(places, key=lambda place: abs(place - at))))

    @property
    def current(self) -> PartRow | None:
        """The current row; None where there is none."""
        at = self.current_row
        return self.model_of_parts.rows[at] if at >= 0 else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Delete, j and k; letters are left to the sheet."""
        key = Qt.Key(event.key())
        if event.key() in ENTER_KEYS:
            self.chosen.emit()
        elif key is Qt.Key.Key_Delete:
            self.removed.emit()
        elif key in _STEPS and not event.modifiers():
            self._step(_STEPS[key])
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _step(self, by: int) -> None:
        at = self.current_row + by
        while 0 <= at < self.model_of_parts.count():
            if self.model_of_parts.can_be_current(at):
                self.setCurrentIndex(self.model_of_parts.index(at))
                return
            at += by
