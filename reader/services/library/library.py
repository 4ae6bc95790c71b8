"""The library: the one interface through which the window and the command line reach everything."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError
from reader.services.completion.completion import Completion
from reader.services.copies.backups import BackingUp
from reader.services.copies.bundles import Bundling
from reader.services.copies.checks import Checking
from reader.services.export.part import ExportPart
from reader.services.imports.imports import Imports
from reader.services.imports.source_archive import SourceArchive
from reader.services.imports.turn import ImportTurn
from reader.services.library.highlights import Highlights
from reader.services.library.history import History
from reader.services.library.listings import Listings
from reader.services.library.location import default_library_folder, location_warning
from reader.services.library.mutes import Mutes
from reader.services.library.note_links import NoteLinks
from reader.services.library.notes import Notes
from reader.services.library.papers import Papers
from reader.services.library.permissions import make_database_private
from reader.services.library.queue import Queue
from reader.services.library.searches import Searches
from reader.services.library.states import States
from reader.services.library.tags import Tags
from reader.services.library.triage import Triage
from reader.services.library.views import Views
from reader.services.process.lock import LibraryUse
from reader.services.resources import resource_path
from reader.services.search.index import Index
from reader.services.search.searcher import Searcher, SearchResult
from reader.services.subscriptions.subscriptions import Subscriptions
from reader.storage.access import utc_now
from reader.storage.journal.news import NewsFeed
from reader.storage.store import LibraryStore

if TYPE_CHECKING:
    from reader.services.search.indexer import Indexer

DATABASE_NAME = "library.db"
Clock = Callable[[], datetime]


class Library(
    ExportPart,
    BackingUp,
    Bundling,
    Checking,
):
    """A library, open: an object for each subject, and searching over all of it.

    Reading may happen on any thread; what changes it waits for what else changes it. Every change returns a
    :class:`~reader.domain.changes.Change` that tells which papers it touched, and all methods raise
    :class:`~reader.domain.errors.LibraryError` where the library cannot be read or written.
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
            self._store = self._open_store()
            self._make_subjects()
        except BaseException:
            self._use.leave()
            raise

    def _make_subjects(self) -> None:
        """Make what works on the database; it stays, whichever file that is."""
        self._indexer: Indexer | None = None
        self._searcher = Searcher(self._store, lambda: self._index_keeper().index, self._today)
        self.mutes = Mutes(self._store, self._searcher)
        self.papers = Papers(self._store, self._searcher, self.mutes)
        self.states = States(self._store)
        self.views = Views(self._store, self._searcher)
        self.listings = Listings(self._store, self.mutes, self.back_up_before_deletion)
        self.imports = Imports(self._store, self._sources, self.mutes)
        self.subscriptions = Subscriptions(self._store, self._sources, self.mutes)
        self.completion = Completion(self._store, self._sources, self.mutes)
        self.triage = Triage(self._store)
        self.tags = Tags(self._store)
        self.notes = Notes(self._store, self._searcher)
        self.note_links = NoteLinks(self._store)
        self.highlights = Highlights(self._store, self._searcher)
        self.labels = self._store.labels
        self.queue = Queue(self._store)
        self.searches = Searches(self._store, self._searcher)
        self.history = History(self._store, self.mutes, self._alone)
        self.statistics = self._store.statistics
        self.index = Index(self._store, self._index_keeper)

    def _reopen(self) -> None:
        """Open the database again, another file having taken its place; the index begins anew with it."""
        self._store.reopen()
        make_database_private(self.folder)
        self._indexer = None
        self.history.begin_session()

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
            if self._store.is_writing and self.history.has_grown():
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

    def search(
        self,
        query: str,
        *,
        sort: str | None = None,
        by_relevance: bool = False,
        typing: bool = False,
        exact: bool = False,
        cancelled: Cancelled = never,
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


class SampleLibrary(Library):
    """A throwaway library with the sample listing, removed when it is closed."""

    def __init__(self, *, clock: Clock = utc_now) -> None:
        """Make the library in a temporary folder and import the sample."""
        folder = Path(tempfile.mkdtemp(prefix="lectern-sample-"))
        super().__init__(folder, clock=clock)
        self.warning = None
        for _ in self.imports.paths([resource_path("sample", "daily-papers-sample.txt")]):
            pass

    def close(self) -> None:
        """Close the library and remove it."""
        super().close()
        shutil.rmtree(self.folder, ignore_errors=True)


def open_sample_library() -> SampleLibrary:
    """A throwaway library to try things on."""
    return SampleLibrary()
