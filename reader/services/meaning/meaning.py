"""Meaning as a part of a library: its papers as vectors."""

from __future__ import annotations

import tempfile
import threading
from array import array
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryBusyError
from reader.domain.meaning import too_few
from reader.domain.selection import IndexPart
from reader.storage.store import LibraryStore
from reader.storage.subject import Subject

if TYPE_CHECKING:
    from reader.meaning.space import MeaningSpace
    from reader.services.meaning.upkeep import MeaningUpkeep
    from reader.services.search.indexer import Indexer

_SAME = 0.98
"""A closeness above this is that of two versions of one text."""

_MOST_LISTED = 200
_MOST_VERSIONED = 20
"""Of so many papers other versions are left out; each takes a look at the whole library."""


class Meaning(Subject):
    """What is close in meaning to what. Everything here imports numpy, so it is for no thread that must not wait."""

    def __init__(self, store: LibraryStore, keeper: Callable[[], Indexer]) -> None:
        """``keeper`` gives what keeps the index and the vectors, opened when first needed."""
        super().__init__(store)
        self._keeper = keeper
        self._loading = threading.Lock()
        self._kept: tuple[object, MeaningSpace] | None = None

    def space(self, *, complete: bool = False, cancelled: Cancelled = never) -> MeaningSpace | None:
        """The papers as vectors, as far as these are made; None where there are none yet, or too few papers.

        With ``complete`` those that are missing are made first, as a command wants it; this may take a minute. The
        same space is returned until something changes.
        """
        keeper = self._keeper()
        if not complete:
            return self._loaded(keeper.meaning)
        changed = self._store.texts.pending(IndexPart.PAPERS).paper_ids
        try:
            with keeper.at_work(cancelled):
                for _ in keeper.meaning.work(cancelled, changed):
                    pass
            return self._loaded(keeper.meaning, anew=True)
        except LibraryBusyError:  # another program is just making them; what is there is better than waiting for it
            if (space := self._loaded(keeper.meaning)) is not None:
                return space
            raise
        except OSError:  # a folder that cannot be written; what is asked for is answered all the same
            from reader.services.meaning.upkeep import MeaningUpkeep

            with tempfile.TemporaryDirectory() as folder:
                upkeep = MeaningUpkeep(self._store, Path(folder))
                for _ in upkeep.work(cancelled):
                    pass
                return self._loaded(upkeep, anew=True)

    def like(
        self,
        paper_ids: Sequence[int],
        *,
        among: Collection[int] | None = None,
        limit: int | None = None,
        complete: bool = False,
        cancelled: Cancelled = never,
    ) -> list[tuple[int, float]]:
        """The papers closest in meaning to these together, with their closeness (-1 to 1), closest first.

        The papers given are left out, and so is what is most likely one of them in another version: almost the same
        text by the same first author. ``among`` are the papers asked for (None: all); ``complete`` is as in
        :meth:`space`. Empty where nothing is known of the papers given.
        """
        space = self.space(complete=complete, cancelled=cancelled)
        if space is None or not len(examples := space.vectors(paper_ids)) or not examples.any():
            return []
        most = len(space) if limit is None else limit
        given = [*paper_ids, *self._versions(space, paper_ids)]
        return space.nearest(examples.sum(axis=0), most, among=among, without=given)

    def closest(self, paper_ids: Sequence[int]) -> array[int]:
        """The papers like these together, the closest first; none that are no closer than unrelated papers are.

        As far as papers can be compared yet; for a list to read, so at most 200.
        """
        space = self.space()
        found = self.like(paper_ids, limit=_MOST_LISTED) if space is not None else []
        floor = space.floor if space is not None else 0.0
        return array("q", (paper_id for paper_id, closeness in found if closeness >= floor))

    def too_few(self) -> str:
        """A sentence where the library has too few papers to compare them; empty where it has enough."""
        return too_few(self._store.papers.count())

    def _versions(self, space: MeaningSpace, paper_ids: Sequence[int]) -> set[int]:
        """Papers that are most likely one of these, in another version."""
        found: set[int] = set()
        for paper_id in paper_ids[:_MOST_VERSIONED]:
            for vector in space.vectors([paper_id]):
                near = [other for other, _ in space.within(vector, _SAME) if other != paper_id]
                authors = {paper.id: paper.authors[:1] for paper in self._store.papers.read([paper_id, *near])}
                found |= {other for other in near if authors.get(other) and authors.get(other) == authors.get(paper_id)}
        return found

    def _loaded(self, upkeep: MeaningUpkeep, *, anew: bool = False) -> MeaningSpace | None:
        state = upkeep.state()
        with self._loading:
            if not anew and self._kept is not None and self._kept[0] == state:
                return self._kept[1]
            self._kept = None  # before the new one is read: together they would take much memory
            space = upkeep.load()
            if space is not None:
                self._kept = state, space
            return space
