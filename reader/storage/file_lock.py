"""File locks of the operating system, which end with their process, and turns at writing (decision 37).

A crash, a ``kill -9`` or a power cut never leaves such a lock behind (``flock``, on Windows locked bytes). A lock's
file is never deleted, because two processes could then hold locks on two files of the same name.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from reader.domain.errors import LibraryBusyError
from reader.storage.connection import create_private_file

WAIT = 10.0
"""The seconds after which waiting for another process ends with a message that names it."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.2
_TURN_PAUSE = 0.002
_WRITER_NAME = "library.writer"
_LONGEST_TEXT = 4096
Answer = TypeVar("Answer")


def retry(attempt: Callable[[], Answer], wait: float, *, longest_pause: float = _LONGEST_PAUSE) -> Answer:
    """Call a function until it returns something other than None, or the time is up; at least once."""
    deadline, pause = time.monotonic() + wait, min(_FIRST_PAUSE, longest_pause)
    while (answer := attempt()) is None:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, longest_pause)
    return answer


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that holds a lock: its id, program, start (ISO 8601, UTC), and the address it listens on, if any."""

    pid: int
    program: str
    since: str
    address: str | None = None

    def __str__(self) -> str:
        return f"process {self.pid} ({self.program}, since {self.since})"

    @classmethod
    def this_process(cls, program: str) -> Holder:
        """The holder for this process, from now on."""
        return cls(os.getpid(), program, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

    def as_text(self) -> str:
        """The text from which :func:`read_holder` restores it."""
        return json.dumps(asdict(self))


def read_holder(path: Path) -> Holder | None:
    """The process that wrote its name into a file; None if it is unknown."""
    try:
        described = json.loads(path.read_bytes()[:_LONGEST_TEXT])
        address = described.get("address")
        return Holder(
            int(described["pid"]),
            str(described["program"])[:80],
            str(described["since"])[:20],
            str(address) if address is not None else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def busy_error(folder: Path, holder: Holder | None) -> LibraryBusyError:
    """The error for a process that waited in vain for another."""
    return LibraryBusyError(
        f"The library {folder} is in use by {holder or 'another process'}, which does not answer; "
        "close it and try again."
    )


class FileLock:
    """A lock on a file, which can also store a text. Not held at first; use it from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Touch nothing yet."""
        self.path = path
        self._descriptor: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._descriptor is not None

    def try_acquire(self, *, shared: bool = False) -> bool:
        """Take the lock if it is free, or ``shared`` with others that share it. Raises OSError if locking fails."""
        self.release()
        descriptor = _open_private(self.path)
        try:
            taken = _lock(descriptor, shared)
        except BaseException:
            os.close(descriptor)
            raise
        if taken:
            self._descriptor = descriptor
        else:
            os.close(descriptor)
        return taken

    def try_claim(self, program: str) -> bool:
        """Take the lock if it is free, and name this process in it.

        Returns True also where locking is impossible: a disk that is full or read-only is reported by what stores.
        """
        try:
            taken = self.try_acquire()
        except OSError:
            return True
        if taken:
            self.sign(program)
        return taken

    def release(self) -> None:
        """Release the lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def read(self) -> str:
        """The file's text."""
        assert self._descriptor is not None
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        return os.read(self._descriptor, _LONGEST_TEXT).decode("utf-8", "replace")

    def write(self, text: str, *, durably: bool = False) -> None:
        """Replace the file's text; raises OSError."""
        assert self._descriptor is not None
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text.encode())
        os.ftruncate(self._descriptor, len(text.encode()))
        if durably:
            os.fsync(self._descriptor)

    def sign(self, program: str) -> None:
        """Name this process and its ``program`` in the file, if it can be written."""
        with suppress(OSError):
            self.write(Holder.this_process(program).as_text())


class WriterTurn:
    """Turns at writing to a library's database.

    SQLite's lock goes to whoever asks at the right moment, so a process that writes all the time would keep others
    waiting. A writer therefore takes this lock first and releases it once it has SQLite's lock; the next in line then
    takes it. The file of the lock names the last writer, so that a process that hangs can be named.
    """

    def __init__(self, database: Path, program: str) -> None:
        """``program`` is the name under which other processes see this writer."""
        self._lock = FileLock(database.with_name(_WRITER_NAME))
        self._program = program

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, in which the block gets SQLite's lock; raises :class:`LibraryBusyError` if none comes."""
        try:
            taken = retry(lambda: self._lock.try_acquire() or None, WAIT, longest_pause=_TURN_PAUSE)
        except OSError:  # turns are not possible here; if the database cannot be written either, SQLite reports it
            yield
            return
        if not taken:
            raise busy_error(self._lock.path.parent, read_holder(self._lock.path))
        try:
            yield
            self._lock.sign(self._program)
        finally:
            self._lock.release()

    def is_awaited(self) -> bool:
        """Whether another process is waiting to write; asked by the one that writes."""
        try:
            return not self._lock.try_acquire()
        except OSError:
            return False
        finally:
            self._lock.release()


def last_writer(database: Path) -> Holder | None:
    """The process that got the database's lock last."""
    return read_holder(database.with_name(_WRITER_NAME))


def _open_private(path: Path) -> int:
    """Open the file of a lock, created privately with its folder if missing; symbolic links are not followed."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        with suppress(FileExistsError):
            create_private_file(path)
        return os.open(path, flags)


if sys.platform == "win32":
    import msvcrt

    _OFFSET = 1 << 30
    """Windows keeps other processes from reading locked bytes, so the locked bytes are far behind the text."""
    _SHARES = 64
    """The number of bytes locked by an exclusive holder; each process that shares the lock locks one of them."""

    def _lock(descriptor: int, shared: bool) -> bool:
        for place in range(_SHARES) if shared else (0,):
            os.lseek(descriptor, _OFFSET + place, os.SEEK_SET)
            with suppress(OSError):
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1 if shared else _SHARES)
                return True
        return False

else:
    import fcntl

    def _lock(descriptor: int, shared: bool) -> bool:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
