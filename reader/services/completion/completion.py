"""Completing papers of a library, from services or from files."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.completion import Candidate
from reader.domain.errors import ReaderError
from reader.domain.papers import Paper
from reader.domain.reports import CompletionProgress, CompletionReport, ImportReport
from reader.domain.step_titles import UNTITLED
from reader.services.calls import calling
from reader.services.imports.source_archive import SourceArchive, files_of
from reader.services.library.mutes import Mutes
from reader.storage.store import LibraryStore
from reader.storage.subject import Subject, changing

if TYPE_CHECKING:
    from reader.services.completion.file_records import FileRecords

Progress = Generator[CompletionProgress, None, CompletionReport]


class Completion(Subject):
    """What completes papers. Only :meth:`papers` calls the network, and it calls the hosts of :meth:`hosts` alone."""

    def __init__(self, store: LibraryStore, sources: SourceArchive, mutes: Mutes) -> None:
        super().__init__(store)
        self._sources, self._mutes = sources, mutes

    def hosts(self) -> tuple[str, ...]:
        """The hosts that completing may call."""
        from reader.web.services import Service, host_called

        return tuple(dict.fromkeys(map(host_called, Service)))

    def incomplete(self, paper_ids: Sequence[int]) -> list[int]:
        """Those of some papers that lack authors, a date, an abstract or any identifier."""
        from reader.services.completion.candidates import is_incomplete

        return [paper.id for paper in self._store.papers.read(paper_ids) if is_incomplete(paper)]

    def new_incomplete(self, report: ImportReport) -> list[int]:
        """Those of the papers that an import brought."""
        fresh = [file.listing_id for file in report.files if file.listing_id is not None and not file.already_imported]
        sections = self._store.listings.sections(fresh) if fresh else []
        return self.incomplete([paper_id for section in sections for paper_id in section.new_ids])

    @changing
    def papers(self, paper_ids: Sequence[int], *, dry_run: bool = False, cancelled: Cancelled = never) -> Progress:
        """Complete papers with what services know: a generator of progress that returns the report.

        A dry run asks the services as well, and stores nothing. ``cancelled`` is asked now and then; papers completed
        before it said yes stay so.
        """
        from reader.services.completion.completer import Completer, Recording
        from reader.services.completion.sources import Sources

        recording = Recording(self._store, dry_run=dry_run)
        with calling(self._store, cancelled) as client, Sources(client, self._store.today()) as sources:
            completer = Completer(self._papers(paper_ids), sources, recording, cancelled)
            report = yield from completer.run(dry_run=dry_run)
        return self._ended(report)

    @changing
    def from_files(
        self,
        paper_ids: Sequence[int],
        paths: Sequence[Path],
        *,
        dry_run: bool = False,
        cancelled: Cancelled = never,
    ) -> Progress:
        """Complete papers with the records in files, which do not become listings; otherwise as :meth:`papers`.

        Raises :class:`~reader.domain.errors.ReaderError` for a file that is no listing.
        """
        from reader.services.completion.completer import Recording
        from reader.services.completion.from_files import complete_from, records_in

        records: FileRecords = records_in(files_of(paths, self._store.path.parent), self._sources, self._store.today())
        recording = Recording(self._store, dry_run=dry_run)
        report = yield from complete_from(self._papers(paper_ids), records, recording, cancelled, dry_run=dry_run)
        return self._ended(report)

    @changing
    def take(self, key: str, offered: Candidate) -> Change:
        """Complete a paper with a record that was offered; a step of its own. Without effect if the paper is gone.

        Raises :class:`ReaderError` if another paper, which is a different work, has the record's identifier.
        """
        paper_id = self._store.papers.id_of_key(key)
        operation = self._store.begin_operation(UNTITLED)
        if paper_id is not None:
            stored = self._store.completions.add(paper_id, offered.prepared, offered.rank, operation, frozenset())
            if stored.is_told_apart:
                raise ReaderError(f"The paper {stored.other} has this identifier already. Merge the two first.")
            self._mutes.refresh()
        return operation.change

    def _papers(self, paper_ids: Sequence[int]) -> list[Paper]:
        return list(self._store.papers.read(list(dict.fromkeys(paper_ids))))

    def _ended(self, report: CompletionReport) -> CompletionReport:
        """A report, after which the papers that mute rules hide are hidden."""
        if report.change:
            self._mutes.refresh()
        return report
