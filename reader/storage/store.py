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

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from reader.domain.changes import Change, OperationSummary, StoredListing, UndoneOperation
from reader.domain.errors import LibraryError
from reader.domain.papers import Listing, Paper, PaperRow, PaperState
from reader.domain.preparation import ListingHeader, PreparedRecord
from reader.domain.query.nodes import FilterLeaf
from reader.domain.records import Problem
from reader.domain.selection import (
    AnnotationText,
    IndexedText,
    IndexPart,
    LibraryStatistics,
    PaperFilter,
    PaperSort,
    PendingPapers,
    ViewCounts,
)
from reader.domain.statistics import ReadingStatistics
from reader.domain.views import ListingSection
from reader.storage import (
    corrections,
    counts,
    filters,
    listings,
    paper_merge,
    paper_queries,
    paper_split,
    paper_states,
    statistics,
    view_queries,
)
from reader.storage.access import utc_now
from reader.storage.copies.transfer import Transfers
from reader.storage.copies.upkeep import Upkeep
from reader.storage.exports import ExportLog
from reader.storage.highlights import Labels, StoredHighlights
from reader.storage.journal import undo as undo_journal
from reader.storage.journal.journal import AUTOMATIC, OperationHandle, RehearsalAwaitedError
from reader.storage.mute_rules import StoredMutes
from reader.storage.note_links import StoredNoteLinks
from reader.storage.notes import StoredNotes
from reader.storage.queue import StoredQueue
from reader.storage.saved_searches import StoredSearches
from reader.storage.tags import StoredTags
from reader.storage.writer import Clock, iso_time

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
        self.tags = StoredTags(self)
        self.notes = StoredNotes(self)
        self.note_links = StoredNoteLinks(self)
        self.highlights = StoredHighlights(self)
        self.labels = Labels(self)
        self.queue = StoredQueue(self)
        self.searches = StoredSearches(self)
        self.mutes = StoredMutes(self)
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

    def breathe(self) -> None:
        """Let another process write that waits for the present step."""
        self._journal.breathe()

    def take_back_unfinished(self) -> None:
        """Take back what steps have left that were interrupted; only while no process can be at work on one."""
        if self.read(undo_journal.is_unfinished):
            while True:
                with self._journal.unrecorded(alone=True) as writer:
                    if not undo_journal.take_back(writer):
                        return

    @contextmanager
    def _taken_back_on_failure(self) -> Iterator[None]:
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

    def undo(self, steps: int = 1, *, after: int | None = None) -> UndoneOperation | None:
        """Undo the last steps, or all after one; None if there is none.

        Papers of an undone import that carry annotations stay.

        Raises :class:`UndoRefusedError`, nothing changed, where something else has changed the same since.
        """
        with self._journal.unrecorded(alone=True) as writer:
            return undo_journal.undo(writer, steps, after)

    def redo(self, steps: int = 1, *, until: int | None = None) -> UndoneOperation | None:
        """Redo the next undone steps, or all up to one (included); None if there is none. Raises as :meth:`undo`."""
        with self._journal.unrecorded(alone=True) as writer:
            return undo_journal.redo(writer, steps, until)

    def history(self, limit: int | None = 100, *, undone: bool | None = None) -> list[OperationSummary]:
        """The steps, the newest first; undone ones, which redo brings back, before the others."""
        return self.read(undo_journal.history, limit, undone)

    def latest_import(self) -> tuple[int, ...]:
        """The listings that the last import step brought and that are still there; none if no step did."""
        return self.read(undo_journal.latest_import)

    def listings_of_step(self, step_id: int) -> tuple[int, ...]:
        """The listings that a step brought and that are still there."""
        return self.read(undo_journal.listings_of_step, step_id)

    # Listings and papers

    def add_listing(
        self,
        header: ListingHeader,
        records: Iterable[PreparedRecord],
        operation: OperationHandle,
        *,
        before_commit: Callable[[], object] | None = None,
    ) -> StoredListing:
        """Store a listing with its records, in full or not at all; one that is there already changes nothing.

        ``before_commit`` runs once all is stored and before it is committed; if it raises, nothing is.
        """
        with self._taken_back_on_failure(), self._journal.step(operation) as step:
            known = self.listing_by_sha256(header.sha256)
            if known is not None:
                return StoredListing(known.id, 0, 0, known.paper_count, Change(operation.title))
            tally = listings.add_listing(step.writer, header, records, self._journal.breathe)
            if before_commit is not None:
                before_commit()
        return StoredListing(tally.source.listing_id, tally.new, tally.updated, tally.known, step.change)

    def listing_by_sha256(self, sha256: str) -> Listing | None:
        """The listing made from a file's bytes, if they were imported."""
        return self.read(counts.listing, "sha256", sha256)

    def listing(self, listing_id: int) -> Listing | None:
        """One listing."""
        return self.read(counts.listing, "id", listing_id)

    def listings(self) -> list[Listing]:
        """Every listing, the newest first."""
        return self.read(counts.listings)

    def listing_problems(self, listing_id: int) -> list[Problem]:
        """What of a listing was not understood."""
        return self.read(counts.listing_problems, listing_id)

    def listing_sections(self, listing_ids: Sequence[int]) -> list[ListingSection]:
        """Of each listing: the papers that these listings brought, and those known before, in the page's order."""
        return self.read(counts.listing_sections, list(listing_ids))

    def rename_listing(self, listing_id: int, name: str) -> Change:
        """Give a listing the user's own name."""
        return self._mutate(corrections.rename_listing, listing_id, name)

    def set_listing_year(self, listing_id: int, year: int) -> Change:
        """Correct the year of a page that omits it; its heading and yearless entries follow."""
        return self._mutate(corrections.set_listing_year, listing_id, year)

    def remove_listing(self, listing_id: int) -> Change:
        """Remove a listing and the papers that only it brought, but for those carrying annotations."""
        return self._mutate(corrections.remove_listing, listing_id)

    def set_arxiv_id(self, paper_id: int, arxiv_id: str) -> Change:
        """Give a paper its arXiv id (also from an address); one of the same title that has it is merged into it."""
        return self._mutate(corrections.set_arxiv_id, paper_id, arxiv_id)

    def merge_papers(self, keep: int, other: int) -> Change:
        """Join two papers that are one; ``other``'s key stays valid."""
        return self._mutate(paper_merge.merge_papers, keep, other)

    def split_paper(self, key: str) -> Change:
        """Take the paper that had ``key`` out of the one it was joined with."""
        return self._mutate(paper_split.split_paper, key)

    # States and queue

    def set_state(self, ids: Sequence[int], state: PaperState) -> Change:
        """Take papers to a state; queued ones go to the end of the queue in this order, others leave it."""
        return self._mutate(paper_states.set_state, ids, state)

    def set_starred(self, ids: Sequence[int], starred: bool) -> Change:
        """Star papers, or take their stars off."""
        return self._mutate(paper_states.set_starred, ids, starred)

    def set_seen(
        self, ids: Sequence[int], seen: bool = True, *, automatic: bool = False, imported: bool = False
    ) -> Change:
        """Mark papers as seen or not; by moving on (``automatic``) it is no step.

        Those ``imported`` as seen stay out of the inbox.
        """
        operation = OperationHandle("", AUTOMATIC if automatic else "edit")
        return self._mutate_as(operation, paper_states.set_seen, ids, seen, imported=imported)

    def bury(self, ids: Sequence[int], until: datetime | None) -> Change:
        """Hide papers from the inbox until a moment; None shows them again."""
        return self._mutate(paper_states.bury, ids, until)

    # Reading

    def paper_ids(self, which: PaperFilter, sort: PaperSort | None = None) -> array[int]:
        """The ids of the papers of a view, in order."""
        return self.read(view_queries.select_ids, which, sort or PaperSort(), iso_time(self._clock()))

    def inbox_ids(self, sort: PaperSort) -> tuple[array[int], array[int]]:
        """The inbox's unseen papers and its seen ones, each in order."""
        return self.read(view_queries.inbox_ids, sort, iso_time(self._clock()))

    def buried_ids(self) -> array[int]:
        """The papers hidden until a moment still to come, those that come back soonest first."""
        return self.read(view_queries.buried_ids, iso_time(self._clock()))

    def by_listing(self, paper_ids: Sequence[int]) -> list[tuple[int | None, array[int]]]:
        """Papers in groups by the newest listing that has each, newest first, in the order given; others last."""
        return self.read(view_queries.by_listing, paper_ids)

    def filter_ids(self, leaf: FilterLeaf) -> array[int]:
        """The papers that a query's filter leaf means, in no order."""
        return self.read(filters.filter_ids, leaf, iso_time(self._clock()))

    def paper_rows(self, ids: Sequence[int]) -> list[PaperRow]:
        """What a list shows of these papers, in this order, missing ones left out; meant for tens."""
        return self.read(paper_queries.paper_rows, ids, iso_time(self._clock()))

    def papers(self, ids: Sequence[int]) -> Iterator[Paper]:
        """These papers whole, in this order, missing ones left out; read some hundred at a time."""
        for batch in paper_queries.paper_batches(ids, BATCH):
            yield from self.read(paper_queries.papers, batch, iso_time(self._clock()))

    def paper_id(self, key: str) -> int | None:
        """The paper of a key; a merged paper's key names the one it was merged into."""
        return self.read(paper_queries.paper_id, key)

    def view_counts(self) -> ViewCounts:
        """The figures beside the views."""
        return self.read(counts.view_counts, iso_time(self._clock()))

    def statistics(self) -> LibraryStatistics:
        """How much the library holds."""
        return self.read(counts.statistics, iso_time(self._clock()))

    def reading_statistics(self, today: date, most: int) -> ReadingStatistics:
        """How one reads; of tags and organisations the ``most`` decided."""
        return self.read(statistics.reading_statistics, iso_time(self._clock()), today, most)

    # The index

    def texts(self, *, after_id: int = 0, batch: int = BATCH) -> Iterator[IndexedText]:
        """All papers' texts by id, from the one after ``after_id`` on."""
        while True:
            found = self.read(paper_queries.texts, after_id, batch)
            if not found:
                return
            yield from found
            after_id = found[-1].id

    def texts_of(self, ids: Sequence[int]) -> list[IndexedText]:
        """The texts of these papers, missing ones left out."""
        return self.read(paper_queries.texts_of, ids)

    def annotation_texts(self, ids: Sequence[int] | None = None) -> Iterator[AnnotationText]:
        """Notes and highlights of these (or all) papers that have any."""
        wanted = self.read(paper_queries.annotated_ids) if ids is None else ids
        for batch in paper_queries.paper_batches(wanted, BATCH):
            yield from self.read(paper_queries.annotation_texts, batch)

    def pending(self, part: IndexPart, limit: int | None = None) -> PendingPapers:
        """The papers that an index has not learned of yet, those waiting longest first."""
        return self.read(paper_queries.pending, part, limit)

    def pending_numbers(self, part: IndexPart) -> dict[int, int]:
        """The papers an index has not learned of yet, each with a number that grows with every change."""
        return self.read(paper_queries.pending_numbers, part)

    def index_stamp(self, part: IndexPart) -> str | None:
        """The stamp of the index's commit that :meth:`note_indexed` was last told of."""
        return self.read(paper_queries.index_stamp, part)

    def note_indexed(self, part: IndexPart, stamp: str, mark: int) -> None:
        """The index has committed, under this stamp, what :meth:`pending` gave with this mark; later changes stay."""
        with self._journal.unrecorded() as writer:
            writer.execute("DELETE FROM index_pending WHERE part = ? AND id <= ?", (part.value, mark))
            writer.execute("INSERT OR REPLACE INTO index_stamps (part, stamp) VALUES (?, ?)", (part.value, stamp))

    def forget_index(self) -> None:
        """The index is gone: nothing is known of its commits."""
        with self._journal.unrecorded() as writer:
            writer.execute("DELETE FROM index_stamps")

    def annotated_ids(self) -> list[int]:
        """The papers with a note or a highlight."""
        return self.read(paper_queries.annotated_ids)
