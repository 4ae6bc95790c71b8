"""Searching the library: a query's text in, ordered paper ids and what to say about it out.

Text leaves are answered by the index, all others by the database. Where the index has not learned of every paper yet,
the rest is read directly if the caller wants it exact (a command line that waits), else left out and counted.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import NotFoundError
from reader.domain.query import (
    Everything,
    Node,
    ParsedQuery,
    has_own_words,
    in_titles,
    leaves,
    loosen,
    parse_query,
    with_words_replaced,
)
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import ALL_PAPERS, IndexedText, IndexPart, PaperSort, SortBy
from reader.domain.taste import TasteOrder
from reader.services.search.direct_search import DirectSearch
from reader.services.search.index_source import LibrarySource, id_set
from reader.storage.store import LibraryStore

if TYPE_CHECKING:
    from reader.index.whoosh_index import WhooshIndex

ByTaste: TypeAlias = Callable[[Sequence[int], bool, Cancelled], TasteOrder]

RELEVANCE = "relevance"
FOR_YOU = "foryou"
_RELEVANCE_AT_ONCE = "relevance, at once"
_MOST_RANKED = 1_000
"""Of so many papers the order of relevance is worked out while one types."""
FEW = 5
"""Where all words together find fewer papers than this, papers with any of the words follow."""
_MOST_RELATED = 200
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a query found.

    ``paper_ids`` are the papers it means, in order; ``related_ids`` papers with any of its words, best first, where it
    found few. ``messages`` say what was not understood. ``did_you_mean`` is another query where nothing was found.
    ``unsearchable`` counts papers that the index has not learned of and that were not looked at.
    """

    paper_ids: Sequence[int]
    query: ParsedQuery
    messages: tuple[str, ...]
    related_ids: Sequence[int] = ()
    did_you_mean: str | None = None
    unsearchable: int = 0


