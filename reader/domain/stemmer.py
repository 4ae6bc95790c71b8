"""Stems and word families of English words.

:func:`stem` is Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980): "models",
"modelled" and "modelling" share a stem. :func:`family` goes further, for searches that found too little: it keeps
removing derivational endings, so that "sparse", "sparsity" and "sparsify", which Porter keeps apart, become the same.
Words are in lower case, as :func:`reader.domain.words.search_words` gives them; a word with other characters than plain
letters is its own stem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache


def _table(rules: str) -> dict[str, str]:
    """Endings and their replacements, written ``ending:replacement``."""
    return dict(rule.split(":") for rule in rules.split())


_STEP_2 = _table("""
    ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize
    ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble
""")
_STEP_3 = _table("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:")
_STEP_4 = """
    al ance ence er ic able ible ant ement ment ent sion tion ou ism ate iti ous ive ize
"""
_DERIVATIONAL = """
    ification ifier ifi if ization isation izer iz is abiliti ibiliti ational ation ition ativ itiv ator at iviti iv
    ional ion fulness ful ousness ousli ous iciti ical ic aliti alli al iti ness ment ism ist istic able ible abl ibl
    anc ance anci enc ence enci ant ent er or ar li e i
"""
"""Derivational endings in the form they have after Porter's stemming."""
_SHORTEST_ROOT = 4
_END = 2  # endings are looked up by their last letters; none of Porter's is shorter


def _by_end(endings: Iterable[str], length: int) -> dict[str, tuple[str, ...]]:
    """Endings by their last letters, the longest first, so that few have to be tried."""
    groups: dict[str, list[str]] = {}
    for ending in sorted(endings, key=len, reverse=True):
        groups.setdefault(ending[-length:], []).append(ending)
    return {end: tuple(group) for end, group in groups.items()}


_STEPS_2_AND_3 = tuple((_by_end(step, _END), step) for step in (_STEP_2, _STEP_3))
_STEP_4_BY_END = _by_end(_STEP_4.split(), _END)
_FAMILY_BY_END = _by_end(_DERIVATIONAL.split(), 1)

# Porter's sequences of consonants and of vowels; y is a consonant at the start and after a vowel.
_C, _V = "[^aeiou][^aeiouy]*", "[aeiouy][aeiou]*"
_BEGIN = f"(?:{_C}|(?!y))"
_HAS_VOWEL = re.compile(f"{_BEGIN}[aeiouy]").match
_HAS_SEQUENCE = re.compile(f"{_BEGIN}{_V}{_C}").match
_HAS_ONE_SEQUENCE = re.compile(f"{_BEGIN}{_V}{_C}(?:{_V})?").fullmatch
_HAS_SEQUENCES = re.compile(f"{_BEGIN}{_V}{_C}{_V}{_C}").match
"""Porter's m > 0, m = 1 and m > 1, where m counts the vowel-consonant sequences."""
_IS_SHORT = re.compile(f"{_C}[aeiouy][^aeiouwxy]").fullmatch
"""Porter's *o (ends with consonant, vowel, consonant other than w, x and y) for words with m = 1."""
_ENDS_DOUBLE = re.compile(r"([^aeiouy])\1$|[^aeiouy]yy$").search


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Porter's stem of a lower-case word."""
    if len(word) <= 2 or not (word.isascii() and word.isalpha()):
        return word
    word = _inflections(word)
    for endings, replacements in _STEPS_2_AND_3:
        word = _replaced(word, endings, replacements)
    return _tidied(_residue(word))


@lru_cache(maxsize=65_536)
def family(word: str) -> str:
    """The common part of a word's wider family; at least four letters long if the word is."""
    return family_of_stem(stem(word))


def family_of_stem(root: str) -> str:
    """The family of the words with this stem."""
    while True:
        shorter = _without_ending(root)
        if shorter == root:
            return root
        root = shorter


def _without_ending(root: str) -> str:
    """The root without its longest derivational ending, and with a doubled last consonant made single."""
    for ending in _FAMILY_BY_END.get(root[-1:], ()):
        if root.endswith(ending) and len(root) - len(ending) >= _SHORTEST_ROOT:
            root = root[: -len(ending)]
            return root[:-1] if len(root) > _SHORTEST_ROOT and _ENDS_DOUBLE(root) else root
    return root


def _inflections(word: str) -> str:
    """Step 1: plurals, -ed and -ing, and a final y."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        word = word[:-1] if _HAS_SEQUENCE(word[:-3]) else word
    elif word.endswith("ed") and _HAS_VOWEL(word[:-2]):
        word = _restored(word[:-2])
    elif word.endswith("ing") and _HAS_VOWEL(word[:-3]):
        word = _restored(word[:-3])
    return f"{word[:-1]}i" if word.endswith("y") and _HAS_VOWEL(word[:-1]) else word


def _restored(word: str) -> str:
    """The word restored after removing -ed or -ing: hop(p), fil(e), conflat(e)."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _ENDS_DOUBLE(word) and word[-1] not in "lsz":
        return word[:-1]
    return word + "e" if _IS_SHORT(word) else word


def _longest(word: str, endings: Mapping[str, tuple[str, ...]]) -> str:
    """The longest of the endings that the word has, or an empty text."""
    return next((ending for ending in endings.get(word[-_END:], ()) if word.endswith(ending)), "")


def _replaced(word: str, endings: Mapping[str, tuple[str, ...]], replacements: Mapping[str, str]) -> str:
    """Steps 2 and 3: the longest of the endings replaced, if enough of the word comes before it."""
    ending = _longest(word, endings)
    rest = word.removesuffix(ending)
    return rest + replacements[ending] if ending and _HAS_SEQUENCE(rest) else word


def _residue(word: str) -> str:
    """Step 4: an ending dropped if two sequences come before it."""
    ending = _longest(word, _STEP_4_BY_END)
    rest = word.removesuffix("ion" if ending in ("sion", "tion") else ending)
    return rest if _HAS_SEQUENCES(rest) else word


def _tidied(word: str) -> str:
    """Step 5: a final e, and a final double l."""
    rest = word[:-1]
    if word.endswith("e") and (_HAS_SEQUENCES(rest) or (_HAS_ONE_SEQUENCE(rest) and not _IS_SHORT(rest))):
        word = rest
    return word[:-1] if word.endswith("ll") and _HAS_SEQUENCES(word[:-1]) else word
