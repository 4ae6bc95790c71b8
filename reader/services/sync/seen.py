"""What the library knows of the files in its target: each is read once, and never believed by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reader.domain.errors import Fault, SyncFileError
from reader.domain.sync_targets import DEVICE_FOLDERS, TargetFile, is_own
from reader.formats.segments import read_about
from reader.services.sync.meeting import Listing, Meeting, hash_of, mark_of
from reader.storage.sync.files import GONE, SeenFile, SyncFiles

_MOST_TORN = 20
"""The most files in a run that were torn before and are read again although nothing tells that they changed."""
_MOST_KEPT = 16 << 20
_BATCH = 200
_INTENDED = ""
_GONE_FOR = timedelta(days=30)

Looked = set[tuple[str, str]]
"""Names and marks of torn files that this process has read."""


class Seen:
    """The segments in a target, as far as they could be read, at one moment."""

    def __init__(self, meeting: Meeting, files: SyncFiles, device: str, looked: Looked) -> None:
        """``device`` is this library's own name; ``looked`` grows."""
        self._meeting, self._files, self.device, self._looked = meeting, files, device, looked
        self._known = files.all()
        self._own_hashes = {each.sha256 for each in self._known.values() if each.device == device and each.sha256}
        self._kept: dict[str, bytes] = {}
        self._kept_size = 0
        self.strangers: list[tuple[SeenFile, bytes]] = []
        """Whole files of the own name that this library did not write."""
        self.refusals: list[str] = []
        """Sentences about files that can be read only by a newer version, or with another passphrase."""
        self.unread = 0
        """The number of files that could not be read now."""

    def weigh(self, listing: Listing, weighed: Looked) -> int:
        """The bytes of others' files that are new in the target, without those ``weighed`` before, which grows."""
        fresh = [each for each in self._unknown(listing.segments.values()) if not is_own(self.device, each.name)]
        unweighed = [each for each in fresh if (each.name, mark_of(each)) not in weighed]
        weighed.update((each.name, mark_of(each)) for each in unweighed)
        return sum(each.size for each in unweighed)

    def look(self, listing: Listing, see: Callable[[int, int], None], *, only_own: bool = False) -> None:
        """Read what is new in the target, or changed, and forget what is no longer there.

        With ``only_own`` only the folder of this device is looked at. ``see`` is told how many files of how many are
        read.
        """
        fresh = list(self._unknown(self._considered(listing, only_own)))
        batch: list[SeenFile] = []
        for number, entry in enumerate(fresh):
            see(number, len(fresh))
            found = self._read(entry)
            if found is not None:
                self._known[entry.name] = found
                batch.append(found)
            if len(batch) == _BATCH:
                self._files.remember(batch)
                batch = []
        if batch:
            self._files.remember(batch)
        if not only_own:
            self._forget(listing)

    def own(self) -> list[SeenFile]:
        """The whole files of this device in the target."""
        return [each for each in self._present() if each.device == self.device]

    def others(self) -> dict[str, list[SeenFile]]:
        """The whole files of each other device."""
        found: dict[str, list[SeenFile]] = {}
        for each in self._present():
            if each.device != self.device:
                found.setdefault(each.device, []).append(each)
        return found

    def torn(self) -> list[SeenFile]:
        """The files in the folders of other devices that have not arrived whole."""
        return [
            each
            for each in self._known.values()
            if not each.sha256 and each.device not in ("", self.device) and each.mark != GONE
        ]

    def data(self, file: SeenFile) -> bytes | None:
        """The bytes of a whole file; None if they cannot be had now, or are others by now."""
        data = self._kept.pop(file.name, None)
        if data is None:
            data = self._meeting.target.get(file.name)
        return data if data is not None and hash_of(data) == file.sha256 else None

    def intend(self, file: SeenFile) -> None:
        """Record that this device is about to write a file: whatever happens then, it is known for its own."""
        self._own_hashes.add(file.sha256)
        self._known[file.name] = replace(file, mark=_INTENDED)
        self._files.remember([self._known[file.name]])

    def deleted(self, files: Sequence[SeenFile]) -> None:
        """Record that this device deleted files of its own."""
        if not files:
            return
        gone = [replace(each, mark=GONE) for each in files]
        self._known.update({each.name: each for each in gone})
        self._files.remember(gone)

    def _present(self) -> Iterator[SeenFile]:
        return (each for each in self._known.values() if each.sha256 and each.mark not in (GONE, _INTENDED))

    def _considered(self, listing: Listing, only_own: bool) -> Iterator[TargetFile]:
        return (each for each in listing.segments.values() if not only_own or is_own(self.device, each.name))

    def _unknown(self, entries: Iterable[TargetFile]) -> Iterator[TargetFile]:
        torn = 0
        for entry in entries:
            known = self._known.get(entry.name)
            if known is None or known.mark != mark_of(entry):
                yield entry
            elif not known.sha256 and known.device and (entry.name, mark_of(entry)) not in self._looked:
                torn += 1
                if torn <= _MOST_TORN:
                    yield entry

    def _read(self, entry: TargetFile) -> SeenFile | None:
        """A file as it is now; None for one of which there is nothing to remember."""
        data = self._meeting.target.get(entry.name)
        if data is None:
            self.unread += 1
            return None
        try:
            about = read_about(data)
        except SyncFileError as error:
            return self._refused(entry, error)
        file = SeenFile(
            entry.name, mark_of(entry), hash_of(data), about.device, about.first, about.last, size=len(data)
        )
        if not about.device:
            return SeenFile(entry.name, mark_of(entry), size=entry.size)
        if about.device == self.device:
            if file.sha256 not in self._own_hashes:
                self.strangers.append((file, data))
                return None
            before = self._known.get(entry.name)
            return replace(file, writes=before.writes if before and before.sha256 == file.sha256 else 0)
        if self._kept_size + len(data) <= _MOST_KEPT:
            self._kept[entry.name] = data
            self._kept_size += len(data)
        return file

    def _refused(self, entry: TargetFile, error: SyncFileError) -> SeenFile | None:
        if error.fault in (Fault.NEWER, Fault.SEALED):
            self.refusals.append(str(error))
            return None
        device = _folder_of(entry.name) if error.fault is Fault.DAMAGED else ""
        self._looked.add((entry.name, mark_of(entry)))
        return SeenFile(entry.name, mark_of(entry), device=device, size=entry.size)

    def _forget(self, listing: Listing) -> None:
        """Forget what is no longer there; of own files the hashes are remembered for a while."""
        absent = [each for name, each in self._known.items() if name not in listing.segments]
        own = [each for each in absent if each.device == self.device and each.sha256]
        self.deleted([each for each in own if each.mark not in (GONE, _INTENDED)])
        old = [each for each in own if each.mark == GONE and self._is_old(each)]
        forgotten = {each.name for each in (*absent, *old)} - {each.name for each in own if each not in old}
        for name in forgotten:
            del self._known[name]
        self._files.forget(forgotten)

    def _is_old(self, file: SeenFile) -> bool:
        now = self._files.now
        return bool(file.since) and datetime.fromisoformat(now) - datetime.fromisoformat(file.since) > _GONE_FOR


def _folder_of(name: str) -> str:
    """The device in whose folder a file is; a name that cannot be read in the file."""
    parts = name.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == DEVICE_FOLDERS else "?"
