"""The papers to export: the selection, the results of a search, the view, or the whole library."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import takewhile
from pathlib import Path

from reader.domain.views import ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.search.live_search import Searching
from reader.ui.shell.panes import Panes

_TITLE_LIMIT = 34


class ScopeKind(Enum):
    """Sources of papers to export."""

    SELECTION = auto()
    SEARCH = auto()
    VIEW = auto()
    LIBRARY = auto()


@dataclass(frozen=True, slots=True)
class Scope:
    """Papers with a title; ``paper_ids`` is None for the whole library."""

    kind: ScopeKind
    title: str
    paper_ids: Sequence[int] | None = None

    def papers(self, library: Library, *, everything: bool, vault: Path | None) -> list[int]:
        """The ids to export: annotated papers or all, and those that have a note in ``vault``."""
        exporter = library.exports
        if self.paper_ids is not None:
            return list(self.paper_ids) if everything else exporter.only_annotated(self.paper_ids, vault)
        return exporter.everything() if everything else exporter.annotated(vault)


@dataclass(frozen=True, slots=True)
class Survey:
    """The number of papers in each scope, and of annotated ones among them."""

    counts: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, library: Library, scopes: Sequence[Scope]) -> Survey:
        """Count papers; slow, for a reader thread."""
        annotated = set(library.exports.annotated())
        total = len(library.exports.everything())
        return cls(
            tuple(
                (total, len(annotated))
                if scope.paper_ids is None
                else (len(scope.paper_ids), sum(paper_id in annotated for paper_id in scope.paper_ids))
                for scope in scopes
            )
        )

    def sentence(self, number: int, *, everything: bool) -> str:
        """The number of papers exported from a scope, in words: ``3 annotated papers of 12``."""
        total, annotated = self.counts[number]
        papers = counted(total, "paper")
        if everything:
            return f"{papers}, {'all of them' if total != 1 else 'it'} exported"
        return f"{counted(annotated, 'annotated paper')} of {total:,}"


def offered_scopes(panes: Panes, navigator: ViewNavigator, searching: Searching) -> list[Scope]:
    """The scopes available in the present view, the most likely one first."""
    return list(_offered(panes, navigator, searching))


def _offered(panes: Panes, navigator: ViewNavigator, searching: Searching) -> Iterator[Scope]:
    papers = panes.papers
    if papers.is_selecting:
        ids = papers.selected_paper_ids()
        yield Scope(ScopeKind.SELECTION, f"{len(ids):,} selected", ids)
    if navigator.is_finding:
        found = array("q", takewhile(_is_paper, papers.papers().entries.rows))
        yield Scope(ScopeKind.SEARCH, f"Found: {shown_line(searching.text, _TITLE_LIMIT)}", found)
    yield Scope(ScopeKind.LIBRARY, "Whole library")
    view = navigator.view
    if view is not None and view.kind is not ViewKind.ALL:
        yield Scope(ScopeKind.VIEW, shown_line(navigator.title, _TITLE_LIMIT), navigator.view_ids())


def _is_paper(row: int) -> bool:
    return row > 0
