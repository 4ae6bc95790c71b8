"""Going back to a backup."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reader.ui.choosers import FileChooser
from reader.ui.overlays.restore import RestoreSheet
from reader.ui.status_line import StatusLine
from reader.ui.wording import counted
from reader.ui.workspace import Workspace


class Restoring(QObject):
    """Offers the library's backups and restores one."""

    restored = Signal()
    """The library holds something else now; everything shown is to be read again."""

    def __init__(self, workspace: Workspace, window: QWidget, status: StatusLine, chooser: FileChooser) -> None:
        """The sheet opens over ``window``."""
        super().__init__(workspace)
        self._workspace = workspace
        self._window = window
        self._status = status
        self._chooser = chooser

    def open(self) -> None:
        """Look for backups and let the user choose."""
        self._workspace.tasks.read(self._workspace.library.backups, self._offer)

    def _offer(self, backups: list) -> None:
        labels = [
            f"{backup.time.astimezone():%Y-%m-%d %H:%M}   {counted(backup.paper_count, 'paper')}" for backup in backups
        ]
        RestoreSheet(self._window, backups, labels, chosen=self._restore, choose_file=self._choose_file)

    def _choose_file(self) -> Path | None:
        return self._chooser.backup_file(self._window, self._workspace.library.folder)

    def _restore(self, path: Path) -> None:
        self._status.begin_work("Restoring…", None)
        restore = partial(self._workspace.library.restore, path)
        self._workspace.tasks.write(restore, self._restored, failed=self._failed)

    def _restored(self, _: object) -> None:
        self._status.end_work()
        self._workspace.said.emit("Restored; what was there before is kept aside in the library’s folder")
        self.restored.emit()

    def _failed(self, error: Exception) -> None:
        self._status.end_work()
        self._workspace.report_failure(error)
