"""Bundles: a library in one file, for another machine.

A bundle is a ZIP archive with ``bundle.json`` (what it is, and the SHA-256 of what it holds), a database snapshot, the
imported files, settings and the user's templates; no index, which is a cache for one machine. Every bundle is read as
hostile: every name must be one of those expected, so that nothing leaves the folder it is unpacked into; links,
encrypted and repeated entries are refused, as is what would unpack to far more than it takes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from reader import __version__
from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError, ReaderError, WorkCancelledError
from reader.files import flush_folder, replacing
from reader.services.library.permissions import make_private_folder
from reader.storage.copies.privacy import leave_out_devices
from reader.storage.copies.soundness import check_library_file, count_papers, make_harmless
from reader.storage.sources import named_sources_of

MANIFEST, DATABASE, SETTINGS = "bundle.json", "library.db", "settings.toml"
ENDING = ".lectern"
FORMAT = 1
_SOURCES = "sources/"
_FOLDERS = {"sources", "note-templates", "export-templates"}
_NAME = re.compile(
    r"bundle\.json|library\.db|settings\.toml|sources/([0-9a-f]{2})/(\1[0-9a-f]{62})"
    r"|(?:note|export)-templates/[^/\\:\0]{1,100}"
)
_MOST_ENTRIES = 500_000
_LARGEST_MANIFEST = 1 << 20
_LARGEST_SETTINGS = 4 << 20
_MOST_GROWTH = 400
"""How many times its size an entry may unpack to; databases and texts stay far below."""
_SMALL = 1 << 20
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNREADABLE = (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error)
"""What reading a damaged archive raises."""


class BundleError(ReaderError):
    """A file that is no bundle, or that cannot be trusted; nothing was changed."""


@dataclass(frozen=True, slots=True)
class BundleSummary:
    """A bundle: where it is, when it was made (ISO 8601, UTC), by which version, and how many papers it holds."""

    path: Path
    made: str
    version: str
    paper_count: int


def write_bundle(
    library: Path, snapshot: Path, target: Path, now: datetime, cancelled: Cancelled = never
) -> BundleSummary:
    """Write the library in the folder ``library`` into a new file; ``snapshot`` is a copy of its database.

    Raises :class:`BundleError` if the file exists or cannot be written, and
    :class:`~reader.domain.errors.WorkCancelledError`, nothing left behind, once ``cancelled`` says so.
    """
    if target.exists():
        raise BundleError(f"There is a file {target} already; choose another name.")
    try:
        files = {DATABASE: snapshot, **{name: library / name for name in _files_of(library, snapshot)}}
        described = _describe(files, now)
        with replacing(target) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                _add(archive, MANIFEST, io.BytesIO(json.dumps(described, indent=1).encode()), cancelled)
                for name, path in files.items():
                    with path.open("rb") as source:
                        _add(archive, name, source, cancelled)
            file.flush()
            with open_bundle(Path(file.name)):
                pass  # it can be read again
    except OSError as error:
        raise BundleError(f"The bundle {target} cannot be written: {error.strerror or error}.") from error
    return BundleSummary(target, described["made"], __version__, described["papers"])


class OpenBundle:
    """A bundle whose entries were checked; :func:`open_bundle` makes these."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, described: dict[str, Any]) -> None:
        self._archive, self._described = archive, described
        self.summary = BundleSummary(
            path, str(described["made"])[:40], str(described["version"])[:40], int(described["papers"])
        )

    def unpack(self, folder: Path, cancelled: Cancelled = never) -> None:
        """Unpack everything into a new folder, checked; on failure nothing is left. Raises :class:`BundleError`.

        Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        folder.parent.mkdir(parents=True, exist_ok=True)
        needed = sum(info.file_size for info in self._archive.infolist())
        if needed > shutil.disk_usage(folder.parent).free:
            raise BundleError(f"Unpacked, the bundle would take {needed >> 20:,} MB, more than there is room for.")
        try:
            with tempfile.TemporaryDirectory(
                prefix=".unpacking-", dir=folder.parent, ignore_cleanup_errors=True
            ) as place:
                unpacked = Path(place) / "library"
                for info in self._archive.infolist():
                    if cancelled():
                        raise WorkCancelledError
                    if info.filename != MANIFEST:
                        self._unpack_entry(info, unpacked.joinpath(*PurePosixPath(info.filename).parts))
                self._check_database(unpacked / DATABASE)
                if folder.exists():
                    folder.rmdir()
                unpacked.rename(folder)
            flush_folder(folder.parent)
        except OSError as error:
            raise BundleError(f"The bundle cannot be unpacked into {folder}: {error.strerror or error}.") from error

    def unpack_database(self, target: Path) -> None:
        """Unpack just the database into a new file, checked."""
        try:
            self._unpack_entry(self._archive.getinfo(DATABASE), target)
        except OSError as error:
            raise BundleError(f"The bundle cannot be unpacked: {error.strerror or error}.") from error
        self._check_database(target)

    def sources(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """The imported files, each with its SHA-256, which whoever reads the bytes has to compare."""
        for info in self._archive.infolist():
            if info.filename.startswith(_SOURCES):
                yield PurePosixPath(info.filename).name, self._content(info)

    def _unpack_entry(self, info: zipfile.ZipInfo, target: Path) -> None:
        """Unpack one entry into a private file; its bytes must be those that its name or the manifest promises."""
        name = info.filename
        make_private_folder(target.parent)
        digest = hashlib.sha256()
        with replacing(target, flush_entry=False) as copy:
            for chunk in self._content(info):
                digest.update(chunk)
                copy.write(chunk)
            if digest.hexdigest() != self._described["files"].get(name, PurePosixPath(name).name):
                raise BundleError(f"The bundle is damaged: {name} is not what it was.")

    def _content(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """An entry's bytes, in pieces; raises :class:`BundleError` where they are damaged, or more than it says."""
        left = info.file_size
        try:
            with self._archive.open(info) as source:
                while chunk := source.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise BundleError(f"The bundle is damaged: {info.filename} is larger than it says.")
                    yield chunk
        except _UNREADABLE as error:
            raise BundleError(f"The bundle is damaged: {info.filename} cannot be unpacked.") from error

    def _check_database(self, database: Path) -> None:
        """Raise unless the unpacked database is a library; drop its triggers, and what it says of its devices."""
        make_harmless(database)
        check_library_file(database)
        leave_out_devices(database)


