"""What the search index asks of the library, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyroaring import BitMap

from reader.domain.query import FilterLeaf
from reader.domain.selection import AnnotationText, IndexedText, IndexPart

DIRECT_LIMIT = 2_000
"""The most papers that are searched directly because they are not in the index or changed since; more must wait."""

IndexText: TypeAlias = IndexedText | AnnotationText


class SearchCancelledError(Exception):
    """A search was cancelled by its caller."""


class SearchSource(Protocol):
    """The library as an index sees it during one search; called on the searching thread."""

    def indexable_ids(self, part: IndexPart) -> BitMap:
        """The papers that belong in a part: all papers, or those with a note or a highlight."""

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        """The papers that match a filter leaf (never called for Everything)."""

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        """The papers changed since the index's last commit, each with a number (from 1) that grows with every change.

        They include papers that are no longer in the library, until these are removed from the index.
        """

    def texts(self, part: IndexPart, ids: Sequence[int]) -> Iterable[IndexText]:
        """The present texts of some papers, in any order; papers without text may be left out."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """The state of an index.

    ``stamp`` changes with every commit and identifies the index. A library that keeps the stamp of the commit after
    which it cleared its pending papers can tell whether the index is a different or older one. ``needs_build`` names
    the parts in which not every paper was indexed once, ``scattered`` those that should be compacted when the program
    is idle.
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
