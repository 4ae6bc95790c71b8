"""Cutting runs of paragraphs into papers, and the shapes that decide where position does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.formats.title_pairs import (
    BEYOND_TITLES,
    CLEARLY_ABSTRACT,
    CLEARLY_TITLE,
    Passage,
    abstractness,
    can_be_abstract,
    can_be_title,
    pair_passages,
)

TITLES = [
    "Moss",
    "Is Waiting All You Need?",
    "Waiting Is Not Enough.",
    "A Comprehensive Survey of Moss on North-Facing Walls: Methods, Data Sets, Open Problems and One Answer",
    "$\\mathbb{X}$: Waiting with LaTeX",
]
SHORT = (
    "We wait for moss. It comes. Nothing else in this garden does, whatever the weather and whoever looks at it in May."
)
LONG = "Moss grows slowly, and so do most data sets. We present a method that waits for both, and reports back. " * 4


def cut(texts: list[str], *, closed: bool = False) -> list[tuple[str | None, str | None]]:
    """The pairs of a run, as texts; every passage is used once and in order."""
    run = [Passage(index, index, text) for index, text in enumerate(texts)]
    pairs = pair_passages(run, closed=closed)
    used = [passage for pair in pairs for passage in (pair.title, pair.abstract) if passage is not None]
    assert used == run
    return [(pair.title and pair.title.text, pair.abstract and pair.abstract.text) for pair in pairs]


@pytest.mark.parametrize("title", TITLES)
def test_shapes_of_titles(title: str) -> None:
    assert abstractness(title) < CLEARLY_ABSTRACT
    assert can_be_title(title)


@pytest.mark.parametrize(
    "abstract", [LONG, LONG[:310], "苔藓生长得很慢，大多数数据集也是如此。我们提出了一种等待两者的方法。" * 8]
)
def test_shapes_of_abstracts(abstract: str) -> None:
    assert abstractness(abstract) >= CLEARLY_ABSTRACT
    assert can_be_abstract(abstract)


@given(st.text(max_size=450))
def test_shortcuts_agree_with_the_values(text: str) -> None:
    assert can_be_title(text) == (abstractness(text) < BEYOND_TITLES)
    assert can_be_abstract(text) == (abstractness(text) > CLEARLY_TITLE)


def test_position_is_enough() -> None:
    assert cut([TITLES[0], SHORT, TITLES[3], LONG]) == [(TITLES[0], SHORT), (TITLES[3], LONG)]


def test_an_odd_one_is_left_alone() -> None:
    title, other = TITLES[1], TITLES[3]
    assert cut([title, other, LONG]) == [(title, None), (other, LONG)]
    assert cut([title, LONG, other]) == [(title, LONG), (other, None)]
    assert cut([LONG, other, LONG]) == [(None, LONG), (other, LONG)]
    assert cut([title, LONG, LONG, other, LONG]) == [(title, LONG), (None, LONG), (other, LONG)]
    assert cut([LONG]) == [(None, LONG)]
    assert cut([title]) == [(title, None)]


def test_two_titles_are_no_paper_unless_a_block_says_so() -> None:
    assert cut([TITLES[0], TITLES[1]]) == [(TITLES[0], None), (TITLES[1], None)]
    assert cut([TITLES[0], TITLES[1]], closed=True) == [(TITLES[0], TITLES[1])]


@given(
    st.lists(st.sampled_from([*TITLES, SHORT, LONG]) | st.text(min_size=1, max_size=300), max_size=30), st.booleans()
)
def test_every_run_is_cut_whole(texts: list[str], closed: bool) -> None:
    pairs = cut(texts, closed=closed)
    assert all(title is not None or abstract is not None for title, abstract in pairs)


@given(st.lists(st.sampled_from(TITLES), min_size=2, max_size=12, unique=False), st.data())
def test_one_fault_costs_one_paragraph(titles: list[str], data: st.DataObject) -> None:
    texts = [text for title in titles for text in (title, LONG)]
    place = data.draw(st.integers(0, len(texts) - 1))
    whole = [(title, LONG) for title in titles]
    faulty = cut(texts[:place] + texts[place + 1 :])
    number = place // 2
    left = (None, LONG) if place % 2 == 0 else (titles[number], None)
    assert faulty == [*whole[:number], left, *whole[number + 1 :]]
