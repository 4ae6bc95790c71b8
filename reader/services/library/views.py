"""Views: which papers each shows, and in which order."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace

from reader.domain.papers import PaperState
from reader.domain.query import parse_query
from reader.domain.selection import (
    ALL_PAPERS,
    BURIED,
    INBOX,
    MUTED,
    QUEUE,
    UNSEEN,
    PaperFilter,
    PaperSort,
    SortBy,
    in_state,
)
from reader.domain.views import View, ViewKind
from reader.services.search.searcher import Searcher
from reader.storage.store import LibraryStore
from reader.storage.views import StoredViews

_FILTERS = {
    ViewKind.INBOX: INBOX,
    ViewKind.CATCH_UP: INBOX,
    ViewKind.MUTED: MUTED,
    ViewKind.BURIED: BURIED,
    ViewKind.QUEUE: QUEUE,
    ViewKind.READING: in_state(PaperState.READING),
    ViewKind.DONE: in_state(PaperState.DONE),
    ViewKind.DISMISSED: in_state(PaperState.DISMISSED),
    ViewKind.STARRED: PaperFilter(starred=True),
    ViewKind.HIGHLIGHTS: PaperFilter(has_highlights=True),
    ViewKind.NOTES: PaperFilter(has_note=True),
}
_OWN_ORDERS = {ViewKind.QUEUE: SortBy.QUEUE, ViewKind.CATCH_UP: SortBy.SIGHTINGS}


class Views(StoredViews):
    """The views of a library."""

    def __init__(
        self,
        store: LibraryStore,
        searcher: Searcher,
        of_topic: Callable[[int], array[int]],
        closest: Callable[[Sequence[int]], array[int]],
    ) -> None:
        """``of_topic`` gives the papers of a topic, ``closest`` those like others, the closest first."""
        super().__init__(store)
        self._searcher = searcher
        self._of_topic, self._closest = of_topic, closest

    def paper_ids(self, view: View, sort: PaperSort | None = None) -> array[int]:
        """The papers of a view, in its own order unless ``sort`` names another."""
        if view.kind is ViewKind.SEARCH:
            query = parse_query(view.query.strip(), today=self._store.today())
            return array("q", self._searcher.find(query, sort=sort.by.value if sort else None, exact=True))
        if view.kind is ViewKind.LIKE:
            ids = self._closest(view.paper_ids)
            return ids if sort is None else self._store.papers.ids(PaperFilter(ids=ids), sort)
        own_order = {
            ViewKind.BURIED: self.buried_ids,
            ViewKind.HIGHLIGHTS: self._store.highlights.papers,
            ViewKind.NOTES: self._store.notes.papers,
        }
        if sort is None and view.kind in own_order:
            return own_order[view.kind]()
        which, order = _selection(view)
        if view.kind is ViewKind.TOPIC:
            which = PaperFilter(ids=self._of_topic(view.topic_id or 0))
        return self._store.papers.ids(which, sort or order)

    def unseen_and_seen(self, view: View, sort: PaperSort | None = None) -> tuple[array[int], array[int]]:
        """The papers of the inbox that were not seen, and below them those that were; each in the view's order."""
        return self.inbox_ids(sort or _selection(view)[1])

    def first_unseen(self, view: View) -> int | None:
        """The first paper of a view that was neither seen nor decided; not for a search."""
        which, order = _selection(view)
        unseen = self._store.papers.ids(replace(which, settled=False, seen=False), order)
        return unseen[0] if unseen else None

    def came_back(self) -> frozenset[int]:
        """The unseen papers of the inbox that were hidden until a day that has come."""
        return frozenset(self._store.papers.ids(replace(UNSEEN, came_back=True)))


def _selection(view: View) -> tuple[PaperFilter, PaperSort]:
    """The papers of a view and its own order."""
    if view.kind in {ViewKind.LISTING, ViewKind.IMPORT}:
        return PaperFilter(listing_ids=view.listing_ids), PaperSort(SortBy.LISTING)
    if view.kind is ViewKind.SUBSCRIPTION:
        return PaperFilter(subscription_id=view.subscription_id), PaperSort()
    if view.kind is ViewKind.TAG:
        return PaperFilter(tags=(view.tag,)), PaperSort()
    return _FILTERS.get(view.kind, ALL_PAPERS), PaperSort(_OWN_ORDERS.get(view.kind, SortBy.DATE))
