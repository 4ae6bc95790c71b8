"""Ranges as they are typed, of days (``2025-01..2025-06``, ``<30d``, ``spring``) and of numbers (``>5``)."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TypeAlias

from reader.domain.dates import LONG_MONTH_NAMES, PartialDate, months_later

Days: TypeAlias = tuple[date | None, date | None]
Numbers: TypeAlias = tuple[int | None, int | None]

_AGO = re.compile(r"(<=?|>=?)?(\d{1,5})([dwmy])")
_COMPARED = re.compile(r"(<=?|>=?|=)?(.+)", re.DOTALL)
_DAYS_IN = {"d": 1, "w": 7, "m": 30, "y": 365}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_SEASON_MONTHS = 3
_NUMBER = re.compile(r"\d{1,9}")
NAMED_DAYS = ("today", "yesterday", "spring", "summer", "autumn", "winter")
"""The names of times that completion offers; month names and ``fall`` are understood as well."""


def parse_days(text: str, today: date) -> Days | None:
    """Parse a range of days into its first and last day, None for an open side; None if ``text`` is not one.

    Understood are ``A..B``, ``A..``, ``..B``; a year, month or day; ``<``, ``<=``, ``>``, ``>=`` before one of these;
    ``<30d`` (also w, m, y): within the last 30 days, ``>30d`` longer ago; ``today``, ``yesterday``; a season or month
    by name: the latest that has begun, or that of a year (``spring-2025``). Seasons are those of the northern
    hemisphere.
    """
    text = text.strip().lower()
    if ".." in text:
        first, last = text.split("..", 1)
        return _between(first, last, today)
    ago = _AGO.fullmatch(text)
    if ago:
        return _ago(ago[1] or "<", int(ago[2]) * _DAYS_IN[ago[3]], today)
    match = _COMPARED.fullmatch(text)
    period = _period(match[2], today) if match else None
    if match is None or period is None:
        return None
    start, end = period
    ranges: dict[str, Days | None] = {
        "<": (None, start - timedelta(days=1)) if start > date.min else None,
        "<=": (None, end),
        ">": (end + timedelta(days=1), None) if end < date.max else None,
        ">=": (start, None),
    }
    return ranges.get(match[1] or "", period)


def parse_numbers(text: str) -> Numbers | None:
    """Parse a range of numbers into its bounds, None for an open side; None if ``text`` is not one."""
    text = text.strip()
    if ".." in text:
        least, greatest = text.split("..", 1)
        if not (least or greatest) or not all(_NUMBER.fullmatch(side) for side in (least, greatest) if side):
            return None
        if least and greatest:
            return min(int(least), int(greatest)), max(int(least), int(greatest))
        return int(least) if least else None, int(greatest) if greatest else None
    match = _COMPARED.fullmatch(text)
    if match is None or not _NUMBER.fullmatch(match[2]):
        return None
    number = int(match[2])
    if match[1] == "<" and number == 0:
        return None
    ranges: dict[str, Numbers] = {
        "<": (None, number - 1),
        "<=": (None, number),
        ">": (number + 1, None),
        ">=": (number, None),
    }
    return ranges.get(match[1] or "", (number, number))


def show_days(start: date | None, end: date | None) -> str:
    """A range of days in the form that :func:`parse_days` reads."""
    if start == end and start is not None:
        return start.isoformat()
    return f"{start.isoformat() if start else ''}..{end.isoformat() if end else ''}"


def show_numbers(minimum: int | None, maximum: int | None) -> str:
    """A range of numbers in the form that :func:`parse_numbers` reads."""
    if minimum == maximum:
        return str(minimum)
    return f"{'' if minimum is None else minimum}..{'' if maximum is None else maximum}"


def _between(first: str, last: str, today: date) -> Days | None:
    """The days from the first day of one period to the last day of another."""
    start, end = (_period(side, today) if side else (None, None) for side in (first, last))
    if start is None or end is None or not (first or last):
        return None
    if start[0] and end[1] and start[0] > end[1]:
        start, end = end, start
    return start[0], end[1]


def _ago(comparison: str, days: int, today: date) -> Days:
    """The days within the last so many days, or before them."""
    try:
        day = today - timedelta(days=days)
    except OverflowError:
        day = date.min
    return (day, None) if comparison.startswith("<") else (None, day)


def _period(text: str, today: date) -> tuple[date, date] | None:
    """The first and last day of a year, month, day or named time."""
    text = text.strip()
    named = _named_period(text, today)
    if named:
        return named
    partial = PartialDate.parse_iso(text) if re.fullmatch(r"[\d-]+", text) else None
    if partial is None or partial.year is None:
        return None
    if partial.month is None:
        return date(partial.year, 1, 1), date(partial.year, 12, 31)
    if partial.day is None:
        return _months(partial.year, partial.month, 1)
    day = date(partial.year, partial.month, partial.day)
    return day, day


def _named_period(text: str, today: date) -> tuple[date, date] | None:
    """The range of today, yesterday, a season or a month; the latest that has begun, unless a year is given."""
    if text == "today":
        return today, today
    if text == "yesterday" and today > date.min:
        return today - timedelta(days=1), today - timedelta(days=1)
    match = re.fullmatch(r"(?:(\d{4})-)?([a-z]{3,9})(?:-(\d{4}))?", text)
    month = _month_of(match[2]) if match else None
    if match is None or month is None or (match[1] and match[3]):
        return None
    count = _SEASON_MONTHS if match[2] in _SEASONS else 1
    year = int(match[1] or match[3] or 0) or (today.year if month <= today.month else today.year - 1)
    if year < 1 or (year == date.max.year and month == 12 and count > 1):
        return None
    return _months(year, month, count)


def _month_of(name: str) -> int | None:
    """The month in which a season begins, or the number of a month by name (three letters or more)."""
    if name in _SEASONS:
        return _SEASONS[name]
    months = enumerate(LONG_MONTH_NAMES, start=1)
    return next((number for number, month in months if month.lower().startswith(name)), None)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """The first and last day of ``count`` months."""
    last = months_later(date(year, month, 1), count - 1)
    return date(year, month, 1), last.replace(day=calendar.monthrange(last.year, last.month)[1])
