"""Dates as bibliographies write them: ISO 8601, with slashes, with names of months, incomplete, with words around.

A date that could be read in two ways (``03/05/2024``) gives only what is certain.
"""

from __future__ import annotations

import re

from reader.domain.dates import MONTH_NAMES, PartialDate, month_number

_YEAR = r"(?P<year>1[4-9]\d\d|2[01]\d\d)"
_ISO = re.compile(r"(?P<year>\d{4})(?:\s?[-/.]\s?(?P<month>\d{1,2})(?:\s?[-/.]\s?(?P<day>\d{1,2}))?)?(?!\d)")
_COMPACT = re.compile(rf"{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d)(?P<first>\d{{1,2}})\s?[-/.]\s?(?P<second>\d{{1,2}})\s?[-/.]\s?{_YEAR}(?!\d)")
_LONE_YEAR = re.compile(rf"(?<![\d.]){_YEAR}(?!\d)")
_MONTH = re.compile(rf"(?<![A-Za-z])({'|'.join(MONTH_NAMES)})[a-z]{{0,6}}(?![A-Za-z])", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_MAIL_DATE = re.compile(r"(?<!\d)(\d{1,2}) {1,3}([A-Z][a-z]{2})[a-z]{0,6}\.? {1,3}(\d{4}|\d{2})(?!\d)")
_FIRST_TWO_DIGIT_YEAR = 91  # arXiv began in 1991


def read_loose_date(text: str) -> PartialDate | None:
    """The first date in a text, as far as it exists; None without a year."""
    text = text.strip()
    for pattern in (_COMPACT, _ISO):
        if match := pattern.match(text):
            date = as_far_as_it_exists(*(int(part) if part else None for part in match.group("year", "month", "day")))
            # “2024 May 3” begins like an ISO year; its month is read below.
            if date is not None and (date.month or not _MONTH.search(text)):
                return date
    if match := _DAY_FIRST.search(text):
        return _day_first(int(match["first"]), int(match["second"]), int(match["year"]))
    year = _LONE_YEAR.search(text)
    if year is None:
        return None
    month, day = read_month_and_day(text[: year.start()] + " " + text[year.end() :])
    return as_far_as_it_exists(int(year["year"]), month, day)


def read_month_and_day(text: str) -> tuple[int | None, int | None]:
    """A month by its English name, with a day beside it if there is one (``10 Jan``, ``May 3rd``, ``Jan-Feb``)."""
    name = _MONTH.search(text)
    if name is None:
        return None, None
    day = _DAY.search(text[: name.start()] + " " + text[name.end() :])
    return month_number(name[1]), int(day[1]) if day else None


def find_mail_date(text: str) -> PartialDate | None:
    """The first date written as in a mail (``Wed, 21 Jan 2026 …``; a year of two digits is of 1991 to 2090)."""
    for match in _MAIL_DATE.finditer(text):
        year = int(match[3])
        if len(match[3]) == 2:
            year += 1900 if year >= _FIRST_TWO_DIGIT_YEAR else 2000
        try:
            return PartialDate(year, month_number(match[2]), int(match[1]))
        except ValueError:
            continue
    return None


def _day_first(first: int, second: int, year: int) -> PartialDate | None:
    """A date whose year stands last: the year alone where day and month cannot be told apart."""
    # “05/05/2024” is the same day in either order; “03/05/2024” is not, so only its year counts.
    if first > 12 or first == second:
        return as_far_as_it_exists(year, second, first)
    return as_far_as_it_exists(year, first, second) if second > 12 else PartialDate(year)


def as_far_as_it_exists(year: int | None, month: int | None = None, day: int | None = None) -> PartialDate | None:
    """A date without a day or month that does not exist; None without a year that does."""
    for precision in ((month, day if month else None), (month, None), (None, None)):
        try:
            return PartialDate(year, *precision)
        except ValueError:
            continue
    return None
