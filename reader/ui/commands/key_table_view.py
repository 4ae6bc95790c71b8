"""Rows of commands and their keys, in columns: painted, because a hundred labels take too long to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QTableView,
)

from reader.ui.detail.document import Look
from reader.ui.look.row_list import Index, RowDelegate
from reader.ui.look.tables import show_as_rows

_GAP, _CHIP_PADDING, _CHIP_GAP, _BETWEEN_COLUMNS = 10, 7, 4, 30


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A command's title with its keys as they are shown; without keys, the heading of those that follow."""

    title: str
    keys: tuple[str, ...] = ()


class KeyTableModel(QAbstractTableModel):
    """Columns of rows; an empty cell where a column ends before another."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self.columns: list[list[KeyRow]] = []

    def show(self, columns: Sequence[Sequence[KeyRow]]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.columns = [list(column) for column in columns]
        self.endResetModel()

    def row(self, index: Index) -> KeyRow | None:
        """What stands in a cell; None where nothing does."""
        column = self.columns[index.column()] if 0 <= index.column() < len(self.columns) else []
        return column[index.row()] if 0 <= index.row() < len(column) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The column's name: its header is hidden, but screen readers tell it."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return "Keys and commands"
        return super().headerData(section, orientation, role)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """As many as the longest column has."""
        return 0 if parent.isValid() else max(map(len, self.columns), default=0)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """The columns beside each other."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title; a screen reader also hears the keys."""
        row = self.row(index)
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ": ".join(part for part in (row.title, ", ".join(row.keys)) if part)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """To be read, not to be chosen."""
        return Qt.ItemFlag.ItemIsEnabled


class KeyRowDelegate(RowDelegate):
    """Draws the keys as chips, the title beside them, and headings quietly."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        """Colours and sizes are those of the moment it opens."""
        super().__init__(parent)
        self.use(look.theme, look.typography)
        self.row_height = round(self._normal.height) + 9
        self._titles_from: list[float] = []

    def measure(self, columns: Sequence[Sequence[KeyRow]]) -> None:
        """Have titles begin where the widest keys of their column end."""
        self._titles_from = [max(map(self._keys_width, column), default=0.0) for column in columns]

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one cell."""
        model = index.model()
        row = model.row(index) if isinstance(model, KeyTableModel) else None
        if row is None:
            return
        left, baseline = rect.left() + 4, self._normal.baseline(rect)
        if row.keys:
            self._paint_keys(painter, left, baseline, row.keys)
            left += self._titles_from[index.column()] + _GAP
        color = self._theme.texts.text if row.keys else self._theme.texts.quiet
        room = rect.right() - _BETWEEN_COLUMNS - left
        self._normal.write(painter, color, left, baseline, row.title, room)

    def _paint_keys(self, painter: QPainter, left: float, baseline: float, keys: Sequence[str]) -> None:
        top, height = baseline - self._normal.ascent - 1.5, self._normal.height + 3
        for key in keys:
            width = self._chip_width(key)
            painter.setPen(self._theme.surfaces.line)
            painter.setBrush(self._theme.surfaces.chrome)
            painter.drawRoundedRect(QRectF(left + 0.5, round(top) + 0.5, width - 1, height - 1), 4, 4)
            self._normal.write(painter, self._theme.texts.text, left + _CHIP_PADDING, baseline, key)
            left += width + _CHIP_GAP

    def _keys_width(self, row: KeyRow) -> float:
        return sum(self._chip_width(key) + _CHIP_GAP for key in row.keys) - _CHIP_GAP if row.keys else 0.0

    def _chip_width(self, key: str) -> float:
        return round(self._normal.width(key)) + 2 * _CHIP_PADDING


class KeyTableView(QTableView):
    """The columns beside each other, as wide as there is room; it scrolls, and nothing in it is chosen."""

    def __init__(self, look: Look) -> None:
        """Empty at first."""
        super().__init__()
        self.rows = KeyTableModel(self)
        self._delegate = KeyRowDelegate(look, self)
        self.setObjectName("key_table")
        show_as_rows(self, "Keys")
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height)
        self.verticalScrollBar().setSingleStep(self._delegate.row_height)

    def show_columns(self, columns: Sequence[Sequence[KeyRow]]) -> None:
        """Show these columns, from their top."""
        self._delegate.measure(columns)
        self.rows.show(columns)
        self.scrollToTop()
