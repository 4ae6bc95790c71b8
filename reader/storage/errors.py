"""Sentences for SQLite's errors."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reader.domain.errors import LibraryBusyError, LibraryDamagedError, LibraryError
from reader.storage.file_lock import busy_error, last_writer

_PRIMARY_CODE = 0xFF
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SENTENCES = {
    sqlite3.SQLITE_FULL: "There is no room left on the disk for the library {path}; free some space and try again.",
    sqlite3.SQLITE_READONLY: "The library {path} cannot be written to; check its permissions and those of its folder.",
    sqlite3.SQLITE_PERM: "The library {path} may not be opened; check its permissions and those of its folder.",
    sqlite3.SQLITE_CANTOPEN: "The library {path} cannot be opened; check that its folder exists and may be written to.",
    sqlite3.SQLITE_IOERR: "The library {path} cannot be read or written ({detail}); check the disk it lies on.",
    sqlite3.SQLITE_NOMEM: "There is not enough memory to work with the library {path}; close something and try again.",
    sqlite3.SQLITE_TOOBIG: "This text is too large for the library {path}; shorten it.",
}


def library_error(error: sqlite3.Error, path: Path) -> LibraryError | None:
    """The error to show for one of SQLite's; None if users cannot cause it, so that it is a bug.

    SQLite's result code (https://sqlite.org/rescode.html) decides, not the message.
    """
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    primary = code & _PRIMARY_CODE
    if primary in _DAMAGED:
        return LibraryDamagedError(f"The library {path} is damaged or no library; restore a backup ({error}).")
    if primary in _BUSY:
        holder = last_writer(path)
        if holder is not None and holder.pid != os.getpid():
            return busy_error(path.parent, holder)
        return LibraryBusyError(
            f"The library {path} is being written to by another program; try again when it is done."
        )
    sentence = _SENTENCES.get(primary)
    return LibraryError(sentence.format(path=path, detail=error)) if sentence else None


@contextmanager
def library_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors that a user can cause into :class:`LibraryError` and its subclasses."""
    try:
        yield
    except UnicodeDecodeError as error:
        # Raised by Python's driver for an error message of SQLite's that quotes damaged text.
        raise LibraryDamagedError(f"The library {path} is damaged; restore a backup ({error.reason}).") from error
    except sqlite3.Error as error:
        translated = library_error(error, path)
        if translated is None:
            raise
        raise translated from error
