"""The library: the one interface through which the window and the command line reach everything."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError
from reader.domain.taste import TasteOrder
from reader.services.completion.completion import Completion
from reader.services.copies.backups import Backups
from reader.services.copies.bundles import Bundles
from reader.services.copies.checks import Checks
from reader.services.documents.copies import DocumentCopies
from reader.services.documents.documents import Documents
from reader.services.imports.imports import Imports
from reader.services.library.files import LibraryFiles
from reader.services.library.highlights import Highlights
from reader.services.library.history import History
from reader.services.library.listings import Listings
from reader.services.library.location import default_library_folder, location_warning
from reader.services.library.mutes import Mutes
from reader.services.library.note_links import NoteLinks
from reader.services.library.notes import Notes
from reader.services.library.papers import Papers
from reader.services.library.queue import Queue
from reader.services.library.searches import Searches
from reader.services.library.states import States
from reader.services.library.tags import Tags
from reader.services.library.triage import Triage
from reader.services.library.views import Views
from reader.services.meaning.meaning import Meaning
from reader.services.meaning.taste import Taste
from reader.services.meaning.topics import Topics
from reader.services.resources import resource_path
from reader.services.search.index import Index
from reader.services.search.searcher import Searcher, SearchResult
from reader.services.subscriptions.subscriptions import Subscriptions
from reader.storage.access import utc_now
from reader.storage.journal.news import NewsFeed
from reader.storage.writer import Clock

if TYPE_CHECKING:
    from reader.meaning.space import MeaningSpace
    from reader.services.export.exporter import Exporter
    from reader.services.sync.sync import Sync


class Library:
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
        self._files = self._open_files(clock, program)
        self._store = self._files.store
        try:
            self._make_subjects()
        except BaseException:
            self._files.close()
            raise

    def _open_files(self, clock: Clock, program: str) -> LibraryFiles:
        """Open the files; :class:`LibraryBusyError` while another process has the library alone."""
        return LibraryFiles(self.folder, clock, program)

    def _make_subjects(self) -> None:
        """Make what works on the files; it stays, whichever file is the database."""
        files, store, sources = self._files, self._store, self._files.sources
        self._searcher = Searcher(store, lambda: files.indexer().index, self._space, store.today, self._by_taste)
        self.mutes = Mutes(store, self._searcher)
        self.papers = Papers(store, self._searcher, self.mutes)
        self.states = States(store)
        self.meaning = Meaning(store, files.indexer)
        self.topics = Topics(store, self.meaning)
        self.views = Views(store, self._searcher, self.topics.paper_ids, lambda ids: self.meaning.closest(ids))
        self.history = History(store, self.mutes, files.alone)
        self.backups = Backups(files, self.history)
        self.bundles = Bundles(files, self.mutes)
        self.checks = Checks(files, self.backups)
        self.listings = Listings(store, self.mutes, self.backups.make_before_deletion)
        self.imports = Imports(store, sources, self.mutes)
        self.subscriptions = Subscriptions(store, sources, self.mutes)
        self.completion = Completion(store, sources, self.mutes)
        self.triage = Triage(store)
        self.tags = Tags(store)
        self.notes = Notes(store, self._searcher)
        self.note_links = NoteLinks(store)
        self.highlights = Highlights(store, self._searcher)
        self.labels = store.labels
        self.documents = Documents(store, DocumentCopies(self.folder))
        self.queue = Queue(store)
        self.searches = Searches(store, self._searcher)
        self.statistics = store.statistics
        self.index = Index(store, files.indexer)
        self.taste = Taste(store, self.meaning, self.topics, sources)

    @cached_property
    def exports(self) -> Exporter:
        """Vaults, files, digests, and text for the copy commands; made when first needed: most commands do without."""
        from reader.services.export.exporter import Exporter

        return Exporter(self._files)

    @property
    def is_synced(self) -> bool:
        """Whether the library is synchronised with others; found out without importing what that needs."""
        return self._store.sync.me() is not None

    @cached_property
    def sync(self) -> Sync:
        """Synchronising with other devices; made when first needed, as it imports what most libraries do without."""
        from reader.services.sync.sync import Sync

        return Sync(self._store, self.mutes)

    def close(self) -> None:
        """Close the library, tidied if steps were made; no other thread may be using it."""
        # What is too old may as well go next time: neither a busy nor a full disk keeps a library from being closed.
        with suppress(LibraryError):
            if self._store.is_writing and self.history.has_grown():
                self.tidy()
        self._files.close()

    def tidy(self) -> None:
        """Drop steps and notes' earlier texts that are past their time, and imported files that nothing needs.

        For when all is quiet. A file is needed by its listing, and by a step that can bring the listing back.
        """
        self._store.tidy()
        turn = self._files.import_turn()
        if turn.try_acquire():  # or a file is just being imported, whose listing is not stored yet
            self._files.sources.prune(self._store.named_sources())
            turn.release()

    def release_thread(self) -> None:
        """Let go of what this thread holds to read; for a thread that ends before the library is closed."""
        self._store.release_thread()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Reading

    def _by_taste(self, paper_ids: Sequence[int], complete: bool, cancelled: Cancelled) -> TasteOrder:
        return self.taste.order(paper_ids, complete=complete, cancelled=cancelled)

    def _space(self, complete: bool, cancelled: Cancelled) -> MeaningSpace | None:
        return self.meaning.space(complete=complete, cancelled=cancelled)

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
        within: Collection[int] | None = None,
        without: Collection[int] = (),
        cancelled: Cancelled = never,
    ) -> SearchResult:
        """The papers that a query means, in the order of ``sort`` (a name) unless the query names one itself.

        With ``by_relevance`` a query with words of no particular field, for which neither names an order, has those
        with the words in their titles first, then the best matches. Otherwise the newest stand first.
        With ``typing`` the last word is a beginning. ``exact`` reads the papers that the index has not learned of yet,
        however many, and makes the vectors that a search by meaning lacks. Only papers ``within`` these are found; the
        papers ``without`` do not show a search by meaning what is meant. Raises :class:`SearchCancelledError` once
        ``cancelled`` says so.
        """
        return self._searcher.search(
            query,
            sort=sort,
            by_relevance=by_relevance,
            typing=typing,
            exact=exact,
            within=within,
            without=without,
            cancelled=cancelled,
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
