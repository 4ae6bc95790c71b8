"""Values of cells in words, for those who choose between two of them."""

from __future__ import annotations

from datetime import UTC, datetime

from reader.domain.sync import Json, KeptBeside
from reader.services.latex_to_unicode import shown_line

_LIMIT = 300
_STATES = {"inbox": "Undecided", "queued": "Queued", "reading": "Reading", "done": "Done", "dismissed": "Dismissed"}
_FIELDS = {
    "state": "State",
    "star": "Star",
    "bury": "Snoozed",
    "cite": "Citation key",
    "color": "Colour",
    "about": "Description",
    "favorite": "Number",
    "number": "Number",
    "quote": "Highlight",
    "every": "Fetched every",
    "enabled": "Switched on",
}
_THERE = frozenset({"tag", "label", "search", "rule", "subscription"})
"""Fields that say whether their own entity is there."""
_TEXTS = frozenset({"comment", "about", "name", "query"})


def field_words(kept: KeptBeside) -> str:
    """What the two values are about: ``State``, ``Tag “nlp”``, ``Colour``."""
    name, _, argument = kept.field.partition(":")
    if name == "tag" and argument:
        return f"Tag “{shown_line(argument.partition('#')[0], _LIMIT)}”"
    return _FIELDS.get(name) or name.capitalize()


def value_words(field: str, value: Json) -> str:
    """A value of a field as a person says it; never empty."""
    name = field.partition(":")[0]
    first = value[0] if isinstance(value, list) and value else value
    if name == "state":
        return _STATES.get(str(first), str(first))
    if name == "star":
        return "starred" if first else "no star"
    if name == "bury":
        return f"until {_day(value)}" if value is not None else "not snoozed"
    if name == "tag" and ":" in field:
        return "on" if value is not None else "off"
    if name in _THERE:
        return "kept" if value is not None else "deleted"
    if name == "quote":
        return f"“{_shown(_quoted(value))}”" if value is not None else "deleted"
    if name == "enabled":
        return "yes" if value else "no"
    if name == "every":
        return f"{value} hours" if value else "only when asked"
    if name in _TEXTS:
        return f"“{_shown(value)}”" if value else "none"
    return _shown(value) if value not in (None, "", []) else "none"


def _quoted(value: Json) -> Json:
    """The words of a highlight: [paper, target, exact, …]."""
    return value[2] if isinstance(value, list) and len(value) > 2 else value


def _day(value: Json) -> str:
    """A day where the user is, of seconds since 1970 or of ISO 8601."""
    if isinstance(value, int):
        return f"{datetime.fromtimestamp(value, UTC).astimezone():%Y-%m-%d}"
    return str(value)[:10]


def _shown(value: Json) -> str:
    return shown_line(str(value), _LIMIT)
