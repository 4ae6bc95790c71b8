"""Whose turn it is to fetch: one process at a time fetches into a library."""

from __future__ import annotations

from pathlib import Path

from reader.services.process.turn import Turn

_LOCK_NAME = "library.fetch"


class FetchTurn(Turn):
    """The lock of a process that fetches. For one thread at a time."""

    def __init__(self, folder: Path, program: str) -> None:
        """``program`` is what others are told that fetches into the library in ``folder``."""
        super().__init__(folder / _LOCK_NAME, program, "The subscriptions are being fetched by {} already.")
