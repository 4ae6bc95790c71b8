"""The list itself: keyboard, selection and scrolling of a paper list."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, groupby

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from reader.ui.look.row_list import RowTable
from reader.ui.papers.delegate import PaperDelegate
from reader.ui.papers.model import PaperListModel


class PaperListView(RowTable):
    """Shows a :class:`PaperListModel`; what is current and selected is asked for by paper id."""

    activated_row = Signal(int)
    """A row was double clicked."""
    selection_changed = Signal()
    """Other papers are selected, perhaps none."""
    menu_wanted = Signal(QPoint)
    """A context menu, at a global position."""

    def __init__(self, model: PaperListModel, delegate: PaperDelegate, parent: QWidget | None = None) -> None:
        """Rows are drawn by ``delegate``."""
        super().__init__("Papers", model, delegate, parent)
        self.setObjectName("paper_list")
        self._papers = model
        self._keeps_selection = False
        self._range_start: int | None = None
        self._before_range = QItemSelection()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._want_menu)
        self.doubleClicked.connect(self._activate)

    def papers(self) -> PaperListModel:
        """The model, by its own type."""
        return self._papers

    @property
    def current_paper_id(self) -> int | None:
        """The current paper; None on a folded line or in an empty list."""
        return self._papers.entries.paper_id(self.current_row)

    def selected_paper_ids(self) -> list[int]:
        """The selected papers in the list's order, or the current one if no more than that is selected."""
        if self.is_selecting:
            entries = self._papers.entries
            found = [entries.papers_between(top, bottom) for top, bottom in self._selected_ranges()]
            if len(found) == 1 and not entries.sections:
                return found[0]
            return list(dict.fromkeys(chain.from_iterable(found)))
        return [self.current_paper_id] if self.current_paper_id is not None else []

    def _selected_ranges(self) -> list[tuple[int, int]]:
        """The first and the last row of each range that is selected, from the top; they may meet, not overlap."""
        return sorted((part.top(), part.bottom()) for part in self._selection())

    @property
    def is_selecting(self) -> bool:
        """Whether papers are selected, be it by key or by mouse, rather than just one being current."""
        return self._keeps_selection or self.selected_count > 1

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(part.height() for part in self._selection())

    def _selection(self) -> Iterable[QItemSelectionRange]:
        return self.selectionModel().selection()  # type: ignore[return-value]  # a QList; the stubs forget that

    def is_row_selected(self, row: int) -> bool:
        """Whether a row is selected."""
        return self.selectionModel().isSelected(self._papers.index(row))

    def leave_row(self) -> None:
        """Have no row current, although there are some."""
        self.clear_extra_selection()
        self.setCurrentIndex(QModelIndex())

    def go_to_paper(self, paper_id: int | None) -> None:
        """Make a paper current, else the first row that can be."""
        entries = self._papers.entries
        row = entries.row_of(paper_id) if paper_id is not None else None
        row = row if row is not None else entries.step(-1, 1)
        if row is not None:
            self.set_current_row(row)
        else:
            self.current_changed.emit()

    def set_current_row(self, row: int) -> None:
        """Make a row current, in sight with a neighbour on either side; selected alone, unless papers were by key."""
        index = self._papers.index(row)
        if not index.isValid():
            return
        if self._keeps_selection:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._stretch(row)
        else:
            self.setCurrentIndex(index)
        for near in (row - 1, row + 1):
            if 0 <= near < self._papers.rowCount():
                self.scrollTo(self._papers.index(near))
        self.scrollTo(index)

    def show_below(self, row: int, count: int) -> None:
        """Scroll so that a line and the ``count`` rows below it are in sight, or as many as there is room for."""
        self.updateGeometries()  # which Qt puts off, and with it how far down the list scrolls
        room = self.viewport().height() // max(self.verticalHeader().defaultSectionSize(), 1)
        self.scrollTo(self._papers.index(row + min(count, max(room - 1, 0))))
        self.scrollTo(self._papers.index(row))

    def clear_extra_selection(self) -> bool:
        """Select the current row alone; tells whether more was selected."""
        if not self.is_selecting:
            return False
        self._keeps_selection, self._range_start = False, None
        self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.selection_changed.emit()
        return True

    def go_on_below_selection(self) -> bool:
        """Leave the selection for the row below it; False, and nothing done, if there is none."""
        if not self.is_selecting:
            return False
        last = max((bottom for _, bottom in self._selected_ranges()), default=self.current_row)
        self.clear_extra_selection()
        below = self._papers.entries.step(last, 1)
        self.set_current_row(last if below is None else below)
        return True

    def toggle_selected(self) -> None:
        """Select the current row, or no longer; what was selected by key stays so while the user moves."""
        if not self.is_selecting:
            self.selectionModel().clearSelection()
        self._keeps_selection, self._range_start = True, None
        self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Toggle)
        if not self.selected_count:
            self.clear_extra_selection()
        self.selection_changed.emit()

    def toggle_range(self) -> None:
        """Begin to select from the current row to wherever one moves, or end that."""
        if self._range_start is not None:
            self._range_start = None
        else:
            if not self.is_selecting:
                self.selectionModel().clearSelection()
            self._keeps_selection, self._range_start = True, self.current_row
            self._before_range = QItemSelection(self.selectionModel().selection())
            self._stretch(self.current_row)
        self.selection_changed.emit()

    def select_all(self) -> None:
        """Select every paper of the view."""
        self._keeps_selection, self._range_start = True, None
        self.selectAll()
        self.selection_changed.emit()

    def select_papers(self, paper_ids: Iterable[int]) -> None:
        """Select these papers, as if by key."""
        wanted = set(paper_ids)
        rows = [row for row, paper_id in enumerate(self._papers.entries.rows) if paper_id in wanted]
        chosen = QItemSelection()
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):  # rows that follow each other
            part = [row for _, row in run]
            chosen.select(self._papers.index(part[0]), self._papers.index(part[-1]))
        self._keeps_selection, self._range_start = bool(rows), None
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.selection_changed.emit()

    def reset(self) -> None:
        """Other rows are shown: nothing of them is selected."""
        self._keeps_selection, self._range_start = False, None
        super().reset()
        self.selection_changed.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A plain click selects that row alone, whatever was selected by key."""
        if not event.modifiers() and event.button() == Qt.MouseButton.LeftButton:
            self._keeps_selection, self._range_start = False, None
        super().mousePressEvent(event)
        self.selection_changed.emit()

    def _stretch(self, row: int) -> None:
        """Select from where a range began to ``row``, beside what was selected before."""
        if self._range_start is None:
            return
        top, bottom = sorted((self._range_start, row))
        chosen = QItemSelection(self._before_range)
        between = QItemSelection(self._papers.index(top), self._papers.index(bottom))
        chosen.merge(between, QItemSelectionModel.SelectionFlag.Select)
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.selection_changed.emit()

    def _activate(self, index: QModelIndex) -> None:
        self.activated_row.emit(index.row())

    def _want_menu(self, position: QPoint) -> None:
        if self.indexAt(position).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(position))
