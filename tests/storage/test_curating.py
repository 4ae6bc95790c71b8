"""Correcting by hand: years and names of listings, their removal, arXiv ids, papers that are one."""

from __future__ import annotations

import pytest

from reader.domain.changes import Field
from reader.domain.dates import PartialDate
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Paper, PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.selection import ALL_PAPERS
from reader.storage.store import LibraryStore
from tests.storage.support import add, content, fill, paper, query, write

HEADING = PartialDate(None, 12, 8)
ENTRY = PartialDate(None, 11, 30)
LEAP_DAY = PartialDate(None, 2, 29)


def by_title(store: LibraryStore) -> dict[str, Paper]:
    return {found.title: found for found in store.papers.read(store.papers.ids(ALL_PAPERS))}


class TestYear:
    def page(self, store: LibraryStore) -> int:
        stored = add(
            store,
            "page",
            paper("Yearless", published=ENTRY, year=2025, guessed=True),
            paper("Leap", published=LEAP_DAY, year=2025, guessed=True),
            paper("Full", published=PartialDate(2023, 5, 6)),
            paper("Undated"),
            heading=HEADING,
            day="2025-12-08",
            year=2025,
            guessed=True,
        )
        return stored.listing_id

    def test_the_heading_and_yearless_entries_follow(self, store: LibraryStore) -> None:
        listing_id = self.page(store)
        change = store.listings.set_year(listing_id, 2024)
        assert change.touches(Field.LISTINGS)
        assert str(change.title) == "Set the year of “page” to 2024"
        (listing,) = store.listings.all()
        assert (listing.heading_date, listing.year_guessed) == ("2024-12-08", False)
        found = by_title(store)
        assert {title: found[title].published for title in found} == {
            "Yearless": "2024-11-30",
            "Leap": "2024-02-29",
            "Full": "2023-05-06",
            "Undated": None,
        }
        assert not found["Yearless"].published_guessed
        assert change.paper_ids == {found[title].id for title in ("Yearless", "Leap", "Undated", "Full")}
        assert query(store, "SELECT sort_date FROM papers WHERE title = 'Undated'") == [("2024-12-08",)]

    def test_there_and_back_again(self, store: LibraryStore) -> None:
        listing_id = self.page(store)
        before = content(store)
        store.listings.set_year(listing_id, 2023)
        store.listings.set_year(listing_id, 2024)
        assert by_title(store)["Leap"].published == "2024-02-29", "the 29th is not lost on the way"
        store.history.undo(2)
        assert content(store) == before

    def test_the_same_year_again_changes_nothing_more(self, store: LibraryStore) -> None:
        listing_id = self.page(store)
        store.listings.set_year(listing_id, 2024)
        assert not store.listings.set_year(listing_id, 2024)

    def test_a_page_that_shows_its_year_is_not_changed(self, store: LibraryStore) -> None:
        stored = add(store, "page", paper("Full", published=PartialDate(2023, 5, 6)), day="2025-12-08")
        assert not store.listings.set_year(stored.listing_id, 2020)

    def test_dates_from_elsewhere_stay(self, store: LibraryStore) -> None:
        listing_id = self.page(store)
        add(store, "source", paper("Yearless", published=PartialDate(2025, 11, 30)), rank=SOURCE_RANK)
        store.listings.set_year(listing_id, 2019)
        assert by_title(store)["Yearless"].published == "2025-11-30"

    def test_counts_follow_the_corrected_order_of_listings(self, store: LibraryStore) -> None:
        first = add(store, "a", paper("One", upvotes=5), heading=HEADING, day="2025-12-08", year=2025)
        add(store, "b", paper("One", upvotes=7), heading=HEADING, day="2024-12-08", year=2024)
        assert by_title(store)["One"].upvotes == 5
        store.listings.set_year(first.listing_id, 2023)
        assert by_title(store)["One"].upvotes == 7

    @pytest.mark.parametrize("year", [0, 10_000, -5])
    def test_what_is_no_year_is_refused(self, store: LibraryStore, year: int) -> None:
        listing_id = self.page(store)
        with pytest.raises(ReaderError, match="not a year"):
            store.listings.set_year(listing_id, year)

    def test_a_listing_that_is_gone_is_named_so(self, store: LibraryStore) -> None:
        with pytest.raises(NotFoundError):
            store.listings.set_year(99, 2024)


