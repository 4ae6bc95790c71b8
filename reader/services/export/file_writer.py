"""Writing files into a folder that is someone else's: all of a file or nothing, and never outside of the folder.

A file is written beside its place under a hidden name, flushed to the disk and then renamed, so that a crash at any
moment leaves the old one or the new one. Many are flushed at once, which a journalling file system does for little
more than the cost of one.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from reader.services.export.plan import ExportError

_FLUSHERS = 8


@dataclass(frozen=True, slots=True)
class FileToWrite:
    """A file's place in the folder (``/`` between folders) and its content."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class FileWritten:
    """What became of a file: its size and time of change (nanoseconds), or why it could not be written."""

    path: str
    size: int = 0
    modified: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file written beside its place, still open."""

    file: FileToWrite
    place: Path
    temporary: Path
    descriptor: int


def followed(path: Path) -> Path:
    """Where a path leads once all links are followed, though nothing need be there.

    Raises :class:`OSError` for links in a circle, on older Pythons :class:`RuntimeError`. Since Python 3.13
    :meth:`Path.resolve` lets them pass, and what is then written there takes the link's place.
    """
    with suppress(FileNotFoundError):
        path.stat()
    return path.resolve()


def place_in(root: Path, path: str) -> Path:
    """Where a file of a folder is; raises :class:`ExportError` if it would lie outside or behind a symbolic link."""
    parts = PurePosixPath(path).parts
    windows = PureWindowsPath(path)
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or windows.drive or windows.is_absolute():
        raise ExportError(f"“{path}” does not lie in the folder; choose a name without “..” inside it.")
    place = root
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise ExportError(f"{place} is a symbolic link, which is not followed; replace it by a folder or a file.")
    return place


def write_files(root: Path, files: Sequence[FileToWrite]) -> list[FileWritten]:
    """Write some files; one that cannot be written does not keep the others from it."""
    done: dict[str, FileWritten] = {}
    staged: list[_Staged] = []
    for file in files:
        try:
            place = place_in(root, file.path)
            _make_folders(root, place.parent)
            staged.append(_stage(file, place))
        except (OSError, ExportError) as failure:
            done[file.path] = FileWritten(file.path, error=_reason(failure))
    with ThreadPoolExecutor(min(_FLUSHERS, max(1, len(staged)))) as pool:
        flushed = list(pool.map(_flush_and_close, (item.descriptor for item in staged)))
    for item, error in zip(staged, flushed, strict=True):
        done[item.file.path] = _put_in_place(item.file, item.place, item.temporary, error)
    for folder in {item.place.parent for item in staged}:
        _flush(folder)
    return [done[file.path] for file in files]


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two places are one file, as names that differ in case only are on some systems."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def remove_renamed(root: Path, old: str, new: str, content: bytes) -> FileWritten | None:
    """Remove a file that was written under another name, unless it changed; what went wrong, if anything did."""
    try:
        old_place, new_place = place_in(root, old), place_in(root, new)
        if is_same_file(old_place, new_place):
            old_place.rename(new_place)
        elif old_place.read_bytes() == content:
            old_place.unlink()
        else:
            return FileWritten(old, error="It changed just now, so it stays beside the renamed note.")
        _flush(old_place.parent)
    except (OSError, ExportError) as failure:
        return FileWritten(old, error=_reason(failure))
    return None


def replace_file(temporary: Path, place: Path) -> FileWritten:
    """Flush a file that stands beside its place and rename it."""
    error = _flush(temporary)
    written = _put_in_place(FileToWrite(place.name, b""), place, temporary, error)
    _flush(place.parent)
    return written


def temporary_beside(place: Path) -> Path:
    """A hidden name in the same folder that nothing has."""
    return place.with_name(f".{place.name[:80]}.{secrets.token_hex(6)}.tmp")


def _make_folders(root: Path, folder: Path) -> None:
    """Make the folders that are missing between the root and a folder in it."""
    missing = []
    while folder != root and not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for path in reversed(missing):
        path.mkdir(exist_ok=True)


def _stage(file: FileToWrite, place: Path) -> _Staged:
    """Write a file's content beside its place, with the permissions of the file that is there."""
    temporary = temporary_beside(place)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as target:
            target.write(file.data)
        with suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(place.stat(follow_symlinks=False).st_mode))
    except BaseException:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)
        raise
    return _Staged(file, place, temporary, descriptor)


def _flush_and_close(descriptor: int) -> OSError | None:
    """Have an open file written to the disk; the error, if it could not be."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        return error
    finally:
        os.close(descriptor)
    return None


def _flush(path: Path) -> OSError | None:
    """Have a file or a folder written to the disk; folders cannot be flushed everywhere."""
    is_folder = path.is_dir()
    try:
        descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        return None if is_folder else error
    return None


def _put_in_place(file: FileToWrite, place: Path, temporary: Path, error: OSError | None) -> FileWritten:
    try:
        if error is not None:
            raise error
        temporary.replace(place)
        state = place.stat(follow_symlinks=False)
    except OSError as failure:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        return FileWritten(file.path, error=_reason(failure))
    return FileWritten(file.path, state.st_size, state.st_mtime_ns)


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
