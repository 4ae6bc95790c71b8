"""Cancellation of slow statements: SQLite asks regularly whether to continue.

Source: https://sqlite.org/c3ref/progress_handler.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import WorkCancelledError
from reader.storage.connection import open_reader
from reader.storage.errors import library_errors

_INSTRUCTIONS = 20_000
"""The number of SQLite's virtual machine instructions between two questions; they take a few milliseconds."""


@contextmanager
def cancellable(connection: sqlite3.Connection, cancelled: Cancelled) -> Iterator[None]:
    """End a connection's statements in the block with :class:`WorkCancelledError` once ``cancelled`` is True."""
    connection.set_progress_handler(cancelled, _INSTRUCTIONS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise WorkCancelledError from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def reading(path: Path, cancelled: Cancelled = never) -> Iterator[sqlite3.Connection]:
    """A connection that reads a database while the block lasts.

    Raises :class:`~reader.domain.errors.LibraryError` for an error of SQLite's, and
    :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` returns True.
    """
    with library_errors(path), closing(open_reader(path)) as connection, cancellable(connection, cancelled):
        yield connection
