"""The contents of views: their papers, and the counts beside them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from reader.domain.changes import Change, Field
from reader.domain.query.nodes import FilterLeaf
from reader.domain.selection import PaperSort, ViewCounts
from reader.storage import counts, filters, inbox, view_queries
from reader.storage.subject import Subject


class StoredViews(Subject):
    """Selections of papers in a library, and their counts."""

    def inbox_ids(self, sort: PaperSort) -> tuple[array[int], array[int]]:
        """The inbox's unseen papers and its seen ones, each in order."""
        return self._read(inbox.inbox_ids, sort, self._store.now())

    def buried_ids(self) -> array[int]:
        """The papers hidden until a moment still to come, those that come back soonest first."""
        return self._read(view_queries.buried_ids, self._store.now())

    def by_listing(self, paper_ids: Sequence[int]) -> list[tuple[int | None, array[int]]]:
        """Papers in groups by the newest listing that has each, newest first, in the order given; others last."""
        return self._read(view_queries.by_listing, paper_ids)

    def filter_ids(self, leaf: FilterLeaf) -> array[int]:
        """The papers that a query's filter leaf means, in no order."""
        return self._read(filters.filter_ids, leaf, self._store.now())

    def counts(self) -> ViewCounts:
        """The figures beside the views."""
        return self.recount(ViewCounts(), Change.of(*Field))

    def recount(self, known: ViewCounts, change: Change) -> ViewCounts:
        """The figures after a change, where ``known`` were those before it; reads only what the change touched."""
        return counts.recount(self._rows, known, change, self._store.now())
