"""Papers travel: imported, changed, joined, taken apart, removed and annotated on several devices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.sync import Json
from reader.storage.sync import engine
from reader.storage.sync.paper_classes import touch_all
from reader.storage.sync.paper_rows import paper_cell
from reader.storage.sync.work import Work, milliseconds
from tests.storage.support import add, listing_ids, paper, query
from tests.storage.sync.content_support import check_equal, contents, exchange
from tests.storage.sync.support import Replica

Two = tuple[Replica, Replica]


def ids_of(replica: Replica) -> dict[str, int]:
    """The papers by title."""
    return dict(replica.store.rows("SELECT title, id FROM papers"))


def titles(replica: Replica) -> list[str]:
    """The titles of all papers."""
    return sorted(ids_of(replica))


def test_a_paper_imported_here_appears_there_with_every_column(two: Two, backwards: bool) -> None:
    a, b = two
    add(
        a.store,
        "page",
        paper(
            "On $\\alpha$ “Tides”",
            arxiv_id="2401.00001",
            comments=3,
            upvotes=0,
            url="https://example.org/tides",
            project_url="https://example.org/project",
            code_urls=("https://example.org/code",),
            keywords=("tides", "moon"),
            categories=("cs.LG",),
            authors=("Ann Bee", "Ça Dü"),
            organization=("lab", "The Lab"),
            doi="10.1/ABC",
            published=PartialDate(2024, 5, 3),
        ),
        paper("Rivers"),
        rank=SOURCE_RANK,
        day="2026-02-01",
    )
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == len(found["sightings"]) == 2
    assert query(a.store, "SELECT key FROM papers ORDER BY 1") == query(b.store, "SELECT key FROM papers ORDER BY 1")


def test_what_is_shown_again_here_is_completed_there(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("Rivers"))
    exchange(a, b, backwards=backwards)
    add(a.store, "two", paper("Tides", "A better abstract.", doi="10.1/x", upvotes=7), rank=SOURCE_RANK)
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert query(b.store, "SELECT doi, upvotes, abstract FROM papers WHERE title = 'Tides'") == [
        ("10.1/x", 7, "A better abstract.")
    ]


def test_changes_on_both_are_folded_into_one_content(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"))
    exchange(a, b)
    add(a.store, "more", paper("Tides", "From A.", doi="10.1/x"), day="2026-05-01")
    add(b.store, "others", paper("Tides", "From B.", upvotes=9), rank=SOURCE_RANK)
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert query(a.store, "SELECT doi, upvotes, abstract FROM papers") == [("10.1/x", 9, "From B.")]
    # What is said next covers both.
    add(b.store, "later", paper("Tides", "Later.", upvotes=10), rank=SOURCE_RANK, day="2026-08-01")
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert query(a.store, "SELECT doi, upvotes, abstract FROM papers") == [("10.1/x", 10, "Later.")]
    assert b.store.rows("SELECT * FROM sync_several") == []


def test_the_same_page_imported_on_both_is_there_once(two: Two, backwards: bool) -> None:
    a, b = two
    for each in two:
        add(each.store, "page", paper("Tides", upvotes=1), paper("Rivers", doi="10.1/r"), paper("Tides at noon"))
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == len(found["sightings"]) == 3
    assert len(found["listings"]) == 1
    assert query(a.store, "SELECT count(*) FROM sync_entities WHERE kind = 0") == [(3,)]


def test_a_title_here_and_an_arxiv_id_there_are_one_paper_on_both(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "names", paper("Tides"), paper("Rivers"))
    add(b.store, "page", paper("Tides", "All about them.", arxiv_id="2401.00001"), rank=SOURCE_RANK)
    a.store.states.set_starred([ids_of(a)["Tides"]], True)
    b.store.notes.set(ids_of(b)["Tides"], "Read this.")
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == 2
    assert len(found["keys"]) == 3
    assert [row[1:] for row in found["notes"]] == [("Read this.",)]
    assert [row[1:] for row in found["states"]] == [("inbox", 1, None)]


def test_a_title_found_to_be_two_papers_does_not_make_them_one(
    library: Callable[[str], Replica], backwards: bool
) -> None:
    a, b, c = library("a"), library("b"), library("c")
    add(a.store, "one", paper("Editorial", "One.", arxiv_id="2401.00001"))
    add(b.store, "two", paper("Editorial", "Two.", arxiv_id="2402.00002"))
    add(c.store, "three", paper("Editorial", "Three."))
    c.publish()
    a.take(c)
    b.take(c)
    exchange(a, b, c, backwards=backwards)
    found = check_equal(a, b, c)
    assert len(found["papers"]) == 2


def test_works_that_share_a_title_stay_two(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Editorial", doi="10.1/one"))
    add(b.store, "two", paper("Editorial", doi="10.1/two"))
    a.store.states.set_starred([ids_of(a)["Editorial"]], True)
    exchange(a, b, backwards=backwards)
    # Both wanted the same key, which on each device is that of its own paper.
    found = check_equal(a, b, but=("keys",))
    assert len(found["papers"]) == len(found["keys"]) == 2
    assert sum(row[2] for row in found["states"]) == 1


def test_joined_here_and_there_too(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", upvotes=1), paper("On Tides", doi="10.1/x", upvotes=5), paper("Rivers"))
    exchange(a, b)
    a.store.tags.add([ids_of(a)["On Tides"]], ["moon"])
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert titles(b) == ["Rivers", "Tides"]
    assert len(found["keys"]) == 3
    assert len(found["paper_tags"]) == 1


def test_joined_here_while_the_other_annotates_the_one_that_goes(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"))
    exchange(a, b)
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    b.store.notes.set(ids_of(b)["On Tides"], "Mine.")
    b.store.states.set_starred([ids_of(b)["On Tides"]], True)
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert titles(a) == ["Tides"]
    assert [row[1:] for row in found["notes"]] == [("Mine.",)]
    assert [row[2] for row in found["states"]] == [1]


def test_joined_with_another_on_each(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"), paper("About Tides"))
    exchange(a, b)
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    b.store.papers.merge(ids_of(b)["About Tides"], ids_of(b)["Tides"])
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert len(found["papers"]) == 1
    assert len(found["sightings"]) == 3


def test_what_was_not_said_yet_is_joined_while_it_is_said(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"), paper("About Tides"))
    exchange(a, b)
    add(b.store, "two", paper("Tides", "From B.", doi="10.1/x"), day="2026-08-01")
    a.store.papers.merge(ids_of(a)["On Tides"], ids_of(a)["Tides"])
    a.publish()
    b.take(a)
    assert query(b.store, "SELECT count(*) FROM papers") == [(2,)]
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    b.store.papers.split(query(b.store, "SELECT key FROM paper_aliases")[0][0])
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert query(a.store, "SELECT abstract FROM papers WHERE title = 'Tides'") == [("From B.",)]


def test_joined_the_other_way_round(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"))
    exchange(a, b)
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    b.store.papers.merge(ids_of(b)["On Tides"], ids_of(b)["Tides"])
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["papers"]) == 1


def test_undoing_a_merge_takes_the_papers_apart_there(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", upvotes=1), paper("On Tides", "Other.", doi="10.1/x"))
    add(a.store, "two", paper("On Tides", "Other."))
    ids = ids_of(a)
    a.store.tags.add([ids["On Tides"]], ["moon"])
    a.store.states.set_starred([ids["Tides"]], True)
    exchange(a, b)
    before = contents(a)
    a.store.papers.merge(ids["Tides"], ids["On Tides"])
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    a.store.history.undo()
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b) == before


def test_joined_here_and_taken_apart_there(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides", "Other."))
    exchange(a, b)
    key = query(a.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    exchange(a, b)
    b.store.papers.split(key)
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert titles(a) == ["On Tides", "Tides"]
    assert len(found["papers"]) == len(found["keys"]) == 2
    assert query(a.store, "SELECT title FROM papers WHERE key = ?", key) == [("On Tides",)]


def test_removed_here_is_removed_there(two: Two, backwards: bool) -> None:
    a, b = two
    stored = add(a.store, "one", paper("Tides"), paper("Rivers"))
    add(a.store, "two", paper("Lakes"), paper("Rivers"))
    exchange(a, b)
    a.store.listings.remove(stored.listing_id)
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert titles(b) == ["Lakes", "Rivers"]
    assert len(found["listings"]) == 1


def test_removed_here_while_annotated_there_comes_back_with_its_annotations(two: Two, backwards: bool) -> None:
    a, b = two
    stored = add(a.store, "one", paper("Tides"), paper("Rivers"), paper("Lakes"), paper("Seas"))
    exchange(a, b)
    a.store.listings.remove(stored.listing_id)
    there = ids_of(b)
    b.store.states.set_starred([there["Tides"]], True)
    b.store.notes.set(there["Rivers"], "Keep.")
    b.store.highlights.add_span(there["Lakes"], "title", 0, 5)
    exchange(a, b, backwards=backwards)
    found = check_equal(a, b)
    assert titles(a) == ["Lakes", "Rivers", "Tides"]
    assert len(found["notes"]) == len(found["highlights"]) == 1
    assert found["listings"] == found["sightings"] == []


def test_a_removed_paper_goes_again_with_the_star_that_kept_it(two: Two, backwards: bool) -> None:
    a, b = two
    stored = add(a.store, "one", paper("Tides"), paper("Rivers"))
    exchange(a, b)
    a.store.listings.remove(stored.listing_id)
    b.store.states.set_starred([ids_of(b)["Tides"]], True)
    exchange(a, b, backwards=backwards)
    assert titles(a) == titles(b) == ["Tides"]
    b.store.states.set_starred([ids_of(b)["Tides"]], False)
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b)["papers"] == []


def test_joined_after_it_was_said_and_before_it_was_published(two: Two) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides", "Other."))
    a.store.sync.flush()
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    for packs, segment in a.store.sync.outgoing(0):
        a.packs.update((pack.sha256, pack.rows) for pack in packs)
        a.segments.append(segment)
        a.store.sync.mark_published(segment.last)
    exchange(a, b)
    check_equal(a, b)
    b.store.papers.split(query(b.store, "SELECT key FROM paper_aliases")[0][0])
    exchange(a, b)
    check_equal(a, b)
    assert titles(a) == ["On Tides", "Tides"]


def test_removed_here_while_another_listing_showed_it_there(two: Two, backwards: bool) -> None:
    a, b = two
    stored = add(a.store, "one", paper("Tides"), paper("Rivers"))
    exchange(a, b)
    a.store.listings.remove(stored.listing_id)
    add(b.store, "two", paper("Tides"))
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert titles(a) == ["Tides"]
    # Once that is removed as well, nothing keeps it.
    b.store.listings.remove(query(b.store, "SELECT id FROM listings")[0][0])
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert titles(a) == []


def test_an_import_undone_and_redone(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", "Long.", doi="10.1/x"), paper("Rivers"))
    exchange(a, b)
    before = check_equal(a, b)
    a.store.history.undo()
    exchange(a, b, backwards=backwards)
    assert check_equal(a, b)["papers"] == []
    add(a.store, "one", paper("Tides", "Long.", doi="10.1/x"), paper("Rivers"))
    exchange(a, b, backwards=backwards)
    after = check_equal(a, b)
    assert [row[0] for row in after["papers"]] == [row[0] for row in before["papers"]]


def test_imported_again_after_its_removal_has_its_old_annotations(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"))
    a.store.states.set([ids_of(a)["Tides"]], PaperState.DONE)
    exchange(a, b)
    a.store.history.undo()
    a.store.history.undo()
    exchange(a, b)
    add(b.store, "two", paper("Tides"))
    exchange(a, b, backwards=backwards)
    check_equal(a, b)


def test_packs_may_come_later_than_segments(two: Two) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("Rivers"))
    a.store.states.set_starred([ids_of(a)["Tides"]], True)
    a.publish()
    for segment in a.segments:
        b.store.sync.apply(segment, lambda _: None)
    assert titles(b) == []
    b.store.sync.take_packs(a.packs.get)
    exchange(a, b)
    found = check_equal(a, b)
    assert len(found["states"]) == 1


def test_a_note_with_the_key_of_a_joined_paper_still_finds_it(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"), paper("Rivers"))
    exchange(a, b)
    key = query(a.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    b.store.notes.set(ids_of(b)["Rivers"], f"See [[{key}]].")
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    for each in two:
        assert each.store.papers.id_of_key(key) == ids_of(each)["Tides"]


def test_papers_taken_apart_share_no_arxiv_id(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", arxiv_id="2401.00001"), paper("On Tides"))
    exchange(a, b)
    ids = ids_of(a)
    key = query(a.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    a.store.papers.merge(ids["Tides"], ids["On Tides"])
    a.store.papers.split(key)
    exchange(a, b)
    b.store.papers.set_arxiv_id(ids_of(b)["On Tides"], "2405.00005")
    a.store.papers.set_arxiv_id(ids_of(a)["Tides"], "2405.00005")
    exchange(a, b, backwards=backwards)
    check_equal(a, b)


def test_a_paper_joined_with_another_than_before_shows_nothing_of_the_former(two: Two, backwards: bool) -> None:
    """While the contents have not come, its row still shows that one's: it must not be found to be the same."""
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"))
    exchange(a, b)
    key = query(b.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    add(b.store, "two", paper("Rivers"))
    b.store.states.set_seen([ids_of(b)["Rivers"]], True)
    b.store.states.set([ids_of(b)["Rivers"]], PaperState.READING)
    b.store.tags.add([ids_of(b)["Rivers"]], ["water"])
    b.store.papers.merge(ids_of(b)["Rivers"], ids_of(b)["On Tides"])
    exchange(a, b)
    b.store.papers.split(key)
    b.store.papers.merge(ids_of(b)["Tides"], ids_of(b)["On Tides"])
    for segment in b.publish():
        a.store.sync.apply(segment, lambda sha256: None)
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert titles(a) == ["Rivers", "Tides"]


def test_a_paper_whose_content_is_on_its_way_is_not_separated(two: Two) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"), paper("On Tides"))
    exchange(a, b)
    key = query(b.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    b.store.papers.merge(ids_of(b)["Tides"], ids_of(b)["On Tides"])
    exchange(a, b)
    b.store.papers.split(key)
    b.store.papers.set_arxiv_id(ids_of(b)["On Tides"], "2405.00005")
    b.store.papers.merge(ids_of(b)["Tides"], ids_of(b)["On Tides"])
    for segment in b.publish():
        a.store.sync.apply(segment, lambda sha256: None)
    with pytest.raises(ReaderError, match="has not arrived yet"):
        a.store.papers.split(key)
    exchange(a, b)
    a.store.papers.split(key)
    exchange(a, b)
    check_equal(a, b)
    assert len(titles(a)) == 2


def test_an_arxiv_id_that_is_given_up_goes_to_the_paper_that_had_it_too(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides", arxiv_id="2401.00001"), paper("On Tides"))
    key = query(a.store, "SELECT key FROM papers WHERE title = 'On Tides'")[0][0]
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    exchange(a, b)
    a.store.papers.split(key)
    exchange(a, b)
    a.store.papers.set_arxiv_id(ids_of(a)["Tides"], "2405.00005")
    b.store.papers.set_arxiv_id(ids_of(b)["On Tides"], "2405.00005")
    exchange(a, b, backwards=backwards)
    holder = query(b.store, "SELECT id FROM papers WHERE arxiv_id = '2405.00005'")[0][0]
    b.store.papers.set_arxiv_id(holder, "2405.00006")
    exchange(a, b, backwards=backwards)
    check_equal(a, b)
    assert query(a.store, "SELECT arxiv_id FROM papers ORDER BY 1") == [("2405.00005",), ("2405.00006",)]


def test_an_arxiv_id_set_here_that_another_has_there_joins_them(two: Two, backwards: bool) -> None:
    a, b = two
    add(a.store, "one", paper("Tides"))
    exchange(a, b)
    add(b.store, "two", paper("Of tides and men", arxiv_id="2401.00001"))
    a.store.papers.set_arxiv_id(ids_of(a)["Tides"], "2401.00001")
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["papers"]) == 1


@pytest.mark.parametrize("kind", ["stub", "long", "empty"])
def test_unusual_papers(two: Two, backwards: bool, kind: str) -> None:
    a, b = two
    records: dict[str, Any] = {
        "stub": paper("arXiv:2401.00001", "", arxiv_id="2401.00001"),
        "long": paper("Tides", "word " * 200_000),
        "empty": paper("∞", ""),
    }
    add(a.store, "one", records[kind])
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["papers"]) == 1
    add(b.store, "two", paper("Real Title", "Text.", arxiv_id="2401.00001"), rank=SOURCE_RANK)
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["papers"]) == (1 if kind == "stub" else 2)


