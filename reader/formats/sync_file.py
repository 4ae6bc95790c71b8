"""The files in which devices meet: what all kinds of them have in common, from the first byte to the JSON lines.

A file is believed by its content, never by its name::

    magic and version (8 bytes) | SHA-256 of the rest (32 bytes) | a line of JSON, "about" | body

``about`` says what the file is: kind, device and range, or the name of a pack. The body is the lines of the file,
compressed by zstandard and, where the target has a passphrase, sealed together with ``about``. Everything that comes in
may have been made to hurt, so sizes, counts, depths, numbers and texts have limits; whatever is wrong raises
:class:`SyncFileError` and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Protocol

import zstandard

from reader.domain.errors import Fault, SyncFileError
from reader.domain.sync_targets import LARGEST_FILE

LARGEST_CONTENT = 64_000_000
"""The most bytes that a file may decompress to."""
DEEPEST = 20
"""The deepest nesting of lists and objects in a line."""
LARGEST_NUMBER = (1 << 63) - 1
VERSION = 1

_MAGIC = b"\x8dLECS\r\n"
_START, _BODY = len(_MAGIC) + 1, len(_MAGIC) + 1 + hashlib.sha256().digest_size
_LONGEST_ABOUT = 2_000
_LARGEST_WINDOW = 1 << 23  # what zstandard's level 19 needs; memory that a file can ask for
_UNFIT = re.compile("[\ud800-\udfff\0]")
_SUSPECT = re.compile(rb"\\u(?:0000|[dD][89abAB])")


class Seal(Protocol):
    """Encryption with a key that the devices of a target share; ``about`` is not hidden, but cannot be exchanged."""

    def seal(self, data: bytes, about: bytes) -> bytes:
        """The data, unreadable without the key."""

    def open(self, data: bytes, about: bytes) -> bytes:
        """What was sealed; raises :class:`SyncFileError` for anything that this key did not seal with ``about``."""


def wrap(about: dict[str, Any], lines: Sequence[str], seal: Seal | None, *, hard: bool = False) -> bytes:
    """The bytes of a file; with ``hard`` it is compressed a little more, which takes twice as long.

    Raises :class:`SyncFileError` for content that no reader would accept.
    """
    content = "\n".join(lines).encode()
    _demand_size(len(content), LARGEST_CONTENT)
    head = json.dumps(about | {"sealed": seal is not None}, separators=(",", ":"), sort_keys=True).encode()
    # The tables of the higher level would take 50 MB, and make files by less than a hundredth smaller.
    small = zstandard.ZstdCompressionParameters.from_level(12, window_log=21, chain_log=20, hash_log=20)
    compressor = zstandard.ZstdCompressor(compression_params=small) if hard else zstandard.ZstdCompressor(level=6)
    body = compressor.compress(content)
    rest = head + b"\n" + (body if seal is None else seal.seal(body, head))
    _demand_size(_BODY + len(rest), LARGEST_FILE)
    return _MAGIC + bytes([VERSION]) + hashlib.sha256(rest).digest() + rest


def read_about(data: bytes) -> dict[str, Any]:
    """What a file says it is, once it is known to be whole. Raises :class:`SyncFileError`."""
    return _parted(data)[0]


def unwrap(data: bytes, kind: str, seal: Seal | None) -> tuple[dict[str, Any], list[bytes]]:
    """What a file of this kind says it is, and its lines. Raises :class:`SyncFileError`."""
    about, head, body = _parted(data)
    if about.get("kind") != kind:
        raise unknown()
    if about.get("sealed") is not (seal is not None):
        raise SyncFileError(
            Fault.SEALED,
            "A file in the folder is not sealed with the passphrase, so it is ignored."
            if seal
            else "The files in the folder are sealed; enter the passphrase.",
        )
    content = _decompressed(body if seal is None else seal.open(body, head))
    return about, content.split(b"\n")


def parsed(line: bytes) -> Any:
    """The value of a line of JSON. Raises :class:`SyncFileError` for what no library can contain."""
    try:
        value = _DECODER.decode(line.decode())
    except (ValueError, RecursionError):
        raise unknown() from None
    if line.count(b"[") + line.count(b"{") > DEEPEST or _SUSPECT.search(line):
        _check(value, DEEPEST)
    return value


def unknown() -> SyncFileError:
    """The refusal of a file that is whole, and not one that Lectern writes."""
    return SyncFileError(Fault.UNKNOWN, "The file is not one that Lectern wrote.")


def damaged() -> SyncFileError:
    """The refusal of a file that was cut off or changed on its way."""
    return SyncFileError(Fault.DAMAGED, "The file is damaged or has not arrived completely.")


def newer() -> SyncFileError:
    """The refusal of a file of a newer version."""
    return SyncFileError(
        Fault.NEWER, "Another device has a newer version of Lectern; update Lectern here to receive its changes."
    )


def _demand_size(size: int, largest: int) -> None:
    if size > largest:
        raise SyncFileError(Fault.UNKNOWN, f"A file of {size:,} bytes is too large to synchronise.")


def _parted(data: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """``about`` as a value and in bytes, and the body."""
    if len(data) < _BODY:
        raise damaged() if _MAGIC.startswith(data[: len(_MAGIC)]) else unknown()
    if not data.startswith(_MAGIC):
        raise damaged() if not any(data[:_START]) else unknown()  # clients set aside the space of a file with zeros
    if len(data) > LARGEST_FILE:
        raise unknown()
    if hashlib.sha256(data[_BODY:]).digest() != data[_START:_BODY]:
        raise damaged()
    if data[_START - 1] != VERSION:
        raise newer()
    head, separator, body = data[_BODY:].partition(b"\n")
    if not separator or len(head) > _LONGEST_ABOUT:
        raise unknown()
    about = parsed(head)
    if not isinstance(about, dict):
        raise unknown()
    return about, head, body


def _decompressed(body: bytes) -> bytes:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
    try:
        # A stream, because a size stated in the file would be believed otherwise.
        with decompressor.stream_reader(body) as stream:
            content = stream.read(LARGEST_CONTENT + 1)
    except (zstandard.ZstdError, MemoryError):
        raise unknown() from None
    if len(content) > LARGEST_CONTENT:
        raise unknown()
    return content


def _check(value: Any, depth: int) -> None:
    """Raise for nesting deeper than ``depth``, and for texts that cannot be stored."""
    if isinstance(value, str):
        if _UNFIT.search(value):
            raise unknown()
    elif isinstance(value, list | dict):
        if depth == 0:
            raise unknown()
        for item in value:
            _check(item, depth - 1)
        for item in value.values() if isinstance(value, dict) else ():
            _check(item, depth - 1)


def _integer(digits: str) -> int:
    number = int(digits) if len(digits) <= 20 else LARGEST_NUMBER + 1
    if not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise ValueError(digits)
    return number


def _refused(digits: str) -> Any:
    raise ValueError(digits)


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_refused, parse_constant=_refused)
