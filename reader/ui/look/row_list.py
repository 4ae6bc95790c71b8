"""Long lists of rows that a delegate paints: the model's answers to Qt, and the table of one column that shows them.

A ``QTableView`` with rows of one height lays out a million of them in a millisecond; a ``QListView`` asks the model
about each (see ``docs/decisions``).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from reader.ui.look.face import Face
from reader.ui.look.tables import show_as_rows
from reader.ui.look.themes import Theme
from reader.ui.look.typography import Typography

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class RowModel(QAbstractListModel):
    """Rows in one column, with plain text for those who cannot see what the delegate paints.

    A subclass says how many rows there are, what each says and, if not all can, which can be current.
    """

    title = ""
    """The column's name: its header is hidden, but screen readers tell it."""

    def count(self) -> int:
        """Return the number of rows."""
        raise NotImplementedError

    def text(self, row: int, *, spoken: bool) -> str:
        """Return the text of a row, or what a screen reader says of it."""
        raise NotImplementedError

    def description(self, row: int) -> str | None:
        """Return what a screen reader adds on demand."""
        return None

    def can_be_current(self, row: int) -> bool:
        """Return whether the user can go to a row; a heading is passed over."""
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """Return the title of the column."""
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole and self.title:
            return self.title
        return super().headerData(section, orientation, role)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """Return the number of rows."""
        return 0 if parent.isValid() else self.count()

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Tell what can be done with a row."""
        if not self._has(index):
            return Qt.ItemFlag.NoItemFlags
        if not self.can_be_current(index.row()):
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        """Return a row's texts."""
        if not self._has(index):
            return None
        if role in {_Role.DisplayRole, _Role.AccessibleTextRole}:
            return self.text(index.row(), spoken=role == _Role.AccessibleTextRole)
        return self.description(index.row()) if role == _Role.AccessibleDescriptionRole else None

    def _has(self, index: Index) -> bool:
        return index.isValid() and index.row() < self.count()


class RowDelegate(QStyledItemDelegate):
    """Paints rows of one height in the fonts and colours of a look. A subclass paints one row."""

    row_height = 0
    """The height of every row, in pixels."""

    def use(self, theme: Theme, typography: Typography) -> None:
        """Take fonts, with their metrics, and colours from these."""
        self._theme = theme
        self._strong, self._normal = Face(typography.strong()), Face(typography.interface())
        self._small = Face(typography.small())

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row; the painter is restored afterwards."""
        raise NotImplementedError

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the one height of all rows; the view says how wide they are."""
        return QSize(200, self.row_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_row(painter, QRectF(option.rect), option.state, index)
        painter.restore()


class TwoLineDelegate(RowDelegate):
    """Paints rows of two lines: one of a strong face, below it one of a small face."""

    padding = 8
    """The pixels above the first line, and below the second."""
    _LEADING = 1.25

    def __init__(self, theme: Theme, typography: Typography, parent: QObject) -> None:
        super().__init__(parent)
        self.use(theme, typography)
        self._line = round(self._normal.height * self._LEADING)
        self.row_height = round(self._line + self._small.height * self._LEADING) + 2 * self.padding

    def baselines(self, rect: QRectF) -> tuple[float, float]:
        """The baselines of the two lines."""
        first = rect.top() + self.padding + self._strong.ascent
        return first, first + self._line - self._normal.ascent + self._small.ascent


class RowTable(QTableView):
    """A table of one column, as wide as the view, of rows of one height, without headers."""

    current_changed = Signal()
    """Another row is current, perhaps none."""

    def __init__(self, name: str, model: RowModel, delegate: RowDelegate, parent: QWidget | None = None) -> None:
        """``name`` is for screen readers."""
        super().__init__(parent)
        show_as_rows(self, name)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        # Qt goes through all rows, each in its turn, to raise them to a new least height: 4 s for 100,000 of them.
        self.verticalHeader().setMinimumSectionSize(1)
        self.set_row_height(delegate.row_height)

    def set_row_height(self, height: int) -> None:
        """Make all rows that high."""
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height // 2)

    @property
    def current_row(self) -> int:
        """The current row; -1 if there is none."""
        return self.currentIndex().row()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell that another row is current."""
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; they never jump to a row."""


def paint_ground(painter: QPainter, rect: QRectF, state: QStyle.StateFlag, theme: Theme) -> None:
    """Paint what lies under a row: whether it is selected, has the focus, or is pointed at."""
    has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
    if has_focus or state & QStyle.StateFlag.State_Selected:
        keys_go_here = has_focus and state & QStyle.StateFlag.State_Active
        painter.fillRect(rect, theme.surfaces.selected_focus if keys_go_here else theme.surfaces.selected)
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, theme.surfaces.hover)
    if has_focus:
        painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), theme.marks.accent)


def paint_line_below(painter: QPainter, rect: QRectF, theme: Theme, margin: float) -> None:
    """Paint the line between a row and the next one, with a margin at both ends."""
    painter.fillRect(QRectF(rect.left() + margin, rect.bottom() - 1, rect.width() - 2 * margin, 1), theme.surfaces.line)
