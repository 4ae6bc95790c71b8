"""One part of the index opened for searching: the latest commit, and the papers that are not in it yet."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any

from pyroaring import BitMap
from whoosh.index import FileIndex

from reader.domain.query import Phrase, TextLeaf
from reader.domain.selection import IndexPart
from reader.index.files import CheckedStorage
from reader.index.home import IndexHome, Instance, contents_of
from reader.index.memory import MemorySegment
from reader.index.segments import DiskSegment

_ATTEMPTS = 10
_PAUSE = 0.02  # seconds; a writer may remove the files of the previous commit while they are being opened
_PHRASES_KEPT = 64


@dataclass(eq=False)
class Snapshot:
    """One commit: its segments, each with its deleted papers, and all papers in it.

    ``verified`` caches, for each phrase, the papers whose text was read and those of them that contain the phrase.
    """

    generation: int
    segments: list[tuple[DiskSegment, BitMap]]
    indexed: BitMap = field(default_factory=BitMap)
    deleted: int = 0
    verified: OrderedDict[Phrase, tuple[BitMap, BitMap]] = field(default_factory=OrderedDict)
    users: int = 0
    _lock: Lock = field(default_factory=Lock)

    def leaf_ids(self, leaf: TextLeaf) -> BitMap:
        """The papers that match a leaf; for a phrase of several words, those that may match."""
        found = [segment.leaf_ids(leaf) - dead for segment, dead in self.segments]
        return BitMap.union(*found) if found else BitMap()

    def refuted(self, phrase: Phrase) -> BitMap:
        """The papers known to lack the phrase because they lack its beginning, searched while it was typed."""
        with self._lock:
            lacking = [known - holding for begun, (known, holding) in self.verified.items() if _begins(begun, phrase)]
        return BitMap.union(*lacking) if lacking else BitMap()

    def note_verified(self, phrase: Phrase, read: BitMap, holding: BitMap) -> None:
        """Cache the result of reading some papers' texts for a phrase."""
        with self._lock:
            known, matched = self.verified.pop(phrase, (BitMap(), BitMap()))
            self.verified[phrase] = known | read, matched | holding
            while len(self.verified) > _PHRASES_KEPT:
                self.verified.popitem(last=False)


def _begins(begun: Phrase, phrase: Phrase) -> bool:
    """Whether every text with ``phrase`` also contains ``begun``, whose last word may be incomplete."""
    last = len(begun.words) - 1
    return (
        begun.open_ended
        and begun.field is phrase.field
        and last < len(phrase.words)
        and begun.words[:last] == phrase.words[:last]
        and phrase.words[last].startswith(begun.words[last])
    )


class PartReader:
    """Opens a part's latest commit for each search; segments stay open from one commit to the next."""

    def __init__(self, home: IndexHome, part: IndexPart) -> None:
        """Open nothing yet."""
        self.part = part
        self.memory = MemorySegment(part)
        self._home = home
        self._lock = RLock()
        self._instance: Instance | None = None
        self._index: FileIndex | None = None
        self._open: dict[str, DiskSegment] = {}
        self._current: Snapshot | None = None
        self._retired: list[Snapshot] = []

    @contextmanager
    def snapshot(self, instance: Instance) -> Iterator[Snapshot]:
        """The latest commit of an instance, kept open while it is used.

        Raises whatever broken files make Whoosh, or this package, raise.
        """
        with self._lock:
            snapshot = self._latest(instance)
            snapshot.users += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.users -= 1
                self._close_unused()

    def close(self) -> None:
        """Close all files that no search is using; the others are closed after their search."""
        with self._lock:
            self._retire()
            self._instance = self._index = None
            self._close_unused()

    def _latest(self, instance: Instance) -> Snapshot:
        if self._instance is None or self._instance.name != instance.name:
            self.close()
            self._index = self._home.open_part(instance, self.part)
            self._instance = instance
        assert self._index is not None
        for attempt in range(_ATTEMPTS):
            generation = self._index.latest_generation()
            if self._current is not None and self._current.generation == generation:
                return self._current
            try:
                self._current = self._opened(self._index)
            # A writer may have replaced the commit while its files were being opened; then the next one is tried.
            except OSError:
                if attempt == _ATTEMPTS - 1 or self._index.latest_generation() == generation:
                    raise
                time.sleep(_PAUSE)
        raise OSError("the index changes too fast to be opened")

    def _opened(self, index: FileIndex) -> Snapshot:
        """Open the segments of the latest commit that are not open yet."""
        contents = contents_of(index)
        snapshot = Snapshot(contents.generation, [])
        for described in contents.segments:
            segment = self._segment(index.storage, described)
            numbering = segment.numbering
            dead = numbering.ids_of(BitMap(described.deleted_docs()))
            snapshot.segments.append((segment, dead))
            snapshot.indexed |= numbering.all_ids - dead
            snapshot.deleted += len(dead)
        self._retire()
        self._current = snapshot
        self._close_unused()
        return snapshot

    def _segment(self, storage: CheckedStorage, described: Any) -> DiskSegment:
        name = described.segment_id()
        if name not in self._open:
            self._open[name] = DiskSegment(storage, described, self.part)
        return self._open[name]

    def _retire(self) -> None:
        if self._current is not None:
            self._retired.append(self._current)
            self._current = None

    def _close_unused(self) -> None:
        """Close segments that neither the latest commit nor a search uses."""
        self._retired = [snapshot for snapshot in self._retired if snapshot.users]
        used = {segment for snapshot in self._retired for segment, _ in snapshot.segments}
        used |= {segment for segment, _ in self._current.segments} if self._current else set()
        for name, segment in list(self._open.items()):
            if segment not in used:
                del self._open[name]
                segment.close()


def choose_direct(
    indexed: BitMap, indexable: BitMap, pending: Mapping[int, int], limit: int
) -> tuple[dict[int, int], BitMap, int]:
    """Choose the papers to search directly.

    Returns their versions, the papers whose index entries do not count, and the number of papers that are not
    searchable at all. The latest changed come first, then those that were never indexed, newest first. Papers beyond
    ``limit`` are still found by their older text if the index has one.
    """
    changed = sorted((paper for paper in pending if paper in indexable), key=pending.__getitem__, reverse=True)
    missing = indexable - indexed - BitMap(pending)
    versions = {paper: pending[paper] for paper in changed[:limit]}
    for paper in reversed(missing):
        if len(versions) >= limit:
            break
        versions[paper] = 0
    # Removed papers count as direct too: their index entries must not be found.
    direct = BitMap(versions)
    gone = BitMap(pending) - indexable
    return versions, direct | gone, len(indexable - direct - indexed)
