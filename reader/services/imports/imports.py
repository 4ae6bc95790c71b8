"""Importing into a library."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.reports import FileReport, ImportProgress, ImportReport
from reader.services.imports.source_archive import SourceArchive
from reader.services.library.mutes import Mutes
from reader.storage.store import LibraryStore
from reader.storage.subject import Subject, changing

if TYPE_CHECKING:
    from reader.services.imports.importer import Importer

Progress = Generator[ImportProgress, None, ImportReport]


class Imports(Subject):
    """The way of files and texts into a library."""

    def __init__(self, store: LibraryStore, sources: SourceArchive, mutes: Mutes) -> None:
        super().__init__(store)
        self._sources, self._mutes = sources, mutes

    @changing
    def paths(
        self,
        paths: Sequence[Path],
        *,
        year: int | None = None,
        dry_run: bool = False,
        seen: bool = False,
        cancelled: Cancelled = never,
    ) -> Progress:
        """Import files and every file in folders: a generator of progress that returns the report.

        ``year`` is the year of dates that show none. A dry run stores nothing and reports what would happen.
        With ``seen`` the papers that come in count as seen, so they stay out of the inbox; undone with the import.
        ``cancelled`` is asked now and then; files stored before it said yes stay.
        """
        from reader.services.imports.importer import ImportOptions

        return self._imported(self._importer().import_paths(paths, ImportOptions(year, dry_run, cancelled, seen)))

    @changing
    def text(
        self,
        text: str,
        name: str,
        *,
        year: int | None = None,
        dry_run: bool = False,
        seen: bool = False,
        cancelled: Cancelled = never,
    ) -> Progress:
        """Import a text, such as a pasted page, under a name; otherwise as :meth:`paths`."""
        from reader.services.imports.importer import ImportOptions

        options = ImportOptions(year, dry_run, cancelled, seen)
        return self._imported(self._importer().import_text(text, name, options))

    def of_step(self, step_id: int) -> ImportReport:
        """What an import brought so far, as another process made it: of its files those that became listings."""
        files = []
        for section in self._store.listings.sections(self._store.listings.of_step(step_id)):
            listing = self._store.listings.get(section.listing_id)
            if listing is not None:
                new, known = len(section.new_ids), len(section.known_ids)
                report = FileReport(listing.name, listing.format, listing_id=listing.id)
                problems = self._store.listings.problems(listing.id)
                files.append(replace(report, papers=new + known, new=new, known=known, problems=problems))
        return ImportReport(tuple(files))

    def _importer(self) -> Importer:
        """What imports; it knows all formats, which take longer to load than the library to open."""
        from reader.services.imports.importer import Importer

        return Importer(self._store, self._sources, self._store.clock)

    def _imported(self, progress: Progress) -> Progress:
        """An import, after which the papers that mute rules hide are hidden."""
        report = yield from progress
        if not report.dry_run:
            self._mutes.refresh()
        return report
