"""What later starts hand over, passed on to the window that has the library open."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QThread, Signal

Taken = Callable[[Sequence[Path], str], None]


class FileReceiver(QObject):
    """Takes files on any thread and imports them on the GUI thread, on which it has to be made."""

    _asked = Signal(object, object, str)

    def __init__(self, taken: Taken, parent: QObject) -> None:
        """``taken`` is called on the GUI thread with files to import and the token to come to the front with."""
        super().__init__(parent)
        self._taken = taken
        self._lock = threading.Lock()
        self._waiting: set[Future[None]] = set()
        self._is_closed = False
        self._asked.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def take(self, files: Sequence[Path], activation: str) -> bool:
        """Have files imported; returns once the window has them, or False where it is too late for that."""
        if QThread.currentThread() is self.thread():
            self._taken(files, activation)
            return True
        future: Future[None] = Future()
        with self._lock:
            if self._is_closed:
                return False
            self._waiting.add(future)
        self._asked.emit(future, files, activation)
        try:
            with suppress(Exception):  # which the GUI thread has shown
                future.exception()
            return not future.cancelled()
        finally:
            with self._lock:
                self._waiting.discard(future)

    def close(self) -> None:
        """Take nothing more; who waits hears that it is too late."""
        with self._lock:
            self._is_closed = True
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.cancel()

    def _pass_on(self, future: Future[None], files: Sequence[Path], activation: str) -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            self._taken(files, activation)
        finally:
            future.set_result(None)
