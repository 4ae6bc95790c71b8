"""Rewrites of queries: wider ones if too little was found, and ones with corrected words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from reader.domain.query.lexer import UNKNOWN_FIELD, TokenKind, tokens_of
from reader.domain.query.nodes import (
    TEXT_LEAVES,
    And,
    Everything,
    Family,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    StateTerm,
    TextField,
    TextLeaf,
    Word,
    all_of,
    any_of,
    wanted_texts,
)
from reader.domain.words import search_words, word_spans

_COMMON = """
    a about all also an and any are as at be been but by can do does for from had has have how i in into is it its may
    more most not of on one or other our paper papers some such than that the their them then there these they this
    those through to under up use used using via was we were what when where which while who why will with you your
"""
COMMON_WORDS = frozenset(_COMMON.split())
"""Words so common that a wider search leaves them out."""


def loosen(node: Node) -> Node | None:
    """``node`` widened to any of its words or their families; None if it has no words.

    Other conditions stay. Words that are too common are left out unless there are no others.
    """
    telling = _telling_families(wanted_texts(node))
    return all_of([*_parts_without(node, wanted_texts), any_of(telling)]) if telling else None


def meant_words(node: Node) -> tuple[Node | None, Node]:
    """What a search by meaning is about, and its conditions.

    The first is any of its words or their families, None if it has none; the words of authors, organisations, notes
    and highlights are conditions.
    """
    telling = _telling_families(_topical(node))
    return (any_of(telling) if telling else None), all_of(_parts_without(node, _topical))


_TOPICAL = (None, TextField.TITLE, TextField.ABSTRACT)
"""The fields whose words say what a paper is about."""


def _topical(node: Node) -> tuple[TextLeaf, ...]:
    return tuple(leaf for leaf in wanted_texts(node) if leaf.field in _TOPICAL)


def _telling_families(wanted: Iterable[TextLeaf]) -> list[Family]:
    """The families of the words that leaves ask for, each once; without the common ones unless there are no others."""
    families = dict.fromkeys(Family(word, leaf.field) for leaf in wanted for word in _words_of(leaf))
    return [leaf for leaf in families if leaf.text not in COMMON_WORDS] or list(families)


def _parts_without(node: Node, words: Callable[[Node], tuple[TextLeaf, ...]]) -> list[Node]:
    """The parts a query requires that have no such words."""
    return [part for part in (node.children if isinstance(node, And) else (node,)) if not words(part)]


def any_word_of(words: Iterable[str]) -> Node:
    """A node for papers with any of these (folded) words."""
    return any_of(Word(word) for word in words)


def with_words_replaced(text: str, replacements: Mapping[str, str]) -> str:
    """A query's text with some of its (folded) words replaced and everything else as typed."""
    pieces, position = [], 0
    for token in tokens_of(text):
        if token.kind is not TokenKind.ITEM or token.field not in (None, *TextField):
            continue
        if token.field is None and UNKNOWN_FIELD.match(text, token.start):
            continue
        start = token.start + len(f"{token.field}:") if token.field else token.start
        for word, begin, end in word_spans(text[start : token.end]):
            if word in replacements and start + begin >= position:
                pieces += [text[position : start + begin], replacements[word]]
                position = start + end
    return "".join([*pieces, text[position:]])


def telling_words(text: str, most: int) -> list[str]:
    """The words of a text without those that are too common, each once in its order; at most so many."""
    return list(dict.fromkeys(word for word in search_words(text) if word not in COMMON_WORDS))[:most]


def has_own_words(node: Node) -> bool:
    """Whether a query wants words without a field."""
    return any(leaf.field is None for leaf in wanted_texts(node))


def in_titles(node: Node) -> Node:
    """The query limited to papers with its words (those without a field) in their titles, which relevance puts first.

    Words that are too common need not be in the title, unless there are no others.
    """
    own = [leaf for leaf in wanted_texts(node) if leaf.field is None]
    telling = [leaf for leaf in own if not (isinstance(leaf, Word) and leaf.text in COMMON_WORDS)]
    return _in_titles(node, frozenset(telling or own))


def _in_titles(node: Node, telling: frozenset[TextLeaf]) -> Node:
    if isinstance(node, And):
        return all_of(_in_titles(child, telling) for child in node.children)
    if isinstance(node, Or):
        kept = [child for child in node.children if not isinstance(child, Word) or child.field or child in telling]
        return any_of(_in_titles(child, telling) for child in kept)
    if isinstance(node, TEXT_LEAVES) and node.field is None:
        return replace(node, field=TextField.TITLE) if node in telling else Everything()
    return node


def without_muting(node: Node) -> Node:
    """The query as if there were no mute rules: its inbox includes muted papers."""
    if isinstance(node, Not):
        return Not(without_muting(node.child))
    if isinstance(node, And | Or):
        return replace(node, children=tuple(map(without_muting, node.children)))
    return replace(node, unmuted=True) if isinstance(node, StateTerm) else node


def _words_of(leaf: TextLeaf) -> tuple[str, ...]:
    """The words that a leaf asks for."""
    if isinstance(leaf, Phrase):
        return leaf.words
    assert isinstance(leaf, Word | Prefix | Fuzzy | Family)
    return (leaf.text,)
