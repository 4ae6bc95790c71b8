"""Taking over what other devices wrote into the target.

The files of one device are applied in the order of its numbers; one that comes after a gap waits for the missing one,
and keeps nobody from reading the files of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reader.domain.cancellation import Cancelled
from reader.domain.errors import SyncFileError
from reader.domain.sync import Arrived, Json
from reader.services.sync.meeting import Listing, Meeting
from reader.services.sync.seen import Seen
from reader.storage.store import LibraryStore
from reader.storage.sync.files import SeenFile

_MANY = 5_000
"""The number of writes from which the first files of a device are no step of the history: a whole library comes."""

Came = Callable[[str, Arrived], None]
"""Is told what came, and from which device (its name for people)."""


class Incoming:
    """Reading from a target, in one run."""

    def __init__(self, store: LibraryStore, meeting: Meeting, listing: Listing, seen: Seen) -> None:
        """``listing`` and ``seen`` are the target's files as they are read."""
        self._store, self._meeting, self._listing, self._seen = store, meeting, listing, seen
        self._is_recorded = True
        self.received = 0
        """The writes in the files that were applied."""
        self.refusals: list[str] = []
        """Sentences about files that cannot be read here."""

    def take(self, came: Came, see: Callable[[int, int], None], cancelled: Cancelled) -> None:
        """Apply all that can be applied, and take the packs that came since their segments were applied."""
        applied = self._store.sync.vector()
        files = {
            device: [each for each in files if each.last > applied.get(device, 0)]
            for device, files in self._seen.others().items()
        }
        total, done = sum(map(len, files.values())), 0
        for device, waiting in files.items():
            number = applied.get(device, 0)
            numbers = sum(each.last - each.first + 1 for each in waiting)
            self._is_recorded = number > 0 or numbers < _MANY
            while not cancelled() and (file := next_of(waiting, number)) is not None:
                see(done, total)
                done += 1
                waiting.remove(file)
                number = max(number, self._apply(file, came))
        if not cancelled():
            self._take_packs(came)

    def _apply(self, file: SeenFile, came: Came) -> int:
        """Apply a file; the number up to which its device's writes are applied then, 0 if it could not be read."""
        data = self._seen.data(file)
        if data is None:
            return 0
        try:
            segment = self._meeting.segment(data)
        except SyncFileError as error:
            self.refusals.append(str(error))
            return 0
        arrived = self._store.sync.apply(segment, self._read_pack, recorded=self._is_recorded)
        if arrived is None:
            return 0
        self.received += len(segment.writes)
        came(segment.name, arrived)
        return segment.last

    def _take_packs(self, came: Came) -> None:
        arrived = self._store.sync.take_packs(self._read_pack)
        if arrived.change:
            came("", arrived)

    def _read_pack(self, sha256: str) -> Sequence[Json] | None:
        return self._meeting.pack(self._listing, sha256)


def next_of(files: Sequence[SeenFile], applied: int) -> SeenFile | None:
    """The file to be applied next: of those that begin without a gap, the one that reaches furthest."""
    fitting = [each for each in files if each.first <= applied + 1 and each.last > applied]
    return max(fitting, key=lambda each: (each.last, each.first), default=None)
