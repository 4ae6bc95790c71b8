"""The text after a possible end of a sentence: how much it looks like the beginning of another."""

from __future__ import annotations

import re
from enum import Enum, auto

from reader.domain.abbreviations import CONTINUATIONS, OPENERS


class Beginning(Enum):
    """Kinds of beginnings, from the surest to none."""

    OPENER = auto()
    """A word that begins sentences ("We", "However"), or the marker of an enumeration ("(2)")."""
    CAPITAL = auto()
    """Another capital letter, or a letter of a script without capitals."""
    DIGIT = auto()
    SYMBOL = auto()
    """A formula, a command, a dash or similar."""
    MIXED_CASE = auto()
    """A lower-case letter in a word with capitals or digits: "iPhone", "nnU-Net", "gpt-4"."""
    LOWER = auto()
    """An ordinary word in lower case."""
    NONE = auto()
    """Not a beginning: closing marks, or a word such as "and"."""


_MARKER = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])\)\s?\S")
_HEAD = re.compile(
    r"""(?:["'“‘«(\[{`¿¡（［「『《【]|[*_](?!\s)|\\[A-Za-z]{1,20}\{){0,6}"""
    r"(?:(?P<word>[^\W\d_]{1,30}(?P<rest>[^\s]{0,30}))|(?P<digit>\d)|(?P<symbol>\S))?"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_BEGINNING = frozenset(",;:)]}»”’，、；：）」』=+<>&|/")


def beginning_at(text: str, place: int) -> Beginning:
    """The kind of beginning at ``place``, which is not white space."""
    if _MARKER.match(text, place):
        return Beginning.OPENER
    head = _HEAD.match(text, place)
    if head is None:
        return Beginning.NONE
    if head["word"]:
        return _kind_of_word(head["word"])
    if head["digit"]:
        return Beginning.DIGIT
    if head["symbol"]:
        return _kind_of_symbol(text, head.start("symbol"))
    return Beginning.NONE


def _kind_of_word(chunk: str) -> Beginning:
    """The kind of a chunk of text that begins with a letter."""
    word = _LETTERS.findall(chunk)[0]
    rest = chunk[len(word) :]
    if word in OPENERS and not rest.startswith("."):
        return Beginning.OPENER
    if not word[0].islower():
        return Beginning.CAPITAL
    if any(char.isupper() or char.isdigit() or char in "_^" for char in chunk):
        return Beginning.MIXED_CASE
    return Beginning.NONE if word in CONTINUATIONS and not rest else Beginning.LOWER


def _kind_of_symbol(text: str, place: int) -> Beginning:
    """The kind of a character that is not a letter or digit; a full stop may begin a name (".NET")."""
    if text[place] == ".":
        return Beginning.CAPITAL if text[place + 1 : place + 2].isalpha() else Beginning.NONE
    return Beginning.NONE if text[place] in _NO_BEGINNING else Beginning.SYMBOL
