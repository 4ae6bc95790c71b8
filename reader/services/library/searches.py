"""Saved searches, and what a search is made of."""

from __future__ import annotations

from collections.abc import Sequence

from reader.domain.cancellation import Cancelled, never
from reader.domain.query import Chip, parse_query, remove_chip
from reader.services.search.searcher import Searcher
from reader.storage.saved_searches import StoredSearches
from reader.storage.store import LibraryStore


class Searches(StoredSearches):
    """All that can be done with saved searches. Every change is one undoable step."""

    def __init__(self, store: LibraryStore, searcher: Searcher) -> None:
        super().__init__(store)
        self._searcher = searcher

    def without_part(self, query: str, part: Chip) -> str:
        """A query's text without one of its parts."""
        return remove_chip(query, part, today=self._store.today())

    def papers(self, query: str, *, typing: bool = False, cancelled: Cancelled = never) -> Sequence[int]:
        """The papers that a query means, and none that are only close to it; with ``typing`` as it is being typed.

        Raises :class:`reader.index.SearchCancelledError` once ``cancelled`` says so.
        """
        return self._searcher.find(parse_query(query, typing=typing, today=self._store.today()), cancelled=cancelled)

    def query_like(self, paper_id: int) -> str:
        """A query for papers like this one: any of the words that tell it from others, the closest first.

        Empty where nothing tells it from others. Raises :class:`NotFoundError` where there is no such paper.
        """
        words = self._searcher.key_words(paper_id)
        return f"{' OR '.join(words)} sort:relevance" if words else ""
