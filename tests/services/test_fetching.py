"""Fetching subscriptions from a real server: sixty days, the same again, a day that changed, and every fault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reader.domain.checks import Aspect
from reader.domain.errors import LibraryBusyError, ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.services import Library
from reader.services.reports.subscriptions import fetch_report_as_text
from reader.services.subscriptions.turn import FetchTurn
from reader.web.client import Client
from reader.web.transfer import Limits
from tests.services.annotating import SetClock, bring
from tests.services.fetching import DAYS, FIRST, day, fetch_all, fill_days, kept, rows, run, subscribe_daily
from tests.services.support import finish
from tests.web import server as faults
from tests.web.papers import Invented, arxiv_rss, hugging_face_entry, invent
from tests.web.server import Behaviour, Fault, WebServer

TODAY = datetime(2025, 9, 19, 9, tzinfo=UTC)
A_DAY = day(4).isoformat()


@pytest.fixture
def library(tmp_path: Path, set_clock: SetClock) -> Iterator[Library]:
    set_clock.now = TODAY
    with Library(tmp_path / "library", clock=set_clock) as library:
        yield library


def stored(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """By listing date, in the order of the page: what the library says of each paper."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for listing in library.listings.all():
        (section,) = library.listings.sections([listing.id])
        papers = library.papers.read([*section.new_ids, *section.known_ids])
        found[listing.heading_date or ""] = [
            (
                *(paper.arxiv_id, paper.title, paper.abstract, paper.authors, paper.published, paper.upvotes),
                *(paper.comments, paper.sightings[0].position, paper.sightings[0].upvotes),
            )
            for paper in papers
        ]
    return found


def expected(papers: list[Invented]) -> list[tuple[object, ...]]:
    return [
        (
            *(paper.arxiv_id, paper.title, paper.abstract.replace("\n", " "), paper.authors),
            *(paper.published.isoformat(), paper.upvotes, paper.comments, place, paper.upvotes),
        )
        for place, paper in enumerate(papers, start=1)
    ]


def change(paper: Invented, **said: int) -> Invented:
    return replace(paper, **said)  # type: ignore[arg-type]


