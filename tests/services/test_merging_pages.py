"""Subscriptions and fetched pages on their way into other libraries: bundles, JSON Lines, backups, salvage."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.domain.backups import BackupKind
from reader.domain.subscriptions import SubscriptionKind
from reader.services import Library
from reader.services.copies.salvage import salvage
from reader.services.export.plan import ExportForm, ExportOptions
from tests.services.annotating import SetClock
from tests.services.exporting import export
from tests.services.fetching import day, run, subscribe_daily
from tests.services.support import finish
from tests.storage.support import read_tables
from tests.web.papers import Invented, invent
from tests.web.server import WebServer

DAY = day(4)
START = datetime(2025, 7, 26, 9, tzinfo=UTC)


@pytest.fixture
def clock(set_clock: SetClock) -> SetClock:
    set_clock.now = START
    return set_clock


def fetch(library: Library, server: WebServer, *papers: Invented) -> None:
    """Fetch the day's page, which has these papers now."""
    server.pages[DAY.isoformat()] = list(papers)
    run(library.subscriptions.fetch(library.subscriptions.all(), since=DAY, until=DAY))


def said(library: Library) -> dict[str, tuple[object, ...]]:
    """By title: position and upvotes on the page, the paper's upvotes, and the figures of earlier days."""
    found = {}
    path = library.folder / "library.db"
    earlier = read_tables(path)["earlier_sightings"]
    for paper in library.papers.read(range(1, 100)):
        kept = tuple(sorted((row[3], row[4], row[6]) for row in earlier if row[2] == paper.id))
        places = [(sighting.position, sighting.upvotes) for sighting in paper.sightings]
        found[paper.title[:8] + paper.title[-2:]] = (places, paper.upvotes, kept)
    return found


def two_devices(tmp_path: Path, clock: SetClock, server: WebServer) -> tuple[Library, Library]:
    """One fetched the page on the first and third day, the other on the second, when it had another paper."""
    one, other = (Library(tmp_path / name, clock=clock) for name in ("one", "other"))
    for library in (one, other):
        subscribe_daily(library)
    fetch(one, server, invent(1, upvotes=5), invent(2, upvotes=2))
    clock.advance(days=1)
    fetch(other, server, invent(1, upvotes=9), invent(3, upvotes=1))
    clock.advance(days=1)
    fetch(one, server, invent(2, upvotes=4), invent(1, upvotes=20))
    return one, other


def test_two_devices_have_one_listing_whichever_merges_the_other(
    tmp_path: Path, clock: SetClock, server: WebServer
) -> None:
    one, other = two_devices(tmp_path, clock, server)
    with one, other:
        one.bundles.write(tmp_path / "one.lectern")
        other.bundles.write(tmp_path / "other.lectern")
        before = read_tables(one.folder / "library.db", leave_out=("page_copies",))
        one.bundles.merge(tmp_path / "other.lectern")
        other.bundles.merge(tmp_path / "one.lectern")
        for library in (one, other):
            assert len(library.listings.all()) == 1
            assert len(library.subscriptions.all()) == 1
            assert not [found for found in library.checks.run().findings if not found.is_harmless]
        ours, theirs = said(one), said(other)
        figures = {title: (facts[0], facts[1]) for title, facts in ours.items()}
        assert figures == {title: (facts[0], facts[1]) for title, facts in theirs.items()}
        first = next(facts for facts in ours.values() if facts[1] == 20)
        assert first == ([(2, 20)], 20, (("2025-07-26", 1, 5), ("2025-07-27", 1, 9)))
        again = [read_tables(each.folder / "library.db", leave_out=("news",)) for each in (one, other)]
        one.bundles.merge(tmp_path / "other.lectern")
        other.bundles.merge(tmp_path / "one.lectern")
        for library, tables in zip((one, other), again, strict=True):
            assert read_tables(library.folder / "library.db", leave_out=("news",)) == tables
        for path in sorted((other.folder / "sources").glob("??/*")):
            copy = shutil.copy(path, tmp_path / f"{path.name}.json")
            report = finish(one.imports.paths([Path(copy)]))
            assert report.files[0].already_imported
        one.history.undo()
        after = read_tables(one.folder / "library.db", leave_out=("page_copies",))
        for name in ("listings", "sightings", "earlier_sightings", "listing_fetches", "papers", "subscriptions"):
            assert after[name] == before[name], name


