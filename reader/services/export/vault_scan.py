"""Scans of a vault: which notes belong to which papers, and which other notes name a paper.

Symbolic links are neither followed nor read, and folders whose name begins with a dot (Obsidian's settings and
bin, version control) are left out, so that a note in the bin counts as deleted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.cancellation import Cancelled, never
from reader.domain.exports import ExportRecord
from reader.formats.export.front_matter import find_front_matter, find_paper_key
from reader.formats.export.splice import note_text

_HEAD = 8_192
_LONGEST_FRONT_MATTER = 262_144
_LONGEST_NOTE = 2_000_000
_NAMED = re.compile(
    r"(?:arxiv\s?:\s?|arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/|10\.48550/arxiv\.)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note of a paper: its path in the vault (``/`` between folders), size and modification time."""

    key: str
    path: str
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Vault:
    """The result of a scan: notes by paper key, and the paths of all other Markdown files."""

    notes: Mapping[str, tuple[FoundNote, ...]]
    others: tuple[str, ...]


def scan_vault(root: Path, known: Iterable[ExportRecord] = (), cancelled: Cancelled = never) -> Iterator[int | Vault]:
    """Scan a vault; yields how many files were looked at now and then, and at the end the vault.

    A file that is where and as a record has it is not opened. Folders without notes count, too: somebody's whole home
    may be given for a vault, and has to be given up as easily.
    """
    recorded = {(record.path, record.size, record.modified): record.paper_key for record in known}
    notes: dict[str, list[FoundNote]] = {}
    others: list[str] = []
    count = 0
    for step, (path, entry) in enumerate(_markdown_files(root), start=1):
        count += entry is not None
        if step % 400 == 0:
            yield count
            if cancelled():
                break
        if entry is None:
            continue
        try:
            state = entry.stat(follow_symlinks=False)
            key = recorded.get((path, state.st_size, state.st_mtime_ns)) or _paper_key(Path(entry.path))
        except OSError:
            continue
        if key:
            notes.setdefault(key, []).append(FoundNote(key, path, state.st_size, state.st_mtime_ns))
        else:
            others.append(path)
    yield Vault({key: tuple(found) for key, found in notes.items()}, tuple(others))


def find_adoptable(
    root: Path,
    others: Iterable[str],
    arxiv_ids: Mapping[str, str],
    addresses: Mapping[str, str],
    cancelled: Cancelled = never,
) -> Iterator[int | dict[str, tuple[str, ...]]]:
    """Notes that could become papers' notes; yields how many were read now and then, at the end them by paper key.

    ``arxiv_ids`` and ``addresses`` lead to paper keys. A note is meant for a paper if its front matter names it, or
    if it names no other paper in all its text: a reading list names many.
    """
    found: dict[str, list[str]] = {}
    for count, path in enumerate(others):
        if count % 100 == 99:
            yield count + 1
            if cancelled():
                break
        text = _text(root / path)
        if not text:
            continue
        span = find_front_matter(text)
        front = _papers_named(text[span.start : span.end], arxiv_ids, addresses) if span else set()
        everywhere = front or _papers_named(text, arxiv_ids, addresses)
        if len(everywhere) == 1:
            found.setdefault(everywhere.pop(), []).append(path)
    found.pop("", None)
    yield {key: tuple(sorted(paths)) for key, paths in found.items()}


def read_note(path: Path) -> bytes:
    """A note's bytes; raises :class:`OSError` also for a symbolic link, which is not followed."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _markdown_files(root: Path) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
    """Yield every Markdown file below a folder with its path, in a stable order.

    After each folder comes the folder's path with None.
    """
    folders = [(str(root), "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{prefix}{entry.name}/"))
            elif entry.name.lower().endswith((".md", ".markdown")) and entry.is_file(follow_symlinks=False):
                yield f"{prefix}{entry.name}", entry
        yield prefix, None


def _paper_key(path: Path) -> str | None:
    """The paper key in a note's front matter; only the beginning of the note is read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        text = note_text(head)
        if text is None or not text.startswith("---"):
            return None
        if find_front_matter(text) is None:
            text = note_text(head + file.read(_LONGEST_FRONT_MATTER))
    return find_paper_key(text) if text else None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST_NOTE:
            return ""
        return note_text(read_note(path)) or ""
    except OSError:
        return ""


def _papers_named(text: str, arxiv_ids: Mapping[str, str], addresses: Mapping[str, str]) -> set[str]:
    """The keys of the papers a text names; an empty key stands for any other paper."""
    named = {arxiv_ids.get(normalize_arxiv_id(match[1]) or "", "") for match in _NAMED.finditer(text)}
    return named | {key for address, key in addresses.items() if address in text}
