"""Keeping the search index in step with the library: in small steps at once, in large ones in a child process.

What changed since the index's last commit stands in the database (pending), with the stamp of that commit. A crash in
between costs only learning the same again; an index that is not the one of that stamp (set aside after damage, older
than a restored library, deleted) is made anew.
"""

from __future__ import annotations

import shutil
import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.reports import IndexProgress, IndexSummary
from reader.domain.selection import ALL_PAPERS, AnnotationText, IndexedText, IndexPart, PaperSort, PendingPapers
from reader.index import DIRECT_LIMIT, IndexState
from reader.index.whoosh_index import WhooshIndex
from reader.index.worker import BuildJob, RunningBuild, TextFactory
from reader.services.meaning.upkeep import MEANING_FOLDER, MeaningUpkeep
from reader.services.search.index_source import LibrarySource, id_set
from reader.storage.file_lock import WAIT, FileLock, busy_error, read_holder, retry
from reader.storage.store import LibraryStore

INDEX_FOLDER = "index"
_LOCK_NAME = "library.index"
_BATCH = 500
_CHANGES_AT_ONCE = 200
"""So many changes are brought in beside the window; more of them in a child, as they would hold the window up."""
_LEAST_COMPACTED = 1_000
"""A part with fewer papers is searched at once however it lies on the disk."""
_REFRESHED = 1_000


class Indexer:
    """Brings one library's index up to date. One thread at a time; searches go on meanwhile."""

    def __init__(self, store: LibraryStore, folder: Path) -> None:
        """``folder`` is the index's own."""
        self._store = store
        self._folder = folder
        self._working = threading.Lock()
        self._lock = FileLock(store.path.with_name(_LOCK_NAME))
        self.index = WhooshIndex(folder)
        self.meaning = MeaningUpkeep(store, folder.with_name(MEANING_FOLDER))

    def close(self) -> None:
        """Let go of the index's files."""
        self.index.close()

    def rebuild(self, cancelled: Cancelled) -> Iterator[IndexProgress]:
        """Throw the index and the vectors away and make them anew."""
        with self.at_work(cancelled):
            self.discard()
            self.meaning.discard()
        yield from self.catch_up(cancelled)

    def discard(self) -> None:
        """Throw the index away; searches read the papers themselves until it is made anew."""
        self.index.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._store.texts.forget()
        self.index = WhooshIndex(self._folder)

    def is_behind(self) -> bool:
        """Whether anything is left to learn."""
        state = self.index.state()
        return (
            any(
                part in state.needs_build
                or self._is_strange(part, state)
                or self._store.texts.pending(part, limit=1).paper_ids
                for part in IndexPart
            )
            or self.meaning.is_behind()
        )

    def summary(self) -> IndexSummary:
        """How the index stands."""
        state = self.index.state()
        pending = sum(len(self._store.texts.pending(part).paper_ids) for part in IndexPart)
        return IndexSummary(state.documents[IndexPart.PAPERS], pending, not state.needs_build, state.bytes)

    def catch_up(self, cancelled: Cancelled) -> Iterator[IndexProgress]:
        """Learn what is pending; in a child process where that is much. What is committed when cancelled stays."""
        with self.at_work(cancelled):
            state = self.index.state()
            if any(self._is_strange(part, state) for part in IndexPart):
                self.discard()
                self.meaning.distrust()
            for part in IndexPart:
                yield from self._catch_up_part(part, cancelled)
            if not cancelled():
                yield from self.meaning.catch_up(cancelled)

    def compact(self, cancelled: Cancelled) -> Iterator[IndexProgress]:
        """Make the index smaller and faster to search where that is worthwhile, in a child; for when all is quiet.

        Searches go on meanwhile and find the same. Cancelled, it is as it was before.
        """
        with self.at_work(cancelled):
            for part in IndexPart:
                state = self.index.state()
                if self._is_worth_compacting(part, state):
                    yield from self._run(BuildJob(self._folder, parts=(part,)), state.documents[part], cancelled)
                    if not cancelled():
                        self._note_commit(part)

    @contextmanager
    def at_work(self, cancelled: Cancelled) -> Iterator[None]:
        """The index for this process alone; :class:`LibraryBusyError` while another is at work on it for long."""
        with self._working:
            if not retry(lambda: True if self._lock.try_acquire() else False if cancelled() else None, WAIT):
                raise busy_error(self._store.path.parent, read_holder(self._lock.path))
            try:
                self._lock.sign(self._store.program)
                yield
            finally:
                self._lock.release()

    def _is_worth_compacting(self, part: IndexPart, state: IndexState) -> bool:
        is_whole = part not in state.needs_build and not self._is_strange(part, state)
        return is_whole and part in state.scattered and state.documents[part] >= _LEAST_COMPACTED

    def _note_commit(self, part: IndexPart) -> None:
        """Remember which commit the index is at; what is pending stays so."""
        self._store.texts.learned(part, self.index.state().stamp[part], 0)

    def _catch_up_part(self, part: IndexPart, cancelled: Cancelled) -> Iterator[IndexProgress]:
        state = self.index.state()
        pending = self._store.texts.pending(part)
        if part in state.needs_build or len(pending.paper_ids) > _CHANGES_AT_ONCE:
            yield from self._build(part, pending, state, cancelled)
            if cancelled():
                return
        elif pending.paper_ids:
            self._update(part, pending.paper_ids)
        stamp = self.index.state().stamp[part]
        if part is IndexPart.PAPERS:
            self.meaning.owe(pending.paper_ids)
        if pending.paper_ids or self._store.texts.stamp(part) != stamp:
            self._store.texts.learned(part, stamp, pending.mark)

    def _is_strange(self, part: IndexPart, state: IndexState) -> bool:
        """Whether the index is not the one, or an older one, than the library last heard of."""
        known = self._store.texts.stamp(part)
        if known is None:
            return state.documents[part] > 0 and part not in state.needs_build
        (known_name, known_commit), (name, commit) = known.rsplit(":", 1), state.stamp[part].rsplit(":", 1)
        return known_name != name or int(commit) < int(known_commit)

    def _update(self, part: IndexPart, ids: Sequence[int]) -> None:
        texts, removed = _changes(LibrarySource(self._store), part, ids)
        self.index.update(part, texts, removed)

    def _build(
        self, part: IndexPart, pending: PendingPapers, state: IndexState, cancelled: Cancelled
    ) -> Iterator[IndexProgress]:
        """In a child: bring in what changed; where much is missing, that is built as at the first time."""
        indexed = self.index.indexed_ids(part)
        changed = id_set(pending.paper_ids)
        total, factory = len(changed), None
        if part in state.needs_build or len(changed - indexed) > DIRECT_LIMIT:
            total = len(LibrarySource(self._store).indexable_ids(part))
            factory = TextFactory(f"{__name__}:texts_for_building", {"database": self._store.path})
            changed &= indexed
        arguments = {"database": self._store.path, "ids": array("q", changed)}
        changes = TextFactory(f"{__name__}:changes_for_building", arguments) if changed else None
        yield from self._run(BuildJob(self._folder, factory, changes, parts=(part,)), total, cancelled)

    def _run(self, job: BuildJob, total: int, cancelled: Cancelled) -> Iterator[IndexProgress]:
        """Have a child do a job."""
        with closing(RunningBuild(job).follow(cancelled)) as steps:
            for step in steps:
                yield IndexProgress(min(step.documents, total), total)


