"""The library: the one interface through which the window and the command line reach everything."""

from __future__ import annotations

import shutil
import tempfile
import threading
from array import array
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.changes import Change
from reader.domain.errors import LibraryError, NotFoundError
from reader.domain.papers import Listing, Paper, PaperRow, PaperState
from reader.domain.records import Problem
from reader.domain.reports import FileReport, ImportProgress, ImportReport, IndexProgress, IndexSummary
from reader.domain.selection import (
    ALL_PAPERS,
    BURIED,
    INBOX,
    MUTED,
    QUEUE,
    LibraryStatistics,
    PaperFilter,
    PaperSort,
    SortBy,
    ViewCounts,
    in_state,
)
from reader.domain.views import ListingSection, View, ViewKind
from reader.services.copies.backups import BackingUp
from reader.services.copies.bundles import Bundling
from reader.services.copies.checks import Checking
from reader.services.export.part import ExportPart
from reader.services.imports.source_archive import SourceArchive
from reader.services.imports.turn import ImportTurn
from reader.services.library.catch_up import CatchingUp
from reader.services.library.decisions import Deciding
from reader.services.library.duplicates import Duplicates
from reader.services.library.highlights import Highlights
from reader.services.library.history import Undoing
from reader.services.library.location import default_library_folder, location_warning
from reader.services.library.mutes import Mutes
from reader.services.library.note_links import NoteLinks
from reader.services.library.notes import Notes
from reader.services.library.permissions import make_database_private
from reader.services.library.queue import Queue
from reader.services.library.searches import Searches
from reader.services.library.statistics import StatisticsPart
from reader.services.library.tags import Tags
from reader.services.library.triage import Triaging
from reader.services.process.lock import LibraryUse
from reader.services.resources import resource_path
from reader.services.search.searcher import Searcher, SearchResult
from reader.storage.access import utc_now
from reader.storage.cancellation import never
from reader.storage.journal.news import NewsFeed
from reader.storage.store import LibraryStore

if TYPE_CHECKING:
    from reader.services.imports.importer import Importer
    from reader.services.search.indexer import Indexer

DATABASE_NAME = "library.db"
Clock = Callable[[], datetime]
Progress = Generator[ImportProgress, None, ImportReport]

_FILTERS = {
    ViewKind.INBOX: INBOX,
    ViewKind.CATCH_UP: INBOX,
    ViewKind.MUTED: MUTED,
    ViewKind.BURIED: BURIED,
    ViewKind.QUEUE: QUEUE,
    ViewKind.READING: in_state(PaperState.READING),
    ViewKind.DONE: in_state(PaperState.DONE),
    ViewKind.DISMISSED: in_state(PaperState.DISMISSED),
    ViewKind.STARRED: PaperFilter(starred=True),
    ViewKind.HIGHLIGHTS: PaperFilter(has_highlights=True),
    ViewKind.NOTES: PaperFilter(has_note=True),
}
_OWN_ORDERS = {ViewKind.QUEUE: SortBy.QUEUE, ViewKind.CATCH_UP: SortBy.SIGHTINGS}


