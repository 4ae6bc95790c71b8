"""Adding listings: which papers are one, what of them is kept, and that it happens in full or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reader.domain.changes import Field
from reader.domain.dates import PartialDate
from reader.domain.papers import Paper, PaperState
from reader.domain.preparation import SOURCE_RANK, PreparedRecord
from reader.domain.records import LineRange, Organization, Problem
from reader.domain.selection import ALL_PAPERS, PaperSort, SortBy
from reader.storage import listings
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, add, content, fill, header, listing_ids, paper, query, titled


def only(store: LibraryStore) -> Paper:
    """The library's only paper."""
    (found,) = store.papers.read(store.papers.ids(ALL_PAPERS))
    return found


def all_papers(store: LibraryStore) -> list[Paper]:
    return sorted(store.papers.read(store.papers.ids(ALL_PAPERS)), key=lambda found: found.id)


def test_everything_a_record_says_is_kept(store: LibraryStore) -> None:
    record = paper(
        "Whole Record",
        "All of it.",
        line=7,
        authors=("Ada Ähnlich", "Bo"),
        author_count=2,
        organization=("acme", "Acme Inc."),
        published=PartialDate(2025, 3, 4),
        comments=3,
        upvotes=21,
        arxiv_id="2503.00001",
        url="https://example.org/p",
        code_urls=("https://github.com/a/b", "https://github.com/c/d"),
        project_url="https://example.org",
        keywords=("one", "zwei"),
        categories=("cs.CL",),
        submitted_by="someone",
    )
    stored = add(store, "page", record, day="2025-12-08", guessed=True)
    found = only(store)
    assert (stored.new, stored.updated, stored.known) == (1, 0, 0)
    assert (found.title, found.abstract, found.authors, found.author_count) == (
        *("Whole Record", "All of it.", ("Ada Ähnlich", "Bo"), 2),
    )
    assert found.organization == Organization("acme", "Acme Inc.")
    assert (found.published, found.published_guessed, found.arxiv_id) == ("2025-03-04", False, "2503.00001")
    assert (found.url, found.project_url) == ("https://example.org/p", "https://example.org")
    assert (found.code_urls, found.keywords, found.categories) == (
        *(("https://github.com/a/b", "https://github.com/c/d"), ("one", "zwei"), ("cs.CL",)),
    )
    assert (found.comments, found.upvotes, found.state, found.seen) == (3, 21, PaperState.INBOX, False)
    (sighting,) = found.sightings
    assert (sighting.listing, sighting.heading_date, sighting.heading_date_guessed) == ("page", "2025-12-08", True)
    assert (sighting.position, sighting.lines, sighting.comments, sighting.upvotes) == (1, LineRange(7, 9), 3, 21)
    assert query(store, "SELECT submitted_by, published_shown FROM sightings") == [("someone", "2025-03-04")]


def test_listings_and_their_problems_are_kept(store: LibraryStore) -> None:
    problems = (Problem(LineRange(4, 6), "no title", "what\nis this"), Problem(LineRange(2, 2), "stray", "x"))
    stored = add(store, "page", paper("One"), day="2025-12-08", problems=problems)
    (listing,) = store.listings.all()
    assert (listing.id, listing.name, listing.sha256, listing.format) == (
        stored.listing_id,
        "page",
        "sha-page",
        "plain",
    )
    assert (listing.heading_date, listing.paper_count, listing.seen_count, listing.problem_count) == (
        *("2025-12-08", 1, 0, 2),
    )
    assert list(store.listings.problems(listing.id)) == sorted(problems, key=lambda problem: problem.lines.first)
    assert store.listings.get(listing.id) == listing == store.listings.with_sha256("sha-page")


def test_adding_a_listing_again_changes_nothing(store: LibraryStore) -> None:
    add(store, "page", paper("One"), paper("Two"))
    before = content(store)
    history = store.history.steps()
    again = add(store, "page", paper("One"), paper("Two"))
    assert (again.new, again.updated, again.known, bool(again.change)) == (0, 0, 2, False)
    assert content(store) == before
    assert store.history.steps() == history


