"""Work off the GUI thread: one library thread for what writes, a few readers beside it, one that waits for a network.

Another one synchronises. No thread begins before it is first asked for something.

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
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

READERS = 2
_PROGRESS_SECONDS = 0.05


Work = Callable[[], Any]
"""What runs on a thread."""
Steps = Callable[[], Generator[Any, None, Any]]
"""What runs on a thread step by step: it yields its progress and returns its outcome."""
Done = Callable[[Any], None]
"""What gets an outcome, or progress, on the GUI thread."""
Reporting = Callable[[Done], Any]
"""What runs on a thread and tells its progress to the function that it is given."""
Failed = Callable[[Exception], None]
"""What gets an exception on the GUI thread."""


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


_Read = tuple[Executor, Work, Done, Failed | None, CancelToken | None]


@dataclass(slots=True)
class _Delivery:
    """A callback to run on the GUI thread; ``token`` mutes it once cancelled."""

    call: Done | None
    value: Any
    token: CancelToken | None = None
    ends_job: bool = False
    is_read: bool = False


@dataclass(slots=True)
class _Steps:
    """A generator on its way through the library thread; ``told`` is when progress was last handed over."""

    steps: Steps
    progress: Done
    done: Done
    failed: Failed | None
    gives_way: bool
    generator: Generator[Any, None, Any] | None = None
    told: float = 0.0


def ignore(outcome: object) -> None:
    """Do nothing with an outcome that nobody waits for."""


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
        self._network = ThreadPoolExecutor(1, thread_name_prefix="network")
        self._sync = ThreadPoolExecutor(1, thread_name_prefix="sync")
        self._deliveries: deque[_Delivery] = deque()
        self._running = self._reading = 0
        self._held: deque[_Read] | None = None
        self._alone: Callable[[], None] | None = None
        self._closed = False
        self._delivered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether every job's callback has been called."""
        return self._running == 0

    def read(
        self,
        work: Work,
        done: Done,
        *,
        failed: Failed | None = None,
        token: CancelToken | None = None,
    ) -> None:
        """Run ``work`` on a reader thread; a cancelled ``token`` mutes its result."""
        self._submit(self._readers, work, done, failed, token)

    def read_steps(
        self,
        steps: Steps,
        progress: Done,
        done: Done,
        *,
        failed: Failed | None = None,
        token: CancelToken | None = None,
    ) -> None:
        """Run a generator on a reader thread to its end; ``progress`` gets what it yields, ``done`` what it returns.

        A cancelled ``token`` mutes it, and stops it at its next step; so does :meth:`close`.
        """
        self.read(partial(self._step_through, steps, progress, token), done, failed=failed, token=token)

    def fetch_steps(
        self,
        steps: Steps,
        progress: Done,
        done: Done,
        *,
        failed: Failed,
    ) -> None:
        """Run a generator as :meth:`read_steps` does, on the thread of what waits for a network.

        So neither readers nor the library thread wait for a server. It may write: the library has its writes wait for
        each other.
        """
        self._submit(self._network, partial(self._step_through, steps, progress, None), done, failed, None)

    def sync(
        self, work: Reporting, done: Done, *, progress: Done = ignore, failed: Failed, token: CancelToken | None = None
    ) -> None:
        """Run ``work`` on the thread of what synchronises, which may wait for a folder on a network; ``progress`` gets
        what it tells.

        So neither readers nor the library thread wait for that. It may write: the library has its writes wait for each
        other. A cancelled ``token`` mutes it; to stop is its own task.
        """
        self._submit(self._sync, partial(work, _Throttle(self, progress, token)), done, failed, token)

    def write(self, work: Work, done: Done, *, failed: Failed | None = None) -> None:
        """Run ``work`` on the library thread, after what was asked of it before."""
        self._submit(self._library, work, done, failed, None)

    def write_alone(self, work: Work, done: Done, *, failed: Failed) -> None:
        """Run ``work`` on the library thread while no reader runs; reads asked for meanwhile follow when it is over."""
        if self._held is None and not self._closed:
            self._held = deque()
            self._alone = partial(self.write, work, partial(self._let_go, done), failed=partial(self._let_go, failed))
            self._start_alone()

    def write_steps(
        self,
        steps: Steps,
        progress: Done,
        done: Done,
        *,
        failed: Failed | None = None,
        gives_way: bool = False,
    ) -> None:
        """Run a generator on the library thread; ``progress`` gets what it yields, ``done`` what it returns.

        With ``gives_way`` other jobs have their turn between its steps, so that a star does not wait for an import
        of a thousand files; only for a generator that holds no transaction open while it yields.
        """
        if not self._closed:
            self._running += 1
            self._library.submit(self._run_steps, _Steps(steps, progress, done, failed, gives_way))

    @property
    def is_alone(self) -> bool:
        """Whether some work runs alone, or waits until it may."""
        return self._held is not None

    def close(self) -> None:
        """Wait for the running jobs and drop the waiting reads; nothing is delivered any more."""
        self._closed = True
        for executor in (self._readers, self._network, self._sync):
            executor.shutdown(wait=True, cancel_futures=True)
        self._library.shutdown(wait=True)
        self._deliveries.clear()
        self._running = 0

    def _submit(
        self,
        executor: Executor,
        work: Work,
        done: Done,
        failed: Failed | None,
        token: CancelToken | None,
    ) -> None:
        if self._closed:
            return
        is_read = executor is not self._library
        if is_read:
            if self._held is not None:
                self._held.append((executor, work, done, failed, token))
                return
            self._reading += 1
        self._running += 1
        executor.submit(self._run, is_read, work, done, failed, token)

    def _start_alone(self) -> None:
        """Begin the work that wants to be alone once no reader runs."""
        if self._alone is not None and self._reading == 0:
            begin, self._alone = self._alone, None
            begin()

    def _let_go(self, call: Done, outcome: Any) -> None:
        """That work is over: tell, and start the reads that waited."""
        held, self._held = self._held, None
        if not is_gone(call):
            call(outcome)
        for executor, work, done, failed, token in held or ():
            self._submit(executor, work, done, failed, token)

    def _run(
        self,
        is_read: bool,
        work: Work,
        done: Done,
        failed: Failed | None,
        token: CancelToken | None,
    ) -> None:
        """On a worker thread: do the work and hand over its outcome."""
        if token is not None and token.cancelled():
            self._post(_Delivery(None, None, token, ends_job=True, is_read=is_read))
            return
        try:
            outcome = _Delivery(done, work(), token, ends_job=True, is_read=is_read)
        except Exception as error:  # every failure is shown, none may end the thread
            outcome = _Delivery(failed or self.crashed.emit, error, token, ends_job=True, is_read=is_read)
        self._post(outcome)

    def _step_through(self, steps: Steps, progress: Done, token: CancelToken | None) -> Any:
        """On a worker thread: go through a generator; what it returns, None if it was stopped."""
        told, generator = 0.0, steps()
        try:
            while not self._closed and not (token is not None and token.cancelled()):
                step = next(generator)
                now = time.monotonic()
                if now - told >= _PROGRESS_SECONDS:
                    told = now
                    self._post(_Delivery(progress, step, token))
        except StopIteration as end:
            return end.value
        generator.close()
        return None

    def _run_steps(self, job: _Steps) -> None:
        """On the library thread: go on with a generator until it ends or gives way."""
        try:
            if job.generator is None:
                job.generator = job.steps()
            while True:
                progress = next(job.generator)
                now = time.monotonic()
                if now - job.told >= _PROGRESS_SECONDS:
                    job.told = now
                    self._post(_Delivery(job.progress, progress))
                if job.gives_way and not self._closed:
                    self._library.submit(self._run_steps, job)
                    return
        except StopIteration as end:
            self._post(_Delivery(job.done, end.value, ends_job=True))
        except Exception as error:  # every failure is shown, none may end the thread
            self._post(_Delivery(job.failed or self.crashed.emit, error, ends_job=True))

    def post_progress(self, progress: Done, step: Any, token: CancelToken | None) -> None:
        """From any thread: have ``progress`` called on the GUI thread."""
        self._post(_Delivery(progress, step, token))

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
        if delivery.ends_job:
            self._running -= 1
            self._reading -= delivery.is_read
            self._start_alone()
        wanted = delivery.token is None or not delivery.token.cancelled()
        # What was written is told to all, even if its asker is gone, and then passed on to nobody.
        if delivery.call is not None and wanted and not is_gone(delivery.call, or_passes_on=delivery.is_read):
            delivery.call(delivery.value)
        if self._running == 0 and not self._deliveries:
            self.idle.emit()


def is_gone(call: Any, *, or_passes_on: bool = True) -> bool:
    """Whether a callback belongs to what Qt deleted meanwhile, such as an overlay that was left before its answer came.

    With ``or_passes_on`` also whether it is to pass its answer on to such a one.
    """
    if isinstance(call, partial):
        passes_on = or_passes_on and any(map(is_gone, call.args))
        return passes_on or is_gone(call.func, or_passes_on=or_passes_on)
    owner = getattr(call, "__self__", None)
    return isinstance(owner, QObject) and not isValid(owner)


class _Throttle:
    """On a worker thread: hands progress over, no oftener than anybody could see."""

    def __init__(self, tasks: Tasks, progress: Done, token: CancelToken | None) -> None:
        self._tasks, self._progress, self._token = tasks, progress, token
        self._told = 0.0

    def __call__(self, step: Any) -> None:
        """Hand over how far the work is."""
        now = time.monotonic()
        if now - self._told >= _PROGRESS_SECONDS:
            self._told = now
            self._tasks.post_progress(self._progress, step, self._token)