class TestRenaming:
    def test_a_listing_takes_the_users_name(self, store: LibraryStore) -> None:
        fill(store)
        store.listings.rename(1, "  My\nlist ")
        assert store.listings.all()[0].name == "My list"
        assert next(store.papers.read([1])).sightings[0].listing == "My list"
        store.history.undo()
        assert store.listings.all()[0].name == "page"

    def test_an_empty_name_is_refused(self, store: LibraryStore) -> None:
        fill(store)
        with pytest.raises(ReaderError, match="needs a name"):
            store.listings.rename(1, " \n")


class TestRemoval:
    def test_papers_go_unless_annotated_or_sighted_elsewhere(self, store: LibraryStore) -> None:
        ids = fill(store, 8)
        add(store, "other", paper("On page subject 7"))
        store.states.set(ids[:1], PaperState.DONE)
        store.states.set_starred(ids[1:2], True)
        store.tags.add(ids[2:3], ["kept"])
        store.notes.set(ids[3], "A note.")
        store.highlights.add_span(ids[4], "title", 0, 2)
        store.states.set(ids[5:6], PaperState.QUEUED)
        store.states.set_seen(ids[6:7])
        change = store.listings.remove(1)
        assert change.touches(Field.LISTINGS)
        assert change.paper_ids == set(ids)
        assert sorted(store.papers.ids(ALL_PAPERS)) == [*ids[:6], ids[7]]
        assert [listing.name for listing in store.listings.all()] == ["other"]

    def test_undo_brings_all_of_it_back(self, store: LibraryStore) -> None:
        ids = fill(store, 4)
        add(store, "other", paper("On page subject 3", upvotes=4))
        store.states.set_seen(ids[:2])
        store.tags.add(ids[1:2], ["kept"])
        before = content(store)
        store.listings.remove(1)
        after = content(store)
        store.history.undo()
        assert content(store) == before
        store.history.redo()
        assert content(store) == after

    def test_counts_then_come_from_what_is_left(self, store: LibraryStore) -> None:
        add(store, "old", paper("One", upvotes=3), day="2025-01-01")
        newer = add(store, "new", paper("One", upvotes=8), day="2025-02-01")
        store.listings.remove(newer.listing_id)
        assert by_title(store)["One"].upvotes == 3

    def test_a_listing_that_is_gone_is_named_so(self, store: LibraryStore) -> None:
        with pytest.raises(NotFoundError):
            store.listings.remove(99)


class TestArxivId:
    def test_an_id_is_taken_from_what_people_paste(self, store: LibraryStore) -> None:
        ids = fill(store)
        key = next(store.papers.read(ids[:1])).key
        change = store.papers.set_arxiv_id(ids[0], "https://arxiv.org/abs/2501.00001v2")
        found = next(store.papers.read(ids[:1]))
        assert (found.arxiv_id, found.key, change.paper_ids) == ("2501.00001", key, {ids[0]})
        store.history.undo()
        assert next(store.papers.read(ids[:1])).arxiv_id is None

    def test_what_is_no_id_is_refused(self, store: LibraryStore) -> None:
        ids = fill(store)
        with pytest.raises(ReaderError, match="no arXiv id in that"):
            store.papers.set_arxiv_id(ids[0], "hello")

    def test_a_paper_that_is_gone_is_named_so(self, store: LibraryStore) -> None:
        with pytest.raises(NotFoundError):
            store.papers.set_arxiv_id(99, "2501.00001")

    def test_the_id_of_another_paper_is_refused_and_the_paper_named(self, store: LibraryStore) -> None:
        add(store, "page", paper("Mine"), paper("Other One", arxiv_id="2501.00001"))
        before = content(store)
        with pytest.raises(ReaderError, match="already that of “Other One”"):
            store.papers.set_arxiv_id(by_title(store)["Mine"].id, "2501.00001")
        assert content(store) == before

    def test_the_id_of_a_paper_of_the_same_title_makes_them_one(self, store: LibraryStore) -> None:
        add(store, "page", paper("Same", "A.", arxiv_id="2501.00001"), paper("Same", "B.", arxiv_id="2501.00002"))
        first, second = store.papers.read([1, 2])
        before = content(store)
        store.papers.set_arxiv_id(first.id, "2501.00002")
        (found,) = store.papers.read(store.papers.ids(ALL_PAPERS))
        assert (found.key, found.aliases, found.arxiv_id) == (first.key, (second.key,), "2501.00002")
        store.history.undo()
        assert content(store) == before

    def test_the_same_id_again_changes_nothing(self, store: LibraryStore) -> None:
        ids = fill(store)
        store.papers.set_arxiv_id(ids[0], "2501.00001")
        assert not store.papers.set_arxiv_id(ids[0], "2501.00001")


