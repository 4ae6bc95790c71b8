"""The library as a command has it: read at once, and written beside a window and other commands.

Reading needs no lock and disturbs nobody. Before the first change the command makes sure that nobody has the library
alone, and, if it is the only one there, that the database came through whatever happened before. What needs the library
for itself (making and migrating it, restoring, repairing) is refused while a window or another command has it open.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from reader.domain.errors import LibraryBusyError
from reader.services.copies.crash_recovery import check_before_writing
from reader.services.library.files import DATABASE_NAME, LibraryFiles
from reader.services.library.library import Library
from reader.services.library.location import default_library_folder
from reader.services.library.permissions import make_database_private
from reader.services.process.lock import WAIT, LibraryLock, alone, retry
from reader.storage.access import utc_now
from reader.storage.copies.soundness import is_up_to_date
from reader.storage.store import LibraryStore
from reader.storage.writer import Clock


class SharedLibrary(Library):
    """A library that a window and other commands may have open, too."""

    def __init__(
        self, folder: Path | None = None, *, program: str = "a command", clock: Clock = utc_now, wait: float = WAIT
    ) -> None:
        """Open the library for reading; it is made, or brought up to date, where there is none or an older one.

        ``wait`` is the time after which another's silence ends in :class:`~reader.domain.errors.LibraryBusyError`.
        """
        folder = (folder or default_library_folder()).expanduser().absolute()
        self._wait = wait
        _bring_up_to_date(folder, program, clock, wait)
        super().__init__(folder, program=program, clock=clock)

    def _open_files(self, clock: Clock, program: str) -> LibraryFiles:
        return SharedFiles(self.folder, clock, program, self._wait)


class SharedFiles(LibraryFiles):
    """The files of a library that others may have open; nothing is written before the first change."""

    def __init__(self, folder: Path, clock: Clock, program: str, wait: float) -> None:
        """Open the database for reading."""
        self._wait = wait
        super().__init__(folder, clock, program)

    def alone(self) -> AbstractContextManager[object]:
        """The library for this process alone; :class:`LibraryBusyError` while a window or a command has it open."""
        return alone(self.folder, self._program, use=self._use)

    def _open_store(self) -> LibraryStore:
        path = self.folder / DATABASE_NAME
        return LibraryStore(
            path, clock=self._clock, program=self._program, read_only=True, before_writing=self._begin_writing
        )

    def _begin_writing(self) -> None:
        """Take part in the library; whoever comes first looks at what a crash may have left."""
        if self._use.is_held:
            return
        lock = LibraryLock(self.folder)
        if self._use.try_alone():
            try:
                if lock.try_acquire(self._program):  # or a window is just about to look itself
                    check_before_writing(lock, thorough=True)
            finally:
                lock.release()
                self._use.leave()
        self._use.share(self._wait)
        make_database_private(self.folder)


def _bring_up_to_date(folder: Path, program: str, clock: Clock, wait: float) -> None:
    """Make or migrate a library, or wait for who is doing that; :class:`LibraryBusyError` if nobody does in time."""
    database = folder / DATABASE_NAME
    refusals: list[LibraryBusyError] = []

    def attempt() -> bool | None:
        try:
            if is_up_to_date(database):
                return True
            with alone(folder, program, wait=0) as lock:
                check_before_writing(lock, thorough=True)
                LibraryStore(database, clock=clock, program=program).close()
        except LibraryBusyError as refusal:
            refusals.append(refusal)
            return None
        return True

    if retry(attempt, wait) is None:
        raise refusals[-1]
