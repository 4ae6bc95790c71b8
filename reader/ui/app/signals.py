"""Ending on the system's request: Ctrl+C in the terminal, a log-out, ``kill``.

Python runs its signal handlers between its own instructions only, and Qt's event loop lets none happen; so the signal
is let write a byte that the event loop notices (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd).
"""

from __future__ import annotations

import contextlib
import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""Asked by hand, by the system, and by the terminal that goes (which Windows tells otherwise)."""


class Interrupts(QObject):
    """Closes the windows, so that everything is saved, when the process is asked to end."""

    def __init__(self, application: QApplication) -> None:
        """Listen from now on; to be made on the main thread."""
        super().__init__(application)
        self._application = application
        self._inside, self._outside = socket.socketpair()
        for end in (self._inside, self._outside):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._inside.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._close_windows)
        self._before = {number: signal.signal(number, self._handle) for number in _ENDING}
        self._wakeup_before = signal.set_wakeup_fd(self._outside.fileno(), warn_on_full_buffer=False)

    def stop(self) -> None:
        """Leave the signals to whom they belonged before."""
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._inside.close()
        self._outside.close()

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """Nothing: the byte that was written does it."""

    def _close_windows(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._inside.recv(64)
        self._application.closeAllWindows()
