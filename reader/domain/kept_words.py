"""Values that are kept beside what is shown, in plain words: “Dismissed (Laptop, 12 May)”."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo

from reader.domain.dates import MONTH_NAMES
from reader.domain.papers import STATE_WORDS, PaperState
from reader.domain.sync import Json, KeptBeside

_LONGEST = 80
_FIELD_WORDS = {
    "state": "State",
    "star": "Star",
    "bury": "Snooze",
    "name": "Name",
    "color": "Colour",
    "about": "Description",
    "favorite": "Number",
    "number": "Number",
    "position": "Place",
    "query": "Search",
    "sort": "Order",
    "enabled": "Switched on or off",
    "every": "Hours between fetches",
    "label": "Label",
    "comment": "Comment",
    "quote": "Highlight",
    "cite": "Citation key",
}
_KIND_WORDS = {
    "tag": "Tag",
    "label": "Label",
    "search": "Saved search",
    "rule": "Mute rule",
    "subscription": "Subscription",
}


def describe_kept(kept: KeptBeside, today: date, zone: tzinfo | None = None) -> str:
    """A value with the device that it comes from and the day: “Starred (Laptop, 12 May)”.

    The year is given if it is not this year. ``zone`` is the reader's time zone (None: the system's).
    """
    day = _day(datetime.fromisoformat(kept.time).astimezone(zone).date(), today)
    return f"{describe_value(kept, kept.value, today, zone)} ({kept.device}, {day})"


def describe_shown(kept: KeptBeside, today: date, zone: tzinfo | None = None) -> str:
    """What is shown in its place, in the same words: “Queued”."""
    return describe_value(kept, kept.shown, today, zone)


def describe_field(kept: KeptBeside) -> str:
    """What the value belongs to, as a heading: “State”, “Tag “method/rl””, “Colour”."""
    if kept.field.startswith("tag:"):
        return f"Tag “{_cut(kept.field.removeprefix('tag:').partition('#')[0])}”"
    return _FIELD_WORDS.get(kept.field) or _KIND_WORDS.get(kept.field) or kept.field


def describe_value(kept: KeptBeside, value: Json, today: date, zone: tzinfo | None = None) -> str:
    """A value of this cell in plain words."""
    field = kept.field
    if kept.kind == "paper" and field.startswith("tag:"):
        return "Not tagged" if value is None else "Tagged"
    if field == kept.kind or field == "quote":
        return "Deleted" if value in (None, 0) else "Not deleted"
    if field == "bury":
        return f"Snoozed until {_day(day, today)}" if (day := _moment(value, zone)) else "Not snoozed"
    describe = _DESCRIPTIONS.get(field)
    if describe is not None:
        return describe(value)
    return "None" if value in (None, "") else f"“{_cut(str(value))}”"


def _state(value: Json) -> str:
    state = value[0] if isinstance(value, list) and value else PaperState.INBOX
    return STATE_WORDS[PaperState(state)] if state in set(PaperState) else _cut(str(state))


def _star(value: Json) -> str:
    return "Starred" if isinstance(value, list) and value[:1] == [1] else "Not starred"


def _every(value: Json) -> str:
    if not isinstance(value, int) or value < 1:
        return "Only when asked"
    return "Every hour" if value == 1 else f"Every {value:,} hours"


def _enabled(value: Json) -> str:
    return "Switched off" if value == 0 else "Switched on"


def _number(value: Json) -> str:
    return "No number" if value is None else str(value)


_DESCRIPTIONS: Mapping[str, Callable[[Json], str]] = {
    "state": _state,
    "star": _star,
    "every": _every,
    "enabled": _enabled,
    "number": _number,
    "favorite": _number,
    "position": lambda value: f"Place {value}",
}


def _moment(value: Json, zone: tzinfo | None) -> date | None:
    """The day of a time in seconds since 1970; None for another value."""
    try:
        return datetime.fromtimestamp(value, UTC).astimezone(zone).date() if isinstance(value, int) else None
    except (OverflowError, OSError, ValueError):
        return None


def _day(day: date, today: date) -> str:
    named = f"{day.day} {MONTH_NAMES[day.month - 1]}"
    return named if day.year == today.year else f"{named} {day.year}"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
