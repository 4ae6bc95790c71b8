"""The list itself: keyboard, selection and scrolling of a paper list.

It is a table of one column, because a ``QTableView`` with rows of one height lays out a million of them in a
millisecond; a ``QListView`` asks the model about each (see ``docs/decisions``).
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from reader.ui.papers.delegate import PaperDelegate
from reader.ui.papers.model import PaperListModel


class PaperListView(QTableView):
    """Shows a :class:`PaperListModel`; what is current and selected is asked for by paper id."""

    current_changed = Signal()
    """Another row is current, perhaps none."""
    activated_row = Signal(int)
    """A row was double clicked."""
    menu_wanted = Signal(QPoint)
    """A context menu, at a global position."""

    def __init__(self, model: PaperListModel, delegate: PaperDelegate, parent: QWidget | None = None) -> None:
        """Rows are drawn by ``delegate``."""
        super().__init__(parent)
        self.setObjectName("paper_list")
        self.setAccessibleName("Papers")
        self._papers = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        self._set_rows(delegate.row_height)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.doubleClicked.connect(self._activate)

    def papers(self) -> PaperListModel:
        """The model, by its own type."""
        return self._papers

    def _set_rows(self, height: int) -> None:
        """Rows of one height and as wide as the view, without headers."""
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        rows.hide()
        columns.hide()
        self.set_row_height(height)

    def set_row_height(self, height: int) -> None:
        """Make all rows that high."""
        rows = self.verticalHeader()
        rows.setMinimumSectionSize(height)
        rows.setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height // 2)

    @property
    def current_row(self) -> int:
        """The current row; -1 if there is none."""
        return self.currentIndex().row()

    @property
    def current_paper_id(self) -> int | None:
        """The current paper; None on a folded line or in an empty list."""
        return self._papers.entries.paper_id(self.current_row)

    def selected_paper_ids(self) -> list[int]:
        """The selected papers in the list's order, or the current one if no more than that is selected."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        ids = [paper_id for row in rows if (paper_id := self._papers.entries.paper_id(row)) is not None]
        if len(ids) > 1:
            return list(dict.fromkeys(ids))
        return [self.current_paper_id] if self.current_paper_id is not None else []

    def set_current_row(self, row: int) -> None:
        """Make a row current and alone selected, in sight with a neighbour on either side."""
        index = self._papers.index(row)
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        for near in (row - 1, row + 1):
            if 0 <= near < self._papers.rowCount():
                self.scrollTo(self._papers.index(near))
        self.scrollTo(index)

    def clear_extra_selection(self) -> bool:
        """Select the current row alone; tells whether more was selected."""
        selection = self.selectionModel()
        if len(selection.selectedRows()) <= 1:
            return False
        selection.select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return True

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell that another row is current."""
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here; they never jump to a title."""

    def _activate(self, index: QModelIndex) -> None:
        self.activated_row.emit(index.row())

    def _want_menu(self, position: QPoint) -> None:
        if self.indexAt(position).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(position))
