"""Finding backups, and putting a checked copy of one in the place of a library's database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from reader.domain.backups import Backup, BackupKind
from reader.domain.errors import LibraryError
from reader.files import flush_file, flush_folder
from reader.storage.copies.backup import backup_file
from reader.storage.copies.soundness import check_library_file, count_papers, is_annotations_only, make_harmless

__all__ = ["BACKUP_FOLDER", "is_annotations_only", "list_backups", "replace_database", "staged_copy"]

BACKUP_FOLDER = "backups"
_ENDING = ".db"
_NAME = re.compile(r"(?P<kind>[a-z-]+)-(?P<time>\d{8}T\d{6})Z(-\d+)?")


def list_backups(folder: Path) -> list[Backup]:
    """The readable backups in a library's folder, the newest first."""
    found = []
    for path in (folder / BACKUP_FOLDER).glob(f"*{_ENDING}"):
        with suppress(LibraryError, OSError):
            kind, time = _kind_and_time(path)
            found.append(Backup(path, time, count_papers(path), kind, path.stat().st_size))
    return sorted(found, key=lambda backup: (backup.time, backup.path.name), reverse=True)


def _kind_and_time(path: Path) -> tuple[BackupKind, datetime]:
    """What a backup's name says of it: ``daily-20260102T030405Z.db``; of other names the time of the last change."""
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return BackupKind.MANUAL, datetime.fromtimestamp(path.stat().st_mtime, UTC)
    time = datetime.strptime(named["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return next((kind for kind in BackupKind if kind == named["kind"]), BackupKind.MANUAL), time


@contextmanager
def staged_copy(source: Path, database: Path) -> Iterator[Path]:
    """A checked copy of a backup beside a library's database, ready to take its place; gone after the block.

    SQLite makes the copy, so a database that is in use, or has a log beside it, is copied whole.

    Raises :class:`LibraryError` if the backup is no sound library.
    """
    staged = database.with_name(f"{database.name}.restoring")
    try:
        staged.unlink(missing_ok=True)
        check_library_file(source)
        backup_file(source, staged)
        make_harmless(staged)
        flush_file(staged)
        yield staged
    except OSError as error:
        raise LibraryError(f"{source.name} cannot be restored: {error.strerror or error}.") from error
    finally:
        staged.unlink(missing_ok=True)


def replace_database(staged: Path, database: Path) -> None:
    """Put a staged copy in the place of a closed database; logs of the old one would damage it, so they go."""
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    staged.replace(database)
    flush_file(database)
    flush_folder(database.parent)
