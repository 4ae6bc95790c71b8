"""Where running Lecterns of one user meet: a private folder that lasts no longer than the session.

It is ``XDG_RUNTIME_DIR`` where the system has one, else a folder in the temporary one that nobody else can enter. A
library's socket is named by a hash of the library's path, because a socket's path may have some hundred bytes only
(``sun_path`` in unix(7)) while a library's may be of any length.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import secrets
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from reader.domain.errors import LibraryError

_LONGEST_ADDRESS = 100
_PAYLOAD = "payload-"
LARGEST_PAYLOAD = 256 << 20
"""Bytes of a message beyond which it is refused."""
_STALE_SECONDS = 3600.0


class NoRuntimeFolderError(LibraryError):
    """There is no folder that this user alone can use, so Lecterns cannot talk to each other."""


def runtime_folder() -> Path:
    """The folder, made if need be; raises :class:`NoRuntimeFolderError`."""
    candidates = [Path(tempfile.gettempdir()) / f"lectern-{_user()}"]
    session = os.environ.get("XDG_RUNTIME_DIR")
    if session and os.name == "posix":
        candidates.insert(0, Path(session) / "lectern")
    for folder in candidates:
        if len(os.fsencode(folder)) <= _LONGEST_ADDRESS - 22 and _make_private(folder):
            return folder
    raise NoRuntimeFolderError(f"The folder {candidates[-1]} is not this user's alone; remove it and try again.")


def address_of(library: Path) -> str:
    """Where the owner of a library listens: a socket's path, on Windows a named pipe."""
    digest = hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:16]
    if os.name == "nt":
        user = hashlib.sha256(_user().encode()).hexdigest()[:8]
        return rf"\\.\pipe\lectern-{user}-{digest}"
    return str(runtime_folder() / f"{digest}.sock")


def put_payload(data: bytes) -> str:
    """Lay down what is too large for a message, readable by this user only; the name to send instead."""
    name = _PAYLOAD + secrets.token_hex(16)
    descriptor = os.open(runtime_folder() / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return name


def take_payload(name: str) -> bytes:
    """Read and remove what was laid down; raises OSError, or ValueError for what :func:`put_payload` never made."""
    if not name.startswith(_PAYLOAD) or not name.removeprefix(_PAYLOAD).isalnum():
        raise ValueError("no payload's name")
    path = runtime_folder() / name
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _BINARY)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or not _is_ours(status) or status.st_size > LARGEST_PAYLOAD:
            raise ValueError("no payload of ours")
        data = file.read(LARGEST_PAYLOAD)
    path.unlink(missing_ok=True)
    return data


def remove_stale_payloads() -> None:
    """Remove what crashes left behind."""
    oldest = time.time() - _STALE_SECONDS
    for path in runtime_folder().glob(f"{_PAYLOAD}*"):
        with suppress(OSError):
            if path.stat(follow_symlinks=False).st_mtime < oldest:
                path.unlink()


def _make_private(folder: Path) -> bool:
    """Make a folder that is this user's alone; whether it is one. A link or another's folder is not touched."""
    with suppress(FileExistsError):
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            if not isinstance(error, FileExistsError):
                return False
    try:
        status = folder.stat(follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and _is_ours(status)


def _is_ours(status: os.stat_result) -> bool:
    """Whether a file or folder is this user's and closed to others; Windows keeps temporary folders apart itself."""
    if os.name != "posix":
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o077


def _user() -> str:
    return str(os.getuid()) if os.name == "posix" else getpass.getuser()


_BINARY = getattr(os, "O_BINARY", 0)
