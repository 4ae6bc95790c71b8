"""The library as a command has it: read here, written where the writer is.

Reading needs no lock and disturbs nobody. The first operation looks for the writer: if nobody holds the library's lock
this process takes it and writes itself; if a window does, the window carries the operation out and shows it. Commands
need not know which.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial, wraps
from pathlib import Path
from typing import Any

from reader.domain.errors import LibraryBusyError
from reader.services.copies.crash_recovery import check_before_writing
from reader.services.export.memory import SharedExportLog
from reader.services.library.library import DATABASE_NAME, Clock, Library
from reader.services.library.location import default_library_folder
from reader.services.process.lock import WAIT, LibraryLock, retry
from reader.services.process.operations import Call, call_of, has_steps, method_of, operations
from reader.services.process.reach import OwnersWork, start_call
from reader.storage.access import utc_now
from reader.storage.cancellation import never
from reader.storage.copies.soundness import is_up_to_date


class SharedLibrary(Library):
    """A library that others may have open too; every operation goes to its one writer."""

    _reads_only = True

    def __init__(
        self, folder: Path | None = None, *, program: str = "a command", clock: Clock = utc_now, wait: float = WAIT
    ) -> None:
        """Open the library for reading; it is made, or brought up to date, where there is none or an older one.

        ``program`` is what others are told that holds the library, for as long as it does; ``wait`` is the time after
        which another's silence ends in :class:`~reader.domain.errors.LibraryBusyError`.
        """
        folder = (folder or default_library_folder()).expanduser().absolute()
        self._program, self._wait = program, wait
        self._lock = LibraryLock(folder)
        self._writer: Library | None = None
        try:
            if not _is_current(folder / DATABASE_NAME):
                self._bring_up_to_date(folder, clock)
            super().__init__(folder, clock=clock)
        except BaseException:
            self._close_writer()
            raise

    def _open(self) -> None:
        super()._open()
        for name in operations():
            subject, _, own = name.rpartition(".")
            if subject:  # carried out elsewhere, like the library's own operations below
                setattr(getattr(self, subject), own, partial((_steps if has_steps(name) else _operation)(name), self))
        self._store.exports = SharedExportLog(self._store.exports, self)

    def close(self) -> None:
        """Close the library, and let others write."""
        try:
            super().close()
        finally:
            self._close_writer()

    def carry_out(self, call: Call, cancelled: Callable[[], bool] = never) -> Any:
        """Have an operation carried out; what the library's method returns (of one with steps: a generator)."""
        work = self._work(call)
        if isinstance(work, OwnersWork):
            return work.steps(cancelled) if call.has_steps else work.result()
        return call.start(work, cancelled)

    def _work(self, call: Call) -> Library | OwnersWork:
        """The library to write with, or the owner's work on the operation."""
        if self._writer is not None:
            return self._writer
        found = retry(lambda: self._find_writer(call), self._wait)
        if found is None:
            raise self._lock.busy_error()
        return found

    def _find_writer(self, call: Call) -> Library | OwnersWork | None:
        if self._take_lock():
            self._writer = Library(self.folder, clock=self._clock)
            return self._writer
        return start_call(self._lock, call)

    def _take_lock(self) -> bool:
        if not self._lock.try_acquire(self._program):
            return False
        try:
            check_before_writing(self._lock, thorough=True)
        except BaseException:
            self._lock.release()
            raise
        return True

    def _bring_up_to_date(self, folder: Path, clock: Clock) -> None:
        """Make or migrate the library, or wait for who is doing that."""

        def attempt() -> bool | None:
            if self._take_lock():
                self._writer = Library(folder, clock=clock)
                return True
            return _is_current(folder / DATABASE_NAME) or None

        if retry(attempt, self._wait) is None:
            raise self._lock.busy_error()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        try:
            if writer is not None:
                writer.close()
        finally:
            self._lock.release()


def _is_current(database: Path) -> bool:
    """Whether a library can be read as it is; not while it is being made."""
    try:
        return is_up_to_date(database)
    except LibraryBusyError:
        return False


def _operation(name: str) -> Callable[..., Any]:
    """A method that has the operation of this name carried out."""

    @wraps(method_of(name))
    def carry_out(self: SharedLibrary, *positional: Any, **named: Any) -> Any:
        call = call_of(name, positional, named)
        if not call.is_alone:
            return self.carry_out(call, named.get("cancelled", never))
        # The file itself is about to be replaced, so not even this process may have it open.
        self._close_files()
        try:
            return self.carry_out(call)
        finally:
            self._open()

    return carry_out


def _steps(name: str) -> Callable[..., Any]:
    """Likewise for an operation that yields progress; it begins when its first step is asked for."""

    @wraps(method_of(name))
    def carry_out(self: SharedLibrary, *positional: Any, **named: Any) -> Generator[Any, None, Any]:
        call = call_of(name, positional, named)
        return (yield from self.carry_out(call, named.get("cancelled", never)))

    return carry_out


for _name in operations():
    if "." not in _name:
        setattr(SharedLibrary, _name, (_steps if has_steps(_name) else _operation)(_name))
