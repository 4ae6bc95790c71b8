"""The index's files, which are durable before they count and checked before they are used."""

from __future__ import annotations

import errno
import io
import os
import pickle
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile

from reader.domain.errors import LibraryError, ReaderError
from reader.files import flush_file, flush_folder

_TABLE_OF_CONTENTS = ".toc"
_CHECKSUM_SIZE = 4
_NO_DAMAGE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
)
"""System errors that do not mean damage to the files."""
_PICKLED = frozenset(
    {
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("reader.index.codec", "BitmapCodec"),
        ("collections", "defaultdict"),
        ("builtins", "int"),
        ("builtins", "set"),
    }
)
"""The types in Whoosh's tables. Unpickling any other type could run code from the file."""


class DamagedFileError(Exception):
    """A file of the index does not contain what was written; the index must be rebuilt."""


class IndexUnavailableError(LibraryError):
    """The index's folder cannot be read or written; the index itself is not damaged."""


def raise_unless_damage(error: Exception, folder: Path) -> None:
    """Return if an error means that the index in ``folder`` is broken and must be rebuilt.

    Otherwise raise: an error with a clear sentence, or out of memory, as it is; an error of reading or writing as
    :class:`IndexUnavailableError`.
    """
    if isinstance(error, OSError) and error.errno in _NO_DAMAGE:
        raise IndexUnavailableError(f"The search index in {folder} cannot be used: {error.strerror}.") from error
    if isinstance(error, ReaderError | MemoryError):
        raise error


def checksum_of(path: Path) -> int:
    """The CRC-32 of a file's content."""
    checksum = 0
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(1 << 20):
            checksum = zlib.crc32(chunk, checksum)
    return checksum


def folder_size(folder: Path) -> int:
    """The size of all files below ``folder`` in bytes; files that a writer removes meanwhile count nothing."""
    size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118 - thousands of files
    return size


def create_private(path: Path) -> BinaryIO:
    """Create or empty a file that only its owner can read, from its first moment."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600), "wb")


class _KnownTypes(pickle.Unpickler):
    """Unpickler for Whoosh's tables that refuses every type which could run code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _PICKLED:
            raise DamagedFileError(f"an index does not hold a {module}.{name}")
        return super().find_class(module, name)


class _CheckedFile(StructFile):  # type: ignore[misc]
    """A file of Whoosh's whose content is not trusted."""

    def read_pickle(self) -> Any:
        """A pickled value; raises :class:`DamagedFileError` for a value that an index does not contain."""
        return _KnownTypes(self.file).load()


class CheckedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder of files, opened without memory maps.

    A commit renames a table of contents. Before that, all files written through this storage are flushed to disk and
    the table gets a checksum, which is verified whenever the table is read. Whoosh does neither.
    """

    def __init__(self, path: Path) -> None:
        """Use the folder ``path``, which must exist."""
        super().__init__(str(path), supports_mmap=False)
        self._unsynced: set[str] = set()

    def create_file(self, name: str, **options: Any) -> StructFile:
        """Create a file that only its owner can read, to be flushed to disk at the next commit."""
        self._unsynced.add(name)
        # Whoosh would create the file with the umask's permissions.
        create_private(Path(self.folder, name)).close()
        return super().create_file(name, **options)

    def temp_storage(self, name: str | None = None) -> FileStorage:
        """A private folder for Whoosh's own unfinished work."""
        folder = Path(self.folder, name or "unfinished.tmp")
        folder.mkdir(mode=0o700, exist_ok=True)
        return FileStorage(str(folder))

    def lock(self, name: str) -> Any:
        """A lock on a file of this name, readable only by its owner; Whoosh's would be readable by everybody."""
        os.close(os.open(Path(self.folder, name), os.O_CREAT | os.O_RDWR, 0o600))
        return super().lock(name)

    def note_written(self, name: str) -> None:
        """Include a file that was written in another way in those flushed to disk at the next commit."""
        self._unsynced.add(name)

    def discard_uncommitted(self) -> None:
        """Remove everything written since the last commit, including an incomplete table of contents."""
        for name in self._unsynced:
            with suppress(OSError):
                self.delete_file(name)
        self._unsynced.clear()

    def open_file(self, name: str, **options: Any) -> StructFile:
        """Open an existing file; a table of contents is read at once and verified.

        Raises :class:`DamagedFileError`, or OSError if the file does not exist.
        """
        if not name.endswith(_TABLE_OF_CONTENTS):
            return _CheckedFile(Path(self.folder, name).open("rb"), name=name, **options)
        content = Path(self.folder, name).read_bytes()
        body, checksum = content[:-_CHECKSUM_SIZE], content[-_CHECKSUM_SIZE:]
        if zlib.crc32(body).to_bytes(_CHECKSUM_SIZE, "big") != checksum:
            raise DamagedFileError(f"{name} is damaged")
        return _CheckedFile(io.BytesIO(body), name=name)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file; if that commits, flush everything to disk first."""
        if newname.endswith(_TABLE_OF_CONTENTS):
            path = Path(self.folder, oldname)
            content = path.read_bytes()
            path.write_bytes(content + zlib.crc32(content).to_bytes(_CHECKSUM_SIZE, "big"))
            for name in self._unsynced:
                written = Path(self.folder, name)
                if written.exists():
                    flush_file(written)
        super().rename_file(oldname, newname, safe=safe)
        if newname.endswith(_TABLE_OF_CONTENTS):
            self._unsynced.clear()
            flush_folder(Path(self.folder))
