"""What is marked in shown texts."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.query import Marker, TextField, parse_query
from reader.domain.words import search_words

from .strategies import TODAY, query_texts

ABSTRACT = TextField.ABSTRACT


def marked(query: str, text: str, field: TextField = ABSTRACT, *, typing: bool = False) -> list[str]:
    node = parse_query(query, today=TODAY, typing=typing).node
    return [text[start:end] for start, end in Marker(node).spans(text, field)]


@pytest.mark.parametrize(
    ("query", "text", "pieces"),
    [
        ("model", "Models, modelling; a modality.", ["Models", "modelling"]),
        ("mod*", "Models of a modality.", ["Models", "modality"]),
        ("difusion~", "Diffusion", ["Diffusion"]),
        ('"sparse masks"', "Sparse-masks, sparse and masks", ["Sparse-masks"]),
        ("naive", "A naïve one, a naïve one", ["naïve", "naïve"]),
        ("uscd", r"On $\mathbb{USCD}$ and \textbf{more}", ["USCD"]),
        ("more", r"On $\mathbb{USCD}$ and \textbf{more}", ["more"]),
        ("godel", r"G\"{o}del's", [r"G\"{o}del"]),
        ("alpha", r"the $\alpha$-test", [r"alpha"]),
        ("文", "中文。", ["文"]),
        ("-sparse", "sparse", []),
        ("NOT (a OR sparse)", "sparse", []),
        ("sparse tag:x", "sparse", ["sparse"]),
        ("title:sparse", "sparse", []),
        ("a OR b", "a b c", ["a", "b"]),
        ("is:unseen", "is unseen", []),
    ],
)
def test_marks(query: str, text: str, pieces: list[str]) -> None:
    assert marked(query, text) == pieces


def test_a_field_is_marked_where_it_was_asked_for() -> None:
    assert marked("title:sparse", "sparse", TextField.TITLE) == ["sparse"]


def test_the_word_being_typed_is_marked_as_far_as_its_field_allows() -> None:
    assert marked("rl", "RLHF and RL", typing=True) == ["RL"]
    assert marked("rl", "RLHF and RL", TextField.TITLE, typing=True) == ["RLHF", "RL"]


@given(query_texts, st.text(max_size=200), st.integers(1, 80))
def test_spans_and_snippets_lie_in_the_text(query: str, text: str, length: int) -> None:
    marker = Marker(parse_query(query, today=TODAY).node)
    spans = marker.spans(text, ABSTRACT)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < two[0] for one, two in itertools.pairwise(spans))
    snippet = marker.snippet(text, ABSTRACT, length=length)
    assert 0 <= snippet.start <= snippet.end <= len(text)
    assert snippet.end - snippet.start <= length or len(text) <= length
    assert all(span in spans and snippet.start <= span[0] and span[1] <= snippet.end for span in snippet.spans)


@given(st.text(max_size=60))
def test_every_word_of_a_text_can_be_marked(text: str) -> None:
    for word in search_words(text):
        assert marked(f'"{word}"', text)


def test_a_snippet_shows_the_densest_part() -> None:
    text = "sparse " + "filler " * 60 + "here sparse masks are sparse " + "filler " * 60
    snippet = Marker(parse_query("sparse masks", today=TODAY).node).snippet(text, ABSTRACT, length=80)
    shown = text[snippet.start : snippet.end]
    assert "sparse masks are sparse" in shown
    assert [text[start:end] for start, end in snippet.spans] == ["sparse", "masks", "sparse"]
    assert not shown.startswith("iller")
