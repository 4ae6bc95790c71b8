"""Python's cycle collector, kept on the GUI thread.

The collector runs on whichever thread happens to allocate. On a worker it may find a widget in a cycle and destroy it
there, which Qt answers with a crash. So it is switched off and run from a timer instead; what is not in a cycle is
freed by reference counts as always.
"""

from __future__ import annotations

import gc
import linecache
import time

from PySide6.QtCore import QObject

from reader.ui.app.timers import make_timer

# Often, so that little has been made since: one round must stay well below the time in which a key is answered.
_INTERVAL_MS = 100
_YOUNG_LIMIT = 3_000
_OLD_ROUNDS = 50
_QUIET_ROUNDS = 150
_QUIET_SECONDS = 0.002
"""What the thread works in a round while nobody is using the window: a blinking cursor, a line of progress."""


class CycleCollector(QObject):
    """Collects cycles on the thread it was made on.

    The young ones often; those that stayed since it last looked now and then; and all that there is, which may take
    longer than a key, only once nothing has happened for a quarter of a minute.
    """

    def __init__(self, parent: QObject) -> None:
        """Switches the automatic collector off until :meth:`stop`."""
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._rounds = self._quiet = 0
        self._worked = 0.0
        self._is_all_due = False
        gc.disable()
        self._look_through()
        self._timer = make_timer(self, self._collect, _INTERVAL_MS, repeats=True)
        self._timer.start()

    def stop(self) -> None:
        """Leave collecting as it was found: to Python, unless another of these still runs."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _collect(self) -> None:
        self._rounds += 1
        worked = time.thread_time()
        self._quiet = self._quiet + 1 if worked - self._worked < _QUIET_SECONDS else 0
        if self._rounds % _OLD_ROUNDS == 0:
            self._look_through()
            self._is_all_due |= self._quiet < _OLD_ROUNDS
        elif self._is_all_due and self._quiet >= _QUIET_ROUNDS:
            gc.unfreeze()
            self._look_through()
            self._is_all_due = False
        elif gc.get_count()[0] >= _YOUNG_LIMIT:
            gc.collect(1)
        self._worked = time.thread_time()

    def _look_through(self) -> None:
        """Collect; what stays is left out from now on, for a long time as a rule."""
        # PySide reads the source of each module that is imported, and Python keeps it: 12 MB after start-up.
        linecache.clearcache()
        gc.collect()
        gc.freeze()
