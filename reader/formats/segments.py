"""Segments and packs as bytes, and back; :mod:`reader.formats.sync_file` says how a file is built.

A segment's lines are a header, which numbers devices, contexts and packs, and one array for each write::

    {"contexts":[[0,12,1,7],…],"devices":["k3…","q9…"],"name":"Laptop","packs":["ab…"]}
    [1,1764500000000,0,"paper","mfrgg…","state",["done",1764499990,0]]
    [1,0,0,"content",0,17]

which is: by how much number and time exceed those of the write before, the context (pairs of a device and a number),
kind and uid unless they are those of the write before, field, and the value; or, instead of the value, a pack and a
line of it. Members and kinds that a newer version adds are passed over, or kept unread by the engine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reader.domain.sync import Cell, Context, Pack, PackRef, Segment, Write, canonical
from reader.domain.sync_targets import DEVICE_FOLDERS, PACK_FOLDER
from reader.formats import sync_file
from reader.formats.sync_file import LARGEST_NUMBER, Seal, parsed, unknown

LONGEST_NAME = 200
"""The most characters of a device's name, of a kind and of a field."""
MOST_LINES = 500_000
"""The most writes of a segment, and rows of a pack, that are read."""

_LONGEST_UID = 2_000
_WITH_ENTITY = 7
"""The least members of a write that names its entity."""
_DEVICE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class About:
    """What a file says it is: a segment of a ``device`` with the writes ``first`` to ``last``, or a pack."""

    device: str = ""
    first: int = 0
    last: int = 0
    pack: str = ""
    """The SHA-256 of a pack (hex); empty for a segment."""


def segment_name(device: str, first: int, last: int) -> str:
    """The place of a segment in a target; names sort by ``first``."""
    return f"{DEVICE_FOLDERS}/{device}/{first:012}-{last}.lecs"


def pack_name(sha256: str) -> str:
    """The place of a pack in a target."""
    return f"{PACK_FOLDER}/{sha256}.lecp"


def read_about(data: bytes) -> About:
    """What a whole file says it is, without reading on. Raises :class:`SyncFileError`."""
    about = sync_file.read_about(data)
    if about.get("kind") == "pack":
        return About(pack=_matching(_SHA256, about.get("pack")))
    if about.get("kind") != "segment":
        raise unknown()
    return About(_matching(_DEVICE, about.get("device")), *_range(about))


def encode_segment(segment: Segment, seal: Seal | None = None) -> bytes:
    """The bytes of a segment; equal segments have equal bytes."""
    devices: dict[str, int] = {}
    contexts: dict[tuple[int, ...], int] = {}
    packs: dict[str, int] = {}
    lines = [""]
    number = time = 0
    entity: tuple[str, ...] | None = None
    known: dict[int, int] = {}  # the same mapping serves many writes
    for write in segment.writes:
        context = known.get(id(write.context))
        if context is None:
            numbered = _numbered(write.context, devices)
            context = known[id(write.context)] = contexts.setdefault(numbered, len(contexts))
        cell, value = write.cell, write.value
        names = (cell.field,) if entity == cell[:2] else cell
        line = canonical([write.number - number, write.time - time, context, *names])[:-1]
        if isinstance(value, PackRef):
            lines.append(f"{line},{packs.setdefault(value.sha256, len(packs))},{value.line}]")
        else:
            lines.append(f"{line},{canonical(value)}]")
        number, time, entity = write.number, write.time, cell[:2]
    header = {
        "devices": list(devices),
        "contexts": [list(context) for context in contexts],
        "name": segment.name[:LONGEST_NAME],
        "packs": list(packs),
    }
    lines[0] = canonical(header)  # type: ignore[arg-type]
    about = {"kind": "segment", "device": segment.device, "first": segment.first, "last": segment.last}
    return sync_file.wrap(about, lines, seal, hard=True)


