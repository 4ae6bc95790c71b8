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
        finish(opened.imports.text(listing_text(LONG, "Loud Mountains and Their Echoes"), "a"))
        finish(opened.imports.text(listing_text(ALIKE, "Sparse Codes", heading="Dec 9"), "b"))
        yield opened


def paper(library: Library, title: str) -> Paper:
    return next(one for one in library.papers.read(library.views.paper_ids(ALL)) if one.title == title)


def state(library: Library) -> list[Paper]:
    return list(library.papers.read(sorted(library.views.paper_ids(ALL))))


@pytest.mark.parametrize("indexed", [False, True])
def test_a_title_that_is_nearly_the_same_is_found(library: Library, indexed: bool) -> None:
    if indexed:
        for _ in library.index.update():
            pass
    one, other = paper(library, LONG), paper(library, ALIKE)
    assert [found.id for found in library.papers.near_duplicates(one.id)] == [other.id]
    assert [found.id for found in library.papers.near_duplicates(other.id)] == [one.id]
    assert library.papers.near_duplicates(paper(library, "Loud Mountains and Their Echoes").id) == []
    with pytest.raises(NotFoundError):
        library.papers.near_duplicates(999)


def test_a_title_and_its_subtitle_are_alike(library: Library) -> None:
    finish(library.imports.text(listing_text(SHORT, heading="Dec 10"), "c"))
    assert {found.title for found in library.papers.near_duplicates(paper(library, SHORT).id)} >= {LONG}


def test_two_arxiv_ids_are_two_papers(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.papers.set_arxiv_id(one.id, "2401.00001")
    library.papers.set_arxiv_id(other.id, "2401.00002")
    assert library.papers.near_duplicates(one.id) == []


def test_short_titles_are_not_guessed_about(library: Library) -> None:
    finish(library.imports.text(listing_text("Tides", "Tide", heading="Dec 10"), "c"))
    assert library.papers.near_duplicates(paper(library, "Tides").id) == []


def test_taken_apart_all_is_as_it_was(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.tags.change([one.id, other.id], add=["both"], remove=[])
    library.tags.change([other.id], add=["his"], remove=[])
    library.states.set([other.id], PaperState.QUEUED)
    library.states.set_starred([one.id], True)
    library.states.set_seen([other.id], True)
    library._store.notes.set(one.id, "mine")
    library._store.notes.set(other.id, "his own")
    before = state(library)
    library.papers.merge(one.id, other.id)
    assert library.papers.with_key(other.key).id == one.id
    change = library.papers.split(other.key)
    assert {one.id, other.id} <= change.paper_ids
    assert state(library) == before
    library.history.undo()
    assert library.papers.with_key(other.key).id == one.id
    assert "his own" in library.papers.get(one.id).note
    library.history.redo()
    assert state(library) == before


def test_what_was_done_since_stays(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library._store.notes.set(one.id, "mine")
    library._store.notes.set(other.id, "his own")
    library.papers.merge(one.id, other.id)
    joined = library.papers.get(one.id).note
    library._store.notes.set(one.id, f"{joined}\n\nmore")
    library.states.set([one.id], PaperState.DONE)
    library.tags.change([one.id], add=["new"], remove=[])
    finish(library.imports.text(listing_text("Something Else Altogether", heading="Dec 11"), "d"))
    library.papers.split(other.key)
    kept, again = library.papers.get(one.id), library.papers.with_key(other.key)
    assert kept.note == f"{joined}\n\nmore"
    assert again.note == "his own"
    assert (kept.state, kept.tags, again.tags) == (PaperState.DONE, ("new",), ())
    assert [one.listing for one in again.sightings] == ["b"]
    assert [one.listing for one in kept.sightings] == ["a"]


def test_a_paper_merged_on_is_taken_apart_from_the_outside(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    third = paper(library, "Sparse Codes")
    before = state(library)
    library.papers.merge(one.id, other.id)
    library.papers.merge(third.id, one.id)
    with pytest.raises(ReaderError, match="itself merged since"):
        library.papers.split(other.key)
    library.papers.split(one.key)
    library.papers.split(other.key)
    assert state(library) == before


def test_an_arxiv_id_that_came_with_the_other_goes_with_it(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.papers.set_arxiv_id(other.id, "2401.00002")
    library.papers.merge(one.id, other.id)
    assert library.papers.get(one.id).arxiv_id == "2401.00002"
    library.papers.split(other.key)
    assert library.papers.get(one.id).arxiv_id is None
    assert library.papers.with_key(other.key).arxiv_id == "2401.00002"


def test_what_was_never_merged_cannot_be_taken_apart(library: Library) -> None:
    with pytest.raises(NotFoundError):
        library.papers.split(paper(library, LONG).key)
    with pytest.raises(NotFoundError):
        library.papers.split("nonsense")


def test_a_removed_listing_does_not_hinder(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.papers.merge(one.id, other.id)
    listing = next(each for each in library.listings.all() if each.name == "b")
    library.listings.remove(listing.id)
    library.papers.split(other.key)
    assert library.papers.with_key(other.key).title == ALIKE
    assert library.papers.with_key(one.key).title == LONG


def test_the_queue_holds_just_what_is_queued(library: Library) -> None:
    one, other = paper(library, LONG), paper(library, ALIKE)
    library.states.set([one.id, other.id], PaperState.QUEUED)
    library.papers.merge(one.id, other.id)
    library.states.set([one.id], PaperState.INBOX)
    library.papers.split(other.key)
    queued = [found.id for found in state(library) if found.state is PaperState.QUEUED]
    assert queued == [other.id]
    assert list(library.views.paper_ids(View(ViewKind.QUEUE))) == queued
