"""Where a library meets others: a folder that some program carries to other machines, or an address.

Only what is named is looked for, and nothing follows from what is missing: another program may not have brought it yet.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from reader.domain.errors import ReaderError, SyncTargetMissingError
from reader.domain.sync_targets import (
    DEVICE_FOLDERS,
    HEADER_NAME,
    LARGEST_FILE,
    PACK_FOLDER,
    Target,
    TargetFile,
    is_own,
    may_be_of_use,
    parts_of,
)
from reader.files import followed, write_file

PATIENCE = 30.0
"""Seconds that reading one file may take: a program that fetches files on demand can hold up a reader for minutes."""

_MOST_STUCK = 3
_DATABASE = "library.db"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def target_at(address: str, library: Path, password: str = "") -> Target:
    """The target at a folder's path or an address, for the library in the folder ``library``.

    ``password`` is for an address that names a user. Raises :class:`ReaderError` for what cannot be a target.
    """
    if "://" not in address:
        return FolderTarget(Path(address).expanduser().absolute(), library)
    from reader.web.sync_target import remote_target

    return remote_target(address, password)


def require_parent(folder: Path) -> None:
    """Raise :class:`SyncTargetMissingError` where a folder cannot be made: that around it may be on a missing disk."""
    if not folder.parent.is_dir():
        raise SyncTargetMissingError(f"The folder {folder.parent} does not exist; check its name, or attach its disk.")


class FolderTarget:
    """A folder of this computer; see :class:`Target`."""

    is_remote = False
    password = ""

    def __init__(self, folder: Path, library: Path, patience: float = PATIENCE) -> None:
        """Raises :class:`ReaderError` for a folder inside a library, or around this one."""
        self._folder, self._patience = folder, patience
        self.address = str(folder)
        self._stuck: list[threading.Thread] = []
        _refuse_unfit(folder, library)

    def files(self) -> list[TargetFile]:
        """All files of devices and all packs."""
        with self._reached():
            return sorted(self._found(), key=lambda file: file.name)

    def get(self, name: str) -> bytes | None:
        """A file's bytes; None if it is not here, takes too long or cannot be read."""
        path = self._place(name)
        self._stuck = [thread for thread in self._stuck if thread.is_alive()]
        if len(self._stuck) >= _MOST_STUCK:
            return None
        read: list[bytes] = []
        thread = threading.Thread(target=_read, args=(path, read), name="sync file", daemon=True)
        thread.start()
        thread.join(self._patience)
        if thread.is_alive():
            self._stuck.append(thread)
        return read[0] if read else None

    def put(self, name: str, data: bytes) -> None:
        """Write a file beside its place, flush and rename it."""
        path = self._place(name)
        with self._reached(writes=True):
            self._folder.stat()  # a folder that is missing is not made: its disk may be
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, data, private=False)

    def begin(self, header: bytes) -> bytes:
        """Make the folder and its header, if they are missing; the header."""
        require_parent(self._folder)
        with self._reached(writes=True):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with suppress(FileNotFoundError):
                return (self._folder / HEADER_NAME).read_bytes()
        self.put(HEADER_NAME, header)
        return header

    def delete(self, device: str, name: str) -> None:
        """Delete a file of the device's own; where that fails it is tried again another time."""
        if not is_own(device, name):
            raise ValueError(name)
        with suppress(OSError):
            self._place(name).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is open."""

    def _place(self, name: str) -> Path:
        return self._folder.joinpath(*parts_of(name))

    def _reached(self, *, writes: bool = False) -> _Reached:
        return _Reached(self._folder, writes)

    def _found(self) -> Iterator[TargetFile]:
        for top in _entries(self._folder):
            if top.name.casefold() == PACK_FOLDER and top.is_dir():
                yield from _files(Path(top.path), top.name)
            elif top.name.casefold() == DEVICE_FOLDERS and top.is_dir():
                with suppress(FileNotFoundError):
                    for device in _entries(Path(top.path)):
                        if device.is_dir() and may_be_of_use(device.name):
                            yield from _files(Path(device.path), f"{top.name}/{device.name}")


class _Reached:
    """Says in a sentence that a folder cannot be read or written."""

    def __init__(self, folder: Path, writes: bool) -> None:
        self._folder, self._writes = folder, writes

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, OSError):
            return
        if error.errno in _FULL:
            sentence = f"The disk of {self._folder} is full; make room there, then synchronise again."
        elif not self._folder.is_dir():
            sentence = f"The folder {self._folder} is not there; attach its disk, or choose another folder."
        else:
            verb = "written" if self._writes else "read"
            sentence = f"The folder {self._folder} cannot be {verb} ({error.strerror or error}); check its permissions."
        raise SyncTargetMissingError(sentence) from error


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return list(entries)


def _files(folder: Path, name: str) -> Iterator[TargetFile]:
    """The files in a folder; those that vanish meanwhile, and links, are passed over."""
    with suppress(FileNotFoundError):
        for entry in _entries(folder):
            with suppress(OSError):
                if entry.is_file(follow_symlinks=False) and may_be_of_use(entry.name):
                    seen = entry.stat(follow_symlinks=False)
                    yield TargetFile(f"{name}/{entry.name}", seen.st_size, str(seen.st_mtime_ns))


def _read(path: Path, read: list[bytes]) -> None:
    with suppress(OSError), path.open("rb") as file:
        read.append(file.read(LARGEST_FILE + 1))


def _refuse_unfit(folder: Path, library: Path) -> None:
    try:
        folder, library = followed(folder), followed(library)
    except (OSError, RuntimeError) as error:
        raise ReaderError(f"The folder {folder} cannot be reached; choose another folder.") from error
    if folder.exists() and not folder.is_dir():
        raise ReaderError(f"{folder} is a file; choose a folder.")
    if any(_is_same(part, folder) for part in library.parents):
        raise ReaderError(f"The library lies inside {folder}; choose a folder of its own for synchronising.")
    if any(_is_same(part, library) or _is_library(part) for part in (folder, *folder.parents)):
        raise ReaderError(f"{folder} lies inside a library; choose a folder outside of it for synchronising.")


def _is_library(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / _DATABASE).exists()
    return False


def _is_same(one: Path, other: Path) -> bool:
    """Whether two paths lead to one folder, also where the system does not tell capitals from small letters."""
    if one == other:
        return True
    with suppress(OSError):
        return one.samefile(other)
    return False
