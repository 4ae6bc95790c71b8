"""The library's database: this class is the whole public face of :mod:`reader.storage`.

One writer, whose transactions are undoable steps; any number of readers, one connection per thread. Every mutation
first drops what is in its target state already, happens in full or not at all, and returns the
:class:`~reader.domain.changes.Change` it made. It is its own step, unless it runs inside :meth:`LibraryStore.operation`
(or :meth:`~LibraryStore.transaction`) and so joins that one; reads in there see what was written so far.

All methods raise :class:`~reader.domain.errors.LibraryError` where the database cannot be read or written, its child
:class:`~reader.domain.errors.LibraryBusyError` while another process writes, and
:class:`~reader.domain.errors.LibraryDamagedError` where it is corrupt. Paper ids that do not exist are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reader.domain.errors import LibraryError
from reader.storage.access import utc_now
from reader.storage.copies.transfer import Transfers
from reader.storage.copies.upkeep import Upkeep
from reader.storage.exports import ExportLog
from reader.storage.highlights import Labels, StoredHighlights
from reader.storage.index_texts import IndexTexts
from reader.storage.journal import undo as undo_journal
from reader.storage.journal.history import StoredHistory
from reader.storage.journal.journal import AUTOMATIC, OperationHandle, RehearsalAwaitedError
from reader.storage.listings import StoredListings
from reader.storage.mute_rules import StoredMutes
from reader.storage.note_links import StoredNoteLinks
from reader.storage.notes import StoredNotes
from reader.storage.paper_states import StoredStates
from reader.storage.papers import StoredPapers
from reader.storage.queue import StoredQueue
from reader.storage.saved_searches import StoredSearches
from reader.storage.statistics import Statistics
from reader.storage.tags import StoredTags
from reader.storage.views import StoredViews
from reader.storage.writer import Clock

__all__ = ["AUTOMATIC", "LibraryStore", "OperationHandle", "RehearsalAwaitedError"]

BATCH = 500


class LibraryStore(Upkeep):
    """A library's open database file. Any thread may use it; writes wait for each other."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Clock = utc_now,
        read_only: bool = False,
        program: str = "Lectern",
        before_writing: Callable[[], None] | None = None,
    ) -> None:
        """Open a library, made (file 0600, folder 0700) if it is missing, its schema brought up to date after a
        verified backup into ``backups/``. With ``read_only`` nothing is written, and neither is allowed, unless there
        is something to call ``before_writing`` for the first time. ``program`` is what other processes hear of.

        Raises :class:`LibraryError` for what is no library, a newer Lectern's (its bytes stay as they are), or locked.
        """
        super().__init__(path, clock, read_only=read_only, program=program, before_writing=before_writing)
        self.papers = StoredPapers(self)
        self.states = StoredStates(self)
        self.views = StoredViews(self)
        self.listings = StoredListings(self)
        self.tags = StoredTags(self)
        self.notes = StoredNotes(self)
        self.note_links = StoredNoteLinks(self)
        self.highlights = StoredHighlights(self)
        self.labels = Labels(self)
        self.queue = StoredQueue(self)
        self.searches = StoredSearches(self)
        self.mutes = StoredMutes(self)
        self.history = StoredHistory(self)
        self.statistics = Statistics(self)
        self.texts = IndexTexts(self)
        self.exports = ExportLog(self.read, lambda: self._journal.unrecorded())
        """What was exported where, and citation keys."""
        self.transfers = Transfers(self.read, lambda operation: self._journal.step(operation))
        """Everything as values for another library, and taking over such."""

    # Operations

    def begin_operation(self, title: str, kind: str = "edit", *, merge_key: str | None = None) -> OperationHandle:
        """A step that may span several transactions, such as an import of several files. Writes nothing yet.

        Kind :data:`AUTOMATIC` makes no step. With a ``merge_key`` the changes join the last step if it has the same.
        """
        return OperationHandle(title, kind, merge_key)

    @contextmanager
    def transaction(self, operation: OperationHandle) -> Iterator[OperationHandle]:
        """A transaction of a step: all mutations in the block happen or none; ``operation.change`` tells what did."""
        with self._journal.step(operation):
            yield operation

    @contextmanager
    def rehearsal(self, operation: OperationHandle) -> Iterator[OperationHandle]:
        """A transaction of a step that the block rolls back by raising something.

        :meth:`breathe` ends it by :class:`RehearsalAwaitedError` where another process waits to write.
        """
        with self._journal.rehearsal(operation):
            yield operation

    def breathe(self) -> bool:
        """Let another process write that waits for the present step."""
        return self._journal.breathe()

    def take_back_unfinished(self) -> None:
        """Take back what steps have left that were interrupted; only while no process can be at work on one."""
        if self.read(undo_journal.is_unfinished):
            while True:
                with self._journal.unrecorded(alone=True) as writer:
                    if not undo_journal.take_back(writer):
                        return

    @contextmanager
    def taken_back_on_failure(self) -> Iterator[None]:
        """Take back what a step that fails has committed, now or at the next opening."""
        try:
            yield
        except BaseException:
            with suppress(LibraryError):
                if not self._journal.is_open_here():
                    self.take_back_unfinished()
            raise

    @contextmanager
    def operation(self, title: str, kind: str = "edit", *, merge_key: str | None = None) -> Iterator[OperationHandle]:
        """One step that is one transaction: :meth:`begin_operation` and :meth:`transaction` at once."""
        with self.transaction(self.begin_operation(title, kind, merge_key=merge_key)) as handle:
            yield handle