class Library(
    Deciding,
    Duplicates,
    Undoing,
    ExportPart,
    BackingUp,
    Bundling,
    Checking,
    Triaging,
    CatchingUp,
    StatisticsPart,
):
    """A library, open; its parts, one for each subject, are the classes that it inherits from.

    Reading may happen on any thread; what changes it waits for what else changes it.

    Every change returns a :class:`~reader.domain.changes.Change` that tells which papers it touched, and all methods
    raise :class:`~reader.domain.errors.LibraryError` where the library cannot be read or written.
    """

    def __init__(self, folder: Path | None = None, *, clock: Clock = utc_now, program: str = "the window") -> None:
        """Open the library in ``folder`` (by default the user's), made if it is missing.

        ``program`` is what other processes are told that uses it.
        """
        self.folder = (folder or default_library_folder()).expanduser().absolute()
        self.warning = location_warning(self.folder)
        """A sentence where the library lies in a place in which it may come to harm."""
        self._clock = clock
        self._sources = SourceArchive(self.folder / "sources")
        self._index_lock = threading.Lock()
        self._program = program
        self._use = LibraryUse(self.folder)
        try:
            self._open()
        except BaseException:
            self._use.leave()
            raise

    def _open(self) -> None:
        """Open the database, and what works on it."""
        self._store = self._open_store()
        self._indexer: Indexer | None = None
        self._searcher = Searcher(self._store, lambda: self._index_keeper().index, self._today)
        self.tags = Tags(self._store)
        self.notes = Notes(self._store, self._searcher)
        self.note_links = NoteLinks(self._store)
        self.highlights = Highlights(self._store, self._searcher)
        self.labels = self._store.labels
        self.queue = Queue(self._store)
        self.searches = Searches(self._store, self._searcher)
        self.mutes = Mutes(self._store, self._searcher)
        self._begin_session()

    def _open_store(self) -> LibraryStore:
        """Open the database; :class:`LibraryBusyError` while another process has it alone."""
        if not self._use.is_held:
            self._use.share()
        store = LibraryStore(self.folder / DATABASE_NAME, clock=self._clock, program=self._program)
        make_database_private(self.folder)
        turn = ImportTurn(self.folder, self._program)
        if turn.try_acquire():
            store.take_back_unfinished()
            turn.release()
        return store

    def _alone(self) -> AbstractContextManager[object]:
        """The library for this process alone, for a while; :class:`LibraryBusyError` while others use it."""
        return self._use.alone()

    def _index_keeper(self) -> Indexer:
        """What keeps the search index, opened when first needed: most commands do without."""
        from reader.services.search.indexer import INDEX_FOLDER, Indexer

        with self._index_lock:
            if self._indexer is None:
                self._indexer = Indexer(self._store, self.folder / INDEX_FOLDER)
            return self._indexer

    def close(self) -> None:
        """Close the library, tidied if steps were made; no other thread may be using it."""
        # What is too old may as well go next time: neither a busy nor a full disk keeps a library from being closed.
        with suppress(LibraryError):
            if self._store.is_writing and self._made_steps():
                self.tidy()
        try:
            self._close_files()
        finally:
            self._use.leave()

    def tidy(self) -> None:
        """Drop steps and notes' earlier texts that are past their time, and imported files that nothing needs.

        For when all is quiet. A file is needed by its listing, and by a step that can bring the listing back.
        """
        self._store.tidy()
        turn = ImportTurn(self.folder, self._program)
        if turn.try_acquire():  # or a file is just being imported, whose listing is not stored yet
            self._sources.prune(self._store.named_sources())
            turn.release()

    def _close_files(self) -> None:
        if self._indexer is not None:
            self._indexer.close()
        self._store.close()

    def release_thread(self) -> None:
        """Let go of what this thread holds to read; for a thread that ends before the library is closed."""
        self._store.release_thread()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Reading

    @property
    def news(self) -> NewsFeed:
        """What other processes change."""
        return self._store.news

    def paper_ids(self, view: View, sort: PaperSort | None = None) -> array[int]:
        """The papers of a view, in its own order unless ``sort`` names another."""
        if view.kind is ViewKind.SEARCH:
            return array("q", self.search(view.query, sort=sort.by.value if sort else None, exact=True).paper_ids)
        if sort is None and view.kind is ViewKind.BURIED:
            return self._store.buried_ids()
        if sort is None and view.kind in {ViewKind.HIGHLIGHTS, ViewKind.NOTES}:
            return self.highlights.papers() if view.kind is ViewKind.HIGHLIGHTS else self.notes.papers()
        which, order = _selection(view)
        return self._store.paper_ids(which, sort or order)

    def unseen_and_seen(self, view: View, sort: PaperSort | None = None) -> tuple[array[int], array[int]]:
        """The papers of the inbox that were not seen, and below them those that were; each in the view's order."""
        return self._store.inbox_ids(sort or _selection(view)[1])

    def by_listing(self, paper_ids: Sequence[int]) -> list[tuple[int | None, array[int]]]:
        """Papers in groups by the newest listing that has each, newest first, in the order given; others last."""
        return self._store.by_listing(paper_ids)

    def first_unseen(self, view: View) -> int | None:
        """The first paper of a view that was neither seen nor decided; not for a search."""
        which, order = _selection(view)
        unseen = self._store.paper_ids(replace(which, settled=False, seen=False), order)
        return unseen[0] if unseen else None

    def search(
        self,
        query: str,
        *,
        sort: str | None = None,
        by_relevance: bool = False,
        typing: bool = False,
        exact: bool = False,
        cancelled: Callable[[], bool] = never,
    ) -> SearchResult:
        """The papers that a query means, in the order of ``sort`` (a name) unless the query names one itself.

        With ``by_relevance`` a query with words of no particular field, for which neither names an order, has those
        with the words in their titles first, then the best matches. Otherwise the newest stand first.
        With ``typing`` the last word is a beginning. ``exact`` reads the papers that the index has not learned of yet,
        however many. Raises :class:`SearchCancelledError` once ``cancelled`` says so.
        """
        return self._searcher.search(
            query, sort=sort, by_relevance=by_relevance, typing=typing, exact=exact, cancelled=cancelled
        )

    def index_is_behind(self) -> bool:
        """Whether the search index has something to learn."""
        return self._index_keeper().is_behind()

    def update_index(self, *, rebuild: bool = False, cancelled: Callable[[], bool] = never) -> Iterator[IndexProgress]:
        """Let the search index learn what changed, or make it anew; a generator of progress, to run beside searches."""
        keeper = self._index_keeper()
        return keeper.rebuild(cancelled) if rebuild else keeper.catch_up(cancelled)

    def compact_index(self, *, cancelled: Callable[[], bool] = never) -> Iterator[IndexProgress]:
        """Make the search index smaller and faster where that is worthwhile; for when there is nothing else to do."""
        return self._index_keeper().compact(cancelled)

    def index_state(self) -> IndexSummary:
        """How far the search index is."""
        return self._index_keeper().summary()

    def import_sections(self, listing_ids: Sequence[int]) -> list[ListingSection]:
        """Of each listing of an import: what it brought and what was known before, in the page's own order."""
        return self._store.listing_sections(listing_ids)

    def latest_import(self) -> tuple[int, ...]:
        """The listings of the last import that are still there."""
        return self._store.latest_import()

    def import_of_step(self, step_id: int) -> ImportReport:
        """What an import brought so far, as another process made it: of its files those that became listings."""
        files = []
        for section in self._store.listing_sections(self._store.listings_of_step(step_id)):
            listing = self._store.listing(section.listing_id)
            if listing is not None:
                new, known = len(section.new_ids), len(section.known_ids)
                report = FileReport(listing.name, listing.format, listing_id=listing.id)
                problems = tuple(self._store.listing_problems(listing.id))
                files.append(replace(report, papers=new + known, new=new, known=known, problems=problems))
        return ImportReport(tuple(files))

    def paper_rows(self, paper_ids: Sequence[int]) -> list[PaperRow]:
        """What a list shows of these papers, in their order; meant for tens at a time."""
        return self._store.paper_rows(paper_ids)

    def papers(self, paper_ids: Sequence[int]) -> Iterator[Paper]:
        """These papers whole, in their order, missing ones left out."""
        return self._store.papers(paper_ids)

    def paper(self, paper_id: int) -> Paper:
        """One paper; :class:`NotFoundError` if it is no longer there."""
        for paper in self._store.papers((paper_id,)):
            return paper
        raise NotFoundError("This paper is no longer in the library.")

    def find_paper(self, key: str) -> Paper:
        """The paper of a key, a merged paper's old key included; :class:`NotFoundError` if there is none."""
        return self.paper(self._id_of_key(key))

    def ids_of_keys(self, keys: Sequence[str]) -> list[int]:
        """The papers of keys, in their order and each once; :class:`NotFoundError` names a key there is not."""
        return list(dict.fromkeys(map(self._id_of_key, keys)))

    def _id_of_key(self, key: str) -> int:
        paper_id = self._store.paper_id(key.strip().lower())
        if paper_id is None:
            raise NotFoundError(f"There is no paper with the key {key}; “lectern papers” lists papers with their keys.")
        return paper_id

    def listings(self) -> list[Listing]:
        """Every listing, the newest first."""
        return self._store.listings()

    def listing_problems(self, listing_id: int) -> tuple[Problem, ...]:
        """What of a listing was not understood."""
        return tuple(self._store.listing_problems(listing_id))

    def view_counts(self) -> ViewCounts:
        """The figures beside the views."""
        return self._store.view_counts()

    def statistics(self) -> LibraryStatistics:
        """How much the library holds."""
        return self._store.statistics()

    # Importing

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        year: int | None = None,
        dry_run: bool = False,
        seen: bool = False,
        cancelled: Callable[[], bool] = never,
    ) -> Progress:
        """Import files and every file in folders: a generator of progress that returns the report.

        ``year`` is the year of dates that show none. A dry run stores nothing and reports what would happen.
        With ``seen`` the papers that come in count as seen, so they stay out of the inbox; undone with the import.
        ``cancelled`` is asked now and then; files stored before it said yes stay.
        """
        from reader.services.imports.importer import ImportOptions

        return self._imported(self._importer().import_paths(paths, ImportOptions(year, dry_run, cancelled, seen)))

    def import_text(
        self,
        text: str,
        name: str,
        *,
        year: int | None = None,
        dry_run: bool = False,
        seen: bool = False,
        cancelled: Callable[[], bool] = never,
    ) -> Progress:
        """Import a text, such as a pasted page, under a name; otherwise as :meth:`import_paths`."""
        from reader.services.imports.importer import ImportOptions

        options = ImportOptions(year, dry_run, cancelled, seen)
        return self._imported(self._importer().import_text(text, name, options))

    def _importer(self) -> Importer:
        """What imports; it knows all formats, which take longer to load than the library to open."""
        from reader.services.imports.importer import Importer

        return Importer(self._store, self._sources, self._clock)

    def _imported(self, progress: Progress) -> Progress:
        """An import, after which the papers that mute rules hide are hidden."""
        report = yield from progress
        if not report.dry_run:
            self.mutes.refresh()
        return report

    def is_imported(self, sha256: str) -> bool:
        """Whether a file with this digest is in the library as a listing."""
        return self._store.listing_by_sha256(sha256) is not None

    # Listings

    def rename_listing(self, listing_id: int, name: str) -> Change:
        """Give a listing another name."""
        return self.mutes.after(self._store.rename_listing(listing_id, name))

    def set_listing_year(self, listing_id: int, year: int) -> Change:
        """Correct the year of a page that omits it; its date and its yearless entries follow."""
        return self.mutes.after(self._store.set_listing_year(listing_id, year))

    def remove_listing(self, listing_id: int) -> Change:
        """Remove a listing and the papers that only it brought, but for those carrying annotations.

        Before many papers go, the library is backed up.
        """
        self.back_up_before_deletion(sum(each.paper_count for each in self.listings() if each.id == listing_id))
        return self.mutes.after(self._store.remove_listing(listing_id))


class SampleLibrary(Library):
    """A throwaway library with the sample listing, removed when it is closed."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        """Make the library in a temporary folder and import the sample."""
        folder = Path(tempfile.mkdtemp(prefix="lectern-sample-"))
        super().__init__(folder, clock=clock)
        self.warning = None
        for _ in self.import_paths([resource_path("sample", "daily-papers-sample.txt")]):
            pass

    def close(self) -> None:
        """Close the library and remove it."""
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_sample_library() -> SampleLibrary:
    """A throwaway library to try things on."""
    return SampleLibrary()


def _selection(view: View) -> tuple[PaperFilter, PaperSort]:
    """The papers of a view and its own order."""
    if view.kind in {ViewKind.LISTING, ViewKind.IMPORT}:
        return PaperFilter(listing_ids=view.listing_ids), PaperSort(SortBy.LISTING)
    if view.kind is ViewKind.TAG:
        return PaperFilter(tags=(view.tag,)), PaperSort()
    return _FILTERS.get(view.kind, ALL_PAPERS), PaperSort(_OWN_ORDERS.get(view.kind, SortBy.DATE))
