"""Handing files over to the window that has a library open: one message there and one word back.

Over a Unix socket, on Windows over a named pipe, with the frames of :mod:`multiprocessing.connection`, of which only
bytes are sent and never a pickle.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

from reader.domain.errors import LibraryBusyError
from reader.services.process.lock import LibraryLock
from reader.services.process.runtime_folder import NoRuntimeFolderError, address_of

PROTOCOL = 2
"""Raised when messages change; Lecterns of different numbers refuse each other with a sentence."""
LARGEST_MESSAGE = 4 << 20
ACCEPTED, CLOSING, STRANGE = b"accepted", b"closing", b"another version"
_ANSWER_SECONDS = 2.0
_REQUEST_SECONDS = 5.0
_FRAME_SECONDS = 10
_PENDING_CONNECTIONS = 32
_ACTIVATION = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"

TakeFiles = Callable[[Sequence[Path], str], bool]
"""Takes files, and the token with which a window may come to the front; whether it was not too late for that."""


def hand_over(lock: LibraryLock, files: Sequence[Path]) -> bool:
    """Hand files over to the window that holds a library's lock; whether there is one who took them.

    Raises :class:`LibraryBusyError` for a window of another version.
    """
    activation = next((os.environ[name] for name in _ACTIVATION if os.environ.get(name)), "")
    message = {"protocol": PROTOCOL, "files": [str(file) for file in files], "activation": activation}
    answer = _ask(_address_of_holder(lock), json.dumps(message).encode())
    if answer == STRANGE:
        raise LibraryBusyError("The window that is open is of another version of Lectern; close it and try again.")
    return answer == ACCEPTED


def is_reached(address: str) -> bool:
    """Whether somebody listens at an address; a listener that waits for callers goes on."""
    try:
        Client(address, family=_FAMILY).close()
    except (OSError, EOFError):
        return False
    return True


def open_listener(address: str) -> Listener:
    """Listen at an address, in place of a dead socket; only for who holds the library's lock. Raises OSError."""
    if _FAMILY == "AF_UNIX":
        Path(address).unlink(missing_ok=True)
    listener = Listener(address, family=_FAMILY, backlog=_PENDING_CONNECTIONS)
    if _FAMILY == "AF_UNIX":
        Path(address).chmod(0o600)
    return listener


def answer(connection: Connection, take: TakeFiles) -> None:
    """Hear a caller out, who may be anybody, and have its files taken."""
    with connection, suppress(OSError, EOFError):
        _limit_waiting(connection)
        if not _is_same_user(connection) or not connection.poll(_REQUEST_SECONDS):
            return
        connection.send_bytes(_answer_to(connection.recv_bytes(LARGEST_MESSAGE), take))


def _answer_to(data: bytes, take: TakeFiles) -> bytes:
    try:
        message = json.loads(data)
        names, activation = message["files"], message["activation"]
        if message["protocol"] == PROTOCOL:
            return ACCEPTED if take([Path(_checked(name)) for name in names], _checked(activation)) else CLOSING
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return STRANGE


def _checked(text: object) -> str:
    if not isinstance(text, str) or "\0" in text:
        raise ValueError("no name of a file")
    return text


def _ask(address: str | None, message: bytes) -> bytes | None:
    """Send a message, and wait for the answer; None if nobody of this user answers."""
    if address is None:
        return None
    try:
        with Client(address, family=_FAMILY) as connection:
            _limit_waiting(connection)
            if _is_same_user(connection):
                connection.send_bytes(message)
                if connection.poll(_ANSWER_SECONDS):
                    return connection.recv_bytes(LARGEST_MESSAGE)
    except (OSError, EOFError):
        pass
    return None


def _address_of_holder(lock: LibraryLock) -> str | None:
    """Where the lock's holder says it listens, or where it would by our own reckoning."""
    holder = lock.holder()
    if holder is not None and holder.address is not None:
        return holder.address
    try:
        return address_of(lock.path.parent)
    except NoRuntimeFolderError:
        return None


def _is_same_user(connection: Connection) -> bool:
    """Whether the other side runs as this user, where the system tells (Linux); folders and pipes see to it too."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    with socket.socket(fileno=os.dup(connection.fileno())) as own:
        credentials = own.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == os.getuid())


def _limit_waiting(connection: Connection) -> None:
    """Have the system give up a read or a write within one frame that the other side does not go on with."""
    if _FAMILY != "AF_UNIX":
        return
    limit = struct.pack("ll", _FRAME_SECONDS, 0)
    with socket.socket(fileno=os.dup(connection.fileno())) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
