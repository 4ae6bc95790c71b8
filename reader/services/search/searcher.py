"""Searching the library: a query's text in, ordered paper ids and what to say about it out.

Text leaves are answered by the index, all others by the database. Where the index has not learned of every paper yet,
the rest is read directly if the caller wants it exact (a command line that waits), else left out and counted.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import NotFoundError
from reader.domain.meaning import NO_WORDS, too_few
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
    from reader.meaning.space import MeaningSpace
    from reader.services.meaning.search import FoundByMeaning

GetSpace: TypeAlias = "Callable[[bool, Cancelled], MeaningSpace | None]"

ByTaste: TypeAlias = Callable[[Sequence[int], bool, Cancelled], TasteOrder]

RELEVANCE = "relevance"
FOR_YOU = "foryou"
_DATE = "date"
"""The order of papers while none is known for the reader; that of a search by meaning would be another."""
_RELEVANCE_AT_ONCE = "relevance, at once"
_MOST_RANKED = 1_000
"""Of so many papers the order of relevance is worked out while one types."""
FEW = 5
"""Where all words together find fewer papers than this, papers with any of the words follow."""
_MOST_RELATED = 200
_BEST_FIRST = (None, RELEVANCE, _RELEVANCE_AT_ONCE)
"""The orders that have the best first, where papers are searched for by meaning."""
_LEAST_FOR_FEW = 200
"""From so many papers on, papers close in meaning follow where few have all the words; before, those with any."""
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a query found.

    ``paper_ids`` are the papers it means, in order. ``related_ids`` are others, best first: where ``meaning`` is there,
    papers close in meaning, else papers with any of its words, where it found few. ``messages`` say what was not
    understood. ``did_you_mean`` is another query where nothing was found. ``unsearchable`` counts papers that the index
    has not learned of and that were not looked at. ``taste`` is the order of
    the papers where "for you" was asked for.
    """

    paper_ids: Sequence[int]
    query: ParsedQuery
    messages: tuple[str, ...]
    related_ids: Sequence[int] = ()
    did_you_mean: str | None = None
    unsearchable: int = 0
    meaning: FoundByMeaning | None = None
    taste: TasteOrder | None = None


@dataclass(frozen=True, slots=True)
class _Limits:
    """What else bounds a search: papers ``within`` which to find, and as :meth:`Searcher.search` has the others."""

    within: BitMap | None = None
    without: Collection[int] = ()
    exact: bool = False

    def inside(self, found: BitMap) -> BitMap:
        """The papers of ``found`` that may be found."""
        return found if self.within is None else found & self.within


