"""Subscriptions: what is shown of addresses, and how long trouble makes them wait."""

from __future__ import annotations

import pytest

from reader.domain.subscriptions import back_off, shown_address, shown_argument


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/feed.xml", "https://example.org/feed.xml"),
        ("https://example.org/search?q=a+b&page=2", "https://example.org/search?q=a+b&page=2"),
        ("https://mia:hush@example.org:8443/feed", "https://…@example.org:8443/feed"),
        ("https://example.org/feed?token=hush&format=rss", "https://example.org/feed?token=…&format=rss"),
        ("https://example.org/feed?apiKey=hush", "https://example.org/feed?apiKey=…"),
        ("https://example.org/feed?u=a1b2c3d4e5f6a7b8c9d0e1f2a3b4", "https://example.org/feed?u=…"),
        ("https://example.org/private/a1b2c3d4e5f6a7b8c9d0e1f2a3b4/rss", "https://example.org/private/…/rss"),
        ("https://example.org/feed#hush", "https://example.org/feed"),
        ("https://[bad/feed?token=hush", "…"),
    ],
)
def test_addresses_are_shown_without_secrets(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert shown_argument("feed", address) == shown


def test_other_arguments_are_shown_as_they_are() -> None:
    assert shown_argument("search", "api key=1 token") == "api key=1 token"


def test_trouble_is_waited_out_ever_longer_up_to_a_day() -> None:
    assert [back_off(failures) // 60 for failures in (0, 1, 2, 3, 4)] == [5, 5, 10, 20, 40]
    assert back_off(10) == back_off(10_000) == 24 * 3600
