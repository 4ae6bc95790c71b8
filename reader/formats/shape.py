"""Telling a paper's title from its abstract by their shape alone.

Used only where a listing's structure does not settle it; see :mod:`reader.formats.plain`. Titles of real pages have
up to 175 characters, may hold a sentence end ("Words Are All You Need? ...") and may close with "?" or "."; abstracts
go down to 165 characters. Lengths alone therefore overlap between about 120 and 300 characters, where the way of
writing decides: sentences, first person, links, and capitals.
"""

from __future__ import annotations

import re
from bisect import bisect_right

CLEARLY_ABSTRACT = 4.0
"""From this value of :func:`abstractness` on, a text is an abstract unless its place says that it is a title."""

BEYOND_TITLES = 8.0
"""From this value of :func:`abstractness` on, a text cannot be a title."""

CLEARLY_TITLE = -3.0
"""Up to this value of :func:`abstractness`, a text is not believed to be an abstract without other evidence."""

_CERTAIN_LENGTH = 400
_SHORT = 100
_LONG = 150
_CERTAIN = 12.0
_LENGTHS = (0, 60, 100, 150, 200, 250, 300, _CERTAIN_LENGTH)
_VALUES = (-6.0, -5.0, -3.5, -1.5, 0.5, 2.0, 4.0, 8.0)
_DENSE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SENTENCE_BREAK = re.compile(r"[a-z)\]%\d][.!?] [A-Z]|[。！？].")
_SENTENCE_END = re.compile(r"[^.]\.[\")'”’]?$|[。．]$")
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur)\b|\b[Tt]his (?:paper|work|study|article|survey|report)\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_LIST_ITEM = re.compile(r"(?:[-*•‣–—]|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]) \S")
_FEW_WORDS = 12


def abstractness(text: str) -> float:
    """How much a text looks like an abstract (positive) rather than like a title (negative), about -10 to 16."""
    length = len(text)
    if length >= _CERTAIN_LENGTH:
        return _CERTAIN
    if not text.isascii():
        length += 2 * len(_DENSE_SCRIPT.findall(text))  # such a script says in one character what others say in three
        if length >= _CERTAIN_LENGTH:
            return _CERTAIN
    value = _by_length(length)
    value += 2.0 * min(2, len(_SENTENCE_BREAK.findall(text)))
    if _SENTENCE_END.search(text):
        value += 2.0
    if _FIRST_PERSON.search(text):
        value += 2.0
    if "http" in text:
        value += 2.0
    return value + _by_capitals(text)


def can_be_title(text: str) -> bool:
    """Whether a text's shape does not rule out that it is a title."""
    if len(text) < _SHORT and text.isascii():
        return True  # its length alone keeps its value below the limit
    return abstractness(text) < BEYOND_TITLES


def can_be_abstract(text: str) -> bool:
    """Whether a text's shape does not rule out that it is an abstract."""
    return len(text) >= _LONG or abstractness(text) > CLEARLY_TITLE


def is_list_item(text: str) -> bool:
    """Whether a paragraph is an item of a list, which no title is."""
    return _LIST_ITEM.match(text) is not None


def _by_length(length: int) -> float:
    """What a length says, read off a line through measured points."""
    place = bisect_right(_LENGTHS, length) - 1
    step = (length - _LENGTHS[place]) / (_LENGTHS[place + 1] - _LENGTHS[place])
    return _VALUES[place] + step * (_VALUES[place + 1] - _VALUES[place])


def _by_capitals(text: str) -> float:
    """Titles often capitalise most longer words; running text capitalises few."""
    words: list[str] = _WORD.findall(text)
    if len(words) < 3:
        return 0.0
    capitals = sum(word[0].isupper() for word in words) / len(words)
    if capitals > 0.6:
        return -1.0
    return 1.0 if capitals < 0.25 and len(words) >= _FEW_WORDS else 0.0
