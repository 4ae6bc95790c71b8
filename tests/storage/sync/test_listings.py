"""Listings travel: with their names, years and pages, and the papers of each."""

from __future__ import annotations

from collections.abc import Callable

from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, Problem
from tests.storage.support import add, paper, query
from tests.storage.sync.content_support import check_equal, exchange, page
from tests.storage.sync.support import Replica

Two = tuple[Replica, Replica]


def listing_of(replica: Replica) -> int:
    """The only listing."""
    ((number,),) = query(replica.store, "SELECT id FROM listings")
    return int(number)


def test_a_listing_is_renamed_here_and_given_its_year_there(two: Two, backwards: bool) -> None:
    a, b = two
    shown = PartialDate(None, 5, 3)
    problems = (Problem(LineRange(4, 5), "No title", "…"),)
    records = [paper("Tides", published=shown, year=2023, guessed=True), paper("Rivers")]
    add(a.store, "page", *records, heading=shown, year=2023, guessed=True, day="2023-05-03", problems=problems)
    exchange(a, b)
    a.store.listings.rename(listing_of(a), "My page")
    b.store.listings.set_year(listing_of(b), 2024)
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert found["listing_problems"]
    assert query(a.store, "SELECT name, year, heading_date FROM listings") == [("My page", 2024, "2024-05-03")]
    assert query(a.store, "SELECT published FROM papers WHERE title = 'Tides'") == [("2024-05-03",)]


def test_the_history_says_that_a_listing_was_renamed_elsewhere(two: Two) -> None:
    a, b = two
    add(a.store, "page", paper("Tides"))
    exchange(a, b)
    b.store.listings.rename(listing_of(b), "My page")
    exchange(a, b)
    assert str(a.store.history.steps()[0].title) == "From b: 1 listing changed"


def test_two_names_given_at_once_are_one_on_both(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "page", paper("Tides"))
    exchange(a, b)
    a.store.listings.rename(listing_of(a), "Name of A")
    b.store.listings.rename(listing_of(b), "Name of B")
    exchange(a, b, backwards=backwards)
    check_equal(a, b)


def test_a_listing_removed_here_while_the_other_imported_it_stays(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "page", paper("Tides"), paper("Rivers"))
    a.publish()
    a.store.listings.remove(listing_of(a))
    add(b.store, "page", paper("Tides"), paper("Rivers"))
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["sightings"]) == 2


def test_a_listing_removed_here_while_renamed_there_comes_back_whole(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "page", *(paper(f"Paper {number}") for number in range(3)))
    exchange(a, b)
    a.store.listings.remove(listing_of(a))
    b.store.listings.rename(listing_of(b), "Kept")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["sightings"]) == len(found["papers"]) == 3


def test_an_undone_removal_comes_back_there(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "page", paper("Tides"), paper("Rivers"))
    exchange(a, b)
    before = check_equal(a, b)
    a.store.listings.remove(listing_of(a))
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b)["listings"] == []
    a.store.history.undo()
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b) == before


def test_a_page_fetched_on_both_has_the_figures_of_both(two: Two, backwards: bool) -> None:
    a, b = two
    page(a, "day", paper("Tides", upvotes=1), paper("Rivers", upvotes=5), sha256="first")
    exchange(a, b)
    for each in two:
        each.clock.advance(days=1)
    page(a, "day", paper("Rivers", upvotes=8), paper("Tides", upvotes=2), sha256="second")
    page(b, "day", paper("Tides", upvotes=4), paper("Rivers", upvotes=5), paper("Lakes", upvotes=1), sha256="third")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["listings"]) == 1
    assert len(found["sightings"]) == 3
    assert len(found["earlier_sightings"]) == 2
    assert {row[1] for row in found["listing_fetches"]} == {"sha-first", "sha-second", "sha-third"}
    # The next fetch is the news of both.
    a.clock.advance(days=1)
    page(a, "day", paper("Lakes", upvotes=9), paper("Tides", upvotes=9), sha256="fourth")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["sightings"]) == 3
    assert query(b.store, "SELECT upvotes FROM papers WHERE title = 'Tides'") == [(9,)]


def test_a_page_first_fetched_on_both_is_one_listing(two: Two, backwards: bool) -> None:
    a, b = two
    page(a, "day", paper("Tides", upvotes=1), paper("Rivers", upvotes=5), sha256="first")
    b.clock.advance(days=1)
    page(b, "day", paper("Tides", upvotes=4), paper("Lakes", upvotes=1), sha256="second")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["listings"]) == 1
    assert len(found["sightings"]) == 3
    assert [row[2:] for row in found["earlier_sightings"]] == [("2026-03-01", 1, None, 1)]


