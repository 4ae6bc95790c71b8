"""Checks of a database file before it is trusted: is it a library, is it whole, can anything in it act by itself?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.storage.cancellation import reading
from reader.storage.connection import open_plain
from reader.storage.copies.annotation_backup import ANNOTATIONS_ONLY
from reader.storage.errors import library_errors
from reader.storage.migration import check_schema
from reader.storage.migrations import STEPS
from reader.storage.sync.identity import disown_device


def count_papers(path: Path) -> int:
    """The number of papers in a library's database file; raises as :func:`check_library_file`, less thoroughly."""
    if not path.is_file():
        raise LibraryError(f"There is no file {path}.")
    with reading(path) as connection:
        check_schema(connection, path, STEPS)
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'papers'").fetchone():
            raise LibraryError(f"{path} is no Lectern library; choose another backup.")
        return int(connection.execute("SELECT count(*) FROM papers").fetchone()[0])


def is_up_to_date(path: Path) -> bool:
    """Whether a library is there and needs no migration; raises :class:`LibraryError` for what is none, or a newer."""
    if not path.is_file():
        return False
    with reading(path) as connection:
        return check_schema(connection, path, STEPS)


def is_annotations_only(path: Path) -> bool:
    """Whether a library's database is a backup of annotations."""
    with reading(path) as connection:
        return bool(connection.execute("PRAGMA user_version").fetchone()[0] == ANNOTATIONS_ONLY)


def make_harmless(path: Path) -> None:
    """Drop a strange database's triggers, which are made anew at its opening; refuse views and unknown tables.

    A copy must not write under the name that the library has among other devices, so that is marked as another's.
    To be called on a copy before anything else is done with it. Raises :class:`LibraryError` for what is no library's.
    """
    with library_errors(path), closing(open_plain(path)) as connection:
        connection.execute("PRAGMA trusted_schema=OFF")
        objects = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
        ours = _known_names()
        for kind, name, sql in objects:
            is_strange = kind == "table" and name not in ours and not name.startswith("sqlite_")
            if kind == "view" or sql.upper().startswith("CREATE VIRTUAL") or is_strange:
                raise LibraryError(f"{path.name} is no Lectern library: it has a {kind} “{name[:40]}”.")
        for kind, name, _ in objects:
            if kind == "trigger":
                quoted = name.replace('"', '""')
                connection.execute(f'DROP TRIGGER "{quoted}"')
        disown_device(connection)


def _known_names() -> set[str]:
    """The tables that a library may have."""
    with closing(Database(memory=True)) as db:
        STEPS.apply(db)
        return {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}


def quick_check(path: Path, cancelled: Cancelled = never) -> None:
    """Raise :class:`LibraryDamagedError` unless SQLite's quick look (all pages, no indexes) finds a database sound.

    Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    with reading(path, cancelled) as connection:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise LibraryDamagedError(f"The library {path} is damaged ({verdict}); restore a backup.")


def check_library_file(path: Path) -> None:
    """Raise :class:`LibraryError` unless a file is a library's database, of this or an older Lectern, and whole."""
    count_papers(path)
    with reading(path) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise LibraryDamagedError(f"{path} is damaged ({verdict}); choose another backup.")