class TestSixtyDays:
    def test_all_fields_are_exact(self, library: Library, server: WebServer) -> None:
        pages = fill_days(server)
        subscribe_daily(library)
        report = fetch_all(library)
        assert report.failed == 0
        assert len(report.pages) == DAYS
        full = {name: found for name, found in pages.items() if found}
        assert stored(library) == {name: expected(found) for name, found in full.items()}
        total = sum(map(len, full.values()))
        assert report.as_import.total("new") == total
        for page in report.pages:
            assert page.page is not None
            assert page.page == PageName("daily", "day", page.page.page)
            assert page.file.papers == len(pages[page.page.page])
            assert not page.unchanged
        assert {listing.page.page for listing in library.listings.all() if listing.page} == full.keys()
        assert {listing.name for listing in library.listings.all()} == {"Daily Papers"}
        newest = library.history.steps(1)[0]
        assert str(newest.title) == f"Fetched “Daily Papers”: {len(full)} pages, {total:,} papers"
        assert newest.kind == "import"
        assert not [found for found in library.checks.run().findings if not found.is_harmless]
        library.history.undo()
        assert library.listings.all() == []

    @pytest.mark.parametrize("has_validators", [True, False])
    def test_the_same_again_changes_no_row(self, library: Library, server: WebServer, has_validators: bool) -> None:
        server.has_validators = has_validators
        fill_days(server)
        subscribe_daily(library)
        fetch_all(library)
        before = rows(library)
        server.seen.clear()
        report = fetch_all(library)
        assert rows(library) == before
        assert all(page.unchanged for page in report.pages)
        assert {page.file.papers for page in report.pages} >= {0, 1, 130}
        assert report.failed == 0
        if has_validators:
            assert all(seen.is_conditional for seen in server.seen)

    def test_an_undone_fetch_is_fetched_again_whole(self, library: Library, server: WebServer) -> None:
        fill_days(server, 5)
        subscribe_daily(library)
        fetch_all(library, days=5)
        before = stored(library)
        library.history.undo()
        server.seen.clear()
        fetch_all(library, days=5)
        assert stored(library) == before
        assert not any(seen.is_conditional for seen in server.seen)

    def test_a_day_that_changed_is_one_step_and_undo_restores_it(self, library: Library, server: WebServer) -> None:
        pages = fill_days(server)
        subscribe_daily(library)
        fetch_all(library)
        before, steps = stored(library), len(library.history.steps())
        listings = len(library.listings.all())
        first, *others = pages[A_DAY]
        extra = invent(5_000, day(4))
        pages[A_DAY] = [*others, change(first, upvotes=first.upvotes + 34, comments=9), extra]
        report = fetch_all(library)
        (changed,) = [page for page in report.pages if not page.unchanged]
        assert changed.page == PageName("daily", "day", A_DAY)
        assert (changed.file.new, changed.file.updated, changed.file.known) == (1, 1, len(others))
        after = stored(library)
        assert sorted(after[A_DAY], key=str) == sorted(expected(pages[A_DAY]), key=str)
        assert len(library.history.steps()) == steps + 1
        assert len(library.listings.all()) == listings
        library.history.undo()
        assert stored(library) == before
        library.history.redo()
        assert stored(library) == after

    def test_a_page_that_was_imported_as_a_file_is_that_listing(
        self, library: Library, server: WebServer, tmp_path: Path
    ) -> None:
        server.pages[A_DAY] = [invent(1, day(4)), invent(2, day(4))]
        saved = tmp_path / "saved.json"
        saved.write_bytes(json.dumps([hugging_face_entry(paper) for paper in server.pages[A_DAY]]).encode())
        finish(library.imports.paths([saved]))
        subscribe_daily(library)
        for is_unchanged in (False, True):
            (page,) = run(library.subscriptions.fetch(library.subscriptions.all(), since=day(4), until=day(4))).pages
            assert (page.file.new, page.file.known, page.unchanged) == (0, 2, is_unchanged)
            assert server.seen[-1].is_conditional == is_unchanged
        (listing,) = library.listings.all()
        assert listing.page == PageName("daily", "day", A_DAY)
        assert str(library.history.steps(1)[0].title) == "Fetched “Daily Papers”: 1 page, 2 papers"
        library.history.undo()
        assert [listing.page for listing in library.listings.all()] == [None]

    def test_ten_fetches_of_a_day_are_one_listing(self, library: Library, server: WebServer) -> None:
        paper = invent(1, day(4))
        subscribe_daily(library)
        for number in range(10):
            server.pages[A_DAY] = [change(paper, upvotes=number // 2)]
            run(library.subscriptions.fetch(library.subscriptions.all(), since=day(4), until=day(4)))
        assert len(library.listings.all()) == 1
        assert len(library.history.steps()) == 1 + 5

    def test_the_sources_are_the_first_the_newest_and_those_of_steps(
        self, tmp_path: Path, set_clock: SetClock, server: WebServer
    ) -> None:
        set_clock.now = TODAY
        with Library(tmp_path / "one", clock=set_clock) as library:
            subscribe_daily(library)
            for number in range(4):
                server.pages[A_DAY] = [invent(1, day(4), upvotes=number)]
                run(library.subscriptions.fetch(library.subscriptions.all(), since=day(4), until=day(4)))
            assert len(kept(library.folder)) == 4
            library._store.forget_history()
            library.tidy()
            assert len(kept(library.folder)) == 2
            assert not library.checks.run().findings
            for number, path in enumerate(library.folder.glob("sources/??/*")):
                path.write_bytes(b"other")
                (found,) = library.checks.run().findings
                assert (found.aspect, found.count) == (Aspect.SOURCES, number + 1)


FAULTS: dict[str, Behaviour | Callable[[WebServer], Behaviour]] = {
    "429": faults.status(429, retry_after="3600"),
    "503": faults.status(503),
    "404": faults.status(404),
    "HTML": faults.web_page,
    "cut": faults.cut,
    "cut chunks": faults.cut_chunks,
    "cut, length unknown": faults.cut_unsaid,
    "endless": faults.endless,
    "bomb": faults.bomb,
    "hung up": faults.reset,
    "circle": faults.redirect("/api/daily_papers"),
    "other scheme": faults.redirect("ftp://127.0.0.1/papers"),
    "other host": faults.redirect("http://example.org/papers"),
    "not JSON": faults.status(200, b"papers"),
    "no papers": faults.status(200, b'[{"a": 1}]'),
    "slow": lambda server: faults.drip(server.stopping),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_a_sentence_and_nothing_is_half_stored(name: str, library: Library, server: WebServer) -> None:
    behaviour = FAULTS[name]
    if name == "slow":
        behaviour = faults.drip(server.stopping)
    limits = Limits(bytes=1_000_000, seconds=1.0)
    library.subscriptions.make_client = lambda cancelled: Client(cancelled=cancelled, limits=limits)
    fill_days(server, 3)
    made = subscribe_daily(library)
    before = rows(library)
    server.faults.append(Fault(behaviour))  # type: ignore[arg-type]
    report = fetch_all(library, days=3)
    assert report.failed == len(report.pages) > 0
    sentence = report.pages[0].file.error
    assert sentence is not None
    assert sentence.endswith(".")
    assert rows(library) == before
    assert not kept(library.folder)
    (status,) = library.subscriptions.statuses()
    assert status.error == sentence
    assert status.last_fetched is None
    assert status.next_try == report.pages[0].next_try
    assert status.next_try is not None
    assert status.next_try > TODAY.strftime("%Y-%m-%dT%H:%M:%SZ")
    if name == "429":
        assert status.next_try == "2025-09-19T10:00:00Z"
        assert len(report.pages) == 1, "no other page is asked for"
    server.faults.clear()
    report = fetch_all(library, days=3)
    assert report.failed == 0
    assert library.subscriptions.statuses()[0].error == ""
    assert library.subscriptions.checks()[made].failures == 0
    assert len(stored(library)) == 3


def test_one_page_that_cannot_be_read_keeps_none_of_the_others(library: Library, server: WebServer) -> None:
    fill_days(server, 5)
    server.pages[day(1).isoformat()] = []
    server.faults.append(Fault(faults.status(200, b'[{"a": 1}]'), times=1))
    subscribe_daily(library)
    report = fetch_all(library, days=5)
    assert report.failed == 1
    assert report.pages[0].file.error is not None
    assert len(stored(library)) == 3
    assert library.subscriptions.statuses()[0].last_fetched is None


@pytest.mark.parametrize(("days", "note"), [(3, ""), (4, "1 more page waits"), (9, "6 more pages wait")])
def test_after_three_failures_in_a_row_the_other_pages_wait_and_are_counted(
    library: Library, server: WebServer, days: int, note: str
) -> None:
    server.faults.append(Fault(faults.status(404)))
    subscribe_daily(library)
    report = fetch_all(library, days=days)
    assert len(server.seen) == len(report.pages) == 3
    assert [page.note for page in report.pages] == ["", "", f"{note} for the next fetch." if note else ""]
    last = fetch_report_as_text(report).splitlines()[2]
    assert last.endswith(f" at the earliest. {note} for the next fetch." if note else " at the earliest.")


def test_a_page_that_fails_in_between_is_asked_for_once(library: Library, server: WebServer) -> None:
    fill_days(server, 5)
    server.files[f"/api/daily_papers?date={day(1)}&p=0&limit=100&sort=publishedAt"] = (b"papers", "text/plain")
    subscribe_daily(library)
    report = fetch_all(library, days=5)
    assert [page.file.error is None for page in report.pages] == [True, False, True, True, True]
    assert len(stored(library)) == 4
    asked = [seen.query["date"] for seen in server.seen]
    assert [asked.count(day(number).isoformat()) for number in range(5)] == [1, 1, 1, 3, 1]
    assert library.subscriptions.statuses()[0].last_fetched is None


class TestWhen:
    def test_each_is_due_once_after_any_pause(self, library: Library, server: WebServer, set_clock: SetClock) -> None:
        fill_days(server)
        subscribe_daily(library, every=6)
        asked, _ = library.subscriptions.add(SubscriptionKind.SEARCH, "tides", "Tides", 0)
        assert [each.name for each in library.subscriptions.due()] == ["Daily Papers"]
        assert library.subscriptions.seconds_until_due() == 0
        run(library.subscriptions.fetch_due())
        assert library.subscriptions.due() == []
        assert library.subscriptions.seconds_until_due() == 6 * 3600
        set_clock.now += timedelta(days=5)
        assert len(library.subscriptions.due()) == 1
        server.seen.clear()
        run(library.subscriptions.fetch_due())
        days = [seen.query["date"] for seen in server.seen]
        assert days == [(TODAY + timedelta(days=number)).date().isoformat() for number in range(6)]
        run(library.subscriptions.fetch_due())
        assert len(server.seen) == 6
        assert {status.next_try for status in library.subscriptions.statuses() if status.subscription.id == asked} == {
            None
        }

    def test_a_fetch_of_other_days_leaves_out_none(
        self, library: Library, server: WebServer, set_clock: SetClock
    ) -> None:
        fill_days(server)
        subscribe_daily(library)
        fetch_all(library, days=2)
        first = library.subscriptions.statuses()[0].last_fetched
        assert first is not None
        set_clock.now += timedelta(days=4)
        for span in ({"since": FIRST, "until": day(2)}, {"since": TODAY.date() + timedelta(days=2)}):
            run(library.subscriptions.fetch(library.subscriptions.all(), **span))
            assert library.subscriptions.statuses()[0].last_fetched == first
        server.seen.clear()
        run(library.subscriptions.fetch_due())
        days = [seen.query["date"] for seen in server.seen]
        assert days == [(TODAY + timedelta(days=number)).date().isoformat() for number in range(5)]
        fetch_all(library, days=2)
        assert library.subscriptions.seconds_until_due() == 6 * 3600

    @pytest.mark.parametrize(("today", "first"), [(19, 19), (20, 19), (21, 19), (22, 22)])
    def test_the_first_fetch_brings_papers_on_a_weekend(
        self, library: Library, server: WebServer, set_clock: SetClock, today: int, first: int
    ) -> None:
        set_clock.now = TODAY.replace(day=today)
        subscribe_daily(library)
        run(library.subscriptions.fetch_due())
        days = [seen.query["date"] for seen in server.seen]
        assert days == [f"2025-09-{number}" for number in range(first, today + 1)]

    def test_failures_wait_longer_and_longer(self, library: Library, server: WebServer, set_clock: SetClock) -> None:
        server.faults.append(Fault(faults.status(404)))
        subscribe_daily(library, every=1)
        waits = []
        for _ in range(4):
            run(library.subscriptions.fetch_due())
            waits.append(library.subscriptions.seconds_until_due())
            set_clock.now += timedelta(seconds=waits[-1] or 0)
        assert waits == [300, 600, 1200, 2400]

    def test_impatience_makes_no_wait_longer(self, library: Library, server: WebServer) -> None:
        server.faults.append(Fault(faults.status(404)))
        subscribe_daily(library, every=1)
        for _ in range(5):
            fetch_all(library, days=1)
        assert library.subscriptions.seconds_until_due() == 300

    @pytest.mark.parametrize("every", [6, 0])
    def test_a_host_that_asks_for_a_pause_is_not_called_before_its_end(
        self, library: Library, server: WebServer, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, every: int
    ) -> None:
        monkeypatch.delenv("LECTERN_FETCH_DELAY")  # which makes waits for this machine shorter
        subscribe_daily(library, every=every)
        library.subscriptions.add(SubscriptionKind.SEARCH, "tides", "Tides", every)
        fill_days(server, 1)
        server.faults.append(Fault(faults.status(429, retry_after="3600"), times=1))
        first, other = fetch_all(library, days=1).pages
        assert len(server.seen) == 1, "the pause is that of the host"
        assert first.file.error == other.file.error
        assert first.file.error is not None and first.file.error.endswith("(429). Try again later.")
        assert {first.next_try, other.next_try} == {"2025-09-19T10:00:00Z"}
        set_clock.advance(minutes=50)
        report = fetch_all(library, days=1)
        assert report.failed == 2
        assert {page.next_try for page in report.pages} == {"2025-09-19T10:00:00Z"}
        bring(library, "A Paper of Nothing")
        completed = finish(library.completion.papers([1]))  # type: ignore[arg-type]
        assert completed.papers[0].outcome == "failed"
        assert [seen.path for seen in server.seen] == ["/api/daily_papers"]
        set_clock.advance(minutes=10)
        assert fetch_all(library, days=1).failed == 0
        assert library.checks.run().findings == ()

    def test_a_clock_that_was_wrong_does_not_stop_anything(
        self, library: Library, server: WebServer, set_clock: SetClock
    ) -> None:
        subscribe_daily(library)
        run(library.subscriptions.fetch_due())
        set_clock.now -= timedelta(days=100)
        assert len(library.subscriptions.due()) == 1
        run(library.subscriptions.fetch_due())
        assert server.seen[-1].query["date"] == (TODAY - timedelta(days=100)).date().isoformat()

    def test_one_process_fetches_at_a_time(self, library: Library, server: WebServer) -> None:
        subscribe_daily(library)
        other = FetchTurn(library.folder, "lectern fetch")
        other.acquire()
        with pytest.raises(LibraryBusyError, match=r"lectern fetch.* already"):
            fetch_all(library, days=1)
        assert run(library.subscriptions.fetch_due()).pages == ()
        assert server.seen == []
        other.release()
        assert fetch_all(library, days=1).failed == 0

    def test_it_stops_where_the_user_cancels(self, library: Library, server: WebServer) -> None:
        fill_days(server, 10)
        subscribe_daily(library)
        progress = library.subscriptions.fetch(
            library.subscriptions.all(), since=FIRST, until=day(9), cancelled=lambda: len(server.seen) > 5
        )
        report = run(progress)
        assert report.cancelled
        assert 0 < len(stored(library)) < 6
        assert library.subscriptions.statuses()[0].error == ""
        assert str(library.history.steps(1)[0].title).startswith("Fetched “Daily Papers”: ")

    def test_a_first_day_to_come_is_refused(self, library: Library, server: WebServer) -> None:
        subscribe_daily(library)
        tomorrow = TODAY.date() + timedelta(days=1)
        with pytest.raises(ReaderError, match=r"2025-09-2\d, is still to come\. Choose one up to today"):
            run(library.subscriptions.fetch(library.subscriptions.all(), since=tomorrow + timedelta(days=1)))
        assert server.seen == []

    @pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process cannot be set")
    def test_a_day_that_has_begun_in_the_east_alone_is_not_refused(
        self, library: Library, server: WebServer, set_clock: SetClock
    ) -> None:
        subscribe_daily(library)
        set_clock.now = TODAY.replace(hour=20)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", "TKY-9")
            time.tzset()
            report = run(library.subscriptions.fetch(library.subscriptions.all(), since=TODAY.date() + timedelta(1)))
        time.tzset()
        assert report.failed == 0
        assert [seen.query["date"] for seen in server.seen] == [TODAY.date().isoformat()]

    def test_days_in_the_wrong_order_are_refused(self, library: Library) -> None:
        subscribe_daily(library)
        with pytest.raises(ReaderError, match="is after the last"):
            run(library.subscriptions.fetch(library.subscriptions.all(), since=day(2), until=day(1)))


class TestOtherKinds:
    def test_a_search_is_one_listing_that_grows(self, library: Library, server: WebServer) -> None:
        library.subscriptions.add(SubscriptionKind.SEARCH, "tides")
        server.searches["tides"] = [invent(1), invent(2)]
        run(library.subscriptions.fetch(library.subscriptions.all()))
        server.searches["tides"] = [invent(3), invent(1), invent(2)]
        report = run(library.subscriptions.fetch(library.subscriptions.all()))
        assert [page.file.new for page in report.pages] == [1]
        assert len(library.listings.all()) == 1
        assert [each.new for each in library.subscriptions.statuses()] == [3]

    def test_a_query_and_a_feed_are_fetched_and_stay_as_they_are(self, library: Library, server: WebServer) -> None:
        library.subscriptions.add(SubscriptionKind.QUERY, "au:bee")
        library.subscriptions.add(SubscriptionKind.FEED, "http://journal.example/feed")
        server.queries["au:bee"] = [invent(1), invent(2)]
        feed = arxiv_rss("Journal", day(4), [invent(3, day(4))])
        server.files["http://journal.example/feed"] = (feed, "application/rss+xml")
        report = run(library.subscriptions.fetch(library.subscriptions.all()))
        assert [page.file.error for page in report.pages] == [None, None]
        assert sorted(page.file.new for page in report.pages) == [1, 2]
        before = rows(library)
        report = run(library.subscriptions.fetch(library.subscriptions.all()))
        assert [page.unchanged for page in report.pages] == [True, True]
        assert rows(library) == before

    def test_announcements_are_a_listing_a_day(self, library: Library, server: WebServer) -> None:
        library.subscriptions.add(SubscriptionKind.ARXIV, "cs.CL")
        for number in (18, 19):
            of_day = datetime(2025, 9, number).date()
            server.announced["cs.CL"] = (of_day, [invent(number * 10 + each, of_day) for each in range(3)])
            report = run(library.subscriptions.fetch(library.subscriptions.all()))
            assert report.failed == 0, report.pages[0].file.error
        pages = {(listing.heading_date, listing.page and listing.page.page) for listing in library.listings.all()}
        assert pages == {("2025-09-18", "2025-09-18"), ("2025-09-19", "2025-09-19")}
        assert [each.new for each in library.subscriptions.statuses()] == [6]
        server.seen.clear()
        report = run(library.subscriptions.fetch(library.subscriptions.all()))
        assert report.pages[0].unchanged
        assert len(library.listings.all()) == 2


def test_what_mute_rules_hide_is_hidden_at_once(library: Library, server: WebServer) -> None:
    library.mutes.add("Numbers", "climbed")
    server.pages[A_DAY] = [invent(1, day(4))]
    subscribe_daily(library)
    run(library.subscriptions.fetch(library.subscriptions.all(), since=day(4), until=day(4)))
    assert [each.new for each in library.subscriptions.statuses()] == [0]
    assert library.views.counts().muted == 1


def test_two_feeds_with_the_same_bytes_are_one_listing(library: Library, server: WebServer) -> None:
    server.searches |= {"tides": [invent(1)], "moths": [invent(1)]}
    for words in ("tides", "moths"):
        library.subscriptions.add(SubscriptionKind.SEARCH, words)
    for _ in range(2):
        report = run(library.subscriptions.fetch(library.subscriptions.all()))
        assert report.failed == 0
        assert len(library.listings.all()) == 1
    assert all(page.unchanged for page in report.pages)
    server.searches["tides"] = [invent(1), invent(2)]
    run(library.subscriptions.fetch(library.subscriptions.all()))
    assert len(library.listings.all()) == 2


def test_names_are_given_and_secrets_are_not_shown(library: Library) -> None:
    made, _ = library.subscriptions.add(SubscriptionKind.DAILY, "")
    assert library.subscriptions.get(made).name == "Daily Papers"
    library.subscriptions.add(SubscriptionKind.DAILY, "week", "daily papers by month")
    other, _ = library.subscriptions.add(SubscriptionKind.DAILY, "month")
    assert library.subscriptions.get(other).name == "Daily Papers by month (2)"
    with pytest.raises(ReaderError):
        library.subscriptions.add(SubscriptionKind.ARXIV, "nonsense!")
    (address,) = library.subscriptions.addresses(SubscriptionKind.FEED, "https://me:pw@example.org/f?token=abc")
    assert "abc" not in address
    assert "pw" not in address
