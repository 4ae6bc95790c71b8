"""Messages between two Lecterns of one user: framed JSON over a Unix socket, on Windows over a named pipe.

A frame is a length and at most 64 KiB of JSON; what is larger travels in a private file that the frame names. The
frames are those of :mod:`multiprocessing.connection`, of which only bytes are sent and never a pickle.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from contextlib import suppress
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from reader.domain.errors import ReaderError
from reader.services.process.runtime_folder import put_payload, take_payload

CANCEL, GO = "cancel", "go"
PROTOCOL = 1
"""Raised when messages change; Lecterns of different numbers refuse each other with a sentence."""
LARGEST_MESSAGE = 64 << 10
_PAYLOAD_KEY = "payload"
_PENDING_CONNECTIONS = 32
_SEND_SECONDS = 10

Message = dict[str, Any]


class ChannelClosedError(ReaderError):
    """The other side has gone, or sent what is no message."""

    def __init__(self) -> None:
        super().__init__("The other Lectern has gone in the middle of this; look what was done, and try again.")


class Channel:
    """A connection on which messages go both ways. One thread sends, one receives."""

    def __init__(self, connection: Connection) -> None:
        """Take over a connection."""
        self._connection = connection
        _limit_waiting(connection)

    def send(self, message: Message) -> None:
        """Send a message; raises :class:`ChannelClosedError`."""
        data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        try:
            if len(data) > LARGEST_MESSAGE:
                data = json.dumps({_PAYLOAD_KEY: put_payload(data)}).encode()
            self._connection.send_bytes(data)
        except (OSError, ValueError) as error:
            raise ChannelClosedError from error

    def receive(self, timeout: float | None = None) -> Message | None:
        """The next message; None if there is none in time. Raises :class:`ChannelClosedError`."""
        try:
            if not self._connection.poll(timeout):
                return None
            message = _decoded(self._connection.recv_bytes(LARGEST_MESSAGE))
            if isinstance(message.get(_PAYLOAD_KEY), str):
                message = _decoded(take_payload(message[_PAYLOAD_KEY]))
        except (OSError, EOFError, ValueError, RecursionError) as error:
            self.close()
            raise ChannelClosedError from error
        return message

    def wants_to_stop(self) -> bool:
        """Whether the other side has asked to stop what it waits for, or has gone."""
        try:
            message = self.receive(0)
        except ChannelClosedError:
            return True
        return message is not None and message.get("type") == CANCEL

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._connection.close()


def open_channel(address: str) -> Channel | None:
    """A channel to whoever listens at an address; None if nobody does, or if it is not this user."""
    try:
        connection = Client(address, family=_FAMILY)
    except (OSError, EOFError):
        return None
    channel = Channel(connection)
    if not is_same_user(connection):
        channel.close()
        return None
    return channel


def open_listener(address: str) -> Listener:
    """Listen at an address, in place of a dead socket; only for who holds the library's lock. Raises OSError."""
    if _FAMILY == "AF_UNIX":
        Path(address).unlink(missing_ok=True)
    listener = Listener(address, family=_FAMILY, backlog=_PENDING_CONNECTIONS)
    if _FAMILY == "AF_UNIX":
        Path(address).chmod(0o600)
    return listener


def is_same_user(connection: Connection) -> bool:
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
    limit = struct.pack("ll", _SEND_SECONDS, 0)
    with socket.socket(fileno=os.dup(connection.fileno())) as own:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def _decoded(data: bytes) -> Message:
    message = json.loads(data)
    if not isinstance(message, dict):
        raise ValueError("no message")
    return message


_FAMILY = "AF_PIPE" if sys.platform == "win32" else "AF_UNIX"
