"""Waiting until what was written to files is on the disk."""

from __future__ import annotations

import os
from pathlib import Path


def flush_file(path: Path) -> None:
    """Make a file's bytes durable."""
    _flush(path, os.O_RDWR)


def flush_folder(folder: Path) -> None:
    """Make a folder's names durable, where the system lets folders be opened."""
    if os.name != "nt":
        _flush(folder, os.O_RDONLY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
