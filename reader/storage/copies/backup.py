"""Verified copies of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError
from reader.files import put_in_place
from reader.storage.cancellation import cancellable
from reader.storage.connection import create_private_file, open_reader
from reader.storage.writer import iso_time


def backup_database(connection: sqlite3.Connection, target: Path, cancelled: Cancelled = never) -> None:
    """Copy the database into a new private file, compact, and check the copy before it counts.

    The copy is made under another name and gets its own once it is known to be whole. Raises :class:`LibraryError` if
    the copy turns out damaged or incomplete, :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says
    so, and SQLite's own errors.
    """
    with flush_into_place(target) as partial:
        create_private_file(partial)
        version = data_version(connection)
        with cancellable(connection, cancelled):
            connection.execute("VACUUM INTO ?", (str(partial),))
        check_copy(connection, partial, version, cancelled)


@contextmanager
def flush_into_place(target: Path) -> Iterator[Path]:
    """A temporary path for a new database, which takes its place, durably, if the block succeeds."""
    if not target.parent.exists():
        target.parent.mkdir(parents=True)
        target.parent.chmod(0o700)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        yield partial
        put_in_place(partial, target)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            partial.with_name(partial.name + ending).unlink(missing_ok=True)


def backup_file(database: Path, target: Path, cancelled: Cancelled = never) -> None:
    """Copy a database that others may have open, as :func:`backup_database` does."""
    with closing(open_reader(database, for_copying=True)) as connection:
        backup_database(connection, target, cancelled)


def free_backup_path(folder: Path, reason: str, moment: datetime) -> Path:
    """A name for a backup that no file has yet: ``before-migration-20260102T030405Z.db``."""
    stamp = iso_time(moment).replace("-", "").replace(":", "")
    names = chain([f"{reason}-{stamp}.db"], (f"{reason}-{stamp}-{number}.db" for number in count(2)))
    return next(path for path in map(folder.joinpath, names) if not path.exists())


def check_copy(
    connection: sqlite3.Connection,
    copy: Path,
    version: int,
    cancelled: Cancelled = never,
    tables: Collection[str] = (),
) -> None:
    """Raise :class:`LibraryError` unless a copy is sound and as full as the original.

    A copy of some ``tables`` must not point at what it lacks. The original may have been written to since its
    ``version`` (:func:`data_version`) was read, just before it was copied; then only SQLite's checks count.
    """
    with closing(open_reader(copy)) as opened, cancellable(opened, cancelled):
        verdict = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
        is_whole = not tables or opened.execute("PRAGMA foreign_key_check").fetchone() is None
        is_full = _row_counts(opened, tables) == _row_counts(connection, tables)
        if verdict != "ok" or not is_whole or not (is_full or data_version(connection) != version):
            raise LibraryError(
                f"The backup {copy.name} is not a true copy ({verdict}); nothing was changed. Try again."
            )


def data_version(connection: sqlite3.Connection) -> int:
    """A number that changes when another connection commits."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _row_counts(connection: sqlite3.Connection, tables: Collection[str] = ()) -> dict[str, int]:
    """The number of rows of every table, or of some."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    counted = tables or [row[0] for row in names]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in counted}