class TestMerging:
    def both(self, store: LibraryStore) -> tuple[Paper, Paper]:
        add(store, "a", paper("Left", "We study Left. It works.", upvotes=3), day="2025-01-01")
        add(store, "b", paper("Right", "We study Right. It works.", arxiv_id="2501.00002"), rank=SOURCE_RANK)
        left, right = store.papers.read([1, 2])
        return left, right

    def test_nothing_of_either_is_lost(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        store.tags.add([left.id, right.id], ["common"])
        store.tags.add([right.id], ["right"])
        store.notes.set(left.id, "Left note.")
        store.notes.set(right.id, "Right note.")
        store.highlights.add_span(left.id, "abstract", 0, 8, comment="gone text")
        store.highlights.add_span(right.id, "abstract", 16, 25)
        store.states.set([left.id], PaperState.DISMISSED)
        store.states.set([right.id], PaperState.READING)
        store.states.set_starred([left.id], True)
        store.states.set_seen([right.id])
        before = content(store)
        change = store.papers.merge(left.id, right.id)
        assert change.paper_ids == {left.id, right.id}
        (found,) = store.papers.read(store.papers.ids(ALL_PAPERS))
        assert (found.id, found.key, found.aliases) == (left.id, left.key, (right.key,))
        assert (found.title, found.abstract, found.arxiv_id) == (right.title, right.abstract, "2501.00002")
        assert (found.upvotes, found.tags, found.state) == (3, ("common", "right"), PaperState.READING)
        assert (found.starred, found.seen, len(found.sightings)) == (True, True, 2)
        assert found.note == "Left note.\n\n---\n\nRight note."
        assert {mark.exact: mark.start for mark in found.highlights} == {"We study": 0, "It works.": 16}
        assert store.papers.id_of_key(right.key) == left.id
        assert len(store.notes.revisions(left.id)) == 3
        store.history.undo()
        assert content(store) == before

    def test_the_earlier_place_in_the_queue_stays(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        add(store, "c", paper("Between"))
        store.states.set([right.id, 3, left.id], PaperState.QUEUED)
        store.papers.merge(left.id, right.id)
        assert [found.queue_position for found in store.papers.read([left.id, 3])] == [1, 2]

    def test_what_is_being_read_leaves_the_queue(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        store.states.set([left.id], PaperState.QUEUED)
        store.states.set([right.id], PaperState.READING)
        store.papers.merge(left.id, right.id)
        assert next(store.papers.read([left.id])).queue_position is None

    def test_aliases_of_aliases_lead_home(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        add(store, "c", paper("Third"))
        third = next(store.papers.read([3]))
        store.papers.merge(left.id, right.id)
        store.papers.merge(third.id, left.id)
        assert {store.papers.id_of_key(found.key) for found in (left, right, third)} == {third.id}
        add(store, "d", paper("Left"), paper("Right"))
        assert len(store.papers.ids(ALL_PAPERS)) == 1, "all three titles are known"

    @pytest.mark.parametrize("order", ["ab", "ba"])
    def test_of_equal_contents_the_listings_name_decides_not_the_order_of_imports(
        self, store: LibraryStore, order: str
    ) -> None:
        titles = {"a": paper("Left", "Of a."), "b": paper("Right", "Of b.")}
        for name in order:
            add(store, name, titles[name], day="2026-02-01")
        store.papers.merge(1, 2)
        assert [(found.title, found.abstract) for found in store.papers.read([1])] == [("Right", "Of b.")]

    def test_a_key_that_led_to_another_paper_meanwhile_leads_to_the_merged_one(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        add(store, "c", paper("Third"))
        write(store, "INSERT INTO paper_aliases (key, paper_id) VALUES (?, 3)", right.key)
        store.papers.merge(left.id, right.id)
        assert query(store, "SELECT key, paper_id FROM paper_aliases") == [(right.key, left.id)]

    def test_equal_notes_stay_one(self, store: LibraryStore) -> None:
        left, right = self.both(store)
        store.notes.set(left.id, "Same note.")
        store.notes.set(right.id, "Same note.\n")
        store.papers.merge(left.id, right.id)
        assert store.notes.of(left.id).text == "Same note."

    def test_a_paper_does_not_merge_with_itself_or_nothing(self, store: LibraryStore) -> None:
        left, _ = self.both(store)
        for other in (left.id, 99):
            with pytest.raises(NotFoundError):
                store.papers.merge(left.id, other)
