"""Libraries that meet in a folder, as the machines of one person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reader.domain.sync_reports import SyncReport
from reader.services import Library
from tests.services.annotating import SetClock
from tests.storage.support import write


class Machines:
    """Machines by name, each with a library in a folder of its own, and the folder in which they meet."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "meeting"
        self.clock = SetClock()
        self.open: dict[str, Library] = {}

    def library(self, name: str) -> Library:
        """A machine's library, made if it is missing."""
        if name not in self.open:
            self.open[name] = Library(self.root / name, clock=self.clock)
        return self.open[name]

    def set_up(self, *names: str, passphrase: str | None = None) -> list[Library]:
        """Let machines begin and join in their order, and run each once."""
        libraries = [self.library(name) for name in names]
        for name, library in zip(names, libraries, strict=True):
            joins = (self.folder / "lectern.json").exists()
            (library.sync.join if joins else library.sync.begin)(str(self.folder), name, passphrase)
            library.sync.run()
        return libraries

    def close(self, *names: str) -> None:
        """Close libraries; all if none is named."""
        for name in names or tuple(self.open):
            self.open.pop(name).close()

    def copy(self, name: str, to: str, *, unnoticed: bool = False) -> Library:
        """Copy a machine's library with its folder; ``unnoticed``, as if a whole disk was cloned."""
        self.close(name)
        shutil.copytree(self.root / name, self.root / to)
        copied = self.library(to)
        if unnoticed:
            from reader.services.sync.fingerprint import fingerprint

            write(copied._store, "UPDATE sync_me SET fingerprint = ?", fingerprint(copied._store.path))
        self.library(name)
        return copied

    def files(self, ending: str = ".lecs") -> list[Path]:
        """The files in the folder of that ending, by name."""
        return sorted(self.folder.rglob(f"*{ending}*"))

    def meet(self, *names: str) -> None:
        """Run all machines until each has what the others said."""
        for _ in range(3):
            for name in names or tuple(self.open):
                self.library(name).sync.run()


@contextmanager
def machines(root: Path) -> Iterator[Machines]:
    """Machines that are closed at the end."""
    made = Machines(root)
    try:
        yield made
    finally:
        made.close()


def say(library: Library, *names: str) -> None:
    """Make a saved search for each name, something that other machines get."""
    for name in names:
        library.searches.add(name, f"title:{name}")


def correct(library: Library, name: str, query: str) -> None:
    """Give a saved search another query."""
    search = next(each for each in library.searches.all() if each.name == name)
    library.searches.update(replace(search, query=query))


def said(library: Library) -> dict[str, str]:
    """The saved searches."""
    return {each.name: each.query for each in library.searches.all()}


def run(library: Library, **options: bool) -> SyncReport:
    """One run."""
    return library.sync.run(**options)
