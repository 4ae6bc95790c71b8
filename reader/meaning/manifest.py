"""What a folder of vectors holds: which basis and segments are in use, and which are being made to replace them.

It is read without numpy, so that looking whether anything is to be done costs nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Container
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from reader.files import recall, write_file

FORMAT = f"2 unicode {unicodedata.unidata_version}"
"""The format of basis and vectors; it includes the Python's Unicode version, which decides how words fold."""
CURRENT = "current.json"
"""What is in use."""
NEXT = "next.json"
"""What is being made to replace it."""
_GROWTH = 2
_LEAST_NEW = 500
_MOST_UNKNOWN = 0.15


@dataclass(frozen=True, slots=True)
class Segment:
    """A file of rows: its name, how many rows it has, and its checksum."""

    name: str
    count: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in use: the basis and the segments, oldest first.

    ``papers`` is the number of papers that there were when the basis was learned, ``words`` the id of its word vectors,
    ``width`` the width of the rows. ``complete`` tells whether every paper has its row but those of ``owed`` (by id),
    whose text may have changed. ``number`` grows with every change. ``learned_from`` are the keys of some of the papers
    it was learned from, which tell the basis of another library. ``new_words`` of ``new_papers`` came since then, of
    which the basis does not know the ``unknown_words``.
    """

    basis: str
    words: str | None
    width: int
    papers: int
    segments: tuple[Segment, ...] = ()
    complete: bool = False
    owed: tuple[int, ...] = ()
    learned_from: tuple[str, ...] = ()
    new_papers: int = 0
    new_words: int = 0
    unknown_words: int = 0
    number: int = 0

    @property
    def rows(self) -> int:
        """How many rows there are, those that later ones replace included."""
        return sum(segment.count for segment in self.segments)

    def is_outgrown(self, papers: int) -> bool:
        """Whether the basis is to be learned anew: there are many more papers, or new ones have many unknown words."""
        has_new_words = self.new_papers >= _LEAST_NEW and self.unknown_words > _MOST_UNKNOWN * self.new_words
        return papers >= _GROWTH * self.papers or has_new_words

    def with_new_words(self, papers: int, words: int, unknown: int) -> Manifest:
        """This after so many papers came of whose words so many are unknown to the basis; the latest count most."""
        share = 0.5 if self.new_papers >= 2 * _LEAST_NEW else 1.0
        return replace(
            self,
            new_papers=int(self.new_papers * share) + papers,
            new_words=int(self.new_words * share) + words,
            unknown_words=int(self.unknown_words * share) + unknown,
        )

    def is_foreign(self, keys: Container[str]) -> bool:
        """Whether the basis was learned from another library than the one with these keys."""
        return sum(key in keys for key in self.learned_from) * 2 < len(self.learned_from)

    def with_segment(self, segment: Segment) -> Manifest:
        """This with one more segment."""
        return replace(self, segments=(*self.segments, segment))


def write_manifest(folder: Path, manifest: Manifest, name: str = CURRENT) -> Manifest:
    """Write a manifest, durably; returns it with its new number. Raises OSError."""
    manifest = replace(manifest, number=manifest.number + 1)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(folder / name, json.dumps({"format": FORMAT} | asdict(manifest)).encode())
    return manifest


def read_manifest(folder: Path, name: str = CURRENT) -> Manifest | None:
    """Read a manifest; None if it is missing, damaged or of another format."""
    found = recall(folder / name)
    try:
        if found.pop("format") != FORMAT:
            return None
        segments = tuple(
            Segment(str(each["name"]), int(each["count"]), int(each["checksum"])) for each in found.pop("segments")
        )
        if not all(Path(segment.name).name == segment.name and segment.count > 0 for segment in segments):
            return None
        owed, learned_from = tuple(map(int, found.pop("owed"))), tuple(map(str, found.pop("learned_from")))
        return Manifest(segments=segments, owed=owed, learned_from=learned_from, **found)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