class Searcher:
    """Answers queries over one library. Usable from any thread."""

    def __init__(
        self, store: LibraryStore, index: Callable[[], WhooshIndex], today: Callable[[], date], by_taste: ByTaste
    ) -> None:
        """``index`` gives the index in use, which is not opened before a query asks for words.

        ``by_taste`` puts papers into the order of the reader's taste; with True what that lacks is made first.
        """
        self._store = store
        self._index = index
        self._today = today
        self._by_taste = by_taste
        self._kept = threading.local()

    def search(
        self,
        text: str,
        *,
        sort: str | None = None,
        by_relevance: bool = False,
        typing: bool = False,
        exact: bool = False,
        cancelled: Cancelled = never,
    ) -> SearchResult:
        """The papers that a query means. ``sort`` is an order's name; one in the query itself goes first.

        ``by_relevance`` orders what neither names an order for by relevance, if it has words of no particular field.
        With ``typing`` the last word is a beginning, as in a box that answers while one types, unless a blank ends it:
        then the same papers are found as without. Raises
        :class:`reader.index.SearchCancelledError` once ``cancelled`` says so.
        """
        query = parse_query(text.lstrip() if typing else text.strip(), typing=typing, today=self._today())
        return self.find(query, sort=sort, by_relevance=by_relevance, exact=exact, cancelled=cancelled)

    def find(
        self,
        query: ParsedQuery,
        *,
        sort: str | None = None,
        by_relevance: bool = False,
        exact: bool = False,
        cancelled: Cancelled = never,
    ) -> SearchResult:
        """The papers that a query means which was read already; otherwise as :meth:`search`."""
        order = query.sort or sort
        if order == FOR_YOU:
            by_date = self.find(replace(query, sort=None), exact=exact, cancelled=cancelled)
            return self._sorted_by_taste(replace(by_date, query=query), exact, cancelled)
        if not order and by_relevance and has_own_words(query.node):
            order = _RELEVANCE_AT_ONCE
        if isinstance(query.node, Everything):
            return SearchResult(self._ordered(None, order), query, query.messages)
        source = self._source()
        if _asks_for_words(query.node):
            return self._search_words(query, order, source, exact, cancelled)
        found = self._matching(query.node, source, cancelled)
        meant = None if found else self._worth_searching(query.correction, query, source, cancelled)
        return SearchResult(self._ordered(found, order), query, query.messages, did_you_mean=meant)

    def _sorted_by_taste(self, result: SearchResult, complete: bool, cancelled: Cancelled) -> SearchResult:
        """A result in the order of the reader's taste, with a sentence if that is not known or a guess."""
        order = self._by_taste(result.paper_ids, complete, cancelled)
        messages = (*result.messages, order.message) if order.message else result.messages
        return replace(result, paper_ids=order.paper_ids, messages=messages)

    def best(self, node: Node, limit: int) -> list[int]:
        """The papers that hold most of what ``node`` wants, best first."""
        index, source = self._index(), self._source()
        found = index.matching_ids(node, source)
        return [paper_id for paper_id, _ in index.ranked(node, found, source, limit=limit)]

    def key_words(self, paper_id: int) -> tuple[str, ...]:
        """The words that tell a paper from others; raises :class:`NotFoundError` where there is no such paper."""
        source = self._source()
        for text in source.texts(IndexPart.PAPERS, (paper_id,)):
            if isinstance(text, IndexedText):
                return self._index().key_words(text, source)
        raise NotFoundError("This paper is no longer in the library.")

    def _search_words(
        self,
        query: ParsedQuery,
        order: str | None,
        source: LibrarySource,
        exact: bool,
        cancelled: Cancelled,
    ) -> SearchResult:
        index = self._index()
        found = index.matching_ids(query.node, source, cancelled)
        unsearchable = index.coverage(source).unsearchable
        if exact and unsearchable:
            changed = _changed(index, source)
            found = (found - changed) | self._read_directly(query.node, changed, source)
            unsearchable = 0
        if order in (RELEVANCE, _RELEVANCE_AT_ONCE):
            most = len(found) if order == RELEVANCE else _MOST_RANKED
            paper_ids = self._by_relevance(query.node, found, most, source, cancelled)
        else:
            paper_ids = self._ordered(found, order)
        related = self._related(query.node, found, index, source, cancelled) if len(found) < FEW else ()
        meant = None if found else self._meant(query, bool(related), source, cancelled)
        return SearchResult(paper_ids, query, query.messages, related, meant, unsearchable)

    def _by_relevance(
        self, node: Node, found: BitMap, most: int, source: LibrarySource, cancelled: Cancelled
    ) -> array[int]:
        """The papers found, those with the words in their titles first, then the best first, then the newest.

        Of more than ``most`` papers nobody looks at the order closely: they stand by title and date, which is quick.
        """
        index = self._index()
        titled = index.matching_ids(in_titles(node), source, cancelled) & found
        if len(found) > most:
            return self._ordered(titled, None) + self._ordered(found - titled, None)
        ranked = index.ranked(node, found, source, limit=len(found) or 1, cancelled=cancelled)
        best = array("q", (paper_id for paper_id, _ in ranked))
        best += self._ordered(found - id_set(best), None)
        first = array("q", filter(titled.__contains__, best))
        return first + array("q", (paper_id for paper_id in best if paper_id not in titled))

    def _meant(self, query: ParsedQuery, has_related: bool, source: LibrarySource, cancelled: Cancelled) -> str | None:
        """What was meant by a query that finds nothing: field words that exist, else words that occur."""
        meant = self._worth_searching(query.correction, query, source, cancelled)
        if meant is not None:
            return meant
        corrections = self._index().corrections(query.node, source, cancelled)
        corrected = with_words_replaced(query.text, corrections) if corrections else None
        return self._worth_searching(corrected, query, source, cancelled, or_related=not has_related)

    def _worth_searching(
        self,
        text: str | None,
        instead_of: ParsedQuery,
        source: LibrarySource,
        cancelled: Cancelled,
        *,
        or_related: bool = False,
    ) -> str | None:
        """``text``, if it finds any papers (or with ``or_related`` papers with any of its words); else None."""
        if not text or text == instead_of.text:
            return None
        node = parse_query(text, typing=instead_of.typing, today=self._today()).node
        if self._matching(node, source, cancelled):
            return text
        return text if or_related and self._related(node, BitMap(), self._index(), source, cancelled) else None

    def _matching(self, node: Node, source: LibrarySource, cancelled: Cancelled) -> BitMap:
        """The papers that a query means; the index is asked for words only."""
        if _asks_for_words(node):
            return self._index().matching_ids(node, source, cancelled)
        everything = source.indexable_ids(IndexPart.PAPERS)
        return DirectSearch(everything, (), (), source.filter_ids).matching_ids(node)

    def _read_directly(self, node: Node, ids: BitMap, source: LibrarySource) -> BitMap:
        """The papers among ``ids`` that a query means, by reading them."""
        found, wanted = BitMap(), array("q", ids)
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            texts, annotations = self._store.texts.of_papers(batch), self._store.texts.annotations(batch)
            found |= DirectSearch(id_set(batch), texts, annotations, source.filter_ids).matching_ids(node)
        return found

    def _related(
        self, node: Node, found: BitMap, index: WhooshIndex, source: LibrarySource, cancelled: Cancelled
    ) -> Sequence[int]:
        """Papers with any of the query's words or their families, best first."""
        wider = loosen(node)
        if wider is None:
            return ()
        ids = index.matching_ids(wider, source, cancelled) - found
        ranked = index.ranked(wider, ids, source, limit=_MOST_RELATED, cancelled=cancelled)
        return tuple(paper_id for paper_id, _ in ranked)

    def _source(self) -> LibrarySource:
        """The library for one search; the set of all papers, which takes long to read, is kept per thread."""
        version = self._store.news.version()
        kept = getattr(self._kept, "papers", None)
        if kept is None or kept[0] != version:
            kept = (version, LibrarySource(self._store).indexable_ids(IndexPart.PAPERS))
            self._kept.papers = kept
        return LibrarySource(self._store, kept[1].copy())

    def _ordered(self, found: BitMap | None, order: str | None) -> array[int]:
        """The papers found (None: all), in an order by name; one order of all papers is kept per thread."""
        sort = sort_named(order)
        version = self._store.news.version()
        kept = getattr(self._kept, "order", None)
        if kept is None or kept[0] != (version, sort):
            kept = ((version, sort), self._store.papers.ids(ALL_PAPERS, sort))
            self._kept.order = kept
        everything: array[int] = kept[1]
        if found is None:
            return everything[:]
        return array("q", filter(found.__contains__, everything))


def sort_named(name: str | None) -> PaperSort:
    """The order of a name, by date where none is given."""
    return PaperSort(SortBy(name)) if name and name not in (RELEVANCE, FOR_YOU) else PaperSort()


def _asks_for_words(node: Node) -> bool:
    """Whether any part of a query is about texts."""
    return any(isinstance(leaf, TEXT_LEAVES) for leaf in leaves(node))


def _changed(index: WhooshIndex, source: LibrarySource) -> BitMap:
    """The papers that the index has not learned of, or not as they are now."""
    papers = source.indexable_ids(IndexPart.PAPERS)
    changed = papers - index.indexed_ids(IndexPart.PAPERS)
    for part in IndexPart:
        changed |= id_set(source.pending(part)) & papers
    return changed
