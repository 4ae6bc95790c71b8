"""Queries made from queries: wider ones where too little was found, and ones with words put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reader.domain.query.nodes import (
    TEXT_LEAVES,
    And,
    Family,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    StateTerm,
    TextLeaf,
    Word,
    all_of,
    any_of,
    wanted_texts,
)

_COMMON = """
    a about all also an and any are as at be been but by can do does for from had has have how i in into is it its may
    more most not of on one or other our paper papers some such than that the their them then there these they this
    those through to under up use used using via was we were what when where which while who why will with you your
"""
COMMON_WORDS = frozenset(_COMMON.split())
"""Words that tell papers apart so little that a wider search leaves them out."""


def loosen(node: Node) -> Node | None:
    """What ``node`` means, but with any of its words or their families; None where it has no words.

    Conditions other than words stay as they are; words that are too common are left out unless there are no others.
    """
    wanted = wanted_texts(node)
    families = [Family(word, leaf.field) for leaf in wanted for word in _words_of(leaf)]
    telling = [leaf for leaf in families if leaf.text not in COMMON_WORDS] or families
    if not telling:
        return None
    conditions = [part for part in (node.children if isinstance(node, And) else (node,)) if not wanted_texts(part)]
    return all_of([*conditions, any_of(dict.fromkeys(telling))])


def any_word_of(words: Iterable[str]) -> Node:
    """The papers with any of the (folded) words."""
    return any_of(Word(word) for word in words)


def with_words_replaced(node: Node, replacements: Mapping[str, str]) -> Node:
    """The same query with some words replaced by others."""
    if isinstance(node, Not):
        return Not(with_words_replaced(node.child, replacements))
    if isinstance(node, And | Or):
        return replace(node, children=tuple(with_words_replaced(child, replacements) for child in node.children))
    if isinstance(node, Phrase):
        return replace(node, words=tuple(replacements.get(word, word) for word in node.words))
    if isinstance(node, TEXT_LEAVES) and node.text in replacements:
        return Word(replacements[node.text], node.field)
    return node


def without_muting(node: Node) -> Node:
    """The same query, but of the inbox as it would be without mute rules."""
    if isinstance(node, Not):
        return Not(without_muting(node.child))
    if isinstance(node, And | Or):
        return replace(node, children=tuple(map(without_muting, node.children)))
    return replace(node, unmuted=True) if isinstance(node, StateTerm) else node


def _words_of(leaf: TextLeaf) -> tuple[str, ...]:
    """The words a leaf asks for."""
    if isinstance(leaf, Phrase):
        return leaf.words
    assert isinstance(leaf, Word | Prefix | Fuzzy | Family)
    return (leaf.text,)
