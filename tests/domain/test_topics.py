"""Shares of quarters, their intervals and trends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.topics import Share, Trend, quarter_of, share_of, trend_of, wilson


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_an_interval_is_around_the_share(count: int, total: int) -> None:
    count = min(count, total)
    low, high = wilson(count, total)
    assert 0 <= low <= count / total + 1e-12 and count / total - 1e-12 <= high <= 1
    wider = wilson(count * 4, total * 4)
    assert wider[1] - wider[0] < high - low


def test_wilson_agrees_with_published_figures() -> None:
    """E. B. Wilson's interval for 81 of 263, as R. G. Newcombe gives it (Statistics in Medicine 17, 1998, table I)."""
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = wilson(0, 20)
    assert (round(low, 4), round(high, 4)) == (0.0, 0.1611)


def test_no_papers_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert share_of("2026 Q1", 0, 0).value == 0


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2026-01-31", "2026 Q1"),
        ("2026-03", "2026 Q1"),
        ("2026-04-01", "2026 Q2"),
        ("2025-12-31", "2025 Q4"),
        ("2026", None),
        ("", None),
        ("2026-13", None),
        ("2026-0", None),
    ],
)
def test_quarters(day: str, quarter: str | None) -> None:
    assert quarter_of(day) == quarter


def shares(*counts: tuple[int, int]) -> list[Share]:
    return [share_of(f"2025 Q{number}", *each) for number, each in enumerate(counts, 1)]


def test_a_trend_needs_more_than_chance() -> None:
    assert trend_of(shares((5, 500), (6, 500), (40, 500))) is Trend.RISING
    assert trend_of(shares((40, 500), (38, 500), (3, 500))) is Trend.FALLING
    assert trend_of(shares((40, 500), (38, 500), (45, 500))) is Trend.STEADY
    assert trend_of(shares((1, 25), (4, 25))) is Trend.STEADY


def test_quarters_of_few_papers_make_no_trend() -> None:
    assert trend_of(shares((5, 500), (40, 500), (3, 3))) is Trend.RISING
    assert trend_of(shares((1, 3), (3, 3))) is Trend.STEADY
    assert trend_of([]) is Trend.STEADY
