"""``lectern.json``, by which a target is known: bytes to :class:`TargetHeader` and back."""

from __future__ import annotations

import json
import re

from reader.domain.sync import TargetHeader
from reader.formats.sync_file import VERSION, damaged, newer, parsed, unknown

LARGEST_HEADER = 10_000
"""The largest header in bytes that is read."""

_LONGEST_NAME = 200
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)


def encode_header(header: TargetHeader) -> bytes:
    """The bytes of a header, readable for people."""
    members = {
        "lectern": "sync",
        "version": VERSION,
        "library": header.library,
        "name": header.name[:_LONGEST_NAME],
        "salt": header.salt.hex(),
        "check": header.check.hex(),
    }
    return json.dumps(members, indent=1).encode() + b"\n"


def decode_header(data: bytes) -> TargetHeader:
    """The header in a file. Raises :class:`SyncFileError`: damaged, unknown, or of a newer version."""
    if len(data) > LARGEST_HEADER:
        raise unknown()
    if not data.rstrip().endswith(b"}"):
        raise damaged()
    members = parsed(data)
    if not isinstance(members, dict) or members.get("lectern") != "sync" or type(members.get("version")) is not int:
        raise unknown()
    if members["version"] > VERSION:
        raise newer()
    texts = [members.get(name) for name in ("library", "name", "salt", "check")]
    if not all(isinstance(text, str) for text in texts):
        raise unknown()
    library, name, salt, check = map(str, texts)
    if not _ID.fullmatch(library) or len(name) > _LONGEST_NAME:
        raise unknown()
    try:
        return TargetHeader(library, name, bytes.fromhex(salt), bytes.fromhex(check))
    except ValueError:
        raise unknown() from None