@contextmanager
def open_bundle(path: Path) -> Iterator[OpenBundle]:
    """A bundle, checked before anything of it is unpacked; raises :class:`BundleError`."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BundleError(f"{path} is no bundle of Lectern, or it is damaged; choose another file.") from error
    with archive:
        _check_entries(archive, path)
        yield OpenBundle(path, archive, _read_manifest(archive))


def _check_entries(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse names, kinds and sizes that no bundle has."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    packed = sum(entry.compress_size for entry in entries)
    needed = sum(entry.file_size for entry in entries)
    room = shutil.disk_usage(path.parent).free + packed * 4
    for is_wrong, reason in (
        (not {MANIFEST, DATABASE} <= set(names), "is no bundle of Lectern; choose another file"),
        (
            len(entries) > _MOST_ENTRIES or len({name.casefold() for name in names}) < len(names),
            "is refused: it has too many entries, or one of them twice",
        ),
        (packed > path.stat().st_size, "is refused: its entries overlap"),
        (
            needed > max(room, _SMALL),
            f"is refused: unpacked it would take {needed >> 20:,} MB, more than there is room",
        ),
    ):
        if is_wrong:
            raise BundleError(f"{path.name} {reason}.")
    for entry in entries:
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    is_named = _NAME.fullmatch(name) and not name.endswith((" ", ".")) and all(ord(char) >= 32 for char in name)
    is_file = stat.S_IFMT(entry.external_attr >> 16) in {0, stat.S_IFREG} and not entry.is_dir()
    for is_right, reason in (
        (is_named, "does not belong in one"),
        (is_file, "is a link or a device, not a file"),
        (not entry.flag_bits & 0x1, "is encrypted"),
        (entry.file_size <= max(_SMALL, entry.compress_size * _MOST_GROWTH), "would unpack to far more than it takes"),
        (name != SETTINGS or entry.file_size <= _LARGEST_SETTINGS, "is too large"),
    ):
        if not is_right:
            raise BundleError(f"The bundle is refused: “{name[:80]}” {reason}.")


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with archive.open(MANIFEST) as file:
            described = json.loads(file.read(_LARGEST_MANIFEST))
        if not isinstance(described["format"], int) or not isinstance(described["files"], dict):
            raise TypeError("no manifest")
        int(described["papers"]), described["made"], described["version"], described["files"][DATABASE]
    except (ValueError, KeyError, TypeError, OSError, RecursionError, *_UNREADABLE) as error:
        raise BundleError("The bundle is damaged: its description cannot be read.") from error
    if described["format"] > FORMAT:
        raise BundleError("This bundle was made by a newer Lectern; update Lectern to open it.")
    return dict(described)


def _describe(files: dict[str, Path], now: datetime) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "made": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "papers": count_papers(files[DATABASE]),
        "files": {name: _digest(path) for name, path in files.items() if not name.startswith(_SOURCES)},
    }


def _files_of(library: Path, snapshot: Path) -> list[str]:
    """The names, in a bundle, of what a library's folder holds beside its database; of imported files those named."""
    needed = named_sources_of(snapshot)
    found = [
        library / SETTINGS,
        *(path for folder in sorted(_FOLDERS) for path in sorted((library / folder).rglob("*"))),
    ]
    names = [path.relative_to(library).as_posix() for path in found if path.is_file() and not path.is_symlink()]
    return [
        name
        for name in names
        if _NAME.fullmatch(name)
        and not PurePosixPath(name).name.startswith(".")
        and (not name.startswith(_SOURCES) or PurePosixPath(name).name in needed)
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: zipfile.ZipFile, name: str, source: IO[bytes], cancelled: Cancelled) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    with archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            if cancelled():
                raise WorkCancelledError
            target.write(chunk)


def free_folder(folder: Path) -> bool:
    """Whether a bundle may be unpacked into a folder: there is none, or it is empty."""
    try:
        return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    except OSError as error:
        raise LibraryError(f"The folder {folder} cannot be read: {error.strerror or error}.") from error
