"""Work off the GUI thread: one library thread for what writes, a few readers beside it.

Results come back by a signal of one QObject born on the GUI thread, whose slot then calls what was asked for; a
worker never touches a widget. A job's callbacks must be bound methods (or partials of them) of objects that live as
long as the window. Jobs on the library thread run one after the other, in order; long ones are generators of progress.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

READERS = 2
_PROGRESS_SECONDS = 0.05


class CancelToken:
    """Tells a running job that its result is no longer wanted. Safe from any thread."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        """Not cancelled yet."""
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop; its result is not delivered."""
        self._event.set()

    def cancelled(self) -> bool:
        """Whether to stop."""
        return self._event.is_set()


@dataclass(slots=True)
class _Delivery:
    """A callback to run on the GUI thread; ``token`` mutes it once cancelled, ``last`` ends its job."""

    call: Callable[[Any], None] | None
    value: Any
    token: CancelToken | None
    last: bool


class Tasks(QObject):
    """The threads of one open library. Create it on the GUI thread."""

    _delivered = Signal()
    crashed = Signal(object)
    """An exception that nobody asked to hear of."""
    idle = Signal()
    """No job is left."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Threads start when first used."""
        super().__init__(parent)
        self._library = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._deliveries: deque[_Delivery] = deque()
        self._running = 0
        self._closed = False
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether every job's callback has been called."""
        return self._running == 0

    def read(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
        token: CancelToken | None = None,
    ) -> None:
        """Run ``work`` on a reader thread; a cancelled ``token`` mutes its result."""
        self._submit(self._readers, work, done, failed, token)

    def write(
        self, work: Callable[[], Any], done: Callable[[Any], None], *, failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run ``work`` on the library thread, after what was asked of it before."""
        self._submit(self._library, work, done, failed, None)

    def write_steps(
        self,
        steps: Callable[[], Generator[Any, None, Any]],
        progress: Callable[[Any], None],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a generator on the library thread; ``progress`` gets what it yields, ``done`` what it returns."""
        self._submit(self._library, _Steps(self, steps, progress), done, failed, None)

    def read_steps(
        self,
        steps: Callable[[], Generator[Any, None, Any]],
        progress: Callable[[Any], None],
        done: Callable[[Any], None],
        *,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """The same on a reader thread, for what changes nothing."""
        self._submit(self._readers, _Steps(self, steps, progress), done, failed, None)

    def close(self) -> None:
        """Wait for the running jobs and drop the waiting reads; nothing is delivered any more."""
        self._closed = True
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._library.shutdown(wait=True)
        self._deliveries.clear()
        self._running = 0

    def _submit(
        self,
        executor: Executor,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
        token: CancelToken | None,
    ) -> None:
        if self._closed:
            return
        self._running += 1
        executor.submit(self._run, work, done, failed, token)

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None,
        token: CancelToken | None,
    ) -> None:
        """On a worker thread: do the work and hand over its outcome."""
        if token is not None and token.cancelled():
            self._post(_Delivery(None, None, token, last=True))
            return
        try:
            outcome = _Delivery(done, work(), token, last=True)
        except Exception as error:  # every failure is shown, none may end the thread
            outcome = _Delivery(failed or self.crashed.emit, error, token, last=True)
        self._post(outcome)

    def _post(self, delivery: _Delivery) -> None:
        """From any thread: queue a callback for the GUI thread."""
        if not self._closed:
            self._deliveries.append(delivery)
            self._delivered.emit()

    @Slot()
    def _deliver(self) -> None:
        """On the GUI thread: call what was handed over, in order."""
        if not self._deliveries:
            return
        delivery = self._deliveries.popleft()
        if delivery.last:
            self._running -= 1
        wanted = delivery.token is None or not delivery.token.cancelled()
        if delivery.call is not None and wanted:
            delivery.call(delivery.value)
        if self._running == 0 and not self._deliveries:
            self.idle.emit()


class _Steps:
    """Runs a generator to its end on the thread it is called on, posting progress not more often than is seen."""

    def __init__(
        self, tasks: Tasks, steps: Callable[[], Generator[Any, None, Any]], progress: Callable[[Any], None]
    ) -> None:
        self._tasks = tasks
        self._steps = steps
        self._progress = progress

    def __call__(self) -> Any:
        generator = self._steps()
        posted = 0.0
        while True:
            try:
                progress = next(generator)
            except StopIteration as end:
                return end.value
            now = time.monotonic()
            if now - posted >= _PROGRESS_SECONDS:
                posted = now
                self._tasks._post(_Delivery(self._progress, progress, None, last=False))
