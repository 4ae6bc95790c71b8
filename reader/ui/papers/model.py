"""The model of a paper list: an array of ids, and the rows that are on screen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal

from reader.domain.errors import ReaderError
from reader.domain.papers import Marks, PaperRow
from reader.domain.views import ViewKind
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.row_list import Index, RowModel
from reader.ui.look.wording import OUTSIDE, joined, row_facts, spoken_row
from reader.ui.papers.entries import Entries

CHUNK = 40
"""How many rows are read at a time."""
_CACHED_ROWS = 600
_TITLE_LIMIT = 500


class PaperListModel(RowModel):
    """Papers in the order of one query; rows are read when they come into sight."""

    title = "Papers"
    read_failed = Signal(object)
    """A :class:`ReaderError`: rows could not be read, and are shown as missing."""

    def __init__(self, read_rows: Callable[[Sequence[int]], list[PaperRow]], parent: QObject | None = None) -> None:
        """``read_rows`` reads rows by the tens and may leave out papers that are gone."""
        super().__init__(parent)
        self._read_rows = read_rows
        self.entries = Entries()
        """What stands in which row."""
        self._cache: dict[int, PaperRow | None] = {}
        self.kind = ViewKind.INBOX
        self.outside: frozenset[int] = frozenset()
        """The papers that are from outside the reader's usual, and were put into their places for that."""

    def show(self, kind: ViewKind, entries: Entries, outside: frozenset[int] = frozenset()) -> None:
        """Show other rows, as a view of a kind has them; ``outside`` are papers from outside the reader's usual."""
        self.beginResetModel()
        self.kind, self.outside = kind, outside
        self.entries = entries
        self._cache.clear()
        self.endResetModel()

    def paper(self, row: int) -> PaperRow | None:
        """The paper of a row, read with its neighbours if it was not on screen before; None if it is gone."""
        if row not in self._cache:
            self._read_chunk(row - row % CHUNK)
        return self._cache.get(row)

    def _read_chunk(self, first: int) -> None:
        if len(self._cache) >= _CACHED_ROWS:
            self._cache.clear()
        rows = range(first, min(first + CHUNK, len(self.entries)))
        ids = [(row, self.entries.paper_id(row)) for row in rows]
        try:
            found = {paper.id: paper for paper in self._read_rows([paper_id for _, paper_id in ids if paper_id])}
        except ReaderError as error:  # while painting, when nobody else would catch it
            found = {}
            self.read_failed.emit(error)
        self._cache.update((row, found.get(paper_id)) for row, paper_id in ids if paper_id is not None)

    def refresh(self, paper_ids: Collection[int]) -> None:
        """Read those of ``paper_ids`` again that were on screen."""
        touched = [row for row, paper in self._cache.items() if paper is not None and paper.id in paper_ids]
        for row in touched:
            del self._cache[row]
        self._announce(touched)

    def refresh_marks(self, paper_ids: Collection[int], read: Callable[[Sequence[int]], Mapping[int, Marks]]) -> None:
        """Read only what was decided about those of ``paper_ids`` that were on screen."""
        touched = {row: paper for row, paper in self._cache.items() if paper is not None and paper.id in paper_ids}
        if not touched:
            return
        try:
            marks = read([paper.id for paper in touched.values()])
        except ReaderError as error:
            self.read_failed.emit(error)
            return
        for row, paper in touched.items():
            self._cache[row] = paper.with_marks(marks[paper.id]) if paper.id in marks else None
        self._announce(list(touched))

    def refresh_all(self) -> None:
        """Read everything on screen again."""
        self._cache.clear()
        if len(self.entries):
            self._announce((0, len(self.entries) - 1))

    def expect(self, paper_ids: Collection[int], **changes: Any) -> None:
        """Show papers as they are about to become; :meth:`refresh` puts right what does not come true."""
        touched = [row for row, paper in self._cache.items() if paper is not None and paper.id in paper_ids]
        for row in touched:
            paper = self._cache[row]
            self._cache[row] = replace(paper, **changes) if paper is not None else None
        self._announce(touched)

    def _announce(self, rows: Sequence[int]) -> None:
        if rows:
            self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def set_unfolded(self, row: int, unfolded: bool) -> None:
        """Show or hide the known papers below the line in ``row``."""
        section = self.entries.fold(row)
        if section is None or self.entries.is_unfolded(section) == unfolded:
            return
        first, last = row + 1, row + len(section.known_ids)
        if unfolded:
            self.beginInsertRows(QModelIndex(), first, last)
        else:
            self.beginRemoveRows(QModelIndex(), first, last)
        self.entries.set_unfolded(row, unfolded)
        self._cache.clear()
        if unfolded:
            self.endInsertRows()
        else:
            self.endRemoveRows()
        self._announce((row,))

    def count(self) -> int:
        """Return the number of rows, headings and folded lines included."""
        return len(self.entries)

    def can_be_current(self, row: int) -> bool:
        """Return whether a row is no heading."""
        return self.entries.heading(row) is None

    def description(self, row: int) -> str:
        """Return what stands below a paper's title."""
        paper = self.paper(row)
        if paper is None:
            return ""
        return joined((row_facts(paper), OUTSIDE if paper.id in self.outside else ""))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row's texts, and what its marks mean as its tool tip."""
        if role == Qt.ItemDataRole.ToolTipRole and self.outside:
            is_outside = self.entries.paper_id(index.row()) in self.outside
            return (
                f"{OUTSIDE}: shown here so that “for you” does not only bring more of the same" if is_outside else None
            )
        return super().data(index, role)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a heading, a folded line or a paper's title; more of it where it is spoken."""
        heading, fold = self.entries.heading(row), self.entries.fold(row)
        if heading is not None:
            return f"{heading.title}. {heading.facts}" if spoken else heading.title
        if fold is not None:
            return f"{fold.known_line}. Enter shows them." if spoken else fold.known_line
        paper = self.paper(row)
        if paper is None:
            return "No longer in the library"
        if not spoken:
            return shown_line(paper.title, _TITLE_LIMIT)
        return f"{spoken_row(paper)} {OUTSIDE}." if paper.id in self.outside else spoken_row(paper)
