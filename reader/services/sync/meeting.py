"""The files of a target that is the library's, read and written.

Files are believed by their content, never by their names. One that cannot be read now (a placeholder whose content is
still in a cloud, a drive that hangs) is looked at again later and keeps nobody from reading the others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reader.domain.errors import SyncFileError
from reader.domain.sync import Json, Pack, Segment
from reader.domain.sync_targets import Target, TargetFile
from reader.formats.segments import (
    decode_pack,
    decode_segment,
    encode_pack,
    encode_segment,
    pack_name,
    read_about,
    segment_name,
)
from reader.formats.sync_file import Seal

_SEGMENT, _PACK = ".lecs", ".lecp"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a target at one moment, by name: those that may be segments, and those that may be packs.

    A carrier may have put something before or behind their names.
    """

    segments: Mapping[str, TargetFile]
    packs: Mapping[str, TargetFile]

    @classmethod
    def of(cls, files: Iterable[TargetFile]) -> Listing:
        """The files that may be of use; all others are passed over."""
        by_base = [(each.name.rpartition("/")[2], each) for each in files]
        return cls(
            {each.name: each for base, each in by_base if _SEGMENT in base},
            {each.name: each for base, each in by_base if _PACK in base},
        )

    def packs_there(self) -> frozenset[str]:
        """The SHA-256s by which packs are called that are there and not empty."""
        names = (_SHA256.search(name) for name, each in self.packs.items() if each.size)
        return frozenset(found[0] for found in names if found)


class Meeting:
    """A target and the seal of its files, if any."""

    def __init__(self, target: Target, seal: Seal | None) -> None:
        """Nothing is read or written yet."""
        self.target, self.seal = target, seal
        self._last_pack: Pack | None = None

    def listing(self) -> Listing:
        """All files now; raises :class:`~reader.domain.errors.SyncTargetMissingError`."""
        return Listing.of(self.target.files())

    def segment(self, data: bytes) -> Segment:
        """The segment in a file; raises :class:`SyncFileError`."""
        return decode_segment(data, self.seal)

    def as_file(self, segment: Segment) -> tuple[str, bytes]:
        """The name and bytes of the file of a segment; nothing is written yet."""
        return segment_name(segment.device, segment.first, segment.last), encode_segment(segment, self.seal)

    def pack(self, listing: Listing, sha256: str) -> Sequence[Json] | None:
        """The rows of a pack; None if it has not arrived whole. The one read last is kept."""
        if self._last_pack is None or self._last_pack.sha256 != sha256:
            found = self._read_pack(listing, sha256)
            if found is None:
                return None
            self._last_pack = found
        return self._last_pack.rows

    def is_damaged(self, listing: Listing, sha256: str) -> bool:
        """Whether a pack is there, can be read now, and is not whole in any file."""
        read = [self.target.get(name) for name in listing.packs if sha256 in name]
        return None not in read and not any(data is not None and _is_pack(data, sha256) for data in read)

    def put_pack(self, pack: Pack) -> None:
        """Write a pack; raises :class:`~reader.domain.errors.SyncTargetMissingError`."""
        self.target.put(pack_name(pack.sha256), encode_pack(pack, self.seal))

    def _read_pack(self, listing: Listing, sha256: str) -> Pack | None:
        """The pack in the file of that name, or in a copy that a carrier made of it."""
        usual = pack_name(sha256)
        for name in (usual, *(each for each in listing.packs if sha256 in each and each != usual)):
            data = self.target.get(name) if name in listing.packs else None
            if data is not None:
                try:
                    pack = decode_pack(data, self.seal)
                except SyncFileError:
                    continue
                if pack.sha256 == sha256:
                    return pack
        return None


def _is_pack(data: bytes, sha256: str) -> bool:
    """Whether the bytes of a file are whole, and say that it is this pack."""
    try:
        return read_about(data).pack == sha256
    except SyncFileError:
        return False


def hash_of(data: bytes) -> str:
    """The SHA-256 (hex) by which a file is known again."""
    return hashlib.sha256(data).hexdigest()


def mark_of(file: TargetFile) -> str:
    """By what a file is taken for unchanged."""
    return f"{file.size}|{file.mark}"
