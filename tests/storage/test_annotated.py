"""Annotations across papers: tags of a selection, notes and highlights everywhere, and what links name."""

from __future__ import annotations

from reader.domain.folding import fold_title
from reader.domain.note_links import LinkedBy
from reader.storage.store import LibraryStore
from tests.storage.support import add, fill, paper


def test_tags_of_a_selection_are_counted(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:3], ["b", "É"])
    store.tags.add(ids[2:], ["a"])
    assert list(store.tags.counts_on(ids[:3]).items()) == [("a", 1), ("b", 3), ("É", 3)]
    assert store.tags.counts_on([]) == {}


def test_highlights_of_all_papers_are_listed_newest_first(store: LibraryStore) -> None:
    ids = fill(store)
    first, _ = store.highlights.add_span(ids[0], "abstract", 3, 8, label="Method", comment="why?")
    second, _ = store.highlights.add_span(ids[1], "title", 0, 2)
    third, _ = store.highlights.add_span(ids[0], "title", 0, 2)
    every = store.highlights.with_papers()
    assert [found.highlight.id for found in every] == [third, second, first]
    assert every[-1].paper.title == "On page subject 0"
    assert (every[-1].highlight.label, every[-1].highlight.comment, every[-1].highlight.exact) == (
        *("Method", "why?", "study"),
    )
    assert [found.highlight.id for found in store.highlights.with_papers(ids)] == [third, first, second]
    assert [found.paper.id for found in store.highlights.with_papers([ids[1], ids[4]])] == [ids[1]]


def test_notes_are_listed_last_changed_first(store: LibraryStore) -> None:
    ids = fill(store)
    for paper_id, text in zip(ids, ("One [[x]].", "Two.", "Three [[y]]."), strict=False):
        store.notes.set(paper_id, text)
    store.notes.set(ids[0], "One again [[x]].")
    assert [note.paper.id for note in store.notes.all()] == [ids[0], ids[2], ids[1]]
    assert [note.text for note in store.notes.all("[[")] == ["One again [[x]].", "Three [[y]]."]


def test_papers_are_found_by_all_their_names(store: LibraryStore) -> None:
    add(store, "page", paper("The Same", "One."), paper("Other", "Two.", arxiv_id="2501.00001"))
    add(store, "next", paper("The Same", "Third.", arxiv_id="2501.00002"), paper("the same!", arxiv_id="2501.00003"))
    ids = [1, 2, 3]
    keys = {paper_id: title.key for paper_id, title in store.papers.titles(ids).items()}
    title = (LinkedBy.TITLE, fold_title("The Same"))
    lookups = {title, (LinkedBy.ARXIV_ID, "2501.00003"), (LinkedBy.KEY, keys[2]), (LinkedBy.KEY, "nosuchkey")}
    assert store.note_links.papers_named(lookups) == {
        title: 1, (LinkedBy.ARXIV_ID, "2501.00003"): 3, (LinkedBy.KEY, keys[2]): 2,
    }  # fmt: skip
    store.papers.merge(1, 2)
    assert store.note_links.papers_named({(LinkedBy.KEY, keys[2]), (LinkedBy.TITLE, "other")}) == {
        (LinkedBy.KEY, keys[2]): 1, (LinkedBy.TITLE, "other"): 1,
    }  # fmt: skip
    names = store.note_links.names_of(1)
    assert {(LinkedBy.KEY, keys[1]), (LinkedBy.KEY, keys[2]), title, (LinkedBy.TITLE, "other")} <= names
    assert (LinkedBy.ARXIV_ID, "2501.00003") not in names


def test_a_title_now_goes_before_a_former_one(store: LibraryStore) -> None:
    add(store, "old", paper("Draft Name", arxiv_id="2501.00001"), day="2025-01-01")
    add(store, "new", paper("Final Name", arxiv_id="2501.00001"), day="2025-02-01")
    name = (LinkedBy.TITLE, "draft name")
    assert store.note_links.papers_named([name]) == {name: 1}
    add(store, "third", paper("Draft Name", arxiv_id="2501.00009"), day="2025-03-01")
    assert store.note_links.papers_named([name]) == {name: 2}


def test_titles_are_found_by_parts_of_words(store: LibraryStore) -> None:
    add(store, "page", paper("Sparse Masks for All"), paper("Masks"), paper("On Masks"), paper("A 100% Title_x"))
    found = store.note_links.titles_holding(["mask"], 10)
    assert [title.title for title in found] == ["Masks", "On Masks", "Sparse Masks for All"]
    assert [title.title for title in store.note_links.titles_holding(["mask", "all"], 10)] == ["Sparse Masks for All"]
    assert len(store.note_links.titles_holding(["mask"], 2)) == 2
    assert store.note_links.titles_holding(["%"], 10) == store.note_links.titles_holding([], 10) == []
