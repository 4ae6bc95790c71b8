"""Calls of the network on behalf of a library, which remembers how long hosts want none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled
from reader.domain.errors import LibraryError
from reader.storage.store import LibraryStore

if TYPE_CHECKING:
    from reader.web.client import Client


def new_client(cancelled: Cancelled) -> Client:
    """What calls the network, with the system's clock."""
    from reader.web.client import Client

    return Client(cancelled=cancelled)


@contextmanager
def calling(
    store: LibraryStore, cancelled: Cancelled, make: Callable[[Cancelled], Client] = new_client
) -> Iterator[Client]:
    """A client that leaves hosts alone which asked for that, today or in an earlier run; closed at the end."""
    with make(cancelled) as client:
        for host, pause in store.host_pauses.all().items():
            client.hold(host, *pause)
        try:
            yield client
        finally:
            if pauses := client.held():
                with suppress(LibraryError):  # then only this run knows
                    store.host_pauses.note(pauses)
