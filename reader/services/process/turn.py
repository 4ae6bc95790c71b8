"""Turns at work that only one process at a time does with a library, beside all other work on it."""

from __future__ import annotations

from pathlib import Path

from reader.domain.errors import LibraryBusyError
from reader.storage.file_lock import FileLock, read_holder, retry


class Turn:
    """The lock of a process that does one kind of work. For one thread at a time."""

    def __init__(self, path: Path, program: str, refusal: str) -> None:
        """``path`` is the lock's file, ``program`` what others are told that works.

        ``refusal`` is the sentence for others, in which ``{}`` stands for the process ("… by {} already.").
        """
        self._lock, self._program, self._refusal = FileLock(path), program, refusal

    def try_acquire(self) -> bool:
        """Take the turn if it is free."""
        return self._lock.try_claim(self._program)

    def acquire(self, wait: float = 0.0) -> None:
        """Take the turn, waiting for ``wait`` seconds at most; else :class:`LibraryBusyError` names who has it."""
        if not retry(lambda: self.try_acquire() or None, wait):
            holder = read_holder(self._lock.path)
            raise LibraryBusyError(self._refusal.format(holder or "another process"))

    def release(self) -> None:
        """Let others take it."""
        self._lock.release()
