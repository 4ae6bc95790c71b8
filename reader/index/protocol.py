"""What the library asks of a search index, and what an index asks of the library.

One implementation stands behind this (:class:`reader.index.whoosh_index.WhooshIndex`); the contract tests in
``tests/index`` hold for any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyroaring import BitMap

from reader.domain.query import FilterLeaf, Node
from reader.domain.selection import AnnotationText, IndexedText, IndexPart

DIRECT_LIMIT = 2_000
"""So many papers that are not in the index (or changed since) are searched directly; the others not yet."""

IndexText: TypeAlias = IndexedText | AnnotationText
Cancelled: TypeAlias = Callable[[], bool]
"""Tells whether a search (or a building) was overtaken and should end soon."""


def never() -> bool:
    """Not cancelled."""
    return False


class SearchCancelledError(Exception):
    """A search was cancelled by its caller."""


class SearchSource(Protocol):
    """The library as an index sees it, for the time of one search; called on the thread that searches."""

    def indexable_ids(self, part: IndexPart) -> BitMap:
        """The papers that belong into a part: all papers, or those with a note or a highlight."""

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        """The papers that a filter leaf means (never asked for everything)."""

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        """The papers changed since the index's last commit, each with a number (from 1) that grows with every change.

        Papers that are no longer in the library are among them until they are taken out of the index.
        """

    def texts(self, part: IndexPart, ids: Sequence[int]) -> Iterable[IndexText]:
        """The texts of some papers as they are now, in any order; those without any may be left out."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """How an index stands.

    ``stamp`` changes with every commit and names its index: a library that keeps the stamp of the commit after which
    it cleared what was pending can tell that the index is another, or an older one. ``needs_build`` names the parts of
    which not every paper was indexed once, ``scattered`` those that are worth compacting when all is quiet.
    """

    stamp: Mapping[IndexPart, str]
    documents: Mapping[IndexPart, int]
    deleted: Mapping[IndexPart, int]
    segments: Mapping[IndexPart, int]
    needs_build: frozenset[IndexPart]
    scattered: frozenset[IndexPart]
    bytes: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the library a search sees: papers in the index, searched directly, and not yet searchable."""

    indexed: int
    direct: int
    unsearchable: int


class SearchIndex(Protocol):
    """A full-text index over papers and annotations.

    Its methods may be called from several threads. It never fails over its own files: damage makes it empty
    (``state().needs_build``) and what is asked is answered from what can still be searched.
    """

    def state(self) -> IndexState:
        """How the index stands."""

    def coverage(self, source: SearchSource) -> Coverage:
        """How much of the library a search sees now."""

    def indexed_ids(self, part: IndexPart) -> BitMap:
        """The papers in a part of the index."""

    def matching_ids(self, node: Node, source: SearchSource, cancelled: Cancelled = never) -> BitMap:
        """The papers of the library that ``node`` means; raises :class:`SearchCancelledError`."""

    def ranked(
        self, node: Node, ids: BitMap, source: SearchSource, *, limit: int, cancelled: Cancelled = never
    ) -> list[tuple[int, float]]:
        """The papers among ``ids`` that hold most of what ``node`` wants, best first, with their scores above 0."""

    def corrections(self, node: Node, source: SearchSource, cancelled: Cancelled = never) -> Mapping[str, str]:
        """The (folded) words that ``node`` wants and that occur nowhere, each with the likeliest that does."""

    def key_words(self, text: IndexedText, source: SearchSource, *, limit: int = 10) -> tuple[str, ...]:
        """The words that tell a paper from others, the most telling first; each with a different stem."""

    def update(self, part: IndexPart, texts: Iterable[IndexText], removed: Iterable[int] = ()) -> IndexState:
        """Index texts in place of those of the same papers, and take papers out, in one durable commit.

        Raises :class:`reader.index.writer.IndexBusyError` while another process writes.
        """

    def close(self) -> None:
        """Let go of all files."""
