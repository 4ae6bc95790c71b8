"""The decision whether a hyphen at the end of a line belongs to the word or only to the line break.

It needs no dictionary. First the words of the surrounding text decide, then rules on compounds in scholarly English. A
word is joined unless there is a reason to keep its hyphen.
"""

from __future__ import annotations

import re
from collections.abc import Set

HYPHENS = "-\u2010\u00ad"
"""Hyphen-minus, hyphen, soft hyphen."""


def _words(text: str) -> frozenset[str]:
    """The set of words in a table written as text."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*(?P<break>[-\u2010\u00ad]\n)?")
_SEPARATOR = re.compile(r"[\W\d_]+")
_KEEP_AFTER = _words("self well zero few one two three four quasi pseudo")
_ENDINGS = _words("ing ings ness est ers ish less ful able ation ations ism ist ists ity ment ments")
_CONNECTORS = _words("of the to in and by a an on for up off out as or per at it is vs with via over")
_KEEP_BEFORE = _words(
    """
    based driven aware specific agnostic guided oriented conditioned centric invariant equivariant efficient intensive
    free level scale style like wise grained tuned tuning trained training supervised dimensional dependent independent
    augmented enhanced constrained informed consuming friendly preserving shot
    """
)
_SOLID_BEFORE_THESE = _words(
    "up down under over re pre in un non co sub inter intra grey gray gross out multi uni self"
)
_COMPOUND_LINES = """
real: time world valued life
long: term range tail context form horizon standing
short: term range lived
low: rank resource cost latency resolution frequency light quality bit power order shot rate
high: rank resource cost latency resolution frequency quality fidelity order speed performance impact
fine: tune tunes
open: source sourced world ended domain set vocabulary weight weights access book
state: space action of
cross: entropy modal attention lingual domain validation task view modality
large: language batch margin
multi: agent task turn hop head step layer armed
first: order person class
second: order
black: box
white: box
mixture: of
chain: of
out: of
end: to
plug: and
question: answering
decision: making
trade: off offs
pre: and
post: and hoc training
"""
_COMPOUNDS = {
    first: _words(seconds)
    for first, _, seconds in (line.partition(":") for line in _COMPOUND_LINES.strip().splitlines())
}
"""The words that follow the first words of common compounds."""


def vocabulary_of(*texts: str) -> frozenset[str]:
    """The words of some texts in lower case, hyphenated words whole; words broken at a line end are left out."""
    words = (match for text in texts for match in _WORD.finditer(text) if not match["break"])
    return frozenset(match[0].lower().replace("\u2010", "-") for match in words)


def keeps_hyphen(left: str, right: str, vocabulary: Set[str]) -> bool:
    """Whether the word broken into ``left`` and ``right`` is written with a hyphen between them.

    ``left`` is the whole word before the break without its last hyphen, ``right`` everything after it. ``vocabulary``
    holds lower-case words that are known to occur nearby.
    """
    if not left or not right or not left[-1].isalpha() or not right[0].isalpha():
        return True
    first, rest = _SEPARATOR.split(left)[-1], _SEPARATOR.split(right)
    second = rest[0]
    if f"{first}{second}".lower() in vocabulary:
        return False
    if {f"{first}-{second}".lower(), f"{left}-{right}".lower()} & vocabulary:
        return True
    # Text in capitals, such as a heading: “TRANS-FORMER” is one word, broken at the line end.
    if first.isupper() and second.isupper() and len(first) > 1 and len(second) > 1:
        return False
    # “Vision-Language”, “k-means”, “RNN-based”: names and single letters keep their hyphen.
    if second[0].isupper() or len(first) == 1 or sum(char.isupper() for char in first) > 1:
        return True
    return _is_compound(first.lower(), second.lower(), is_inner=first != left, goes_on=len(rest) > 1)


def _is_compound(first: str, second: str, *, is_inner: bool, goes_on: bool) -> bool:
    """Whether two parts (in lower case) are the words of a compound rather than the halves of one word.

    ``is_inner`` is True if another hyphen comes before ``first``, ``goes_on`` if one follows ``second``.
    """
    if is_inner and first in _CONNECTORS:
        return True
    if second in _CONNECTORS and goes_on:
        return True
    if second in _COMPOUNDS.get(first, ()):
        return True
    if first in _KEEP_AFTER:
        return len(second) > 2 and second not in _ENDINGS
    return second in _KEEP_BEFORE and len(first) > 2 and first not in _SOLID_BEFORE_THESE
