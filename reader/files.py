"""Atomic, durable writing of files; every file that replaces another is written here (decision 35).

Content is written beside its place under a hidden name, flushed to disk and then renamed, so that a crash or a power
cut at any moment leaves the old file or the new one. Every layer may use this module; it uses none of them.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

LARGEST_MEMORY = 1 << 20
"""The largest size in bytes of a file that :func:`recall` reads."""


def flush_file(path: Path) -> None:
    """Wait until a file's bytes are on disk."""
    _flush(path, os.O_RDWR)


def flush_folder(folder: Path) -> None:
    """Wait until a folder's entries are on disk, if the system lets folders be opened."""
    if os.name != "nt":
        _flush(folder, os.O_RDONLY)


def put_in_place(written: Path, place: Path, *, flush_entry: bool = True) -> None:
    """Flush a file that was written beside its place, and rename it.

    Without ``flush_entry`` the new name is not flushed: a caller that writes many files into a folder flushes the
    folder once.
    """
    flush_file(written)
    written.replace(place)
    if flush_entry:
        with suppress(OSError):  # the file itself is on disk, and some file systems cannot flush folders
            flush_folder(place.parent)


@contextmanager
def replacing(place: Path, *, private: bool = True, flush_entry: bool = True) -> Iterator[BinaryIO]:
    """A new file to write to, which takes its place if the block succeeds; after any failure it is removed.

    A ``private`` file is readable only by its owner from the first moment. Any other file has the permissions of the
    file it replaces, or the system's default. ``flush_entry`` is as in :func:`put_in_place`.
    """
    written = place.with_name(f".{place.name[:80]}.{secrets.token_hex(6)}.tmp")
    try:
        mode = 0o600 if private else 0o666
        with open(written, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as file:
            yield file
        if not private:
            with suppress(FileNotFoundError):
                written.chmod(stat.S_IMODE(place.stat(follow_symlinks=False).st_mode))
        put_in_place(written, place, flush_entry=flush_entry)
    except BaseException:
        with suppress(OSError):
            written.unlink(missing_ok=True)
        raise


def write_file(place: Path, data: bytes, *, private: bool = True, flush_entry: bool = True) -> None:
    """Replace a file's content by ``data``, as :func:`replacing` does."""
    with replacing(place, private=private, flush_entry=flush_entry) as file:
        file.write(data)


def remember(place: Path, value: Any) -> bool:
    """Keep a value as JSON in a private file for :func:`recall`; False if the folder cannot be written."""
    try:
        write_file(place, json.dumps(value, indent=1).encode(), flush_entry=False)
    except OSError:
        return False
    return True


def recall(place: Path, largest: int = LARGEST_MEMORY) -> Any:
    """What :func:`remember` kept; None for a file that is missing, damaged or larger than ``largest`` bytes."""
    try:
        return json.loads(place.read_bytes()) if place.stat().st_size <= largest else None
    except (OSError, ValueError, RecursionError):
        return None


def followed(path: Path) -> Path:
    """The path with all symbolic links followed; nothing need exist there.

    Raises :class:`OSError` for links in a circle, and on older Pythons :class:`RuntimeError`. Since Python 3.13
    :meth:`Path.resolve` accepts such links, and a file written there would replace the link.
    """
    with suppress(FileNotFoundError):
        path.stat()
    return path.resolve()


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
