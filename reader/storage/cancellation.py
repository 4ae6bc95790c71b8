"""Giving up a statement that takes long: SQLite asks now and then whether to go on.

Source: https://sqlite.org/c3ref/progress_handler.html
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reader.domain.errors import WorkCancelledError

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
