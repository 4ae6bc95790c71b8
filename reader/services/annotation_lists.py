"""Lists of all highlights and of all notes: which, in which order, and rows of them by the tens.

They are narrowed by the query language of search. What it asks of papers (tags, listings, states …) is asked of the
paper that a highlight or note is on, a label of the highlight itself; a word without a field has to stand in the quote,
its comment or the paper's title, or in the note or the paper's title.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from reader.domain.annotations import PaperHighlight, PaperNote, fold_tag
from reader.domain.query import (
    And,
    Chip,
    FilterLeaf,
    LabelTerm,
    Leaf,
    Node,
    Not,
    Or,
    ParsedQuery,
    TextField,
    TextLeaf,
    any_of,
    parse_query,
)
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import AnnotationText, IndexedText
from reader.services.direct_search import DirectSearch
from reader.services.library_source import LibrarySource, id_set
from reader.services.part import LibraryPart
from reader.services.searching import Searcher
from reader.storage.store import LibraryStore

_BATCH = 1_000
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


class AnnotationLists(LibraryPart):
    """The views of all highlights and all notes."""

    def highlight_list(
        self, query: str = "", *, label: str = "", cancelled: Callable[[], bool] = lambda: False
    ) -> AnnotationIds:
        """The highlights that a query means, of a label if one is given (by name), the newest first.

        Stops early, with what was found so far, once ``cancelled`` says so.
        """
        keys = self._store.annotated.highlight_keys()
        parsed = parse_query(query, typing=True, today=self._today())
        kept = keys
        if label:
            kept = [key for key in kept if key[2] == fold_tag(label)]
        if _asks(parsed):
            search = _HighlightSearch(self._store, self._searcher, kept, cancelled)
            found = search.matching(parsed.node)
            kept = [key for key in kept if key[0] in found]
        return AnnotationIds(
            array("q", (key[0] for key in kept)), array("q", (key[1] for key in kept)), len(keys), parsed.messages
        )

    def highlight_rows(self, ids: Sequence[int]) -> list[PaperHighlight]:
        """These highlights with their papers, in this order, missing ones left out; meant for tens."""
        return self._store.annotated.highlights_by_id(ids)

    def label_counts(self) -> dict[str, int]:
        """How many highlights each label has, by its name; labels in their order."""
        folds: dict[str, int] = {}
        for _, _, fold in self._store.annotated.highlight_keys():
            folds[fold] = folds.get(fold, 0) + 1
        return {label.name: folds.get(fold_tag(label.name), 0) for label in self._store.highlight_labels()}

    def note_list(self, query: str = "", *, cancelled: Callable[[], bool] = lambda: False) -> AnnotationIds:
        """The papers whose notes a query means, the note changed last first."""
        noted = self._store.annotated.noted_papers()
        parsed = parse_query(query, typing=True, today=self._today())
        ids = noted
        if _asks(parsed):
            asked = replace(parsed, node=_in_fields(parsed.node, (TextField.NOTE, TextField.TITLE)))
            found = id_set(self._searcher.find(asked, cancelled=cancelled).paper_ids)
            ids = array("q", (paper_id for paper_id in noted if paper_id in found))
        return AnnotationIds(ids, ids, len(noted), parsed.messages)

    def note_rows(self, ids: Sequence[int]) -> list[PaperNote]:
        """The beginnings of these papers' notes, in this order, missing ones left out; meant for tens."""
        return self._store.annotated.note_starts(ids)


class _HighlightSearch:
    """Evaluates one query over highlights, each by its own words and by the paper it is in."""

    def __init__(
        self,
        store: LibraryStore,
        searcher: Searcher,
        keys: Sequence[tuple[int, int, str]],
        cancelled: Callable[[], bool],
    ) -> None:
        """``keys`` are the highlights to look at: id, paper's id, folded label."""
        self._store, self._searcher = store, searcher
        self._keys, self._cancelled = keys, cancelled
        self._everything = id_set(key[0] for key in keys)
        self._source = LibrarySource(store)
        self._batches: list[DirectSearch] | None = None

    def matching(self, node: Node) -> BitMap:
        """The highlights that a query means."""
        if isinstance(node, Not):
            return self._everything - self.matching(node.child)
        if isinstance(node, And):
            return BitMap.intersection(*map(self.matching, node.children))
        if isinstance(node, Or):
            return BitMap.union(*map(self.matching, node.children))
        return self._answer(node)

    def _answer(self, leaf: Leaf) -> BitMap:
        if isinstance(leaf, LabelTerm):
            wanted = fold_tag(leaf.name)
            return id_set(key[0] for key in self._keys if key[2] == wanted)
        if isinstance(leaf, TEXT_LEAVES):
            return self._by_own_words(leaf) if leaf.field in _OWN_FIELDS else self._on(self._papers_with(leaf))
        return self._on(self._source.filter_ids(leaf))

    def _on(self, papers: BitMap) -> BitMap:
        """The highlights in these papers."""
        return id_set(key[0] for key in self._keys if key[1] in papers)

    def _papers_with(self, leaf: TextLeaf) -> BitMap:
        """The papers that say something in another place than a highlight."""
        query = ParsedQuery("", leaf, chips=(Chip(0, 0, "", leaf),))
        return id_set(self._searcher.find(query, cancelled=self._cancelled).paper_ids)

    def _by_own_words(self, leaf: TextLeaf) -> BitMap:
        """The highlights whose quote, comment or title says something."""
        found = BitMap()
        for batch in self._texts():
            if self._cancelled():
                break
            found |= batch.matching_ids(leaf)
        return found

    def _texts(self) -> list[DirectSearch]:
        if self._batches is None:
            ids = [key[0] for key in self._keys]
            starts = range(0, len(ids), _BATCH)
            self._batches = [self._batch(ids[start : start + _BATCH]) for start in starts]
        return self._batches

    def _batch(self, ids: Sequence[int]) -> DirectSearch:
        """Each highlight as if it were a paper of its own."""
        rows = self._store.annotated.highlight_texts(ids)
        titles = [IndexedText(row[0], row[1], "", ()) for row in rows]
        quotes = [AnnotationText(row[0], "", row[2:]) for row in rows]
        return DirectSearch(id_set(ids), titles, quotes, _no_filter)


def _no_filter(leaf: FilterLeaf) -> BitMap:
    """Only words are asked for here."""
    return BitMap()


def _asks(query: ParsedQuery) -> bool:
    """Whether a query narrows anything."""
    return any(chip.node is not None for chip in query.chips)


def _in_fields(node: Node, fields: Iterable[TextField]) -> Node:
    """A query whose words without a field stand for words in any of these."""
    if isinstance(node, Not):
        return Not(_in_fields(node.child, fields))
    if isinstance(node, And | Or):
        return type(node)(tuple(_in_fields(child, fields) for child in node.children))
    if isinstance(node, TEXT_LEAVES) and node.field is None:
        return any_of(replace(node, field=field) for field in fields)
    return node
