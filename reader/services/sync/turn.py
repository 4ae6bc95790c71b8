"""Whose turn it is to synchronise: one process at a time does so with a library."""

from __future__ import annotations

from pathlib import Path

from reader.services.process.turn import Turn

_LOCK_NAME = "library.sync"


class SyncTurn(Turn):
    """The lock of a process that synchronises. For one thread at a time."""

    def __init__(self, folder: Path, program: str) -> None:
        """``program`` is what others are told that synchronises the library in ``folder``."""
        super().__init__(folder / _LOCK_NAME, program, "The library is being synchronised by {} already; wait for it.")
