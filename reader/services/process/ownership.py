"""One window per library: who opens it first owns it and listens; a later start hands its files over and ends.

The owner holds the library's lock (:mod:`reader.services.process.lock`) and listens from the moment it has it, long
before its window stands: files handed over meanwhile wait.

For a window: :func:`claim_or_hand_over` before anything of Qt is loaded, :meth:`Owner.serve` once the library is open
(with None while it is not), :meth:`Owner.end` before it is closed for good, :meth:`Owner.close` at the very end.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Listener
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.errors import LibraryDamagedError
from reader.services.copies.crash_recovery import check_after_crash, check_before_writing
from reader.services.process.handover import TakeFiles, answer, hand_over, is_reached, open_listener
from reader.services.process.lock import WAIT, LibraryLock, LibraryUse, retry
from reader.services.process.runtime_folder import NoRuntimeFolderError, address_of

_log = logging.getLogger(__name__)


class Owner:
    """Holds a library's lock, and takes the files that later starts hand over."""

    def __init__(self, lock: LibraryLock) -> None:
        """``lock`` is held, and released by :meth:`close`."""
        self.damage: LibraryDamagedError | None = None
        """Why the database must not be opened as it is."""
        self._lock = lock
        self._take: TakeFiles | None = None
        self._waiting: list[tuple[Sequence[Path], str]] = []
        self._changing = threading.Lock()
        self._is_closing = False
        self._listener: Listener | None = None
        self._address = ""

    @property
    def needs_check(self) -> bool:
        """Whether a holder before ended without a word, so that the database should be looked at."""
        return self._lock.needs_check

    def mark_checked(self) -> None:
        """The database was found sound, or another one took its place."""
        self._lock.mark_checked()
        self.damage = None

    def check_after_crash(self, cancelled: Cancelled) -> None:
        """Take the look that an unclean exit calls for, beside other work; for any thread.

        Raises :class:`~reader.domain.errors.LibraryDamagedError`, and WorkCancelledError once ``cancelled`` says so.
        """
        check_after_crash(self._lock, cancelled)

    def listen(self) -> None:
        """Begin to answer. Where the system lets nobody listen, others just wait for the lock."""
        try:
            self._address = address_of(self._lock.path.parent)
            self._listener = open_listener(self._address)
        except (OSError, NoRuntimeFolderError) as error:
            _log.warning("nobody can reach this window: %s", type(error).__name__)
            return
        self._lock.announce(self._address)
        threading.Thread(target=self._answer_all, args=(self._listener,), name="listener", daemon=True).start()

    def serve(self, take: TakeFiles | None) -> None:
        """From now on hand to ``take`` what comes, and what came before; None: let it wait for the next one.

        ``take`` is called on a thread of its own, or on this one, and returns once the files are in its list.
        """
        with self._changing:
            self._take = take
            waiting = self._waiting if take is not None else []
            if take is not None:
                self._waiting = []
        for files, activation in waiting:
            if take is not None:
                take(files, activation)

    def end(self) -> None:
        """Take nothing more: who comes from now on waits for the library to be free."""
        with self._changing:
            self._is_closing, self._take = True, None

    def close(self) -> None:
        """Stop answering and let others have the library, which is closed by now."""
        self.end()
        if self._listener is not None:
            is_reached(self._address)  # wakes the thread that listens
            with suppress(OSError):
                self._listener.close()
            self._listener = None
        self._lock.release()

    def __enter__(self) -> Owner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _answer_all(self, listener: Listener) -> None:
        """On the listener's thread: hear callers out, one after the other."""
        while not self._is_closing:
            try:
                answer(listener.accept(), self._take_files)
            except (OSError, EOFError):
                if not self._is_closing:
                    time.sleep(0.05)
            except Exception:
                _log.exception("an answer failed")

    def _take_files(self, files: Sequence[Path], activation: str) -> bool:
        with self._changing:
            take = self._take
            if take is None and not self._is_closing:
                self._waiting.append((files, activation))
                return True
        return take is not None and take(files, activation)


def claim_or_hand_over(
    folder: Path,
    files: Sequence[Path] = (),
    *,
    program: str = "the window",
    wait: float = WAIT,
    take_damaged: bool = False,
) -> Owner | None:
    """Become the owner of the library in ``folder``; None if there is one, to whom ``files`` were handed over.

    With ``take_damaged`` of a damaged one, too, which :attr:`Owner.damage` then tells.

    Raises :class:`LibraryBusyError`, naming the process, if there is an owner who does not answer in time;
    :class:`~reader.domain.errors.LibraryError` where the folder cannot be written to; and its child
    :class:`~reader.domain.errors.LibraryDamagedError` for a database that must not be opened as it is.
    """
    lock = LibraryLock(folder.expanduser().absolute())
    files = [file.expanduser().absolute() for file in files]

    def attempt() -> bool | None:
        """True: the lock is ours; False: the files are another's; None: try again."""
        if lock.try_acquire(program):
            return True
        return False if hand_over(lock, files) else None

    outcome = retry(attempt, wait)
    if outcome is None:
        raise lock.busy_error()
    if not outcome:
        return None
    owner = Owner(lock)
    try:
        _check_if_alone(lock)
    except BaseException as error:
        if not (take_damaged and isinstance(error, LibraryDamagedError)):
            lock.release()
            raise
        owner.damage = error
    owner.listen()
    return owner


def _check_if_alone(lock: LibraryLock) -> None:
    """Look at the database before it is opened, unless commands are at work on it, the first of whom has looked."""
    use = LibraryUse(lock.path.parent)
    try:
        if use.try_alone():
            check_before_writing(lock)
    finally:
        use.leave()
