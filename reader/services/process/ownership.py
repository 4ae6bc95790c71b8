"""One window per library: who opens it first owns it, listens, and does what later starts and commands ask for.

The owner holds the library's lock (:mod:`reader.services.process.lock`) and listens from the moment it has it, long
before its window stands: files handed over meanwhile wait, and so do operations. A later start hands its files over
and ends.

For a window: :func:`claim_or_hand_over` before anything of Qt is loaded, :meth:`Owner.serve` once the library is open
(with None while it is not), :meth:`Owner.end` before it is closed for good, :meth:`Owner.close` at the very end.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any, Protocol, TypeVar

from reader.domain.errors import LibraryBusyError, LibraryDamagedError, ReaderError
from reader.services.copies.crash_recovery import check_after_crash, check_before_writing
from reader.services.process.lock import WAIT, LibraryLock, retry
from reader.services.process.messages import (
    GO,
    PROTOCOL,
    Channel,
    ChannelClosedError,
    Message,
    is_same_user,
    open_listener,
)
from reader.services.process.operations import (
    Call,
    call_from_json,
    error_to_json,
    progress_to_json,
    result_to_json,
)
from reader.services.process.reach import hand_over, reach
from reader.services.process.runtime_folder import NoRuntimeFolderError, address_of, remove_stale_payloads

_log = logging.getLogger(__name__)
_MOST_CHANNELS = 16
_REQUEST_SECONDS = 5.0
_READY_SECONDS = 30.0
"""So long an operation waits for the window to have opened its library."""
_STOP_SECONDS = 10.0
_PROGRESS_SECONDS = 0.1
Answer = TypeVar("Answer")


class Receiver(Protocol):
    """What carries out, in the owner's process, what others ask for. All methods are called on threads of their own."""

    library: Any
    """The open :class:`~reader.services.library.library.Library`."""

    def run(self, work: Callable[[], Answer], *, alone: bool = False) -> Answer:
        """Run some work where the library's writer is and return what it returns (or raise what it raises).

        With ``alone``, nothing may read the library meanwhile.
        """

    def announce(self, outcome: object) -> None:
        """An operation was carried out for somebody else; ``outcome`` is what the library's method returned."""

    def open_files(self, files: Sequence[Path], activation: str) -> None:
        """A later start hands over files to import (none: just come to the front); returns once they are taken.

        ``activation`` is the token that lets a window come to the front, where the desktop has such a thing. Raises
        :class:`LibraryBusyError` if it is too late for that: whoever handed them over then tries again.
        """


