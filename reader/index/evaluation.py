"""The evaluation of a query's tree into the set of matching papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled
from reader.domain.query import And, Everything, FilterLeaf, Node, Not, Or, Phrase, TextLeaf
from reader.domain.query.matches import PhraseFinder, asks_in
from reader.domain.query.nodes import TEXT_LEAVES
from reader.domain.selection import IndexPart
from reader.index.memory import MemorySegment
from reader.index.parts import Snapshot, choose_direct
from reader.index.protocol import (
    DIRECT_LIMIT,
    IndexText,
    SearchCancelledError,
    SearchSource,
)
from reader.index.schema import FIELDS, Document, document_of

_TEXTS_AT_ONCE = 250


class SourceFailure(Exception):  # noqa: N818
    """An error raised by the library while it was asked; the index is not at fault."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class GuardedSource:
    """The library, with its errors marked so that they are not taken for damage to the index."""

    def __init__(self, source: SearchSource) -> None:
        """Guard ``source``."""
        self._source = source

    def indexable_ids(self, part: IndexPart) -> BitMap:
        """The papers that belong in a part."""
        try:
            return self._source.indexable_ids(part)
        except Exception as error:
            raise SourceFailure(error) from error

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        """The papers that match a filter leaf."""
        try:
            return self._source.filter_ids(leaf)
        except Exception as error:
            raise SourceFailure(error) from error

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        """The papers changed since the last commit."""
        try:
            return self._source.pending(part)
        except Exception as error:
            raise SourceFailure(error) from error

    def texts(self, part: IndexPart, ids: Sequence[int]) -> list[IndexText]:
        """The texts of some papers."""
        try:
            return list(self._source.texts(part, ids))
        except Exception as error:
            raise SourceFailure(error) from error


class PartView:
    """A part as one search sees it: one commit, and the papers that are searched directly instead."""

    def __init__(
        self,
        part: IndexPart,
        snapshot: Snapshot,
        memory: MemorySegment,
        source: GuardedSource,
        cancelled: Cancelled,
    ) -> None:
        """Update the papers that are searched directly."""
        self.part, self.snapshot, self.memory = part, snapshot, memory
        self.indexable = source.indexable_ids(part)
        self._source, self._cancelled = source, cancelled
        versions, self.masked, self.unsearchable = choose_direct(
            snapshot.indexed, self.indexable, source.pending(part), DIRECT_LIMIT
        )
        self.direct = BitMap(versions)
        memory.forget_all_but(versions)
        for ids in _portions(memory.outdated(versions)):
            check(cancelled)
            documents = [document_of(text) for text in source.texts(part, ids)]
            memory.hold({paper: versions[paper] for paper in ids}, documents)

    def answers(self, leaf: TextLeaf) -> bool:
        """Whether this part has the field of a leaf."""
        return any(asks_in(leaf, field) for field in FIELDS[self.part])

    def leaf_ids(self, leaf: TextLeaf, within: BitMap) -> BitMap:
        """The papers within a set that match a leaf."""
        found = self.snapshot.leaf_ids(leaf) - self.masked
        found = (found | (self.memory.leaf_ids(leaf) & self.direct)) & within
        if isinstance(leaf, Phrase) and len(leaf.words) > 1:
            return self._verified(leaf, found)
        return found

    def _verified(self, phrase: Phrase, candidates: BitMap) -> BitMap:
        """The candidates whose texts contain the phrase; each text is read once per commit."""
        known, matched = self.snapshot.verified.get(phrase, (BitMap(), BitMap()))
        known = known - self.masked
        holding = candidates & known & matched
        finder = PhraseFinder(phrase)
        wanted = [index for index, field in enumerate(FIELDS[self.part]) if asks_in(phrase, field)]
        for ids in _portions(candidates - known - (self.snapshot.refuted(phrase) - self.masked)):
            check(self._cancelled)
            documents = (document_of(text) for text in self._source.texts(self.part, ids))
            found = BitMap([document.id for document in documents if _holds(document, wanted, finder)])
            self.snapshot.note_verified(phrase, BitMap(ids) - self.masked, found - self.masked)
            holding |= found
        return holding


class Evaluator:
    """Evaluates trees into sets of papers, over the parts as one search sees them."""

    def __init__(self, parts: Sequence[PartView], source: GuardedSource, cancelled: Cancelled) -> None:
        """The set of all papers is that of the first part."""
        self._parts, self._source, self._cancelled = parts, source, cancelled

    def matching_ids(self, node: Node) -> BitMap:
        """The papers of the library that match ``node``."""
        return self._ids(node, self._parts[0].indexable)

    def _ids(self, node: Node, within: BitMap) -> BitMap:
        """The papers within a set that match ``node``; the most expensive leaves are asked about the fewest papers."""
        check(self._cancelled)
        if not within or isinstance(node, Everything):
            return within
        if isinstance(node, And):
            for child in sorted(node.children, key=_cost):
                within = self._ids(child, within)
            return within
        if isinstance(node, Or):
            return BitMap.union(*(self._ids(child, within) for child in node.children))
        if isinstance(node, Not):
            return within - self._ids(node.child, within)
        if isinstance(node, TEXT_LEAVES):
            found = [view.leaf_ids(node, within) for view in self._parts if view.answers(node)]
            return BitMap.union(*found) if found else BitMap()
        return self._source.filter_ids(node) & within


def check(cancelled: Cancelled) -> None:
    """Raise :class:`SearchCancelledError` if the search was cancelled."""
    if cancelled():
        raise SearchCancelledError


def _cost(node: Node) -> int:
    """The cost of a node: conditions are cheapest, then words, then phrases, whose texts must be read."""
    if isinstance(node, And | Or):
        return max(_cost(child) for child in node.children)
    if isinstance(node, Not):
        return _cost(node.child)
    if isinstance(node, Phrase) and len(node.words) > 1:
        return 2
    return 1 if isinstance(node, TEXT_LEAVES) else 0


def _holds(document: Document, fields: Sequence[int], finder: PhraseFinder) -> bool:
    return any(finder.is_in(piece) for index in fields for piece in document.pieces[index])


def _portions(ids: Iterable[int]) -> list[list[int]]:
    """Ids in portions, so that a cancelled search ends soon."""
    listed = list(ids)
    return [listed[start : start + _TEXTS_AT_ONCE] for start in range(0, len(listed), _TEXTS_AT_ONCE)]
