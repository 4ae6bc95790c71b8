"""Errors that users can cause.

Each has one clear sentence that says what is wrong and what to do. Any other exception is a bug and is reported as one.
"""

from __future__ import annotations

from enum import Enum, auto


class ReaderError(Exception):
    """A mistake of the user or a fault in the user's files; ``str(error)`` is the sentence to show."""


class ParseError(ReaderError):
    """A file that cannot be read as a listing; nothing of it is imported."""


class LibraryError(ReaderError):
    """A library that cannot be opened, written or understood."""


class LibraryBusyError(LibraryError):
    """The library is being written to by another process."""


class LibraryDamagedError(LibraryError):
    """The database file is damaged or is not a database. A backup helps; trying again does not."""


class NotFoundError(ReaderError):
    """A key, tag or listing that is not in the library."""


class UndoRefusedError(ReaderError):
    """A step cannot be undone or redone because the same data was changed since; nothing was changed."""


class FetchError(ReaderError):
    """A page could not be fetched, and nothing of it was kept.

    ``retry_at`` is the number of seconds after which its server allows the next request; None if it does not say.
    """

    def __init__(self, sentence: str, retry_at: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_at = retry_at


class SyncTargetMissingError(ReaderError):
    """The folder or address that a library is synchronised with cannot be reached now; nothing was changed or lost."""


class Fault(Enum):
    """What is wrong with a file of synchronising."""

    DAMAGED = auto()
    """Cut off or changed on its way: it may still arrive whole."""
    UNKNOWN = auto()
    """Nothing that Lectern wrote."""
    NEWER = auto()
    """Written by a newer version of Lectern."""
    SEALED = auto()
    """Sealed with another passphrase, or with one where there should be none, or the other way round."""


class SyncFileError(ReaderError):
    """A file of synchronising that cannot be read; nothing of it is taken over."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


class WorkCancelledError(ReaderError):
    """The user cancelled long work; its partial result was not kept."""

    def __init__(self, sentence: str = "Cancelled; nothing was changed.") -> None:
        super().__init__(sentence)
