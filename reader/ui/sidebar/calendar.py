"""Where a listing stands in the calendar of listings: its month, its day and that day's name. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reader.domain.dates import PartialDate
from reader.domain.papers import Listing

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
NO_DATE = "No date"


@dataclass(frozen=True, slots=True)
class Day:
    """``month`` is the heading it stands under; ``weekday`` and ``day`` are empty where the date is not so exact."""

    month: str
    weekday: str = ""
    day: str = ""


def day_of(listing: Listing) -> Day:
    """The day of a listing; a guessed year has ``~`` before it, and then the day's name would be a guess as well."""
    found = PartialDate.parse_iso(listing.heading_date) if listing.heading_date else None
    if found is None or found.year is None:
        return Day(NO_DATE)
    year = f"~{found.year}" if listing.year_guessed else str(found.year)
    if found.month is None:
        return Day(year)
    month = f"{_MONTHS[found.month - 1]} {year}"
    if found.day is None:
        return Day(month)
    weekday = "" if listing.year_guessed else _WEEKDAYS[date(found.year, found.month, found.day).weekday()]
    return Day(month, weekday, str(found.day))
