"""Trees written as text read back as themselves, and parts taken out leave just the others."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reader.domain.query import (
    SORTS,
    Chip,
    Node,
    Prefix,
    TagTerm,
    Word,
    all_of,
    any_of,
    leaves,
    parse_query,
    remove_chip,
    render,
    with_order,
)
from tests.examples import examples

from .strategies import TODAY, nodes, query_texts


@given(nodes)
@examples(400)
def test_a_tree_reads_back(node: Node) -> None:
    text = render(node)
    assume(len(text) <= 500)
    parsed = parse_query(text, today=TODAY)
    assert parsed.node == node
    assert parsed.messages == ()


@given(query_texts)
def test_what_any_text_means_reads_back(text: str) -> None:
    node = parse_query(text, today=TODAY).node
    again = render(node)
    assume(len(again) <= 500)
    assert parse_query(again, today=TODAY).node == node


def test_text_that_is_being_typed_is_shown_as_typed() -> None:
    assert render(Prefix("dif", typed=True)) == "dif"
    assert render(TagTerm("a b")) == 'tag:"a b"'
    assert render(TagTerm('say "so"', exact=True)) == 'tag:="say ""so"""'


@given(query_texts)
@example("title: OR AND sort:title AND")
@examples(300)
def test_taking_a_part_out_leaves_the_others(text: str) -> None:
    parsed = parse_query(text, today=TODAY)
    assume(len(text) <= 500)
    for index, chip in enumerate(parsed.chips):
        shorter = parse_query(remove_chip(text, chip, today=TODAY), today=TODAY)
        rest = [other.node for i, other in enumerate(parsed.chips) if i != index and other.node is not None]
        join = any_of if parsed.are_alternatives else all_of
        assert shorter.node == join(rest)


@given(query_texts)
def test_all_parts_can_be_taken_out_one_by_one(text: str) -> None:
    assume(len(text) <= 500)
    for _ in range(40):
        parsed = parse_query(text, today=TODAY)
        if not parsed.chips:
            break
        text = remove_chip(text, parsed.chips[0], today=TODAY)
    final = parse_query(text, today=TODAY)
    assert not final.chips
    assert [leaf for leaf in leaves(final.node) if isinstance(leaf, Word)] == []


@pytest.mark.parametrize(
    ("text", "part", "left"),
    [
        ("sparse -tag:x masks", "-tag:x", "sparse masks"),
        ("a OR b OR c", "b", "a OR c"),
        ("a OR b", "a", "b"),
        ("a AND b", "b", "a"),
        ("title:(a b) c", "a", "title:(b) c"),
        ("a sort:title", "sort:title", "a"),
        ("a OR b sort:title c", "b sort:title c", "a"),
        ("a OR b sort:title c", "a", "b sort:title c"),
        ("sort:added a OR b sort:title c", "b sort:title c", "sort:added a"),
        ("a OR b OR is:odd", "is:odd", "a OR b"),
        ("a is:odd is:unsen", "is:odd", "a is:unsen"),
        ("NORA ORC x", "x", "NORA ORC"),
        ("a", "a", ""),
    ],
)
def test_what_is_left_stands_as_it_was_typed(text: str, part: str, left: str) -> None:
    chips = parse_query(text, today=TODAY).chips
    chip = next(chip for chip in chips if chip.text == part)
    assert remove_chip(text, chip, today=TODAY) == left


def test_a_part_of_another_query_changes_nothing() -> None:
    assert remove_chip("a b", Chip(5, 9, "zzzz", Word("zzzz")), today=TODAY) == "a b"


@pytest.mark.parametrize(
    ("text", "name", "ordered"),
    [
        ("a b", "title", "sort:title a b"),
        ("a sort:date b", "title", "sort:title a b"),
        ("a OR b sort:date c", None, "a OR b c"),
        ("(a sort:date)", "added", "sort:added (a)"),
        ("sort:date", None, ""),
        ("", "title", "sort:title"),
    ],
)
def test_another_order_replaces_every_other_wherever_it_stands(text: str, name: str | None, ordered: str) -> None:
    assert with_order(text, name) == ordered


@given(query_texts, st.none() | st.sampled_from(SORTS))
def test_an_order_changes_nothing_else(text: str, name: str | None) -> None:
    ordered = with_order(text, name)
    assume(max(len(text), len(ordered)) <= 500)
    parsed, again = parse_query(text, today=TODAY), parse_query(ordered, today=TODAY)
    assert again.sort == name
    if not parsed.messages:
        assert again.node == parsed.node