class Owner:
    """Holds a library's lock, and answers those who want something of the library."""

    def __init__(self, lock: LibraryLock) -> None:
        """``lock`` is held, and released by :meth:`close`."""
        self.damage: LibraryDamagedError | None = None
        """Why the database must not be opened as it is."""
        self._lock = lock
        self._receiver: Receiver | None = None
        self._waiting: list[tuple[Sequence[Path], str]] = []
        self._condition = threading.Condition()
        self._free = threading.Semaphore(_MOST_CHANNELS)
        self._running = 0
        self._closing = False
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

    def check_after_crash(self, cancelled: Callable[[], bool]) -> None:
        """Take the look that an unclean exit calls for, beside other work; for any thread.

        Raises :class:`~reader.domain.errors.LibraryDamagedError`, and WorkCancelledError once ``cancelled`` says so.
        """
        check_after_crash(self._lock, cancelled)

    def listen(self) -> None:
        """Begin to answer. Where the system lets nobody listen, others just wait for the lock."""
        try:
            self._address = address_of(self._lock.path.parent)
            self._listener = open_listener(self._address)
            remove_stale_payloads()
        except (OSError, NoRuntimeFolderError) as error:
            _log.warning("nobody can reach this window: %s", type(error).__name__)
            return
        self._lock.announce(self._address)
        threading.Thread(target=self._accept, args=(self._listener,), name="listener", daemon=True).start()

    def serve(self, receiver: Receiver | None) -> None:
        """From now on have ``receiver`` do what is asked for; None: let nothing begin, and wait for what runs.

        What is asked for while there is nobody waits for the next one.
        """
        with self._condition:
            self._receiver = receiver
            self._condition.notify_all()
            if receiver is None:
                self._condition.wait_for(lambda: self._running == 0, _STOP_SECONDS)
                return
            waiting, self._waiting = self._waiting, []
        for files, activation in waiting:
            receiver.open_files(files, activation)

    def end(self) -> None:
        """Take nothing more, and wait for what runs: who asks from now on waits for the library to be free."""
        with self._condition:
            self._closing = True
        self.serve(None)

    def close(self) -> None:
        """Stop answering and let others have the library, which is closed by now."""
        with self._condition:
            self._closing = True
            self._condition.notify_all()
        if self._listener is not None:
            channel = reach(self._address)
            if channel is not None:  # wakes the thread that accepts
                channel.close()
            with suppress(OSError):
                self._listener.close()
            self._listener = None
        self._lock.release()

    def __enter__(self) -> Owner:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _accept(self, listener: Listener) -> None:
        """On the listener's thread: give every caller a thread."""
        while not self._closing:
            try:
                connection: Connection = listener.accept()
            except (OSError, EOFError):
                if not self._closing:
                    time.sleep(0.05)
                continue
            if self._closing or not is_same_user(connection) or not self._free.acquire(blocking=False):
                connection.close()
                continue
            threading.Thread(target=self._answer, args=(connection,), name="caller", daemon=True).start()

    def _answer(self, connection: Connection) -> None:
        """On a caller's thread: do the one thing that it asks for."""
        channel = Channel(connection)
        try:
            message = channel.receive(_REQUEST_SECONDS)
            if message is not None:
                self._answer_message(channel, message)
        except ChannelClosedError:
            pass
        except Exception as error:
            _log.error("an answer failed", exc_info=error)
        finally:
            channel.close()
            self._free.release()

    def _answer_message(self, channel: Channel, message: Message) -> None:
        if message.get("protocol") != PROTOCOL:
            error = ReaderError("The window that is open is of another version of Lectern; close it and try again.")
            channel.send({"type": "error", "error": error_to_json(error)})
        elif self._closing:
            channel.send({"type": "closing"})
        elif message.get("type") == "open":
            self._take_files(channel, message)
        elif message.get("type") == "call":
            self._carry_out(channel, message)
        else:
            channel.send({"type": "pong", "pid": os.getpid()})

    def _take_files(self, channel: Channel, message: Message) -> None:
        names, activation = message.get("files"), str(message.get("activation", ""))
        if not (isinstance(names, list) and all(isinstance(name, str) and "\0" not in name for name in names)):
            raise ChannelClosedError
        files = [Path(name) for name in names]
        with self._condition:
            receiver, is_late = self._receiver, self._closing
            if receiver is None and not is_late:
                self._waiting.append((files, activation))
        if receiver is not None:
            try:
                receiver.open_files(files, activation)
            except LibraryBusyError:
                is_late = True
        channel.send({"type": "closing" if is_late else "accepted"})

    def _carry_out(self, channel: Channel, message: Message) -> None:
        """Run an operation and tell its progress, then its result or failure."""
        # Only for a caller who heard that and is still there: one who gave up will ask again, and once is enough.
        channel.send({"type": "accepted"})
        if (channel.receive(_REQUEST_SECONDS) or {}).get("type") != GO:
            return
        try:
            call = call_from_json(message.get("call"))
            receiver = self._begin()
            try:
                result = self._run(receiver, call, channel)
                receiver.announce(result)
            finally:
                self._end()
            reply = {"type": "result", "result": result_to_json(call.name, result)}
        except ChannelClosedError:
            raise
        except Exception as error:
            if not isinstance(error, ReaderError):
                _log.error("an operation for another process failed", exc_info=error)
            reply = {"type": "error", "error": error_to_json(error)}
        channel.send(reply)

    def _begin(self) -> Receiver:
        """Who carries out an operation, once there is somebody."""
        with self._condition:
            self._condition.wait_for(lambda: self._receiver is not None or self._closing, _READY_SECONDS)
            if self._receiver is None:
                raise LibraryBusyError("The window does not have this library open just now; try again later.")
            self._running += 1
            return self._receiver

    def _end(self) -> None:
        with self._condition:
            self._running -= 1
            self._condition.notify_all()

    def _run(self, receiver: Receiver, call: Call, channel: Channel) -> Any:
        """Carry an operation out; one with steps gives way to others between them, and stops if its caller has gone."""
        start = partial(call.start, receiver.library, lambda: self._receiver is None or channel.wants_to_stop())
        if not call.has_steps:
            return receiver.run(start, alone=call.is_alone)
        steps: Generator[Any, None, Any] = start()
        tell = _Teller(call.name, channel)
        if call.runs_beside:
            return _all_steps(steps, tell)
        if call.is_whole:
            return receiver.run(partial(_all_steps, steps, tell))
        try:
            while True:
                progress, is_end = receiver.run(partial(_next_step, steps))
                if is_end:
                    return progress
                tell(progress)
        finally:
            receiver.run(steps.close)


class _Teller:
    """Sends an operation's progress to who asked for it, now and then."""

    def __init__(self, name: str, channel: Channel) -> None:
        self._name, self._channel = name, channel
        self._told = 0.0

    def __call__(self, progress: Any) -> None:
        now = time.monotonic()
        if now - self._told >= _PROGRESS_SECONDS:
            self._told = now
            # Nobody needs it; a caller that has gone is noticed elsewhere.
            with suppress(ChannelClosedError):
                self._channel.send({"type": "progress", "progress": progress_to_json(self._name, progress)})


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
        check_before_writing(lock)
    except BaseException as error:
        if not (take_damaged and isinstance(error, LibraryDamagedError)):
            lock.release()
            raise
        owner.damage = error
    owner.listen()
    return owner


def _next_step(steps: Generator[Any, None, Any]) -> tuple[Any, bool]:
    """The next progress of a generator, or what it returns and that it has ended."""
    try:
        return next(steps), False
    except StopIteration as end:
        return end.value, True


def _all_steps(steps: Generator[Any, None, Any], tell: Callable[[Any], None]) -> Any:
    """Run a generator to its end; what it returns."""
    while True:
        progress, is_end = _next_step(steps)
        if is_end:
            return progress
        tell(progress)
