"""What the list of papers holds: a view, over it what a search found, over that the papers of a triage.

One of them is shown at a time, the uppermost. What lies below stays as it was, with its place, may be read again there,
and comes back when what covers it is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QObject, Signal

from reader.domain.taste import TasteOrder
from reader.domain.views import ViewKind
from reader.ui.papers.entries import Entries
from reader.ui.papers.pane import PapersPane


class Level(IntEnum):
    """What lies over what."""

    VIEW = 0
    SEARCH = 1
    TRIAGE = 2


@dataclass(frozen=True, slots=True)
class Content:
    """Rows and how they are headed; ``empty_text`` stands in the place of no rows.

    ``taste`` is the order of the rows where that is "for you", be it worked out or not yet.
    """

    kind: ViewKind
    entries: Entries
    title: str = ""
    facts: str = ""
    empty_text: str = ""
    taste: TasteOrder | None = None


class ListContents(QObject):
    """The stack of contents of one list, and the paper that is current in each."""

    shown = Signal()
    """Another content is in sight."""

    def __init__(self, pane: PapersPane) -> None:
        """Nothing is shown yet."""
        super().__init__(pane)
        self._pane, self._papers = pane, pane.papers
        self._stack: dict[Level, Content] = {}
        self._places: dict[Level, int | None] = {}
        self._in_sight = Content(ViewKind.ALL, Entries())

    def at(self, level: Level) -> Content | None:
        """Return what lies on a level, be it covered or not."""
        return self._stack.get(level)

    @property
    def uppermost(self) -> Content | None:
        """What is shown."""
        return self._stack[max(self._stack)] if self._stack else None

    def place(self, level: Level) -> int | None:
        """Return the paper that is current on a level; None without one."""
        content = self._stack.get(level)
        is_shown = content is not None and content.entries is self._papers.papers().entries
        return self._papers.current_paper_id if is_shown else self._places.get(level)

    def put(self, level: Level, content: Content, paper_id: int | None = None) -> None:
        """Put a content on a level, at a paper or else at its first one; shown unless it is covered."""
        for below in self._stack:
            self._places[below] = self.place(below)
        self._stack[level], self._places[level] = content, paper_id
        if not self._is_covered(level):
            self._show(content, paper_id)

    def cover(self, level: Level) -> None:
        """Keep what is in sight on a level until something is put there: what comes below waits already."""
        self._places.setdefault(level, self._papers.current_paper_id)
        self._stack.setdefault(level, self._in_sight)

    def set_heading(self, level: Level, title: str, facts: str) -> None:
        """Head the content of a level otherwise."""
        self._stack[level] = replace(self._stack[level], title=title, facts=facts)
        if not self._is_covered(level):
            self._pane.set_heading(title, facts)

    def take_off(self, level: Level, paper_id: int | None = None) -> bool:
        """Show what lies below a level again, at ``paper_id`` if it has that; tells if anything was taken off."""
        if level not in self._stack:
            return False
        was_covered = self._is_covered(level)
        self.forget(level)
        content = self.uppermost
        if content is not None and not was_covered:
            has_it = paper_id is not None and content.entries.row_of(paper_id) is not None
            self._show(content, paper_id if has_it else self._places[max(self._stack)])
        return True

    def forget(self, level: Level) -> None:
        """Take off a level, and leave its rows in sight until others come."""
        self._places[level] = self.place(level)
        self._stack.pop(level, None)

    def clear(self) -> None:
        """Show no papers."""
        self._stack.clear()
        self._in_sight = Content(ViewKind.ALL, Entries())
        self._papers.papers().show(self._in_sight.kind, self._in_sight.entries)
        self.shown.emit()
        self._papers.current_changed.emit()

    def _is_covered(self, level: Level) -> bool:
        return bool(self._stack) and max(self._stack) > level

    def _show(self, content: Content, paper_id: int | None) -> None:
        self._in_sight = content
        outside = content.taste.outside if content.taste is not None else frozenset()
        self._papers.papers().show(content.kind, content.entries, outside)
        self.shown.emit()
        self._pane.set_heading(content.title, content.facts)
        self._pane.set_empty_text("" if len(content.entries) else content.empty_text)
        self._papers.go_to_paper(paper_id)
