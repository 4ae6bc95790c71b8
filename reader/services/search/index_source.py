"""The library as the search index sees it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from pyroaring import BitMap

from reader.domain.query import FilterLeaf
from reader.domain.selection import ALL_PAPERS, AnnotationText, IndexedText, IndexPart
from reader.storage.store import LibraryStore

_PIECE = 4_096


def id_set(ids: Iterable[int]) -> BitMap:
    """Ids as a bitmap, which holds 32-bit numbers; in pieces, so that other threads have their turns."""
    found, rest = BitMap(), iter(ids)
    while piece := array("I", islice(rest, _PIECE)):
        found.update(piece)
    return found


class LibrarySource:
    """The library as the index sees it (:class:`reader.index.SearchSource`), for the time of one search."""

    def __init__(self, store: LibraryStore, papers: BitMap | None = None) -> None:
        """``papers`` are all papers, where they are known."""
        self._store = store
        self._indexable = {} if papers is None else {IndexPart.PAPERS: papers}
        self._filters: dict[FilterLeaf, BitMap] = {}
        self._pending: dict[IndexPart, Mapping[int, int]] = {}

    def indexable_ids(self, part: IndexPart) -> BitMap:
        """The papers that belong into a part."""
        if part not in self._indexable:
            papers = part is IndexPart.PAPERS
            ids = self._store.papers.ids(ALL_PAPERS) if papers else self._store.texts.annotated_ids()
            self._indexable[part] = id_set(ids)
        return self._indexable[part]

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        """The papers that a filter leaf means."""
        if leaf not in self._filters:
            self._filters[leaf] = id_set(self._store.views.filter_ids(leaf))
        return self._filters[leaf]

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        """The papers changed since the index's last commit, with growing numbers."""
        if part not in self._pending:
            self._pending[part] = self._store.texts.pending_numbers(part)
        return self._pending[part]

    def texts(self, part: IndexPart, ids: Sequence[int]) -> Iterable[IndexedText | AnnotationText]:
        """The texts of some papers as they are now."""
        if part is IndexPart.PAPERS:
            return self._store.texts.of_papers(ids)
        return self._store.texts.annotations(ids)
