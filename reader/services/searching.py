"""Searching the library: a query's text in, ordered paper ids and what to say about it out."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap

from reader.domain.query import FilterLeaf, ParsedQuery, leaves, parse_query
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import ALL_PAPERS, PaperFilter, PaperSort, SortBy
from reader.services.direct_search import DirectSearch
from reader.storage.store import LibraryStore

RELEVANCE = "relevance"
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a query found: paper ids in order, the query as it was understood, and sentences about it."""

    paper_ids: Sequence[int]
    query: ParsedQuery
    messages: tuple[str, ...]


class Searcher:
    """Answers queries over one library. Usable from any thread."""

    def __init__(self, store: LibraryStore, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today

    def search(self, text: str, *, sort: str | None = None, typing: bool = False) -> SearchResult:
        """The papers that a query means. ``sort`` is an order's name; one in the query itself goes first.

        With ``typing`` the last word is a beginning, as in a box that answers while one types.
        """
        query = parse_query(text, typing=typing, today=self._today())
        found = self._matching_ids(query)
        order = sort_named(query.sort or sort)
        which = ALL_PAPERS if found is None else PaperFilter(ids=array("q", found))
        return SearchResult(self._store.paper_ids(which, order), query, query.messages)

    def _matching_ids(self, query: ParsedQuery) -> BitMap | None:
        """The papers a query means; None for all of them. Texts are read only if the query asks for words."""
        if not query.chips:
            return None
        ids = self._store.paper_ids(ALL_PAPERS)
        if not any(isinstance(leaf, TEXT_LEAVES) for leaf in leaves(query.node)):
            return DirectSearch(id_set(ids), (), (), self._filter_ids).matching_ids(query.node)
        found = BitMap()
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            texts, annotations = self._store.texts_of(batch), self._store.annotation_texts(batch)
            found |= DirectSearch(id_set(batch), texts, annotations, self._filter_ids).matching_ids(query.node)
        return found

    def _filter_ids(self, leaf: FilterLeaf) -> BitMap:
        return id_set(self._store.filter_ids(leaf))


def id_set(ids: array[int]) -> BitMap:
    """Ids as a bitmap, which holds 32-bit numbers."""
    return BitMap(array("I", ids))


def sort_named(name: str | None) -> PaperSort:
    """The order of a name, by date where none is given."""
    return PaperSort(SortBy(name)) if name and name != RELEVANCE else PaperSort()
