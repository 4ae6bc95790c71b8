"""``lectern check``: checking everything in a library, and repairing what can be repaired."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from reader.domain.backups import BackupKind
from reader.domain.cancellation import Cancelled, never
from reader.domain.checks import Aspect, CheckReport, Finding
from reader.domain.errors import LibraryError, WorkCancelledError
from reader.domain.selection import IndexPart
from reader.services.copies.backups import Backups
from reader.services.documents.copies import DocumentCopies, hash_file
from reader.services.library.files import LibraryFiles
from reader.services.library.joined_works import joined_works
from reader.services.library.permissions import exposed_paths, make_private
from reader.storage.subject import Subject, changing

_REMAINS = ("library.db.restoring*", "sources/.incoming-*", "sources/*/.*.merging", "backups/*.partial*", ".*.tmp",
            "*/.*.tmp", "documents/*/.*.tmp")  # fmt: skip
_OLD_SECONDS = 24 * 3600.0


class Checks(Subject):
    """The check of a library. Only :meth:`repair` changes anything."""

    def __init__(self, files: LibraryFiles, backups: Backups) -> None:
        super().__init__(files.store)
        self._files, self._backups = files, backups

    def run(self, *, cancelled: Cancelled = never) -> CheckReport:
        """Check everything; takes some seconds for a large library, and may run beside other work.

        Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        found = list(self._store.findings(cancelled))
        if any(finding.aspect is Aspect.INTEGRITY for finding in found):
            return CheckReport((Aspect.INTEGRITY,), tuple(found))
        found += self._source_findings(cancelled)
        found += self._document_findings()
        found += joined_works(self._store.joined_listings(), self._files.sources, self._store.today(), cancelled)
        found += self._index_findings()
        found += self._file_findings()
        return CheckReport(tuple(Aspect), tuple(found))

    @changing
    def repair(self) -> CheckReport:
        """Repair what can be repaired, after a backup; what was found, and which of it was repaired.

        A database that SQLite itself finds damaged is not touched: see :mod:`reader.services.copies.salvage`.
        """
        with self._files.alone():
            return self._repair()

    def _repair(self) -> CheckReport:
        before = self.run()
        if not before.findings or before.checked == (Aspect.INTEGRITY,):
            return before
        if any(finding.aspect not in {Aspect.PERMISSIONS, Aspect.REMAINS} for finding in before.findings):
            self._backups.make(BackupKind.BEFORE_REPAIR)
        self._store.repair([backup.path for backup in self._backups.all()])
        if any(finding.aspect is Aspect.INDEX for finding in before.findings):
            self._files.indexer().discard()
        self._files.sources.prune(self._store.named_sources())
        self._mend_copies()
        make_private(self._files.folder)
        for path in self._remains():
            with suppress(OSError):
                path.unlink()
        left = {(finding.aspect, finding.sentence) for finding in self.run().findings}
        return CheckReport(
            before.checked,
            tuple(
                replace(finding, repaired=(finding.aspect, finding.sentence) not in left) for finding in before.findings
            ),
        )

    def run_quick(self) -> None:
        """The check after an unclean exit; raises :class:`~reader.domain.errors.LibraryDamagedError`."""
        from reader.storage.copies.soundness import quick_check

        quick_check(self._store.path)

    def _source_findings(self, cancelled: Cancelled) -> Iterator[Finding]:
        """Every listing has its file, a page also its newest bytes, and the file is the one that was imported."""
        missing, changed = 0, 0
        for sha256 in self._needed_sources():
            if cancelled():
                raise WorkCancelledError
            try:
                with self._files.sources.path(sha256).open("rb") as file:
                    changed += hashlib.file_digest(file, "sha256").hexdigest() != sha256
            except OSError:
                missing += 1
        unneeded = len(self._files.sources.unnamed(self._store.named_sources()))
        if unneeded:
            sentence = "Imported files are kept that no listing and no step of the history needs"
            yield Finding(Aspect.SOURCES, sentence, unneeded, is_harmless=True)
        if missing and self._store.sync.me() is not None:
            sentence = "Imported files are not here, as those of listings from other devices; their papers are"
            yield Finding(Aspect.SOURCES, sentence, missing, is_harmless=True)
        elif missing:
            yield Finding(Aspect.SOURCES, "Imported files are no longer kept; their papers are here", missing)
        if changed:
            yield Finding(Aspect.SOURCES, "Kept copies of imported files were changed", changed)

    def _document_findings(self) -> Iterator[Finding]:
        """The copies of PDFs are there, and as many of them as can be read in a moment are what they were.

        Others are read on other days.
        """
        copies = DocumentCopies(self._files.folder)
        stored = self._store.documents.stored_copies()
        missing, changed = copies.faults(stored, self._store.today().toordinal())
        if missing:
            yield Finding(Aspect.DOCUMENTS, "Copies of PDFs are gone; attach the files again", len(missing))
        if changed:
            yield Finding(Aspect.DOCUMENTS, "Copies of PDFs were changed; attach the files again", len(changed))

    def _mend_copies(self) -> None:
        """Make faulty copies anew from the files that were attached, where these are still there; else forget them."""
        copies = DocumentCopies(self._files.folder)
        documents = self._store.documents
        missing, changed = copies.faults(documents.stored_copies(), self._store.today().toordinal())
        for sha256 in (*missing, *changed):
            path = documents.path_of(sha256)
            if path is not None and hash_file(Path(path)) == sha256:
                copies.keep(Path(path), sha256)
            else:
                documents.forget_copy(sha256)

    def _needed_sources(self) -> Iterator[str]:
        """The SHA-256 of the file of each listing, and of the newest bytes of a page that has others by now."""
        for listing in self._store.listings.all():
            yield listing.sha256
            newest = self._store.listings.newest_fetch(listing.id) if listing.page is not None else None
            if newest is not None and newest != listing.sha256:
                yield newest

    def _index_findings(self) -> Iterator[Finding]:
        """Whether the index has every paper except those that are pending."""
        from reader.services.search.index_source import LibrarySource, id_set

        try:
            index = self._files.indexer().index
        except LibraryError:
            # No room for one, or no permission: searches then read the papers themselves.
            yield Finding(Aspect.INDEX, "The search index cannot be opened", is_harmless=True)
            return
        source = LibrarySource(self._store)
        for part in IndexPart:
            if part in index.state().needs_build:
                continue
            pending = id_set(self._store.texts.pending_numbers(part))
            differing = (index.indexed_ids(part) ^ source.indexable_ids(part)) - pending
            if differing:
                sentence = f"The search index and the library disagree about {part.value}"
                yield Finding(Aspect.INDEX, sentence, len(differing))

    def _file_findings(self) -> Iterator[Finding]:
        exposed = exposed_paths(self._files.folder)
        if exposed:
            sentence = f"Other users may read or change files of the library, such as {exposed[0].name}"
            yield Finding(Aspect.PERMISSIONS, sentence, len(exposed))
        remains = self._remains()
        if remains:
            yield Finding(Aspect.REMAINS, "Interrupted work left files behind", len(remains), is_harmless=True)

    def _remains(self) -> list[Path]:
        """Files left behind by interrupted work, old enough that nobody is still working on them."""
        oldest = time.time() - _OLD_SECONDS
        found = [path for name in _REMAINS for path in self._files.folder.glob(name)]
        return [path for path in found if path.is_file() and path.stat().st_mtime < oldest]