def test_the_same_papers_in_another_listing_are_known(store: LibraryStore) -> None:
    first = add(store, "monday", paper("One"), paper("Two"))
    second = add(store, "tuesday", paper("Two", line=40), paper("Three"))
    assert (second.new, second.updated, second.known) == (1, 0, 1)
    assert len(store.papers.ids(ALL_PAPERS)) == 3
    both = next(found for found in all_papers(store) if found.title == "Two")
    assert [sighting.position for sighting in both.sightings] == [2, 1]
    sections = store.listings.sections([second.listing_id])
    assert [len(sections[0].new_ids), len(sections[0].known_ids), sections[0].known_states] == [1, 1, (("unseen", 1),)]
    assert first.change.touches(Field.LISTINGS) and both.id in second.change.paper_ids


def test_a_paper_that_stands_in_a_listing_twice_is_one(store: LibraryStore) -> None:
    stored = add(store, "page", paper("Twice"), paper("Once"), paper("Twice.", line=30))
    assert (stored.new, stored.updated, stored.known) == (2, 0, 1)
    twice = next(found for found in all_papers(store) if len(found.sightings) == 2)
    assert [sighting.position for sighting in twice.sightings] == [1, 3]
    assert store.listings.all()[0].paper_count == 2


def test_a_later_sighting_never_changes_what_the_user_said(store: LibraryStore) -> None:
    ids = fill(store, 1)
    store.states.set(ids, PaperState.DISMISSED)
    store.states.set_starred(ids, True)
    add(store, "later", paper("On page subject 0", "A much newer abstract."), day="2026-02-01", rank=SOURCE_RANK)
    found = only(store)
    assert (found.state, found.starred, found.abstract) == (PaperState.DISMISSED, True, "A much newer abstract.")


class TestIdentity:
    def test_a_text_and_its_source_are_one_and_the_id_is_filled_in(self, store: LibraryStore) -> None:
        add(store, "text", paper("A Model: of $\\mathbb{X}$"))
        key = only(store).key
        add(store, "source", paper("A model — of X", arxiv_id="2501.00001"), rank=SOURCE_RANK)
        assert (only(store).key, only(store).arxiv_id) == (key, "2501.00001")

    def test_the_source_then_the_text_are_one(self, store: LibraryStore) -> None:
        add(store, "source", paper("A Model", arxiv_id="2501.00001"), rank=SOURCE_RANK)
        stored = add(store, "text", paper("a model"))
        assert (stored.new, stored.known) == (0, 1)

    def test_the_same_id_is_the_same_paper_whatever_its_title(self, store: LibraryStore) -> None:
        add(store, "old", paper("Old Name", arxiv_id="2501.00001"))
        stored = add(store, "new", paper("New Name", arxiv_id="2501.00001"))
        assert (stored.new, stored.updated) == (0, 1)
        assert only(store).title == "New Name"

    def test_two_ids_are_two_papers_whatever_their_title(self, store: LibraryStore) -> None:
        add(store, "page", paper("Same", arxiv_id="2501.00001"), paper("Same", arxiv_id="2501.00002"))
        assert len(all_papers(store)) == 2

    def test_an_empty_fold_matches_nothing(self, store: LibraryStore) -> None:
        stored = add(store, "page", paper("???", "One."), paper("!!!", "Two."))
        assert stored.new == 2
        assert len({found.key for found in all_papers(store)}) == 2

    def test_a_former_title_is_remembered(self, store: LibraryStore) -> None:
        add(store, "first", paper("Former Title", arxiv_id="2501.00001"), day="2025-01-01")
        add(store, "second", paper("Present Title", arxiv_id="2501.00001"), day="2025-02-01")
        stored = add(store, "third", paper("Former Title"), day="2024-12-01")
        assert (stored.new, stored.known) == (0, 1)
        assert only(store).title == "Present Title"

    def test_an_ambiguous_title_goes_to_the_paper_with_the_same_abstract(self, store: LibraryStore) -> None:
        add(
            store,
            "page",
            paper("Same", "The first abstract.", arxiv_id="2501.00001"),
            paper("Same", "The second abstract.", arxiv_id="2501.00002"),
        )
        add(store, "text", paper("Same", "The  second\nabstract."))
        seen_twice = [found.arxiv_id for found in all_papers(store) if len(found.sightings) == 2]
        assert seen_twice == ["2501.00002"]

    def test_a_title_that_stays_ambiguous_is_never_merged_wrongly(self, store: LibraryStore) -> None:
        add(store, "page", paper("Same", "One.", arxiv_id="2501.00001"), paper("Same", "Two.", arxiv_id="2501.00002"))
        assert add(store, "text", paper("Same", "Another.")).new == 1
        assert add(store, "more", paper("Same", "Yet another.")).new == 0, "the paper without id takes the title"
        assert sorted(len(found.sightings) for found in all_papers(store)) == [1, 1, 2]

    def test_a_paper_known_under_id_and_under_title_becomes_one(self, store: LibraryStore) -> None:
        add(store, "text", paper("Final Title", "From the text."))
        add(store, "early", paper("Working Title", arxiv_id="2501.00001"))
        text, early = all_papers(store)
        store.tags.add([text.id], ["from-text"])
        store.states.set_starred([early.id], True)
        add(store, "final", paper("Final Title", arxiv_id="2501.00001"), rank=SOURCE_RANK)
        found = only(store)
        assert (found.key, found.aliases, found.arxiv_id) == (text.key, (early.key,), "2501.00001")
        assert (found.tags, found.starred, len(found.sightings)) == (("from-text",), True, 3)
        assert store.papers.id_of_key(early.key) == found.id

    def test_which_is_undone_with_the_import_that_found_out(self, store: LibraryStore) -> None:
        add(store, "text", paper("Final Title", "From the text."))
        add(store, "early", paper("Working Title", arxiv_id="2501.00001"))
        before = content(store)
        add(store, "final", paper("Final Title", arxiv_id="2501.00001"), rank=SOURCE_RANK)
        after = content(store)
        store.history.undo()
        assert content(store) == before
        store.history.redo()
        assert content(store) == after

    def test_both_in_one_listing_too(self, store: LibraryStore) -> None:
        stored = add(
            store,
            "page",
            paper("Working Title", arxiv_id="2501.00001"),
            paper("Final Title"),
            paper("Final Title", arxiv_id="2501.00001"),
        )
        assert stored.new + stored.updated + stored.known == 3
        assert len(only(store).sightings) == 3


