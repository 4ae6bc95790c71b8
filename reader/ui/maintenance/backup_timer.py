"""Automatic backups, as they become due while the window is open, and once more at its end."""

from __future__ import annotations

import logging
from functools import partial

from PySide6.QtCore import QObject

from reader.domain.backups import Backup
from reader.domain.errors import ReaderError, WorkCancelledError
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace

_LOG = logging.getLogger(__name__)
EVERY_MS = 60_000


class BackupTimer(QObject):
    """Checks about every minute whether a backup is due.

    A backup reads the database through a connection of its own, so it is made beside the library thread: a star does
    not wait for the copy of a large library.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Nothing happens before :meth:`start`."""
        super().__init__(workspace)
        self._workspace = workspace
        self._token = CancelToken()
        self._is_running = self._is_closed = False
        self._last_failure = ""
        self._timer = make_timer(self, self.look, EVERY_MS, repeats=True)

    def start(self) -> None:
        """Check from now on."""
        self._timer.start()

    def stop(self) -> None:
        """Make no more: backups of a damaged library are worth nothing, and would take the place of better ones."""
        self._is_closed = True
        self._timer.stop()
        self._token.cancel()

    def look(self) -> None:
        """Make the backups that are due now, unless some are being made."""
        if self._is_running or self._workspace.tasks.is_alone:
            return
        self._is_running = True
        make = partial(self._workspace.library.backups.make_due, cancelled=self._token.cancelled)
        self._workspace.tasks.read(make, self._made, failed=self._failed)

    def close(self) -> None:
        """Cancel the backup being made, and make what is due at the end; nothing where it never started."""
        if not self._timer.isActive() or self._is_closed:
            return
        self._is_closed = True
        self._timer.stop()
        self._token.cancel()
        # On the library thread, after the last note was saved; the end waits for that thread anyway.
        self._workspace.tasks.write(self._make_last, self._made, failed=self._failed)

    def _make_last(self) -> list[Backup]:
        try:
            return self._workspace.library.backups.make_due(closing=True)
        except ReaderError as error:
            _LOG.warning("no backup at the end: %s", type(error).__name__)
            return []

    def _made(self, backups: list[Backup]) -> None:
        self._is_running = False
        self._last_failure = ""

    def _failed(self, error: Exception) -> None:
        """Report a failure once, though the backup is tried again every minute."""
        self._is_running = False
        if isinstance(error, WorkCancelledError) or str(error) == self._last_failure:
            return
        self._last_failure = str(error)
        self._workspace.report_failure(error)
