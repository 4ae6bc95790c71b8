"""The library's own copies of documents: the ``documents`` folder, in which each is named by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.files import replacing

FOLDER = "documents"
_CHUNK = 1 << 20
_READ_ONLY = 0o400
_MOST_READ = 200 << 20
"""The bytes that one check reads, which takes about half a second."""


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

    def faults(self, copies: Sequence[tuple[str, int]], start: int) -> tuple[list[str], list[str]]:
        """Which of some copies (SHA-256 and size in bytes) are gone, and which are no longer what they were.

        Of the sizes all are compared. Bytes are read of some only, from the one with the number ``start`` on (whatever
        the number): :data:`_MOST_READ` at most, but of one copy at least.
        """
        sizes = {sha256: _size(self.path(sha256)) for sha256, _ in copies}
        missing = [sha256 for sha256, _ in copies if sizes[sha256] is None]
        changed = [sha256 for sha256, size in copies if sizes[sha256] not in (None, size)]
        sound = [each for each in copies if sizes[each[0]] == each[1]]
        first = start % len(sound) if sound else 0
        left = _MOST_READ
        for sha256, size in (*sound[first:], *sound[:first]):
            if left <= 0:
                break
            left -= size
            if hash_file(self.path(sha256)) != sha256:
                changed.append(sha256)
        return missing, changed


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
