"""Wider queries, and queries put right."""

from __future__ import annotations

import pytest
from hypothesis import given

from reader.domain.query import loosen, parse_query, render, wanted_texts, with_words_replaced

from .strategies import TODAY, nodes, query_texts


@pytest.mark.parametrize(
    ("query", "wider"),
    [
        ("sparse masks", "sparse OR masks"),
        ("sparse masks seen:2026-03-01", "seen:2026-03-01 (sparse OR masks)"),
        ("that paper about sparse masks", "sparse OR masks"),
        ("the of", "the OR of"),
        ('"sparse masks" -dense', "-dense (sparse OR masks)"),
        ("title:sparse mask* note:sparse", "title:sparse OR mask OR note:sparse"),
        ("sparse sparse", "sparse"),
        ("(sparse OR tag:x) masks", "sparse OR masks"),
    ],
)
def test_any_word_under_the_same_conditions(query: str, wider: str) -> None:
    found = loosen(parse_query(query, today=TODAY).node)
    assert found is not None
    assert render(found) == wider


@pytest.mark.parametrize("query", ["", "is:unseen", "-sparse"])
def test_without_words_there_is_nothing_to_widen(query: str) -> None:
    assert loosen(parse_query(query, today=TODAY).node) is None


def test_words_put_right() -> None:
    text = 'Difusion  OR "difusion, models" title:difu* -difusion tag:difusion xy:difusion sort:title'
    right = with_words_replaced(text, {"difusion": "diffusion", "difu": "diff", "title": "tilte", "sort": "short"})
    assert right == 'diffusion  OR "diffusion, models" title:diff* -diffusion tag:difusion xy:difusion sort:title'
    assert with_words_replaced("naïve $\\alpha$-modl", {"naive": "nave", "modl": "model"}) == "nave $\\alpha$-model"


@given(query_texts)
def test_no_words_replaced_changes_nothing(text: str) -> None:
    assert with_words_replaced(text, {}) == text
    assert with_words_replaced(text, {"not in there": "x"}) == text


@given(nodes)
def test_what_has_words_can_be_widened(node) -> None:  # type: ignore[no-untyped-def]
    assert (loosen(node) is None) == (not wanted_texts(node))
