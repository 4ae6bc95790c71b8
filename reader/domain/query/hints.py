"""Messages about field words with unknown values, and suggestions of what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from reader.domain.query.nodes import TextField
from reader.domain.query.vocabulary import FIELD_ALIASES, FIELD_WORDS, SORT_WORD, SORTS, canonical_field

_CLOSE = 0.7
_SHORTEST = 3
"""The shortest name to suggest for: shorter names resemble nearly everything."""
_INSTEAD = {
    "this-week": "<7d",
    "last-week": "<7d",
    "week": "<7d",
    "this-month": "<30d",
    "last-month": "<30d",
    "month": "<30d",
    "this-year": "<1y",
    "last-year": "<1y",
    "now": "today",
}
"""Names for times that are not understood, with the nearest values that are."""
_EXAMPLES = {"year": "2025", SORT_WORD: SORTS[0]}


def unknown_value(typed: str, value: str) -> str:
    """The message for a field word (as typed) with an unknown or missing value."""
    if canonical_field(typed) in tuple(TextField):
        return f"“{typed}:” needs a word right after it, as in {typed}:word."
    instead = f"Try {typed}:{near_value(typed, value) or _example(typed)}."
    if not value:
        return f"“{typed}:” needs a value right after it. {instead}"
    return f"Unknown value “{value}” for {typed}:. {instead}"


def near_value(typed: str, value: str) -> str | None:
    """The value of a field word that was probably meant; None if none is similar."""
    field, value = canonical_field(typed), value.lower()
    known = SORTS if field == SORT_WORD else FIELD_WORDS[field].values if field in FIELD_WORDS else ()
    if value in _INSTEAD and _INSTEAD["now"] in known:
        return _INSTEAD[value]
    return _near(value, known)


def near_field(name: str) -> str | None:
    """The field word that was probably meant by an unknown one; None if none is similar."""
    return _near(name.lower(), [*FIELD_WORDS, *TextField, *FIELD_ALIASES, SORT_WORD])


def _near(text: str, known: Iterable[str]) -> str | None:
    """The name that was mistyped or not typed to its end."""
    names = [str(name) for name in known]
    begun = [name for name in names if text and name.startswith(text)]
    if begun or len(text) < _SHORTEST:
        return begun[0] if begun else None
    return next(iter(get_close_matches(text, names, n=1, cutoff=_CLOSE)), None)


def _example(typed: str) -> str:
    """An example value of a field word."""
    return _EXAMPLES.get(typed) or FIELD_WORDS[canonical_field(typed) or ""].example.partition(":")[2]
