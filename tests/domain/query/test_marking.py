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


@given(query_texts, st.text(max_size=200))
def test_spans_lie_in_the_text(query: str, text: str) -> None:
    spans = Marker(parse_query(query, today=TODAY).node).spans(text, ABSTRACT)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] < two[0] for one, two in itertools.pairwise(spans))


@given(st.text(max_size=60))
def test_every_word_of_a_text_can_be_marked(text: str) -> None:
    for word in search_words(text):
        assert marked(f'"{word}"', text)
