"""The search index as a part of a library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.reports import IndexProgress, IndexSummary
from reader.storage.store import LibraryStore
from reader.storage.subject import Subject, changing

if TYPE_CHECKING:
    from reader.services.search.indexer import Indexer


class Index(Subject):
    """What can be asked of the search index, and done about it."""

    def __init__(self, store: LibraryStore, keeper: Callable[[], Indexer]) -> None:
        """``keeper`` gives what keeps the index, opened when first needed."""
        super().__init__(store)
        self._keeper = keeper

    def is_behind(self) -> bool:
        """Whether the search index has something to learn."""
        return self._keeper().is_behind()

    @changing
    def update(self, *, rebuild: bool = False, cancelled: Cancelled = never) -> Iterator[IndexProgress]:
        """Let the search index learn what changed, or make it anew; a generator of progress, to run beside searches."""
        keeper = self._keeper()
        return keeper.rebuild(cancelled) if rebuild else keeper.catch_up(cancelled)

    @changing
    def compact(self, *, cancelled: Cancelled = never) -> Iterator[IndexProgress]:
        """Make the search index smaller and faster where that is worthwhile; for when there is nothing else to do."""
        return self._keeper().compact(cancelled)

    def state(self) -> IndexSummary:
        """How far the search index is."""
        return self._keeper().summary()
