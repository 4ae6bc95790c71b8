"""Days grouped into stretches, and the inbox's age."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from reader.domain.statistics import Period, ages, period_for, stretches, summed

MONDAY = date(2031, 3, 3)


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period.DAY, date(2031, 3, 6)),
        (Period.WEEK, MONDAY),
        (Period.MONTH, date(2031, 3, 1)),
        (Period.YEAR, date(2031, 1, 1)),
    ],
)
def test_a_stretch_begins_where_people_say_it_does(period: Period, start: date) -> None:
    assert period.start(date(2031, 3, 6)) == start


@pytest.mark.parametrize(
    ("days", "period"),
    [
        (1, Period.DAY),
        (42, Period.DAY),
        (43, Period.WEEK),
        (280, Period.WEEK),
        (400, Period.MONTH),
        (4_000, Period.YEAR),
    ],
)
def test_the_shortest_period_with_few_enough_bars(days: int, period: Period) -> None:
    ends = [MONDAY, MONDAY + timedelta(days=days - 1)]
    assert period_for(ends, 42, gaps=True) is period
    assert len(stretches(*ends, period)) <= 44


def test_without_gaps_only_days_that_are_there_count() -> None:
    assert period_for([MONDAY, MONDAY + timedelta(days=900)], 2, gaps=False) is Period.DAY
    assert period_for([], 2, gaps=True) is Period.DAY


def test_stretches_have_no_holes_over_the_turn_of_a_year() -> None:
    assert stretches(date(2030, 11, 30), date(2031, 2, 1), Period.MONTH) == [
        date(2030, 11, 1),
        date(2030, 12, 1),
        date(2031, 1, 1),
        date(2031, 2, 1),
    ]
    weeks = stretches(date(2030, 12, 25), date(2031, 1, 10), Period.WEEK)
    assert weeks == [date(2030, 12, 23), date(2030, 12, 30), date(2031, 1, 6)]
    assert stretches(date(2028, 2, 29), date(2030, 1, 1), Period.YEAR)[-1] == date(2030, 1, 1)


def test_figures_add_up() -> None:
    figures = [(MONDAY + timedelta(days=day), (day, 1)) for day in range(10)]
    sums = summed(figures, Period.WEEK)
    assert sums == {MONDAY: (21, 7), MONDAY + timedelta(days=7): (24, 3)}


def test_ages_by_days() -> None:
    inbox = [(MONDAY - timedelta(days=days), 1) for days in (0, 1, 2, 7, 8, 14, 15, 31, 32, 92, 93, 366, 367, 5_000)]
    assert dict(ages(inbox, MONDAY)) == {
        "today": 1,
        "yesterday": 1,
        "this week": 2,
        "2 weeks": 2,
        "a month": 2,
        "3 months": 2,
        "a year": 2,
        "older": 2,
    }
