"""A library is its owner's alone: the folder 0700, every file in it 0600."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OWN = ("library.*", "settings.toml", "window.json", "index", "meaning", "backups", "aside", "sources",
        "documents", "note-templates", "note-drafts", "export-templates")  # fmt: skip
"""What in the folder is the library's; other things that lie there are not ours to close."""


def exposed_paths(folder: Path) -> list[Path]:
    """What of a library others could read or write: the folder itself, if nothing else lies in it, and its files."""
    if os.name != "posix" or not folder.is_dir():
        return []
    return [path for path in _own_paths(folder) if _is_exposed(path)]


def make_private(folder: Path) -> int:
    """Close all that :func:`exposed_paths` finds; how many. What the system refuses stays as it is."""
    closed = 0
    for path in exposed_paths(folder):
        with suppress(OSError):
            path.chmod(0o700 if path.is_dir() else 0o600)
            closed += 1
    return closed


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, all closed to others; ``mkdir`` closes just the last one."""
    if not folder.is_dir():
        make_private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def make_database_private(folder: Path) -> None:
    """Close just what matters most, the folder and the database; quick enough for every opening."""
    if os.name != "posix":
        return
    for path in (folder, *folder.glob("library.db*")):
        with suppress(OSError):
            if _is_exposed(path) and (path != folder or _is_all_ours(folder)):
                path.chmod(0o700 if path.is_dir() else 0o600)


def _own_paths(folder: Path) -> Iterator[Path]:
    if _is_all_ours(folder):
        yield folder
    for name in _OWN:
        for path in folder.glob(name):
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from (inner for inner in path.rglob("*") if not _is_passing(inner))


def _is_passing(path: Path) -> bool:
    """Whether a file is one that the index writes for a moment, in a folder that is closed to others."""
    return path.suffix == ".ctmp" and not path.parent.stat().st_mode & 0o077


def _is_all_ours(folder: Path) -> bool:
    """Whether a folder holds a library and nothing else, so that closing it shuts nobody out of something."""
    ours = {path.name for name in _OWN for path in folder.glob(name)}
    return {path.name for path in folder.iterdir() if not path.name.startswith(".")} <= ours


def _is_exposed(path: Path) -> bool:
    """Whether others may do anything with a file or folder of this user's; links are left alone."""
    try:
        status = path.stat(follow_symlinks=False)
    except FileNotFoundError:  # gone since the folder was read, as files of the index are while it is at work
        return False
    return not stat.S_ISLNK(status.st_mode) and status.st_uid == os.getuid() and bool(status.st_mode & 0o077)
