"""What a target of synchronising is: a place for files, on which each device writes names of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from reader.domain.errors import ReaderError

HEADER_NAME = "lectern.json"
"""Where the header is in a target."""
DEVICE_FOLDERS = "devices"
PACK_FOLDER = "packs"
LARGEST_FILE = 16_000_000
"""The largest file in bytes that is read; Lectern writes some 4 MB at most."""


@dataclass(frozen=True, slots=True)
class TargetFile:
    """A file in a target: its name with ``/`` between folders, its size, and a ``mark`` that changes with it."""

    name: str
    size: int
    mark: str


class Target(Protocol):
    """A folder or an address. Its methods may take long, and are for one thread at a time.

    They raise :class:`~reader.domain.errors.SyncTargetMissingError` where the whole target cannot be reached or
    written; a single file that cannot be read is merely not here yet.
    """

    address: str
    """For people and for the library: without a password."""
    password: str
    """That of the address, which is kept apart from it; empty for a folder."""
    is_remote: bool

    def files(self) -> Sequence[TargetFile]:
        """All files of devices and all packs, whatever they are called, by name; not the header."""

    def get(self, name: str) -> bytes | None:
        """A file's bytes, at most :data:`LARGEST_FILE` + 1; None if it is not here, or cannot be read yet."""

    def put(self, name: str, data: bytes) -> None:
        """Write a file completely or not at all. Folders within the target are made, the target itself is not."""

    def begin(self, header: bytes) -> bytes:
        """Make the target, if its parent is there, and its header, if it has none; the header that it has then."""

    def delete(self, device: str, name: str) -> None:
        """Delete a file of the device that asks, if it is there; those of others are never deleted."""

    def close(self) -> None:
        """End connections; nothing else may be called then."""


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a file's name; raises :class:`ReaderError` for names that lead out of the target."""
    parts = tuple(name.split("/"))
    if any(part in ("", ".", "..") or "\\" in part or ":" in part or "\0" in part for part in parts):
        raise ReaderError(f"“{name}” is not the name of a file in a shared folder.")
    return parts


def is_own(device: str, name: str) -> bool:
    """Whether a file is in the folder of a device."""
    return parts_of(name)[:2] == (DEVICE_FOLDERS, device) and name.count("/") == 2


def may_be_of_use(name: str) -> bool:
    """Whether a file in the folders of a target may be one that a device wrote; hidden and temporary ones are not."""
    base = name.rpartition("/")[2]
    return not base.startswith(".") and not base.endswith((".tmp", ".part", "~")) and name.isprintable()


def without_password(address: str) -> tuple[str, str]:
    """An address as it is shown and stored, and the password that was in it; a folder's path stays as it is."""
    if "://" not in address:
        return address, ""
    parts = urlsplit(address)
    user, separator, host = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    return urlunsplit(parts._replace(netloc=f"{name}{separator}{host}")), unquote(password)
