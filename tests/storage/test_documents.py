"""Documents of papers: their annotations as highlights, once, whatever happens to the files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.changes import Change, Field
from reader.domain.documents import AnnotationKind, AttachReport, ReadDocument
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Highlight
from reader.storage.highlights import NO_TEXT
from reader.storage.store import LibraryStore
from tests.documents import GREEN, YELLOW, found, read_of
from tests.storage.support import content, fill, query

TWO = read_of("two", found("One."), found("Two.", page=3, color=GREEN, comment="sure?"))


def attach(store: LibraryStore, paper_id: int, read: ReadDocument, **labels: str) -> tuple[AttachReport, Change]:
    colors = {f"#{color}": label for color, label in labels.items()}
    return store.documents.add(paper_id, read, f"/there/{read.sha256}.pdf", labels=colors, is_stored=False)


def highlights(store: LibraryStore, paper_id: int) -> list[Highlight]:
    return list(next(store.papers.read([paper_id])).highlights)


def test_annotations_become_highlights_with_their_places(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    report, change = attach(store, paper_id, TWO)
    assert (report.added, report.known, report.was_attached, report.is_newer) == (2, 0, False, False)
    assert str(change.title) == "Attached a PDF to “On page subject 0”; 2 highlights"
    assert change.paper_ids == {paper_id} and change.touches(Field.DOCUMENTS, Field.HIGHLIGHTS)
    one, two = highlights(store, paper_id)
    assert (one.target, one.exact, one.start, one.is_unplaced) == ("document", "One.", None, False)
    assert (two.label, two.comment, two.created) == ("Result", "sure?", "2026-02-01T08:00:00Z")
    assert two.place is not None and two.place.quads == TWO.annotations[1].place.quads
    assert (two.place.document, two.place.page, two.place.page_label) == (TWO.sha256, 3, "4")
    assert (two.place.kind, two.place.origin) == (AnnotationKind.HIGHLIGHT, "nm-Two.")
    (document,) = store.documents.of(paper_id)
    assert (document.sha256, document.page_count, document.is_stored) == (TWO.sha256, 12, False)


def test_attaching_again_makes_nothing_new_even_of_what_was_deleted_or_changed(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, TWO)
    one, two = highlights(store, paper_id)
    store.highlights.delete(one.id)
    store.highlights.update(two.id, label="Question", comment="now I know")
    before = content(store)
    report, change = attach(store, paper_id, TWO)
    assert (report.added, report.known, report.was_attached) == (0, 2, True)
    assert content(store) == before and change.operation_id is None


def test_undo_takes_all_of_it_back_and_redo_brings_it_again(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    before = content(store)
    attach(store, paper_id, TWO, ffff00="Claim")
    after = content(store)
    store.history.undo()
    assert content(store) == before
    assert store.documents.of(paper_id) == []
    store.history.redo()
    assert content(store) == after
    store.history.undo()
    report, _ = attach(store, paper_id, TWO)
    assert report.added == 2, "what was undone was never imported"


def test_a_file_annotated_since_brings_only_what_is_new_in_its_place(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, read_of("v1", found("One."), found("Three."), text="t"))
    store.highlights.delete(highlights(store, paper_id)[1].id)
    later = read_of("v2", found("One.", origin="new id"), found("Two."), found("Three."), found("Four."), text="t")
    report, change = attach(store, paper_id, later)
    assert (report.added, report.known, report.is_newer) == (2, 2, True)
    assert str(change.title).endswith("; 2 highlights")
    assert [each.exact for each in highlights(store, paper_id)] == ["One.", "Two.", "Four."]
    assert [each.sha256 for each in store.documents.of(paper_id)] == [later.sha256, read_of("v1").sha256]
    assert attach(store, paper_id, later)[0].added == 0


def test_files_without_text_are_not_taken_for_one(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    for name in ("scan 1", "scan 2"):
        read = replace(read_of(name, found("", origin="1", kind=AnnotationKind.NOTE)), text_sha256=NO_TEXT)
        report, _ = attach(store, paper_id, read)
        assert (report.added, report.is_newer) == (1, False)
    for name in ("scan 3", "scan 4"):
        marks = [found("", page=page, comment=name, origin=f"{name} {page}") for page in (0, 1)]
        attach(store, paper_id, replace(read_of(name, *marks), text_sha256=NO_TEXT))
    assert [each.comment for each in highlights(store, paper_id)][2:] == ["scan 3"] * 2 + ["scan 4"] * 2


def test_one_id_used_twice_in_a_file_means_two_annotations(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    read = read_of("copied", found("One.", origin="x"), found("Two.", origin="x"))
    assert attach(store, paper_id, read)[0].added == 2
    assert attach(store, paper_id, read)[0].added == 0


def test_two_notes_at_one_line_are_two(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, read_of("v1", found("Line.", origin="a", comment="A", kind=AnnotationKind.NOTE), text="t"))
    both = [found("Line.", origin=name, comment=name, kind=AnnotationKind.NOTE) for name in ("a", "b")]
    assert attach(store, paper_id, read_of("v2", *both, text="t"))[0].added == 1


def test_colors_are_asked_once_and_remembered(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    yellow, green = sorted(store.documents.colors(TWO), key=lambda each: each.color == GREEN)
    assert (yellow.color, yellow.count, yellow.remembered, yellow.nearest) == (YELLOW, 1, None, "Claim")
    assert (green.color, green.remembered, green.nearest) == (GREEN, None, "Result")
    attach(store, paper_id, TWO, ffff00="question")
    assert [each.label for each in highlights(store, paper_id)] == ["Question", "Result"]
    assert {each.color: each.remembered for each in store.documents.colors(TWO)} == {YELLOW: "Question", GREEN: None}
    (other,) = fill(store, 1, "other")
    attach(store, other, read_of("later", found("Third.")))
    assert highlights(store, other)[0].label == "Question"
    with pytest.raises(NotFoundError, match="no highlight label"):
        attach(store, other, TWO, ffff00="Nothing")
    with pytest.raises(ReaderError, match="is not a colour"):
        attach(store, other, TWO, yellow="Claim")
    assert len(store.documents.of(other)) == 1, "what fails changes nothing"


def test_a_forgotten_label_is_asked_for_again(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    store.labels.add("Doubt", "#ff0000")
    attach(store, paper_id, read_of("bare"), ffff00="Doubt")
    store.labels.delete(next(each.id for each in store.labels.all() if each.name == "Doubt"))
    assert [each.remembered for each in store.documents.colors(TWO)] == [None, None]
    store.history.undo()
    assert "Doubt" in [each.remembered for each in store.documents.colors(TWO)]


def test_detaching_takes_the_highlights_unless_another_file_of_the_text_stays(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, read_of("v1", found("One."), text="t"))
    attach(store, paper_id, read_of("v2", found("One."), found("Two."), text="t"))
    newer, older = store.documents.of(paper_id)
    change = store.documents.detach(paper_id, older.id)
    assert str(change.title) == "Detached a PDF from “On page subject 0”"
    assert len(highlights(store, paper_id)) == 2
    before = content(store)
    change = store.documents.detach(paper_id, newer.id)
    assert str(change.title) == "Detached a PDF from “On page subject 0”; 2 highlights deleted"
    assert highlights(store, paper_id) == []
    with pytest.raises(NotFoundError):
        store.documents.detach(paper_id, newer.id)
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    assert attach(store, paper_id, read_of("v1", found("One."), text="t"))[0].added == 1


def test_highlights_of_documents_come_after_those_of_texts_by_page(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, read_of("pages", found("Late.", page=9), found("Early.", page=1)))
    store.highlights.add_span(paper_id, "abstract", 0, 2)
    store.highlights.add_span(paper_id, "title", 0, 2)
    order = [each.exact for each in highlights(store, paper_id)]
    assert order == ["On", "We", "Early.", "Late."]
    assert [each.highlight.exact for each in store.highlights.with_papers([paper_id])] == order


def test_a_document_keeps_its_paper_when_the_listing_goes(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, read_of("bare"))
    (listing,) = store.rows("SELECT id FROM listings")
    store.listings.remove(listing[0])
    assert store.views.counts().all == 1
    store.history.undo(3)
    assert store.views.counts().all == 0


def test_the_page_read_is_remembered_without_a_step(store: LibraryStore) -> None:
    (paper_id,) = fill(store, 1)
    attach(store, paper_id, TWO)
    (document,) = store.documents.of(paper_id)
    assert store.documents.place(document.id) is None
    steps = len(store.history.steps())
    for page in (4, 7):
        store.documents.set_place(document.id, page)
        assert store.documents.place(document.id) == page
    assert len(store.history.steps()) == steps
    assert query(store, "SELECT count(*) FROM document_places") == [(1,)]


def test_a_paper_that_is_gone_gets_no_document(store: LibraryStore) -> None:
    with pytest.raises(NotFoundError):
        attach(store, 99, TWO)


@pytest.mark.parametrize("words", ["tides", ""], ids=["the same words", "figures without words"])
def test_a_second_mark_that_says_the_same_on_its_page_comes_in_later(store: LibraryStore, words: str) -> None:
    (paper_id,) = fill(store, 1)
    first = found(words, origin="first")
    attach(store, paper_id, read_of("v1", first, text="t"))
    later = read_of("v2", found(words, origin="before it"), first, text="t")
    assert attach(store, paper_id, later)[0].added == 1
    assert attach(store, paper_id, later)[0].added == 0
    renamed = read_of("v3", found(words, origin="x"), found(words, origin="y"), text="t")
    assert attach(store, paper_id, renamed)[0].added == 0


def test_highlights_of_one_annotation_are_one_once_their_papers_are_merged(store: LibraryStore) -> None:
    keep, other = fill(store, 2)
    for paper_id in (keep, other):
        attach(store, paper_id, TWO)
    one, _ = highlights(store, keep)
    _, two = highlights(store, other)
    store.highlights.update(one.id, comment="kept")
    store.highlights.update(two.id, label="Claim", comment="sure? Yes.")
    before = content(store)
    store.papers.merge(keep, other)
    found_here = [(each.exact, each.label, each.comment) for each in highlights(store, keep)]
    assert found_here == [("One.", one.label, "kept"), ("Two.", "Claim", "sure? Yes.")]
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    store.papers.split(next(store.papers.read([keep])).aliases[0])
    assert [len(highlights(store, paper_id)) for paper_id in (keep, other)] == [2, 2]


def test_highlights_of_different_files_stay_apart_once_their_papers_are_merged(store: LibraryStore) -> None:
    keep, other = fill(store, 2)
    attach(store, keep, read_of("one", found("One.", origin="x")))
    attach(store, other, read_of("other", found("One.", origin="x")))
    for paper_id in (keep, other):
        scan = replace(read_of(f"scan of {paper_id}", found("", origin="y")), text_sha256=NO_TEXT)
        attach(store, paper_id, scan)
    store.papers.merge(keep, other)
    assert len(highlights(store, keep)) == 4
