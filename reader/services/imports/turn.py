"""Whose turn it is to import: one process at a time stores a file, since a long one lets others write in between."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.errors import WorkCancelledError
from reader.domain.preparation import PreparedRecord
from reader.storage.file_lock import WAIT, FileLock, busy_error, read_holder

_LOCK_NAME = "library.import"
_PAUSE = 0.05
_RECORDS_BETWEEN_LOOKS = 100


class ImportTurn:
    """The lock of a process that stores a file of an import. For one thread at a time."""

    def __init__(self, folder: Path, program: str) -> None:
        """``program`` is what others are told that imports into the library in ``folder``."""
        self._folder, self._program = folder, program
        self._lock = FileLock(folder / _LOCK_NAME)

    def try_acquire(self) -> bool:
        """Take one's turn if nobody else imports."""
        return self._lock.try_claim(self._program)

    def waited_for(self, cancelled: Cancelled) -> Iterator[None]:
        """Wait for one's turn, yielding now and then, until it comes or all is ``cancelled``.

        Raises :class:`LibraryBusyError`, which names the process that imports, if that gives no sign of life.
        """
        while not self.try_acquire() and not cancelled():
            with suppress(OSError):
                if time.time() - self._lock.path.stat().st_mtime > WAIT:
                    raise busy_error(self._folder, read_holder(self._lock.path))
            yield
            time.sleep(_PAUSE)

    @contextmanager
    def taken(self, cancelled: Cancelled) -> Iterator[None]:
        """One's turn, waited for; WorkCancelledError if that is ``cancelled``. Raises as :meth:`waited_for`."""
        for _ in self.waited_for(cancelled):
            pass
        try:
            if cancelled():
                raise WorkCancelledError
            yield
        finally:
            self.release()

    def show_life(self) -> None:
        """Tell those who wait that the work goes on."""
        if self._lock.is_held:
            with suppress(OSError):
                os.utime(self._lock.path)

    def release(self) -> None:
        """Let others import."""
        self._lock.release()


def watched(records: Iterable[PreparedRecord], look: Callable[[], None]) -> Iterator[PreparedRecord]:
    """The records on their way into the library; ``look``, which may raise, is called every now and then."""
    for number, record in enumerate(records):
        if number % _RECORDS_BETWEEN_LOOKS == 0:
            look()
        yield record
