"""Where running Lecterns of one user meet: a private folder that lasts no longer than the session.

It is ``XDG_RUNTIME_DIR`` where the system has one, else a folder in the temporary one that nobody else can enter. A
library's socket is named by a hash of the library's path, because a socket's path may have some hundred bytes only
(``sun_path`` in unix(7)) while a library's may be of any length.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from reader.domain.errors import LibraryError

_LONGEST_ADDRESS = 100


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
    # Windows keeps temporary folders apart itself.
    is_private = os.name != "posix" or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
    return stat.S_ISDIR(status.st_mode) and is_private


def _user() -> str:
    return str(os.getuid()) if os.name == "posix" else getpass.getuser()
