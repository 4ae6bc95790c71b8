"""The model behind the lists of highlights and notes: an array of ids, and rows read as they come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from reader.domain.errors import ReaderError
from reader.ui.annotations.rows import AnnotationRow
from reader.ui.look.row_list import RowModel

_CHUNK = 40
_CACHED_ROWS = 2_000
ReadRows = Callable[[Sequence[int]], Sequence[AnnotationRow]]


def _read_nothing(ids: Sequence[int]) -> Sequence[AnnotationRow]:
    return ()


class AnnotationListModel(RowModel):
    """Highlights or notes by id; a row that is gone meanwhile says so."""

    title = "Highlights and notes"
    read_failed = Signal(object)
    """Reading rows went wrong: the exception."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self._ids = self._paper_ids = array("q")
        self._read: ReadRows = _read_nothing
        self._cache: dict[int, AnnotationRow | None] = {}

    def show_rows(self, ids: array[int], paper_ids: array[int], read: ReadRows) -> None:
        """Show these; ``read`` reads rows by their ids, tens at a time. The same ids again are read again in place."""
        if ids and (ids, paper_ids, read) == (self._ids, self._paper_ids, self._read):
            self._cache.clear()
            self.dataChanged.emit(self.index(0), self.index(len(ids) - 1))
            return
        self.beginResetModel()
        self._ids, self._paper_ids, self._read = ids, paper_ids, read
        self._cache.clear()
        self.endResetModel()

    @property
    def ids(self) -> array[int]:
        """What is shown, in order."""
        return self._ids

    def id_at(self, row: int) -> int | None:
        """The highlight (or the paper of the note) of a row; None if there is none."""
        return self._ids[row] if 0 <= row < len(self._ids) else None

    def paper_id(self, row: int) -> int | None:
        """The paper of a row; None if there is none."""
        return self._paper_ids[row] if 0 <= row < len(self._paper_ids) else None

    def row_of(self, wanted: int) -> int | None:
        """Where an id stands."""
        return _place(self._ids, wanted)

    def row_of_paper(self, paper_id: int) -> int | None:
        """Where a paper first stands."""
        return _place(self._paper_ids, paper_id)

    def annotation(self, row: int) -> AnnotationRow | None:
        """What a row says, read with its neighbours if it was not in sight before; None if it is gone."""
        if row not in self._cache:
            self._read_chunk(row - row % _CHUNK)
        return self._cache.get(row)

    def _read_chunk(self, first: int) -> None:
        if len(self._cache) >= _CACHED_ROWS:
            self._cache.clear()
        ids = self._ids[first : first + _CHUNK]
        try:
            found = {each.id: each for each in self._read(ids)}
        except ReaderError as error:  # while painting, when nobody else would catch it
            found = {}
            self.read_failed.emit(error)
        self._cache.update((first + number, found.get(one)) for number, one in enumerate(ids))

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._ids)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return what was highlighted or noted; with its paper where it is spoken."""
        annotation = self.annotation(row)
        if annotation is None:
            return "No longer in the library"
        return annotation.spoken() if spoken else annotation.text


def _place(ids: array[int], wanted: int) -> int | None:
    try:
        return ids.index(wanted)
    except ValueError:
        return None
