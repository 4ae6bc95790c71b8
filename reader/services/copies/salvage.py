"""Salvaging a damaged database, and restoring a backup where the library cannot be opened.

Salvage makes a new database beside the damaged one, of the values of :mod:`reader.domain.transfer`: every paper that
can still be read, with its annotations; what cannot, from the newest backups; and papers that are still missing, from
the imported files, which the library keeps. Only then is the damaged database moved aside, where it stays.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

from reader.domain.backups import Backup, BackupKind, CountedDifference
from reader.domain.errors import LibraryError, ReaderError
from reader.domain.step_titles import UNTITLED
from reader.domain.transfer import TransferItem, TransferListing, TransferPaper
from reader.files import flush_folder
from reader.services.copies.crash_recovery import put_aside
from reader.services.copies.restore import list_backups, replace_database, staged_copy
from reader.services.imports.importer import Importer, ImportOptions
from reader.services.imports.source_archive import SourceArchive
from reader.services.library.files import DATABASE_NAME, SYNC_STATE_NAME
from reader.services.library.permissions import make_private_folder
from reader.services.search.indexer import INDEX_FOLDER
from reader.storage.copies.any_library import LibraryReader, open_any_library
from reader.storage.copies.database_files import files_of_database, log_belongs
from reader.storage.copies.differences import compare
from reader.storage.copies.soundness import check_library_file
from reader.storage.store import AUTOMATIC, LibraryStore

NOT_SYNCED = (
    "The library is no longer synchronised: set up sync with the same folder or address again, and what the other "
    "devices have comes back."
)


@dataclass(frozen=True, slots=True)
class RecoveryOffer:
    """The way back from a damaged database: the newest good backup, and what it lacks, as far as that can be told."""

    backup: Backup | None
    annotations: Backup | None
    differences: tuple[CountedDifference, ...] | None


@dataclass(slots=True)
class SalvageReport:
    """What salvage did: papers saved, papers from backups, listings imported again, and where the rest is.

    ``files_left`` are imported files that neither the damaged database nor a backup has a listing of, such as those of
    listings that were removed; they lie beside the damaged database then.
    """

    saved: int = 0
    from_backups: int = 0
    listings_read_again: int = 0
    files_left: list[Path] = field(default_factory=list)
    aside: Path | None = None
    problems: list[str] = field(default_factory=list)


def offer_recovery(folder: Path) -> RecoveryOffer:
    """The backups that a library which cannot be opened could go back to; reads only."""
    good = list(_good_backups(folder))
    whole = next((backup for backup in good if backup.kind is not BackupKind.ANNOTATIONS), None)
    annotations = next((backup for backup in good if backup.kind is BackupKind.ANNOTATIONS), None)
    differences = None
    if whole is not None:
        with suppress(LibraryError, OSError):
            if log_belongs(folder / DATABASE_NAME):
                differences = compare(folder / DATABASE_NAME, whole.path)[0]
    return RecoveryOffer(whole, annotations, differences)


def recover(folder: Path, backup: Path) -> Path | None:
    """Put a backup in the place of a database that cannot be opened; where the damaged one is now.

    For the holder of the library's lock, the library being closed. Raises :class:`LibraryError`, nothing changed, if
    the backup is no sound library.
    """
    database = folder / DATABASE_NAME
    with staged_copy(backup, database) as staged:
        aside = put_aside(folder)
        replace_database(staged, database)
        LibraryStore(database).close()  # gives it triggers of ours, since the backup's own were dropped
    _discard_index(folder)
    return aside


def salvage(folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> SalvageReport:
    """Make a sound database of a damaged one, of backups and of the imported files; see the module.

    For the holder of the library's lock, the library being closed. Raises :class:`LibraryError`, nothing changed, if
    no sound database came of it.
    """
    database = folder / DATABASE_NAME
    made = database.with_name(f"{DATABASE_NAME}.salvaged")
    _remove(made)
    report = SalvageReport()
    try:
        with LibraryStore(made, clock=clock) as store:
            _Salvage(store, folder, clock, report).run(database)
        check_library_file(made)
        report.aside = put_aside(folder)
        replace_database(made, database)
        report.files_left = _put_beside(report.files_left, report.aside)
        if (folder / SYNC_STATE_NAME).exists():
            (folder / SYNC_STATE_NAME).unlink()
            report.problems.append(NOT_SYNCED)
        flush_folder(folder)
    finally:
        _remove(made)
    _discard_index(folder)
    return report


class _Salvage:
    """One salvage into a new library."""

    def __init__(self, store: LibraryStore, folder: Path, clock: Callable[[], datetime], report: SalvageReport) -> None:
        self._store, self._clock, self._report = store, clock, report
        self._folder = folder
        self._sources = SourceArchive(folder / "sources")
        self._keys: set[str] = set()
        self._listings: dict[str, TransferListing] = {}
        self._first_bytes: dict[str, str] = {}
        self._known: set[str] = set()

    def run(self, database: Path) -> None:
        """Fill the new library from all there is, the best first; raises :class:`LibraryError` where it cannot be."""
        with _without_strange_log(database) as readable:
            if not self._save(readable):
                self._report.problems.append("The damaged database itself could not be read.")
        self._report.saved = len(self._keys)
        for backup in self._backups():
            self._save(backup.path)
        self._report.from_backups = len(self._keys) - self._report.saved
        self._read_sources_again()
        self._store.forget_history()

    def _backups(self) -> list[Backup]:
        """The newest backup of annotations, then the newest whole one."""
        offered = offer_recovery(self._folder)
        return [backup for backup in (offered.annotations, offered.backup) if backup is not None]

    def _save(self, database: Path) -> bool:
        """Take over what can be read of a library and was not saved before; whether it could be opened."""
        with ExitStack() as stack:
            try:
                source = stack.enter_context(open_any_library(database))
            except (LibraryError, OSError):
                return False
            self._take_over(source)
        return True

    def _take_over(self, source: LibraryReader) -> None:
        self._known |= source.listed_sources()
        sightings: Counter[str] = Counter()
        readable = []
        for paper_id, paper in source.papers(source.paper_ids()):
            readable.append(paper_id)
            sightings.update({sighting.listing for sighting in paper.sightings})
        items = source.items()
        if items is None:
            self._report.problems.append("The lists of listings, tags and searches could not be read.")
        for item in items or ():
            if isinstance(item, TransferListing):
                self._listings.setdefault(item.sha256, item)
                self._first_bytes |= {fetch.sha256: item.sha256 for fetch in item.fetches}
        whole = (item for item in items or () if not self._is_to_be_read_again(item, sightings))
        new = (paper for _, paper in source.papers(readable) if self._is_new(paper))
        operation = self._store.begin_operation(UNTITLED, AUTOMATIC)
        if refused := self._store.transfers.salvage(chain(whole, new), operation):
            # A backup may have them as they were.
            self._keys.difference_update(item.key for item in refused if isinstance(item, TransferPaper))
            self._report.problems.append(f"Entries that were damaged and could not be saved: {len(refused):,}.")

    def _is_new(self, paper: TransferPaper) -> bool:
        """Whether a paper was not saved before; it counts as saved from now on."""
        is_new = paper.key not in self._keys
        self._keys.add(paper.key)
        return is_new

    def _is_to_be_read_again(self, item: TransferItem, sightings: Counter[str]) -> bool:
        """Whether papers are missing that a listing's kept file can bring back."""
        if not isinstance(item, TransferListing) or not self._sources.path(item.sha256).exists():
            return False
        return sightings[item.sha256] < item.account.records

    def _read_sources_again(self) -> None:
        """Import the kept files whose listings are known but not here, under their own names and dates.

        Where neither the database nor a backup knows any listing, every file is imported.
        """
        here = self._store.listed_sources()
        self._known |= self._listings.keys()
        for path in self._sources.unnamed(here):
            first = self._first_bytes.get(path.name, path.name)
            if first != path.name and self._sources.path(first).exists():
                continue  # a later fetch of a page, which is read again from its first bytes
            if self._known and path.name not in self._known:
                self._report.files_left.append(path)
            else:
                try:
                    self._read_source_again(path)
                    self._report.listings_read_again += 1
                except (ReaderError, OSError) as error:
                    self._report.problems.append(f"Could not import the kept file {path.name[:12]}… again: {error}")

    def _read_source_again(self, path: Path) -> None:
        """Import a kept file; raises :class:`ReaderError` for one that no longer is what was imported."""
        known = self._listings.get(path.name)
        name, year, modified = f"{path.name[:12]}.txt", None, None
        if known is not None:
            name, year = Path(known.file_name).name or "listing", known.year
            with suppress(ValueError):
                modified = date.fromisoformat((known.source_modified or "")[:10])
        importer = Importer(self._store, self._sources, self._clock)
        for _ in importer.import_kept(path, name, modified, ImportOptions(year)):
            pass
        stored = self._store.listings.with_sha256(path.name)
        if stored is None:
            raise ReaderError("it is not what was imported, or no listing.")
        if known is not None and known.page is not None:
            self._store.listings.name_page(stored.id, known.page)
        if known is not None and (known.name_given or known.page is not None):
            self._store.listings.rename(stored.id, known.name)


@contextmanager
def _without_strange_log(database: Path) -> Iterator[Path]:
    """The database, or, beside a log that is not its own, a copy of it alone for as long as it is read."""
    if log_belongs(database):
        yield database
        return
    with tempfile.TemporaryDirectory(prefix="lectern-salvage-", dir=database.parent) as place:
        yield Path(shutil.copyfile(database, Path(place) / database.name))


def _put_beside(files: Iterable[Path], aside: Path | None) -> list[Path]:
    """Move files that nothing names beside the damaged database, out of reach of tidying; their new paths."""
    moved = []
    for path in files:
        target = path if aside is None else aside / "sources" / path.name
        with suppress(OSError):
            make_private_folder(target.parent)
            path.replace(target)
        moved.append(target if target.exists() else path)
    return moved


def _good_backups(folder: Path) -> Iterator[Backup]:
    """The backups that are whole, newest first."""
    for backup in list_backups(folder):
        with suppress(LibraryError):
            check_library_file(backup.path)
            yield backup


def _discard_index(folder: Path) -> None:
    """Delete the search index, which is rebuilt."""
    shutil.rmtree(folder / INDEX_FOLDER, ignore_errors=True)


def _remove(database: Path) -> None:
    for file in files_of_database(database):
        file.unlink()
