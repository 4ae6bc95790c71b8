"""A database's files as files, before and beside SQLite: is anything left, is it whole, and putting it aside.

The header's fields are those of https://sqlite.org/fileformat2.html. Nothing here ever deletes or changes a database.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Migrations

from reader.domain.errors import LibraryDamagedError
from reader.storage.connection import open_reader
from reader.storage.durability import flush_file
from reader.storage.errors import library_errors

_MAGIC = b"SQLite format 3\0"
_SUFFIXES = ("", "-wal", "-shm", "-journal")
_IDENTITY = f"SELECT applied_at FROM {Migrations.migrations_table} ORDER BY rowid LIMIT 1"


def files_of_database(path: Path) -> list[Path]:
    """The database's file and those that SQLite keeps beside it, as far as they exist."""
    return [found for suffix in _SUFFIXES if (found := path.with_name(path.name + suffix)).exists()]


def has_leftover_log(path: Path) -> bool:
    """Whether a write-ahead log with something in it lies beside a database that nobody has open."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def check_is_whole(path: Path) -> None:
    """Raise :class:`LibraryDamagedError` for a file that is no database, or shorter than its header says.

    A shorter one may be whole together with its log, which then holds the missing pages.
    """
    with path.open("rb") as file:
        header = file.read(100)
        size = os.fstat(file.fileno()).st_size
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise LibraryDamagedError(f"The library {path} is damaged or no library; restore a backup.")
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    is_valid = header[24:28] == header[92:96]
    if is_valid and pages * (page if page != 1 else 1 << 16) > size and not has_leftover_log(path):
        raise LibraryDamagedError(f"The library {path} is damaged: its end is missing. Restore a backup.")


def check_log_belongs(path: Path) -> None:
    """Raise :class:`LibraryDamagedError` if the log beside a database is another library's; reads only.

    SQLite takes any log that is sound in itself for the database's own. The moment at which a library was made, which
    stands in its table of migrations, tells two libraries apart: without the log it must be the same as with it.
    """
    without = _identity(path, "immutable=1")
    if without is None:
        return
    with library_errors(path), closing(open_reader(path)) as connection:
        row = connection.execute(_IDENTITY).fetchone()
    if row is None or row[0] != without:
        raise LibraryDamagedError(
            f"The library {path} lies beside another library's log ({path.name}-wal), which would overwrite it; "
            "restore a backup."
        )


def copy_aside(path: Path, folder: Path) -> None:
    """Copy a database that nobody has open, with its log, into a new private folder, durably."""
    _make_folder(folder)
    for file in files_of_database(path):
        copy = folder / file.name
        shutil.copyfile(file, copy)
        copy.chmod(0o600)
        flush_file(copy)


def move_aside(path: Path, folder: Path) -> None:
    """Move a database that nobody has open, with its log, into a new private folder.

    The log goes first: a database without its log is only older, a log without its database is nothing.
    """
    _make_folder(folder)
    for file in reversed(files_of_database(path)):
        file.rename(folder / file.name)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)


def _identity(path: Path, how: str) -> str | None:
    """When a database was made, by its file alone; None where that cannot be told."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&{how}", uri=True)) as connection:
            row = connection.execute(_IDENTITY).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None
