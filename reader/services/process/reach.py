"""Reaching the owner of a library from another process: handing files over, and having operations carried out."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from reader.domain.errors import LibraryBusyError
from reader.services.process.lock import LibraryLock
from reader.services.process.messages import CANCEL, GO, PROTOCOL, Channel, ChannelClosedError, Message, open_channel
from reader.services.process.operations import (
    Call,
    call_to_json,
    error_from_json,
    progress_from_json,
    result_from_json,
)
from reader.services.process.runtime_folder import NoRuntimeFolderError, address_of

_ANSWER_SECONDS = 2.0
_ACTIVATION = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")
_LOOK_SECONDS = 0.1


def reach(address: str) -> Channel | None:
    """A channel to whoever listens at an address, if anybody does."""
    return open_channel(address)


def hand_over(lock: LibraryLock, files: Sequence[Path]) -> bool:
    """Hand files over to the owner of a library; whether there is one who took them."""
    activation = next((os.environ[name] for name in _ACTIVATION if os.environ.get(name)), "")
    request = {"type": "open", "files": [str(file) for file in files], "activation": activation}
    channel = _ask(lock, request)
    if channel is None:
        return False
    channel.close()
    return True


def start_call(lock: LibraryLock, call: Call) -> OwnersWork | None:
    """Ask the owner of a library to carry out an operation; None if there is no owner who answers.

    Raises what the owner says against the asking itself.
    """
    channel = _ask(lock, {"type": "call", "call": call_to_json(call)})
    if channel is None:
        return None
    channel.send({"type": GO})
    return OwnersWork(call, channel)


class OwnersWork:
    """An operation that the owner of the library is carrying out."""

    def __init__(self, call: Call, channel: Channel) -> None:
        self._call = call
        self._channel = channel

    def result(self) -> Any:
        """Wait for its result; raises what it raised."""
        steps = self.steps(lambda: False)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value

    def steps(self, cancelled: Callable[[], bool]) -> Generator[Any, None, Any]:
        """Its progress, then its result; ends early if ``cancelled`` says so."""
        with closing(self._channel):
            told = False
            while True:
                if not told and cancelled():
                    told = True
                    self._channel.send({"type": CANCEL})
                message = self._channel.receive(_LOOK_SECONDS)
                if message is None:
                    continue
                if message.get("type") == "progress":
                    yield progress_from_json(self._call.name, message.get("progress"))
                elif message.get("type") == "result":
                    return result_from_json(self._call.name, message.get("result"))
                elif message.get("type") == "error":
                    raise error_from_json(message.get("error"))


def _ask(lock: LibraryLock, request: Message) -> Channel | None:
    """Send a request to who holds the lock; the channel once it is accepted, None if nobody answers."""
    channel = _channel_to_holder(lock)
    if channel is None:
        return None
    try:
        channel.send({"protocol": PROTOCOL, **request})
        answer = channel.receive(_ANSWER_SECONDS)
    except ChannelClosedError:
        answer = None
    if answer is not None and answer.get("type") == "accepted":
        return channel
    channel.close()
    if answer is not None and answer.get("type") == "error":
        raise LibraryBusyError(str(error_from_json(answer.get("error"))))
    return None


def _channel_to_holder(lock: LibraryLock) -> Channel | None:
    """A channel to where the lock's holder says it listens, or where it would by our own reckoning."""
    holder = lock.holder()
    if holder is not None and holder.address is not None:
        return reach(holder.address)
    try:
        return reach(address_of(lock.path.parent))
    except NoRuntimeFolderError:
        return None
