"""Names of notes in a vault, unique and in the chosen style.

Names are compared ignoring case, as some systems do. A note's name does not say which paper it belongs to;
``paper-key`` in its front matter does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from reader.domain.papers import Paper
from reader.domain.settings import NoteNames
from reader.formats.export.names import file_name, folded_name, safe_name, short_key
from reader.services.export.source import show

_NOTE = ".md"


class VaultNames:
    """Assigns names; :meth:`take` reports names that are in use."""

    def __init__(self, root: Path, folder: str, naming: NoteNames, citation_key: Callable[[Paper], str]) -> None:
        """New notes go to ``folder`` (``/`` between folders) of the vault at ``root``."""
        self._root, self._folder, self._naming = root, folder.strip("/"), naming
        self._citation_key = citation_key
        self._paths: set[str] = set()
        self._names: dict[str, int] = {}
        self._listed: set[str] = set()

    def take(self, paths: Iterable[str]) -> None:
        """Mark paths as taken."""
        for path in map(folded_name, paths):
            if path not in self._paths:
                self._paths.add(path)
                self._names[_name(path)] = self._names.get(_name(path), 0) + 1

    def free(self, path: str) -> None:
        """Mark a path as free."""
        folded = folded_name(path)
        if folded in self._paths:
            self._paths.remove(folded)
            self._names[_name(folded)] -= 1

    def is_unique(self, path: str) -> bool:
        """Whether no other note in the vault has the same file name."""
        return self._names.get(_name(folded_name(path)), 0) <= 1

    def new_path(self, paper: Paper) -> str:
        """Assign a path to a paper's new note."""
        return self._free_place(paper, self._folder)

    def other_path(self, paper: Paper, path: str) -> str:
        """Assign a path with the name a paper's note should have, in its present folder.

        Returns ``path`` itself if the name is right, or the next best because another file has the right one.
        """
        place = PurePosixPath(path)
        folder = str(place.parent) if len(place.parts) > 1 else ""
        if place.name in self._candidates(paper):
            return path
        self.free(path)
        return self._free_place(paper, folder, except_for=place.name)

    def _free_place(self, paper: Paper, folder: str, except_for: str = "") -> str:
        self._list(folder)
        if except_for:
            self.free(_joined(folder, except_for))
        for name in [*self._candidates(paper), *(self._numbered(paper, number) for number in range(2, 10_000))]:
            path = _joined(folder, name)
            if not self._is_taken(path):
                self.take([path])
                return path
        raise AssertionError("ten thousand names of one paper are taken")

    def _candidates(self, paper: Paper) -> list[str]:
        """The name a paper's note should have, and the one it gets if that is taken."""
        if self._naming is NoteNames.SLUG:
            return [file_name(show(paper.title), paper.key)]
        key = short_key(paper.key)
        if self._naming is NoteNames.TITLE:
            title = show(paper.title)
            return [safe_name(title, _NOTE), safe_name(title, _NOTE, f" {key}")]
        cited = self._citation_key(paper)
        return [safe_name(cited, _NOTE), safe_name(cited, _NOTE, f"-{key}")]

    def _numbered(self, paper: Paper, number: int) -> str:
        return file_name(f"{show(paper.title)[:200]} {number}", paper.key)

    def _is_taken(self, path: str) -> bool:
        """Whether a path is taken; names other than slugs must be unique in the whole vault."""
        folded = folded_name(path)
        if folded in self._paths:
            return True
        return self._naming is not NoteNames.SLUG and self._names.get(_name(folded), 0) > 0

    def _list(self, folder: str) -> None:
        """Take the names of all files in a folder, unless names are slugs, which no other file has."""
        if folder in self._listed or self._naming is NoteNames.SLUG:
            return
        self._listed.add(folder)
        try:
            with os.scandir(self._root / folder) as entries:
                self.take(_joined(folder, entry.name) for entry in entries)
        except OSError:
            return


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _name(path: str) -> str:
    return path.rpartition("/")[2]
