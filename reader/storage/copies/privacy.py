"""What is left out of a copy of a library that is given to others: its reader's taste, and the other devices."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from reader.storage.connection import open_plain
from reader.storage.errors import library_errors
from reader.storage.sync.identity import forget_devices

_TABLES = ("taste_wishes", "taste_examples")
_NAMED = ", ".join(f"'{table}'" for table in _TABLES)
_STEPS = f"SELECT operation_id FROM journal WHERE table_name IN ({_NAMED})"
_STATEMENTS = (
    f"CREATE TEMP TABLE private_steps AS {_STEPS}",
    "DELETE FROM journal WHERE operation_id IN (SELECT operation_id FROM private_steps)",
    "DELETE FROM operations WHERE id IN (SELECT operation_id FROM private_steps)",
    "DELETE FROM news WHERE operation_id IN (SELECT operation_id FROM private_steps)",
    *(f"DELETE FROM {table}" for table in _TABLES),
    f"DELETE FROM sqlite_sequence WHERE name IN ({_NAMED})",
)


def leave_out_devices(copy: Path) -> None:
    """Remove what a strange library says of its devices; raises as :func:`leave_out_private`."""
    with library_errors(copy), closing(open_plain(copy)) as connection:
        forget_devices(connection)
        _forget_files(connection)


def leave_out_private(copy: Path) -> None:
    """Remove wishes and examples of liked papers from a copy of a library, the steps that made them, and all of sync.

    With the tables of sync go the content of deleted papers, and the address at which the devices meet.
    Raises :class:`~reader.domain.errors.LibraryError` where the copy cannot be written.
    """
    with library_errors(copy), closing(open_plain(copy)) as connection:
        connection.execute("BEGIN")
        for statement in _STATEMENTS:
            connection.execute(statement)
        forget_devices(connection)
        _forget_files(connection)
        connection.execute("COMMIT")
        connection.execute("VACUUM")  # or the rows would still be in the file's free pages


def _forget_files(connection: sqlite3.Connection) -> None:
    """Forget where the files of documents lie on a device, and that a library keeps copies, which do not come along."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'").fetchone():
        connection.execute("UPDATE documents SET path = NULL, is_stored = 0")