def test_the_queue_of_more_papers_than_are_named_at_once_is_said(
    library: Callable[..., Replica], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_CHUNK", 2)
    a, b = library("a", is_new=False), library("b")
    add(a.store, "page", *(paper(f"Paper {number}") for number in range(7)))
    for number in (5, 1, 3):
        a.store.states.set([ids_of(a)[f"Paper {number}"]], PaperState.QUEUED)
    a.store.sync.begin("lab", "a-1", "a", "memory", "")
    exchange(a, b)
    assert len(check_equal(a, b)["queue"]) == 3
    order = "SELECT title FROM queue JOIN papers ON id = paper_id ORDER BY position"
    assert b.store.rows(order) == [("Paper 5",), ("Paper 1",), ("Paper 3",)]


def test_what_was_there_before_is_said_when_synchronising_begins(
    library: Callable[..., Replica], backwards: bool
) -> None:
    replicas = library("a", is_new=False), library("b", is_new=False)
    for number, each in enumerate(replicas):
        add(each.store, "page", paper("Tides"), paper("On Tides"), paper(f"Own {number}"))
        each.store.states.set_starred([ids_of(each)["On Tides"]], True)
    a, b = replicas
    a.store.papers.merge(ids_of(a)["Tides"], ids_of(a)["On Tides"])
    for each in replicas:
        each.store.sync.begin("lab", f"{each.name}-1", each.name, "memory", "")
    exchange(*replicas, backwards=backwards)
    found = check_equal(*replicas)
    assert titles(b) == ["Own 0", "Own 1", "Tides"]
    assert [row[2] for row in found["states"]] == [1]


def test_the_listing_of_a_paper_comes_later(two: Two) -> None:
    a, b = two
    stored = add(a.store, "one", *(paper(f"Paper {number}") for number in range(3)))
    exchange(a, b)
    first = query(b.store, "SELECT DISTINCT first_listing_id FROM papers")
    assert first == query(b.store, "SELECT id FROM listings")
    assert len(listing_ids(b.store, first[0][0])) == 3
    assert stored.listing_id


def test_the_highlights_of_a_removed_paper_come_back_when_it_is_joined(two: Two, backwards: bool) -> None:
    """A device that knew them all had removed it; another then says that it is the same as one that is here."""
    a, b = two
    stored = add(a.store, "one", paper("Tides"))
    add(a.store, "two", paper("Rivers"))
    exchange(a, b)
    b.store.highlights.add_span(ids_of(b)["Tides"], "title", 0, 5)
    exchange(a, b)
    a.store.listings.remove(stored.listing_id)
    uids = {title: uid_of_row(a, row) for title, row in ids_of(a).items()}
    say(a, "here", uids["Tides"], 0)
    exchange(a, b, backwards=backwards)
    # Comparing them here would write everything anew, and so mend what is looked for.
    assert titles(a) == titles(b) == ["Rivers"]
    say(a, "same", uids["Tides"], uids["Rivers"])
    exchange(a, b, backwards=backwards)
    assert len(check_equal(a, b)["highlights"]) == 1
    assert titles(a) == ["Rivers"]


def uid_of_row(replica: Replica, row: int) -> str:
    """The uid of a paper."""
    with replica.store.unrecorded() as writer:
        uid = Work(writer, 0).uid_of("paper", row)
    assert uid is not None
    return uid


def say(replica: Replica, field: str, uid: str, value: Json) -> None:
    """Say something of a paper that no change of the tables says by itself."""
    with replica.store.unrecorded() as writer:
        work = Work(writer, milliseconds(writer.clock()))
        engine.flush_all(work)
        work.write(paper_cell(uid, field), value)
        touch_all(work, [uid])
        engine.render(work)
        work.store()
