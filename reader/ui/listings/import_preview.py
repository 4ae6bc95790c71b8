"""A look at what an import would do, shown only where something is a guess, unsure or not understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QTableView,
    QWidget,
)

from reader.domain.reports import FileReport
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import button, plain_label, read_only_text, row_of
from reader.ui.look.tables import show_as_rows
from reader.ui.look.wording import counted, shown_date
from reader.ui.overlays.overlay import Overlay

_COLUMNS = ("File", "Format", "Papers", "Page date", "Year", "Problems")
_YEAR = _COLUMNS.index("Year")
_EARLIEST, _LATEST = 1990, 2200
_PROBLEMS_SHOWN = 500
_NAME_LIMIT = 200
_ROW_PADDING = 14
_Index = QModelIndex | QPersistentModelIndex


def needs_attention(report: FileReport) -> bool:
    """Whether a file should be looked at before it is imported."""
    if report.error is not None or report.already_imported:
        return False
    return report.year_guessed or not report.format_certain or report.encoding_uncertain or bool(report.problems)


def problem_lines(report: FileReport) -> list[str]:
    """A file's problems, one or two lines each: where, why, and the text."""
    unit = "Line" if report.account is None or report.account.unit == "lines" else "Entry"
    lines = []
    for problem in report.problems[:_PROBLEMS_SHOWN]:
        first, last = problem.lines.first, problem.lines.last
        where = f"{unit} {first}" if first == last else f"{unit}s {first}–{last}".replace("Entrys", "Entries")
        lines.append(f"{where}: {problem.reason}")
        if problem.text:
            lines.append(f"    {shown_line(problem.text, 160)}")
    if len(report.problems) > _PROBLEMS_SHOWN:
        lines.append(f"… and {len(report.problems) - _PROBLEMS_SHOWN:,} more")
    return lines


def doubts(report: FileReport) -> list[str]:
    """In sentences, what about a file is unsure."""
    sentences = []
    if report.year_guessed:
        year = report.heading_date[:4] if report.heading_date is not None else "The year"
        sentences.append(f"The file does not state its year. {year} is a guess; F2 changes it.")
    if not report.format_certain:
        sentences.append(f"The format is uncertain; it looks like “{report.format}”.")
    if report.encoding_uncertain:
        sentences.append("The file is not valid UTF-8; it was read as Windows-1252.")
    return sentences


class PreviewModel(QAbstractTableModel):
    """The files to look at; years that the file does not fix can be corrected."""

    def __init__(self, reports: Sequence[FileReport], parent: QObject | None = None) -> None:
        """``reports`` come from a rehearsal of the import."""
        super().__init__(parent)
        self.reports = tuple(reports)
        self.years: dict[str, int] = {}

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """A row a file."""
        return 0 if parent.isValid() else len(self.reports)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's own default
        """What the header names."""
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section] if section < len(_COLUMNS) else None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Only a year that was inferred can be edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if index.column() == _YEAR and self._year(self.reports[index.row()]) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Plain texts; the year as a number for its editor."""
        if not index.isValid():
            return None
        report = self.reports[index.row()]
        if role == Qt.ItemDataRole.EditRole and index.column() == _YEAR:
            return str(self._year(report) or "")
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._cells(report)[index.column()]
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Take a corrected year."""
        text = str(value).strip().lstrip("~")
        if role != Qt.ItemDataRole.EditRole or not text.isdecimal() or not _EARLIEST <= int(text) <= _LATEST:
            return False
        report = self.reports[index.row()]
        if int(text) != self._year(report):
            self.years[report.path] = int(text)
        self.dataChanged.emit(index, index)
        return True

    def _year(self, report: FileReport) -> int | None:
        if report.path in self.years:
            return self.years[report.path]
        if report.heading_date is None or not report.year_inferred:
            return None
        return int(report.heading_date[:4])

    def _cells(self, report: FileReport) -> tuple[str, ...]:
        year = self._year(report)
        sure = report.path in self.years or not report.year_guessed
        return (
            shown_line(Path(report.path).name, _NAME_LIMIT),
            (report.format or "") + ("" if report.format_certain else "?"),
            f"{report.papers:,}",
            shown_date(report.heading_date).split(",")[0],
            "" if year is None else f"{'' if sure else '~'}{year}",
            f"{len(report.problems):,}" if report.problems else "",
        )


class ImportPreview(Overlay):
    """Shows the files that need a look; Import goes on with all files, Esc leaves everything as it is."""

    def __init__(
        self,
        window: QWidget,
        reports: Sequence[FileReport],
        *,
        accepted: Callable[[dict[str, int], bool], None],
        as_seen: bool = False,
    ) -> None:
        """``accepted`` gets the corrected years by path, and whether what comes in counts as seen. Opens at once."""
        super().__init__(window, "Review before importing", width=800, height=520)
        unsure = [report for report in reports if needs_attention(report)]
        self._accepted = accepted
        self.was_accepted = False
        self.model = PreviewModel(unsure, self)
        self.add_heading("Review before importing")
        others = len(reports) - len(unsure)
        more = ""
        if others:
            more = f" {counted(others, 'other file')} {'needs' if others == 1 else 'need'} no review."
        self.content.addWidget(
            plain_label(
                f"{counted(len(unsure), 'file')} {'needs' if len(unsure) == 1 else 'need'} a look.{more}", quiet=True
            )
        )
        self.table = self._make_table()
        self.details = read_only_text("What needs a look")
        self.content.addWidget(self.table, 2)
        self.content.addWidget(self.details, 3)
        self.seen_box = QCheckBox("Import as already seen   F3")
        self.seen_box.setAccessibleName("Import as already seen")
        self.seen_box.setChecked(as_seen)
        self.content.addWidget(self.seen_box)
        self.cancel_button = button("Cancel")
        self.cancel_button.clicked.connect(self.dismiss)
        self.import_button = button("Import", primary=True)
        self.import_button.clicked.connect(self._accept)
        self.content.addLayout(
            row_of(
                plain_label("Enter imports  ·  F2 changes the year  ·  Esc cancels", quiet=True),
                None,
                self.cancel_button,
                self.import_button,
            )
        )
        self.table.setCurrentIndex(self.model.index(0, _YEAR))
        self.open(self.import_button)

    def _make_table(self) -> QTableView:
        table = QTableView()
        show_as_rows(table, "Files that need a look", with_headings=True)
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + _ROW_PADDING)
        for column, width in enumerate((0, 110, 80, 100, 90, 90)):
            if width:
                table.setColumnWidth(column, width)
        table.selectionModel().currentChanged.connect(self._show_details)
        return table

    def _show_details(self, current: QModelIndex) -> None:
        if current.isValid():
            report = self.model.reports[current.row()]
            self.details.setPlainText("\n".join([*doubts(report), *problem_lines(report)]))

    def edit_year(self) -> None:
        """Let the user type another year for the file that is current."""
        index = self.model.index(max(self.table.currentIndex().row(), 0), _YEAR)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.table.setCurrentIndex(index)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.table.edit(index)

    def keyPressEvent(self, event: Any) -> None:
        """Enter imports, F2 corrects the year, F3 says that all was seen, wherever the focus is."""
        if event.key() in ENTER_KEYS:
            self._accept()
            event.accept()
            return
        if event.key() == Qt.Key.Key_F2:
            self.edit_year()
        elif event.key() == Qt.Key.Key_F3:
            self.seen_box.toggle()
        super().keyPressEvent(event)

    def _accept(self) -> None:
        if self.isHidden():
            return
        self.was_accepted = True
        self.dismiss()
        self._accepted(dict(self.model.years), self.seen_box.isChecked())
