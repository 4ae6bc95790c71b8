"""The likeness of titles that are not the same: a misprint, another wording, or another paper's title.

A number cannot tell a misprint from another paper: of 215 titles, a misprint leaves a likeness of 96.7 % or more, while
"… II" has up to 99 % and a plural up to 99.7 %. So near titles are compared word by word, and only a difference in
spelling counts as none. Unrelated titles are at most 74.2 % alike, 99 in 100 pairs at most 54.2 %.
"""

from __future__ import annotations

LEAST_NEAR = 95.0
"""The least likeness, in per cent, of titles that differ in spelling only."""
LEAST_SIMILAR = 80.0
"""The least likeness of titles that may be of the same work."""
_LEAST_RELATED = 60.0
_LEAST_RELATED_WORDS = 70.0
_ARTICLES = frozenset({"a", "an", "the"})
_LEAST_LETTERS = 6
_SAME_BEGINNING = 4
_LEAST_WORDS_OF_A_TITLE = 3


def likeness(one: str, other: str) -> float:
    """How alike two folded titles are in per cent, in whichever order their words are."""
    from rapidfuzz import fuzz

    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def are_near(one: str, other: str) -> bool:
    """Whether two folded titles differ only in spelling: articles, joined words, a letter inside a long word.

    A number, a plural, a negation, "Part II" or a subtitle is more than that.
    """
    from difflib import SequenceMatcher  # only here, as rapidfuzz is: both would be a part of every launch

    first, second = one.split(), other.split()
    for kind, start, end, other_start, other_end in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal" and not _are_spellings(first[start:end], second[other_start:other_end]):
            return False
    return likeness(one, other) >= LEAST_NEAR


def are_similar(one: str, other: str) -> bool:
    """Whether two folded titles may be of the same work: alike, or one is the other and a subtitle."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter.split()) >= _LEAST_WORDS_OF_A_TITLE and longer.startswith(f"{shorter} "):
        return True
    return likeness(one, other) >= LEAST_SIMILAR


def are_unrelated(one: str, other: str) -> bool:
    """Whether two folded titles have so little in common that hardly any revision would make one of the other."""
    from rapidfuzz import fuzz

    return likeness(one, other) < _LEAST_RELATED and fuzz.token_set_ratio(one, other) < _LEAST_RELATED_WORDS


def _are_spellings(first: list[str], second: list[str]) -> bool:
    """Whether two runs of words differ in spelling only."""
    if "".join(first) == "".join(second):
        return True
    if _ARTICLES.issuperset((*first, *second)):
        return True
    return len(first) == len(second) and all(map(_is_misprint, first, second))


def _is_misprint(one: str, other: str) -> bool:
    """Whether two long words differ by one letter in the middle, where no prefix and no ending is."""
    from rapidfuzz.distance import OSA

    if min(len(one), len(other)) < _LEAST_LETTERS or not (one.isalpha() and other.isalpha()):
        return False
    if one[:_SAME_BEGINNING] != other[:_SAME_BEGINNING] or one[-1] != other[-1]:
        return False
    return OSA.distance(one, other) <= 1
