"""The file of vectors: segments of rows, each with the key of its paper and a print of the text it was made from.

A folder holds ``current.json``, which names the basis and the segments in use, and their files. Everything is written
beside its place, flushed and renamed before it is named, so that a crash leaves what was there before. What is
missing, cut short, damaged or of another format counts as not there and is made again. Of two rows with one key the
later counts.
"""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from reader.domain.keys import KEY_LENGTH
from reader.domain.meaning import PaperText
from reader.files import replacing
from reader.meaning.arrays import Integers, Rows
from reader.meaning.manifest import CURRENT, NEXT, Manifest, Segment, read_manifest

_PRINT_LENGTH = 8
_AT_ONCE = 4_096
_MOST_USELESS = 1.25
"""With so many times the rows that there are papers, those of no use are left out."""


@dataclass(frozen=True, slots=True)
class SegmentRows:
    """The rows of a segment with their keys, in the order of these, and the prints of the texts."""

    keys: Any
    prints: Integers
    rows: Rows


def text_print(text: PaperText) -> int:
    """A number that tells a text from others."""
    content = f"{text.title}\n{text.abstract}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=_PRINT_LENGTH).digest(), "little", signed=True)


@dataclass(frozen=True, slots=True)
class VectorFiles:
    """The folder of a library's vectors."""

    folder: Path
    _checked: dict[Segment, None] = field(default_factory=dict)

    def basis_path(self, basis_id: str) -> Path:
        """The file of a basis."""
        return self.folder / f"{basis_id}.basis"

    def write_segment(self, keys: Sequence[str], prints: Iterable[int], batches: Sequence[Rows]) -> Segment:
        """Write rows, given in batches, with their keys and prints, durably; raises OSError."""
        rows = batches[0] if len(batches) == 1 else np.concatenate(batches)
        names = key_array(keys)
        order = np.argsort(names, kind="stable")
        sorted_prints = np.fromiter(prints, dtype="<i8", count=len(keys))[order]
        in_parts = (rows[order[start : start + _AT_ONCE]].tobytes() for start in range(0, len(keys), _AT_ONCE))
        checksum, name = 0, f"{secrets.token_hex(8)}.rows"
        with replacing(self.folder / name) as file:
            for part in chain((names[order].tobytes(), sorted_prints.tobytes()), in_parts):
                checksum = zlib.crc32(part, checksum)
                file.write(part)
        return Segment(name, len(keys), checksum)

    def read_segment(self, segment: Segment, width: int) -> SegmentRows | None:
        """The rows of a segment, mapped from the disk; None if the file is not what was written."""
        path = self.folder / segment.name
        head = segment.count * (KEY_LENGTH + _PRINT_LENGTH)
        try:
            if path.stat().st_size != head + segment.count * width:
                return None
            content = np.memmap(path, dtype=np.uint8, mode="r")
        except (OSError, ValueError):
            return None
        if segment not in self._checked:
            if zlib.crc32(content.data) != segment.checksum:
                return None
            self._checked[segment] = None
        keys = content[: segment.count * KEY_LENGTH].view(f"S{KEY_LENGTH}")
        prints = content[segment.count * KEY_LENGTH : head].view("<i8")
        return SegmentRows(keys, prints, content[head:].view(np.int8).reshape(segment.count, width))

    def segments(self, manifest: Manifest) -> list[SegmentRows]:
        """The segments of a manifest that can be read, oldest first."""
        found = (self.read_segment(segment, manifest.width) for segment in manifest.segments)
        return [segment for segment in found if segment is not None]

    def prints(self, manifest: Manifest, keys: Sequence[str]) -> list[int | None]:
        """The prints of the texts from which the rows of keys were made; None for a key without a row."""
        segments = self.segments(manifest)
        numbers, places = newest_rows(segments, key_array(keys))
        found: list[int | None] = [None] * len(keys)
        for number, segment in enumerate(segments):
            for at in np.flatnonzero(numbers == number).tolist():
                found[at] = int(segment.prints[places[at]])
        return found

    def gathered(self, manifest: Manifest, keys: Sequence[str]) -> tuple[Integers, Rows]:
        """Which of ``keys`` have a row, as their places in the order given, and these rows."""
        segments = self.segments(manifest)
        numbers, places = newest_rows(segments, key_array(keys))
        kept = np.flatnonzero(numbers >= 0)
        if len(segments) == 1 and np.array_equal(places[kept], np.arange(len(segments[0].keys))):
            return kept, segments[0].rows  # as they lie on the disk
        rows = np.empty((len(kept), manifest.width), dtype=np.int8)
        for number, segment in enumerate(segments):
            here = np.flatnonzero(numbers[kept] == number)
            rows[here] = segment.rows[places[kept[here]]]
        return kept, rows

    def merged(self, manifest: Manifest, papers: int, living: Callable[[], Sequence[str]]) -> Manifest:
        """The manifest with its last segments made one, as far as they are not small beside those before.

        All are made one, of the ``living`` keys, where many of the rows are of no use any more beside so many papers.
        Raises OSError.
        """
        if manifest.rows > _MOST_USELESS * papers:
            return self._joined(manifest, 0, living())
        first, total = len(manifest.segments), 0
        while first and (not total or manifest.segments[first - 1].count <= 2 * total):
            first -= 1
            total += manifest.segments[first].count
        if len(manifest.segments) - first < 2:
            return manifest
        parts = self.segments(replace(manifest, segments=manifest.segments[first:]))
        keys = np.unique(np.concatenate([part.keys for part in parts]))
        return self._joined(manifest, first, [key.decode("ascii") for key in keys.tolist()])

    def _joined(self, manifest: Manifest, first: int, keys: Sequence[str]) -> Manifest:
        """The manifest with one segment, of the rows of ``keys``, in place of those from number ``first`` on."""
        tail = replace(manifest, segments=manifest.segments[first:])
        kept, rows = self.gathered(tail, keys)
        names = [keys[place] for place in kept.tolist()]
        joined = (self.write_segment(names, (each or 0 for each in self.prints(tail, names)), [rows]),) if names else ()
        return replace(manifest, segments=(*manifest.segments[:first], *joined))

    def sweep(self) -> None:
        """Remove files that nothing names; one that is in use elsewhere stays until another time."""
        used = {CURRENT, NEXT}
        for manifest in (read_manifest(self.folder), read_manifest(self.folder, NEXT)):
            if manifest is not None:
                used |= {self.basis_path(manifest.basis).name, *(segment.name for segment in manifest.segments)}
        with suppress(OSError):
            for path in self.folder.iterdir():
                if path.name not in used:
                    with suppress(OSError):
                        path.unlink()


def key_array(keys: Sequence[str]) -> Any:
    """Keys as an array."""
    return np.array(keys, dtype=f"S{KEY_LENGTH}")


def newest_rows(segments: Sequence[SegmentRows], keys: Any) -> tuple[Integers, Integers]:
    """Where the newest row of each key is: the segment's number (-1: there is none) and the place in it.

    ``keys`` is an array of keys, in any order.
    """
    found = np.full(len(keys), -1, dtype=np.int64)
    places = np.zeros(len(keys), dtype=np.int64)
    for number, segment in enumerate(segments):
        at = np.minimum(np.searchsorted(segment.keys, keys), len(segment.keys) - 1)
        is_here = segment.keys[at] == keys
        found[is_here], places[is_here] = number, at[is_here]
    return found, places
