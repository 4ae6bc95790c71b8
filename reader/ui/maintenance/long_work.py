"""Work that takes long, beside reading and deciding: shown where all long work is, with a way to stop it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from reader.domain.cancellation import Cancelled
from reader.domain.errors import WorkCancelledError
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.shell.status_line import StatusLine

_LOOK_AGAIN_MS = 400


class Work(Protocol):
    """Something to do off the GUI thread; it asks ``cancelled`` now and then whether to stop."""

    def __call__(self, *, cancelled: Cancelled) -> Any:
        """Do it; returns what whoever asked for it wants to know."""


Steps = Callable[[Callable[[], bool]], Generator[Any, None, Any]]
"""Work in steps that report progress; it is given the question whether to stop."""


class LongWork(QObject):
    """One piece of long work at a time. An import goes first in the place where work is shown."""

    ended = Signal()
    """Nothing is going on any more."""

    def __init__(self, workspace: Workspace, status: StatusLine, is_importing: Callable[[], bool]) -> None:
        """Nothing is going on."""
        super().__init__(workspace)
        self._workspace = workspace
        self._status = status
        self._is_importing = is_importing
        self._token = CancelToken()
        self._text = ""
        self._look_again = make_timer(self, self._show, _LOOK_AGAIN_MS, repeats=True)

    @property
    def is_running(self) -> bool:
        """Whether something is going on."""
        return bool(self._text)

    def begin(self, text: str, work: Work, done: Callable[[Any], None], *, changes_library: bool = False) -> None:
        """Do ``work`` and call ``done`` with what it returns; ``text`` says meanwhile what is going on.

        What ``changes_library`` runs on the library thread, the rest beside it.
        """
        if not self._has_begun(text):
            return
        tasks = self._workspace.tasks
        begin = tasks.write if changes_library else tasks.read
        begin(partial(work, cancelled=self._token.cancelled), partial(self._done, done), failed=self._failed)

    def begin_steps(
        self, text: str, steps: Steps, shown: Callable[[Any], tuple[str, int, int]], done: Callable[[Any], None]
    ) -> None:
        """The same for work in steps; ``shown`` turns their progress into a text, what is done, and the total."""
        if not self._has_begun(text):
            return
        run = partial(steps, self._token.cancelled)
        progress = partial(self._show_progress, shown)
        self._workspace.tasks.read_steps(run, progress, partial(self._done, done), failed=self._failed)

    def _has_begun(self, text: str) -> bool:
        """Show that something is going on; False, and say so, while something else is."""
        if self._text:
            self._workspace.said.emit(f"{self._text} It has to end, or be cancelled, first.")
            return False
        self._text, self._token = text, CancelToken()
        self._show()
        self._look_again.start()
        return True

    def cancel(self) -> None:
        """Stop what is going on, if anything is."""
        self._token.cancel()

    def _show(self) -> None:
        """Show the work where nothing else is shown; an import may have begun, or ended, meanwhile."""
        if self._text and not self._status.is_working:
            self._status.begin_work(self._text, self.cancel)

    def _show_progress(self, shown: Callable[[Any], tuple[str, int, int]], progress: Any) -> None:
        """Show how far the work is, unless an import is shown, or it is being stopped."""
        if self._text and not self._is_importing() and not self._token.cancelled():
            self._text, done, total = shown(progress)
            self._status.show_work(self._text, done, total)

    def _done(self, done: Callable[[Any], None], outcome: Any) -> None:
        self._end()
        done(outcome)

    def _failed(self, error: Exception) -> None:
        self._end()
        if isinstance(error, WorkCancelledError):
            self._workspace.said.emit(str(error))
        else:
            self._workspace.report_failure(error)

    def _end(self) -> None:
        self._text = ""
        self._look_again.stop()
        if not self._is_importing():
            self._status.end_work()
        self.ended.emit()
