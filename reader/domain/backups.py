"""Backups of a library's database: what one is, which to keep, and how one differs from the library."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path


class BackupKind(StrEnum):
    """Why a backup was made; its file's name begins with it."""

    MANUAL = "backup"
    DAILY = "daily"
    ANNOTATIONS = "annotations"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"
    BEFORE_DELETION = "before-deletion"
    BEFORE_REPAIR = "before-repair"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a library's database: where it is, when it was made (UTC), and how many papers it holds.

    One of kind ANNOTATIONS holds what the user added and just enough of the papers to put it back. ``size`` is in
    bytes.
    """

    path: Path
    time: datetime
    paper_count: int
    kind: BackupKind = BackupKind.MANUAL
    size: int = 0


@dataclass(frozen=True, slots=True)
class BackupLimits:
    """How many backups to keep. ``total`` is in bytes; what the user made by hand is never dropped."""

    daily: int = 12
    weekly: int = 10
    monthly: int = 9
    total: int = 2 << 30


@dataclass(frozen=True, slots=True)
class CountedDifference:
    """How a library and a backup differ in one respect: ``what`` is a plural such as "notes"."""

    what: str
    only_here: int
    only_there: int
    changed: int

    def __bool__(self) -> bool:
        return bool(self.only_here or self.only_there or self.changed)


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """What going back to a backup would mean: where the two differ, and some of what would be gone afterwards.

    ``lost_titles`` are papers that only the library has, or whose notes would be gone or other ones. A backup of
    annotations ``merges``: then the differences are what would be added and changed, nothing goes, and
    ``joined_titles`` are papers whose notes would get the backup's text behind their own.
    """

    path: Path
    differences: tuple[CountedDifference, ...]
    lost_titles: tuple[str, ...] = field(default=())
    merges: bool = False
    joined_titles: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing would change."""
        return not any(self.differences)


_RECENT_ANNOTATIONS = 12
_LEAST_BEFORE = 3
_TIME_BEFORE = timedelta(days=30)


def backups_to_drop(backups: Iterable[Backup], limits: BackupLimits, now: datetime) -> list[Backup]:
    """The backups to delete, the least missed first.

    Of the daily ones (and of those of annotations) the newest of each of the last days, weeks and months that have any
    stays; of those made before something was done, the last few and all of the last month. If all together are still
    too large, the oldest go until they are not; the newest whole one and the newest of annotations stay in any case.
    """
    found = sorted(backups, key=lambda backup: backup.time, reverse=True)
    daily = [backup for backup in found if backup.kind is BackupKind.DAILY]
    annotations = [backup for backup in found if backup.kind is BackupKind.ANNOTATIONS]
    before = [backup for backup in found if backup.kind.startswith("before-")]
    whole = [backup for backup in found if backup.kind is not BackupKind.ANNOTATIONS]
    kept = _spread(daily, limits) | _spread(annotations, limits) | set(annotations[:_RECENT_ANNOTATIONS])
    kept |= {backup for backup in before if now - backup.time <= _TIME_BEFORE} | set(before[:_LEAST_BEFORE])
    kept |= {backup for backup in found if backup.kind is BackupKind.MANUAL}
    needed = {*whole[:1], *annotations[:1]}
    dropped = [backup for backup in found if backup not in kept | needed]
    total = sum(backup.size for backup in found) - sum(backup.size for backup in dropped)
    for backup in reversed(found):
        if total <= limits.total:
            break
        if backup in kept and backup not in needed and backup.kind is not BackupKind.MANUAL:
            dropped.append(backup)
            total -= backup.size
    return sorted(dropped, key=lambda backup: backup.time)


def _spread(backups: list[Backup], limits: BackupLimits) -> set[Backup]:
    """The newest of each of the last days, weeks and months; ``backups`` come newest first."""
    kept: set[Backup] = set()
    for period, count in (("%Y-%m-%d", limits.daily), ("%G-%V", limits.weekly), ("%Y-%m", limits.monthly)):
        newest: dict[Hashable, Backup] = {}
        for backup in backups:
            newest.setdefault(backup.time.astimezone().strftime(period), backup)
        kept |= set(list(newest.values())[:count])
    return kept
