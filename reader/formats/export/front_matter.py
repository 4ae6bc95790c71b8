"""The front matter of a note: the positions of its keys and values.

Front matter is YAML between two lines ``---``, the first of which is the note's first line (Obsidian's help,
"Properties"). Only positions are taken from the YAML reader; edits are made in the text, because a YAML round trip
would re-indent and re-wrap what the note's owner wrote.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

PAPER_KEY = "paper-key"
_OPENING = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(r"(?<=[\r\n])---[ \t]*(?=[\r\n]|\Z)")
_KEY_LINE = re.compile(rf"(?:\A|(?<=[\r\n])){PAPER_KEY}:[ \t]*(['\"]?)([^'\"\s#]+)\1[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_BRACKETS = re.compile(r"[\[\]{}]")
_LONGEST, _DEEPEST = 100_000, 50
_NULLS = {"", "~", "null", "Null", "NULL"}
OPAQUE = "\x00"
"""Stands for an item that is a list or mapping itself, which stays where it is."""


class UnreadableError(Exception):
    """Front matter that cannot be edited safely; the message says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list: where it stands, and its text; :data:`OPAQUE` where it is a list or mapping itself."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value; positions count characters of the whole note.

    ``colon`` is right after the key's colon, ``start`` and ``end`` enclose what is visible of the value (both are
    ``colon`` where there is none). ``said`` is a scalar's text or a list's items, None for a mapping or a reference.
    ``flow`` tells a list written in brackets, ``is_empty`` that there is no value, or null.
    """

    key: str
    key_start: int
    colon: int
    start: int
    end: int
    said: str | tuple[Item, ...] | None
    flow: bool
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A range of positions: front matter from ``start`` to its closing line at ``end``, or the inside of a region."""

    start: int
    end: int


def find_front_matter(text: str) -> Span | None:
    """The position of a note's front matter, None without any. A ``---`` further down belongs to the text."""
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
        said = next((entry.said for entry in read_entries(text, span) if entry.key == PAPER_KEY), None)
    except UnreadableError:
        return None
    return said if isinstance(said, str) else None


def read_entries(text: str, span: Span) -> list[Entry]:
    """The keys of front matter in order; raises :class:`UnreadableError` if it is not a block of keys and values."""
    source = text[span.start : span.end]
    _check_effort(source)
    from ruamel.yaml import YAML  # only here: it would be a part of every launch
    from ruamel.yaml.error import YAMLError

    try:
        root = YAML(typ="safe", pure=True).compose(source)
    except (YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"it is not valid YAML ({_reason(error)})") from error
    if root is None:
        return []
    if root.id != "mapping" or root.flow_style:
        raise UnreadableError("it is not a plain list of keys and values")
    entries: list[Entry] = []
    for key, value in root.value:
        # A reference is composed as what it refers to, which stands further up.
        if key.id != "scalar" or span.start + key.start_mark.index < (entries[-1].end if entries else 0):
            raise UnreadableError("it has a key that is not plain text")
        entries.append(_entry(text, span.start, key, value))
    repeated = next((key for key, count in Counter(entry.key for entry in entries).items() if count > 1), None)
    if repeated is not None:
        raise UnreadableError(f"it has the key “{repeated[:50]}” more than once")
    return entries


def _check_effort(source: str) -> None:
    """Refuse front matter that would take minutes to read: time grows with the square of open brackets."""
    if len(source) > _LONGEST:
        raise UnreadableError(f"it is longer than {_LONGEST:,} characters")
    depth = 0
    for bracket in _BRACKETS.findall(source):
        depth = max(depth + (1 if bracket in "[{" else -1), 0)
        if depth > _DEEPEST:
            raise UnreadableError("it is nested too deeply")


def _reason(error: Exception) -> str:
    """The YAML reader's own error message with its line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).split("\n")[0]
    return f"{problem}, line {mark.line + 2}" if mark is not None else str(problem)[:100]


def _entry(text: str, offset: int, key: Any, value: Any) -> Entry:
    """A key's entry from the YAML reader's nodes, whose positions count from ``offset``."""
    colon = text.index(":", offset + key.end_mark.index) + 1
    start, end = offset + value.start_mark.index, _end(text, offset, value)
    if start < colon:
        return Entry(key.value, offset + key.start_mark.index, colon, colon, colon, None, flow=False, is_empty=False)
    if start == offset + value.end_mark.index:  # the reader puts what is not there on the next line
        start = end = colon
    said: str | tuple[Item, ...] | None = value.value if value.id == "scalar" else None
    if value.id == "sequence":
        said = tuple(
            Item(
                offset + item.start_mark.index,
                _end(text, offset, item),
                item.value if item.id == "scalar" and offset + item.start_mark.index >= start else OPAQUE,
            )
            for item in value.value
        )
    is_plain = value.id == "scalar" and not value.style and not value.anchor
    is_empty = is_plain and value.tag.endswith(":null") and value.value in _NULLS
    is_flow = value.id == "sequence" and bool(value.flow_style)
    return Entry(key.value, offset + key.start_mark.index, colon, start, end, said, is_flow, is_empty)


def _end(text: str, offset: int, node: Any) -> int:
    """Where a value's last visible character ends; the reader has a block end where the next key begins."""
    start = offset + node.start_mark.index
    while node.id != "scalar" and not node.flow_style and node.value:
        node = node.value[-1] if node.id == "sequence" else node.value[-1][1]
    end: int = offset + node.end_mark.index
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return end
