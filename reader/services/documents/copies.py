"""The library's own copies of documents: the ``documents`` folder, in which each is named by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.files import replacing

FOLDER = "documents"
_CHUNK = 1 << 20
_READ_ONLY = 0o400


class DocumentCopies:
    """Copies of documents, which only their owner can read and nobody is meant to write; backups leave them out."""

    def __init__(self, library: Path) -> None:
        """``library`` is the library's folder; the folder of the copies is made with the first of them."""
        self._folder = library / FOLDER

    def path(self, sha256: str) -> Path:
        """Where the copy of a document is, or would be."""
        return self._folder / sha256[:2] / f"{sha256}.pdf"

    def keep(self, path: Path, sha256: str) -> None:
        """Copy a document in, unless it is there already and undamaged.

        Raises :class:`ReaderError` if it cannot be read or written, or is no longer the file that was read.
        """
        place = self.path(sha256)
        if place.is_file() and hash_file(place) == sha256:
            return
        try:
            for folder in (self._folder, place.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("rb") as source, replacing(place) as copy:
                digest = hashlib.sha256()
                for chunk in iter(lambda: source.read(_CHUNK), b""):
                    digest.update(chunk)
                    copy.write(chunk)
                if digest.hexdigest() != sha256:
                    raise ReaderError(f"{path.name} was changed while it was read; attach it again.")
            place.chmod(_READ_ONLY)
        except OSError as error:
            raise ReaderError(f"{path.name} cannot be copied into the library: {error.strerror or error}.") from error

    def missing(self, copies: Iterable[tuple[str, int]]) -> list[str]:
        """Those of some copies (SHA-256 and size in bytes) that are gone or have another size; nothing is read."""
        return [sha256 for sha256, size in copies if _size(self.path(sha256)) != size]


def hash_file(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
