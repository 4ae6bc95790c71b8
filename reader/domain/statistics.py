"""How one reads: figures over time, the inbox's age, and what is kept; grouped so that a picture can show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ListingDay:
    """The papers of one day's listings: ``new`` ones that the library had not seen before, and known ones."""

    day: date
    new: int
    known: int


@dataclass(frozen=True, slots=True)
class DayOfReading:
    """What was done on one day: papers seen, and papers whose present state was given to them on it."""

    day: date
    seen: int = 0
    queued: int = 0
    done: int = 0
    dismissed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """How many papers of a tag or an organisation were kept (queued, being read, done or starred), and dismissed."""

    name: str
    kept: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class ReadingStatistics:
    """Everything the statistics view shows.

    ``inbox_days`` has the number of papers in the inbox by the day on which they came, ``today`` is the day it is.
    Tags and organisations come with the most decided first.
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
        """How many papers are in the inbox."""
        return sum(count for _, count in self.inbox_days)


class Period(StrEnum):
    """How long the stretches are that days are grouped into."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    def start(self, day: date) -> date:
        """The first day of the stretch that a day lies in; weeks begin on Monday."""
        if self is Period.WEEK:
            return day - timedelta(days=day.weekday())
        if self is Period.MONTH:
            return day.replace(day=1)
        return day.replace(month=1, day=1) if self is Period.YEAR else day

    def next(self, start: date) -> date:
        """The first day of the stretch after the one that begins on ``start``."""
        if self is Period.MONTH:
            return (start + timedelta(days=31)).replace(day=1)
        if self is Period.YEAR:
            return start.replace(year=start.year + 1)
        return start + timedelta(days=7 if self is Period.WEEK else 1)


def period_for(days: Sequence[date], most: int, *, gaps: bool) -> Period:
    """The shortest period of which at most ``most`` show all days (at least one); with ``gaps``, empty ones count."""
    for period in Period:
        starts = {period.start(day) for day in days}
        count = len(starts)
        if gaps and starts:
            lengths = {Period.DAY: 1.0, Period.WEEK: 7.0, Period.MONTH: 30.4, Period.YEAR: 365.2}
            count = round((max(starts) - min(starts)).days / lengths[period]) + 1
        if count <= most:
            return period
    return Period.YEAR


def stretches(first: date, last: date, period: Period) -> list[date]:
    """The first days of all stretches from the one of ``first`` to the one of ``last``, empty ones included."""
    starts = [period.start(first)]
    while period.next(starts[-1]) <= last:
        starts.append(period.next(starts[-1]))
    return starts


def summed(figures: Iterable[tuple[date, tuple[int, ...]]], period: Period) -> dict[date, tuple[int, ...]]:
    """Figures of days added up by stretch, those without any left out."""
    sums: dict[date, tuple[int, ...]] = {}
    for day, values in figures:
        start = period.start(day)
        before = sums.get(start, (0,) * len(values))
        sums[start] = tuple(one + other for one, other in zip(before, values, strict=True))
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
"""Up to how many days old, in words; what is older is "older"."""


def ages(inbox_days: Iterable[tuple[date, int]], today: date) -> list[tuple[str, int]]:
    """The inbox's papers by how long they have been there; every group of :data:`AGES`, and the older ones."""
    names = [*(name for _, name in AGES), "older"]
    counts = dict.fromkeys(names, 0)
    for day, count in inbox_days:
        age = (today - day).days
        counts[next((name for limit, name in AGES if age <= limit), "older")] += count
    return list(counts.items())
