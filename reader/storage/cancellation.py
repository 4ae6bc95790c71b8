"""Giving up a statement that takes long: SQLite asks now and then whether to go on.

Source: https://sqlite.org/c3ref/progress_handler.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reader.domain.errors import WorkCancelledError
from reader.storage.connection import open_reader
from reader.storage.errors import library_errors

_INSTRUCTIONS = 20_000
"""Of SQLite's machine, between two questions: some milliseconds."""


def never() -> bool:
    """What asks whether to stop, where nobody does."""
    return False


@contextmanager
def cancellable(connection: sqlite3.Connection, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Within it, statements of a connection end with :class:`WorkCancelledError` once ``cancelled`` says so."""
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
def reading(path: Path, cancelled: Callable[[], bool] = never) -> Iterator[sqlite3.Connection]:
    """A connection that reads a database for as long as the block lasts.

    Raises :class:`~reader.domain.errors.LibraryError` for what SQLite finds wrong, and
    :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    with library_errors(path), closing(open_reader(path)) as connection, cancellable(connection, cancelled):
        yield connection
