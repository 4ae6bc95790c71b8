"""Merging of segments by streaming: memory stays constant however large they are."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from heapq import merge
from itertools import compress, groupby
from typing import Any

from pyroaring import BitMap
from whoosh.reading import SegmentReader

from reader.domain.cancellation import Cancelled, never
from reader.index.codec import TermPostings
from reader.index.writer import PostingSource, SegmentBuilder, numbering_of

_TIER = 8
"""This many segments of about the same size (within this factor) are merged."""
SCATTERED = 4
"""This many segments that are small beside the whole are worth merging when the program is idle."""
_WASTED_SHARE = 0.2
_SMALL_SHARE = 0.25


class MergeCancelledError(Exception):
    """The merge was cancelled; the index is as before."""


def keep_all(builder: SegmentBuilder, segments: list[Any]) -> list[Any]:
    """Merge nothing; drop only segments whose documents are all deleted."""
    return [segment for segment in segments if segment.doc_count() > 0]


def worth_merging(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """The positions of segments to merge when idle; ``sizes`` are the numbers of documents and of deleted ones.

    All if a fifth of the documents are deleted, otherwise those that are small beside the whole, once there are four.
    """
    total, deleted = sum(count for count, _ in sizes), sum(gone for _, gone in sizes)
    if deleted > total * _WASTED_SHARE:
        return list(range(len(sizes)))
    small = [place for place, (count, _) in enumerate(sizes) if count < total * _SMALL_SHARE]
    return small if len(small) >= SCATTERED else []


def merge_small(largest: int) -> Callable[[SegmentBuilder, list[Any]], list[Any]]:
    """A policy that merges whenever eight segments of about one size have gathered, up to ``largest`` documents.

    On average an edit then costs a few merges of tiny segments, and the number of segments stays small.
    """

    def policy(builder: SegmentBuilder, segments: list[Any]) -> list[Any]:
        segments = keep_all(builder, segments)
        tiers: dict[int, list[Any]] = {}
        for segment in segments:
            tiers.setdefault(_tier_of(segment.doc_count()), []).append(segment)
        for tier in sorted(tiers):
            chosen = tiers[tier]
            if len(chosen) >= _TIER and sum(segment.doc_count() for segment in chosen) <= largest:
                merge_into(builder, chosen)
                return [segment for segment in segments if segment not in chosen]
        return segments

    return policy


def merge_chosen(names: set[str], cancelled: Cancelled) -> Callable[[SegmentBuilder, list[Any]], list[Any]]:
    """A policy that merges the named segments; raises :class:`MergeCancelledError` if ``cancelled``."""

    def policy(builder: SegmentBuilder, segments: list[Any]) -> list[Any]:
        segments = keep_all(builder, segments)
        merge_into(builder, [segment for segment in segments if segment.segment_id() in names], cancelled)
        return [segment for segment in segments if segment.segment_id() not in names]

    return policy


def merge_into(builder: SegmentBuilder, segments: list[Any], cancelled: Cancelled = never) -> None:
    """Add the documents of some segments to the builder's, in the order of their papers' ids."""
    if not segments:
        return
    # Numberings are fastest when ids are consecutive (reader.index.paper_numbers).
    segments = sorted(segments, key=lambda segment: numbering_of(builder.storage, segment).id_of(0))
    fields = set(builder.schema.names())
    sources: list[tuple[Any, int, dict[int, int] | None]] = []
    for segment in segments:
        reader = SegmentReader(builder.storage, builder.schema, segment)
        try:
            sources.append((segment, builder.docnum, builder.write_per_doc(fields, reader)))
        finally:
            reader.close()
        if cancelled():
            raise MergeCancelledError
    builder.pool = _MergedPool(builder.pool, builder.storage, sources, cancelled)
    builder.note_added()


def _tier_of(count: int) -> int:
    """The size class of a segment: 0 up to 8 documents, 1 up to 64, and so on."""
    tier = 0
    while count > _TIER:
        count //= _TIER
        tier += 1
    return tier


class _MergedPool:
    """The postings of several segments and of new documents, as if they were one segment."""

    def __init__(
        self,
        own: PostingSource,
        storage: Any,
        sources: list[tuple[Any, int, dict[int, int] | None]],
        cancelled: Cancelled,
    ) -> None:
        self._own = own
        self._storage = storage
        self._sources = sources
        self._cancelled = cancelled

    def iter_postings(self) -> Iterator[TermPostings]:
        """The postings in the order of fields and words."""
        with ExitStack() as stack:
            streams = [self._own.iter_postings()]
            for segment, base, renumbered in self._sources:
                terms = segment.codec().terms_reader(self._storage, segment)
                stack.callback(terms.close)
                streams.append(_renumbered(terms.all_postings(), base, renumbered))
            together = merge(*streams, key=_order)
            for number, ((field, word), group) in enumerate(groupby(together, _order)):
                if number % 1_000 == 0 and self._cancelled():
                    raise MergeCancelledError
                parts = list(group)
                documents = parts[0].documents if len(parts) == 1 else BitMap.union(*(part.documents for part in parts))
                yield TermPostings(field, word, documents, b"".join(part.counts for part in parts))

    def cleanup(self) -> None:
        """Forget everything."""
        self._own.cleanup()


def _order(postings: TermPostings) -> tuple[str, bytes]:
    return postings.field, postings.word


def _renumbered(stream: Iterator[TermPostings], base: int, numbers: dict[int, int] | None) -> Iterator[TermPostings]:
    """Postings with new document numbers: all shifted by ``base``, or from a table without the deleted documents."""
    if numbers is None:
        for postings in stream:
            yield TermPostings(postings.field, postings.word, postings.documents.shift(base), postings.counts)
        return
    kept = BitMap(numbers)
    for postings in stream:
        left = postings.documents & kept
        if not left:
            continue
        counts = postings.counts
        if len(left) < len(counts):
            counts = bytes(compress(counts, map(left.__contains__, postings.documents)))
        documents = BitMap(array("I", map(numbers.__getitem__, left)))
        yield TermPostings(postings.field, postings.word, documents, counts)