class TestContentRank:
    def test_the_newer_text_outranks_the_older_one(self, store: LibraryStore) -> None:
        add(store, "old", paper("One", "Old text."), day="2025-01-01")
        stored = add(store, "new", paper("ONE", "New text."), day="2025-02-01")
        assert (only(store).title, only(store).abstract, stored.updated) == ("ONE", "New text.", 1)

    def test_whichever_was_imported_first(self, store: LibraryStore) -> None:
        add(store, "new", paper("ONE", "New text."), day="2025-02-01")
        stored = add(store, "old", paper("One", "Old text."), day="2025-01-01")
        assert (only(store).title, only(store).abstract, stored.known) == ("ONE", "New text.", 1)

    def test_a_source_outranks_a_newer_text(self, store: LibraryStore) -> None:
        add(store, "source", paper("One", "From arXiv."), day="2024-01-01", rank=SOURCE_RANK)
        add(store, "text", paper("ONE", "Through a browser."), day="2025-02-01")
        assert (only(store).title, only(store).abstract) == ("One", "From arXiv.")

    def test_a_lower_source_fills_what_is_missing(self, store: LibraryStore) -> None:
        add(store, "source", paper("One", ""), day="2025-01-01", rank=SOURCE_RANK)
        add(
            store,
            "text",
            paper("ONE", "A text.", author_count=4, organization=("a", "A"), code_urls=("https://github.com/a/b",)),
            day="2024-01-01",
        )
        found = only(store)
        assert (found.title, found.abstract, found.author_count) == ("One", "A text.", 4)
        assert (found.organization, found.code_urls) == (Organization("a", "A"), ("https://github.com/a/b",))

    def test_a_better_source_never_blanks(self, store: LibraryStore) -> None:
        add(store, "text", paper("One", "A text.", authors=("Ada",), organization=("a", "A"), keywords=("k",)))
        add(store, "source", paper("One", "", author_count=3), rank=SOURCE_RANK, day="2027-01-01")
        found = only(store)
        assert (found.abstract, found.authors, found.author_count, found.keywords) == ("A text.", ("Ada",), 1, ("k",))
        assert found.organization == Organization("a", "A")

    def test_an_announced_revision_updates_but_keeps_the_abstract(self, store: LibraryStore) -> None:
        add(store, "mail", paper("One", "Its abstract.", arxiv_id="2501.00001"), rank=SOURCE_RANK, day="2025-01-01")
        revision = paper("One, Revised", "", arxiv_id="2501.00001", is_revision=True, authors=("Ada", "Bo"))
        add(store, "later", revision, rank=SOURCE_RANK, day="2025-01-09")
        found = only(store)
        assert (found.title, found.abstract, found.authors) == ("One, Revised", "Its abstract.", ("Ada", "Bo"))

    def test_an_announced_revision_of_an_unknown_paper_is_a_paper_by_title(self, store: LibraryStore) -> None:
        assert add(store, "mail", paper("Unknown", "", arxiv_id="2501.00001", is_revision=True)).new == 1
        assert only(store).abstract == ""

    def test_counts_come_from_the_newest_sighting_that_shows_any(self, store: LibraryStore) -> None:
        add(store, "new", paper("One", comments=9, upvotes=90), day="2025-03-01")
        add(store, "old", paper("One", comments=1, upvotes=10), day="2025-01-01")
        assert (only(store).comments, only(store).upvotes) == (9, 90)
        add(store, "newest", paper("One", upvotes=95), day="2025-04-01")
        assert (only(store).comments, only(store).upvotes) == (9, 95)
        assert [sighting.upvotes for sighting in only(store).sightings] == [10, 90, 95]

    def test_a_lower_source_still_gives_newer_counts(self, store: LibraryStore) -> None:
        add(store, "source", paper("One", comments=1), day="2025-01-01", rank=SOURCE_RANK)
        add(store, "text", paper("One", comments=5), day="2025-02-01")
        assert only(store).comments == 5


