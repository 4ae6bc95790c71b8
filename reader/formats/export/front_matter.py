"""A note's front matter: where its keys stand, read without judging the rest.

Front matter is YAML between two lines ``---``, the first of which is the note's first line (Obsidian's help,
"Properties"). Only positions are taken from the YAML reader; what is written is spliced into the text, because a YAML
round trip would re-indent and re-wrap what its owner wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

PAPER_KEY = "paper-key"
_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"(?<=[\r\n])---[ \t]*(?=[\r\n]|\Z)")
_KEY_LINE = re.compile(rf"(?:\A|(?<=[\r\n])){PAPER_KEY}:[ \t]*(['\"]?)([^'\"\s#]+)\1[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_BRACKETS = re.compile(r"[\[\]{}]")
_LONGEST, _DEEPEST = 100_000, 50
_NULLS = {"", "~", "null", "Null", "NULL"}


class UnreadableError(Exception):
    """Front matter that cannot be edited safely; the text says why, for a person."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: where it stands, and its text; None where it is a list or mapping itself."""

    start: int
    end: int
    text: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value; positions count characters of the whole note.

    ``start`` and ``end`` enclose the value (equal where there is none), ``text`` is a scalar's, ``items`` a list's;
    both are None for a mapping or a reference. ``flow`` tells a list written in brackets.
    """

    key: str
    key_start: int
    key_end: int
    start: int
    end: int
    text: str | None = None
    items: tuple[Item, ...] | None = None
    flow: bool = False
    plain: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no value, or null."""
        return self.plain and self.text in _NULLS


@dataclass(frozen=True, slots=True)
class Span:
    """Where front matter stands: its YAML from ``start`` up to the closing line at ``end``."""

    start: int
    end: int


def find_front_matter(text: str) -> Span | None:
    """Where a note's front matter stands; None without any. A ``---`` further down is part of the note."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return Span(opening.end(), closing.start()) if opening and closing else None


def find_paper_key(text: str) -> str | None:
    """The paper a note belongs to by its front matter, which may be damaged otherwise; None if it belongs to none.

    The beginning of a note is enough, as long as the front matter lies within.
    """
    span = find_front_matter(text)
    if span is None or PAPER_KEY not in text[span.start : span.end]:
        return None
    match = _KEY_LINE.search(text[span.start : span.end])
    if match:
        return match[2]
    try:
        return next((entry.text for entry in read_entries(text, span) if entry.key == PAPER_KEY), None)
    except UnreadableError:
        return None


def read_entries(text: str, span: Span) -> list[Entry]:
    """The keys of front matter in order; raises :class:`UnreadableError` where it is no plain block of keys."""
    source = text[span.start : span.end]
    _check_effort(source)
    from ruamel.yaml import YAML  # only here: it would be a part of every launch
    from ruamel.yaml.error import YAMLError

    reader = YAML(typ="safe", pure=True)
    try:
        events = list(reader.parse(source))
        if reader.compose(source) is None:
            return []
    except (YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"it is no valid YAML ({_reason(error)})") from error
    entries = [_settled(entry, text) for entry in _entries(_Events(events, span.start))]
    keys = Counter(entry.key for entry in entries)
    repeated = next((key for key, count in keys.items() if count > 1), None)
    if repeated is not None:
        raise UnreadableError(f"it has the key “{repeated[:50]}” more than once")
    return entries


def _check_effort(source: str) -> None:
    """Refuse what would keep the YAML reader busy for minutes: its time grows with the square of open brackets."""
    if len(source) > _LONGEST:
        raise UnreadableError(f"it is longer than {_LONGEST:,} characters")
    depth = 0
    for bracket in _BRACKETS.findall(source):
        depth = max(depth + (1 if bracket in "[{" else -1), 0)
        if depth > _DEEPEST:
            raise UnreadableError("it is nested too deeply")


def _settled(entry: Entry, text: str) -> Entry:
    """An entry whose value, if there is none, stands right after the colon; the reader puts it on the next line."""
    if entry.start < entry.end:
        return entry
    colon = text.index(":", entry.key_end) + 1
    return replace(entry, start=colon, end=colon)


def _reason(error: Exception) -> str:
    """Where a YAML reader gave up, in its words, on one line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    return f"{problem}, line {mark.line + 2}" if mark is not None else str(problem)[:100]


class _Events:
    """The YAML reader's events, one at a time; positions are shifted to those of the note."""

    def __init__(self, events: list[Any], offset: int) -> None:
        self._events = iter(events)
        self._offset = offset

    def next(self) -> tuple[str, int, int, Any]:
        """The next event: its kind, start, end, and itself."""
        event = next(self._events)
        kind = type(event).__name__.removesuffix("Event")
        return kind, event.start_mark.index + self._offset, event.end_mark.index + self._offset, event


def _entries(events: _Events) -> list[Entry]:
    """The keys of the one block mapping that front matter may be."""
    kind = "StreamStart"
    while kind in {"StreamStart", "DocumentStart"}:
        kind, _, _, event = events.next()
    if kind != "MappingStart" or event.flow_style:
        raise UnreadableError("it is no plain list of keys and values")
    entries = []
    while True:
        kind, start, end, event = events.next()
        if kind == "MappingEnd":
            break
        if kind != "Scalar":
            raise UnreadableError("it has a key that is no plain text")
        entries.append(_entry(event.value, start, end, events))
    if [events.next()[0] for _ in range(2)] != ["DocumentEnd", "StreamEnd"]:
        raise UnreadableError("it holds more than one document")
    return entries


def _entry(key: str, key_start: int, key_end: int, events: _Events) -> Entry:
    """One key's entry; its value's events are consumed."""
    kind, start, end, event = events.next()
    if kind == "Scalar":
        is_plain = not event.style and event.tag is None and event.anchor is None
        return Entry(key, key_start, key_end, start, end, text=event.value, plain=is_plain)
    if kind == "SequenceStart":
        items, end = _items(events, end)
        return Entry(key, key_start, key_end, start, end, items=items, flow=bool(event.flow_style))
    if kind == "MappingStart":
        end = _skip(events, end)
    return Entry(key, key_start, key_end, start, end)


def _items(events: _Events, last: int) -> tuple[tuple[Item, ...], int]:
    """A list's items and where it ends; a block list ends with its last item."""
    items: list[Item] = []
    while True:
        kind, start, end, event = events.next()
        if kind == "SequenceEnd":
            return tuple(items), max(last, end if event.end_mark.index > event.start_mark.index else last)
        if kind in {"SequenceStart", "MappingStart"}:
            end = _skip(events, end)
            items.append(Item(start, end, None))
        else:
            items.append(Item(start, end, event.value if kind == "Scalar" else None))
        last = end


def _skip(events: _Events, last: int) -> int:
    """Consume a list or mapping; where it ends."""
    depth = 1
    while depth:
        kind, start, end, _ = events.next()
        depth += kind in {"SequenceStart", "MappingStart"}
        depth -= kind in {"SequenceEnd", "MappingEnd"}
        if not kind.endswith("End") or end > start:
            last = end
    return last
