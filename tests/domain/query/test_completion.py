"""What is offered while a query is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.query import LibraryNames, TagTerm, complete, parse_query
from reader.domain.query.vocabulary import FIELD_WORDS

from .strategies import TODAY, names, query_texts

NAMES = LibraryNames(
    tags=("method/rl", "rl", "machine learning", "vision"),
    listings=("2025-12-08", "sparse nets"),
    organizations=("Lab of Tides", "tide-lab"),
    labels=("Claim", "Question"),
)


def offered(text: str, cursor: int | None = None) -> list[str]:
    found = complete(text, len(text) if cursor is None else cursor, NAMES)
    return [candidate.text for candidate in found.candidates]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ti", "title:"),
        ("sparse is", "is:"),
        ("is:un", "is:unseen"),
        ("has:c", "has:code"),
        ("sort:rel", "sort:relevance"),
        ("tag:r", "tag:rl"),
        ("tag:=r", "tag:=rl"),
        ("-tag:mach", 'tag:"machine learning"'),
        ('tag:"mach', 'tag:"machine learning"'),
        ("listing:sp", 'listing:"sparse nets"'),
        ("org:tide", "org:tide-lab"),
        ("label:q", "label:Question"),
        ("seen:spr", "seen:spring"),
        ("in:d", "in:done"),
        ("in:doc", "in:document"),
        ("state:dis", "state:dismissed"),
        ("year:tod", "year:today"),
        ("#r", "#rl"),
        ("#=r", "#=rl"),
        ("-#mach", '#"machine learning"'),
        ("vis", "tag:vision"),
    ],
)
def test_the_best_candidate(text: str, first: str) -> None:
    assert offered(text)[0] == first


def test_names_that_hold_the_text_come_after_those_that_begin_with_it() -> None:
    assert offered("tag:r") == ["tag:rl", "tag:method/rl", 'tag:"machine learning"']


def test_nothing_is_offered_where_nothing_is_typed() -> None:
    assert offered("") == []
    assert offered("sparse ") == []
    assert offered("date:2025-01") == []


def test_the_word_at_the_cursor_is_replaced() -> None:
    text = "sparse tag:r more"
    found = complete(text, 12, NAMES)
    assert (found.start, found.end) == (7, 12)
    assert text[: found.start] + found.candidates[0].text + text[found.end :] == "sparse tag:rl more"


@given(query_texts, st.integers(0, 40))
def test_completing_never_fails(text: str, cursor: int) -> None:
    found = complete(text, cursor, NAMES)
    assert 0 <= found.start <= found.end
    assert len(found.candidates) <= 12


@given(names)
def test_an_offered_tag_means_that_tag(name: str) -> None:
    found = complete("tag:", 4, LibraryNames(tags=(name,)))
    assert parse_query(found.candidates[0].text, today=TODAY).node == TagTerm(name)
    after_hash = complete('#"', 2, LibraryNames(tags=(name,)))
    assert parse_query(after_hash.candidates[0].text, today=TODAY).node == TagTerm(name)


def test_every_offered_value_and_every_example_is_understood() -> None:
    for name, field in FIELD_WORDS.items():
        for text in (field.example, *(f"{name}:{value}" for value in field.values)):
            assert parse_query(text, today=TODAY).messages == ()
