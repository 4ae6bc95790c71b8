"""Who has a library: one window at most, any number of commands beside it, and at times somebody alone.

The window's lock is on ``library.lock``. Its text says who holds it, and stays behind when its holder ends without a
word: that is how the next one learns that the database is to be looked at. Whoever may write shares a lock on
``library.users``, so that one who puts another database in the place of this one, or changes its schema, can have the
library alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from reader.domain.errors import LibraryBusyError, LibraryError
from reader.storage.file_lock import WAIT, FileLock, Holder, busy_error, last_writer, read_holder, retry

__all__ = ["LOCK_NAME", "WAIT", "LibraryLock", "LibraryUse", "alone", "retry"]

LOCK_NAME = "library.lock"
USERS_NAME = "library.users"
_ALONE_WAIT = 2.0


class LibraryLock:
    """The window's lock of the library in ``folder``. Not held at first; for one thread at a time."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched yet."""
        self.path = folder / LOCK_NAME
        self.needs_check = False
        """Whether, since the database was last found sound, a holder ended without releasing the lock."""
        self._lock = FileLock(self.path)
        self._holder: Holder | None = None

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock through this object."""
        return self._lock.is_held

    def try_acquire(self, program: str) -> bool:
        """Take the lock for a ``program`` ("lectern import") if it is free.

        Raises :class:`LibraryError` where the folder cannot be written to.
        """
        if self.is_held:
            return True
        with _writable(self.path.parent):
            if not self._lock.try_acquire():
                return False
            self._holder = Holder.this_process(program)
            try:
                self.needs_check = self._lock.read() != ""
                self._write(self._holder.as_text())
            except OSError:
                self._lock.release()
                raise
        return True

    def announce(self, address: str) -> None:
        """Tell others where the holder listens."""
        assert self._holder is not None, "only the holder listens"
        self._holder = replace(self._holder, address=address)
        self._write(self._holder.as_text())

    def mark_checked(self) -> None:
        """The database was found sound, so an earlier crash is over and done with."""
        self.needs_check = False

    def release(self) -> None:
        """Let others have the lock; a check that is still due is left to them."""
        if self.is_held:
            with suppress(OSError):  # a full disk: the next one then looks once more than need be
                self._write("check" if self.needs_check else "")
        self._lock.release()

    def holder(self) -> Holder | None:
        """Who holds the lock, as far as its file tells; None if it does not."""
        return read_holder(self.path)

    def busy_error(self) -> LibraryBusyError:
        """The sentence for who waited in vain."""
        return busy_error(self.path.parent, self.holder())

    def _write(self, text: str) -> None:
        """Replace the file's text, durably: after a power cut it must still tell that somebody was at work."""
        self._lock.write(text, durably=True)


class LibraryUse:
    """This process's part in a library, shared with all who may write to it, or had alone."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched yet."""
        self._folder = folder
        self._lock = FileLock(folder / USERS_NAME)

    @property
    def is_held(self) -> bool:
        """Whether this process uses the library through this object."""
        return self._lock.is_held

    def try_alone(self) -> bool:
        """Have the library alone, if nobody else uses it. What was shared before is let go."""
        with _writable(self._folder):
            return self._lock.try_acquire()

    def share(self, wait: float = WAIT) -> None:
        """Use the library beside others; :class:`LibraryBusyError` where another has it alone for long."""
        with _writable(self._folder):
            if not retry(lambda: self._lock.try_acquire(shared=True) or None, wait):
                raise busy_error(self._folder, read_holder(self._folder / LOCK_NAME))

    def leave(self) -> None:
        """Use the library no longer."""
        self._lock.release()

    @contextmanager
    def alone(self, wait: float = _ALONE_WAIT) -> Iterator[None]:
        """The library alone for a while, and then shared; :class:`LibraryBusyError` while others use it."""
        try:
            if not retry(lambda: self.try_alone() or None, wait):
                raise _not_alone(self._folder, last_writer(self._folder / "library.db"))
            yield
        finally:
            self.share()


@contextmanager
def alone(
    folder: Path, program: str, *, use: LibraryUse | None = None, wait: float = _ALONE_WAIT
) -> Iterator[LibraryLock]:
    """A library that neither a window nor another command has open, nor opens meanwhile.

    ``use`` is this process's part in it, if it has any. Raises :class:`LibraryBusyError`, which says who has it open.
    """
    lock = LibraryLock(folder)
    if not retry(lambda: lock.try_acquire(program) or None, wait):
        raise _not_alone(folder, lock.holder())
    try:
        with use.alone(wait) if use is not None else without_users(folder, wait):
            yield lock
    finally:
        lock.release()


@contextmanager
def without_users(folder: Path, wait: float = _ALONE_WAIT) -> Iterator[None]:
    """A library, not open here, that no command uses; for the holder of its lock. Raises :class:`LibraryBusyError`."""
    use = LibraryUse(folder)
    try:
        with use.alone(wait):
            yield
    finally:
        use.leave()


def _not_alone(folder: Path, holder: Holder | None) -> LibraryBusyError:
    """The sentence for what cannot be done beside others."""
    return LibraryBusyError(
        f"This needs the library {folder} to itself, and {holder or 'another process'} has it open; "
        "close that and try again."
    )


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Turn what the system says of a folder that cannot be written to into a sentence."""
    try:
        yield
    except OSError as error:
        raise LibraryError(f"The library {folder} cannot be written to: {error.strerror or error}.") from error
