"""What the index reads, and how it learns what changed since its last commit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.selection import ALL_PAPERS, IndexPart
from reader.storage.store import LibraryStore
from tests.storage.support import add, fill, paper, titled


def pending(store: LibraryStore, part: IndexPart = IndexPart.PAPERS) -> set[int]:
    return set(store.texts.pending(part).paper_ids)


def commit(store: LibraryStore) -> None:
    """Do as the indexes do when they have caught up."""
    for part in IndexPart:
        store.texts.learned(part, "stamp", store.texts.pending(part).mark)
    assert not pending(store) and not pending(store, IndexPart.ANNOTATIONS)


def test_texts_come_by_id_with_the_names(store: LibraryStore) -> None:
    records = [paper(f"Paper {number}", f"Text {number}.", authors=("Ada", "Bo")) for number in range(7)]
    add(store, "page", *records, paper("Last", organization=("acme", "Acme Inc.")))
    texts = list(store.texts.papers(batch=3))
    assert [text.id for text in texts] == sorted(store.papers.ids(ALL_PAPERS))
    assert (texts[0].title, texts[0].abstract, texts[0].names) == ("Paper 0", "Text 0.", ("Ada", "Bo"))
    assert texts[-1].organization == ("acme", "Acme Inc.")
    assert [text.id for text in store.texts.papers(after_id=5)] == [6, 7, 8]
    assert [text.id for text in store.texts.of_papers([3, 99, 2])] == [2, 3]


def test_notes_and_highlights_come_together(store: LibraryStore) -> None:
    ids = fill(store)
    store.notes.set(ids[0], "A note.")
    store.highlights.add_span(ids[0], "abstract", 0, 8, comment="indeed")
    store.highlights.add_span(ids[2], "title", 0, 2)
    first, second = store.texts.annotations()
    assert (first.id, first.note, first.highlights) == (ids[0], "A note.", ("We study\nindeed",))
    assert (second.id, second.note, second.highlights) == (ids[2], "", ("On",))
    assert [text.id for text in store.texts.annotations([ids[2], ids[3]])] == [ids[2]]
    assert store.texts.annotated_ids() == [ids[0], ids[2]]


def test_new_papers_are_pending_until_committed(store: LibraryStore) -> None:
    ids = fill(store)
    waiting = store.texts.pending(IndexPart.PAPERS)
    assert waiting.paper_ids == tuple(ids)
    assert store.texts.pending(IndexPart.PAPERS, 2).paper_ids == tuple(ids[:2])
    assert set(store.texts.pending_numbers(IndexPart.PAPERS)) == set(ids)
    commit(store)
    assert store.texts.stamp(IndexPart.PAPERS) == "stamp"


def test_what_changed_since_a_mark_stays_pending(store: LibraryStore) -> None:
    add(store, "page", paper("One", "Old."), paper("Two"))
    mark = store.texts.pending(IndexPart.PAPERS).mark
    add(store, "source", paper("One", "New."), rank=SOURCE_RANK)
    store.texts.learned(IndexPart.PAPERS, "stamp", mark)
    assert pending(store) == {1}


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.states.set([1], PaperState.DONE),
        lambda store: store.states.set_starred([1], True),
        lambda store: store.states.set_seen([1]),
        lambda store: store.tags.add([1], ["tag"]),
        lambda store: add(store, "again", paper("On page subject 0", upvotes=9), day="2027-01-01"),
    ],
    ids=["state", "star", "seen", "tag", "upvotes"],
)
def test_triage_never_touches_the_index(store: LibraryStore, change: Callable[[LibraryStore], object]) -> None:
    fill(store)
    commit(store)
    change(store)
    assert not pending(store) and not pending(store, IndexPart.ANNOTATIONS)


def test_notes_and_highlights_are_pending_in_their_own_index(store: LibraryStore) -> None:
    ids = fill(store)
    commit(store)
    store.notes.set(ids[0], "A note.")
    made, _ = store.highlights.add_span(ids[1], "title", 0, 2)
    assert pending(store, IndexPart.ANNOTATIONS) == set(ids[:2])
    commit(store)
    store.highlights.update(made, comment="more")
    assert pending(store, IndexPart.ANNOTATIONS) == {ids[1]}
    commit(store)
    store.history.undo()
    assert pending(store, IndexPart.ANNOTATIONS) == {ids[1]}, "undo is a change like any other"
    assert not pending(store)


def test_removed_papers_are_pending_to_be_taken_out(store: LibraryStore) -> None:
    ids = fill(store)
    commit(store)
    store.listings.remove(1)
    assert pending(store) == set(ids)
    commit(store)
    store.history.undo()
    assert pending(store) == set(ids)
    commit(store)
    store.history.undo()
    assert pending(store) == set(ids)
    assert store.texts.of_papers(ids) == []


def test_merged_papers_are_pending_both(store: LibraryStore) -> None:
    ids = fill(store)
    store.highlights.add_span(ids[1], "title", 0, 2)
    commit(store)
    store.papers.merge(ids[0], ids[1])
    assert ids[1] in pending(store)
    assert pending(store, IndexPart.ANNOTATIONS) == set(ids[:2])


def test_a_rolled_back_change_is_not_pending(store: LibraryStore) -> None:
    ids = fill(store)
    commit(store)
    with pytest.raises(ZeroDivisionError), store.step(titled("fails")):
        store.notes.set(ids[0], "Never.")
        raise ZeroDivisionError
    assert not pending(store, IndexPart.ANNOTATIONS)


def test_an_index_that_is_gone_is_forgotten(store: LibraryStore) -> None:
    fill(store)
    commit(store)
    store.texts.forget()
    assert store.texts.stamp(IndexPart.PAPERS) is None
