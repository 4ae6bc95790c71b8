"""Records of what a library exported and where, so that users' edits to the files are never overwritten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One exported file: a paper's note in a vault, or (if ``paper_key`` is empty) a file with many papers.

    ``target`` is the folder exported to; ``path`` is the file's path in it, with ``/`` between folders. ``size``,
    ``modified`` (nanoseconds) and ``digest`` (SHA-256) are those of the file when it was last read; ``fingerprint``
    stands for everything that the file was made from.
    """

    target: str
    paper_key: str
    profile: str
    path: str
    size: int
    modified: int
    digest: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PaperStamp:
    """A paper's title and keys, and a ``stamp`` that changes whenever anything changes that could be exported."""

    id: int
    key: str
    aliases: tuple[str, ...]
    title: str
    stamp: str