def _changes(
    source: LibrarySource, part: IndexPart, ids: Sequence[int]
) -> tuple[list[IndexedText | AnnotationText], list[int]]:
    """Of papers that changed: the texts of those there are, and the others, which are to be taken out."""
    existing = source.indexable_ids(part)
    present = [paper_id for paper_id in ids if paper_id in existing]
    return list(source.texts(part, present)), [paper_id for paper_id in ids if paper_id not in existing]


def changes_for_building(
    part: IndexPart, database: Path, ids: array[int]
) -> Iterator[tuple[list[IndexedText | AnnotationText], list[int]]]:
    """Papers as they are now, by the thousand; runs in the child that builds."""
    with LibraryStore(database, read_only=True) as store:
        source = LibrarySource(store)
        for start in range(0, len(ids), _REFRESHED):
            yield _changes(source, part, ids[start : start + _REFRESHED])


def texts_for_building(part: IndexPart, database: Path) -> Iterator[IndexedText | AnnotationText]:
    """A library's texts, newest papers first; runs in the child that builds."""
    with LibraryStore(database, read_only=True) as store:
        source = LibrarySource(store)
        wanted = source.indexable_ids(part)
        order = [paper_id for paper_id in store.papers.ids(ALL_PAPERS, PaperSort()) if paper_id in wanted]
        for start in range(0, len(order), _BATCH):
            yield from source.texts(part, order[start : start + _BATCH])