class TestDates:
    DECEMBER = PartialDate(None, 12, 5)

    def test_a_date_shown_in_full_replaces_an_inferred_one(self, store: LibraryStore) -> None:
        add(store, "text", paper("One", published=self.DECEMBER, year=2025), day="2025-12-08")
        assert only(store).published == "2025-12-05"
        add(store, "source", paper("One", published=PartialDate(2024, 12, 5)), day="2024-12-08", rank=SOURCE_RANK)
        assert only(store).published == "2024-12-05"
        add(store, "again", paper("One", published=self.DECEMBER, year=2026), day="2026-12-08")
        assert only(store).published == "2024-12-05"

    def test_an_inferred_year_replaces_a_guessed_one(self, store: LibraryStore) -> None:
        add(store, "guess", paper("One", published=self.DECEMBER, year=2025, guessed=True))
        assert only(store).published_guessed
        add(store, "text", paper("One", published=self.DECEMBER, year=2024), day="2024-12-08")
        assert (only(store).published, only(store).published_guessed) == ("2024-12-05", False)

    def test_the_same_date_confirmed_is_no_guess_any_more(self, store: LibraryStore) -> None:
        add(store, "guess", paper("One", published=self.DECEMBER, year=2025, guessed=True))
        stored = add(store, "year", paper("One", published=PartialDate(2025)))
        assert (only(store).published, only(store).published_guessed, stored.updated) == ("2025-12-05", False, 1)

    def test_more_precision_is_taken_less_is_not(self, store: LibraryStore) -> None:
        add(store, "year", paper("One", published=PartialDate(2025)), rank=SOURCE_RANK)
        add(store, "day", paper("One", published=PartialDate(2025, 12, 5)), day="2020-01-01")
        assert only(store).published == "2025-12-05"

    def test_papers_without_a_date_stand_at_their_listings_day(self, store: LibraryStore) -> None:
        add(store, "a", paper("Undated"), day="2025-06-15")
        add(store, "b", paper("Older", published=PartialDate(2025, 6, 14)), day="2026-01-01")
        add(store, "c", paper("Newer", published=PartialDate(2025, 6, 16)), day="2025-06-17")
        titles = [row.title for row in store.papers.rows(store.papers.ids(ALL_PAPERS, PaperSort(SortBy.DATE)))]
        assert titles == ["Newer", "Undated", "Older"]


