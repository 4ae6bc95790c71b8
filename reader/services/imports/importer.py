"""Importing listing files: one undoable step, all or nothing per file.

A file that this library exported tells it nothing: its papers are passed over, all of an unchanged file (known by its
digest), and those of any other that are named by their keys in this library.

For each file: its bytes are copied into the library and digested, the copy is parsed, the records are stored in one
transaction, and the copy gets its final name just before that transaction ends. A crash between the two leaves at
most a copy that no listing names; never a listing without its source.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryError, ReaderError
from reader.domain.papers import Listing
from reader.domain.preparation import OWN_EXPORT
from reader.domain.reports import FileReport, ImportProgress, ImportReport
from reader.domain.step_titles import StepKind, StepTitle
from reader.services.copies.transfer import is_transfer, take_over_file
from reader.services.imports.own_exports import OwnExports
from reader.services.imports.parser import ListingParser, PreparedFile
from reader.services.imports.source_archive import IncomingFile, SourceArchive, files_of, is_within
from reader.services.imports.turn import ImportTurn, watched
from reader.storage.store import LibraryStore, OperationHandle, RehearsalAwaitedError

Progress = Generator[ImportProgress, None, ImportReport]
_OWN = "{name} lies in the library's own folder, from which nothing is imported; copy it elsewhere if it is a listing."


class ImportCancelledError(Exception):
    """The user cancelled while a file was being stored; its transaction is rolled back."""


class _RehearsalOver(Exception):  # noqa: N818 - no error: it ends a dry run by rolling its transaction back
    """The end of a dry run."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: the year of dates that show none, whether to store anything, and a look whether to go on.

    ``seen`` marks the papers that the files bring as seen, in the same step.
    """

    year: int | None = None
    dry_run: bool = False
    cancelled: Cancelled = never
    seen: bool = False


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A file to import: the path to report, how to get its bytes, and where it is, unless it was pasted."""

    path: str
    take: Callable[[], IncomingFile]
    file: Path | None = None


