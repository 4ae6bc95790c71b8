"""Restoring a backup, and other work during which nothing may read the library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal

from reader.domain.backups import Backup, RestorePreview
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.maintenance.restore_sheet import RestoreSheet
from reader.ui.overlays.overlay import Overlay
from reader.ui.search.index_keeper import IndexKeeping


class Restoring(Part):
    """Offers the library's backups and restores one."""

    beginning = Signal()
    """Nothing may be read from now on; what is shown has to go."""
    ended = Signal()
    """The library may hold something else now; everything shown is to be read again."""

    def __init__(self, context: Context, indexing: IndexKeeping) -> None:
        """The sheet opens over the context's window; ``indexing`` stands still meanwhile."""
        super().__init__(context)
        self._chooser = context.environment.chooser
        self._indexing = indexing
        self._cover: Overlay | None = None
        self._token = CancelToken()

    def open(self) -> None:
        """List the backups and let the user choose."""
        self._workspace.tasks.read(self._workspace.library.backups.all, self._offer)

    def run_alone(self, words: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Do some work on the library thread while nothing reads the library or its index.

        Not even the lists may read meanwhile: so they are emptied and the keys held back, ``words`` saying why.
        """
        self._cover = Overlay(self._window, words.rstrip("…"), width=360, can_be_left=False)
        self._cover.add_heading(words)
        self._cover.open(self._cover.panel)
        self.beginning.emit()
        self._workspace.tasks.write_alone(
            partial(self._run_quietly, work),
            partial(self._over, done),
            failed=partial(self._over, self._workspace.report_failure),
        )

    def _offer(self, backups: list[Backup]) -> None:
        sheet = RestoreSheet(
            self._window, backups, chosen=self._restore, choose_file=self._choose_file, ask_preview=self._preview
        )
        sheet.closed.connect(self.close)

    def close(self) -> None:
        """Stop finding out what a restore would change."""
        self._token.cancel()

    def _choose_file(self) -> Path | None:
        return self._chooser.backup_file(self._window, self._workspace.library.folder)

    def _preview(self, path: Path, done: Callable[[RestorePreview], None], failed: Callable[[Exception], None]) -> None:
        """Find out how a backup differs from the library; only the last one asked about is of interest."""
        self._token.cancel()
        self._token = CancelToken()
        look = partial(self._workspace.library.backups.preview, path, cancelled=self._token.cancelled)
        self._workspace.tasks.read(look, done, failed=failed, token=self._token)

    def _restore(self, path: Path) -> None:
        self.run_alone("Restoring…", partial(self._workspace.library.backups.restore, path), self._restored)

    def _run_quietly(self, work: Callable[[], Any]) -> Any:
        """On the library thread: work while the index is left alone, too."""
        self._indexing.hold()
        try:
            return work()
        finally:
            self._indexing.go_on()

    def _over(self, tell: Callable[[Any], None], outcome: Any) -> None:
        cover, self._cover = self._cover, None
        if cover is not None:
            cover.dismiss()
        tell(outcome)
        self.ended.emit()

    def _restored(self, _: object) -> None:
        self._say("Restored. The library as it was before is among the backups")
