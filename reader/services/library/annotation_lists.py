"""Lists of all highlights and of all notes: which, in which order, and rows of them by the tens.

They are narrowed by the query language of search. What it asks of papers (tags, listings, states …) is asked of the
paper that a highlight or note is on; a label, and ``in:document``, of the highlight itself; a word without a field has
to stand in the quote, its comment or the paper's title, or in the note or the paper's title.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from reader.domain.annotations import fold_tag
from reader.domain.cancellation import Cancelled
from reader.domain.query import (
    And,
    Everything,
    FilterLeaf,
    Flag,
    FlagTerm,
    LabelTerm,
    Leaf,
    Node,
    Not,
    Or,
    ParsedQuery,
    TextField,
    TextLeaf,
    any_of,
    leaves,
    parse_query,
)
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import AnnotationText, IndexedText
from reader.services.search.direct_search import DirectSearch
from reader.services.search.index_source import LibrarySource, id_set
from reader.services.search.searcher import Searcher
from reader.storage.store import LibraryStore

_BATCH = 1_000
_IN_DOCUMENT = FlagTerm(Flag.DOCUMENT)
_OWN_FIELDS = (None, TextField.TITLE, TextField.HIGHLIGHT)


@dataclass(frozen=True, slots=True)
class AnnotationIds:
    """What a list shows: the ids of highlights (or of papers with notes) in order, each one's paper, and how many
    there are without the query. ``messages`` say what of it was not understood.
    """

    ids: array[int]
    paper_ids: array[int]
    total: int
    messages: tuple[str, ...] = ()


def found_highlights(
    store: LibraryStore, searcher: Searcher, query: str, label: str, cancelled: Cancelled
) -> AnnotationIds:
    """The highlights that a query means, of a label if one is given (by name), the newest first.

    Stops early, with what was found so far, once ``cancelled`` says so.
    """
    keys = store.highlights.keys()
    parsed = parse_query(query, typing=True, today=store.today())
    kept = keys
    if label:
        kept = [key for key in kept if key[2] == fold_tag(label)]
    if _asks(parsed):
        found = _HighlightSearch(store, searcher, kept, cancelled).matching(parsed.node)
        kept = [key for key in kept if key[0] in found]
    return AnnotationIds(
        array("q", (key[0] for key in kept)), array("q", (key[1] for key in kept)), len(keys), parsed.messages
    )


def found_notes(store: LibraryStore, searcher: Searcher, query: str, cancelled: Cancelled) -> AnnotationIds:
    """The papers whose notes a query means, the note changed last first."""
    noted = store.notes.papers()
    parsed = parse_query(query, typing=True, today=store.today())
    ids = noted
    if _asks(parsed):
        asked = replace(parsed, node=_in_fields(parsed.node, (TextField.NOTE, TextField.TITLE)))
        found = id_set(searcher.find(asked, cancelled=cancelled))
        ids = array("q", (paper_id for paper_id in noted if paper_id in found))
    return AnnotationIds(ids, ids, len(noted), parsed.messages)


class _HighlightSearch:
    """Evaluates one query over highlights, each by its own words and by the paper it is in.

    Every step looks only among what the steps before have left, those that need no texts first.
    """

    def __init__(
        self,
        store: LibraryStore,
        searcher: Searcher,
        keys: Sequence[tuple[int, int, str]],
        cancelled: Cancelled,
    ) -> None:
        """``keys`` are the highlights to look at: id, paper's id, folded label."""
        self._store, self._searcher = store, searcher
        self._keys, self._cancelled = keys, cancelled
        self._source = LibrarySource(store)

    def matching(self, node: Node) -> BitMap:
        """The highlights that a query means."""
        return self._among(id_set(key[0] for key in self._keys), node)

    def _among(self, left: BitMap, node: Node) -> BitMap:
        """Those of the highlights ``left`` that a query means."""
        if isinstance(node, Not):
            return left - self._among(left, node.child)
        if isinstance(node, And):
            for child in sorted(node.children, key=_reads_texts):
                left = self._among(left, child)
            return left
        if isinstance(node, Or):
            return BitMap.union(*(self._among(left, child) for child in node.children))
        return self._answer(left, node)

    def _answer(self, left: BitMap, leaf: Leaf) -> BitMap:
        if isinstance(leaf, LabelTerm):
            wanted = fold_tag(leaf.name)
            return left & id_set(key[0] for key in self._keys if key[2] == wanted)
        if leaf == _IN_DOCUMENT:
            return left & id_set(self._store.highlights.in_documents())
        if isinstance(leaf, TEXT_LEAVES) and leaf.field in _OWN_FIELDS:
            return self._by_own_words(left, leaf)
        papers = self._papers_with(leaf) if isinstance(leaf, TEXT_LEAVES) else self._source.filter_ids(leaf)
        return left & id_set(key[0] for key in self._keys if key[1] in papers)

    def _papers_with(self, leaf: TextLeaf) -> BitMap:
        """The papers that say something in another place than a highlight."""
        query = ParsedQuery("", leaf)
        return id_set(self._searcher.find(query, cancelled=self._cancelled))

    def _by_own_words(self, left: BitMap, leaf: TextLeaf) -> BitMap:
        """The highlights whose quote, comment or title says something; each is searched as if it were a paper."""
        found, ids = BitMap(), array("q", left)
        for start in range(0, len(ids), _BATCH):
            if self._cancelled():
                break
            batch = ids[start : start + _BATCH]
            rows = self._store.highlights.texts(batch)
            titles = [IndexedText(row[0], row[1], "", ()) for row in rows]
            quotes = [AnnotationText(row[0], "", row[2:]) for row in rows]
            found |= DirectSearch(id_set(batch), titles, quotes, _no_filter).matching_ids(leaf)
        return found


def _reads_texts(node: Node) -> bool:
    """Whether a query has to read what highlights say."""
    return any(isinstance(leaf, TEXT_LEAVES) and leaf.field in _OWN_FIELDS for leaf in leaves(node))


def _no_filter(leaf: FilterLeaf) -> BitMap:
    """Only words are asked for here."""
    return BitMap()


def _asks(query: ParsedQuery) -> bool:
    """Whether a query narrows anything."""
    return not isinstance(query.node, Everything)


def _in_fields(node: Node, fields: Iterable[TextField]) -> Node:
    """A query whose words without a field stand for words in any of these."""
    if isinstance(node, Not):
        return Not(_in_fields(node.child, fields))
    if isinstance(node, And | Or):
        return type(node)(tuple(_in_fields(child, fields) for child in node.children))
    if isinstance(node, TEXT_LEAVES) and node.field is None:
        return any_of(replace(node, field=field) for field in fields)
    return node
