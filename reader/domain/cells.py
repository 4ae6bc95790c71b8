"""Cells: which of the writes of several devices stand, what is shown of them, and what is kept beside.

A cell keeps every write that no other known write had seen: one head after edits in turn, several after concurrent
ones. A write's context says what its writer had seen. As a context also covers what the replaced heads had seen
(:func:`joined`), the heads are the same on every device that knows the same writes, in whatever order these came, as
long as each device's own came in order.

What is shown is a function of the heads alone. Times only decide between concurrent values, so a wrong clock can show
the other value but lose none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from reader.domain.sync import Context, Head, Json, PackRef, Write
from reader.domain.text_merge import merge_notes

Fold = Callable[[Sequence[Json]], Json]
"""Makes one content of several; it is given distinct values, and its result must not depend on their order."""

_INTEREST = {"inbox": 0, "dismissed": 1, "queued": 2, "done": 3, "reading": 4}
_IS_THERE = ("label", "search", "rule", "same", "listing")
"""Fields whose null says that something is not there: it is, if one device says so."""
_NEVER_BESIDE = ("seen", "queue", "position", "content", "listing", "here", "same", "note", "place")


def apply(heads: Sequence[Head], device: str, write: Write) -> list[Head] | None:
    """The heads of a cell after a write of this device has come; None if it is known or has been replaced already.

    The place of a large value stands in the head as ``[sha256, line]``.
    """
    for head in heads:
        if head.context.get(device, 0) >= write.number or (head.device == device and head.number >= write.number):
            return None
    stay = [head for head in heads if head.device != device and write.context.get(head.device, 0) < head.number]
    value: Json = [write.value.sha256, write.value.line] if isinstance(write.value, PackRef) else write.value
    return [*stay, Head(device, write.number, write.time, write.context, value)]


def joined(own: Context, replaced: Iterable[Context]) -> Context:
    """The context of a write: what its device knows, and what the writers of the heads that it replaces had seen.

    They may have seen writes that have not come here yet. Without them, such a late one would count as concurrent
    here, and as replaced elsewhere.
    """
    more: dict[str, int] | None = None
    for context in replaced:
        for device, number in context.items():
            if number > (more or own).get(device, 0):
                more = more if more is not None else dict(own)
                more[device] = number
    return own if more is None else more


def shown(field: str, heads: Iterable[Head], fold: Fold | None = None) -> Json:
    """The value of a cell that is shown; None if there is none. ``fold`` makes one ``content`` of several.

    For a paper that was joined with others, the heads are those of all of them.
    """
    ordered = sorted(heads, key=_order)
    if not ordered:
        return None
    if len(ordered) == 1:
        return ordered[0].value
    values = [head.value for head in ordered]
    there = [value for value in values if value is not None]
    if field == "note":
        return merge_notes(there)
    if field == "content":
        distinct = [json.loads(text) for text in sorted({_canonical(value) for value in there})]
        return fold(distinct) if fold and len(distinct) > 1 else (distinct or [None])[-1]
    if field == "state":
        return max(reversed(values), key=_interest)  # the first of equals: the latest
    if field in ("star", "here"):
        return max(reversed(values), key=_is_set)
    if field == "seen" or _is_earliest(field):
        return min(there, key=_time, default=None)
    if field in ("quote", "place"):
        return there[0] if there else None
    return there[-1] if there and field in _IS_THERE else values[-1]


def beside(field: str, heads: Sequence[Head], fold: Fold | None = None) -> list[Head]:
    """The heads whose value is not part of what is shown, the earliest first: values to choose instead.

    There are none for notes, which show all sides, nor for what a person does not choose (times of reading, content).
    """
    if len(heads) < 2 or field in _NEVER_BESIDE or field.startswith("sightings:"):
        return []
    said = _said(field, shown(field, heads, fold))
    return [head for head in sorted(heads, key=_order) if _said(field, head.value) != said]


def _order(head: Head) -> tuple[int, str, int]:
    return head.time, head.device, head.number


def _canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _is_earliest(field: str) -> bool:
    """Whether a field's value is the time since when something has been there."""
    return field in ("tag", "subscription") or field.startswith(("tag:", "document:"))


def _first(value: Json) -> Json:
    return value[0] if isinstance(value, list) and value else value


def _interest(value: Json) -> int:
    state = _first(value)
    return _INTEREST.get(state, -1) if isinstance(state, str) else -1


def _is_set(value: Json) -> bool:
    return _first(value) == 1


def _time(value: Json) -> tuple[bool, int, str]:
    """Values in the order of their times; what has none (of a damaged or a newer library) comes last."""
    time = _first(value)
    return not isinstance(time, int), time if isinstance(time, int) else 0, _canonical(value)


def _said(field: str, value: Json) -> str:
    """What a person has said by a value, without when."""
    if _is_earliest(field) or field == "quote":
        return str(value is not None)
    return _canonical(_first(value) if field in ("state", "star") else value)
