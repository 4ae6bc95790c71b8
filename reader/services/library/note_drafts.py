"""Texts of notes that were typed and are not in the library yet: kept in files beside it until they are.

A note is saved within a second of being typed. Until then, and for as long as saving fails (a full disk, a library that
something else holds), its text stands in a file of its own, so that a crash costs a quarter of a second of typing at
most. Whoever opens the library next is offered what was left there.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from reader.domain.annotations import PaperTitle
from reader.files import recall, write_file

FOLDER = "note-drafts"
"""The folder of drafts, in the library; one file each, named by the paper's key."""
_LARGEST = 10_000_000
_LONGEST_KEY = 40


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """A text that was typed in place of a note's ``revision``; ``written`` is when, in ISO 8601."""

    key: str
    text: str
    revision: int
    written: str


@dataclass(frozen=True, slots=True)
class UnsavedNote:
    """A draft that is no paper's note; ``paper`` is None where the paper is gone."""

    draft: NoteDraft
    paper: PaperTitle | None


class NoteDrafts:
    """The drafts of one library. May be used from any thread.

    Keeping and dropping are asked for from different threads; ``number`` grows with every edit of a note, so that a
    draft which is written late does not bring back what was saved meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        """``folder`` is the library's."""
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._saved: dict[str, int] = {}
        self._kept: dict[str, int] = {}

    def keep(self, draft: NoteDraft, number: int) -> bool:
        """Keep a draft in place of the paper's last one; False if the disk does not take it."""
        with self._lock:
            if number <= self._saved.get(draft.key, -1) or number < self._kept.get(draft.key, -1):
                return True
            path = self._path(draft.key)
            try:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                write_file(path, json.dumps(asdict(draft)).encode())
            except OSError:
                return False
            self._kept[draft.key] = number
            return True

    def drop(self, key: str, number: int) -> None:
        """The text of edit ``number`` is in the library: its draft, or an earlier one, is needed no more."""
        with self._lock:
            self._saved[key] = max(number, self._saved.get(key, -1))
            if self._kept.get(key, -1) <= number:
                self._kept.pop(key, None)
                with suppress(OSError):
                    self._path(key).unlink(missing_ok=True)

    def discard(self, key: str) -> None:
        """Throw a draft away that the user does not want."""
        with self._lock, suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def all(self) -> list[NoteDraft]:
        """Every draft that can be read, the last written first."""
        if not self._folder.is_dir():
            return []
        found = [draft for path in self._folder.glob("*.json") if (draft := _read(path)) is not None]
        return sorted(found, key=lambda draft: draft.written, reverse=True)

    def _path(self, key: str) -> Path:
        if not key.isalnum() or len(key) > _LONGEST_KEY:
            raise ValueError(f"no key of a paper: {key!r}")
        return self._folder / f"{key}.json"


def _read(path: Path) -> NoteDraft | None:
    """The draft of a file; None for what is none."""
    with suppress(TypeError):
        draft = NoteDraft(**recall(path, _LARGEST))
        facts = (draft.key, draft.text, draft.written)
        if all(isinstance(fact, str) for fact in facts) and type(draft.revision) is int and draft.key == path.stem:
            return draft
    return None
