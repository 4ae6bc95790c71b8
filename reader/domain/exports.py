"""What a library remembers of its exports: what was written where, so that no one's edits are ever overwritten."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One file that was written: a paper's note in a vault, or (``paper_key`` empty) a file of many papers.

    ``target`` is the folder exported to, ``path`` the file's place in it, with ``/`` between folders. ``size`` and
    ``modified`` (nanoseconds) are the file's when it was last looked at, ``digest`` the SHA-256 of its bytes then;
    ``fingerprint`` stands for everything that went into it.
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
    """A paper's ``stamp`` differs whenever anything of it that could be exported does; title and keys to name it."""

    id: int
    key: str
    aliases: tuple[str, ...]
    title: str
    stamp: str
