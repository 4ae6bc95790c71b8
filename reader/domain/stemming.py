"""Stems and word families of English words.

:func:`stem` is Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980): "models",
"modelled" and "modelling" share a stem. :func:`family` goes further, for searches that found too little: it keeps
taking derivational endings off, so that "sparse", "sparsity" and "sparsify", which Porter keeps apart, meet.
Words are lower case, as :func:`reader.domain.words.search_words` gives them; what is not plain letters is its own stem.
"""

from __future__ import annotations

from functools import lru_cache

_STEP_2 = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
)
_STEP_3 = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
_STEP_4 = (
    "al",
    "ance",
    "ence",
    "er",
    "ic",
    "able",
    "ible",
    "ant",
    "ement",
    "ment",
    "ent",
    "sion",
    "tion",
    "ou",
    "ism",
    "ate",
    "iti",
    "ous",
    "ive",
    "ize",
)
_DERIVATIONAL = """
    ification ifier ifi if ization isation izer iz is abiliti ibiliti ational ation ition ativ itiv ator at iviti iv
    ional ion fulness ful ousness ousli ous iciti ical ic aliti alli al iti ness ment ism ist istic able ible abl ibl
    anc ance anci enc ence enci ant ent er or ar li e i
"""
_FAMILY_ENDINGS = tuple(sorted(_DERIVATIONAL.split(), key=len, reverse=True))
"""Derivational endings as Porter's stems show them, the longest first."""
_SHORTEST_ROOT = 4


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Porter's stem of a lower-case word."""
    if len(word) <= 2 or not (word.isascii() and word.isalpha()):
        return word
    word = _inflections(word)
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    return _tidied(_residue(word))


@lru_cache(maxsize=65_536)
def family(word: str) -> str:
    """What a word shares with its wider family; no shorter than four letters where the word is not."""
    root = stem(word)
    while True:
        shorter = _without_ending(root)
        if shorter == root:
            return root
        root = shorter


def _without_ending(root: str) -> str:
    """The root without its longest derivational ending, a doubled last consonant made single."""
    for ending in _FAMILY_ENDINGS:
        if root.endswith(ending) and len(root) - len(ending) >= _SHORTEST_ROOT:
            root = root[: -len(ending)]
            return root[:-1] if len(root) > _SHORTEST_ROOT and _ends_double(root) else root
    return root


def _is_consonant(word: str, index: int) -> bool:
    """Whether a letter is a consonant; ``y`` is one at the start and after a vowel."""
    if word[index] == "y":
        return index == 0 or not _is_consonant(word, index - 1)
    return word[index] not in "aeiou"


def _measure(word: str) -> int:
    """Porter's m: how many vowel-consonant sequences a word holds."""
    count, after_vowel = 0, False
    consonant = False
    for index, letter in enumerate(word):
        consonant = (index == 0 or not consonant) if letter == "y" else letter not in "aeiou"
        count += consonant and after_vowel
        after_vowel = not consonant
    return count


def _has_vowel(word: str) -> bool:
    return any(not _is_consonant(word, index) for index in range(len(word)))


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _ends_short(word: str) -> bool:
    """Porter's *o: consonant, vowel, consonant other than w, x and y."""
    return (
        len(word) > 2
        and word[-1] not in "wxy"
        and _is_consonant(word, len(word) - 1)
        and not _is_consonant(word, len(word) - 2)
        and _is_consonant(word, len(word) - 3)
    )


def _inflections(word: str) -> str:
    """Step 1: plurals, -ed and -ing, and a final y."""
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        if _measure(word[:-3]) > 0:
            word = word[:-1]
    elif word.endswith("ed") and _has_vowel(word[:-2]):
        word = _restored(word[:-2])
    elif word.endswith("ing") and _has_vowel(word[:-3]):
        word = _restored(word[:-3])
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _restored(word: str) -> str:
    """What -ed or -ing was taken off, made a word again: hop(p), fil(e), conflat(e)."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _ends_double(word) and word[-1] not in "lsz":
        return word[:-1]
    if _measure(word) == 1 and _ends_short(word):
        return word + "e"
    return word


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    """Steps 2 and 3: the longest of the endings replaced, where enough word stands before it."""
    matches = [(ending, new) for ending, new in endings if word.endswith(ending)]
    if not matches:
        return word
    ending, new = max(matches, key=lambda match: len(match[0]))
    rest = word[: -len(ending)]
    return rest + new if _measure(rest) > 0 else word


def _residue(word: str) -> str:
    """Step 4: an ending dropped where two sequences stand before it."""
    matches = [ending for ending in _STEP_4 if word.endswith(ending)]
    if not matches:
        return word
    ending = max(matches, key=len)
    if ending in ("sion", "tion"):
        ending = "ion"
    rest = word[: -len(ending)]
    return rest if _measure(rest) > 1 else word


def _tidied(word: str) -> str:
    """Step 5: a final e, and a final double l."""
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _ends_short(rest)):
            word = rest
    if word.endswith("ll") and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word
