"""What devices tell each other about a library: writes, the segments and packs they travel in, and what stands of them.

A *cell* is one thing that can be said about one entity: the state of a paper, the colour of a tag. A *write* gives a
cell a value. Each device numbers its writes from 1 on without gaps.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from reader.domain.changes import Change

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
"""A value of a cell; None is “nothing”: no note, no tag, no time of a snooze."""
Context: TypeAlias = Mapping[str, int]
"""For each device, the number up to which its writes were known to the writer."""
PACK_ROWS = 2_000
"""The most rows of a :class:`Pack`."""

_UNFIT = re.compile("[\ud800-\udfff\0]")


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value: Json) -> str:
    """The one JSON text that stands for a value, on one line: equal values have equal texts on all devices.

    Lone surrogates become U+FFFD and NUL is left out, as on import.
    """
    text = _dumped(value)
    if "\\u0000" in text or not (text.isascii() or _UNFIT.search(text) is None):
        text = _dumped(_fit(value))
    return text


def _dumped(value: Json) -> str:
    return _CANONICAL.encode(value)


def _fit(value: Json) -> Json:
    """The value with texts that can be stored and sent."""
    if isinstance(value, str):
        return _UNFIT.sub(lambda match: "" if match[0] == "\0" else "\ufffd", value)
    if isinstance(value, list):
        return [_fit(item) for item in value]
    if isinstance(value, dict):
        return {str(_fit(key)): _fit(item) for key, item in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class PackRef:
    """The place of a large value: a ``line`` (from 0) of the pack whose content has this SHA-256 (hex)."""

    sha256: str
    line: int


class Cell(NamedTuple):
    """An entity's kind and uid, and the field: ``Cell("paper", "mfrgg…", "state")``.

    There are hundreds of thousands in a first download: hence a tuple, which is compared and hashed at once.
    """

    kind: str
    uid: str
    field: str


@dataclass(frozen=True, slots=True)
class Write:
    """A value for a cell, by the device in whose segment it stands.

    ``time`` (milliseconds since 1970, from a clock that never runs back) only decides which of several concurrent
    values is shown.
    """

    number: int
    time: int
    context: Context
    cell: Cell
    value: Json | PackRef


@dataclass(frozen=True, slots=True)
class Segment:
    """Writes of one device: all those numbered ``first`` to ``last`` that still stand, in order.

    ``name`` is what the device is called; ``fields`` the number of the newest kind of cell that it knows.
    """

    device: str
    name: str
    first: int
    last: int
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Large values in one file, which is called by the SHA-256 (hex) of its canonical lines; see :class:`PackRef`.

    At most :data:`PACK_ROWS` rows, and some 4 MB packed.
    """

    sha256: str
    rows: tuple[Json, ...]

    @classmethod
    def of(cls, rows: Iterable[Json]) -> Pack:
        """The pack of these rows."""
        rows = tuple(rows)
        content = "\n".join(map(canonical, rows))
        return cls(hashlib.sha256(content.encode()).hexdigest(), rows)


@dataclass(frozen=True, slots=True)
class TargetHeader:
    """What a target says of itself in ``lectern.json``: the ``library`` (an id) whose devices meet in it.

    ``name`` is for people. Where the files are sealed, ``salt`` makes the key from the passphrase, and ``check`` tells
    whether that is the right one; else both are empty.
    """

    library: str
    name: str
    salt: bytes = b""
    check: bytes = b""


@dataclass(frozen=True, slots=True)
class Head:
    """A value of a cell that no known write has replaced."""

    device: str
    number: int
    time: int
    context: Context
    value: Json


@dataclass(frozen=True, slots=True)
class KeptBeside:
    """A value that is not shown because another device said something else at the same time.

    ``key`` and ``title`` are those of the paper (or the tag, search, …) concerned; ``value`` is put into words by
    ``ui`` and ``commands``. ``id`` names the value in :meth:`take`; ``time`` is ISO 8601 in UTC.
    """

    id: str
    kind: str
    key: str
    title: str
    field: str
    device: str
    time: str
    value: Json
    shown: Json


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """Files that are known to exist but have not arrived: how many, of which device, and since when (ISO 8601)."""

    device: str
    files: int
    since: str


@dataclass(frozen=True, slots=True)
class Device:
    """This library's name among the others, and what it synchronises with.

    ``library`` is the id that all libraries of one target share; ``device`` is unique and never used again, ``name`` is
    for people ("Laptop"). ``number`` counts the writes made, ``published`` those that are in the target.
    """

    library: str
    device: str
    name: str
    target: str
    number: int
    published: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """Another device: its name for people, the number of its last write applied here, and when (ISO 8601, UTC)."""

    device: str
    name: str
    applied: int
    heard: str


@dataclass(slots=True)
class Arrived:
    """What applying others' writes changed here, for "from Laptop: 14 papers, 2 notes"."""

    change: Change = field(default_factory=Change)
    """The change as windows are told of it, with the papers concerned."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many of each: ``papers`` (new ones), ``states``, ``notes``, ``tags``, ``highlights``, ``listings``, …"""
