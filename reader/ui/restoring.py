"""Going back to a backup."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader.domain.backups import Backup
from reader.ui.choosers import FileChooser
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.restore import RestoreSheet
from reader.ui.search.indexing import IndexKeeping
from reader.ui.wording import counted
from reader.ui.workspace import Workspace


class Restoring(QObject):
    """Offers the library's backups and restores one."""

    beginning = Signal()
    """Nothing may be read from now on; what is shown has to go."""
    ended = Signal()
    """The library may hold something else now; everything shown is to be read again."""

    def __init__(self, workspace: Workspace, window: QWidget, chooser: FileChooser, indexing: IndexKeeping) -> None:
        """The sheet opens over ``window``; ``indexing`` stands still meanwhile."""
        super().__init__(workspace)
        self._workspace = workspace
        self._window = window
        self._chooser = chooser
        self._indexing = indexing

    def open(self) -> None:
        """Look for backups and let the user choose."""
        self._workspace.tasks.read(self._workspace.library.backups, self._offer)

    def _offer(self, backups: list[Backup]) -> None:
        labels = [
            f"{backup.time.astimezone():%Y-%m-%d %H:%M}   {counted(backup.paper_count, 'paper')}" for backup in backups
        ]
        RestoreSheet(self._window, backups, labels, chosen=self._restore, choose_file=self._choose_file)

    def _choose_file(self) -> Path | None:
        return self._chooser.backup_file(self._window, self._workspace.library.folder)

    def _restore(self, path: Path) -> None:
        """Nothing may read the library meanwhile, not even the lists: so they are emptied and the keys held back."""
        self._cover = Overlay(self._window, "Restoring", width=360, can_be_left=False)
        self._cover.add_heading("Restoring…")
        self._cover.open(self._cover.panel)
        self.beginning.emit()
        self._workspace.tasks.write_alone(partial(self._restore_quietly, path), self._restored, failed=self._failed)

    def _restore_quietly(self, path: Path) -> Backup:
        """On the library thread: restore while the index is left alone, too."""
        self._indexing.hold()
        try:
            return self._workspace.library.restore(path)
        finally:
            self._indexing.go_on()

    def _restored(self, _: object) -> None:
        self._cover.dismiss()
        self._workspace.said.emit("Restored; what was there before is kept among the backups")
        self.ended.emit()

    def _failed(self, error: Exception) -> None:
        self._cover.dismiss()
        self._workspace.report_failure(error)
        self.ended.emit()
