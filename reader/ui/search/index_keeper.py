"""The search index kept in step with the library, on a thread of its own, while the window is open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from reader.domain.changes import Change, Field
from reader.domain.errors import LibraryBusyError, ReaderError
from reader.domain.reports import IndexProgress
from reader.ui.app.workspace import Workspace

_LOG = logging.getLogger(__name__)
START_SECONDS = 2.0
"""How long after opening the first look is taken: launching goes first."""
QUIET_SECONDS = 1.0
"""How long the library has to be left alone before its changes are learned."""
BUSY_SECONDS = 30.0
"""How long to wait where another program is writing the index."""
IDLE_SECONDS = 20.0
"""How long nothing must have changed before the index is compacted."""


class IndexKeeping(QObject):
    """Lets the index learn what changed, now and then, on a thread that touches nothing of the window.

    Reading and deciding never wait for it: its thread is neither the library's nor the window's. Searches find what it
    has not learned of yet by reading the papers themselves, or say how many they left out.
    """

    progressed = Signal(object)
    """An :class:`IndexProgress`; only while there is much to learn."""
    ended = Signal()
    """Nothing is being learned any more."""
    failed = Signal(str)
    """Why the index cannot be brought up to date, in a sentence."""
    caught_up = Signal()
    """The index learned something."""
    _told = Signal(str, object)

    def __init__(self, workspace: Workspace) -> None:
        """Nothing happens before :meth:`start`."""
        super().__init__(workspace)
        self._library = workspace.library
        self._thread: threading.Thread | None = None
        self._condition = threading.Condition()
        self._is_wanted = self._is_working = self._is_held = self._ends = False
        self._may_be_scattered = False
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        workspace.changes_of(Field.PAPERS, Field.LISTINGS, Field.NOTES, Field.HIGHLIGHTS).connect(self._changed)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being learned or waiting to be."""
        with self._condition:
            return not (self._is_wanted or self._is_working)

    def start(self, after: float = START_SECONDS) -> None:
        """Begin to look after the index, ``after`` some seconds."""
        if self._thread is None and not self._ends:
            self._is_wanted = True
            self._thread = threading.Thread(target=self._run, args=(after,), name="index")
            self._thread.start()

    def wake(self) -> None:
        """Something may have changed; also for what other programs did."""
        with self._condition:
            self._is_wanted = True
            self._condition.notify_all()

    def hold(self) -> None:
        """Stop and do nothing until :meth:`go_on`; returns once all is quiet. For any thread but the window's own."""
        with self._condition:
            self._is_held = True
            self._condition.notify_all()
            self._condition.wait_for(lambda: not self._is_working)

    def go_on(self) -> None:
        """Work again after :meth:`hold`."""
        with self._condition:
            self._is_held = False
            self._is_wanted = True
            self._condition.notify_all()

    def close(self) -> None:
        """Stop for good, and wait for that; what the index learned so far is kept."""
        with self._condition:
            self._ends = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _changed(self, change: Change) -> None:
        self.wake()

    def _stops(self) -> bool:
        """Whether what is going on should end soon."""
        return self._ends or self._is_held

    def _run(self, pause: float) -> None:
        """On the thread: wait until something changed and the library is quiet again, learn it, and so on."""
        try:
            while True:
                work = self._wait(pause)
                if work is None:
                    return
                pause = self._do(work)
        finally:
            self._library.release_thread()

    def _wait(self, pause: float) -> Callable[[], None] | None:
        """Wait for work and then for ``pause`` seconds; None if all is over. Marks the work as begun.

        Where nothing comes for long, there is time to compact what was learned.
        """
        with self._condition:
            patience = IDLE_SECONDS if self._may_be_scattered else None
            self._condition.wait_for(lambda: self._ends or (self._is_wanted and not self._is_held), patience)
            if self._is_wanted:
                self._condition.wait_for(lambda: self._ends, pause)
            self._condition.wait_for(lambda: self._ends or not self._is_held)
            if self._ends:
                return None
            self._may_be_scattered, self._is_working = self._is_wanted, True
            self._is_wanted = False
            return self._update if self._may_be_scattered else self._compact

    def _do(self, work: Callable[[], None]) -> float:
        """Learn what there is to learn, or compact; returns how long to wait before the next time."""
        try:
            work()
        except LibraryBusyError:
            self.wake()
            return BUSY_SECONDS
        except ReaderError as error:
            _LOG.warning("the search index could not be updated", exc_info=True)
            self._told.emit("failed", _first_line(str(error)))
        except Exception as error:  # a broken index must never end the thread, let alone the window
            _LOG.exception("the search index could not be updated")
            self._told.emit("failed", _first_line(f"The search index could not be updated: {error}"))
        finally:
            with self._condition:
                self._is_working = False
                self._condition.notify_all()
        return QUIET_SECONDS

    def _update(self) -> None:
        if not self._library.index.is_behind():
            return
        try:
            for progress in self._library.index.update(cancelled=self._stops):
                self._told.emit("progress", progress)
        finally:
            self._told.emit("ended", None)

    def _compact(self) -> None:
        """Without a word: nobody waits for it, and nothing is found differently."""
        for _ in self._library.index.compact(cancelled=self._stops):
            pass

    def _tell(self, what: str, value: Any) -> None:
        """In the window's thread: pass on what the thread told."""
        if self._ends:
            return
        if what == "progress" and isinstance(value, IndexProgress):
            self.progressed.emit(value)
        elif what == "failed":
            self.failed.emit(value)
        else:
            self.ended.emit()
            self.caught_up.emit()


def _first_line(text: str) -> str:
    """A failure in one sentence; the log has the whole of it."""
    return text.strip().partition("\n")[0]
