"""Overlapping highlights as runs, and going from one highlight to the next."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.highlight_runs import (
    Place,
    highlight_of,
    highlight_runs,
    highlights_at,
    next_highlight,
    previous_highlight,
    reading_order,
)
from reader.domain.papers import Highlight


def highlight(
    number: int, start: int | None, end: int | None, label: str = "Claim", target: str = "abstract"
) -> Highlight:
    return Highlight(number, target, start, end, "quote", "", "", label, "", "2026-01-01", "2026-01-01")


OUTER, INNER, CROSSING = highlight(1, 0, 20), highlight(2, 5, 10, "Method"), highlight(3, 15, 30, "Result")
TITLE, LOST = highlight(4, 3, 8, target="title"), highlight(5, None, None)
ALL = [CROSSING, LOST, INNER, TITLE, OUTER]


def test_overlaps_become_runs_of_what_is_active() -> None:
    runs = [(run.start, run.end, run.labels) for run in highlight_runs(ALL, "abstract")]
    assert runs == [
        (0, 5, ("Claim",)),
        (5, 10, ("Claim", "Method")),
        (10, 15, ("Claim",)),
        (15, 20, ("Claim", "Result")),
        (20, 30, ("Result",)),
    ]
    assert [run.highlights for run in highlight_runs(ALL, "title")] == [(TITLE,)]
    assert highlight_runs([LOST], "abstract") == []


def test_one_label_twice_is_one_label() -> None:
    assert highlight_runs([OUTER, highlight(6, 0, 20)], "abstract")[0].labels == ("Claim",)


def test_the_innermost_highlight_is_met_first() -> None:
    assert highlights_at(ALL, "abstract", 7) == [INNER, OUTER]
    assert highlights_at(ALL, "abstract", 15) == [CROSSING, OUTER]
    assert highlights_at(ALL, "abstract", 20) == [CROSSING]
    assert highlights_at(ALL, "abstract", 30) == []
    assert highlights_at(ALL, "title", 7) == [TITLE]


def test_the_highlight_of_a_span_is_the_one_to_toggle() -> None:
    assert highlight_of(ALL, "abstract", (5, 10)) == INNER
    assert highlight_of([highlight(9, 5, 10), INNER], "abstract", (5, 10)) == INNER
    assert highlight_of(ALL, "abstract", (5, 11)) is None
    assert highlight_of(ALL, "title", (5, 10)) is None


def test_going_from_one_to_the_next_and_back_across_title_and_abstract() -> None:
    assert reading_order(ALL) == [TITLE, OUTER, INNER, CROSSING]
    assert next_highlight(ALL, TITLE) == OUTER
    assert next_highlight(ALL, CROSSING) is None
    assert previous_highlight(ALL, OUTER) == TITLE
    assert previous_highlight(ALL, TITLE) is None
    assert next_highlight(ALL, Place.of("title", 0)) == TITLE
    assert next_highlight(ALL, Place.of("title", 4)) == OUTER
    assert next_highlight(ALL, Place.of("abstract", 5)) == INNER
    assert previous_highlight(ALL, Place.of("abstract", 5)) == OUTER
    assert previous_highlight(ALL, Place.of("abstract", 0)) == TITLE
    assert next_highlight([], Place.of("title", 0)) is None


def test_a_text_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        Place.of("margin", 0)


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("ABC"), st.booleans()), max_size=12)
HIGHLIGHTS = SPANS.map(
    lambda spans: [
        highlight(number, start, start + length, label, "title" if is_title else "abstract")
        for number, (start, length, label, is_title) in enumerate(spans)
    ]
)


@given(HIGHLIGHTS)
def test_runs_show_at_every_character_just_the_highlights_over_it(highlights: list[Highlight]) -> None:
    runs = highlight_runs(highlights, "abstract")
    assert all(one.end <= other.start for one, other in pairwise(runs))
    for offset in range(50):
        over = {each.id for each in highlights if each.target == "abstract" and each.start <= offset < each.end}  # type: ignore[operator]
        shown = [run for run in runs if run.start <= offset < run.end]
        assert {each.id for run in shown for each in run.highlights} == over
        assert len(shown) == bool(over)
        assert {each.id for each in highlights_at(highlights, "abstract", offset)} == over
        assert not shown or set(shown[0].labels) == {each.label for each in highlights if each.id in over}


@given(HIGHLIGHTS)
def test_next_visits_every_highlight_once_and_previous_goes_the_same_way_back(highlights: list[Highlight]) -> None:
    visited: list[Highlight] = []
    current = next_highlight(highlights, Place.of("title", 0))
    while current is not None and len(visited) <= len(highlights):
        visited.append(current)
        current = next_highlight(highlights, current)
    assert visited == reading_order(highlights)
    assert len(visited) == len(highlights)
    for before, after in pairwise(visited):
        assert previous_highlight(highlights, after) == before
