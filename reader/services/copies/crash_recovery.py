"""After a crash or damage: checking a database before it is written to, and keeping what is there.

A database is never deleted: a damaged one is moved aside with its log, and one that a crash left with a log is copied
aside before SQLite makes one of the two. Both lie in the library's ``aside`` folder.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.services.copies.restore import BACKUP_FOLDER
from reader.services.library.files import DATABASE_NAME
from reader.services.process.lock import LibraryLock
from reader.storage.copies.database_files import (
    check_is_whole,
    check_log_belongs,
    copy_aside,
    has_leftover_log,
    move_aside,
)
from reader.storage.copies.soundness import quick_check

ASIDE_FOLDER = "aside"
_AFTER_CRASH, _DAMAGED = "after-crash", "damaged"
_KEPT_AFTER_CRASH = 2
_SMALL = 64 << 20
"""Bytes of a database up to which it is checked at once, which takes some tenths of a second."""


def check_before_writing(lock: LibraryLock, *, thorough: bool = False) -> None:
    """Check a library before anything is written to it; for the holder of its lock.

    Raises :class:`LibraryDamagedError`, nothing changed, where opening it would bury what is there: the database is
    gone or cut short though the library had one, or lies beside another one's log. After a crash it is checked at once
    if it is small, or if the check is to be ``thorough``; else ``lock.needs_check`` stays, for a check beside other
    work (:func:`check_after_crash`).
    """
    database = lock.path.with_name(DATABASE_NAME)
    if not database.exists() or database.stat().st_size == 0:
        _check_is_new(database)
        return
    check_is_whole(database)
    size = sum(file.stat().st_size for file in (database, *database.parent.glob(f"{DATABASE_NAME}-wal")))
    if has_leftover_log(database):
        check_log_belongs(database)
        lock.needs_check = True
        thorough = not _keep_copy(database) or thorough
    if lock.needs_check and (thorough or size <= _SMALL):
        check_after_crash(lock)


def check_after_crash(lock: LibraryLock, cancelled: Cancelled = never) -> None:
    """Check the database after a crash; raises :class:`LibraryDamagedError`. For any thread.

    Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so; the check is still due then.
    """
    quick_check(lock.path.with_name(DATABASE_NAME), cancelled)
    lock.mark_checked()
    _drop_old_copies(lock.path.parent)


def put_aside(folder: Path) -> Path | None:
    """Move a library's damaged database, which nobody has open, aside; its new place, or None if there is none."""
    database = folder / DATABASE_NAME
    target = _free_folder(folder, _DAMAGED)
    try:
        move_aside(database, target)
    except OSError as error:
        sentence = f"The damaged library {database} cannot be moved aside: {error.strerror or error}."
        raise LibraryError(sentence) from error
    if not any(target.iterdir()):
        target.rmdir()
        return None
    return target


def _check_is_new(database: Path) -> None:
    """Raise :class:`LibraryDamagedError` if a library without a database had one once."""
    folder = database.parent
    remains = [folder / "sources", folder / BACKUP_FOLDER]
    if has_leftover_log(database) or any(any(_contents(place)) for place in remains):
        raise LibraryDamagedError(
            f"The library {folder} has lost its database {DATABASE_NAME}; restore a backup, or move the folder away to "
            "start with an empty library."
        )


def _contents(folder: Path) -> list[Path]:
    """The files and folders in a folder, but for those that crashes of importing leave."""
    return [path for path in folder.glob("*") if not path.name.startswith(".")]


def _keep_copy(database: Path) -> bool:
    """Copy the database and its log aside; whether there was room for that."""
    target = _free_folder(database.parent, _AFTER_CRASH)
    try:
        copy_aside(database, target)
    except OSError:
        shutil.rmtree(target, ignore_errors=True)
        return False
    return True


def _drop_old_copies(folder: Path) -> None:
    """Remove all but the latest copies that crashes made necessary; what was damaged stays."""
    copies = sorted((folder / ASIDE_FOLDER).glob(f"{_AFTER_CRASH}-*"))
    for copy in copies[:-_KEPT_AFTER_CRASH]:
        with suppress(OSError):
            shutil.rmtree(copy)


def _free_folder(folder: Path, reason: str) -> Path:
    """A name in the aside folder that nothing has yet; names sort by time."""
    aside = folder / ASIDE_FOLDER
    if not aside.exists():
        aside.mkdir(mode=0o700)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return aside / f"{reason}-{stamp}"
