"""One run of synchronising after the other, on a thread of its own, and how things stand after each."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from reader.domain.changes import Change
from reader.domain.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    ReaderError,
    SyncTargetMissingError,
    WorkCancelledError,
)
from reader.domain.sync_reports import SyncProgress, SyncReport, SyncStatus
from reader.services import Library
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.sync.wording import report_words

_LAST_SECONDS = 2.0
"""What the last run may take: the window is gone by then, but its process is not."""
_STATUS_AFTER_MS = 1_000
MUCH_TO_READ = 40_000
"""The bytes of others' new files, without the contents of papers, that take about a second: 2,000 papers' writes."""
MUCH_TO_SEND = 5_000
"""The changes that take about as long."""


class Syncing(QObject):
    """Runs, one at a time; what is asked for meanwhile makes one more. What comes in is announced."""

    changed = Signal()
    """A run began, got further or ended, or the status was read."""
    ended = Signal()
    """A run is over, whatever came of it."""
    left = Signal()
    """The library is not synchronised any more."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing happens before :meth:`start`."""
        super().__init__(workspace)
        self._workspace, self._library = workspace, workspace.library
        self._token = CancelToken()
        self._over = threading.Event()
        self._over.set()
        self._is_started = self._is_announcing = False
        self._wanted: bool | None = None
        self._told: Callable[[str], object] | None = None
        self._status_soon = make_timer(self, self.read_status, _STATUS_AFTER_MS)
        self.status: SyncStatus | None = None
        """How things stood when last looked; None before that."""
        self.progress: SyncProgress | None = None
        """How far the run is; None while there is none."""
        self.is_running = self.is_missing = False
        self.trouble = ""
        """What kept the last run from its end, in a sentence."""

    def start(self, status: SyncStatus) -> None:
        """Run when asked from now on."""
        self.status, self._is_started = status, True
        self.is_missing, self.trouble = False, status.trouble
        self.changed.emit()

    def stop(self) -> None:
        """Run no more: what runs is cancelled."""
        self._is_started, self._wanted, self.status = False, None, None
        self._status_soon.stop()
        self._token.cancel()

    @property
    def is_announcing(self) -> bool:
        """Whether a change that is just told came in by a run."""
        return self._is_announcing

    def run(self, *, out_only: bool = False, told: Callable[[str], object] | None = None) -> None:
        """Run now, or once more after what runs; ``told`` gets what came of it, in a sentence, for who asked."""
        self._told = told or self._told
        if not self._is_started:
            return
        if self.is_running or self._workspace.tasks.is_alone:
            self._wanted = out_only and self._wanted is not False
            return
        self._wanted = None
        self.is_running, self._token = True, CancelToken()
        self._over.clear()
        run = _run_by_child if self._is_much(out_only) else partial(_run, out_only)
        work = partial(run, self._library, self._token, self._over)
        self._workspace.tasks.sync(work, self._done, progress=self._show_progress, failed=self._failed)
        self.changed.emit()

    def _is_much(self, out_only: bool) -> bool:
        """Whether it is the first run, or much is to be sent: work that would be felt in the window."""
        status = self.status
        if status is None or self.is_missing:
            return False
        return (status.last is None and not out_only) or status.pending_out > MUCH_TO_SEND

    def cancel(self) -> None:
        """Stop what runs; what was sent and received stays."""
        self._token.cancel()

    def note_change(self) -> None:
        """Something is to be sent: see soon how much."""
        self._status_soon.start()

    def read_status(self) -> None:
        """Look how things stand."""
        if self._is_started:
            self._workspace.tasks.read(self._library.sync.status, self._status_read)

    def run_last(self) -> None:
        """The window closes: send what is not sent, on the library thread, after what that still has to write."""
        if self._is_started:
            self.stop()
            send = partial(_run_last, self._library, self._over)
            self._workspace.tasks.write(send, self._last_done)

    def _last_done(self, _: object) -> None:
        """Nobody is there to be told."""

    def _show_progress(self, progress: SyncProgress) -> None:
        if self.is_running:
            self.progress = progress
            self.changed.emit()

    def _status_read(self, status: SyncStatus | None) -> None:
        if not self._is_started:
            return
        if status is None:
            self.stop()
            self.left.emit()
        else:
            self.status = status
            self.changed.emit()

    def _done(self, outcome: tuple[SyncReport, SyncStatus | None]) -> None:
        report, status = outcome
        self.is_missing, self.trouble = False, " ".join(report.troubles)
        if report.change:
            self._is_announcing = True
            self._workspace.announce(report.change)
            self._is_announcing = False
        self._end(report)
        self._status_read(status)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, LibraryDamagedError) or not isinstance(error, ReaderError):
            self._workspace.report_failure(error)
        elif not isinstance(error, LibraryBusyError | WorkCancelledError):  # or another process is at it just now
            self.is_missing, self.trouble = isinstance(error, SyncTargetMissingError), str(error)
        self._end(error)
        self.read_status()

    def _end(self, came: SyncReport | Exception) -> None:
        self.is_running, self.progress = False, None
        told, self._told = self._told, None
        if told is not None:
            told(report_words(came) if isinstance(came, SyncReport) else str(came))
        self.changed.emit()
        self.ended.emit()
        if self._wanted is not None:
            self.run(out_only=self._wanted)


def _run(
    out_only: bool, library: Library, token: CancelToken, over: threading.Event, report: Callable[[SyncProgress], Any]
) -> tuple[SyncReport, SyncStatus | None]:
    """On the thread of what synchronises."""
    from reader.services.sync.run import MuchToReadError

    try:
        done = library.sync.run(report, token.cancelled, out_only=out_only, most=MUCH_TO_READ)
        return done, library.sync.status()
    except MuchToReadError:
        return _run_by_child(library, token, over, report)
    finally:
        over.set()


def _run_by_child(
    library: Library, token: CancelToken, over: threading.Event, report: Callable[[SyncProgress], Any]
) -> tuple[SyncReport, SyncStatus | None]:
    """The same where much is to be done, as in the first run: by a child, whose changes come as others' news."""
    from reader.services.sync.child import run_in_child

    try:
        done = run_in_child(library.folder, report, token.cancelled)
        return replace(done, change=Change()), library.sync.status()
    finally:
        over.set()


def _run_last(library: Library, over: threading.Event) -> None:
    """On the library thread: what cannot be sent now is sent the next time."""
    until = time.monotonic() + _LAST_SECONDS
    if over.wait(_LAST_SECONDS):
        with suppress(ReaderError):
            status = library.sync.status()
            if status is None or not status.pending_out:
                return
            library.sync.run(_untold, lambda: time.monotonic() > until, out_only=True)


def _untold(progress: SyncProgress) -> None:
    """Nobody sees how far it is."""
