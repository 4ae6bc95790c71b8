"""The terms of a text, by which papers are compared: stems of words, and pairs of neighbouring ones.

Words are folded as search folds them (:func:`reader.domain.words.search_words`) and stemmed (Porter), so that spelling
and number do not matter. Words that say nothing of a subject are no terms, but may stand inside a pair ("chain of
thought" is the pair ``chain thought``). What stands in a title counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

from reader.domain.meaning import PaperText
from reader.domain.stemmer import stem
from reader.domain.words import search_words

TITLE_WEIGHT = 2
_LARGEST_GAP = 3
"""The most words from the one of a pair to the other: two words of no subject may stand between them."""
_LONGEST_WORD = 40

_NO_SUBJECT = """
    a about above across after again against all almost along already also although always am among an and another
    any anything are around as at away be because been before behind being below between both but by can cannot come
    could did do does doing done down due during each either else enough etc even ever every everything few first
    for from further get give given go had has have having he hence her here hers herself him himself his how
    however i if in indeed instead into is it its itself just keep last least less let like made make many may me
    might mine more moreover most much must my myself namely near need neither never nevertheless next no nobody
    none nor not nothing now of off often on once one only onto or other others otherwise our ours ourselves out
    over own per perhaps put quite rather re really s same say see seem seems several shall she should show since so
    some something still such t take than that the their theirs them themselves then there thereby therefore these
    they this those though through throughout thus to together too toward towards two under until up upon us use
    used using various very via was we well were what whatever when where whereas whereby wherein whether which
    while who whole whom whose why will with within without would yet you your yours yourself
"""
STOP_WORDS = frozenset(_NO_SUBJECT.split())
"""English words of no subject."""

Occurrence: TypeAlias = tuple[str, int, int]
"""A term, and the places of its first and last word among the words of its part of the text."""


def parts_of(text: PaperText) -> tuple[tuple[list[str], int], ...]:
    """The folded words of a text's title and abstract, each with how much an occurrence in it counts."""
    return (search_words(text.title), TITLE_WEIGHT), (search_words(text.abstract), 1)


def occurrences(words: list[str]) -> Iterator[Occurrence]:
    """The terms among ``words`` in order: each word of a subject, and each pair of neighbouring ones."""
    before, before_place = "", -_LARGEST_GAP - 1
    for place, word in enumerate(words):
        if term := _term_of(word):
            yield term, place, place
            if place - before_place <= _LARGEST_GAP:
                yield f"{before} {term}", before_place, place
            before, before_place = term, place


def terms_of(title: str, abstract: str) -> dict[str, int]:
    """The terms of a text, and how often they occur; an occurrence in the title counts as two."""
    counts: dict[str, int] = {}
    for words, weight in parts_of(PaperText(title, abstract)):
        # As in occurrences, but three times as fast, because every text of a library is counted here.
        before, gap = "", _LARGEST_GAP
        for word in words:
            term = _term_of(word)
            if not term:
                gap += 1
                continue
            counts[term] = counts.get(term, 0) + weight
            if gap < _LARGEST_GAP:
                pair = f"{before} {term}"
                counts[pair] = counts.get(pair, 0) + weight
            before, gap = term, 0
    return counts


@lru_cache(maxsize=65_536)
def _term_of(word: str) -> str:
    """The term that a word is; empty for a word of no subject."""
    if word in STOP_WORDS or len(word) > _LONGEST_WORD or (len(word) == 1 and word.isascii()):
        return ""
    return stem(word)
