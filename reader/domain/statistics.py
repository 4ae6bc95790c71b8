"""Reading statistics: numbers over time, the age of the inbox, and what is kept, grouped for charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ListingDay:
    """The papers of one day's listings: ``new`` ones, and those the library already had."""

    day: date
    new: int
    known: int


@dataclass(frozen=True, slots=True)
class DayOfReading:
    """The reading of one day: papers seen, and papers that reached their present state on it."""

    day: date
    seen: int = 0
    queued: int = 0
    done: int = 0
    dismissed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How many papers of a tag or organisation were kept (queued, being read, done or starred) or dismissed."""

    name: str
    kept: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class ReadingStatistics:
    """Everything that the statistics view shows.

    ``inbox_days`` is the number of papers in the inbox by the day they arrived; ``today`` is the current day. Tags and
    organisations are sorted by their number of decided papers.
    """

    today: date
    listing_days: tuple[ListingDay, ...] = ()
    reading: tuple[DayOfReading, ...] = ()
    inbox_days: tuple[tuple[date, int], ...] = ()
    tags: tuple[Kept, ...] = ()
    organizations: tuple[Kept, ...] = ()
    papers: int = 0

    @property
    def inbox(self) -> int:
        """The number of papers in the inbox."""
        return sum(count for _, count in self.inbox_days)


class Period(StrEnum):
    """The lengths of period by which days can be grouped."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first day of the period that contains a day; weeks begin on Monday."""
        if self is Period.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(month=1 if self is Period.YEAR else day.month, day=day.day if self is Period.DAY else 1)


_LONGEST = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 31, Period.YEAR: 366}
"""The largest number of days in a period: so many days after its first day, the next period has begun."""


def period_for(days: Sequence[date], most: int, *, gaps: bool) -> Period:
    """The shortest period with at most about ``most`` groups for all days; with ``gaps``, empty groups count too."""
    for period, longest in _LONGEST.items():
        starts = {period.start(day) for day in days}
        count = round((max(starts) - min(starts)).days / longest) + 1 if gaps and starts else len(starts)
        if count <= most:
            return period
    return Period.YEAR


def stretches(first: date, last: date, period: Period) -> list[date]:
    """The first days of all periods from the one of ``first`` to the one of ``last``, including empty ones."""
    start, starts = period.start(first), []
    while start <= last:
        starts.append(start)
        start = period.start(start + timedelta(days=_LONGEST[period]))
    return starts


def summed(figures: Iterable[tuple[date, tuple[int, ...]]], period: Period) -> dict[date, tuple[int, ...]]:
    """The numbers of days summed by period; periods without any are left out."""
    sums: dict[date, tuple[int, ...]] = {}
    for day, values in figures:
        start = period.start(day)
        sums[start] = tuple(map(sum, zip(sums.get(start, (0,) * len(values)), values, strict=True)))
    return dict(sorted(sums.items()))


AGES: tuple[tuple[int, str], ...] = (
    (0, "today"),
    (1, "yesterday"),
    (7, "this week"),
    (14, "2 weeks"),
    (31, "a month"),
    (92, "3 months"),
    (366, "a year"),
)
"""Age groups in days, with their names; anything older is "older"."""


def ages(inbox_days: Iterable[tuple[date, int]], today: date) -> list[tuple[str, int]]:
    """The number of inbox papers by age, in the groups of :data:`AGES` and "older"."""
    counts = dict.fromkeys([*(name for _, name in AGES), "older"], 0)
    for day, count in inbox_days:
        age = (today - day).days
        counts[next((name for limit, name in AGES if age <= limit), "older")] += count
    return list(counts.items())
