"""What tests of annotating share: a library with a few invented papers, and a clock to set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reader.domain.papers import Paper
from reader.domain.selection import PaperSort, SortBy
from reader.domain.views import View, ViewKind
from reader.services.library.files import DATABASE_NAME
from reader.services.library.library import Library
from tests.services.support import finish, listing_text
from tests.storage.support import ASIDE, read_tables

TITLES = ("Alpha of Trees", "Beta on $\\alpha$ Masks", "Gamma Waves", "Delta Rivers", "Epsilon Stones")


class SetClock:
    """A present that moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def bring(library: Library, *titles: str, name: str = "day", heading: str = "Mar 3") -> list[int]:
    """Import a listing of papers with these titles; the ids of all papers in the library, oldest first."""
    finish(library.imports.text(listing_text(*titles, heading=heading), name))
    return all_ids(library)


def all_ids(library: Library) -> list[int]:
    """Every paper, oldest first."""
    return sorted(library.views.paper_ids(View(ViewKind.ALL), PaperSort(SortBy.ADDED)))


def state_of(library: Library) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the journal's and what it leaves aside."""
    return read_tables(library.folder / DATABASE_NAME, leave_out=ASIDE)


def titles(library: Library) -> list[str]:
    """The titles of the steps that stand, the newest first."""
    return [str(step.title) for step in library.history.steps() if not step.undone]


def paper(library: Library, paper_id: int) -> Paper:
    """One paper."""
    return library.papers.get(paper_id)


def open_library(folder: Path, clock: SetClock) -> Library:
    """The library in a folder, made if it is missing."""
    return Library(folder, clock=clock)
