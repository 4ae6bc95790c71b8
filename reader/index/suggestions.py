"""Corrections for misspelt words, and the words that distinguish a paper from others."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from reader.domain.query import Fuzzy, Node, Phrase, Prefix, Word, wanted_texts
from reader.domain.query.rewrites import COMMON_WORDS
from reader.domain.selection import IndexedText
from reader.domain.stemmer import stem
from reader.domain.words import search_words
from reader.index.evaluation import PartView
from reader.index.word_source import WordSource

_DIGIT = re.compile(r"\d")
_ERRORS = 2
_LETTERS_PER_ERROR = 3
_SHORTEST_KEY_WORD = 3
_TITLE_SHARE = 3
_TOO_COMMON = 0.2
"""A word in more than this share of the papers says little, however often it occurs in one."""


def corrections(node: Node, views: Sequence[PartView]) -> dict[str, str]:
    """The words of a query that occur nowhere, each with the likeliest word that does.

    A word with a digit is left as it is: nobody mistypes 2023 as 2025, or GPT-3 as GPT-4.
    """
    replacements: dict[str, str] = {}
    for leaf in wanted_texts(node):
        texts = (
            leaf.words if isinstance(leaf, Phrase) else (leaf.text,) if isinstance(leaf, Word | Prefix | Fuzzy) else ()
        )
        sources = [source for view in views if view.answers(leaf) for source in _sources(view)]
        for text in dict.fromkeys(texts):
            begun = isinstance(leaf, Prefix) or (isinstance(leaf, Phrase) and leaf.open_ended and text == texts[-1])
            if text in replacements or _DIGIT.search(text) or _occurs(text, sources, begun=begun):
                continue
            likeliest = _likeliest(text, views)
            if likeliest:
                replacements[text] = likeliest
    return replacements


def key_words(text: IndexedText, view: PartView, limit: int) -> tuple[str, ...]:
    """The words by which a paper differs most from the others, each with a different stem."""
    counts: Counter[str] = Counter(search_words(text.abstract))
    for word in search_words(text.title):
        counts[word] += _TITLE_SHARE
    papers = max(2, len(view.indexable))
    best: dict[str, tuple[float, str]] = {}
    for word, count in counts.items():
        if len(word) < _SHORTEST_KEY_WORD or word in COMMON_WORDS or word.isdigit():
            continue
        frequency = _frequency(word, [view])
        if not 2 <= frequency <= max(2, papers * _TOO_COMMON):
            continue
        score = (1 + math.log(count)) * math.log(papers / frequency)
        best[stem(word)] = max(best.get(stem(word), (0.0, "")), (score, word))
    ordered = sorted(best.values(), key=lambda scored: (-scored[0], scored[1]))
    return tuple(word for _, word in ordered[:limit])


def _sources(view: PartView) -> Iterable[WordSource]:
    return [*(segment for segment, _ in view.snapshot.segments), view.memory]


def _occurs(text: str, sources: Iterable[WordSource], *, begun: bool) -> bool:
    """Whether any word is this one, has its stem, or (for a prefix) begins with it."""
    return any(source.of_stem(stem(text)) or (begun and source.beginning_with(text)) for source in sources)


def _likeliest(text: str, views: Sequence[PartView]) -> str | None:
    """The word with the fewest typing errors; of equals, one with the same first letter, then the most frequent."""
    errors = min(_ERRORS, len(text) // _LETTERS_PER_ERROR)
    candidates = {word for view in views for source in _sources(view) for word in source.near(text, errors)}
    return min(
        candidates,
        key=lambda word: (OSA.distance(text, word), word[0] != text[0], -_frequency(word, views), word),
        default=None,
    )


def _frequency(word: str, views: Iterable[PartView]) -> int:
    """The number of papers with a word, including deleted ones."""
    return sum(len(source.ids_of([word], source.fields)) for view in views for source in _sources(view))
