"""The tilde in front of a query: a search by meaning, and what such a search is about."""

from __future__ import annotations

import pytest
from hypothesis import example, given

from reader.domain.query import (
    Fuzzy,
    LibraryNames,
    Unknown,
    complete,
    meant_words,
    parse_query,
    remove_chip,
    render,
    with_meaning,
    with_order,
)

from .strategies import TODAY, query_texts


@given(query_texts)
@example("difusion~")
def test_a_tilde_in_front_changes_nothing_but_the_way_to_search(text: str) -> None:
    plain = parse_query(text.lstrip().lstrip("~"), today=TODAY)
    asked = parse_query(f"~{plain.text}", today=TODAY)
    assert asked.by_meaning
    assert not plain.by_meaning
    if plain.text.strip() and len(asked.text) <= 500 and not isinstance(plain.node, Unknown):
        assert (asked.node, asked.sort, asked.messages) == (plain.node, plain.sort, plain.messages)
        assert [chip.text for chip in asked.chips] == [chip.text for chip in plain.chips]
        assert all(asked.text[chip.start : chip.end] == chip.text for chip in asked.chips)


def test_a_tilde_at_the_end_of_a_word_allows_typing_errors() -> None:
    assert parse_query("difusion~", today=TODAY).node == Fuzzy("difusion")
    assert not parse_query("difusion~", today=TODAY).by_meaning
    both = parse_query("  ~ difusion~", today=TODAY)
    assert both.by_meaning
    assert both.node == Fuzzy("difusion")


def test_a_tilde_alone_waits_for_words() -> None:
    assert parse_query("~", typing=True, today=TODAY).messages == ()
    assert isinstance(parse_query("~", typing=True, today=TODAY).node, Unknown)
    assert parse_query("~", today=TODAY).messages == ("There is no letter or digit to search for.",)


@pytest.mark.parametrize(
    ("text", "without_the_first"),
    [("~sparse masks", "~masks"), ("~ sparse", ""), ("~tag:rl masks", "~masks"), (" ~a OR b", "~b")],
)
def test_removing_a_part_leaves_the_tilde_in_front(text: str, without_the_first: str) -> None:
    assert remove_chip(text, parse_query(text, today=TODAY).chips[0], today=TODAY) == without_the_first


def test_an_order_goes_behind_the_tilde() -> None:
    assert with_order("~sparse sort:date masks", "title") == "~sort:title sparse masks"
    assert with_order("~sort:title sparse", None) == "~sparse"


def test_the_tilde_comes_and_goes() -> None:
    assert with_meaning("sparse masks", True) == "~sparse masks"
    assert with_meaning(" ~ sparse masks", True) == "~sparse masks"
    assert with_meaning(" ~ sparse masks", False) == "sparse masks"


def test_a_misspelt_value_is_corrected_behind_the_tilde() -> None:
    assert parse_query("~masks is:unsen", today=TODAY).correction == "~masks is:unseen"


def test_field_words_are_completed_behind_the_tilde() -> None:
    found = complete("~auth", 5, LibraryNames())
    assert (found.start, [one.text for one in found.candidates]) == (1, ["authors:", "author:"])


@pytest.mark.parametrize(
    ("query", "words", "conditions"),
    [
        ("sparse masks", "sparse OR masks", ""),
        ("the sparse masks", "sparse OR masks", ""),
        ("sparse author:li is:unseen", "sparse", "author:li is:unseen"),
        ("title:sparse note:mask", "title:sparse", "note:mask"),
        ("sparse -dense", "sparse", "-dense"),
        ("is:starred", None, "is:starred"),
        ("", None, ""),
    ],
)
def test_what_a_search_by_meaning_is_about(query: str, words: str | None, conditions: str) -> None:
    about, filters = meant_words(parse_query(query, today=TODAY).node)
    assert (render(about) if about is not None else None, render(filters)) == (words, conditions)
