"""The library's database: opening it, its steps, and an object for each subject (``store.tags``, ``store.queue``, …).

It has one writer, whose transactions are steps that can be undone, and any number of readers, one connection per
thread. Every mutation leaves rows alone that already have the wanted value, happens in full or not at all, and returns
the :class:`~reader.domain.changes.Change` it made. It is a step of its own, unless it runs inside
:meth:`LibraryStore.step` (or :meth:`~LibraryStore.transaction`), which it then joins; reads inside see what was
written so far.

All methods raise :class:`~reader.domain.errors.LibraryError` if the database cannot be read or written, its subclass
:class:`~reader.domain.errors.LibraryBusyError` while another process writes, and
:class:`~reader.domain.errors.LibraryDamagedError` if it is damaged. Unknown paper ids are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reader.domain.errors import LibraryError
from reader.domain.step_titles import StepTitle
from reader.storage.access import utc_now
from reader.storage.completion import StoredCompletions
from reader.storage.copies.transfer import Transfers
from reader.storage.copies.upkeep import Upkeep
from reader.storage.documents import StoredDocuments
from reader.storage.exports import ExportLog
from reader.storage.highlights import Labels, StoredHighlights
from reader.storage.host_pauses import HostPauses
from reader.storage.index_texts import IndexTexts
from reader.storage.journal import undo as undo_journal
from reader.storage.journal.history import StoredHistory
from reader.storage.journal.journal import AUTOMATIC, OperationHandle, RehearsalAwaitedError, Step
from reader.storage.listings import StoredListings
from reader.storage.mute_rules import StoredMutes
from reader.storage.note_links import StoredNoteLinks
from reader.storage.notes import StoredNotes
from reader.storage.page_checks import PageChecks
from reader.storage.paper_states import StoredStates
from reader.storage.papers import StoredPapers
from reader.storage.queue import StoredQueue
from reader.storage.saved_searches import StoredSearches
from reader.storage.statistics import Statistics
from reader.storage.subscriptions import StoredSubscriptions
from reader.storage.sync.files import SyncFiles
from reader.storage.sync.stored import StoredSync
from reader.storage.tags import StoredTags
from reader.storage.taste import StoredTaste
from reader.storage.topics import StoredTopics
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
        """Open a library; create it (file 0600, folder 0700) if it is missing, and update its schema if it is older.

        A verified backup in ``backups/`` comes before an update. With ``read_only`` nothing is written until the first
        mutation, which calls ``before_writing``; without that function, mutations are refused. ``program`` is the name
        under which other processes see this one.

        Raises :class:`LibraryError` for a file that is not a library, one of a newer Lectern (which stays unchanged),
        or a locked one.
        """
        super().__init__(path, clock, read_only=read_only, program=program, before_writing=before_writing)
        self.papers = StoredPapers(self)
        self.states = StoredStates(self)
        self.views = StoredViews(self)
        self.listings = StoredListings(self)
        self.completions = StoredCompletions(self)
        self.tags = StoredTags(self)
        self.notes = StoredNotes(self)
        self.note_links = StoredNoteLinks(self)
        self.highlights = StoredHighlights(self)
        self.labels = Labels(self)
        self.documents = StoredDocuments(self)
        self.queue = StoredQueue(self)
        self.searches = StoredSearches(self)
        self.mutes = StoredMutes(self)
        self.subscriptions = StoredSubscriptions(self)
        self.topics = StoredTopics(self)
        self.page_checks = PageChecks(self)
        self.taste = StoredTaste(self)
        self.host_pauses = HostPauses(self)
        self.sync = StoredSync(self)
        self.sync_files = SyncFiles(self)
        self.history = StoredHistory(self)
        self.statistics = Statistics(self)
        self.texts = IndexTexts(self)
        self.exports = ExportLog(self.read, lambda: self._journal.unrecorded())
        """Records of exports, and citation keys."""
        self.transfers = Transfers(self.read, self.long_step, lambda: self._journal.breathe())
        """The library as values for another library, and the import of such values."""

    # Operations

    def begin_operation(self, title: StepTitle, kind: str = "edit", *, merge_key: str | None = None) -> OperationHandle:
        """Begin a step that may span several transactions, for instance an import of several files; writes nothing.

        Kind :data:`AUTOMATIC` makes no step. With a ``merge_key`` the changes join the last step if that has it too.
        """
        return OperationHandle(title, kind, merge_key)

    @contextmanager
    def transaction(self, operation: OperationHandle) -> Iterator[OperationHandle]:
        """A transaction of a step: all mutations in the block happen, or none; ``operation.change`` is their effect."""
        with self._journal.step(operation):
            yield operation

    @contextmanager
    def rehearsal(self, operation: OperationHandle) -> Iterator[OperationHandle]:
        """A transaction of a step that the block rolls back by raising an exception.

        :meth:`breathe` ends it with :class:`RehearsalAwaitedError` if another process waits to write.
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
    def long_step(self, operation: OperationHandle) -> Iterator[Step]:
        """A step that lets others write; if it fails, what it committed is taken back, now or at the next opening."""
        try:
            with self._journal.step(operation) as step:
                yield step
        except BaseException:
            with suppress(LibraryError):
                if not self._journal.is_open_here():
                    self.take_back_unfinished()
            raise
