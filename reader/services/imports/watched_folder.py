"""A folder whose new listing files are imported: which of its files are new, have stopped growing, and look the part.

What was dealt with once, in whatever way, is remembered by its SHA-256 in ``watched.json`` of the library's folder: a
file is not imported again because it was moved, because its import was undone, or because Lectern was started anew.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from reader.domain.errors import ReaderError
from reader.files import recall, remember

SETTLED_SECONDS = 2.0
"""For how long a file must not have changed to be whole."""
ENDINGS = frozenset(
    {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".json", ".jsonl", ".xml", ".atom", ".rss"}
    | {".bib", ".bibtex", ".ris", ".csv", ".tsv", ".nbib", ".enw", ".eml", ".mbox", ".mail"}
)
"""Only files with these endings are looked at: a folder of downloads has many others."""
_MEMORY = "watched.json"
_MOST_REMEMBERED = 20_000
_LARGEST_MEMORY = 4 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is whole, with the SHA-256 of its bytes."""

    path: Path
    sha256: str


@dataclass(slots=True)
class _Look:
    """How a file was found: its size and time of change, and since when it has been so (seconds)."""

    size: int
    changed: int
    since: float
    is_dealt_with: bool = False


class FolderWatch:
    """Looks at one folder, again and again. Not for several threads at once."""

    def __init__(self, folder: Path, library_folder: Path, clock: Callable[[], float]) -> None:
        """``folder`` need not be there; what was dealt with is remembered in ``library_folder``. ``clock``: seconds."""
        self.folder = folder
        self._memory = WatchMemory(library_folder)
        self._clock = clock
        self._looks: dict[Path, _Look] = {}
        self._given: set[str] = set()
        self.is_there = True
        """Whether the folder was there at the last look."""

    def look(self) -> list[NewFile]:
        """The files that have stopped growing and were not dealt with yet, each of them once.

        Raises :class:`ReaderError` once where the folder cannot be read any more; looking goes on all the same.
        """
        now = self._clock()
        found = self._settled(now)
        new = []
        for path in found:
            digest = _digest(path)
            if digest is None:  # it changed or went just now: the next look finds out
                self._looks.pop(path, None)
                continue
            self._looks[path].is_dealt_with = True
            if digest not in self._memory.digests and digest not in self._given:
                self._given.add(digest)
                new.append(NewFile(path, digest))
        return new

    def remember(self, files: Iterable[NewFile]) -> None:
        """These files were dealt with, for good."""
        self._memory.add(file.sha256 for file in files)

    def _settled(self, now: float) -> list[Path]:
        """The files that have been the same for long enough, in the order of their names."""
        try:
            entries = sorted(self._listed())
        except OSError as error:
            was_there, self.is_there = self.is_there, False
            self._looks.clear()
            if was_there:
                why = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
                raise ReaderError(f"The watched folder {self.folder} {why}; once it is, watching goes on.") from error
            return []
        self.is_there = True
        present = {path for path, _, _ in entries}
        self._looks = {path: look for path, look in self._looks.items() if path in present}
        settled = []
        for path, size, changed in entries:
            look = self._looks.get(path)
            if look is None or (look.size, look.changed) != (size, changed):
                self._looks[path] = _Look(size, changed, now)
            elif not look.is_dealt_with and size and now - look.since >= SETTLED_SECONDS:
                settled.append(path)
        return settled

    def _listed(self) -> Iterable[tuple[Path, int, int]]:
        """The regular files that look like listings: path, size, time of change (ns). Folders in it are not entered."""
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~")) or Path(entry.name).suffix.lower() not in ENDINGS:
                    continue
                with suppress(OSError):
                    status = entry.stat()
                    if stat.S_ISREG(status.st_mode):
                        yield Path(entry.path), status.st_size, status.st_mtime_ns


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None if it cannot be read just now."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


@dataclass(slots=True)
class WatchMemory:
    """The digests that were dealt with, oldest first; losing them costs a few imports that change nothing."""

    folder: Path
    digests: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what was kept; what is damaged is as if it were new."""
        kept = recall(self.folder / _MEMORY, _LARGEST_MEMORY)
        self.digests = {each: None for each in kept if isinstance(each, str)} if isinstance(kept, list) else {}

    def add(self, digests: Iterable[str]) -> None:
        """Remember more, whole or not at all; where the folder takes nothing, until the program ends."""
        before = len(self.digests)
        self.digests |= dict.fromkeys(digests)
        if len(self.digests) == before:
            return
        for each in list(self.digests)[: max(len(self.digests) - _MOST_REMEMBERED, 0)]:
            del self.digests[each]
        remember(self.folder / _MEMORY, list(self.digests))
