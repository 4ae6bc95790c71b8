"""The one definition of which words match a query's leaf, used by the index, by marking and for pending papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from reader.domain.folding import drop_latex
from reader.domain.query.nodes import Family, Fuzzy, Phrase, Prefix, TextField, TextLeaf, Word
from reader.domain.stemmer import family, stem
from reader.domain.words import search_words, with_folded_words

SHORT_PREFIX = 2
"""Prefixes of up to this length are searched in titles only: in other texts they would match nearly every paper."""


def asks_in(leaf: TextLeaf, field: TextField) -> bool:
    """Whether a field of this name can answer a leaf."""
    return leaf.field is None or leaf.field is field


def is_short(leaf: TextLeaf) -> bool:
    """Whether a leaf's prefix is so short that it is searched in titles only."""
    return isinstance(leaf, Prefix) and leaf.typed and leaf.field is None and len(leaf.text) <= SHORT_PREFIX


def word_test(leaf: Word | Prefix | Fuzzy | Family, field: TextField) -> Callable[[str], bool]:
    """A test whether one folded word of a text in ``field`` matches a leaf."""
    text = leaf.text
    if isinstance(leaf, Fuzzy):
        limit = typing_errors(text)
        return lambda word: is_near(text, word, limit)
    if isinstance(leaf, Family):
        root = family(text)
        return lambda word: family(word) == root
    if isinstance(leaf, Word):
        wanted = stem(text)
        return lambda word: stem(word) == wanted
    if not leaf.typed:
        return lambda word: word.startswith(text)
    wanted, titles_only = stem(text), is_short(leaf) and field is not TextField.TITLE
    return lambda word: stem(word) == wanted or (not titles_only and word.startswith(text))


def typing_errors(text: str) -> int:
    """The number of errors that ``text~`` allows: none in two letters, one in up to five, otherwise two."""
    return 0 if len(text) <= 2 else 1 if len(text) <= 5 else 2


def is_near(first: str, second: str, limit: int) -> bool:
    """Whether two words differ by at most ``limit`` letters added, dropped, changed, or swapped with a neighbour.

    This is the optimal string alignment distance.
    """
    from rapidfuzz.distance import OSA  # only here: it would be a part of every launch

    return OSA.distance(first, second, score_cutoff=limit) <= limit


def phrase_starts(words: Sequence[str], phrase: Phrase) -> list[int]:
    """The positions in ``words`` at which a phrase begins."""
    wanted = phrase.words
    first, last, length = wanted[0], wanted[-1], len(wanted)
    starts = []
    for start in range(len(words) - length + 1):
        if (words[start] == first or length == 1) and tuple(words[start : start + length - 1]) == wanted[:-1]:
            word = words[start + length - 1]
            if word == last or (phrase.open_ended and word.startswith(last)):
                starts.append(start)
    return starts


class PhraseFinder:
    """Tests whether texts contain a phrase; made once per phrase and called for thousands of texts.

    Folding takes a tenth of a millisecond per text. Texts that are ASCII except for LaTeX need no folding: a regular
    expression gives the same answer many times faster, and it also rules out other texts that cannot contain the
    phrase.
    """

    def __init__(self, phrase: Phrase) -> None:
        """Prepare for ``phrase``."""
        pattern = "[^a-z0-9]+".join(re.escape(word) for word in phrase.words)
        self._plain = re.compile(f"{pattern}{'' if phrase.open_ended else '(?![a-z0-9])'}", re.ASCII)
        self._folded = f" {' '.join(phrase.words)}{'' if phrase.open_ended else ' '}"
        self._longest = max(phrase.words, key=len)

    def is_in(self, text: str) -> bool:
        """Whether ``text`` contains the phrase."""
        bare = text
        # One scan of memory per character; a pattern takes fifty times as long.
        if "\\" in text or "$" in text or "{" in text or "}" in text:
            bare = drop_latex(text)
        if bare.isascii():
            return self._may_be_in(bare.lower())
        if self._folded.isascii() and "\\" not in bare and not self._may_be_in(with_folded_words(bare).lower()):
            return False
        return self._folded in f" {' '.join(search_words(text))} "

    def _may_be_in(self, low: str) -> bool:
        """Whether a lower-case text contains the phrase if only ASCII letters and digits form words."""
        if self._longest not in low:
            return False
        match = self._plain.search(low)
        # A match that begins inside a word is skipped, but no more than that: "0 0" occurs in "00:0:0".
        while match is not None and match.start() > 0 and low[match.start() - 1].isalnum():
            match = self._plain.search(low, match.start() + 1)
        return match is not None