class Searcher:
    """Answers queries over one library. Usable from any thread."""

    def __init__(
        self,
        store: LibraryStore,
        index: Callable[[], WhooshIndex],
        space: GetSpace,
        today: Callable[[], date],
        by_taste: ByTaste,
    ) -> None:
        """``index`` gives the index in use, which is not opened before a query asks for words.

        ``space`` gives the vectors of the library, None if there are none; ``by_taste`` puts papers into the order of
        the reader's taste. With True, both first make what they lack.
        """
        self._store = store
        self._index = index
        self._space = space
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
        within: Collection[int] | None = None,
        without: Collection[int] = (),
        cancelled: Cancelled = never,
    ) -> SearchResult:
        """The papers that a query means. ``sort`` is an order's name; one in the query itself goes first.

        ``by_relevance`` orders what neither names an order for by relevance, if it has words of no particular field.
        With ``typing`` the last word is a beginning, as in a box that answers while one types, unless a blank ends it:
        then the same papers are found as without. ``exact`` takes the time to look at papers that the index has not
        learned of, and to make the vectors that a search by meaning lacks. Only papers ``within`` these are found; the
        papers ``without`` do not show a search by meaning what is meant. Raises
        :class:`reader.index.SearchCancelledError` once ``cancelled`` says so.
        """
        query = parse_query(text.lstrip() if typing else text.strip(), typing=typing, today=self._today())
        order = query.sort or sort
        if not order and by_relevance and has_own_words(query.node):
            order = _RELEVANCE_AT_ONCE
        limits = _Limits(None if within is None else id_set(within), without, exact)
        if order == FOR_YOU:
            return self._sorted_by_taste(self._search(query, _DATE, limits, cancelled), exact, cancelled)
        return self._search(query, order, limits, cancelled)

    def _search(self, query: ParsedQuery, order: str | None, limits: _Limits, cancelled: Cancelled) -> SearchResult:
        if isinstance(query.node, Everything):
            return SearchResult(self._ordered(limits.within, order), query, query.messages)
        source = self._source()
        if _asks_for_words(query.node):
            return self._search_words(query, order, source, limits, cancelled)
        found = limits.inside(self._matching(query.node, source, cancelled))
        meant = None if found else self._worth_searching(query.correction, query, source, cancelled)
        messages = query.messages or ((NO_WORDS,) if query.by_meaning else ())
        return SearchResult(self._ordered(found, order), query, messages, did_you_mean=meant)

    def _sorted_by_taste(self, result: SearchResult, complete: bool, cancelled: Cancelled) -> SearchResult:
        """A result in the order of the reader's taste, with a sentence if that is not known or a guess."""
        order = self._by_taste(result.paper_ids, complete, cancelled)
        messages = (*result.messages, order.message) if order.message else result.messages
        related = result.related_ids
        if result.query.by_meaning and related:
            related = self._by_taste(related, complete, cancelled).paper_ids
        return replace(result, paper_ids=order.paper_ids, related_ids=related, messages=messages, taste=order)

    def find(
        self, query: ParsedQuery, *, sort: str | None = None, exact: bool = False, cancelled: Cancelled = never
    ) -> Sequence[int]:
        """The papers that a query means which was read already, and nothing else; those with its words, not by meaning.

        For what acts on papers: nothing does so with papers that are only close to what was asked for. Nor does it
        wait for vectors that an order by taste lacks.
        """
        order, source = query.sort or sort, self._source()
        if _asks_for_words(query.node):
            found, _ = self._having_words(query.node, source, exact, cancelled)
            paper_ids = self._in_order(query.node, order, found, source, cancelled)
        else:
            is_all = isinstance(query.node, Everything)
            paper_ids = self._ordered(None if is_all else self._matching(query.node, source, cancelled), order)
        return self._by_taste(paper_ids, False, cancelled).paper_ids if order == FOR_YOU else paper_ids

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

    def _having_words(self, node: Node, source: LibrarySource, exact: bool, cancelled: Cancelled) -> tuple[BitMap, int]:
        """The papers that match a query, and how many could not be searched."""
        index = self._index()
        found = index.matching_ids(node, source, cancelled)
        unsearchable = index.coverage(source).unsearchable
        if not (exact and unsearchable):
            return found, unsearchable
        changed = _changed(index, source)
        return (found - changed) | self._read_directly(node, changed, source), 0

    def _search_words(
        self, query: ParsedQuery, order: str | None, source: LibrarySource, limits: _Limits, cancelled: Cancelled
    ) -> SearchResult:
        all_found, unsearchable = self._having_words(query.node, source, limits.exact, cancelled)
        found, messages = limits.inside(all_found), query.messages
        meaning = self._by_meaning(query, found, source, limits, cancelled)
        best_first = order in _BEST_FIRST
        related: Sequence[int] = ()
        if meaning is not None:
            is_sorted = query.by_meaning and not best_first
            related = self._ordered(id_set(meaning.close_ids), order) if is_sorted else meaning.close_ids
            messages += (meaning.sentence,) if meaning.sentence else ()
        else:
            related = self._related(query.node, found, limits, source, cancelled) if len(found) < FEW else ()
            messages += (self._not_by_meaning(source),) if query.by_meaning else ()
        if meaning is not None and query.by_meaning and best_first:
            paper_ids = meaning.exact_ids
        else:
            paper_ids = self._in_order(query.node, order, found, source, cancelled)
        meant = None if found else self._meant(query, bool(related), source, cancelled)
        return SearchResult(paper_ids, query, messages, related, meant, unsearchable, meaning)

    def _in_order(
        self, node: Node, order: str | None, found: BitMap, source: LibrarySource, cancelled: Cancelled
    ) -> array[int]:
        """The papers that have the words of a query, in an order by name."""
        if order in (RELEVANCE, _RELEVANCE_AT_ONCE):
            most = len(found) if order == RELEVANCE else _MOST_RANKED
            return self._by_relevance(node, found, most, source, cancelled)
        return self._ordered(found, order)

    def _by_meaning(
        self, query: ParsedQuery, found: BitMap, source: LibrarySource, limits: _Limits, cancelled: Cancelled
    ) -> FoundByMeaning | None:
        """What is close in meaning, if a query asks for that, or finds few papers by its words; else None.

        None, too, where there are no vectors yet. A query that does not ask for it finds nothing by meaning unless
        papers with its words show what is meant.
        """
        if not query.by_meaning and len(found) >= FEW:
            return None
        space = self._space(limits.exact and query.by_meaning, cancelled)
        if space is None or not (query.by_meaning or len(space) >= _LEAST_FOR_FEW):
            return None
        from reader.services.meaning.search import MeaningSearch  # only here: it needs numpy

        search = MeaningSearch(space, self._index(), source, cancelled)
        meaning = search.find(query.node, found, limits.within, limits.without)
        return meaning if query.by_meaning or meaning.examples else None

    @staticmethod
    def _not_by_meaning(source: LibrarySource) -> str:
        """Why a search by meaning found papers by their words alone."""
        few = too_few(len(source.indexable_ids(IndexPart.PAPERS)))
        return few or "Search by meaning is being prepared; these are the papers with the words."

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
        return text if or_related and self._related(node, BitMap(), _Limits(), source, cancelled) else None

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
        self, node: Node, found: BitMap, limits: _Limits, source: LibrarySource, cancelled: Cancelled
    ) -> Sequence[int]:
        """Papers with any of the query's words or their families, best first."""
        wider, index = loosen(node), self._index()
        if wider is None:
            return ()
        ids = limits.inside(index.matching_ids(wider, source, cancelled)) - found
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
