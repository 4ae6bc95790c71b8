"""Python's cycle collector, kept on the GUI thread.

The collector runs on whichever thread happens to allocate. On a worker it may find a widget in a cycle and destroy it
there, which Qt answers with a crash. So it is switched off and run from a timer instead; what is not in a cycle is
freed by reference counts as always.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

# Often, so that little has been made since: one round must stay well below the time in which a key is answered.
_INTERVAL_MS = 200
_YOUNG_LIMIT = 5_000
_OLD_ROUNDS = 150


class CycleCollector(QObject):
    """Collects cycles on the thread it was made on, the young ones often and the old ones now and then."""

    def __init__(self, parent: QObject) -> None:
        """Switches the automatic collector off; :meth:`stop` switches it on again."""
        super().__init__(parent)
        self._rounds = 0
        gc.disable()
        # What start-up made stays until the end: not to be looked through again and again.
        gc.collect()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def stop(self) -> None:
        """Leave collecting to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        self._rounds += 1
        if self._rounds % _OLD_ROUNDS == 0:
            gc.collect()
        elif gc.get_count()[0] >= _YOUNG_LIMIT:
            gc.collect(1)
