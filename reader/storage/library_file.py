"""Opening of a library's database: refuse, create, migrate and connect, in this order."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from reader.domain.errors import LibraryError
from reader.storage.connection import (
    ReaderConnections,
    check_sqlite_version,
    create_database_file,
    open_reader,
    open_writer,
)
from reader.storage.migration import check_schema, migrate
from reader.storage.migrations import STEPS


@dataclass(frozen=True, slots=True)
class OpenLibrary:
    """A library's connections (no writer if opened for reading only), and the backup made before its migration."""

    writer: Database | None
    readers: ReaderConnections
    backup: Path | None


def open_library(path: Path, now: datetime, *, read_only: bool = False, steps: Migrations = STEPS) -> OpenLibrary:
    """Open a database file, created if it is missing, and bring its schema up to date by ``steps``.

    Raises :class:`LibraryError` for a file that is not a library or cannot be opened, and SQLite's own errors.
    """
    check_sqlite_version()
    try:
        if read_only:
            return _open_for_reading(path, steps)
        created = create_database_file(path)
    except OSError as error:
        raise LibraryError(f"The library {path} cannot be opened: {error.strerror or error}.") from error
    if not created:
        with closing(open_reader(path)) as connection:
            check_schema(connection, path, steps)
    writer = open_writer(path)
    try:
        backup = migrate(writer, path, steps, now)
    except BaseException:
        writer.close()
        raise
    return OpenLibrary(writer, ReaderConnections(path), backup)


def _open_for_reading(path: Path, steps: Migrations) -> OpenLibrary:
    """Open an existing, up-to-date library for reading."""
    if not path.exists():
        raise LibraryError(f"There is no library at {path}.")
    with closing(open_reader(path)) as connection:
        if not check_schema(connection, path, steps):
            raise LibraryError(f"The library {path} was made by an older Lectern; open it once to update it.")
    return OpenLibrary(None, ReaderConnections(path), None)
