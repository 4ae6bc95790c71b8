"""What this library knows of the files in its target, so that each is read once; not journalled."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reader.storage.subject import Subject
from reader.storage.writer import text_list

_COLUMNS = "name, mark, sha256, device, first, last, writes, size, since"
_REMEMBER = f"""
INSERT INTO sync_files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET mark = excluded.mark, sha256 = excluded.sha256, device = excluded.device,
    first = excluded.first, last = excluded.last, writes = excluded.writes, size = excluded.size, since = CASE
        WHEN mark = excluded.mark THEN since ELSE excluded.since END
"""
_ALL = "SELECT name, mark, sha256, device, ifnull(first, 0), ifnull(last, 0), writes, size, since FROM sync_files"
GONE = "gone"
"""The mark of a file of one's own that was deleted; its hash is remembered for the case that it comes back."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """A file of a target as it was when last read.

    ``mark`` tells whether it has changed since, without reading it. ``sha256`` is that of its bytes, and empty for one
    that could not be read, or is none of Lectern's. ``device``, ``first`` and ``last`` are what a segment says of
    itself (0 for all else), ``writes`` how many stand in it, where this device wrote it. ``since`` is when it was first
    seen so (ISO 8601, UTC).
    """

    name: str
    mark: str
    sha256: str = ""
    device: str = ""
    first: int = 0
    last: int = 0
    writes: int = 0
    size: int = 0
    since: str = ""


class SyncFiles(Subject):
    """The files of the target, by their names in it."""

    @property
    def now(self) -> str:
        """The present moment (ISO 8601, UTC), as that of ``since``."""
        return self._store.now()

    def all(self) -> dict[str, SeenFile]:
        """All that were ever seen and not forgotten."""
        rows = self._rows(_ALL)
        return {row[0]: SeenFile(*row) for row in rows}

    def remember(self, files: Iterable[SeenFile]) -> None:
        """Record files as they are now; ``since`` is filled in."""
        with self._store.unrecorded() as writer:
            now = writer.now
            writer.executemany(
                _REMEMBER,
                (
                    (each.name, each.mark, each.sha256, each.device, each.first, each.last, each.writes, each.size, now)
                    for each in files
                ),
            )

    def forget(self, names: Collection[str]) -> None:
        """Know nothing of files any more."""
        if names:
            with self._store.unrecorded() as writer:
                writer.execute(
                    "DELETE FROM sync_files WHERE name IN (SELECT value FROM json_each(?))", (text_list(names),)
                )

    def forget_all(self) -> None:
        """Know nothing of any file: the target is another."""
        with self._store.unrecorded() as writer:
            writer.execute("DELETE FROM sync_files")
