"""One writer: the operating system's lock on a library, which dies with the process that holds it.

The lock is on ``library.lock`` in the library's folder (``flock``, on Windows a locked byte), so a crash, a ``kill -9``
or a power cut never leaves a library locked. The file's text says who holds it, and stays behind when its holder ends
without a word: that is how the next one learns that the database is to be looked at. The file is never deleted, because
two processes could then hold locks on two files of the same name.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from reader.domain.errors import LibraryBusyError, LibraryError

LOCK_NAME = "library.lock"
WAIT = 10.0
"""Seconds after which waiting for another process ends with its name."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.2
_WINDOWS_OFFSET = 1 << 30
"""Windows keeps others from reading locked bytes, so the locked one lies far behind the text."""
_LONGEST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process, what it runs as, since when (ISO 8601, UTC), and where it listens, if anywhere."""

    pid: int
    program: str
    since: str
    address: str | None = None

    def __str__(self) -> str:
        return f"process {self.pid} ({self.program}, since {self.since})"


class LibraryLock:
    """The lock of the library in ``folder``. Not held at first; for one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched yet."""
        self.path = folder / LOCK_NAME
        self.needs_check = False
        """Whether, since the database was last found sound, a holder ended without releasing the lock."""
        self._descriptor: int | None = None
        self._holder: Holder | None = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._descriptor is not None

    def try_acquire(self, program: str) -> bool:
        """Take the lock for a ``program`` ("lectern import") if it is free.

        Raises :class:`LibraryError` where the folder cannot be written to.
        """
        if self.is_held:
            return True
        try:
            descriptor = _open_private(self.path)
        except OSError as error:
            sentence = f"The library {self.path.parent} cannot be written to: {error.strerror or error}."
            raise LibraryError(sentence) from error
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self._holder = Holder(os.getpid(), program, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        try:
            self.needs_check = _read(descriptor) != ""
            self._write(json.dumps(asdict(self._holder)))
        except OSError as error:
            self._let_go()
            sentence = f"The library {self.path.parent} cannot be written to: {error.strerror or error}."
            raise LibraryError(sentence) from error
        return True

    def acquire(self, program: str, *, wait: float = WAIT) -> None:
        """Take the lock, waiting for a while; :class:`LibraryBusyError` then names who holds it."""
        if not retry(lambda: self.try_acquire(program) or None, wait):
            raise self.busy_error()

    def announce(self, address: str) -> None:
        """Tell others where the holder listens."""
        assert self._holder is not None, "only the holder listens"
        self._holder = Holder(self._holder.pid, self._holder.program, self._holder.since, address)
        self._write(json.dumps(asdict(self._holder)))

    def mark_checked(self) -> None:
        """The database was found sound, so an earlier crash is over and done with."""
        self.needs_check = False

    def release(self) -> None:
        """Let others have the lock; a check that is still due is left to them."""
        if self._descriptor is None:
            return
        try:
            self._write("check" if self.needs_check else "")
        except OSError:
            pass  # a full disk: the next one then looks once more than need be
        finally:
            self._let_go()

    def _let_go(self) -> None:
        descriptor, self._descriptor, self._holder = self._descriptor, None, None
        if descriptor is not None:
            _unlock(descriptor)
            os.close(descriptor)

    def holder(self) -> Holder | None:
        """Who holds the lock, as far as its file tells; None if it does not."""
        try:
            described = json.loads(self.path.read_bytes()[:_LONGEST_TEXT])
            address = described.get("address")
            return Holder(
                int(described["pid"]),
                str(described["program"])[:80],
                str(described["since"])[:20],
                str(address) if address is not None else None,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def busy_error(self) -> LibraryBusyError:
        """The sentence for who waited in vain."""
        holder = self.holder() or "another process"
        return LibraryBusyError(
            f"The library {self.path.parent} is in use by {holder}, which does not answer; close it and try again."
        )

    def _write(self, text: str) -> None:
        """Replace the file's text, durably: after a power cut it must still tell that somebody was at work."""
        assert self._descriptor is not None
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text.encode())
        os.ftruncate(self._descriptor, len(text.encode()))
        os.fsync(self._descriptor)


Answer = TypeVar("Answer")


def retry(attempt: Callable[[], Answer], wait: float) -> Answer:
    """Try until there is another answer than None, or the time is up; at least once."""
    deadline, pause = time.monotonic() + wait, _FIRST_PAUSE
    while (answer := attempt()) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
    return answer


def _open_private(path: Path) -> int:
    """Open the lock file, made with its folder if need be; both private, and a link is not followed."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.open(path, flags, 0o600)


def _read(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, _LONGEST_TEXT).decode("utf-8", "replace")


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _WINDOWS_OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _WINDOWS_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
