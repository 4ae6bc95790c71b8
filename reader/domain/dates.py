"""Dates as pages show them, with or without a year, and the rule that finds a missing year."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

# English whatever the system's language, so not from the calendar module.
LONG_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    "December",
)
MONTH_NAMES = tuple(name[:3] for name in LONG_MONTH_NAMES)
_MONTH_NUMBERS = {
    name: number for names in (MONTH_NAMES, LONG_MONTH_NAMES) for number, name in enumerate(names, start=1)
} | {"Sept": 9}
_SHOWN_DATE = re.compile(r"([A-Z][a-z]{2,8})\.? (\d{1,2})(?:, (\d{4}))?")
_LEAP_YEAR = 2000
# Leap years are at most eight years apart (2096 and 2104), so nine years always include a 29 February.
_YEARS_TO_TRY = 9


def month_number(name: str) -> int | None:
    """The number of a month written in full or as its first three letters, in any case; None for another word."""
    return _MONTH_NUMBERS.get(name.title())


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last day. Raises OverflowError after the year 9999."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date whose year, or whose month and day, may be unknown.

    Raises :class:`ValueError` for a day that exists in no year; 29 February is allowed if the year is unknown.
    """

    year: int | None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Check that the date exists."""
        if self.year is not None and not 1 <= self.year <= 9999:
            raise ValueError(f"no year: {self.year}")
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        if self.month is not None:
            date(self.year or _LEAP_YEAR, self.month, 1 if self.day is None else self.day)

    @classmethod
    def from_date(cls, day: date) -> PartialDate:
        """The complete date ``day``."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse_shown(cls, text: str) -> PartialDate | None:
        """Parse a date as the Daily Papers page shows it (``Dec 8``, ``Sep 25, 2024``); None for other text."""
        match = _SHOWN_DATE.fullmatch(text.strip())
        if match is None:
            return None
        month = month_number(match[1])
        if month is None:
            return None
        try:
            return cls(int(match[3]) if match[3] else None, month, int(match[2]))
        except ValueError:
            return None

    @classmethod
    def parse_iso(cls, text: str) -> PartialDate | None:
        """Parse ``2024``, ``2024-05`` or ``2024-05-03`` (a time after the day is ignored); None for other text."""
        match = re.match(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?=$|[T ])", text.strip())
        if match is None:
            return None
        try:
            return cls(int(match[1]), *(int(part) if part else None for part in match.group(2, 3)))
        except ValueError:
            return None

    def with_year(self, year: int) -> PartialDate:
        """This date with ``year`` if its year is unknown; 29 February becomes the 28th in a common year."""
        if self.year is not None:
            return self
        if self.month == 2 and self.day == 29 and not calendar.isleap(year):
            return PartialDate(year, 2, 28)
        return PartialDate(year, self.month, self.day)

    def iso(self) -> str:
        """ISO 8601 with reduced precision: ``2024``, ``2024-05`` or ``2024-05-03``; ``--05-03`` without a year."""
        parts = [f"{self.year:04d}" if self.year is not None else "-"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def shown(self) -> str:
        """The date as the page shows it: ``Sep 25, 2024``, ``Dec 8``, ``2024``."""
        if self.month is None:
            return str(self.year)
        month = MONTH_NAMES[self.month - 1]
        day = f"{month} {self.day}" if self.day is not None else month
        return f"{day}, {self.year}" if self.year is not None else day


@dataclass(frozen=True, slots=True)
class PageYear:
    """A page's year, and whether it is a guess rather than read or worked out from the page's entries."""

    year: int
    guessed: bool


def resolve_page_year(
    heading: PartialDate | None,
    entries: Iterable[PartialDate],
    *,
    not_after: date,
    retrieved: date | None = None,
) -> PageYear:
    """Find the year of a page that omits the year in dates of its own year (decision 2).

    If any of the ``entries`` shows a year, the page's year is the first year after the newest one shown in which no
    yearless entry is later than the heading. If there is no such year (the heading is then not the page's own day), it
    is the year after the newest one shown, as a guess. If no entry shows a year, it is the latest year in which the
    heading is not after ``not_after`` (the earlier of the file's modification time and today), as a guess.
    ``retrieved``, the day the page was fetched, replaces both rules if the file states it.
    """
    if heading is not None and heading.year is not None:
        return PageYear(heading.year, guessed=False)
    if retrieved is not None:
        return PageYear(_latest_year(heading, retrieved), guessed=False)
    entries = list(entries)
    shown = [entry.year for entry in entries if entry.year is not None]
    if not shown:
        return PageYear(_latest_year(heading, not_after), guessed=True)
    yearless = [entry for entry in entries if entry.year is None]
    first = max(shown) + 1
    for year in range(first, first + _YEARS_TO_TRY):
        if _fits(year, heading, yearless):
            return PageYear(year, guessed=False)
    return PageYear(first, guessed=True)


def _latest_year(heading: PartialDate | None, not_after: date) -> int:
    """The latest year in which the heading exists and is not after a given day."""
    if heading is None or heading.month is None:
        return not_after.year
    for year in range(not_after.year, not_after.year - _YEARS_TO_TRY, -1):
        if _exists(heading, year) and (heading.month, heading.day or 1) <= (not_after.month, not_after.day):
            return year
        # Every day of an earlier year is in the past.
        not_after = date(year - 1, 12, 31) if year > 1 else not_after
    return not_after.year


def _fits(year: int, heading: PartialDate | None, yearless: list[PartialDate]) -> bool:
    """Whether the heading and all yearless entries exist in ``year``, with no entry later than the heading."""
    if not all(_exists(entry, year) for entry in yearless):
        return False
    if heading is None or heading.month is None:
        return True
    latest = (heading.month, heading.day or 31)
    return _exists(heading, year) and all((entry.month or 1, entry.day or 1) <= latest for entry in yearless)


def _exists(day: PartialDate, year: int) -> bool:
    """Whether a day exists in ``year``."""
    return not (day.month == 2 and day.day == 29) or calendar.isleap(year)
