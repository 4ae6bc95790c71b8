"""Keeping the vectors of papers in step with the library, beside the search index and under its lock.

The rows of papers whose text changed are made anew, found by the prints of texts that the rows carry; so nothing
depends on how far the index is, and vectors of another library or of an older state of this one do no harm. A new basis
is learned where there is none, and when the library has doubled since. Then all rows are made with it while the old
ones stay in use. What is written is gone on with after a crash, a kill or a cancellation.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.meaning import LEAST_PAPERS
from reader.domain.reports import IndexProgress
from reader.index.worker import RunningBuild, report_progress
from reader.meaning.installed import installed_folder
from reader.meaning.manifest import read_manifest, write_manifest
from reader.storage.store import LibraryStore

if TYPE_CHECKING:
    from reader.meaning.basis import Basis
    from reader.meaning.space import MeaningSpace
    from reader.meaning.word_vectors import WordVectors

MEANING_FOLDER = "meaning"
_AT_ONCE = 200
"""The texts of so many papers are brought in beside the window; more of them in a child process."""
_READS = 3


class MeaningUpkeep:
    """Brings the vectors of one library up to date. One thread at a time, under the index's lock."""

    def __init__(
        self, store: LibraryStore, folder: Path, words: Callable[[], WordVectors | None] | None = None
    ) -> None:
        """``folder`` is the vectors' own; ``words`` gives the word vectors, those installed unless it is given."""
        self._store = store
        self.folder = folder
        self._words = words or _InstalledWords()
        self._basis: Basis | None = None
        self._has_looked_for_words = False

    def discard(self) -> None:
        """Throw everything away; it is made anew at the next catching up."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._basis = None

    def is_behind(self) -> bool:
        """Whether there is anything to do, as far as a glance tells."""
        papers = self._store.papers.count()
        current = read_manifest(self.folder)
        if papers < LEAST_PAPERS:
            return False
        if current is None or current.is_outgrown(papers) or not current.complete or current.owed:
            return True
        return not self._has_looked_for_words and (installed_folder() is None) != (current.words is None)

    def owe(self, paper_ids: Sequence[int]) -> None:
        """Remember papers whose text may have changed, before the index forgets them."""
        current = read_manifest(self.folder)
        if current is None or not paper_ids:
            return
        owed = tuple(sorted({*current.owed, *paper_ids}))
        is_few = len(owed) <= _AT_ONCE
        changed = replace(current, owed=owed if is_few else (), complete=current.complete and is_few)
        with suppress(OSError):
            write_manifest(self.folder, changed)

    def distrust(self) -> None:
        """The library is another one than it was, or an older one: every text is to be looked at."""
        current = read_manifest(self.folder)
        if current is not None and current.complete:
            with suppress(OSError):
                write_manifest(self.folder, replace(current, complete=False))

    def catch_up(self, cancelled: Cancelled = never) -> Iterator[IndexProgress]:
        """Make the rows that are missing; few of them here, many in a child. What is written when cancelled stays."""
        if not self.is_behind():
            return
        self._has_looked_for_words = True
        current = read_manifest(self.folder)
        has_few = current is not None and current.complete and not current.is_outgrown(self._store.papers.count())
        if has_few and current is not None and current.owed:
            for _ in self._built(cancelled, (), is_beside_window=True):
                pass
        else:
            yield from self._run(cancelled)

    def work(self, cancelled: Cancelled = never, changed: Sequence[int] = ()) -> Iterator[IndexProgress]:
        """The same in this process, however much it is; ``changed`` are papers whose text may have changed, too.

        Raises OSError where the folder cannot be written.
        """
        return self._built(cancelled, changed, is_beside_window=False)

    def _built(
        self, cancelled: Cancelled, changed: Sequence[int], *, is_beside_window: bool
    ) -> Iterator[IndexProgress]:
        from reader.services.meaning.vector_building import VectorBuilding

        building = VectorBuilding(self._store, self.folder, self._words(), self._basis, is_polite=is_beside_window)
        yield from building.run(cancelled, changed, thorough=not is_beside_window)
        self._basis = building.basis

    def state(self) -> object:
        """Compares equal while the same vectors are in use."""
        current = read_manifest(self.folder)
        return None if current is None else (str(self.folder), current.basis, current.number)

    def load(self) -> MeaningSpace | None:
        """The vectors in use, of the papers that are there now; None if there are none."""
        from reader.services.meaning.vector_building import load_space

        for _ in range(_READS):  # another process may just have replaced the files
            current = read_manifest(self.folder)
            if current is None:
                return None
            if self._basis is not None and self._basis.id != current.basis:
                self._basis = None
            space = load_space(self._store, self.folder, current, self._words, self._basis)
            if space is not None:
                self._basis = space.basis
                return space
        return None

    def _run(self, cancelled: Cancelled) -> Iterator[IndexProgress]:
        job = MeaningJob(self._store.path, self.folder)
        yield from RunningBuild(job, run_meaning_job).follow(cancelled)


@dataclass(frozen=True, slots=True)
class MeaningJob:
    """A job for a child: to make the rows that are missing in a library's folder of vectors."""

    database: Path
    folder: Path


def run_meaning_job(job: MeaningJob, connection: Connection) -> None:
    """Do a job in the child and report into ``connection``."""

    def progress() -> Iterable[IndexProgress]:
        with LibraryStore(job.database, read_only=True) as store:
            yield from MeaningUpkeep(store, job.folder).work(connection.poll)

    report_progress(connection, progress(), "Comparing papers by meaning failed")


class _InstalledWords:
    """The word vectors of the optional package, read when first asked for."""

    def __call__(self) -> WordVectors | None:
        from reader.meaning.word_vectors import read_word_vectors

        return read_word_vectors(installed_folder())