def decode_segment(data: bytes, seal: Seal | None = None) -> Segment:
    """The segment in a file. Raises :class:`SyncFileError`."""
    about, lines = sync_file.unwrap(data, "segment", seal)
    first, last = _range(about)
    header = parsed(lines[0])
    if not isinstance(header, dict) or len(lines) > MOST_LINES + 1:
        raise unknown()
    reading = _Reading(_contexts(header), [_matching(_SHA256, name) for name in _list(header.get("packs"))])
    writes = tuple(map(reading.write, lines[1:]))
    if writes and not first <= writes[0].number <= writes[-1].number <= last:
        raise unknown()
    return Segment(
        _matching(_DEVICE, about.get("device")), _text(header.get("name"), LONGEST_NAME), first, last, writes
    )


def encode_pack(pack: Pack, seal: Seal | None = None) -> bytes:
    """The bytes of a pack."""
    return sync_file.wrap({"kind": "pack", "pack": pack.sha256}, [canonical(row) for row in pack.rows], seal)


def decode_pack(data: bytes, seal: Seal | None = None) -> Pack:
    """The pack in a file, whose name is that of its content. Raises :class:`SyncFileError`."""
    about, lines = sync_file.unwrap(data, "pack", seal)
    if len(lines) > MOST_LINES or hashlib.sha256(b"\n".join(lines)).hexdigest() != about.get("pack"):
        raise unknown()
    return Pack(str(about["pack"]), tuple(map(parsed, lines)))


class _Reading:
    """The lines of one segment, each of which builds on the one before."""

    def __init__(self, contexts: Sequence[Context], packs: Sequence[str]) -> None:
        self._contexts, self._packs = contexts, packs
        self._number = self._time = 0
        self._entity: tuple[str, str] | None = None

    def write(self, line: bytes) -> Write:
        """The write in a line."""
        row = parsed(line)
        if not isinstance(row, list) or len(row) not in (5, 6, 7, 8):
            raise unknown()
        if len(row) >= _WITH_ENTITY:
            self._entity = _text(row[3], LONGEST_NAME), _text(row[4], _LONGEST_UID)
            del row[3:5]
        if self._entity is None:
            raise unknown()
        step, later, context, field, value, *line_in_pack = row
        self._number += _whole(step, least=1)
        self._time += _whole(later, least=-LARGEST_NUMBER)
        if self._number > LARGEST_NUMBER or not 0 <= self._time <= LARGEST_NUMBER:
            raise unknown()
        cell = Cell(*self._entity, _text(field, _LONGEST_UID))
        if line_in_pack:
            value = PackRef(_at(self._packs, value), _whole(line_in_pack[0]))
        return Write(self._number, self._time, _at(self._contexts, context), cell, value)


def _numbered(context: Context, devices: dict[str, int]) -> tuple[int, ...]:
    """A context as pairs of a device's place in ``devices``, which grows by it, and a number."""
    return tuple(
        part
        for device, number in sorted(context.items())
        for part in (devices.setdefault(device, len(devices)), number)
    )


def _contexts(header: Mapping[str, Any]) -> list[Context]:
    devices = [_matching(_DEVICE, device) for device in _list(header.get("devices"))]
    contexts: list[Context] = []
    for row in map(_list, _list(header.get("contexts"))):
        pairs = zip(row[::2], row[1::2], strict=False)
        context = {_at(devices, place): _whole(number) for place, number in pairs}
        if len(context) * 2 != len(row):
            raise unknown()
        contexts.append(context)
    return contexts


def _range(about: Mapping[str, Any]) -> tuple[int, int]:
    first = _whole(about.get("first"), least=1)
    return first, _whole(about.get("last"), least=first)


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise unknown()
    return value


def _whole(value: object, *, least: int = 0) -> int:
    if type(value) is not int or value < least:
        raise unknown()
    return value


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise unknown()
    return value


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise unknown()
    return value


def _at(items: Sequence[Any], place: object) -> Any:
    if type(place) is not int or not 0 <= place < len(items):
        raise unknown()
    return items[place]