class Importer:
    """Imports files into one library; ``clock`` gives the present, whose day bounds guessed years."""

    def __init__(
        self,
        store: LibraryStore,
        sources: SourceArchive,
        clock: Callable[[], datetime],
        library: Path | None = None,
    ) -> None:
        """``library`` is the library's folder where ``store`` is a copy of its database that lies elsewhere."""
        self._store = store
        self._sources = sources
        self._clock = clock
        self._library = library or store.path.parent
        self._turn = ImportTurn(self._library, store.program)
        self._exports = OwnExports(store)

    def import_paths(self, paths: Sequence[Path], options: ImportOptions) -> Progress:
        """Import files and folders; yields before each file and returns the report."""
        incoming = [_Incoming(str(path), self._taker(path), path) for path in files_of(paths, self._library)]
        return (yield from self._import(incoming, options))

    def import_text(self, text: str, name: str, options: ImportOptions) -> Progress:
        """Import a pasted text as if it were a file called ``name``, last changed today."""
        today = self._clock().date()
        incoming = [_Incoming(name, lambda: self._sources.take_text(text, name, today))]
        return (yield from self._import(incoming, options))

    def import_kept(self, kept: Path, name: str, modified: date | None, options: ImportOptions) -> Progress:
        """Import the kept copy of a file again, as the file that it was: its name, and when it was last changed."""

        def take() -> IncomingFile:
            incoming = self._sources.take(kept)
            return replace(incoming, file_name=name, stem=Path(name).stem, modified=modified or incoming.modified)

        return (yield from self._import([_Incoming(name, take)], options))

    def _taker(self, path: Path) -> Callable[[], IncomingFile]:
        return lambda: self._sources.take(path)

    def _import(self, incoming: Sequence[_Incoming], options: ImportOptions) -> Progress:
        """Import file by file; a dry run does the same in one transaction that is rolled back.

        If another process waits to write, the dry run is made again, on a copy of the database.
        """
        operation = self._store.begin_operation(_title(incoming), "import")
        rehearsal: AbstractContextManager[object] = (
            self._store.rehearsal(operation) if options.dry_run else nullcontext()
        )
        report = ImportReport(dry_run=options.dry_run)
        try:
            with rehearsal, ListingParser(today=self._clock().date(), year=options.year) as parser:
                report = yield from self._import_files(incoming, options, operation, parser)
                if options.dry_run:
                    raise _RehearsalOver
        except _RehearsalOver:
            pass
        except RehearsalAwaitedError:
            with tempfile.TemporaryDirectory(prefix="lectern-rehearsal-") as place:
                self._store.backup(Path(place) / self._store.path.name, options.cancelled)
                with LibraryStore(Path(place) / self._store.path.name, clock=self._clock) as copy:
                    again = Importer(copy, self._sources, self._clock, self._library)
                    report = yield from again._import(incoming, options)
        return replace(report, as_seen=options.seen)

    def _import_files(
        self,
        incoming: Sequence[_Incoming],
        options: ImportOptions,
        operation: OperationHandle,
        parser: ListingParser,
    ) -> Progress:
        reports: list[FileReport] = []
        papers = 0
        for number, file in enumerate(incoming):
            yield ImportProgress(number, len(incoming), papers, file.path)
            try:
                if options.dry_run:
                    self._store.breathe()
                else:
                    for _ in self._turn.waited_for(options.cancelled):
                        yield ImportProgress(number, len(incoming), papers, file.path)
                    self._store.take_back_unfinished()
                if options.cancelled():
                    raise ImportCancelledError
                report = self._import_file(file, options, operation, parser)
            except ImportCancelledError:
                return ImportReport(tuple(reports), options.dry_run, cancelled=True)
            finally:
                self._turn.release()
            reports.append(report)
            papers += report.papers
        yield ImportProgress(len(incoming), len(incoming), papers, "")
        return ImportReport(tuple(reports), options.dry_run)

    def _import_file(
        self, file: _Incoming, options: ImportOptions, operation: OperationHandle, parser: ListingParser
    ) -> FileReport:
        """Import one file. What is wrong with the file goes into its report, what is wrong with the library up."""
        if file.file is not None and is_within(file.file, self._library.resolve()):
            # Not even opened: closing any file of an open database takes away SQLite's locks on it, after which another
            # process may write over what this one has mapped into memory (https://sqlite.org/howtocorrupt.html, 2.2).
            return FileReport(file.path, error=_OWN.format(name=file.file.name))
        try:
            if file.file is not None and is_transfer(file.file):
                return take_over_file(file.file, self._store, operation, partial(self._look, options))
            incoming = file.take()
        except LibraryError:
            raise
        except ReaderError as error:
            return FileReport(file.path, error=str(error))
        try:
            prepared = self._exports.without_own(parser.parse(incoming), incoming.sha256)
            if prepared.own and not prepared.record_count:
                return _report_own(file.path, prepared)
            return self._store_file(file.path, incoming, prepared, options, operation)
        except LibraryError:
            raise
        except ReaderError as error:
            if self._exports.has(incoming.sha256):  # a page or a digest, which no format reads
                return FileReport(file.path, format=OWN_EXPORT, already_imported=True)
            return FileReport(file.path, error=str(error))
        except BaseException:
            # Whatever the child still sends belongs to a file that is given up.
            parser.close()
            raise
        finally:
            self._sources.discard(incoming)

    def _store_file(
        self,
        path: str,
        incoming: IncomingFile,
        prepared: PreparedFile,
        options: ImportOptions,
        operation: OperationHandle,
    ) -> FileReport:
        known = self._store.listings.with_sha256(incoming.sha256)
        records = watched(prepared.records, partial(self._look, options))
        if known is not None:
            for _ in records:
                pass
            return self._report_known(path, prepared, known, options, operation)
        # Not within a transaction of its own: a savepoint for the whole file would slow every statement in it.
        finish = None if options.dry_run else partial(self._finish, incoming, as_seen=options.seen)
        stored = self._store.listings.add(prepared.header, records, operation, before_commit=finish)
        return replace(
            file_report(path, prepared),
            listing_id=stored.listing_id,
            new=stored.new,
            updated=stored.updated,
            known=stored.known,
        )

    def _look(self, options: ImportOptions) -> None:
        """Stop if the user cancelled, and give a sign of life to who waits."""
        self._turn.show_life()
        _stop_if(options.cancelled())

    def _finish(self, incoming: IncomingFile, *, as_seen: bool) -> None:
        """Within the file's transaction, once all of it is stored: mark what it brought as seen, keep its bytes."""
        listing = self._store.listings.with_sha256(incoming.sha256) if as_seen else None
        if listing is not None:
            (section,) = self._store.listings.sections([listing.id])
            self._store.states.set_seen(section.new_ids, imported=True)
        self._sources.keep(incoming)

    def _report_known(
        self, path: str, prepared: PreparedFile, known: Listing, options: ImportOptions, operation: OperationHandle
    ) -> FileReport:
        """A file that was imported before changes nothing, but that a year given now corrects its listing."""
        report = replace(
            file_report(path, prepared), listing_id=known.id, already_imported=True, known=prepared.record_count
        )
        if options.year is not None:
            with self._store.transaction(operation):
                change = self._store.listings.set_year(known.id, options.year)
            updated = min(len(change.paper_ids), prepared.record_count)
            return replace(report, updated=updated, known=prepared.record_count - updated)
        return replace(report, heading_date=known.heading_date, year_guessed=known.year_guessed)


def _report_own(path: str, prepared: PreparedFile) -> FileReport:
    """What is said of a file that holds nothing but exports of this library's own papers."""
    return replace(file_report(path, prepared), papers=prepared.own, known=prepared.own, already_imported=True)


def file_report(path: str, prepared: PreparedFile) -> FileReport:
    """What a file's own contents say, before what the library makes of them."""
    header = prepared.header
    return FileReport(
        path=path,
        format=header.format,
        format_certain=prepared.format_certain,
        encoding_uncertain=header.encoding_uncertain,
        heading_date=header.heading_date,
        year_inferred=header.year_inferred,
        year_guessed=header.year_guessed,
        papers=prepared.record_count,
        repeated=prepared.repeated,
        problems=header.problems,
        account=header.account,
    )


def _stop_if(cancelled: bool) -> None:
    if cancelled:
        raise ImportCancelledError


def _title(incoming: Sequence[_Incoming]) -> StepTitle:
    """The name of an import's step."""
    if len(incoming) == 1:
        return StepKind.IMPORTED(file=Path(incoming[0].path).name)
    return StepKind.IMPORTED_FILES(files=len(incoming))
