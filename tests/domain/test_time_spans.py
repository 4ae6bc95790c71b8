"""Days as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.dates import MONTH_NAMES
from reader.domain.errors import ReaderError
from reader.domain.time_spans import TimeSpanError, parse_day_ahead, parse_day_back

WEDNESDAY = date(2026, 3, 18)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3d", "2026-03-21"),
        ("+3d", "2026-03-21"),
        ("in 3 days", "2026-03-21"),
        ("3 days from now", "2026-03-21"),
        ("1 day", "2026-03-19"),
        ("2w", "2026-04-01"),
        ("2 weeks", "2026-04-01"),
        ("in a week", "2026-03-25"),
        ("in two weeks", "2026-04-01"),
        ("1m", "2026-04-18"),
        ("1 mo", "2026-04-18"),
        ("10 months", "2027-01-18"),
        ("1y", "2027-03-18"),
        ("tomorrow", "2026-03-19"),
        (" TOMORROW ", "2026-03-19"),
        ("thu", "2026-03-19"),
        ("fri", "2026-03-20"),
        ("Friday", "2026-03-20"),
        ("on friday", "2026-03-20"),
        ("wed", "2026-03-25"),
        ("mon", "2026-03-23"),
        ("tues", "2026-03-24"),
        ("this sun", "2026-03-22"),
        ("next mon", "2026-03-23"),
        ("next wed", "2026-03-25"),
        ("next  fri", "2026-03-27"),
        ("next week", "2026-03-23"),
        ("next month", "2026-04-01"),
        ("next year", "2027-01-01"),
        ("2026-12-01", "2026-12-01"),
        ("2026-4-1", "2026-04-01"),
        ("dec 8", "2026-12-08"),
        ("Dec. 8", "2026-12-08"),
        ("8 dec", "2026-12-08"),
        ("December 8th, 2027", "2027-12-08"),
        ("8th of", None),
        ("mar 18", "2027-03-18"),
        ("mar 19", "2026-03-19"),
        ("sept", "2026-09-01"),
        ("may", "2026-05-01"),
        ("may 2028", "2028-05-01"),
        ("feb 29", "2028-02-29"),
        ("1 Jan", "2027-01-01"),
    ],
)
def test_days_are_found_from_a_wednesday(text: str, day: str | None) -> None:
    if day is None:
        with pytest.raises(ReaderError):
            parse_day_ahead(text, WEDNESDAY)
    else:
        assert parse_day_ahead(text, WEDNESDAY).isoformat() == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("1m", "2026-01-31", "2026-02-28"),
        ("1y", "2028-02-29", "2029-02-28"),
        ("next month", "2026-12-31", "2027-01-01"),
        ("next sun", "2026-03-22", "2026-03-29"),
        ("next mon", "2026-03-22", "2026-03-23"),
        ("sun", "2026-03-22", "2026-03-29"),
        ("feb 29", "2096-03-01", "2104-02-29"),
    ],
)
def test_edges_of_months_weeks_and_years(text: str, today: str, day: str) -> None:
    assert parse_day_ahead(text, date.fromisoformat(today)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Enter a day"),
        ("  ", "Enter a day"),
        ("soon", "is not a day"),
        ("12/8", "is not a day"),
        ("3", "is not a day"),
        ("d3", "is not a day"),
        ("threed", "is not a day"),
        ("3 parsecs", "is not a day"),
        ("٣d", "is not a day"),
        ("0d", "not after today"),
        ("today", "not after today"),
        ("2026-03-18", "not after today"),
        ("2020-01-01", "not after today"),
        ("dec 8 2025", "not after today"),
        ("feb 30", "not a calendar date"),
        ("2026-02-29", "not a calendar date"),
        ("2026-13-01", "not a calendar date"),
        ("dec 0", "not a calendar date"),
        ("999999d", "years ahead"),
        ("999999w", "not a calendar date"),
        ("9000m", "years ahead"),
        ("999999y", "not a calendar date"),
        ("2127-01-01", "years ahead"),
        ("x" * 500, "is not a day"),
    ],
)
def test_what_names_no_day_ahead_is_refused_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(ReaderError) as caught:
        parse_day_ahead(text, WEDNESDAY)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 200
    assert str(caught.value).endswith(".")


WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS = st.dates(date(2000, 1, 1), date(2200, 1, 1))


@given(DAYS, st.integers(1, 3_000))
def test_spans_count_days_and_iso_dates_read_back(today: date, count: int) -> None:
    ahead = today + timedelta(days=count)
    assert parse_day_ahead(f"{count}d", today) == ahead
    assert parse_day_ahead(ahead.isoformat(), today) == ahead
    assert parse_day_ahead(f"{ahead.day} {MONTH_NAMES[ahead.month - 1]} {ahead.year}", today) == ahead


@given(DAYS, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_within_a_week_and_next_means_next_week(today: date, name: str) -> None:
    day, next_one = parse_day_ahead(name, today), parse_day_ahead(f"next {name}", today)
    assert 1 <= (day - today).days <= 7
    assert WEEKDAYS[day.weekday()] == name == WEEKDAYS[next_one.weekday()]
    assert next_one.isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


@given(st.text(max_size=30) | st.from_regex(r"[0-9a-z ,.+-]{0,20}", fullmatch=True), DAYS)
def test_any_text_gives_a_day_ahead_or_a_sentence(text: str, today: date) -> None:
    try:
        assert parse_day_ahead(text, today) > today
    except ReaderError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2w", date(2026, 2, 18)),
        ("10 days", date(2026, 2, 22)),
        ("14", date(2026, 2, 18)),
        ("a month ago", date(2026, 2, 4)),
        ("1 year", date(2025, 3, 4)),
        (" yesterday ", date(2026, 3, 3)),
        ("2026-01-31", date(2026, 1, 31)),
    ],
)
def test_days_back(text: str, day: date) -> None:
    assert parse_day_back(text, date(2026, 3, 4)) == day


def test_a_month_back_from_a_day_that_month_lacks() -> None:
    assert parse_day_back("1 month", date(2026, 3, 31)) == date(2026, 2, 28)
    assert parse_day_back("2 months", date(2026, 1, 31)) == date(2025, 11, 30)


@pytest.mark.parametrize("text", ["today", "2026-03-04"])
def test_today_counts_where_it_may(text: str) -> None:
    assert parse_day_back(text, date(2026, 3, 4), or_today=True) == date(2026, 3, 4)
    with pytest.raises(TimeSpanError, match="not in the past"):
        parse_day_back("2026-03-05", date(2026, 3, 4), or_today=True)


@pytest.mark.parametrize(
    "text", ["", "soon", "0d", "today", "2026-03-04", "2026-05-01", "9999 years", "2026-02-30", "x" * 400]
)
def test_what_names_no_day_that_is_past(text: str) -> None:
    with pytest.raises(TimeSpanError):
        parse_day_back(text, date(2026, 3, 4))
