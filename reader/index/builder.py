"""Building an index, from nothing or from where it was interrupted: newest papers first, with regular commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled, never
from reader.domain.selection import IndexPart
from reader.index.home import IndexHome, Instance, contents_of
from reader.index.parts import PartReader
from reader.index.protocol import IndexText
from reader.index.schema import Document, document_of
from reader.index.segment_merge import SCATTERED, MergeCancelledError, keep_all, merge_chosen, worth_merging
from reader.index.writer import SegmentBuilder, write_batch

COMMIT_SIZES = (1_000, 4_000, 10_000)
"""The numbers of papers in the first commits, so that the newest are found soon; the last size is repeated."""


class BuildStage(StrEnum):
    """The stage of a build."""

    REFRESHING = "refreshing"
    INDEXING = "indexing"
    COMPACTING = "compacting"
    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """The progress of a build: the papers of a part that are in the index, or the changes brought into it."""

    part: IndexPart
    stage: BuildStage
    documents: int


def build_part(
    home: IndexHome,
    part: IndexPart,
    texts: Callable[[], Iterable[IndexText]],
    *,
    cancelled: Cancelled = never,
    sizes: tuple[int, ...] = COMMIT_SIZES,
) -> Iterator[BuildProgress]:
    """Index all texts that are not in the index yet, then compact it; yields after every commit.

    ``texts`` are given newest first. Every commit counts: after a kill or a cancellation the next build continues.
    Texts that change meanwhile are pending; the caller must bring them in. Raises IndexBusyError while another process
    writes, and whatever broken files raise.
    """
    instance = home.instance
    done = _indexed(home, instance, part)
    count = len(done)
    rest = (document_of(text) for text in texts() if text.id not in done)
    commits = 0
    while not cancelled():
        batch = list(_until(islice(rest, sizes[min(commits, len(sizes) - 1)]), cancelled))
        if cancelled():
            break
        if not batch:
            home.mark_complete(instance, part)
            yield from compact_part(home, part, cancelled=cancelled, thorough=_is_scattered(home, instance, part))
            return
        index = home.open_part(instance, part)
        # A text may have been indexed by an update meanwhile, and then newer than this one.
        write_batch(index, part, batch, merging=keep_all, only_missing=True)
        count += len(batch)
        commits += 1
        yield BuildProgress(part, BuildStage.INDEXING, count)
    yield BuildProgress(part, BuildStage.CANCELLED, count)


def refresh_part(
    home: IndexHome,
    part: IndexPart,
    batches: Iterable[tuple[Sequence[IndexText], Sequence[int]]],
    *,
    cancelled: Cancelled = never,
) -> Iterator[BuildProgress]:
    """Bring changes into the index, one commit per batch of present texts and of papers to remove.

    For changes that are too many to index beside a window. Raises as :func:`build_part` does.
    """
    count = 0
    for texts, removed in batches:
        if cancelled():
            yield BuildProgress(part, BuildStage.CANCELLED, count)
            return
        index = home.open_part(home.instance, part)
        write_batch(index, part, [document_of(text) for text in texts], removed, merging=keep_all)
        count += len(texts) + len(removed)
        yield BuildProgress(part, BuildStage.REFRESHING, count)


def compact_part(
    home: IndexHome, part: IndexPart, *, cancelled: Cancelled = never, thorough: bool = True
) -> Iterator[BuildProgress]:
    """Merge segments into one without deleted documents; searches work as before meanwhile.

    Unless ``thorough``, only if it pays: all segments if a fifth of the documents are deleted, otherwise those that are
    small beside the whole, once there are four of them.
    """
    instance = home.instance
    index = home.open_part(instance, part)
    segments = contents_of(index).segments
    total = sum(segment.doc_count_all() for segment in segments)
    deleted = sum(segment.deleted_count() for segment in segments)
    chosen = segments
    if not thorough:
        sizes = [(segment.doc_count_all(), segment.deleted_count()) for segment in segments]
        chosen = [segments[place] for place in worth_merging(sizes)]
    if len(chosen) > 1 or (chosen and deleted):
        yield BuildProgress(part, BuildStage.COMPACTING, total - deleted)
        builder = SegmentBuilder(index, part)
        try:
            builder.commit(mergetype=merge_chosen({segment.segment_id() for segment in chosen}, cancelled))
        except MergeCancelledError:
            yield BuildProgress(part, BuildStage.CANCELLED, total - deleted)
            return
    yield BuildProgress(part, BuildStage.FINISHED, total - deleted)


def _is_scattered(home: IndexHome, instance: Instance, part: IndexPart) -> bool:
    """Whether a part has so many segments that searching takes longer."""
    return len(contents_of(home.open_part(instance, part)).segments) >= SCATTERED


def _until(documents: Iterable[Document], cancelled: Cancelled) -> Iterator[Document]:
    """Documents, until the build is cancelled."""
    for number, document in enumerate(documents):
        if number % 100 == 0 and cancelled():
            return
        yield document


def _indexed(home: IndexHome, instance: Instance, part: IndexPart) -> BitMap:
    """The papers in a part of the index."""
    reader = PartReader(home, part)
    try:
        with reader.snapshot(instance) as snapshot:
            return snapshot.indexed.copy()
    finally:
        reader.close()
