"""A picture's figures as a table."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from reader.ui.statistics.figures import Figure

_Index = QModelIndex | QPersistentModelIndex


class FigureTable(QAbstractTableModel):
    """A row a bar: its name, the value of each series, and the share where the picture has one."""

    def __init__(self, figure: Figure, parent: QObject | None = None) -> None:
        """The figures stay as they are."""
        super().__init__(parent)
        self._figure = figure
        self._columns = ["", *(name for name, _ in figure.series), *(["share"] if figure.with_share else [])]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """One for each bar."""
        return 0 if parent.isValid() else len(self._figure.bars)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """Name, values, share."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The series' names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section] if section < len(self._columns) else None
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain text; numbers stand to the right. A screen reader hears the whole bar on its name."""
        if not index.isValid():
            return None
        bar, column = self._figure.bars[index.row()], index.column()
        if role == Qt.ItemDataRole.AccessibleTextRole and column == 0:
            return self._figure.said(index.row())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            if column == 0:
                return bar.name
            return f"{bar.values[column - 1]:,}" if column <= len(bar.values) else self._figure.share(bar)
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None
