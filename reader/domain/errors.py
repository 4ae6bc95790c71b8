"""The errors a user can cause.

Each carries one clear sentence that says what is wrong and what to do. Anything else that is raised is a bug and is
reported as one.
"""


class ReaderError(Exception):
    """A user's mistake or a fault of the user's files; ``str(error)`` is the sentence to show."""


class ParseError(ReaderError):
    """A file that cannot be read as a listing; nothing of it is imported."""


class LibraryError(ReaderError):
    """A library that cannot be opened, written or understood."""


class LibraryBusyError(LibraryError):
    """The library is being written to by another process."""


class LibraryDamagedError(LibraryError):
    """A database file that is damaged, or none at all; a backup helps, trying again does not."""


class NotFoundError(ReaderError):
    """A key, tag or listing that is not in the library."""


class QueryError(ReaderError):
    """A query that is too long or too deep to run."""


class UndoRefusedError(ReaderError):
    """A step that can no longer be undone or redone because what it changed was changed since; nothing changed now."""


class WorkCancelledError(ReaderError):
    """The user thought better of some long work; nothing is changed by what was done of it."""

    def __init__(self, sentence: str = "Cancelled; nothing was changed.") -> None:
        super().__init__(sentence)
