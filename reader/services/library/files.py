"""The files of an open library: its database, its search index and its imported files, and who may use them."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from reader.services.copies.restore import replace_database
from reader.services.imports.source_archive import SourceArchive
from reader.services.imports.turn import ImportTurn
from reader.services.library.permissions import make_database_private
from reader.services.process.lock import LibraryUse
from reader.storage.store import LibraryStore
from reader.storage.writer import Clock

if TYPE_CHECKING:
    from reader.services.search.indexer import Indexer

DATABASE_NAME = "library.db"
SYNC_STATE_NAME = "sync-state.json"
"""The file beside the database with the last sync's end, which is only shown, and the header of its target."""


class LibraryFiles:
    """What the subjects of an open library work on. ``store`` and ``sources`` stay, whichever file is the database."""

    def __init__(self, folder: Path, clock: Clock, program: str) -> None:
        """Open the files in ``folder``; raises :class:`LibraryBusyError` while another process has them alone.

        ``program`` is what other processes are told that uses the library.
        """
        self.folder = folder
        self.sources = SourceArchive(folder / "sources")
        self._clock, self._program = clock, program
        self._use = LibraryUse(folder)
        self._indexer: Indexer | None = None
        self._index_lock = threading.Lock()
        try:
            self.store = self._open_store()
        except BaseException:
            self._use.leave()
            raise

    def alone(self) -> AbstractContextManager[object]:
        """The library for this process alone, for a while; :class:`LibraryBusyError` while others use it."""
        return self._use.alone()

    def import_turn(self) -> ImportTurn:
        """The lock of who imports, not held yet."""
        return ImportTurn(self.folder, self._program)

    def indexer(self) -> Indexer:
        """What keeps the search index, opened when first needed: most commands do without."""
        from reader.services.search.indexer import INDEX_FOLDER, Indexer

        with self._index_lock:
            if self._indexer is None:
                self._indexer = Indexer(self.store, self.folder / INDEX_FOLDER)
            return self._indexer

    def replace_database(self, staged: Path) -> None:
        """Put a checked copy in the place of the database, with the library alone; the index is to begin anew."""
        self._close_files()
        try:
            replace_database(staged, self.store.path)
        finally:
            self.store.reopen()
            make_database_private(self.folder)
            self._indexer = None

    def close(self) -> None:
        """Close the files, and let others have the library alone; no other thread may be using them."""
        try:
            self._close_files()
        finally:
            self._use.leave()

    def _open_store(self) -> LibraryStore:
        self._use.share()
        store = LibraryStore(self.folder / DATABASE_NAME, clock=self._clock, program=self._program)
        make_database_private(self.folder)
        turn = self.import_turn()
        if turn.try_acquire():
            store.take_back_unfinished()
            turn.release()
        return store

    def _close_files(self) -> None:
        if self._indexer is not None:
            self._indexer.close()
        self.store.close()
