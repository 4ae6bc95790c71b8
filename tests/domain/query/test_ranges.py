"""Ranges of days and numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.query.ranges import parse_days, parse_numbers, show_days, show_numbers

TODAY = date(2026, 3, 5)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2025-02-03", "2025-02-03", "2025-02-03"),
        ("2025-01..2025-06", "2025-01-01", "2025-06-30"),
        ("2025-06..2025-01", "2025-01-01", "2025-06-30"),
        ("2025..", "2025-01-01", ""),
        ("..2025", "", "2025-12-31"),
        ("<2025-03", "", "2025-02-28"),
        ("<=2025-03", "", "2025-03-31"),
        (">2025-03", "2025-04-01", ""),
        (">=2025-03", "2025-03-01", ""),
        ("=2025", "2025-01-01", "2025-12-31"),
        ("<30d", "2026-02-03", ""),
        ("30d", "2026-02-03", ""),
        ("<2w", "2026-02-19", ""),
        ("<1m", "2026-02-03", ""),
        ("<1y", "2025-03-05", ""),
        (">30d", "", "2026-02-03"),
        ("<99999y", "0001-01-01", ""),
        ("today", "2026-03-05", "2026-03-05"),
        ("yesterday", "2026-03-04", "2026-03-04"),
        ("spring", "2026-03-01", "2026-05-31"),
        ("Summer", "2025-06-01", "2025-08-31"),
        ("fall", "2025-09-01", "2025-11-30"),
        ("winter", "2025-12-01", "2026-02-28"),
        ("spring-2024", "2024-03-01", "2024-05-31"),
        ("2024-winter", "2024-12-01", "2025-02-28"),
        ("march", "2026-03-01", "2026-03-31"),
        ("apr", "2025-04-01", "2025-04-30"),
        ("autumn..winter", "2025-09-01", "2026-02-28"),
    ],
)
def test_days(text: str, start: str, end: str) -> None:
    assert parse_days(text, TODAY) == (day(start), day(end))


@pytest.mark.parametrize(
    "text",
    ["", "..", "x", "2025-13", "2025-02-30", "20255", "0000", "<", "..x", "2025..x", "ma", "1-spring", "--03-01"],
)
def test_what_is_no_range_of_days(text: str) -> None:
    assert parse_days(text, TODAY) is None


@given(
    st.dates(max_value=date(9990, 1, 1)),
    st.sampled_from(["spring", "summer", "autumn", "winter", "january", "december"]),
)
def test_a_time_of_the_year_is_the_latest_that_has_begun(today: date, name: str) -> None:
    days = parse_days(name, today)
    if days is None:
        assert today.year == date.min.year
        return
    start, end = days
    assert start is not None and end is not None
    assert start <= today < start + timedelta(days=366)
    assert start.day == 1 and (end + timedelta(days=1)).day == 1


@given(st.text(max_size=20) | st.from_regex(r"[<>=.\dwmyd-]{1,14}"), st.dates())
def test_no_text_is_refused(text: str, today: date) -> None:
    days = parse_days(text, today)
    assert days is None or days != (None, None)
    numbers = parse_numbers(text)
    assert numbers is None or numbers != (None, None)


@given(st.dates(), st.dates())
def test_days_read_back(first: date, second: date) -> None:
    start, end = min(first, second), max(first, second)
    for pair in ((start, end), (start, None), (None, end)):
        assert parse_days(show_days(*pair), TODAY) == pair


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5", (5, 5)),
        ("=5", (5, 5)),
        (">5", (6, None)),
        (">=5", (5, None)),
        ("<5", (None, 4)),
        ("<=5", (None, 5)),
        ("<=0", (None, 0)),
        ("2..5", (2, 5)),
        ("5..2", (2, 5)),
        ("2..", (2, None)),
        ("..5", (None, 5)),
        ("<0", None),
        ("", None),
        ("..", None),
        ("x", None),
        ("-5", None),
        ("1..x", None),
        ("1234567890", None),
    ],
)
def test_numbers(text: str, numbers: tuple[int | None, int | None] | None) -> None:
    assert parse_numbers(text) == numbers


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_numbers_read_back(first: int, second: int) -> None:
    least, greatest = min(first, second), max(first, second)
    for pair in ((least, greatest), (least, None), (None, greatest)):
        assert parse_numbers(show_numbers(*pair)) == pair
