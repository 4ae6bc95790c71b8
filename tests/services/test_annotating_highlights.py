"""Highlights: by sentences, offsets and quotes; toggling, labels, views; and what stays when a text changes."""

from __future__ import annotations

import pytest

from reader.domain.errors import NotFoundError, ReaderError
from reader.services import Library
from reader.services.library.highlights import TargetSpan, sentences_of, spans_between
from tests.services.annotating import paper, state_of, titles
from tests.services.support import finish, listing_text

NOT_THERE = 999


def quotes(library: Library, paper_id: int) -> list[tuple[str, str]]:
    return [(each.exact, each.label) for each in library.highlights.of(paper_id)]


def test_sentences_are_offsets_of_the_stored_texts(annotated: Library) -> None:
    found = paper(annotated, 2)
    spans = sentences_of(found)
    assert [span.target for span in spans] == ["title"] + ["abstract"] * 3
    assert spans[0] == TargetSpan("title", 0, len("Beta on $\\alpha$ Masks"))
    assert found.abstract[spans[2].start : spans[2].end].startswith("Our method needs no data")


def test_a_range_over_title_and_abstract_is_one_highlight_in_each_and_one_step(annotated: Library) -> None:
    before = state_of(annotated)
    sentences = sentences_of(paper(annotated, 1))
    ids, change = annotated.highlights.add(1, spans_between(sentences, 0, 2), label="Result", comment=" Both. ")
    assert len(ids) == 2
    assert str(change.title).startswith("Highlighted “Alpha of Trees” in “Alpha of Trees” and highlighted “We study")
    found = annotated.highlights.of(1)
    assert [(each.target, each.start, each.end) for each in found] == [
        ("title", 0, 14),
        ("abstract", sentences[1].start, sentences[2].end),
    ]
    assert {(each.label, each.comment) for each in found} == {("Result", "Both.")}
    annotated.history.undo()
    assert state_of(annotated) == before


def test_a_range_takes_the_place_of_its_first_sentence(annotated: Library) -> None:
    """The label of a range's first sentence acts as soon as it is typed, before "-" makes it a range."""
    sentences = sentences_of(paper(annotated, 1))
    first, _ = annotated.highlights.toggle(1, sentences[1])
    assert first is not None
    annotated.highlights.add(1, spans_between(sentences, 1, 3), replacing=first)
    assert [(each.start, each.end) for each in annotated.highlights.of(1)] == [(sentences[1].start, sentences[3].end)]
    annotated.history.undo()
    assert [each.id for each in annotated.highlights.of(1)] == [first]


def test_a_failing_span_leaves_none(annotated: Library) -> None:
    before = state_of(annotated)
    with pytest.raises(ReaderError):
        annotated.highlights.add(1, [TargetSpan("title", 0, 5), TargetSpan("title", 3, 99)])
    with pytest.raises(NotFoundError):
        annotated.highlights.add(NOT_THERE, [TargetSpan("title", 0, 5)])
    assert state_of(annotated) == before


def test_toggling_takes_off_what_is_there_or_gives_it_the_other_label(annotated: Library) -> None:
    span = TargetSpan("title", 0, 5)
    highlight_id, change = annotated.highlights.toggle(1, span)
    assert (quotes(annotated, 1), bool(change)) == ([("Alpha", "Claim")], True)
    assert annotated.highlights.toggle(1, span, label="method")[0] == highlight_id
    assert quotes(annotated, 1) == [("Alpha", "Method")]
    assert annotated.highlights.toggle(1, span, label="METHOD")[0] is None
    annotated.highlights.toggle(1, span, label="Result")
    assert annotated.highlights.toggle(1, span)[0] is None
    assert quotes(annotated, 1) == []
    assert titles(annotated)[0] == "Deleted highlight “Alpha” in “Alpha of Trees”"


def test_quotes_are_found_in_the_abstract_first_then_in_the_title(annotated: Library) -> None:
    annotated.highlights.add_quote(2, "no data")
    text = listing_text("Title Only Here", heading="Mar 2").replace(" Title Only Here ", " other things ")
    finish(annotated.imports.text(text, "other"))
    annotated.highlights.add_quote(6, "title ONLY")
    assert quotes(annotated, 2) == [("no data", "Claim")]
    assert [each.target for each in annotated.highlights.of(6)] == ["title"]
    with pytest.raises(ReaderError, match="neither"):
        annotated.highlights.add_quote(6, "something else")
    with pytest.raises(ReaderError, match="2 times"):
        annotated.highlights.add_quote(6, "other things")
    with pytest.raises(NotFoundError):
        annotated.highlights.add_quote(NOT_THERE, "no data")


def test_labels_are_the_users(annotated: Library) -> None:
    assert [label.name for label in annotated.labels.all()] == ["Claim", "Method", "Result", "Question"]
    annotated.labels.add("Idea", "#AABBCC")
    idea = annotated.labels.all()[-1]
    annotated.highlights.add_quote(1, "no data", label="idea")
    annotated.labels.update(idea.id, name="Thought", color="#ddeeff")
    assert quotes(annotated, 1) == [("no data", "Thought")]
    with pytest.raises(ReaderError, match="on 1 highlight"):
        annotated.labels.delete(idea.id)
    (highlight,) = annotated.highlights.of(1)
    annotated.highlights.update(highlight.id, label="Claim", comment="Now a claim.")
    annotated.labels.delete(idea.id)
    with pytest.raises(ReaderError, match="not a colour"):
        annotated.labels.add("Odd", "blue")
    assert len(annotated.labels.all()) == 4
    annotated.history.undo(2)
    assert quotes(annotated, 1) == [("no data", "Thought")]


def test_all_highlights_are_filtered_by_label_papers_and_place(annotated: Library) -> None:
    annotated.highlights.add_quote(1, "no data", label="Method")
    annotated.highlights.add_quote(2, "Our method")
    annotated.highlights.add_quote(1, "eleven points")
    every = annotated.highlights.all()
    assert [(each.paper.id, each.highlight.exact) for each in every] == [
        (1, "eleven points"), (2, "Our method"), (1, "no data"),
    ]  # fmt: skip
    assert [each.highlight.exact for each in annotated.highlights.all(label="METHOD")] == ["no data"]
    assert [each.paper.id for each in annotated.highlights.all(within=[2, 1])] == [2, 1, 1]
    assert [each.paper.id for each in annotated.highlights.all(within=[2, 3])] == [2]
    assert annotated.highlights.all(unplaced=True) == []


def test_a_changed_abstract_leaves_highlights_placed_or_shown_as_unplaced(annotated: Library) -> None:
    annotated.highlights.add_quote(1, "Our method needs no data")
    annotated.highlights.add_quote(1, "Ablations show")
    text = listing_text("Alpha of Trees", heading="Mar 4").replace("We study the", "Now we study the whole")
    finish(annotated.imports.text(text.replace("Ablations show", "We see"), "newer"))
    placed, unplaced = annotated.highlights.of(1)
    abstract = paper(annotated, 1).abstract
    assert placed.start is not None
    assert abstract[placed.start : placed.end] == "Our method needs no data"
    assert (unplaced.start, unplaced.exact) == (None, "Ablations show")
    assert [each.highlight.id for each in annotated.highlights.all(unplaced=True)] == [unplaced.id]
    annotated.history.undo()
    assert annotated.highlights.all(unplaced=True) == []
