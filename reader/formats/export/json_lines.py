"""JSON Lines: everything a library holds, one JSON object a line (https://jsonlines.org), written and read in a stream.

The first line says what the file is. Every object has a ``type``; its other members are the fields of the values in
:mod:`reader.domain.transfer` and :mod:`reader.domain.annotations` under their own names (``docs/export.md`` describes
each). Members that are not known are passed over on reading, so that later versions may add some.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from reader.domain.annotations import HighlightLabel, MuteRule, SavedSearch, Tag
from reader.domain.errors import ParseError
from reader.domain.records import LineRange, Problem
from reader.domain.subscriptions import LONGEST_EVERY, Subscription
from reader.domain.transfer import TransferItem, TransferListing, TransferPaper
from reader.formats.text_decoder import clean_text

EXTENSION = ".jsonl"
VERSION = 1
HEADER_TYPE = "lectern"
LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a line beyond which it is not read."""

TYPES: dict[str, type[TransferItem]] = {
    "listing": TransferListing,
    "tag": Tag,
    "label": HighlightLabel,
    "search": SavedSearch,
    "rule": MuteRule,
    "subscription": Subscription,
    "paper": TransferPaper,
}
"""What a line may be, by its ``type``."""
_NAMES = {kind: name for name, kind in TYPES.items()}
_LOCAL = {"id", "paper_count"}
"""Fields that mean something in their own library only. A highlight's id is kept: links into notes are made of it."""


class _UnfitError(Exception):
    """A line that cannot be used; the message says why."""


def header_line() -> str:
    """The first line of a file."""
    return _line({"type": HEADER_TYPE, "version": VERSION})


def item_line(item: TransferItem) -> str:
    """One value as a line, line end included."""
    members = {name: value for name, value in _members(item).items() if name not in _LOCAL}
    return _line({"type": _NAMES[type(item)], **members})


def is_json_lines(head: bytes) -> bool:
    """Whether a file begins like a JSON Lines export."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    try:
        header = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("type") == HEADER_TYPE


def read_json_lines(lines: Iterable[bytes]) -> Iterator[TransferItem | Problem]:
    """The values of a file, line by line; a line that is not understood comes as a problem.

    Raises :class:`ParseError` for a file that is none of these, or a later version's.
    """
    numbered = enumerate(lines, start=1)
    _, first = next(numbered, (1, b""))
    _check_header(first)
    for number, line in numbered:
        if not line.strip():
            continue
        try:
            yield _item(line)
        except _UnfitError as unfit:
            text = line[:2_000].decode("utf-8", "replace").rstrip("\r\n")
            yield Problem(LineRange(number, number), str(unfit), text)


def _check_header(first: bytes) -> None:
    if not is_json_lines(first):
        raise ParseError("This is not a JSON Lines export from Lectern: its first line does not say so.")
    version = json.loads(first.removeprefix(b"\xef\xbb\xbf")).get("version")
    if not isinstance(version, int) or version > VERSION:
        raise ParseError("This file was exported by a newer Lectern; update Lectern to import it.")


def _item(line: bytes) -> TransferItem:
    if len(line) > LONGEST_LINE:
        raise _UnfitError("The line is too long to read.")
    try:
        members = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _UnfitError("The line is not JSON.") from error
    kind = TYPES.get(str(members.get("type"))) if isinstance(members, dict) else None
    if kind is None:
        raise _UnfitError("The line is not a listing, tag, label, search, rule, subscription or paper.")
    item: TransferItem = _read(kind, members, str(members["type"]))
    return item


def _line(members: dict[str, Any]) -> str:
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), default=_members)
    return text.encode("utf-8", "replace").decode() + "\n"


def _members(value: Any) -> dict[str, Any]:
    """A dataclass's fields; the encoder takes tuples for lists and enumerations for their texts."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


_hints = cache(get_type_hints)  # a dataclass's types by field; resolving them takes long


def _read(kind: Any, members: Any, where: str) -> Any:
    """A dataclass from a JSON object, every member checked; local fields are not read."""
    if not isinstance(members, dict):
        raise _UnfitError(f"“{where}” should be an object.")
    values: dict[str, Any] = {}
    for field in fields(kind):
        name = field.name
        if name in members:
            values[name] = _checked(_hints(kind)[name], members[name], name)
        elif name in _LOCAL:
            values[name] = 0
        elif field.default is MISSING:  # fields that came later have a default, for files of earlier versions
            raise _UnfitError(f"The {where} lacks “{name}”.")
    return kind(**values)


def _checked(hint: Any, value: Any, name: str) -> Any:
    """A JSON value as what a field holds; raises :class:`_UnfitError` where it is something else."""
    if isinstance(hint, UnionType):  # of something and None
        return None if value is None else _checked(get_args(hint)[0], value, name)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise _UnfitError(f"“{name}” should be a list.")
        return tuple(_checked(get_args(hint)[0], item, name) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return _read(hint, value, name)
    if isinstance(hint, type) and issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError as error:
            raise _UnfitError(f"“{name}” has an unknown value.") from error
    if type(value) is not hint or (isinstance(value, int) and abs(value) >= 2**63):
        raise _UnfitError(f"“{name}” should be {_WORDS.get(hint, 'something else')}.")
    return _fit(value, name)


def _fit(value: Any, name: str) -> Any:
    """A text, number or truth that may stand under a name; raises :class:`_UnfitError` for another."""
    if isinstance(value, str):
        value = clean_text(value)
        if name in _FORMS and not _FORMS[name].fullmatch(value):
            raise _UnfitError(f"“{name}” does not have the expected form.")
    elif name in _RANGES and value not in _RANGES[name]:
        raise _UnfitError(f"“{name}” is out of range.")
    return value


_DAY = r"\d{4}-\d\d-\d\d"
_TIME = re.compile(rf"{_DAY}T\d\d:\d\d:\d\dZ", re.ASCII)
_TIMES = (
    *("imported", "first_seen", "state_changed", "starred_changed", "buried_until", "seen_at", "created", "changed"),
    "fetched",
)
_PARTIAL = re.compile(r"(?:\d{4}|-)(?:-\d\d){0,2}", re.ASCII)
_FORMS = {
    **dict.fromkeys(_TIMES, _TIME),
    **dict.fromkeys(("published", "heading_date", "heading", "published_shown"), _PARTIAL),
    **dict.fromkeys(("day", "since"), re.compile(_DAY, re.ASCII)),
    **dict.fromkeys(("content_date", "counts_date", "sort_date"), re.compile(r"\d{4}(?:-\d\d){0,2}", re.ASCII)),
    **dict.fromkeys(("sha256", "listing", "first_listing", "document"), re.compile("[0-9a-f]{64}")),
    "color": re.compile("#[0-9A-Fa-f]{6}"),
}
"""How texts of these names are written."""
_RANGES = {
    **{"published_certainty": range(4), "rank": range(10), "content_rank": range(10), "favorite": range(1, 10)},
    **{"every": range(LONGEST_EVERY + 1), "page": range(2**31)},
}
_WORDS = {str: "a text", int: "a whole number", bool: "true or false"}
