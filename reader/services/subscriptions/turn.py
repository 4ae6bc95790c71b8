"""Whose turn it is to fetch: one process at a time fetches into a library."""

from __future__ import annotations

from pathlib import Path

from reader.domain.errors import LibraryBusyError
from reader.storage.file_lock import FileLock, read_holder

_LOCK_NAME = "library.fetch"


class FetchTurn:
    """The lock of a process that fetches. For one thread at a time."""

    def __init__(self, folder: Path, program: str) -> None:
        """``program`` is what others are told that fetches into the library in ``folder``."""
        self._lock, self._program = FileLock(folder / _LOCK_NAME), program

    def try_acquire(self) -> bool:
        """Take the turn if nobody else fetches."""
        return self._lock.try_claim(self._program)

    def acquire(self) -> None:
        """Take the turn; raises :class:`LibraryBusyError`, which names the process that fetches, if it is taken."""
        if not self.try_acquire():
            holder = read_holder(self._lock.path)
            raise LibraryBusyError(f"The subscriptions are being fetched by {holder or 'another process'} already.")

    def release(self) -> None:
        """Let others fetch."""
        self._lock.release()
