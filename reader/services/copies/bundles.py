"""Writing a library into a bundle, merging a bundle into a library, and making a library of one."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import closing, nullcontext
from dataclasses import dataclass
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.step_titles import StepKind
from reader.services.copies.bundle_file import DATABASE, BundleSummary, free_folder, open_bundle, write_bundle
from reader.services.copies.merge import merge_library
from reader.services.library.files import LibraryFiles
from reader.services.library.mutes import Mutes
from reader.services.process.lock import alone
from reader.storage.copies.privacy import leave_out_private
from reader.storage.sources import named_sources_of
from reader.storage.store import LibraryStore
from reader.storage.subject import Subject, changing


@dataclass(frozen=True, slots=True)
class MergedBundle:
    """What merging a bundle did: the papers that were new, updated, or known already, and the new listings."""

    new: int
    updated: int
    known: int
    listings: int
    change: Change


class Bundles(Subject):
    """Writing this library into a bundle, and merging a bundle into it."""

    def __init__(self, files: LibraryFiles, mutes: Mutes) -> None:
        super().__init__(files.store)
        self._files, self._mutes = files, mutes

    def write(self, target: Path, *, cancelled: Cancelled = never) -> BundleSummary:
        """Write the library into a new file for another machine: without index, backups and what it knows of taste.

        Raises :class:`~reader.services.copies.bundle_file.BundleError` for a file that exists or cannot be written, and
        :class:`~reader.domain.errors.WorkCancelledError`, nothing left behind, once ``cancelled`` says so.
        """
        with tempfile.TemporaryDirectory(prefix="lectern-bundle-") as place:
            snapshot = Path(place) / "snapshot.db"
            self._store.backup(snapshot, cancelled)
            leave_out_private(snapshot)
            return write_bundle(self._files.folder, snapshot, target, self._store.clock(), cancelled)

    @changing
    def merge(self, path: Path, *, cancelled: Cancelled = never) -> MergedBundle:
        """Merge a bundle into the library, as one undoable step; nothing here is replaced.

        Raises, nothing changed, :class:`~reader.services.copies.bundle_file.BundleError` for what cannot be trusted,
        and :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        with (
            tempfile.TemporaryDirectory(prefix="lectern-merging-") as place,
            open_bundle(path) as bundle,
            self._files.import_turn().taken(cancelled),
        ):
            database = Path(place) / "library.db"
            bundle.unpack_database(database)
            needed = named_sources_of(database)
            for digest, content in bundle.sources():
                if digest in needed:
                    self._files.sources.keep_copy(content, digest)
            report, change = merge_library(self._store, database, StepKind.BUNDLE_MERGED(file=path.name), cancelled)
        return MergedBundle(report.new, report.updated, report.known, report.listings, self._mutes.after(change))


def unpack_bundle(path: Path, folder: Path, *, cancelled: Cancelled = never) -> BundleSummary:
    """Make a library in ``folder`` of a bundle; raises :class:`ReaderError` if the folder is in use.

    Raises :class:`~reader.domain.errors.WorkCancelledError`, nothing left behind, once ``cancelled`` says so.
    """
    if not free_folder(folder) and not _is_unused(folder):
        raise ReaderError(
            f"The folder {folder} is not empty, and a bundle never replaces anything; name another folder, or merge it "
            "with --merge."
        )
    with open_bundle(path) as bundle, nullcontext() if free_folder(folder) else alone(folder, "lectern bundle"):
        if not free_folder(folder):
            shutil.rmtree(folder)
        bundle.unpack(folder, cancelled)
        # Brought up to date and given triggers of ours, since those that came with it were dropped.
        LibraryStore(folder / DATABASE).close()
        return bundle.summary


def _is_unused(folder: Path) -> bool:
    """Whether a folder holds a library in which nothing was ever done, and nothing else."""
    if not folder.is_dir() or any(
        path.name not in {"index", "meaning", "sources"} and path.stem != "library" for path in folder.iterdir()
    ):
        return False
    if any((folder / "sources").glob("*")) or not (folder / "library.db").exists():
        return False
    with closing(LibraryStore(folder / "library.db", read_only=True)) as store:
        return store.views.counts().all == 0 and not store.history.steps(1) and not store.listings.all()
