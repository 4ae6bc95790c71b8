"""Near duplicates found by their titles, joined, and taken apart again whatever was done since."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Paper, PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.support import clock, finish, listing_text

ALL = View(ViewKind.ALL)
LONG = "Quiet Rivers: Learning Sparse Masks for Invented Codes"
ALIKE = "Quiet Rivers - Learning Sparse Mask for Invented Codes"
SHORT = "Quiet Rivers Learning Sparse Masks for"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.import_text(listing_text(LONG, "Loud Mountains and Their Echoes"), "a"))
        finish(opened.import_text(listing_text(ALIKE, "Sparse Codes", heading="Dec 9"), "b"))
        yield opened


def paper(library: Library, title: str) -> Paper:
    return next(one for one in library.papers(library.paper_ids(ALL)) if one.title == title)


def state(library: Library) -> list[Paper]:
    return list(library.papers(sorted(library.paper_ids(ALL))))


@pytest.mark.parametrize("indexed", [False, True])
def test_a_title_that_is_nearly_the_same_is_found(library: Library, indexed: bool) -> None:
    if indexed:
        for _ in library.update_index():
            pass
    one, other = paper(library, LONG), paper(library, ALIKE)
    assert [found.id for found in library.near_duplicates(one.id)] == [other.id]
    assert [found.id for found in library.near_duplicates(other.id)] == [one.id]
    assert library.near_duplicates(paper(library, "Loud Mountains and Their Echoes").id) == []
    with pytest.raises(NotFoundError):
        library.near_duplicates(999)


def test_a_title_and_its_subtitle_are_alike(library: Library) -> None:
    finish(library.import_text(listing_text(SHORT, heading="Dec 10"), "c"))
    assert {found.title for found in library.near_duplicates(paper(library, SHORT).id)} >= {LONG}


def test_two_arxiv_ids_are_two_papers(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.set_arxiv_id(one.id, "2401.00001")
    library.set_arxiv_id(other.id, "2401.00002")
    assert library.near_duplicates(one.id) == []


def test_short_titles_are_not_guessed_about(library: Library) -> None:
    finish(library.import_text(listing_text("Tides", "Tide", heading="Dec 10"), "c"))
    assert library.near_duplicates(paper(library, "Tides").id) == []


def test_taken_apart_all_is_as_it_was(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.tags.change([one.id, other.id], add=["both"], remove=[])
    library.tags.change([other.id], add=["his"], remove=[])
    library.set_state([other.id], PaperState.QUEUED)
    library.set_starred([one.id], True)
    library.set_seen([other.id], True)
    library._store.notes.set(one.id, "mine")
    library._store.notes.set(other.id, "his own")
    before = state(library)
    library.merge_papers(one.id, other.id)
    assert library.find_paper(other.key).id == one.id
    change = library.split_paper(other.key)
    assert {one.id, other.id} <= change.paper_ids
    assert state(library) == before
    library.undo()
    assert library.find_paper(other.key).id == one.id
    assert "his own" in library.paper(one.id).note
    library.redo()
    assert state(library) == before


def test_what_was_done_since_stays(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library._store.notes.set(one.id, "mine")
    library._store.notes.set(other.id, "his own")
    library.merge_papers(one.id, other.id)
    joined = library.paper(one.id).note
    library._store.notes.set(one.id, f"{joined}\n\nmore")
    library.set_state([one.id], PaperState.DONE)
    library.tags.change([one.id], add=["new"], remove=[])
    finish(library.import_text(listing_text("Something Else Altogether", heading="Dec 11"), "d"))
    library.split_paper(other.key)
    kept, again = library.paper(one.id), library.find_paper(other.key)
    assert kept.note == f"{joined}\n\nmore"
    assert again.note == "his own"
    assert (kept.state, kept.tags, again.tags) == (PaperState.DONE, ("new",), ())
    assert [one.listing for one in again.sightings] == ["b"]
    assert [one.listing for one in kept.sightings] == ["a"]


def test_a_paper_merged_on_is_taken_apart_from_the_outside(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    third = paper(library, "Sparse Codes")
    before = state(library)
    library.merge_papers(one.id, other.id)
    library.merge_papers(third.id, one.id)
    with pytest.raises(ReaderError, match="itself merged since"):
        library.split_paper(other.key)
    library.split_paper(one.key)
    library.split_paper(other.key)
    assert state(library) == before


def test_an_arxiv_id_that_came_with_the_other_goes_with_it(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.set_arxiv_id(other.id, "2401.00002")
    library.merge_papers(one.id, other.id)
    assert library.paper(one.id).arxiv_id == "2401.00002"
    library.split_paper(other.key)
    assert library.paper(one.id).arxiv_id is None
    assert library.find_paper(other.key).arxiv_id == "2401.00002"


def test_what_was_never_merged_cannot_be_taken_apart(library: Library) -> None:
    with pytest.raises(NotFoundError):
        library.split_paper(paper(library, LONG).key)
    with pytest.raises(NotFoundError):
        library.split_paper("nonsense")


def test_a_removed_listing_does_not_hinder(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.merge_papers(one.id, other.id)
    listing = next(each for each in library.listings() if each.name == "b")
    library.remove_listing(listing.id)
    library.split_paper(other.key)
    assert library.find_paper(other.key).title == ALIKE
    assert library.find_paper(one.key).title == LONG


def test_the_queue_holds_just_what_is_queued(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.set_state([one.id, other.id], PaperState.QUEUED)
    library.merge_papers(one.id, other.id)
    library.set_state([one.id], PaperState.INBOX)
    library.split_paper(other.key)
    queued = [found.id for found in state(library) if found.state is PaperState.QUEUED]
    assert queued == [other.id]
    assert list(library.paper_ids(View(ViewKind.QUEUE))) == queued
