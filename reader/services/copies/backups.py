"""Backups: making them when they are due, deleting old ones, and restoring one."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reader.domain.backups import Backup, BackupKind, BackupLimits, RestorePreview, backups_to_drop
from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError
from reader.domain.step_titles import StepKind
from reader.files import recall, write_file
from reader.services.copies.merge import merge_library
from reader.services.copies.restore import BACKUP_FOLDER, is_annotations_only, list_backups, staged_copy
from reader.services.library.files import LibraryFiles
from reader.services.library.history import History
from reader.storage.copies.differences import compare
from reader.storage.subject import Subject, changing

_STATE = "state.json"
_MANY = 100
"""Papers that may go with one operation from which on the library is backed up before."""
_QUICK = 32 << 20
"""Bytes of a database that is copied and checked in some tenths of a second."""
_ANNOTATIONS_EVERY = timedelta(minutes=30)


class Backups(Subject):
    """A library's backups, in its ``backups`` folder. None is a copy of the file: SQLite writes each one afresh."""

    def __init__(self, files: LibraryFiles, history: History) -> None:
        super().__init__(files.store)
        self._files, self._history = files, history
        self.limits = BackupLimits()
        """How many to keep, from the user's settings."""

    def make(self, kind: BackupKind = BackupKind.MANUAL, *, cancelled: Cancelled = never) -> Backup:
        """Make a checked copy of the whole database, or of the annotations alone, whether or not one is due.

        Raises :class:`~reader.domain.errors.WorkCancelledError`, nothing made, once ``cancelled`` says so.
        """
        target = self._store.free_backup_path(self._files.folder / BACKUP_FOLDER, kind.value)
        if kind is BackupKind.ANNOTATIONS:
            self._store.back_up_annotations(target)
        else:
            self._store.backup(target, cancelled)
        return next(backup for backup in self.all() if backup.path == target)

    def make_due(self, *, closing: bool = False, cancelled: Cancelled = never) -> list[Backup]:
        """Make the backups that are due, then delete those that are past their time; for a timer, once a minute.

        The annotations are due half an hour after the last time if they changed (when ``closing``: if they changed);
        the whole library once a day if anything did, but a large one not while ``closing``: nobody should wait for
        that, and next time it is made beside other work. Nothing is deleted before the new one was opened and checked.
        """
        annotations, library = self._store.backup_marks()
        noted = self._noted_marks()
        made = []
        if annotations != noted.get("annotations") and (closing or self._is_half_an_hour_ago()):
            made.append(self.make(BackupKind.ANNOTATIONS))
            noted["annotations"] = annotations
        is_due = library != noted.get("library") and not self._has_todays()
        if is_due and not (closing and self._store.path.stat().st_size > _QUICK):
            made.append(self.make(BackupKind.DAILY, cancelled=cancelled))
            noted["library"] = library
        if made:
            self._note_marks(noted)
            self.drop_old()
        return made

    def make_before_deletion(self, count: int) -> Backup | None:
        """Back up the library before ``count`` papers may go, if they are many and no backup has its present state."""
        mark = self._store.backup_marks()[1]
        noted = self._noted_marks()
        if count < _MANY or (mark == noted.get("library") and any(map(_is_daily, self.all()))):
            return None
        return self.make(BackupKind.BEFORE_DELETION)

    def drop_old(self) -> list[Backup]:
        """Delete the backups that exceed the limits; the deleted ones."""
        dropped = []
        for backup in backups_to_drop(self.all(), self.limits, self._store.clock()):
            with suppress(OSError):
                backup.path.unlink()
                dropped.append(backup)
        return dropped

    def all(self) -> list[Backup]:
        """The backups in the library's folder, the newest first."""
        return list_backups(self._files.folder)

    def preview(self, source: Path, *, cancelled: Cancelled = never) -> RestorePreview:
        """What restoring a backup would do; raises :class:`LibraryError` for what is no sound library.

        Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        merges = is_annotations_only(source)
        differences, titles = compare(self._store.path, source, merges=merges, cancelled=cancelled)
        lost, joined = ((), titles) if merges else (titles, ())
        return RestorePreview(source, differences, lost, merges, joined)

    @changing
    def restore(self, source: Path) -> Backup:
        """Go back to a backup; returns the backup made of what was there before.

        A backup of annotations is merged: what it has and the library lacks is added, as one step. Raises
        :class:`LibraryError`, nothing changed, if ``source`` is no sound library. No other thread may be reading;
        everything shown is to be read again.
        """
        with self._files.alone(), staged_copy(source, self._store.path) as staged:
            before = self.make(BackupKind.BEFORE_RESTORE)
            if is_annotations_only(staged):
                merge_library(self._store, staged, StepKind.ANNOTATIONS_RESTORED(time=self._time_of(source)))
                return before
            self._files.replace_database(staged)
            self._history.begin_session()
        self._files.indexer().discard()
        return before

    def _time_of(self, source: Path) -> str:
        """When a backup was made, for a step's title."""
        known = {backup.path: backup.time for backup in self.all()}
        time = known.get(source) or datetime.fromtimestamp(source.stat().st_mtime, UTC)
        return time.strftime("%Y-%m-%d %H:%M")

    def _is_half_an_hour_ago(self) -> bool:
        last = [backup.time for backup in self.all() if backup.kind is BackupKind.ANNOTATIONS]
        return not last or self._store.clock() - max(last) >= _ANNOTATIONS_EVERY

    def _has_todays(self) -> bool:
        """Whether the whole library was backed up today, as the user's clock has it."""
        days = {backup.time.astimezone().date() for backup in self.all() if _is_daily(backup)}
        return self._store.today() in days

    def _noted_marks(self) -> dict[str, str]:
        """What the library looked like at its last backups; empty if that is not known, and then they are due."""
        noted = recall(self._files.folder / BACKUP_FOLDER / _STATE)
        return {str(key): str(value) for key, value in noted.items()} if isinstance(noted, dict) else {}

    def _note_marks(self, marks: dict[str, str]) -> None:
        place = self._files.folder / BACKUP_FOLDER / _STATE
        try:
            write_file(place, json.dumps(marks).encode())
        except OSError as error:
            raise LibraryError(f"The folder {place.parent} cannot be written to: {error.strerror}.") from error


def _is_daily(backup: Backup) -> bool:
    return backup.kind is BackupKind.DAILY