def test_a_fetch_after_the_merge_goes_on(tmp_path: Path, clock: SetClock, server: WebServer) -> None:
    one, other = two_devices(tmp_path, clock, server)
    with one, other:
        one.bundles.write(tmp_path / "one.lectern")
        other.bundles.merge(tmp_path / "one.lectern")
        server.seen.clear()
        fetch(other, server, invent(2, upvotes=4), invent(1, upvotes=20))
        (status,) = other.subscriptions.statuses()
        assert status.error == ""
        assert len(other.history.steps()) == 3, "the page is as the other device fetched it"
        fetch(other, server, invent(2, upvotes=5), invent(1, upvotes=20))
        assert len(other.listings.all()) == 1
        assert len(other.history.steps()) == 4


def test_json_lines_carry_everything(tmp_path: Path, clock: SetClock, server: WebServer) -> None:
    one, other = two_devices(tmp_path, clock, server)
    with one, other, Library(tmp_path / "third", clock=clock) as third:
        one.subscriptions.add(SubscriptionKind.FEED, "https://me:pass@example.org/feed", "Journal", 0)
        export(one, ExportOptions(tmp_path / "out", ExportForm.JSON_LINES), one.exports.everything())
        finish(third.imports.paths([tmp_path / "out" / "lectern.jsonl"]))
        rows = [read_tables(library.folder / "library.db") for library in (one, third)]
        for name in ("listings", "listing_fetches", "subscriptions"):
            assert [row[1:] for row in rows[0][name]] == [row[1:] for row in rows[1][name]], name
        assert said(one) == said(third)


def test_a_backup_of_annotations_has_subscriptions(tmp_path: Path, clock: SetClock, server: WebServer) -> None:
    with Library(tmp_path / "one", clock=clock) as library:
        made = subscribe_daily(library)
        backup = library.backups.make(BackupKind.ANNOTATIONS)
        library.subscriptions.remove(made)
        library.subscriptions.add(SubscriptionKind.SEARCH, "tides", "Daily Papers", 0)
        preview = library.backups.preview(backup.path)
        assert {each.what: each.only_there for each in preview.differences}["subscriptions"] == 1
        library.backups.restore(backup.path)
        assert {each.name: each.kind.value for each in library.subscriptions.all()} == {
            "Daily Papers": "search",
            "Daily Papers (2)": "daily",
        }
        whole = library.backups.make()
        library.subscriptions.remove(library.subscriptions.named("Daily Papers").id)
        differences = {each.what: each for each in library.backups.preview(whole.path).differences}
        assert differences["subscriptions"].only_there == 1


def test_salvage_saves_subscriptions_and_pages(tmp_path: Path, clock: SetClock, server: WebServer) -> None:
    with Library(tmp_path / "one", clock=clock) as library:
        subscribe_daily(library)
        fetch(library, server, invent(1, upvotes=5), invent(2, upvotes=2))
        clock.advance(days=1)
        fetch(library, server, invent(1, upvotes=6), invent(2, upvotes=2))
        (listing,) = library.listings.all()
        before = read_tables(library.folder / "library.db")
    report = salvage(tmp_path / "one", clock)
    assert report.problems == []
    assert report.files_left == []
    with Library(tmp_path / "one", clock=clock) as library:
        after = read_tables(library.folder / "library.db")
        for name in ("listings", "listing_fetches", "earlier_sightings", "subscriptions", "sightings"):
            assert [row[1:] for row in after[name]] == [row[1:] for row in before[name]], name
        assert library.listings.all() == [listing]


def test_salvage_reads_a_page_again_whose_papers_are_lost(tmp_path: Path, clock: SetClock, server: WebServer) -> None:
    with Library(tmp_path / "one", clock=clock) as library:
        subscribe_daily(library)
        fetch(library, server, invent(1), invent(2))
        clock.advance(days=1)
        fetch(library, server, invent(1, upvotes=40), invent(2))
    with closing(sqlite3.connect(tmp_path / "one" / "library.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM sightings")
        connection.execute("DELETE FROM papers WHERE id = 2")
    salvage(tmp_path / "one", clock)
    with Library(tmp_path / "one", clock=clock) as library:
        (listing,) = library.listings.all()
        assert listing.paper_count == 2
        assert listing.name == "Daily Papers"
        assert listing.page is not None
        assert listing.page.page == DAY.isoformat()
