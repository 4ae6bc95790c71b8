"""The text before a possible end of a sentence: which kinds of beginnings after it would confirm the end."""

from __future__ import annotations

import re

from reader.domain.abbreviations import (
    BEFORE_NUMBERS,
    EXCLAIMED_NAMES,
    NAMES_RARELY_LAST,
    NEVER_LAST,
    OPENERS,
    RARELY_LAST,
    TITLES_OF_PEOPLE,
    is_dotted,
)
from reader.domain.sentence_beginnings import Beginning

Beginnings = frozenset[Beginning]

NOTHING: Beginnings = frozenset()
ONLY_OPENERS = frozenset({Beginning.OPENER})
CAPITALS = ONLY_OPENERS | {Beginning.CAPITAL}
NEARLY_ALL = CAPITALS | {Beginning.DIGIT, Beginning.SYMBOL, Beginning.MIXED_CASE}
ALL = NEARLY_ALL | {Beginning.LOWER}

_LOOK_BACK = 80
_OPENING_MARKS = "\"'“‘«([{`*_$（「『《"
_CLOSING_MARKS = "\"'”’»)]}`*_$）」』》"
_PART = re.compile(r"[/–—-]")
_MARKER = re.compile(r"[(\[]?(?:\d{1,3}|[ivxIVX]{1,4}|[A-Za-z])[)\]]?")
_INLINE_MARKER = re.compile(r"\(?\d{1,2}\)?|\([ivx]{1,4}\)|\([a-z]\)")
_NUMBER_OR_THE_LIKE = re.compile(r"[(\[]?[A-Z]{0,2}\d|[A-Z]\b(?!')|[IVX]{1,5}\b|[\[$\\]|[ivx]{1,4}\b")
# A word of two letters may be an unlisted abbreviation; these words are not.
_ORDINARY = re.compile(r"[^\W\d_]{3}$|[\W\d_]|^(?:it|us|so|do|be|up|on|in|to|by|is)$")


def possible_beginnings(text: str, start: int, stop: tuple[int, int], following: int) -> Beginnings:
    """The kinds of beginnings at ``following`` that make the stop the end of the sentence begun at ``start``.

    ``stop`` is the span of the stop's own characters. At most 80 characters before it are considered.
    """
    stop_start, stop_end = stop
    before = text[max(start, stop_start - _LOOK_BACK) : stop_start]
    mark = text[stop_start:stop_end]
    if mark != ".":
        return _after_other_stop(before, mark)
    words = before.split()
    # A space before the full stop: a typing error, not an abbreviation.
    if not words or before[-1].isspace():
        return NEARLY_ALL
    if _is_marker(text[start:stop_start] if stop_start - start <= 5 else "", words):
        return NOTHING
    return _after_full_stop(words, text[following : following + 12])


def _after_other_stop(before: str, mark: str) -> Beginnings:
    """The kinds after a question mark, an exclamation mark or an ellipsis."""
    word = before.rsplit(maxsplit=1)[-1].lower() if before.strip() else ""
    if "?" in mark or "!" in mark:
        return ONLY_OPENERS if word in EXCLAIMED_NAMES else NEARLY_ALL
    goes_on = before.rstrip().endswith(",") or word.endswith("dots")
    return NOTHING if goes_on else CAPITALS


def _is_marker(sentence: str, words: list[str]) -> bool:
    """Whether the stop only ends the number of a point: the whole sentence so far, or right after ":", ";" or ","."""
    if sentence and _MARKER.fullmatch(sentence):
        return True
    return len(words) > 1 and words[-2][-1] in ":;," and _INLINE_MARKER.fullmatch(words[-1]) is not None


def _after_full_stop(words: list[str], following: str) -> Beginnings:
    """The kinds after a full stop at the end of the last of ``words``."""
    last = words[-1]
    # In “and/or.” or “train–val.”, only the part after the sign can be an abbreviation.
    word = _PART.split(last.lstrip(_OPENING_MARKS))[-1]
    lower = word.lower()
    if lower in NEVER_LAST or word in TITLES_OF_PEOPLE:
        return NOTHING
    if lower in BEFORE_NUMBERS and _NUMBER_OR_THE_LIKE.match(following):
        return NOTHING
    if lower in RARELY_LAST or word in NAMES_RARELY_LAST or is_dotted(word):
        return ONLY_OPENERS
    if lower == "etc" or (lower == "al" and len(words) > 1 and words[-2].lower().endswith("et")):
        return CAPITALS
    if len(word) == 1 and word.isupper() and word == last.lstrip(_OPENING_MARKS):
        return ONLY_OPENERS if _is_initial(words) else NEARLY_ALL
    is_ordinary = lower not in BEFORE_NUMBERS and (_ORDINARY.search(last) or not word.islower())
    return ALL if is_ordinary else NEARLY_ALL


def _is_initial(words: list[str]) -> bool:
    """Whether the single capital at the end of ``words`` is likely an initial: after a name, "by", or an initial."""
    if len(words) == 1:
        return True
    before = words[-2]
    if before.lower() in {"and", "&"}:
        before = words[-3] if len(words) > 2 else before
    name = before.strip(_OPENING_MARKS + _CLOSING_MARKS + ",;.")
    return (
        name.lower() == "by"
        or (name[:1].isupper() and name not in OPENERS and not name.isupper())
        or _is_single(before)
    )


def _is_single(word: str) -> bool:
    """Whether a word is an initial with its full stop."""
    return len(word) == 2 and word[0].isupper() and word[1] == "."
