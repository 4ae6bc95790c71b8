"""When a library synchronises by itself: after a change, as the window loses or gets the focus, and by the clock."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from reader.domain.changes import Change
from reader.domain.sync_reports import SyncStatus
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.sync.syncing import Syncing
from reader.ui.sync.watching import FolderWatch

OUT_AFTER_MS = 5_000
EVERY_MS = 60_000
EVERY_REMOTE_MS = 120_000
FIRST_AFTER_MS = 1_000
"""Launching, and the first look at the papers, go before."""
LEAST_BETWEEN_SECONDS = 2.0
"""Between a run and another one because the window has the focus again."""


class SyncTimer(QObject):
    """Asks for runs; they happen one at a time, beside everything else."""

    def __init__(self, workspace: Workspace, syncing: Syncing, window: QWidget) -> None:
        """Nothing happens before :meth:`start`."""
        super().__init__(workspace)
        self._syncing, self._window = syncing, window
        self._ran = 0.0
        self._watch: FolderWatch | None = None
        self._out = make_timer(self, self._send, OUT_AFTER_MS)
        self._every = make_timer(self, syncing.run, EVERY_MS, repeats=True)
        self._first = make_timer(self, syncing.run, FIRST_AFTER_MS)
        self._is_started = False
        syncing.ended.connect(self._ended)
        workspace.changes_of().connect(self._changed)

    def start(self, status: SyncStatus) -> None:
        """Ask from now on; a folder is watched, an address asked now and then."""
        self.stop()
        self._is_started = True
        self._every.start(EVERY_REMOTE_MS if status.is_remote else EVERY_MS)
        self._first.start()
        self._window.installEventFilter(self)
        if not status.is_remote:
            self._watch = FolderWatch(status.target, status.device, self)
            self._watch.arrived.connect(self._arrived)
            self._watch.start()

    def stop(self) -> None:
        """Ask no more."""
        self._is_started = False
        for timer in (self._out, self._every, self._first):
            timer.stop()
        self._window.removeEventFilter(self)
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Send as the user turns to another window, where what was changed may be looked for; look on coming back."""
        if event.type() == QEvent.Type.WindowDeactivate and self._out.isActive():
            self._send()
        elif event.type() == QEvent.Type.WindowActivate and time.monotonic() - self._ran >= LEAST_BETWEEN_SECONDS:
            self._syncing.run()
        return False

    def _changed(self, change: Change) -> None:
        """Something may be to be sent, unless it just came in; many changes in a row make few runs."""
        if self._is_started and not self._syncing.is_announcing:
            self._syncing.note_change()
            if not self._out.isActive():
                self._out.start()

    def _send(self) -> None:
        self._out.stop()
        self._syncing.run(out_only=True)

    def _arrived(self) -> None:
        """Files came into the folder."""
        self._syncing.run()

    def _ended(self) -> None:
        """The folder may be there again."""
        self._ran = time.monotonic()
        if self._watch is not None:
            self._watch.start()
