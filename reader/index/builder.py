"""An index made from nothing, or finished where it was left: newest papers first, a commit now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from pyroaring import BitMap

from reader.domain.selection import IndexPart
from reader.index.home import IndexHome, Instance
from reader.index.parts import PartReader
from reader.index.protocol import Cancelled, IndexText, never
from reader.index.schema import Document, document_of
from reader.index.segment_merge import SCATTERED, MergeCancelledError, keep_all, merge_chosen, worth_merging
from reader.index.writer import SegmentBuilder, write_batch

COMMIT_SIZES = (1_000, 4_000, 10_000)
"""How many papers the first commits take, so that the newest are soon found; the last size goes on."""


class BuildStage(StrEnum):
    """What a building is at."""

    REFRESHING = "refreshing"
    INDEXING = "indexing"
    COMPACTING = "compacting"
    FINISHED = "finished"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a building is: so many papers of a part are in the index (or, of changes, were brought into it)."""

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

    ``texts`` are given newest first. Every commit counts: what was killed or cancelled is gone on with next time.
    Texts that change meanwhile are the caller's to bring (they are pending). Raises IndexBusyError while another
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
    """Bring changes into the index: batches of texts as they are now, and of papers to take out; a commit for each.

    For what is too much to be done beside a window; raises as :func:`build_part` does.
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
    """Make one segment of all, without what was deleted; nothing is searched worse meanwhile.

    Unless ``thorough`` only where it is worthwhile: all if a fifth of the documents are deleted, else the segments
    that are small beside the whole once there are four of them.
    """
    instance = home.instance
    index = home.open_part(instance, part)
    segments = index._segments()
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
    """Whether a part lies in so many segments that searching takes longer for it."""
    return len(home.open_part(instance, part)._segments()) >= SCATTERED


def _until(documents: Iterable[Document], cancelled: Cancelled) -> Iterator[Document]:
    """Documents until the building is cancelled."""
    for number, document in enumerate(documents):
        if number % 100 == 0 and cancelled():
            return
        yield document


def _indexed(home: IndexHome, instance: Instance, part: IndexPart) -> BitMap:
    """The papers that are in a part of the index."""
    reader = PartReader(home, part)
    try:
        with reader.snapshot(instance) as snapshot:
            return snapshot.indexed.copy()
    finally:
        reader.close()
