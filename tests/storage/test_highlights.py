"""Highlights: quotes that find their place again, and their labels."""

from __future__ import annotations

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Highlight
from reader.domain.preparation import SOURCE_RANK
from reader.storage.store import LibraryStore
from tests.storage.support import add, content, fill, paper

ABSTRACT = "We begin here. The method is new. The method is fast. We end here."


def highlights(store: LibraryStore, paper_id: int = 1) -> list[Highlight]:
    return list(next(store.papers.read([paper_id])).highlights)


def replace_abstract(store: LibraryStore, abstract: str, name: str = "source") -> None:
    add(store, name, paper("Marked", abstract), rank=SOURCE_RANK)


@pytest.fixture
def marked(store: LibraryStore) -> LibraryStore:
    add(store, "page", paper("Marked", ABSTRACT))
    return store


def test_a_span_is_kept_with_its_quote_and_context(marked: LibraryStore) -> None:
    start = ABSTRACT.index("The method is fast")
    made, change = marked.highlights.add_span(1, "abstract", start, start + 18, label="method", comment="really?")
    (found,) = highlights(marked)
    assert (found.id, found.target, found.start, found.end) == (made, "abstract", start, start + 18)
    assert (found.exact, found.label, found.comment) == ("The method is fast", "Method", "really?")
    assert ABSTRACT.endswith(found.suffix)
    assert found.prefix == ABSTRACT[start - 32 : start]
    assert (str(change.title), change.paper_ids) == ("Highlighted “The method is fast” in “Marked”", {1})
    assert marked.papers.rows([1])[0].highlight_count == 1
    marked.history.undo()
    assert highlights(marked) == []


def test_label_and_comment_change(marked: LibraryStore) -> None:
    made, _ = marked.highlights.add_span(1, "title", 0, 6)
    assert highlights(marked)[0].label == "Claim"
    marked.highlights.update(made, label="Question")
    marked.highlights.update(made, comment="why")
    found = highlights(marked)[0]
    assert (found.label, found.comment) == ("Question", "why")
    assert found.changed > found.created
    assert not marked.highlights.update(made, label="question", comment="why")
    marked.highlights.delete(made)
    assert highlights(marked) == []
    with pytest.raises(NotFoundError):
        marked.highlights.update(made, comment="gone")


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (4, 4), (9, 3), (0, 10_000)])
def test_spans_outside_the_text_are_refused(marked: LibraryStore, start: int, end: int) -> None:
    with pytest.raises(ReaderError, match="no such span"):
        marked.highlights.add_span(1, "abstract", start, end)


def test_only_titles_and_abstracts_of_papers_that_exist(marked: LibraryStore) -> None:
    with pytest.raises(ReaderError, match="titles and abstracts"):
        marked.highlights.add_span(1, "key", 0, 1)
    with pytest.raises(NotFoundError):
        marked.highlights.add_span(99, "title", 0, 1)
    with pytest.raises(NotFoundError, match="label"):
        marked.highlights.add_span(1, "title", 0, 1, label="Nonsense")


class TestPlacingAgain:
    def mark(self, store: LibraryStore, quote: str) -> None:
        start = ABSTRACT.index(quote)
        store.highlights.add_span(1, "abstract", start, start + len(quote))

    def test_a_moved_quote_is_found(self, marked: LibraryStore) -> None:
        self.mark(marked, "The method is fast.")
        changed = "A new beginning. " + ABSTRACT
        replace_abstract(marked, changed)
        (found,) = highlights(marked)
        assert changed[found.start : found.end] == "The method is fast."

    def test_of_equal_quotes_the_one_with_the_same_context(self, marked: LibraryStore) -> None:
        start = ABSTRACT.index("The method", 20)
        marked.highlights.add_span(1, "abstract", start, start + 10)
        changed = "The method was slow. " + ABSTRACT
        replace_abstract(marked, changed)
        (found,) = highlights(marked)
        assert found.start == changed.index("The method is fast")

    def test_a_quote_that_is_gone_stays_unplaced_until_it_is_back(self, marked: LibraryStore) -> None:
        self.mark(marked, "The method is fast.")
        before = highlights(marked)
        replace_abstract(marked, "Something else altogether.")
        (found,) = highlights(marked)
        assert (found.start, found.end, found.exact) == (None, None, "The method is fast.")
        replace_abstract(marked, ABSTRACT, "again")
        (found,) = highlights(marked)
        assert (found.start, found.end) == (before[0].start, before[0].end)

    def test_undoing_the_import_places_it_as_before(self, marked: LibraryStore) -> None:
        self.mark(marked, "The method is new.")
        before = content(marked)
        replace_abstract(marked, "Something else altogether.")
        after = content(marked)
        marked.history.undo()
        assert content(marked) == before
        marked.history.redo()
        assert content(marked) == after

    def test_titles_too(self, marked: LibraryStore) -> None:
        marked.highlights.add_span(1, "title", 0, 6)
        add(marked, "source", paper("$\\textbf{Marked}$", ABSTRACT), rank=SOURCE_RANK)
        assert highlights(marked)[0].start == 9


class TestLabels:
    def test_there_are_four_to_begin_with(self, store: LibraryStore) -> None:
        assert [label.name for label in store.labels.all()] == ["Claim", "Method", "Result", "Question"]
        assert all(len(label.color) == 7 for label in store.labels.all())

    def test_names_and_colours_are_the_users(self, marked: LibraryStore) -> None:
        marked.highlights.add_span(1, "title", 0, 6, label="Claim")
        label = marked.labels.all()[0]
        change = marked.labels.update(label.id, name="Thesis", color="#123456")
        assert change.touches(Field.LABELS)
        assert highlights(marked)[0].label == "Thesis"
        marked.labels.update(label.id, name="THESIS")
        marked.labels.add("Idea", "#00ff00")
        assert [(label.name, label.color) for label in marked.labels.all()][::4] == [
            ("THESIS", "#123456"),
            ("Idea", "#00ff00"),
        ]
        marked.history.undo(3)
        assert highlights(marked)[0].label == "Claim"

    def test_two_labels_do_not_share_a_name(self, store: LibraryStore) -> None:
        with pytest.raises(ReaderError, match="already"):
            store.labels.add("claim", "#000000")
        with pytest.raises(ReaderError, match="needs a name"):
            store.labels.add(" ", "#000000")
        with pytest.raises(ReaderError, match="already"):
            store.labels.update(store.labels.all()[0].id, name="METHOD")

    def test_a_label_in_use_and_the_last_one_stay(self, marked: LibraryStore) -> None:
        marked.highlights.add_span(1, "title", 0, 6, label="Claim")
        claim, *others = marked.labels.all()
        with pytest.raises(ReaderError, match="on 1 highlight;"):
            marked.labels.delete(claim.id)
        for label in others:
            marked.labels.delete(label.id)
        marked.highlights.delete(highlights(marked)[0].id)
        with pytest.raises(ReaderError, match="One label"):
            marked.labels.delete(claim.id)
        with pytest.raises(NotFoundError):
            marked.labels.delete(others[0].id)


def test_highlights_are_read_title_first_then_in_their_order(marked: LibraryStore) -> None:
    marked.highlights.add_span(1, "abstract", 20, 30)
    marked.highlights.add_span(1, "abstract", 3, 8)
    marked.highlights.add_span(1, "title", 0, 2)
    assert [(found.target, found.start) for found in highlights(marked)] == [
        ("title", 0),
        ("abstract", 3),
        ("abstract", 20),
    ]
    fill(marked)
    assert marked.statistics.totals().highlights == 3
