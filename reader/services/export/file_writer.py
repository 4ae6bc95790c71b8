"""Writing files into a folder that belongs to the user: atomically, and never outside the folder.

Many files are written at once, because a journalling file system flushes several for little more than the cost of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath, PureWindowsPath

from reader.files import flush_folder, write_file
from reader.services.export.plan import ExportError, PlannedFile

_WRITERS = 8


@dataclass(frozen=True, slots=True)
class FileWritten:
    """The result of writing a file: its size and modification time (nanoseconds), or the reason for a failure."""

    path: str
    size: int = 0
    modified: int = 0
    error: str | None = None

    @classmethod
    def at(cls, path: str, place: Path) -> FileWritten:
        """The result for a file that was just written; raises :class:`OSError`."""
        state = place.stat(follow_symlinks=False)
        return cls(path, state.st_size, state.st_mtime_ns)


def place_in(root: Path, path: str) -> Path:
    """The path of a file in a folder; raises :class:`ExportError` if it is outside or behind a symbolic link."""
    parts = PurePosixPath(path).parts
    windows = PureWindowsPath(path)
    if not parts or ".." in parts or PurePosixPath(path).is_absolute() or windows.drive or windows.is_absolute():
        raise ExportError(f"“{path}” is outside the folder; choose a name without “..”.")
    place = root
    for part in parts:
        place = place / part
        if place.is_symlink():
            raise ExportError(
                f"{place} is a symbolic link, which Lectern does not follow; replace it with a folder or a file."
            )
    return place


def write_files(root: Path, files: Sequence[PlannedFile]) -> list[FileWritten]:
    """Write files in parallel; one that fails does not affect the others."""
    with ThreadPoolExecutor(min(_WRITERS, max(1, len(files)))) as pool:
        written = list(pool.map(partial(_write, root), files))
    _flush_folders({(root / file.path).parent for file in files})
    return written


def _write(root: Path, file: PlannedFile) -> FileWritten:
    try:
        place = place_in(root, file.path)
        if root.is_dir():  # one that has gone meanwhile, as a disk that was unplugged, is not made again
            place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, file.data or b"", private=False, flush_entry=False)
        return FileWritten.at(file.path, place)
    except (OSError, ExportError) as failure:
        return FileWritten(file.path, error=reason_of(failure))


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths are the same file, as names that differ only in case are on some systems."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def remove_renamed(root: Path, old: str, new: str, content: bytes) -> FileWritten | None:
    """Remove the old file of a renamed note, unless it changed; returns what went wrong, if anything."""
    try:
        old_place, new_place = place_in(root, old), place_in(root, new)
        if is_same_file(old_place, new_place):
            old_place.rename(new_place)
        elif old_place.read_bytes() == content:
            old_place.unlink()
        else:
            return FileWritten(old, error="It changed during the export, so it was kept beside the renamed note.")
        _flush_folders({old_place.parent})
    except (OSError, ExportError) as failure:
        return FileWritten(old, error=reason_of(failure))
    return None


def reason_of(error: Exception) -> str:
    """Why a file could not be written, for a person."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _flush_folders(folders: set[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # the files are on the disk, and some file systems flush no folders
            flush_folder(folder)
