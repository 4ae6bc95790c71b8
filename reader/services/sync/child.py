"""A run in a process of its own, for the first one, which may take a minute, and others with much to do.

Taking in a library is mostly Python, which would keep the interpreter from the window's thread the whole time. The
child opens the library as a command does; what it changes is news to the window.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.errors import LibraryBusyError, LibraryDamagedError, ReaderError, SyncTargetMissingError
from reader.domain.sync_reports import SyncProgress, SyncReport

_LOW_PRIORITY = 10
_LOOK_SECONDS = 0.1
_END_SECONDS = 5.0
"""How long a child that is to stop may take; it is ended then, which no transaction minds."""
_KINDS: tuple[type[ReaderError], ...] = (LibraryBusyError, LibraryDamagedError, SyncTargetMissingError, ReaderError)


def run_in_child(folder: Path, report: Callable[[SyncProgress], object], cancelled: Cancelled) -> SyncReport:
    """Do as :meth:`Sync.run` for the library in ``folder``, and raise the same; for a thread that may wait."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, theirs), name="lectern-sync", daemon=True)
    process.start()
    theirs.close()
    try:
        return _follow(ours, report, cancelled)
    finally:
        ours.close()
        process.join(_END_SECONDS)
        if process.is_alive():
            process.terminate()
            process.join()
        process.close()


def _follow(child: Connection, report: Callable[[SyncProgress], object], cancelled: Cancelled) -> SyncReport:
    is_told = False
    try:
        while True:
            if cancelled() and not is_told:
                is_told = True
                child.send("stop")
            if not child.poll(_LOOK_SECONDS):
                continue
            answer = child.recv()
            if isinstance(answer, SyncProgress):
                report(answer)
            elif isinstance(answer, SyncReport):
                return answer
            else:
                kind, sentence = answer
                raise _KINDS[kind](sentence)
    except (EOFError, OSError) as error:
        raise ReaderError("Synchronising ended abruptly. Nothing is lost; the next run goes on from there.") from error


def _serve(folder: Path, parent: Connection) -> None:
    """The child: run, telling how far it is, then what came of it. Anything that the parent says means to stop."""
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)  # the window goes on beside it
    from reader.services.library.library import Library

    told = 0.0

    def tell(progress: SyncProgress) -> None:
        nonlocal told
        if time.monotonic() - told >= _LOOK_SECONDS:
            told = time.monotonic()
            parent.send(progress)

    def is_to_stop() -> bool:
        try:
            return parent.poll()
        except OSError:  # the window is gone
            return True

    with suppress(OSError, KeyboardInterrupt):
        try:
            with Library(folder, program="the window’s sync") as library:
                parent.send(library.sync.run(tell, is_to_stop))
        except ReaderError as error:
            kind = next(number for number, kind in enumerate(_KINDS) if isinstance(error, kind))
            parent.send((kind, str(error)))
