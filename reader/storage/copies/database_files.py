"""A database's files, without SQLite: whether they are whole and belong together, and moving them aside.

The header's fields are those of https://sqlite.org/fileformat2.html. Nothing here ever deletes or changes a database.
"""

from __future__ import annotations

import mmap
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Migrations

from reader.domain.errors import LibraryDamagedError
from reader.files import flush_file
from reader.storage.cancellation import reading

_MAGIC = b"SQLite format 3\0"
_SUFFIXES = ("", "-wal", "-shm", "-journal")
_IDENTITY = f"""
SELECT applied_at, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'operations'), 0)
FROM {Migrations.migrations_table} ORDER BY rowid LIMIT 1
"""


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
    """Raise :class:`LibraryDamagedError` if the log beside a database is another library's or older; reads only.

    SQLite takes any log that is sound in itself for the database's own. The moment at which a library was made, which
    stands in its table of migrations, tells two libraries apart; the numbers of the last step and of the pages, neither
    of which ever falls (nothing vacuums a library), tell now from then. Where the table cannot be read without the log,
    the moment must at least stand somewhere in the file, unless that has a single page, as it has until the log is
    first taken into it.
    """
    without = _identity(path, "immutable=1")
    if without is None and _page_count(path) <= 1:
        return
    with reading(path) as connection:
        made, step = connection.execute(_IDENTITY).fetchone() or (None, 0)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    belongs = made == without[0] if without else made is not None and _holds(path, str(made).encode())
    if not belongs:
        raise LibraryDamagedError(
            f"The library {path} lies beside another library's log ({path.name}-wal), which would overwrite it; "
            "restore a backup."
        )
    if (without and step < without[1]) or pages < _page_count(path):
        raise LibraryDamagedError(
            f"The library {path} lies beside an older log ({path.name}-wal), which would take it back; "
            "restore a backup."
        )


def log_belongs(path: Path) -> bool:
    """Whether the log beside a database, if there is one, is its own, as far as can be told; reads only."""
    if not has_leftover_log(path):
        return True
    try:
        check_log_belongs(path)
    except LibraryDamagedError:
        return False
    return True


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


def _identity(path: Path, how: str) -> tuple[str, int] | None:
    """When a library was made and the number of its last step, by its file alone; None where that cannot be told."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&{how}", uri=True)) as connection:
            row = connection.execute(_IDENTITY).fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    return (row[0], row[1]) if row else None


def _page_count(path: Path) -> int:
    """The number of pages that a database's header tells."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(32)[28:], "big")


def _holds(path: Path, text: bytes) -> bool:
    """Whether a file holds some bytes anywhere."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(text) >= 0
