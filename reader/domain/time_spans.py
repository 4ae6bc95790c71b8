"""Days as people type them: ``3d``, ``2 weeks``, ``tomorrow``, ``next mon``, ``fri``, ``dec 8``, ``2026-12-01``."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from reader.domain.dates import MONTH_NAMES, month_number, months_later
from reader.domain.errors import ReaderError

LONGEST_YEARS = 100
"""The largest number of years that a day may be ahead."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year", "wk": "week", "mo": "month", "mon": "month", "yr": "year"}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_SPAN = re.compile(r"(?:in\s+|\+\s*)?([0-9]{1,6}|[a-z]{1,5})\s*(?<=[0-9\s])([a-z]{1,6})(?:\s+from\s+now)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?(?:\s+([0-9]{1,2})(?:st|nd|rd|th)?)?(?:,?\s+([0-9]{4}))?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})\.?(?:,?\s+([0-9]{4}))?")
_EXAMPLES = "write it like “3d”, “2w”, “1m”, “tomorrow”, “fri”, “next mon”, “dec 8” or “2026-12-01”"

_EXAMPLES_BACK = "write it like “2w”, “10 days”, “a month” or “2026-11-01”"


class TimeSpanError(ReaderError):
    """A text that does not name a day in the required direction; the sentence says why and gives examples."""


def name_day(day: date, today: date) -> str:
    """A day with its weekday: ``Mon 7 Dec``; with the year if it is not the current one."""
    named = f"{_WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTH_NAMES[day.month - 1]}"
    return named if day.year == today.year else f"{named} {day.year}"


def parse_day_ahead(text: str, today: date) -> date:
    """Parse ``text`` as a day after ``today``.

    A weekday is the next one after today, with "next" the one in next week (weeks begin on Monday). "next week", "next
    month" and "next year" are their first days. A day and month without a year are the next such day. Months are
    calendar months; a day that a month lacks becomes its last.

    Raises :class:`TimeSpanError` if ``text`` does not name a day, or names one that is not after ``today`` or too far
    ahead.
    """
    typed = " ".join(text.split())
    if not typed:
        raise TimeSpanError(f"Enter a day; {_EXAMPLES}.")
    words = typed.lower()
    try:
        day = _named(words, today) or _span(words, today) or _calendar_day(words, today)
    except (OverflowError, ValueError):
        raise TimeSpanError(f"“{_shortened(typed)}” is not a calendar date; {_EXAMPLES}.") from None
    if day is None:
        raise TimeSpanError(f"“{_shortened(typed)}” is not a day; {_EXAMPLES}.")
    if day <= today:
        raise TimeSpanError(f"“{_shortened(typed)}” is {day.isoformat()}, which is not after today; name a later day.")
    if day.year > today.year + LONGEST_YEARS:
        raise TimeSpanError(f"“{_shortened(typed)}” is more than {LONGEST_YEARS} years ahead; name an earlier day.")
    return day


def parse_day_back(text: str, today: date, *, or_today: bool = False) -> date:
    """Parse a period back from today (``2w``, ``10 days``, ``a month``, ``14`` for days) or a date, as a day.

    Raises :class:`TimeSpanError` if ``text`` does not name a day, or names one that is not before today; today itself
    is allowed with ``or_today``.
    """
    typed = " ".join(text.split())
    words = typed.lower().removesuffix(" ago")
    try:
        day = _span_back(f"{words}d" if words.isdecimal() else words, today)
    except (OverflowError, ValueError):
        raise TimeSpanError(f"“{_shortened(typed)}” is not a calendar date; {_EXAMPLES_BACK}.") from None
    if day is None:
        raise TimeSpanError(f"“{_shortened(typed)}” is not a period; {_EXAMPLES_BACK}.")
    if day > today or (day == today and not or_today):
        raise TimeSpanError(f"“{_shortened(typed)}” is not in the past; {_EXAMPLES_BACK}.")
    return day


def _span_back(words: str, today: date) -> date | None:
    """The day a period ago, or a calendar day; None if ``words`` is neither."""
    if words in ("yesterday", "today"):
        return today - timedelta(days=words == "yesterday")
    if match := _ISO.fullmatch(words):
        return date(int(match[1]), int(match[2]), int(match[3]))
    counted = _counted(words)
    return None if counted is None else _later(today, -counted[0], counted[1])


def _named(words: str, today: date) -> date | None:
    """A day by name: today, tomorrow, a weekday, next week, next month, next year, next and a weekday."""
    monday = today - timedelta(days=today.weekday())
    named = {
        "today": lambda: today,
        "tomorrow": lambda: today + timedelta(days=1),
        "tmr": lambda: today + timedelta(days=1),
        "day after tomorrow": lambda: today + timedelta(days=2),
        "next week": lambda: monday + timedelta(days=7),
        "next month": lambda: months_later(today.replace(day=1), 1),
        "next year": lambda: date(today.year + 1, 1, 1),
    }
    if words in named:
        return named[words]()
    is_next = words.startswith("next ")
    weekday = _weekday(re.sub(r"^(?:next|this|on) ", "", words))
    if weekday is None:
        return None
    if is_next:
        return monday + timedelta(days=7 + weekday)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _weekday(word: str) -> int | None:
    """The number of a weekday, from Monday as 0; None for another word."""
    if word in _WEEKDAY_SHORT:
        return _WEEKDAY_SHORT[word]
    return next((number for number, name in enumerate(_WEEKDAYS) if word in (name, name[:3])), None)


def _span(words: str, today: date) -> date | None:
    """The day that is a number of days, weeks, months or years after today; None for other words."""
    counted = _counted(words)
    return None if counted is None else _later(today, *counted)


def _counted(words: str) -> tuple[int, str] | None:
    """A number and its unit (day, week, month or year); None for other words."""
    match = _SPAN.fullmatch(words)
    if match is None:
        return None
    count = int(match[1]) if match[1][0].isdigit() else _NUMBERS.get(match[1])
    unit = match[2] if len(match[2]) == 1 else match[2].removesuffix("s")
    unit = _UNITS.get(unit, unit)
    return None if count is None or unit not in _UNITS.values() else (count, unit)


def _later(day: date, count: int, unit: str) -> date:
    """The day so many units later, or earlier if negative. Raises OverflowError or ValueError beyond the calendar."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    return months_later(day, count * (12 if unit == "year" else 1))


def _calendar_day(words: str, today: date) -> date | None:
    """A calendar day with or without a year; None for other words. Raises ValueError for 30 February."""
    if match := _ISO.fullmatch(words):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_FIRST.fullmatch(words):
        name, day, year = match[1], match[2], match[3]
    elif match := _DAY_FIRST.fullmatch(words):
        name, day, year = match[2], match[1], match[3]
    else:
        return None
    month = month_number(name)
    if month is None:
        return None
    if year is not None:
        return date(int(year), month, int(day or 1))
    return _next_such_day(month, int(day or 1), today)


def _next_such_day(month: int, day: int, today: date) -> date:
    """The first such day after ``today``; for 29 February within eight years. Raises ValueError if no year has it."""
    for year in range(today.year, today.year + 9):
        if day <= calendar.monthrange(year, month)[1] and date(year, month, day) > today:
            return date(year, month, day)
    raise ValueError("no year has this day")


def _shortened(text: str) -> str:
    """The typed text, shortened to fit into a sentence."""
    return text if len(text) <= 40 else text[:39] + "…"
