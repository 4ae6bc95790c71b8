"""What later starts and commands ask for, carried out by the window that has the library open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal

from reader.domain.changes import Change, UndoneOperation
from reader.domain.errors import LibraryBusyError
from reader.domain.reports import ImportReport
from reader.services.library.history import shown_step

if TYPE_CHECKING:
    from reader.ui.app.window import MainWindow

Answer = TypeVar("Answer")
TakeFiles = Callable[[Sequence[Path], str], None]


class WindowReceiver(QObject):
    """The :class:`~reader.services.process.ownership.Receiver` of a window. Create it on the GUI thread.

    What changes the library goes to the library thread and never waits for the GUI thread, which may be waiting for it
    at the end. What needs the GUI thread is asked of it, and given up where the window closes.
    """

    _asked = Signal(object)
    _told = Signal(object)

    def __init__(self, window: MainWindow, take_files: TakeFiles) -> None:
        """``take_files`` is called on the GUI thread with files to import and the token to come to the front with."""
        super().__init__(window)
        self._window = window
        self._workspace = window.workspace
        self.library = window.workspace.library
        self._take_files = take_files
        self._lock = threading.Lock()
        self._waiting: set[Future[Any]] = set()
        self._is_closed = False
        self._asked.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def run(self, work: Callable[[], Answer], *, alone: bool = False) -> Answer:
        """On a caller's thread: have some work done on the library thread."""
        if alone:
            outcome: Answer = self._ask(partial(self._run_alone, work))
            return outcome
        answer: Answer = self._workspace.tasks.run(work)
        return answer

    def announce(self, outcome: object) -> None:
        """On a caller's thread: have the window show what was done."""
        self._told.emit(outcome)

    def open_files(self, files: Sequence[Path], activation: str) -> None:
        """On a caller's thread, or on the GUI thread: have files imported; returns once the window has them."""
        if QThread.currentThread() is self.thread():
            self._take_files(files, activation)
        else:
            self._ask(partial(self._take, files, activation))

    def close(self) -> None:
        """Take nothing more; who waits for the GUI thread hears that it is too late."""
        with self._lock:
            self._is_closed = True
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.cancel()

    def _ask(self, act: Callable[[Future[Any]], None]) -> Any:
        """Have the GUI thread begin something, and wait for what comes of it."""
        future: Future[Any] = Future()
        with self._lock:
            if self._is_closed:
                raise LibraryBusyError("The window is just being closed; try again.")
            self._waiting.add(future)
        self._asked.emit(partial(act, future))
        try:
            return future.result()
        except CancelledError as error:
            raise LibraryBusyError("The window is just being closed; try again.") from error
        finally:
            with self._lock:
                self._waiting.discard(future)

    def _begin(self, act: Callable[[], None]) -> None:
        act()

    def _take(self, files: Sequence[Path], activation: str, future: Future[Any]) -> None:
        if future.set_running_or_notify_cancel():
            try:
                self._take_files(files, activation)
                future.set_result(None)
            except Exception as error:
                future.set_exception(error)

    def _run_alone(self, work: Callable[[], Any], future: Future[Any]) -> None:
        if self._workspace.tasks.is_alone:
            future.set_exception(LibraryBusyError("The library is being restored just now; try again."))
            return
        self._window.restoring.run_alone("A command is at work…", partial(_carry_out, work, future), _ignore)

    def _show(self, outcome: object) -> None:
        """Show what was done, of whatever kind it is."""
        if isinstance(outcome, ImportReport):
            if not outcome.dry_run:
                self._window.show_import_of_others(outcome)
            return
        change = _change_in(outcome)
        if change is not None:
            self._workspace.announce(change)
            if isinstance(outcome, UndoneOperation):
                self._window.navigator.follow(outcome.paper_ids, goes_there=False)
            if change.title:
                went_back = "undone or redone, " if isinstance(outcome, UndoneOperation) else ""
                self._workspace.said.emit(f"By a command: {went_back}{shown_step(change.title)}")
        elif outcome is None:
            self._window.indexing.wake()


def _change_in(outcome: object) -> Change | None:
    """The change that an operation's result tells of, where it tells of one."""
    if isinstance(outcome, tuple):
        return next((part for part in outcome if isinstance(part, Change)), None)
    if isinstance(outcome, Change):
        return outcome or None
    if isinstance(outcome, UndoneOperation):
        return outcome.change
    found = getattr(outcome, "change", None)
    return found if isinstance(found, Change) and found else None


def _carry_out(work: Callable[[], Any], future: Future[Any]) -> None:
    """On the library thread: do what is waited for, unless nobody waits any more."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:
        future.set_exception(error)


def _ignore(_: object) -> None:
    """Whoever asked has the outcome; the window shows what came of it."""