class TestKeys:
    def test_keys_are_eight_base32_characters(self, store: LibraryStore) -> None:
        for found in store.papers.read(fill(store, 30)):
            assert len(found.key) == 8
            assert set(found.key) <= set("abcdefghijklmnopqrstuvwxyz234567")
            assert store.papers.id_of_key(found.key.upper()) == found.id

    def test_a_paper_comes_back_under_its_key(self, store: LibraryStore) -> None:
        stored = add(store, "page", paper("One"), paper("Two", arxiv_id="2501.00002"))
        keys = {found.title: found.key for found in all_papers(store)}
        store.listings.remove(stored.listing_id)
        assert not all_papers(store)
        add(store, "again", paper("Two", arxiv_id="2501.00002"), paper("One"))
        assert {found.title: found.key for found in all_papers(store)} == keys

    def test_colliding_keys_are_told_apart(self, store: LibraryStore, monkeypatch: pytest.MonkeyPatch) -> None:
        def few(identity: str) -> Iterator[str]:
            return (f"key{number:05}" for number in range(100))

        monkeypatch.setattr("reader.storage.identity.key_candidates", few)
        add(store, "a", *(paper(f"Paper {number}") for number in range(5)))
        add(store, "b", *(paper(f"Paper {number}") for number in range(5, 9)))
        assert sorted(found.key for found in all_papers(store)) == [f"key{number:05}" for number in range(9)]

    def test_a_merged_papers_key_is_never_given_again(self, store: LibraryStore) -> None:
        add(store, "page", paper("Alpha"), paper("Beta"))
        alpha, beta = all_papers(store)
        store.papers.merge(alpha.id, beta.id)
        store.listings.rename(1, "renamed")
        add(store, "other", paper("Alpha", arxiv_id="2501.00001"))
        add(store, "beta again", paper("Gamma"))
        assert store.papers.id_of_key(beta.key) == alpha.id


class TestAllOrNothing:
    def test_a_failure_half_way_leaves_nothing(self, store: LibraryStore) -> None:
        fill(store)
        before = content(store)

        def failing() -> Iterator[PreparedRecord]:
            yield from (paper(f"New {number}") for number in range(listings.BATCH + 3))
            raise OSError("the file went away")

        with pytest.raises(OSError, match="went away"):
            store.listings.add(header("broken"), failing(), store.begin_operation(titled("import"), "import"))
        assert content(store) == before
        assert [str(step.title) for step in store.history.steps()] == ["import page"]

    def test_but_the_other_files_of_the_import_stay(self, store: LibraryStore) -> None:
        operation = store.begin_operation(titled("import 3 files"), "import")
        store.listings.add(header("a"), [paper("A")], operation)

        def failing() -> Iterator[PreparedRecord]:
            yield paper("B")
            raise OSError("the file went away")

        with pytest.raises(OSError, match="went away"):
            store.listings.add(header("b"), failing(), operation)
        store.listings.add(header("c"), [paper("C")], operation)
        assert sorted(listing.name for listing in store.listings.all()) == ["a", "c"]
        assert [(str(step.title), step.change_count) for step in store.history.steps()] == [("import 3 files", 2)]
        store.history.undo()
        assert not store.listings.all()

    def test_an_import_that_changed_nothing_is_no_step(self, store: LibraryStore) -> None:
        operation = store.begin_operation(titled("import nothing"), "import")
        with store.transaction(operation):
            pass
        assert operation.id is None
        assert store.history.steps() == []

    def test_batches_do_not_show(self, store: LibraryStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listings, "BATCH", 2)
        records = [paper(f"P {number % 7}", arxiv_id=f"2501.0000{number % 7}", line=number + 1) for number in range(20)]
        stored = add(store, "page", *records)
        assert (stored.new, stored.known) == (7, 13)
        assert [row[0] for row in query(store, "SELECT position FROM sightings ORDER BY id")] == list(range(1, 21))
        assert len(listing_ids(store, stored.listing_id)) == 7


def test_papers_removed_and_added_get_new_ids(store: LibraryStore, clock: TickingClock) -> None:
    stored = add(store, "page", paper("One"))
    (old,) = store.papers.ids(ALL_PAPERS)
    store.listings.remove(stored.listing_id)
    add(store, "again", paper("One"))
    assert store.papers.ids(ALL_PAPERS)[0] > old
