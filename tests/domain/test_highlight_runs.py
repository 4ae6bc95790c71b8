"""Overlapping highlights as runs, and their order."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.highlight_runs import highlight_of, highlight_runs, reading_order
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


def test_the_highlight_of_a_span_is_the_one_to_toggle() -> None:
    assert highlight_of(ALL, "abstract", (5, 10)) == INNER
    assert highlight_of([highlight(9, 5, 10), INNER], "abstract", (5, 10)) == INNER
    assert highlight_of(ALL, "abstract", (5, 11)) is None
    assert highlight_of(ALL, "title", (5, 10)) is None


def test_the_title_comes_before_the_abstract_and_an_outer_highlight_before_an_inner_one() -> None:
    assert reading_order(ALL) == [TITLE, OUTER, INNER, CROSSING]


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
        assert not shown or set(shown[0].labels) == {each.label for each in highlights if each.id in over}
