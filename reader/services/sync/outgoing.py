"""What a device writes into its target: new writes, what the target lost of the old ones, and fewer files for many.

Packs are written before the segments that refer to them, and a segment is counted as published only when it is there.
Whatever happens in between, what is not there yet is written again by the next run.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from reader.domain.cancellation import Cancelled
from reader.domain.sync import Segment
from reader.domain.sync_targets import is_own
from reader.services.sync.meeting import Listing, Meeting, hash_of
from reader.services.sync.own_files import gaps, inside, to_replace
from reader.services.sync.seen import Seen
from reader.storage.store import LibraryStore
from reader.storage.sync.files import SeenFile
from reader.storage.sync.publication import Portion

_LARGEST = 12_000_000
"""The most bytes of a segment before it is compressed to a third or less; some servers take 4 MB in one piece."""
_LOOKED_AT = 4
"""The packs that are read again in one run."""


class Outgoing:
    """Writing into a target, as one device."""

    def __init__(self, store: LibraryStore, meeting: Meeting, listing: Listing, seen: Seen) -> None:
        """``listing`` and ``seen`` are the target's files at the beginning."""
        self._store, self._meeting, self._listing, self._seen = store, meeting, listing, seen
        self.packs = listing.packs_there()

    def misses_packs(self, before: frozenset[str]) -> bool:
        """Whether packs are gone that were there ``before``, or all are."""
        return not self.packs or not before <= self.packs

    def heal(self, published: int) -> None:
        """Write again what the target lost of the published writes; of the writes, those that still stand."""
        for first, last in gaps(((each.first, each.last) for each in self._seen.own()), published):
            for portion in self._store.sync.own(first, last, _LARGEST):
                self._put_portion(portion)

    def heal_packs(self, sound: set[str]) -> None:
        """Say again the large values whose packs the target lost: what these were made of may have changed since.

        Some of the packs that are there are read in each run, until all are found ``sound``, which grows.
        """
        there = self.packs
        if sound and sound == there:
            return
        own = self._store.sync.own_packs()
        sound &= there
        sound |= there - own
        lost = [sha256 for sha256 in own if sha256 not in there]
        unread = sorted(sha256 for sha256 in own if sha256 in there and sha256 not in sound)
        for looked_at in random.sample(unread, min(_LOOKED_AT, len(unread))):
            if self._meeting.is_damaged(self._listing, looked_at):
                lost.append(looked_at)
            sound.add(looked_at)
        if lost:
            self._store.sync.forget_packs(lost)

    def publish(self, published: int, see: Callable[[int], None], cancelled: Cancelled) -> int:
        """Write what is not published yet; the number up to which it is now."""
        for portion in self._store.sync.outgoing(published, _LARGEST):
            if cancelled():
                break
            self._put_portion(portion)
            published = portion.segment.last
            self._store.sync.mark_published(published)
            see(published)
        return published

    def compact(self) -> int:
        """Replace own files by fewer where there are many, or much in them that no longer stands; how many are gone.

        Old files are deleted only when the new ones were read back from the target.
        """
        files = self._seen.own()
        replaced = to_replace(files, self._store.sync.living())
        if replaced is None:
            return 0
        new = [self._put_portion(portion) for portion in self._store.sync.own(*replaced, _LARGEST)]
        if not all(self._is_whole(each) for each in new):
            return 0
        kept = {each.name for each in new}
        device = self._seen.device
        old = [each for each in inside(files, replaced) if each.name not in kept and is_own(device, each.name)]
        for each in old:
            self._meeting.target.delete(device, each.name)
        self._seen.deleted(old)
        self._store.sync.forget_contexts()
        return len(old)

    def _put_portion(self, portion: Portion) -> SeenFile:
        for pack in portion.packs:
            if self._meeting.pack(self._listing, pack.sha256) is None:
                self._meeting.put_pack(pack)
        return self._put(portion.segment)

    def _put(self, segment: Segment) -> SeenFile:
        name, data = self._meeting.as_file(segment)
        file = SeenFile(
            name, "", hash_of(data), segment.device, segment.first, segment.last, len(segment.writes), len(data)
        )
        self._seen.intend(file)
        self._meeting.target.put(name, data)
        return file

    def _is_whole(self, file: SeenFile) -> bool:
        data = self._meeting.target.get(file.name)
        return data is not None and hash_of(data) == file.sha256
