"""Which papers a view holds and in which order, against the same asked of whole papers in plain Python."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.annotations import fold_tag
from reader.domain.dates import PartialDate
from reader.domain.papers import Paper, PaperState
from reader.domain.query import leaves, parse_query
from reader.domain.selection import ALL_PAPERS, INBOX, QUEUE, UNSEEN, PaperFilter, PaperSort, SortBy, in_state
from reader.storage.store import LibraryStore
from reader.storage.view_queries import read_ids
from tests.examples import examples
from tests.storage.support import TickingClock, add, check_derived, fill, paper, query

PAPERS = 60
TAGS = ("a", "a/b", "A/b/c", "b", "ab")


def build(store: LibraryStore, clock: TickingClock) -> None:
    """A library with every kind of thing in it, the same every time."""
    dice = random.Random(20260301)
    records = []
    for number in range(PAPERS):
        day = date(2024, 1, 1) + timedelta(days=dice.randrange(400))
        shown = dice.choice([None, PartialDate(day.year), PartialDate(day.year, day.month), PartialDate.from_date(day)])
        records.append(
            paper(
                f"{dice.choice('abcABC$')} subject {number}",
                published=shown,
                comments=dice.choice([None, dice.randrange(5)]),
                upvotes=dice.choice([None, dice.randrange(50)]),
                arxiv_id=f"2401.{number:05}" if dice.random() < 0.5 else None,
                code_urls=("https://github.com/a/b",) if dice.random() < 0.3 else (),
            )
        )
    for page in range(4):
        chosen = dice.sample(records, 25)
        add(store, f"page {page}", *chosen, day=f"2025-0{4 - page}-01")
    add(store, "rest", *records)
    ids = sorted(store.papers.ids(ALL_PAPERS))
    for state in PaperState:
        store.states.set(dice.sample(ids, 12), state)
    store.states.set_starred(dice.sample(ids, 10), True)
    store.states.set_seen(dice.sample(ids, 20))
    store.states.set_seen(dice.sample(ids, 10), imported=True)
    store.states.bury_until(dice.sample(ids, 8), clock.now + timedelta(days=3))
    store.states.bury_until(dice.sample(ids, 5), clock.now - timedelta(days=3))
    store.mutes.set_papers(dice.sample(ids, 9))
    for tag in TAGS:
        store.tags.add(dice.sample(ids, 9), [tag])
    for paper_id in dice.sample(ids, 9):
        store.notes.set(paper_id, "A note.")
        store.highlights.add_span(paper_id + 1 if paper_id + 1 in ids else paper_id, "title", 0, 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibraryStore]:
    clock = TickingClock()
    path: Path = tmp_path_factory.mktemp("selecting") / "library.db"
    with LibraryStore(path, clock=clock) as store:
        build(store, clock)
        check_derived(store)
        yield store


FLAGS = st.sampled_from([None, None, True, False])
FILTERS = st.builds(
    PaperFilter,
    states=st.none() | st.frozensets(st.sampled_from(PaperState)),
    starred=FLAGS,
    seen=FLAGS,
    buried=FLAGS,
    muted=FLAGS,
    queued=FLAGS,
    tagged=FLAGS,
    has_note=FLAGS,
    has_highlights=FLAGS,
    listing_ids=st.none() | st.lists(st.integers(1, 6), unique=True).map(tuple),
    tags=st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
    ids=st.none() | st.lists(st.integers(1, PAPERS + 5)).map(tuple),
)
SORTS = st.builds(PaperSort, st.sampled_from(SortBy), st.booleans())


def passes(which: PaperFilter, found: Paper, muted: set[int], now: str) -> bool:
    """Whether a whole paper meets a filter."""
    tags = [fold_tag(tag) for tag in found.tags]

    def carries(name: str) -> bool:
        return any(tag == fold_tag(name) or tag.startswith(fold_tag(name) + "/") for tag in tags)

    conditions: list[tuple[Any, bool]] = [
        (which.starred, found.starred),
        (which.seen, found.seen),
        (which.buried, found.buried_until is not None and found.buried_until > now),
        (which.muted, found.id in muted),
        (which.queued, found.queue_position is not None),
        (which.tagged, bool(tags)),
        (which.has_note, bool(found.note)),
        (which.has_highlights, bool(found.highlights)),
    ]
    return (
        all(wanted is None or wanted is actual for wanted, actual in conditions)
        and (which.states is None or found.state in which.states)
        and (which.listing_ids is None or any(seen.listing_id in which.listing_ids for seen in found.sightings))
        and all(carries(name) for name in which.tags)
        and (which.ids is None or found.id in which.ids)
    )


def state_of(library: LibraryStore) -> tuple[list[Paper], set[int], str]:
    papers = list(library.papers.read(range(1, PAPERS + 1)))
    muted = {row[0] for row in query(library, "SELECT paper_id FROM muted")}
    return papers, muted, query(library, "SELECT max(time) FROM operations")[0][0]


@examples(150)
@given(which=FILTERS, sort=SORTS)
def test_a_filter_lets_through_what_it_says(library: LibraryStore, which: PaperFilter, sort: PaperSort) -> None:
    papers, muted, now = state_of(library)
    expected = {found.id for found in papers if passes(which, found, muted, now)}
    ids = library.papers.ids(which, sort)
    assert len(ids) == len(set(ids))
    assert set(ids) == expected


@examples(60)
@given(which=FILTERS, reverse=st.booleans())
def test_orders_are_what_they_say(library: LibraryStore, which: PaperFilter, reverse: bool) -> None:
    papers = {found.id: found for found in state_of(library)[0]}

    def ordered(by: SortBy) -> list[Paper]:
        return [papers[paper_id] for paper_id in library.papers.ids(which, PaperSort(by, reverse))]

    def check(values: list[Any], descending: bool) -> None:
        assert values == sorted(values, reverse=descending)

    check([found.first_seen for found in ordered(SortBy.ADDED)], descending=not reverse)
    upvotes = [-1 if found.upvotes is None else found.upvotes for found in ordered(SortBy.UPVOTES)]
    check(upvotes, descending=not reverse)
    comments = [-1 if found.comments is None else found.comments for found in ordered(SortBy.COMMENTS)]
    check(comments, descending=not reverse)
    dates = [found.published for found in ordered(SortBy.DATE) if found.published is not None]
    check(dates, descending=not reverse)
    titles = [found.title.replace("$", "").strip().casefold() for found in ordered(SortBy.TITLE)]
    check(titles, descending=reverse)
    places = [found.queue_position for found in ordered(SortBy.QUEUE)]
    queued = [place for place in places if place is not None]
    check(queued, descending=reverse)
    assert places[: len(queued)] == queued, "papers outside the queue come after it"


def test_listings_keep_the_pages_own_order(library: LibraryStore) -> None:
    def page(listing_id: int) -> list[int]:
        sql = "SELECT paper_id FROM sightings WHERE listing_id = ? ORDER BY position"
        return [row[0] for row in query(library, sql, listing_id)]

    by_listing = PaperSort(SortBy.LISTING)
    assert list(library.papers.ids(PaperFilter(listing_ids=(2,)), by_listing)) == page(2)
    both = list(dict.fromkeys(page(3) + page(1)))
    assert list(library.papers.ids(PaperFilter(listing_ids=(3, 1)), by_listing)) == both
    backwards = PaperSort(SortBy.LISTING, reverse=True)
    assert list(library.papers.ids(PaperFilter(listing_ids=(3, 1)), backwards)) == both[::-1]
    newest_first = [
        row[0]
        for row in query(library, "SELECT id FROM listings ORDER BY heading_date IS NULL DESC, heading_date DESC")
    ]
    everything = list(dict.fromkeys(paper_id for listing_id in newest_first for paper_id in page(listing_id)))
    assert list(library.papers.ids(ALL_PAPERS, by_listing)) == everything


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("by", list(SortBy))
def test_the_inbox_is_its_unseen_and_its_seen_papers_in_order(library: LibraryStore, by: SortBy, reverse: bool) -> None:
    unseen, seen = library.views.inbox_ids(PaperSort(by, reverse))
    assert unseen == library.papers.ids(UNSEEN, PaperSort(by, reverse))
    assert seen == library.papers.ids(replace(INBOX, seen=True), PaperSort(by, reverse))
    assert len(unseen)
    assert len(seen)


def test_many_ids_are_filtered_like_few(library: LibraryStore) -> None:
    some = [3, 5, 8, 999]
    many = some + list(range(10_000, 12_000))
    for sort in SortBy:
        order = PaperSort(sort)
        assert library.papers.ids(PaperFilter(ids=many), order) == library.papers.ids(PaperFilter(ids=some), order)


def test_counts_are_the_views_sizes(library: LibraryStore) -> None:
    counts = library.views.counts()
    sizes = {
        "inbox": INBOX,
        "unseen": UNSEEN,
        "queued": QUEUE,
        "reading": in_state(PaperState.READING),
        "done": in_state(PaperState.DONE),
        "dismissed": in_state(PaperState.DISMISSED),
        "starred": PaperFilter(starred=True),
        "all": ALL_PAPERS,
        "buried": PaperFilter(buried=True),
        "muted": PaperFilter(muted=True),
    }
    assert {name: getattr(counts, name) for name in sizes} == {
        name: len(library.papers.ids(which)) for name, which in sizes.items()
    }
    papers = list(library.papers.read(library.papers.ids(ALL_PAPERS)))
    assert counts.tags == {tag: sum(tag in found.tags for found in papers) for tag in TAGS}
    for listing in library.listings.all():
        shown = list(library.papers.read(library.papers.ids(PaperFilter(listing_ids=(listing.id,)))))
        handled = sum(found.seen or found.state is not PaperState.INBOX for found in shown)
        assert (listing.paper_count, listing.seen_count) == (len(shown), handled)
        assert (counts.listings[listing.id].total, counts.listings[listing.id].seen) == (len(shown), handled)


def test_statistics_add_up(library: LibraryStore) -> None:
    papers = list(library.papers.read(library.papers.ids(ALL_PAPERS)))
    figures = library.statistics.totals()
    assert figures.papers == len(papers)
    assert figures.states["inbox"] == len(library.papers.ids(INBOX))
    decided = {state: sum(found.state is state for found in papers) for state in PaperState}
    assert figures.states == {**{s.value: n for s, n in decided.items() if n}, "inbox": figures.states["inbox"]}
    assert figures.with_arxiv_id == sum(found.arxiv_id is not None for found in papers)
    assert figures.with_code == sum(bool(found.code_urls) for found in papers)
    assert figures.tagged == sum(bool(found.tags) for found in papers)
    assert figures.sightings == sum(len(found.sightings) for found in papers)
    assert (figures.listings, figures.formats, figures.tags) == (5, {"plain": 5}, 5)
    dated = [found.published for found in papers if found.published and len(found.published) >= 7]
    assert sum(figures.published_months.values()) == len(dated)
    assert sum(figures.added_months.values()) == len(papers)
    assert figures.bytes > 100_000


def test_rows_say_what_papers_say(library: LibraryStore) -> None:
    ids = list(library.papers.ids(ALL_PAPERS, PaperSort(SortBy.TITLE)))
    asked = [*ids[5:20], 999, ids[3], ids[5]]
    rows = library.papers.rows(asked)
    assert [row.id for row in rows] == [*ids[5:20], ids[3], ids[5]]
    papers = {found.id: found for found in library.papers.read(ids)}
    for row in rows:
        found = papers[row.id]
        assert (row.key, row.title, row.published, row.published_guessed) == (
            *(found.key, found.title, found.published, found.published_guessed),
        )
        assert (row.comments, row.upvotes, row.state, row.starred) == (
            *(found.comments, found.upvotes, found.state, found.starred),
        )
        assert (row.seen, row.tags, row.has_note) == (found.seen, found.tags, bool(found.note))
        assert (row.highlight_count, row.sighting_count) == (len(found.highlights), len(found.sightings))
        assert found.abstract.startswith(row.abstract_start)
        assert row.has_code == bool(found.code_urls)


def test_papers_come_in_the_order_asked_and_missing_ones_do_not(library: LibraryStore) -> None:
    assert [found.id for found in library.papers.read([7, 999, 3, 5])] == [7, 3, 5]
    assert list(library.papers.read([])) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:a", PaperFilter(tags=("a",))),
        ("is:starred", PaperFilter(starred=True)),
        ("is:unseen", PaperFilter(seen=False)),
        ("is:buried", PaperFilter(buried=True)),
        ("is:snoozed", PaperFilter(buried=True)),
        ("has:note", PaperFilter(has_note=True)),
        ("has:highlight", PaperFilter(has_highlights=True)),
        ("has:tags", PaperFilter(tagged=True)),
        ("is:done", in_state(PaperState.DONE)),
        ("is:inbox", INBOX),
    ],
)
def test_filters_of_queries_agree_with_filters_of_views(
    library: LibraryStore, text: str, expected: PaperFilter
) -> None:
    (leaf,) = leaves(parse_query(text, typing=False, today=date(2026, 3, 1)).node)
    assert set(library.views.filter_ids(leaf)) == set(library.papers.ids(expected))  # type: ignore[arg-type]


def test_a_query_for_code_finds_the_papers_with_links_to_code(library: LibraryStore) -> None:
    (leaf,) = leaves(parse_query("has:code", typing=False, today=date(2026, 3, 1)).node)
    papers = library.papers.read(range(1, PAPERS + 1))
    assert set(library.views.filter_ids(leaf)) == {paper.id for paper in papers if paper.code_urls}  # type: ignore[arg-type]


def test_ids_come_in_order_however_many(store: LibraryStore) -> None:
    """``group_concat`` keeps its subquery's order: what reading ids rests on."""
    ids = fill(store, 3_000)
    assert list(store.papers.ids(ALL_PAPERS, PaperSort(SortBy.LISTING))) == ids
    assert list(store.papers.ids(ALL_PAPERS, PaperSort(SortBy.ADDED, reverse=True))) == ids[::-1]


def test_many_ids_are_read_in_pieces_and_in_order() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for count in (0, 1, 1_499, 20_000):
            numbers = (
                f"WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n LIMIT {count}) SELECT id FROM n"
            )
            found = read_ids(connection, f"{numbers} ORDER BY id % 7, id", {})
            assert list(found) == sorted(range(1, count + 1), key=lambda one: (one % 7, one))
