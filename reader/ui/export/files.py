"""The list of a plan's files, each with its status and path; files that need a decision come first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.services.export.plan import ExportStatus, PlannedFile
from reader.services.latex_to_unicode import shown_line
from reader.ui.detail.document import Look
from reader.ui.look.row_list import Index, RowDelegate, RowModel, RowTable, paint_ground

_MARGIN = 10
_PADDING = 7
_LIMIT = 300

STATUS_WORDS = {
    ExportStatus.EDITED: "Edited by you",
    ExportStatus.NOT_FOUND: "Not found",
    ExportStatus.CREATE: "Create",
    ExportStatus.UPDATE: "Update",
    ExportStatus.UNCHANGED: "Unchanged",
}
"""Names of statuses, in the order files are listed."""
_ORDER = {status: place for place, status in enumerate(STATUS_WORDS)}


class FilesModel(RowModel):
    """The files of one status or all; those that need a decision come first."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self._all: list[PlannedFile] = []
        self._files: list[PlannedFile] = []

    def set_files(self, files: Sequence[PlannedFile], status: ExportStatus | None) -> None:
        """Show the files of another plan that have ``status``, None for all.

        Files of the same papers keep their rows, whatever their status is now.
        """
        places = {file.paper_id: place for place, file in enumerate(self._all)}
        again = len(places) == len(files) and all(file.paper_id in places for file in files)
        self._all = sorted(files, key=lambda file: places[file.paper_id]) if again else sorted(files, key=_place)
        self.show_status(status)

    def show_status(self, status: ExportStatus | None) -> None:
        """Show the files of one status; None for all."""
        self.beginResetModel()
        self._files = [file for file in self._all if status in {None, file.status}]
        self.endResetModel()

    def file(self, row: int) -> PlannedFile | None:
        """The file in a row, if there is one."""
        return self._files[row] if 0 <= row < len(self._files) else None

    def row_of(self, file: PlannedFile) -> int:
        """The row of a file's paper; the first row if it is not shown."""
        return next((row for row, other in enumerate(self._files) if other.paper_id == file.paper_id), 0)

    title = "Files"

    def count(self) -> int:
        """Return the number of files."""
        return len(self._files)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return the title of the file's paper; after its status where it is spoken."""
        file = self._files[row]
        title = shown_line(file.title, _LIMIT)
        return f"{STATUS_WORDS[file.status]}: {title}" if spoken else title

    def description(self, row: int) -> str:
        """Return the file's path."""
        return shown_line(self._files[row].path, _LIMIT)


def _place(file: PlannedFile) -> tuple[int, bool]:
    return _ORDER[file.status], not file.adoptable


class FilesDelegate(RowDelegate):
    """Draws a file on two lines: its title, and below it status and place."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        """:meth:`set_look` changes it later."""
        super().__init__(parent)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Use other colours or sizes."""
        self.use(look.theme, look.typography)
        self._colours = dict.fromkeys(ExportStatus, look.theme.texts.error) | {
            ExportStatus.CREATE: look.theme.marks.done,
            ExportStatus.UPDATE: look.theme.texts.accent,
            ExportStatus.UNCHANGED: look.theme.texts.faint,
        }
        self.row_height = round(self._normal.height + self._small.height) + 2 * _PADDING

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        file = model.file(index.row()) if isinstance(model, FilesModel) else None
        if file is None:
            return
        paint_ground(painter, rect, state, self._theme)
        texts, colour = self._theme.texts, self._colours[file.status]
        left, width = rect.left() + _MARGIN, rect.width() - 2 * _MARGIN
        baseline = round(rect.top() + _PADDING + self._normal.ascent)
        ink = texts.faint if file.status is ExportStatus.UNCHANGED else texts.text
        self._normal.write(painter, ink, left, baseline, shown_line(file.title, _LIMIT), width)
        baseline += round(self._normal.metrics.descent() + self._small.ascent + 2)
        end = self._small.write(painter, colour, left, baseline, f"{STATUS_WORDS[file.status]}  ")
        room = max(left + width - end, 0)
        place = self._small.cut(shown_line(file.path, _LIMIT), room, Qt.TextElideMode.ElideMiddle)
        self._small.write(painter, texts.faint, round(end), baseline, place)


class FilesView(RowTable):
    """The list of files."""

    def __init__(self, model: FilesModel, delegate: FilesDelegate) -> None:
        """A list of ``model``, drawn by ``delegate``."""
        super().__init__("Files", model, delegate)

    def go_to(self, row: int) -> None:
        """Make a row current, or the nearest row that exists."""
        rows = self.model().rowCount()
        if rows:
            self.setCurrentIndex(self.model().index(min(max(row, 0), rows - 1), 0))
