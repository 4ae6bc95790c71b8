"""The lists of all highlights and all notes: their order, what narrows them, and rows by the tens."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.services import Library
from reader.services.library.highlights import TargetSpan, sentences_of
from tests.documents import found, read_of
from tests.services.annotating import SetClock, paper


@pytest.fixture
def marked(annotated: Library, set_clock: SetClock) -> Library:
    """Highlights 1 to 4 on papers 1, 2, 2 and 4; notes on papers 5, 1, 4, in that order of time."""
    for paper_id, number, label, comment in (
        (1, 0, "Claim", ""),
        (2, 1, "Method", "why the rivers?"),
        (2, 2, "Claim", ""),
        (4, 0, "Question", "unclear"),
    ):
        set_clock.advance(minutes=1)
        span = sentences_of(paper(annotated, paper_id))[number]
        annotated.highlights.add(paper_id, [span], label=label, comment=comment)
    for paper_id, text in ((5, "Stones are heavy"), (1, "# Trees\n\nand forests"), (4, "rivers again")):
        set_clock.advance(minutes=1)
        annotated.notes.save(paper_id, text, revision=None)
    annotated.tags.add([2], ["water/deep"])
    annotated.states.set_starred([1], True)
    return annotated


@pytest.mark.parametrize(
    ("query", "label", "expected"),
    [
        ("", "", [4, 3, 2, 1]),
        ("", "claim", [3, 1]),
        ("", "no such label", []),
        ("label:claim", "", [3, 1]),
        ("label:claim", "Method", []),
        ("-label:claim", "", [4, 2]),
        ("unclear", "", [4]),
        ("delta", "", [4]),  # the paper's title
        ("tag:water", "", [3, 2]),
        ("tag:water why", "", [2]),
        ("is:starred OR unclear", "", [4, 1]),
        ("note:forests", "", [1]),
        ("abstract:data", "", [4, 3, 2, 1]),
        ("highlight:rivers", "", [4, 2]),  # the title is what is highlighted in one
        ("listing:day", "", [4, 3, 2, 1]),
        ("zebra", "", []),
        ('"why the riv', "", [2]),
    ],
)
def test_highlights_are_narrowed_by_their_own_words_and_by_their_papers(
    marked: Library, query: str, label: str, expected: list[int]
) -> None:
    found = marked.highlights.search(query, label=label)
    assert list(found.ids) == expected
    assert list(found.paper_ids) == [{1: 1, 2: 2, 3: 2, 4: 4}[one] for one in expected]
    assert found.total == 4


def test_those_in_documents_are_found_themselves(marked: Library, tmp_path: Path) -> None:
    read = read_of("paper", found("From page three.", page=2))
    marked.documents.attach(2, read, tmp_path / "a.pdf", labels={}, keep_copy=False)
    assert list(marked.highlights.search("in:document").ids) == [5]
    assert sorted(marked.highlights.search("-in:document").ids) == [1, 2, 3, 4]
    assert list(marked.notes.search("in:document").ids) == []
    assert list(marked.search("in:document").paper_ids) == [2]
    assert 2 not in marked.search("-in:document").paper_ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [4, 1, 5]),
        ("rivers", [4]),
        ("delta", [4]),  # the title
        ("data", []),  # only in abstracts
        ("abstract:data", [4, 1, 5]),
        ("-rivers", [1, 5]),
        ("stones OR trees", [1, 5]),
        ("is:starred", [1]),
        ("label:question", [4]),
    ],
)
def test_notes_are_narrowed_by_their_words_and_by_their_papers(
    marked: Library, query: str, expected: list[int]
) -> None:
    found = marked.notes.search(query)
    assert list(found.ids) == list(found.paper_ids) == expected
    assert found.total == 3


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(marked: Library) -> None:
    marked.highlights.delete(3)
    rows = marked.highlights.rows([2, 3, 4, 99])
    assert [(each.highlight.id, each.paper.id) for each in rows] == [(2, 2), (4, 4)]
    assert [each.highlight.comment for each in rows] == ["why the rivers?", "unclear"]
    marked.notes.save(2, "x" * 5_000, revision=None)
    notes = marked.notes.rows([5, 2, 3])
    assert [each.paper.id for each in notes] == [5, 2]
    assert 0 < len(notes[1].text) < 1_000


def test_labels_are_counted_in_their_order(marked: Library) -> None:
    assert marked.labels.counts() == {"Claim": 2, "Method": 1, "Result": 0, "Question": 1}
    marked.labels.update(1, name="Thesis")
    assert next(iter(marked.labels.counts().items())) == ("Thesis", 2)


def test_the_papers_of_both_views_stand_in_the_order_of_what_is_on_them(marked: Library) -> None:
    from reader.domain.views import View, ViewKind

    assert list(marked.views.paper_ids(View(ViewKind.HIGHLIGHTS))) == [4, 2, 1]
    assert list(marked.views.paper_ids(View(ViewKind.NOTES))) == [4, 1, 5]
    counts = marked.views.counts()
    assert (counts.highlights, counts.notes) == (4, 3)


def test_what_was_not_understood_is_said(marked: Library) -> None:
    assert marked.highlights.search("colour:red").messages
    assert marked.notes.search("colour:red").messages


def test_a_search_that_is_given_up_stops(marked: Library) -> None:
    for number in range(3):
        marked.highlights.add(3, [TargetSpan("abstract", number, number + 5)])
    assert list(marked.highlights.search("unclear", cancelled=lambda: True).ids) == []
