"""Subscriptions in words: sources, times near and far, how often, and what a fetch brought."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from reader.domain.reports import FetchReport, FileReport, PageReport
from reader.domain.subscriptions import PageName, Subscription, SubscriptionKind, SubscriptionStatus
from reader.ui.subscriptions.wording import (
    beside_name,
    every_words,
    failed_words,
    fetched_words,
    hosts_words,
    shown_moment,
    source_words,
    status_line,
    trouble_words,
)

NOW = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
DAILY = Subscription(1, "Daily Papers", SubscriptionKind.DAILY, "day", 6, "2026-04-01T00:00:00Z")


@pytest.mark.parametrize(
    ("kind", "argument", "words"),
    [
        ("daily", "day", "Hugging Face’s Daily Papers of the day"),
        ("daily", "month", "Hugging Face’s Daily Papers of the month"),
        ("arxiv", "cs.CL", "arXiv category cs.CL"),
        ("arxiv", "cs.CL+cs.LG new,cross", "arXiv categories cs.CL, cs.LG (new, cross)"),
        ("search", "moths", "Hugging Face search: moths"),
        ("query", "au:Bee", "arXiv query: au:Bee"),
        ("feed", "https://me:secret@example.org/feed?token=abc", "Feed: https://…@example.org/feed?token=…"),
    ],
)
def test_sources(kind: str, argument: str, words: str) -> None:
    assert source_words(SubscriptionKind(kind), argument) == words


def test_what_a_name_says_is_not_said_again() -> None:
    assert beside_name(DAILY) == "Hugging Face"
    arxiv = replace(DAILY, name="arXiv cs.CL, cs.LG", kind=SubscriptionKind.ARXIV, argument="cs.CL+cs.LG")
    assert beside_name(arxiv) == "announcements"
    assert beside_name(replace(arxiv, name="Language")) == "arXiv categories cs.CL, cs.LG"
    feed = replace(
        DAILY, name="example.org/feed.xml", kind=SubscriptionKind.FEED, argument="https://example.org/feed.xml"
    )
    assert beside_name(feed) == "feed"


def test_hosts() -> None:
    assert hosts_words(["huggingface.co"]) == "Calls huggingface.co"
    assert hosts_words(["a.org", "b.org", "c.org"]) == "Calls a.org, b.org and c.org"


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "only when asked"), (1, "every hour"), (6, "every 6 hours"), (24, "every day"), (48, "every 2 days")],
)
def test_how_often(hours: int, words: str) -> None:
    assert every_words(hours) == words


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-04-02T07:30:00Z", "07:30"),
        ("2026-04-01T23:05:00Z", "yesterday 23:05"),
        ("2026-04-03T00:10:00Z", "tomorrow 00:10"),
        ("2026-03-03T12:00:00Z", "Mar 3, 12:00"),
    ],
)
def test_moments(moment: str, shown: str) -> None:
    assert shown_moment(moment, NOW) == shown


def test_the_state_on_a_line() -> None:
    status = SubscriptionStatus(DAILY, "2026-04-02T07:30:00Z", "2026-04-02T13:30:00Z", 3)
    assert status_line(status, NOW) == "fetched 07:30  ·  every 6 hours  ·  next 13:30"
    asked = SubscriptionStatus(replace(DAILY, every=0))
    assert status_line(asked, NOW) == "not fetched yet  ·  only when asked"
    assert status_line(replace(status, next_try="2026-04-02T09:00:00Z"), NOW).endswith("next: now")
    wrong = replace(status, error="example.org was not found. Check the network.")
    assert status_line(wrong, NOW) == "example.org was not found. Check the network. Next try 13:30."
    assert trouble_words(replace(wrong, next_try=None), NOW) == "example.org was not found. Check the network."
    assert trouble_words(status, NOW) == ""


def page(name: str, *, unchanged: bool = False, note: str = "", **file: object) -> PageReport:
    report = FileReport("https://example.org", **({"listing_id": 1} | file))  # type: ignore[arg-type]
    return PageReport(name, PageName("daily", "day", "2026-04-02"), report, unchanged, note)


def test_what_a_fetch_brought() -> None:
    assert fetched_words(FetchReport()) == ""
    assert fetched_words(FetchReport((page("A", unchanged=True), page("B", error="No.")))) == ""
    assert fetched_words(FetchReport((page("A", new=3, updated=2),))) == "Fetched “A”: 3 new papers, 2 updated."
    stale = FetchReport((page("A", new=1, note="arXiv still serves Tuesday's."), page("B", updated=2)))
    assert fetched_words(stale) == "Fetched 2 subscriptions: 1 new paper, 2 updated. arXiv still serves Tuesday's."


def test_what_could_not_be_fetched() -> None:
    assert failed_words(FetchReport((page("A"),)), NOW) == ""
    assert failed_words(FetchReport((page("A", error="No answer."), page("A", error="No."))), NOW) == "A: No answer."
    later = replace(page("A", error="No answer."), next_try="2026-04-03T12:30:00Z")
    assert failed_words(FetchReport((later,)), NOW) == "A: No answer. Next try tomorrow 12:30."
    two = FetchReport((page("A", error="No."), page("B", error="No.")))
    assert failed_words(two, NOW) == "2 subscriptions could not be fetched: {go.subscriptions} shows why"
