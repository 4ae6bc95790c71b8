"""Which backups stay: few, spread over time, and never none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.backups import Backup, BackupKind, BackupLimits, backups_to_drop

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
USUAL = BackupLimits()


def made(days_ago: float, kind: BackupKind = BackupKind.DAILY, size: int = 1) -> Backup:
    time = NOW - timedelta(days=days_ago)
    return Backup(Path(f"{kind.value}-{time:%Y%m%dT%H%M%S%f}.db"), time, 1, kind, size)


backups = st.lists(
    st.builds(made, st.integers(0, 800), st.sampled_from(list(BackupKind)), st.integers(1, 1000)),
    max_size=60,
    unique_by=lambda backup: backup.path,
)


def kept(found: list[Backup], limits: BackupLimits = USUAL) -> list[Backup]:
    dropped = backups_to_drop(found, limits, NOW)
    return [backup for backup in found if backup not in dropped]


def test_two_years_of_days_leave_days_weeks_and_months() -> None:
    left = kept([made(day) for day in range(730)])
    ages = sorted((NOW - backup.time).days for backup in left)
    assert ages[:12] == list(range(12))
    assert 20 <= len(left) <= 12 + 10 + 9
    weeks = {backup.time.strftime("%G-%V") for backup in left if (NOW - backup.time).days < 70}
    assert len(weeks) == 10
    assert len({backup.time.strftime("%Y-%m") for backup in left}) == 9


def test_dropping_every_day_leaves_as_much_as_dropping_once() -> None:
    """The rules hold as backups are made one by one, not only over a full set."""
    left: list[Backup] = []
    for day in range(400, -1, -1):
        left.append(made(day))
        now = NOW - timedelta(days=day)
        dropped = backups_to_drop(left, BackupLimits(), now)
        left = [backup for backup in left if backup not in dropped]
    ages = sorted((NOW - backup.time).days for backup in left)
    assert ages[:12] == list(range(12))
    assert len({backup.time.strftime("%Y-%m") for backup in left}) == 9


@given(backups, st.integers(0, 5_000))
def test_the_newest_stay_and_so_does_what_the_user_made(found: list[Backup], total: int) -> None:
    left = kept(found, BackupLimits(total=total))
    for wanted in (
        [b for b in found if b.kind is not BackupKind.ANNOTATIONS],
        [b for b in found if b.kind is BackupKind.ANNOTATIONS],
    ):
        if wanted:
            newest = max(backup.time for backup in wanted)
            assert any(backup.time == newest for backup in left if backup in wanted)
    assert all(backup in left for backup in found if backup.kind is BackupKind.MANUAL)
    automatic = [b for b in left if b.kind is not BackupKind.MANUAL]
    if sum(backup.size for backup in left) > total:
        assert len(automatic) <= 2


@given(backups)
def test_within_the_size_recent_ones_are_not_dropped(found: list[Backup]) -> None:
    left = kept(found, BackupLimits(total=10**9))
    before = sorted((b for b in found if b.kind.startswith("before-")), key=lambda b: b.time, reverse=True)
    assert all(backup in left for backup in before if NOW - backup.time <= timedelta(days=30))
    assert all(backup in left for backup in before[:3])
    assert kept(left, BackupLimits(total=10**9)) == left


def test_half_hours_of_a_day_leave_the_last_six_hours() -> None:
    left = kept([made(number / 48, BackupKind.ANNOTATIONS) for number in range(48 * 5)])
    assert len([backup for backup in left if NOW - backup.time < timedelta(hours=6)]) == 12
    assert len({backup.time.astimezone().date() for backup in left}) >= 5
