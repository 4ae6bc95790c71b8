"""Backups of a library's database: their facts, which ones to keep, and how they differ from the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path


class BackupKind(StrEnum):
    """The reason for a backup; its file name begins with it."""

    MANUAL = "backup"
    DAILY = "daily"
    ANNOTATIONS = "annotations"
    BEFORE_MIGRATION = "before-migration"
    BEFORE_RESTORE = "before-restore"
    BEFORE_DELETION = "before-deletion"
    BEFORE_REPAIR = "before-repair"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of a library's database: its path, the time it was made (UTC) and its number of papers.

    A backup of kind ANNOTATIONS holds the annotations and just enough of the papers to restore them. ``size`` is in
    bytes.
    """

    path: Path
    time: datetime
    paper_count: int
    kind: BackupKind = BackupKind.MANUAL
    size: int = 0


@dataclass(frozen=True, slots=True)
class BackupLimits:
    """The number of backups to keep. ``total`` is in bytes. Backups made by the user are never deleted."""

    daily: int = 12
    weekly: int = 10
    monthly: int = 9
    total: int = 2 << 30


@dataclass(frozen=True, slots=True)
class CountedDifference:
    """A difference between a library and a backup in one kind of data; ``what`` is a plural such as "notes"."""

    what: str
    only_here: int
    only_there: int
    changed: int

    def __bool__(self) -> bool:
        return bool(self.only_here or self.only_there or self.changed)


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """The effects of a restore: the differences, and examples of what would be lost.

    ``lost_titles`` are papers that only the library has, or whose notes would be removed or replaced. If ``merges`` is
    True (for a backup of annotations), the differences are additions and changes, nothing is removed, and
    ``joined_titles`` are papers whose notes would have the backup's text appended.
    """

    path: Path
    differences: tuple[CountedDifference, ...]
    lost_titles: tuple[str, ...] = field(default=())
    merges: bool = False
    joined_titles: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the restore would change nothing."""
        return not any(self.differences)


_RECENT_ANNOTATIONS = 12
_LEAST_BEFORE = 3
_TIME_BEFORE = timedelta(days=30)


def backups_to_drop(backups: Iterable[Backup], limits: BackupLimits, now: datetime) -> list[Backup]:
    """The backups to delete, the least useful first.

    Of the daily backups, and of those of annotations, the newest of each of the last days, weeks and months that have
    any is kept. Of those made before an operation, the last few and all of the last month are kept. If the rest is
    still too large, the oldest are deleted until it is not; the newest whole backup and the newest of annotations are
    always kept.
    """
    found = sorted(backups, key=lambda backup: backup.time, reverse=True)
    of_kind = {kind: [backup for backup in found if backup.kind is kind] for kind in BackupKind}
    daily, annotations = of_kind[BackupKind.DAILY], of_kind[BackupKind.ANNOTATIONS]
    before = [backup for backup in found if backup.kind.startswith("before-")]
    whole = [backup for backup in found if backup.kind is not BackupKind.ANNOTATIONS]
    needed = {*of_kind[BackupKind.MANUAL], *whole[:1], *annotations[:1]}
    kept = needed | _spread(daily, limits) | _spread(annotations, limits) | set(annotations[:_RECENT_ANNOTATIONS])
    kept |= {*before[:_LEAST_BEFORE], *(backup for backup in before if now - backup.time <= _TIME_BEFORE)}
    total = sum(backup.size for backup in kept)
    # Oldest first.
    for backup in reversed(found):
        if total > limits.total and backup in kept - needed:
            kept.remove(backup)
            total -= backup.size
    return [backup for backup in reversed(found) if backup not in kept]


def _spread(backups: list[Backup], limits: BackupLimits) -> set[Backup]:
    """The newest backup of each of the last days, weeks and months; ``backups`` are sorted newest first."""
    kept: set[Backup] = set()
    # %G-%V is the ISO week; its year differs from the calendar's around New Year.
    for period, count in (("%Y-%m-%d", limits.daily), ("%G-%V", limits.weekly), ("%Y-%m", limits.monthly)):
        # Going from old to new, the last one written under a period is its newest.
        newest = {backup.time.astimezone().strftime(period): backup for backup in reversed(backups)}
        kept.update(list(reversed(newest.values()))[:count])
    return kept
