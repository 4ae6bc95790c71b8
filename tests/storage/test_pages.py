"""Pages of subscriptions that are fetched again: one listing, brought up to date, with the figures of earlier days."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reader.domain.changes import Field, StoredListing
from reader.domain.errors import LibraryError
from reader.domain.preparation import SOURCE_RANK, PreparedRecord
from reader.domain.records import LineRange, Problem
from reader.domain.selection import ALL_PAPERS
from reader.domain.subscriptions import PageName
from reader.storage.store import AUTOMATIC, LibraryStore
from tests.storage.support import TickingClock, add, content, header, paper, query, titled

PAGE = PageName("daily", "day", "2026-03-01")
TITLES = ("Tides", "Rivers", "Lakes")


def fetch(
    store: LibraryStore, name: str, *records: PreparedRecord, page: PageName = PAGE, **said: Any
) -> StoredListing:
    """Store a fetch of a page as a step of its own; its digest is made from ``name``."""
    operation = store.begin_operation(titled(f"Fetched {name}"), "import")
    said = {"rank": SOURCE_RANK, "day": page.page or None} | said
    return store.listings.add(header(name, **said), records, operation, page=page)


def papers(*upvotes: int, titles: tuple[str, ...] = TITLES, **fields: Any) -> list[PreparedRecord]:
    """Records with so many upvotes each."""
    return [
        paper(title, line=4 * place, upvotes=count, comments=1, **fields)
        for place, (title, count) in enumerate(zip(titles, upvotes, strict=False), start=1)
    ]


def figures(store: LibraryStore) -> list[tuple[Any, ...]]:
    """Title, position and upvotes of every sighting."""
    sql = "SELECT title, s.position, s.upvotes FROM sightings s JOIN papers p ON p.id = paper_id ORDER BY s.id"
    return query(store, sql)


def earlier(store: LibraryStore) -> list[tuple[Any, ...]]:
    """Day, title, position and upvotes of every kept figure."""
    sql = "SELECT day, title, e.position, e.upvotes FROM earlier_sightings e JOIN papers p ON p.id = paper_id"
    return query(store, f"{sql} ORDER BY day, e.id")


def test_a_page_fetched_again_is_one_listing_with_the_present_figures(store: LibraryStore) -> None:
    first = fetch(store, "a", *papers(5, 3))
    again = fetch(store, "b", *papers(9, 8, 5, titles=("Rivers", "Lakes", "Tides")))
    assert again.listing_id == first.listing_id
    assert (again.new, again.updated, again.known) == (1, 1, 1)
    assert figures(store) == [("Tides", 3, 5), ("Rivers", 1, 9), ("Lakes", 2, 8)]
    (listing,) = store.listings.all()
    assert (listing.sha256, listing.page, listing.name) == ("sha-a", PAGE, "a")
    assert store.listings.of_page(PAGE) == listing
    assert store.listings.newest_fetch(listing.id) == "sha-b"
    rows = {row.title: row.upvotes for row in store.papers.rows([1, 2, 3])}
    assert rows == {"Tides": 5, "Rivers": 9, "Lakes": 8}


def test_undo_brings_the_figures_back_and_redo_the_new_ones(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    before = content(store)
    fetch(store, "b", *papers(9, 3, 1), problems=(Problem(LineRange(7, 7), "odd", "?"),))
    after = content(store)
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    assert content(store) == after
    store.history.undo(2)
    assert store.listings.all() == []
    assert store.views.counts().all == 0


def test_figures_of_earlier_days_are_kept_once_a_day(store: LibraryStore, clock: TickingClock) -> None:
    fetch(store, "a", *papers(5, 3))
    fetch(store, "b", *papers(6, 3))
    assert earlier(store) == []
    clock.advance(days=1)
    fetch(store, "c", *papers(40, 3))
    fetch(store, "d", *papers(41, 3))
    assert earlier(store) == [("2026-03-01", "Tides", 1, 6)]
    clock.advance(days=2)
    fetch(store, "e", *papers(50, 4, 1))
    assert earlier(store) == [
        ("2026-03-01", "Tides", 1, 6),
        ("2026-03-01", "Rivers", 2, 3),
        ("2026-03-02", "Tides", 1, 41),
    ]


def momentum(store: LibraryStore) -> dict[int, int]:
    """What rows say that upvotes gained, by paper; the papers that gained something."""
    ids = store.papers.ids(ALL_PAPERS)
    papers = {paper.id: paper.momentum for paper in store.papers.read(ids)}
    assert papers == {row.id: row.momentum for row in store.papers.rows(ids)}
    return {paper_id: gained for paper_id, gained in papers.items() if gained}


def test_momentum_is_what_upvotes_gained_since_yesterday(store: LibraryStore, clock: TickingClock) -> None:
    fetch(store, "a", *papers(10, 3))
    assert momentum(store) == {}
    clock.advance(days=2)  # nobody looked yesterday
    fetch(store, "b", *papers(44, 3, 7))
    assert momentum(store) == {1: 34}
    clock.advance(days=1)
    assert momentum(store) == {}
    fetch(store, "c", *papers(45, 2, 7))
    assert momentum(store) == {1: 1, 2: -1}


def test_what_says_the_same_is_no_step_but_its_bytes_are_known(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    before = content(store)
    change = fetch(store, "same", *papers(5, 3)).change
    assert not change
    assert [str(step.title) for step in store.history.steps()] == ["Fetched a"]
    after = content(store)
    assert after.pop("page_copies") == [("sha-same", PAGE.kind, PAGE.argument, PAGE.page)]
    del before["page_copies"]
    assert after == before
    assert not add(store, "same", paper("Tides")).change
    store.history.undo()
    assert store.listings.with_sha256("sha-same") is None
    store.history.redo()
    assert store.listings.with_sha256("sha-same") is not None


def test_bytes_of_any_fetch_imported_change_nothing(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    fetch(store, "b", *papers(9, 3))
    before = content(store)
    for name in "ab":
        stored = add(store, name, *papers(1, 1, 1))
        assert (stored.listing_id, bool(stored.change)) == (1, False)
    assert content(store) == before


def test_a_page_that_goes_back_to_what_it_was_goes_back(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    fetch(store, "b", *papers(9, 3))
    fetch(store, "a", *papers(5, 3))
    assert figures(store) == [("Tides", 1, 5), ("Rivers", 2, 3)]
    assert len(store.history.steps()) == 3


def test_what_left_the_page_keeps_its_sighting(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    fetch(store, "b", *papers(6))
    assert figures(store) == [("Tides", 1, 6), ("Rivers", 2, 3)]


def test_a_file_imported_before_becomes_the_page(store: LibraryStore) -> None:
    add(store, "a", *papers(5, 3), rank=SOURCE_RANK)
    change = fetch(store, "a", *papers(5, 3)).change
    assert change.touches(Field.LISTINGS)
    (listing,) = store.listings.all()
    assert listing.page == PAGE
    assert not fetch(store, "a", *papers(5, 3), page=replace(PAGE, page="2026-03-02")).change
    store.history.undo()
    assert store.listings.all()[0].page is None


def test_two_pages_do_not_quarrel_about_a_paper(store: LibraryStore) -> None:
    """Each says another number; fetching one whose own has not changed does not bring its number back."""
    other = replace(PAGE, page="2026-03-02")
    fetch(store, "a", *papers(5, 3))
    fetch(store, "b", *papers(9, 3), page=other)
    fetch(store, "c", *papers(5, 4))
    rows = {row.title: row.upvotes for row in store.papers.rows([1, 2])}
    assert rows == {"Tides": 9, "Rivers": 4}


def test_figures_of_a_fetch_are_newer_than_those_of_a_file_of_the_days_between(
    store: LibraryStore, clock: TickingClock
) -> None:
    fetch(store, "a", *papers(5))
    add(store, "file", *papers(7), day="2026-03-03", rank=SOURCE_RANK)
    clock.advance(days=5)
    fetch(store, "b", *papers(11))
    assert store.papers.rows([1])[0].upvotes == 11
    store.listings.remove(2)
    assert store.papers.rows([1])[0].upvotes == 11


def test_annotated_papers_of_an_undone_fetch_stay_without_its_sightings(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5))
    fetch(store, "b", *papers(6, 3))
    with store.step("", AUTOMATIC):
        store.tags.add([2], ["mine"])
    undone = store.history.undo()
    assert undone is not None
    assert undone.kept_paper_ids == {2}
    assert figures(store) == [("Tides", 1, 5)]


def test_removing_a_page_removes_everything_of_it(store: LibraryStore, clock: TickingClock) -> None:
    fetch(store, "a", *papers(5, 3))
    clock.advance(days=1)
    fetch(store, "b", *papers(6, 4))
    before = content(store)
    store.listings.remove(1)
    for table in ("listings", "sightings", "earlier_sightings", "listing_fetches", "papers"):
        assert content(store)[table] == [], table
    store.history.undo()
    assert content(store) == before


def test_merging_papers_moves_their_earlier_figures(store: LibraryStore, clock: TickingClock) -> None:
    fetch(store, "a", *papers(5, 3))
    clock.advance(days=1)
    fetch(store, "b", *papers(6, 4))
    store.papers.merge(1, 2)
    assert {row[1] for row in earlier(store)} == {"Tides"}
    fetch(store, "c", *papers(7, 5))
    assert [row[2] for row in figures(store)] == [7, 5]


def test_a_record_that_joins_two_papers_of_the_page_keeps_both_sightings(store: LibraryStore) -> None:
    fetch(store, "a", paper("Tides", upvotes=1), paper("Tides at Sea", upvotes=2, arxiv_id="2601.00001"))
    fetch(store, "b", paper("Tides", upvotes=3, arxiv_id="2601.00001"), paper("Lakes", upvotes=4))
    assert len(query(store, "SELECT 1 FROM sightings")) == 3


def test_a_fetch_that_fails_leaves_the_page_as_it_was(store: LibraryStore) -> None:
    fetch(store, "a", *papers(5, 3))
    before = content(store)

    def fail() -> None:
        raise LibraryError("full")

    operation = store.begin_operation(titled("Fetched b"), "import")
    with pytest.raises(LibraryError):
        store.listings.add(header("b"), papers(9, 9), operation, page=PAGE, before_commit=fail)
    assert content(store) == before


def test_of_fetches_the_first_the_newest_and_those_of_steps_are_needed(store: LibraryStore) -> None:
    for name, count in (("a", 1), ("b", 2), ("c", 3), ("d", 4)):
        fetch(store, name, *papers(count))
    assert store.named_sources() == {"sha-a", "sha-b", "sha-c", "sha-d"}
    store.history.undo()
    assert store.named_sources() == {"sha-a", "sha-b", "sha-c", "sha-d"}
    store.history.redo()
    store.forget_history()
    assert store.named_sources() == {"sha-a", "sha-d"}


class TestChecks:
    def test_validators_are_used_while_the_library_has_their_bytes(self, store: LibraryStore) -> None:
        fetch(store, "a", *papers(5))
        store.page_checks.note(PAGE, "sha-a", "one", 1)
        known = store.page_checks.usable(PAGE)
        assert known is not None
        assert (known.validators, known.listing_id) == ("one", 1)
        fetch(store, "b", *papers(6))
        assert store.page_checks.usable(PAGE) is None
        store.page_checks.note(PAGE, "sha-b", "two", 1)
        store.history.undo()
        assert store.page_checks.usable(PAGE) is None
        store.history.redo()
        assert store.page_checks.usable(PAGE) is not None

    def test_an_empty_page_has_no_listing_and_is_not_fetched_whole_again(self, store: LibraryStore) -> None:
        store.page_checks.note(PAGE, "sha-empty", "none", 0)
        known = store.page_checks.usable(PAGE)
        assert known is not None
        assert known.listing_id is None

    def test_looks_are_no_steps_and_change_nothing_if_nothing_changed(
        self, store: LibraryStore, clock: TickingClock
    ) -> None:
        store.page_checks.note(PAGE, "sha-empty", "one", 0)
        before = query(store, "SELECT * FROM page_checks")
        clock.advance(hours=1)
        store.page_checks.note(PAGE, "sha-empty", "one", 0)
        assert query(store, "SELECT * FROM page_checks") == before
        store.page_checks.note(PAGE, "sha-empty", "two", 0)
        assert query(store, "SELECT validators FROM page_checks") == [("two",)]
        assert store.history.steps() == []
