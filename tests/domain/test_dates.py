"""Dates as pages show them, and how a missing year is found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.dates import PageYear, PartialDate, resolve_page_year

TODAY = date(2026, 3, 1)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dec 8", PartialDate(None, 12, 8)),
        ("Sep 25, 2024", PartialDate(2024, 9, 25)),
        ("September 25, 2024", PartialDate(2024, 9, 25)),
        (" Jan 1 ", PartialDate(None, 1, 1)),
        ("Feb 29", PartialDate(None, 2, 29)),
    ],
)
def test_reads_dates_as_shown(text: str, expected: PartialDate) -> None:
    assert PartialDate.parse_shown(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Dec 32", "Feb 30", "Foo 3", "Dec", "Dec 8 2", "Feb 29, 2023", "8 Dec", "Dec 8, 24", "Octopus 2", "Decem 8"],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert PartialDate.parse_shown(text) is None


@given(DAYS, st.booleans())
def test_shown_dates_read_back(day: date, with_year: bool) -> None:
    partial = PartialDate(day.year if with_year else None, day.month, day.day)
    assert PartialDate.parse_shown(partial.shown()) == partial


@given(DAYS, st.integers(1, 3))
def test_iso_dates_read_back_at_any_precision(day: date, parts: int) -> None:
    partial = PartialDate(*(day.year, day.month, day.day)[:parts])
    assert PartialDate.parse_iso(partial.iso()) == partial


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024-06-14T06:57:18.000Z", PartialDate(2024, 6, 14)), ("2024-13-01", None), ("soon", None), ("20240614", None)],
)
def test_reads_iso_dates(text: str, expected: PartialDate | None) -> None:
    assert PartialDate.parse_iso(text) == expected


@pytest.mark.parametrize("parts", [(2024, None, 3), (2024, 2, 30), (0, 1, 1), (None, 13, 1)])
def test_refuses_what_is_no_date(parts: tuple[int | None, ...]) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate(*parts)


def test_the_year_after_the_newest_shown_one() -> None:
    heading = PartialDate(None, 12, 8)
    entries = [PartialDate(2023, 5, 1), PartialDate(None, 10, 12), PartialDate(2024, 9, 25)]
    for today in (date(2025, 12, 8), date(2026, 1, 1), date(2031, 6, 30)):
        assert resolve_page_year(heading, entries, not_after=today) == PageYear(2025, guessed=False)


def test_a_leap_day_moves_the_page_to_the_first_year_that_has_it() -> None:
    entries = [PartialDate(2021, 5, 1), PartialDate(None, 2, 29)]
    assert resolve_page_year(PartialDate(None, 3, 4), entries, not_after=TODAY) == PageYear(2024, guessed=False)


def test_an_entry_after_the_heading_makes_the_year_a_guess() -> None:
    entries = [PartialDate(2024, 5, 1), PartialDate(None, 12, 30)]
    assert resolve_page_year(PartialDate(None, 1, 2), entries, not_after=TODAY) == PageYear(2025, guessed=True)


@pytest.mark.parametrize(
    ("heading", "not_after", "year"),
    [
        (PartialDate(None, 3, 1), date(2026, 3, 1), 2026),
        (PartialDate(None, 3, 2), date(2026, 3, 1), 2025),
        (PartialDate(None, 2, 29), date(2026, 3, 1), 2024),
        (None, date(2026, 3, 1), 2026),
    ],
)
def test_without_shown_years_the_latest_possible_one_is_a_guess(
    heading: PartialDate | None, not_after: date, year: int
) -> None:
    yearless = [PartialDate(None, 1, 5)]
    assert resolve_page_year(heading, yearless, not_after=not_after) == PageYear(year, guessed=True)


def test_the_day_a_page_was_fetched_fixes_its_year() -> None:
    heading, entries = PartialDate(None, 10, 2), [PartialDate(2022, 1, 1)]
    found = resolve_page_year(heading, entries, not_after=TODAY, retrieved=date(2025, 10, 3))
    assert found == PageYear(2025, guessed=False)


def test_a_heading_with_its_year_is_taken_at_its_word() -> None:
    heading = PartialDate(2019, 10, 2)
    assert resolve_page_year(heading, [], not_after=TODAY) == PageYear(2019, guessed=False)


def test_a_leap_day_in_a_common_year_is_the_day_before() -> None:
    assert PartialDate(None, 2, 29).with_year(2023) == PartialDate(2023, 2, 28)
    assert PartialDate(2024, 2, 29).with_year(2023) == PartialDate(2024, 2, 29)