def test_a_file_here_that_is_a_page_there_is_one_listing(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", upvotes=1), paper("Rivers"))
    page(b, "day", paper("Tides", upvotes=1), paper("Rivers"), sha256="one")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["listings"]) == 1
    assert len(found["sightings"]) == 2


def test_a_listing_of_many_papers(two: Two) -> None:
    a, b = two
    add(a.store, "large", *(paper(f"Paper {number}") for number in range(1203)))
    exchange(a, b)
    found = check_equal(a, b)
    assert len(found["sightings"]) == 1203
    assert query(
        a.store, "SELECT count(*) FROM sync_heads JOIN sync_fields f ON f.id = field WHERE f.name LIKE 's%:%'"
    ) == [(3,)]


def test_sightings_wait_for_papers_that_come_later(library: Callable[..., Replica]) -> None:
    a, b, c = library("a"), library("b"), library("c")
    add(a.store, "one", paper("Tides"), paper("Rivers"))
    exchange(a, b)
    add(b.store, "two", paper("Rivers"), paper("Lakes"), paper("Tides"))
    b.publish()
    c.take(b)
    assert query(c.store, "SELECT position FROM sightings") == [(2,)]
    exchange(a, b, c)
    found = check_equal(a, b, c)
    assert len(found["sightings"]) == 5


def test_the_papers_of_a_listing_stay_those_that_were_joined(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("Rivers"))
    add(b.store, "two", paper("Tides", "All.", arxiv_id="2401.00001"), paper("Rivers", "All.", doi="10.1/r"))
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == 2
    assert len(found["sightings"]) == 4
    key = query(
        a.store, "SELECT key FROM paper_aliases WHERE paper_id = (SELECT id FROM papers WHERE arxiv_id NOT NULL)"
    )
    a.store.papers.split(key[0][0])
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == 3
    assert len({row[0] for row in found["sightings"]}) == 3


def test_a_removed_listing_comes_back_with_papers_that_were_imported_again(two: Two, backwards: bool) -> None:
    a, b = two
    one = add(a.store, "one", paper("Tides"), paper("Rivers")).listing_id
    exchange(a, b)
    a.store.listings.remove(one)
    add(a.store, "two", paper("Tides"), day="2026-02-02")
    b.store.listings.rename(b.store.rows("SELECT id FROM listings")[0][0], "named meanwhile")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["listings"]) == 2
    assert len(found["sightings"]) == 3


def test_a_removed_listing_comes_back_though_an_import_after_it_was_undone(two: Two, backwards: bool) -> None:
    """Whose sightings had got the numbers of those that had been removed."""
    a, b = two
    one = add(a.store, "one", paper("Tides"), paper("Rivers")).listing_id
    exchange(a, b)
    a.store.listings.remove(one)
    add(a.store, "two", paper("Seas"), paper("Lakes"), day="2026-02-02")
    a.store.history.undo(1)
    b.store.listings.rename(b.store.rows("SELECT id FROM listings")[0][0], "named meanwhile")
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["sightings"]) == 2


def test_what_a_page_showed_of_a_paper_earlier_goes_with_it(two: Two) -> None:
    a, b = two
    page(a, "p1", paper("Tides"), sha256="one")
    add(a.store, "other", paper("Rivers"))
    exchange(a, b)
    for each in two:
        with each.store.unrecorded() as writer:
            writer.execute("UPDATE sync_me SET applying = 1")
            writer.execute(
                "INSERT INTO earlier_sightings (listing_id, paper_id, day, position) SELECT listings.id, papers.id, "
                "'2026-01-01', 1 FROM listings, papers WHERE page = 'p1' AND title = 'Rivers'"
            )
            writer.execute("UPDATE sync_me SET applying = 0")
    page(a, "p1", paper("Tides", upvotes=2), sha256="two")
    exchange(a, b)
    assert check_equal(a, b)["earlier_sightings"] == []


def test_a_listing_renamed_and_removed_before_that_is_said_has_its_name_on_both(two: Two, backwards: bool) -> None:
    """Both imported the file, so that it stays; what was said of it first had another name."""
    a, b = two
    for each in two:
        add(each.store, "a page", paper("Tides"))
        each.publish()
    a.store.listings.rename(listing_of(a), "On tides")
    a.store.listings.remove(listing_of(a))
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b)["listings"]
    assert query(b.store, "SELECT name FROM listings") == [("On tides",)]
