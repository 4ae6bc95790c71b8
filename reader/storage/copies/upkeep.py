"""Backups, checks and repairs: what keeps a library well, as a part of the store's face."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.checks import Finding
from reader.storage import notes
from reader.storage.access import Access
from reader.storage.cancellation import cancellable
from reader.storage.copies import annotation_backup, backup, inspection
from reader.storage.errors import library_errors
from reader.storage.joined_works import JoinedListing, joined_listings
from reader.storage.sources import listed_sources, named_sources


class Upkeep(Access):
    """What is done to a library as a whole. Raises as :class:`~reader.storage.store.LibraryStore` does."""

    def backup(self, target: Path, cancelled: Cancelled = never) -> None:
        """Write a compact, checked copy of the database into a new file; WorkCancelledError if ``cancelled``."""
        with library_errors(self.path):
            backup.backup_file(self.path, target, cancelled)

    def back_up_annotations(self, target: Path) -> None:
        """Write the annotations, and of the papers what it takes to put them back, into a new file, checked."""
        with library_errors(self.path):
            annotation_backup.back_up_annotations(self.path, target, self._clock())

    def backup_marks(self) -> tuple[str, str]:
        """Two texts that change whenever the annotations, and whenever anything, is changed."""
        return self.read(annotation_backup.annotation_mark), self.read(annotation_backup.library_mark)

    def free_backup_path(self, folder: Path, reason: str) -> Path:
        """A name for a backup that no file in ``folder`` has yet."""
        return backup.free_backup_path(folder, reason, self._clock())

    def findings(self, cancelled: Cancelled = never) -> list[Finding]:
        """What is wrong with the database, looked through thoroughly; empty if nothing is.

        Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """

        def look(connection: sqlite3.Connection) -> list[Finding]:
            with cancellable(connection, cancelled):
                found = inspection.integrity_findings(connection)
                return list(found or inspection.database_findings(connection))

        return self.read(look)

    def named_sources(self) -> frozenset[str]:
        """See :func:`reader.storage.sources.named_sources`."""
        return self.read(named_sources)

    def listed_sources(self) -> frozenset[str]:
        """See :func:`reader.storage.sources.listed_sources`."""
        return self.read(listed_sources)

    def joined_listings(self) -> list[JoinedListing]:
        """See :func:`reader.storage.joined_works.joined_listings`."""
        return self.read(joined_listings)

    def repair(self, backups: Iterable[Path] = ()) -> None:
        """Put right what :meth:`findings` finds, as far as that is possible; papers that are gone from backups."""
        with self._journal.unrecorded(alone=True) as writer:
            for path in backups:
                inspection.fetch_missing_papers(writer, path)
            inspection.repair_database(writer)

    def forget_history(self) -> None:
        """Drop all steps, so that nothing before now can be undone."""
        with self._journal.unrecorded(alone=True) as writer:
            inspection.forget_history(writer)

    def tidy(self) -> None:
        """Drop steps and note revisions past their time and refresh the planner's figures; for when all is quiet."""
        self._journal.prune()
        with self._journal.unrecorded() as writer:
            notes.prune_revisions(writer)
            writer.execute("PRAGMA optimize")
