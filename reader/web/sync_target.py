"""Addresses at which libraries meet: WebDAV, S3 and SFTP, through fsspec and the packages of ``lectern[remote]``.

Nothing is imported or called before such an address is used. An address may name a user; passwords come from elsewhere:
from the keyring or file in which Lectern keeps them, from ``~/.netrc`` for WebDAV, from the files and variables of
AWS's own programs for S3, from the agent and keys of ``~/.ssh`` for SFTP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from reader.domain.errors import ReaderError, SyncTargetMissingError
from reader.domain.sync_targets import (
    DEVICE_FOLDERS,
    HEADER_NAME,
    LARGEST_FILE,
    PACK_FOLDER,
    TargetFile,
    is_own,
    may_be_of_use,
    parts_of,
    without_password,
)
from reader.web.sync_troubles import sentence

PATIENCE = 30.0
"""Seconds that a server may take to accept a connection, and to answer."""

_MODULES = {
    **dict.fromkeys(("http", "https", "webdav", "webdavs", "dav", "davs"), "webdav4"),
    "s3": "s3fs",
    "sftp": "sshfs",
    "ssh": "sshfs",
}
_MARKS = ("etag", "ETag", "modified", "LastModified", "mtime")


def remote_target(address: str, password: str = "", patience: float = PATIENCE) -> RemoteTarget:
    """The target at an address. Raises :class:`ReaderError` for addresses of another kind, or a missing extra."""
    address, given = without_password(address)
    parts = urlsplit(address)
    if parts.scheme not in _MODULES:
        raise ReaderError(
            f"“{parts.scheme}://” is not supported; use a folder, or an address with https://, s3:// or sftp://."
        )
    if not parts.hostname:
        raise ReaderError(f"“{address}” names no host; write it like https://cloud.example.org/dav/lectern.")
    from importlib.util import find_spec

    if find_spec(_MODULES[parts.scheme]) is None:
        raise ReaderError(
            "Synchronising with an address needs more packages; install them with pip install 'lectern[remote]'."
        )
    return RemoteTarget(address, given or password, patience)


class RemoteTarget:
    """Files at an address; see :class:`reader.domain.sync_targets.Target`."""

    is_remote = True

    def __init__(self, address: str, password: str, patience: float) -> None:
        """Nothing is called yet."""
        from reader.web import sync_connections

        self.address, self.password = address, password
        self._host = urlsplit(address).hostname or address
        self._connecting = sync_connections.connecting(address, password, patience)
        self._connection: sync_connections.Connection | None = None

    def files(self) -> Sequence[TargetFile]:
        """All files of devices and all packs; none where there is no such folder yet."""
        with self._reached() as system:
            found = [file for entry in self._listed(system, PACK_FOLDER) for file in _as_files(entry, PACK_FOLDER)]
            for device in self._listed(system, DEVICE_FOLDERS):
                folder = f"{DEVICE_FOLDERS}/{_base(device)}"
                if device["type"] == "directory" and may_be_of_use(folder):
                    found += [file for entry in self._listed(system, folder) for file in _as_files(entry, folder)]
        return sorted(found, key=lambda file: file.name)

    def get(self, name: str) -> bytes | None:
        """A file's bytes; None if it is not here."""
        with self._reached() as system, suppress(FileNotFoundError), system.open(self._path(name), "rb") as file:
            return bytes(file.read(LARGEST_FILE + 1))
        return None

    def put(self, name: str, data: bytes) -> None:
        """Write a file; where the server would keep a part of it, under another name first."""
        with self._reached() as system:
            self._write(system, self._path(name), data)

    def begin(self, header: bytes) -> bytes:
        """Make the folder and its header, if they are missing; the header."""
        with self._reached() as system:
            with suppress(FileNotFoundError):
                return bytes(system.cat_file(self._path(HEADER_NAME)))
            self._write(system, self._path(HEADER_NAME), header)
        return header

    def delete(self, device: str, name: str) -> None:
        """Delete a file of the device's own; where that fails it is tried again another time."""
        if not is_own(device, name):
            raise ValueError(name)
        with suppress(ReaderError), self._reached() as system, suppress(FileNotFoundError):
            system.rm_file(self._path(name))

    def close(self) -> None:
        """End the connections."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*self._connecting.errors):
                connection.close()

    @property
    def _root(self) -> str:
        return self._connection.root if self._connection else ""

    def _path(self, name: str) -> str:
        parts_of(name)
        return f"{self._root}/{name}" if self._root else name

    def _write(self, system: Any, path: str, data: bytes) -> None:
        assert self._connection is not None
        folder, _, base = path.rpartition("/")
        if self._connection.has_folders and folder:
            system.makedirs(folder, exist_ok=True)
        if self._connection.renames:
            written = f"{folder}/.{base}.tmp"
            system.pipe_file(written, data)
            system.mv(written, path)
        else:
            system.pipe_file(path, data)

    def _listed(self, system: Any, name: str) -> list[dict[str, Any]]:
        with suppress(FileNotFoundError):
            return list(system.ls(self._path(name), detail=True))
        return []

    @contextmanager
    def _reached(self) -> Iterator[Any]:
        """The file system; what goes wrong with it becomes a sentence."""
        try:
            if self._connection is None:
                self._connection = self._connecting.connect()
            yield self._connection.system
        except self._connecting.errors as error:
            raise SyncTargetMissingError(sentence(error, self._host)) from error


def _as_files(entry: dict[str, Any], folder: str) -> Iterator[TargetFile]:
    base = _base(entry)
    if entry["type"] == "file" and may_be_of_use(base):
        mark = next((str(entry[name]) for name in _MARKS if entry.get(name)), "")
        yield TargetFile(f"{folder}/{base}", entry.get("size") or 0, mark)


def _base(entry: dict[str, Any]) -> str:
    return str(entry["name"]).rstrip("/").rpartition("/")[2]
