"""The choice of a backup to go back to, with a preview of what that would change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from reader.domain.backups import Backup, BackupKind, RestorePreview
from reader.domain.errors import ReaderError
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.timers import make_timer
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.look.labels import button, plain_label, read_only_text, row_of
from reader.ui.look.wording import counted
from reader.ui.overlays.overlay import Overlay

_LOOK_AFTER_MS = 120
_NAME_LIMIT = 60
_KINDS = {
    BackupKind.MANUAL: "by hand",
    BackupKind.DAILY: "daily",
    BackupKind.ANNOTATIONS: "annotations only",
    BackupKind.BEFORE_MIGRATION: "before an update",
    BackupKind.BEFORE_RESTORE: "before a restore",
    BackupKind.BEFORE_DELETION: "before a deletion",
    BackupKind.BEFORE_REPAIR: "before a repair",
}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What restoring the marked backup means, in the sheet's words."""

    heading: str
    words: str
    preview: str


_GOES_BACK = _Meaning(
    "Go back to a backup",
    "The library as it is now is backed up first, so nothing is lost.",
    "What would change",
)
_MERGES = _Meaning(
    "Add annotations from a backup",
    "What the library lacks is added, as one step that can be undone. Nothing is removed.",
    "What would be added",
)
_NO_BACKUPS = "This library has no backups yet. Choose a backup file from elsewhere."
AskPreview = Callable[[Path, Callable[[RestorePreview], None], Callable[[Exception], None]], None]


class RestoreSheet(Overlay):
    """Lists the backups, newest first, and says of the marked one how it differs; a file from elsewhere joins them."""

    def __init__(
        self,
        window: QWidget,
        backups: Sequence[Backup],
        *,
        chosen: Callable[[Path], None],
        choose_file: Callable[[], Path | None],
        ask_preview: AskPreview,
    ) -> None:
        """``ask_preview`` finds out how a backup differs, beside everything else. Opens at once.

        It is to call back no more once another one was asked about, or the sheet is closed.
        """
        super().__init__(window, "Restore", width=720, height=520)
        self._paths = [backup.path for backup in backups]
        self._chosen = chosen
        self._choose_file = choose_file
        self._ask_preview = ask_preview
        self._looks_soon = make_timer(self, self._look, _LOOK_AFTER_MS)
        self._merging = {backup.path for backup in backups if backup.kind is BackupKind.ANNOTATIONS}
        self.heading = self.add_heading("")
        self.words = self.add_words(_NO_BACKUPS)
        self._labels = QStringListModel([_label(backup) for backup in backups], self)
        self.list = self._make_list()
        self.preview_title = plain_label("", quiet=True)
        self.preview = read_only_text("What this would change")
        self.file_button = button("Choose a file…", self._from_file)
        self.restore_button = button("Restore", self._accept, primary=True)
        self.restore_button.setEnabled(bool(self._paths))
        self.content.addWidget(self.list, 3)
        self.content.addWidget(self.preview_title)
        self.content.addWidget(self.preview, 2)
        self.content.addLayout(row_of(self.file_button, None, self.restore_button))
        self._show_meaning()
        self.open(self.list if backups else self.file_button)
        self._mark(0)

    def _make_list(self) -> QListView:
        view = QListView()
        view.setAccessibleName("Backups")
        view.setModel(self._labels)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setUniformItemSizes(True)
        view.doubleClicked.connect(self._accept)
        view.selectionModel().currentChanged.connect(self._marked)
        return view

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter restores what is marked."""
        if event.key() in ENTER_KEYS and self.list.hasFocus():
            self._accept()
        super().keyPressEvent(event)

    def _marked_path(self) -> Path | None:
        row = self.list.currentIndex().row()
        return self._paths[row] if 0 <= row < len(self._paths) else None

    def _mark(self, row: int) -> None:
        if self._paths:
            self.list.setCurrentIndex(self._labels.index(row, 0))

    def _show_meaning(self) -> None:
        """Say what restoring the marked backup means."""
        meaning = _MERGES if self._marked_path() in self._merging else _GOES_BACK
        self.heading.setText(meaning.heading)
        self.words.setText(meaning.words if self._paths else _NO_BACKUPS)
        self.preview_title.setText(meaning.preview)
        self.preview.setAccessibleName(meaning.preview)

    def _marked(self) -> None:
        self._show_meaning()
        self.restore_button.setEnabled(True)
        self.preview.setPlainText("Comparing…")
        self._looks_soon.start()

    def _look(self) -> None:
        """Ask about the marked backup."""
        path = self._marked_path()
        if path is not None:
            self._ask_preview(path, partial(self._show, path), partial(self._fail, path))

    def _show(self, path: Path, preview: RestorePreview) -> None:
        # Only now: what it imports knows all formats, which takes longer than opening the window may.
        from reader.services.reports.maintenance import preview_as_text

        if preview.merges:
            self._merging.add(path)
        self._show_meaning()
        self._answer(path, preview_as_text(preview), can_restore=True)

    def _fail(self, path: Path, error: Exception) -> None:
        sentence = (
            str(error) if isinstance(error, ReaderError) else "The backup could not be compared with the library."
        )
        self._answer(path, sentence, can_restore=not isinstance(error, ReaderError))

    def _answer(self, path: Path, text: str, *, can_restore: bool) -> None:
        if path == self._marked_path():
            self.preview.setPlainText(text)
            self.restore_button.setEnabled(can_restore)

    def _accept(self) -> None:
        path = self._marked_path()
        if path is not None and self.restore_button.isEnabled():
            self.dismiss()
            self._chosen(path)

    def _from_file(self) -> None:
        """Put a file from elsewhere at the top of the list, where it can be looked at first."""
        path = self._choose_file()
        if path is None:
            return
        self._paths.insert(0, path)
        self._labels.insertRow(0)
        self._labels.setData(self._labels.index(0, 0), shown_line(path.name, _NAME_LIMIT))
        self._mark(0)
        self._marked()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)


def _label(backup: Backup) -> str:
    """When a backup was made, of what, and why."""
    size = f"{backup.size / 1e6:,.1f} MB"
    parts = (_when(backup.time), counted(backup.paper_count, "paper"), size, _KINDS[backup.kind])
    return "   ".join(parts)


def _when(time: datetime) -> str:
    """A moment where the user is, with how long ago it was in days."""
    days = (datetime.now(UTC).astimezone().date() - time.astimezone().date()).days
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago" if days > 1 else "")
    return f"{time.astimezone():%Y-%m-%d %H:%M}{f'  ({ago})' if ago else ''}"
