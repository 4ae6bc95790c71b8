"""Finding the files of an import and keeping a copy of each, named by its SHA-256, in the library's ``sources``."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.files import flush_folder, replacing
from reader.formats.format import MAXIMUM_BYTES

_NEVER_LISTINGS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})
_CHUNK = 1 << 20
_DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file on its way in: where its bytes stand now, what it is called, its digest and the day it last changed."""

    content: Path
    file_name: str
    stem: str
    sha256: str
    modified: date


def files_of(paths: Sequence[Path], library: Path | None = None) -> Iterator[Path]:
    """The files that ``paths`` name, folders walked in the order of their names, each path once.

    What desktops and version control leave in folders is passed over, and so is the ``library``'s own folder; links to
    folders are not followed. A folder without files is yielded itself, so that it is reported.
    """
    own = library.resolve() if library is not None else None
    given: set[Path] = set()
    for path in paths:
        found = _walk(path, own) if path.is_dir() and not is_within(path, own) else iter((path,))
        for file in found:
            if file not in given:
                given.add(file)
                yield file


def is_within(path: Path, folder: Path | None) -> bool:
    """Whether a path is a (resolved) folder or lies in it, by whatever name it is reached."""
    if folder is None:
        return False
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):
        return False
    return resolved == folder or folder in resolved.parents


def _walk(folder: Path, own: Path | None) -> Iterator[Path]:
    """Every file below a folder but for those in the folder ``own``; the folder itself if there is none."""
    empty = True
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in set(folders) - _VERSION_CONTROL if not is_within(Path(root) / name, own))
        for name in sorted(names):
            if name not in _NEVER_LISTINGS:
                empty = False
                yield Path(root) / name
    if empty:
        yield folder


def check_importable(path: Path) -> None:
    """Raise :class:`ReaderError` for what cannot be read as a file: missing, a folder, a device, too large."""
    try:
        status = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise ReaderError(f"There is no file in the folder {path.name or path}.")
    if not stat.S_ISREG(status.st_mode):
        raise ReaderError(f"{path.name} is no regular file; only files and folders can be imported.")
    if status.st_size > MAXIMUM_BYTES:
        size = MAXIMUM_BYTES // 1024**2
        raise ReaderError(f"{path.name} is larger than {size} MB; split it, or import the days one by one.")


def unreadable(path: Path, error: OSError) -> ReaderError:
    """The sentence for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return ReaderError(f"There is no file {path}; check its name.")
    if isinstance(error, PermissionError):
        return ReaderError(f"{path.name} may not be read; change its permissions and import it again.")
    return ReaderError(f"{path.name} cannot be read: {error.strerror or error}.")


def read_small(path: Path) -> bytes:
    """The bytes of a file; raises :class:`ReaderError` for what cannot be read as one."""
    check_importable(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


class SourceArchive:
    """The library's ``sources`` folder: every imported file, named by the SHA-256 of its bytes, readable by its owner.

    ``take`` copies a file in under a temporary name; ``keep`` gives it its name once its listing is about to be
    stored; ``discard`` removes it again, and ``prune`` what no listing needs any more. Files that a crash left behind
    are removed by the next ``take``'s folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self, path: Path) -> IncomingFile:
        """Copy a file in; raises :class:`ReaderError` if it cannot be read."""
        check_importable(path)
        try:
            with path.open("rb") as source:
                modified = datetime.fromtimestamp(os.fstat(source.fileno()).st_mtime, UTC).date()
                chunks = iter(lambda: source.read(_CHUNK), b"")
                return self._store(chunks, path.name, path.stem, modified)
        except OSError as error:
            if error.filename in {None, str(path)}:
                raise unreadable(path, error) from error
            raise ReaderError(f"{path.name} cannot be copied into the library: {error.strerror}.") from error

    def take_text(self, text: str, name: str, modified: date) -> IncomingFile:
        """Keep a pasted text as if it were a file of that name."""
        return self._store(iter((text.encode("utf-8", "replace"),)), name, name, modified)

    def take_bytes(self, content: bytes, name: str, modified: date) -> IncomingFile:
        """Keep fetched bytes as if they were a file of that name."""
        return self._store(iter((content,)), name, Path(name).stem, modified)

    def keep_copy(self, content: Iterator[bytes], sha256: str) -> None:
        """Keep a file that another library kept, unless it is here or its bytes are not those that its digest names."""
        if self.path(sha256).exists():
            return
        incoming = self._store(content, sha256, sha256, date.min)
        if incoming.sha256 == sha256:
            self.keep(incoming)
        else:
            self.discard(incoming)

    def keep(self, incoming: IncomingFile) -> Path:
        """Give a copied file its final name; one that is there already has the same bytes and stays."""
        target = self.path(incoming.sha256)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.content.replace(target)
        flush_folder(target.parent)
        return target

    def discard(self, incoming: IncomingFile) -> None:
        """Remove a copied file that is not to be kept."""
        incoming.content.unlink(missing_ok=True)

    def path(self, sha256: str) -> Path:
        """Where the file with this digest stands."""
        return self.folder / sha256[:2] / sha256

    def unnamed(self, named: Set[str]) -> list[Path]:
        """The kept files that are not among the ``named`` ones (by their SHA-256), in the order of their names."""
        kept = sorted(self.folder.glob("??/*"))
        return [path for path in kept if len(path.name) == _DIGEST_LENGTH and path.name not in named]

    def prune(self, named: Set[str]) -> None:
        """Remove what is not among the ``named`` files; what cannot be removed now stays until the next time."""
        for path in self.unnamed(named):
            with suppress(OSError):
                path.unlink()
            with suppress(OSError):
                path.parent.rmdir()

    def _store(self, chunks: Iterator[bytes], file_name: str, stem: str, modified: date) -> IncomingFile:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        digest = hashlib.sha256()
        content = self.folder / f".incoming-{secrets.token_hex(6)}"  # its own name is known once all of it is read
        with replacing(content, flush_entry=False) as copy:
            for chunk in chunks:
                digest.update(chunk)
                copy.write(chunk)
        return IncomingFile(content, file_name, stem, digest.hexdigest(), modified)
