"""Back and forward, as in a browser: the places visited, each with its current paper."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from reader.domain.views import View
from reader.ui.app.context import Context, Part
from reader.ui.app.timers import make_timer
from reader.ui.app.window_state import WindowState
from reader.ui.commands.runner import Acts
from reader.ui.search.live_search import Search

_MOST_KEPT = 200
_BACK_BUTTONS = {Qt.MouseButton.BackButton: -1, Qt.MouseButton.ForwardButton: 1}


@dataclass(frozen=True, slots=True)
class Visit:
    """A view, or a search over it, and the paper that was current when it was left."""

    view: View
    search: Search | None = None
    paper_id: int | None = None

    def is_like(self, other: Visit) -> bool:
        """Whether both are the same place, whatever paper was current."""
        return self.view == other.view and self.search == other.search


class Visits(Part):
    """Remembers every place visited, however it was reached, and goes back and forward among them.

    A search is one place for as long as it is being typed. Esc from a search leaves it behind as a place.
    """

    def __init__(self, context: Context) -> None:
        """Connects the mouse's buttons for back and forward, too."""
        super().__init__(context)
        self._back: list[Visit] = []
        self._forward: list[Visit] = []
        self._here: Visit | None = None
        self._search_to_follow: Visit | None = None
        # One way to a place may pass through others within a moment, such as the empty box before a saved search.
        self._soon = make_timer(self, self._arrive)
        self._navigator.opened.connect(self._follow)
        self._searching.started.connect(self._soon.start)
        self._searching.shown.connect(self._soon.start)
        self._navigator.cleared.connect(self._forget)
        self._panes.papers.current_changed.connect(self._note_paper)
        for widget in (
            self._panes.sidebar,
            self._panes.papers,
            self._panes.detail,
            self._panes.note.view,
            self._panes.note.editor,
        ):
            widget.viewport().installEventFilter(self)
        for other in (self._panes.pane, self._panes.status):
            other.installEventFilter(self)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"go.back": self.back, "go.forward": self.forward}

    def back(self) -> None:
        """Return to the place before."""
        self._travel(self._back, self._forward, "Nothing to go back to")

    def forward(self) -> None:
        """Return to the place before going back."""
        self._travel(self._forward, self._back, "Nothing to go forward to")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse's own buttons for back and forward."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            step = _BACK_BUTTONS.get(event.button())
            if step is not None and isinstance(watched, QWidget):
                (self.back if step < 0 else self.forward)()
                return True
        return False

    def _arrive(self) -> None:
        """Note the place shown now, and where the user came from."""
        view = self._navigator.view
        if view is None or self._is_on_the_way:
            return
        now = Visit(view, self._searching.search, self._panes.papers.current_paper_id)
        before, self._here = self._here, now
        if before is None or before.is_like(now):
            return
        if self._is_typed_on(before, now):
            return
        self._back.append(before)
        del self._back[:-_MOST_KEPT]
        self._forward.clear()

    def _is_typed_on(self, before: Visit, now: Visit) -> bool:
        """Whether the same search is still being typed."""
        return before.search is not None and now.search is not None and self._panes.pane.search.edit.hasFocus()

    @property
    def _is_on_the_way(self) -> bool:
        """Whether what is shown is not yet what was asked for."""
        return self._navigator.is_loading or self._searching.is_running

    def _note_paper(self) -> None:
        """Remember the current paper, unless the list is already that of another place."""
        view, here = self._navigator.view, self._here
        if here is None or view is None or self._is_on_the_way:
            return
        now = Visit(view, self._searching.search, self._panes.papers.current_paper_id)
        if now.is_like(here) and now.paper_id is not None:
            self._here = now

    def resume(self, state: WindowState) -> None:
        """Return to the place shown when the window was closed."""
        self._searching.by_relevance = state.search_by_relevance
        search = Search(state.search, state.search_typed, state.search_within) if state.search.strip() else None
        self._go_to(Visit(state.view, search, state.paper_id))

    def remember(self, state: WindowState) -> None:
        """Keep what is searched for and in which order, so that it is resumed."""
        state.search_by_relevance = self._searching.by_relevance
        search = self._searching.search
        if search is not None:
            state.search, state.search_typed, state.search_within = search.text, search.typed, search.within_view

    def _travel(self, where: list[Visit], behind: list[Visit], otherwise: str) -> None:
        if not where:
            self._say(otherwise)
            return
        if self._here is not None:
            behind.append(self._here)
        self._here = where.pop()
        self._panes.set_focus_reading(False)
        self._go_to(self._here)

    def _go_to(self, visit: Visit) -> None:
        self._search_to_follow = None
        if visit.search is not None and self._navigator.view == visit.view:
            self._searching.show(visit.search.text, visit.paper_id, search=visit.search)
        else:
            self._search_to_follow = visit if visit.search is not None else None
            self._navigator.open(visit.view, visit.paper_id if visit.search is None else None)
        self._panes.pane.focus_list()

    def _follow(self, view: View) -> None:
        """A view is there: now the search that was over it, if that is where the user is going."""
        visit, self._search_to_follow = self._search_to_follow, None
        if visit is not None and visit.search is not None and visit.view == view:
            self._searching.show(visit.search.text, visit.paper_id, search=visit.search)
        self._soon.start()

    def _forget(self) -> None:
        """Another library is shown: none of the places is there any more."""
        self._back.clear()
        self._forward.clear()
        self._here = None
