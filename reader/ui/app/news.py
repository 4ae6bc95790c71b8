"""What commands change while the window is open: looked for four times a second, and shown as one's own changes are."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from reader.domain.changes import Change, Field, LatestNews, News, NewsKind
from reader.domain.errors import LibraryError
from reader.domain.step_titles import StepKind
from reader.services.library.history import shown_step
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.listings.import_sources import Importing
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.subscriptions.fetching import Fetching

_EVERY_MS = 250
_SHOWN_OR_HIDDEN = frozenset({QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange})


class NewsWatch(QObject):
    """Looks for news while ``window`` is shown.

    A look is a question to SQLite whether anybody has committed anything, which takes some microseconds.
    """

    def __init__(
        self,
        workspace: Workspace,
        navigator: ViewNavigator,
        importing: Importing,
        fetching: Fetching,
        window: QWidget,
    ) -> None:
        """What happens from now on is news."""
        super().__init__(workspace)
        self._workspace, self._library = workspace, workspace.library
        self._navigator, self._importing, self._fetching = navigator, importing, fetching
        self._window = window
        self._is_reading = False
        self._version: int | None = None
        self._number: int | None = None
        self._checks = ""
        self._timer = make_timer(self, self.look, _EVERY_MS, repeats=True)
        self.begin()
        window.installEventFilter(self)

    def begin(self) -> None:
        """Everything is read again, so only what happens from now on is news."""
        latest = self._library.news.since(None)
        self._number, self._checks = latest.number, latest.checks

    def close(self) -> None:
        """Look no more."""
        self._window.removeEventFilter(self)
        self._timer.stop()

    def look(self) -> None:
        """See whether anything has changed, and read what."""
        if self._is_reading or self._workspace.tasks.is_alone:
            return
        try:
            version = self._library.news.version()
        except LibraryError:  # whatever is wrong with the library, something else will say so
            return
        if version != self._version:
            self._version, self._is_reading = version, True
            read = partial(self._library.news.since, self._number)
            self._workspace.tasks.read(read, self._arrived, failed=self._failed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look only while somebody can see it, and at once when somebody can again."""
        if event.type() in _SHOWN_OR_HIDDEN:
            if not self._window.isVisible() or self._window.isMinimized():
                self._timer.stop()
            elif not self._timer.isActive():
                self._timer.start()
                self.look()
        return super().eventFilter(watched, event)

    def _arrived(self, latest: LatestNews) -> None:
        self._is_reading, self._number = False, latest.number
        is_fetched, self._checks = latest.checks != self._checks, latest.checks
        changes = (news.change for news in latest.items)
        change = reduce(
            Change.joined_with, changes, replace(Change.of(*[Field.SUBSCRIPTIONS] * is_fetched), is_own=False)
        )
        if change:
            self._workspace.announce(change)
        moved = [news.change.paper_ids for news in latest.items if news.kind in (NewsKind.UNDONE, NewsKind.REDONE)]
        if moved:
            self._navigator.follow(frozenset().union(*moved), goes_there=False)
        imports = {news.change.operation_id or 0: news for news in latest.items if _is_import(news)}
        for step_id, news in imports.items():
            read = partial(self._library.imports.of_step, step_id)
            step = news.change.title
            is_fetch = step.kind is StepKind.FETCHED
            take = partial(self._fetching.take_report, step, _words(news)) if is_fetch else self._importing.take_report
            self._workspace.tasks.read(read, take)
        words = [words for news in latest.items if not _is_import(news) and (words := _words(news))]
        if words:
            self._workspace.said.emit(words[-1])

    def _failed(self, error: Exception) -> None:
        self._is_reading, self._version = False, None
        self._workspace.report_failure(error)


def _is_import(news: News) -> bool:
    return news.kind is NewsKind.DONE and news.step_kind == "import"


def _words(news: News) -> str:
    """What to say of a step; nothing of changes that are none."""
    if not news.change.title:
        return ""
    if news.kind is NewsKind.ARRIVED:
        return shown_step(news.change.title)
    how = {NewsKind.UNDONE: ", undone", NewsKind.REDONE: ", redone"}.get(news.kind, "")
    return f"By a command{how}: {shown_step(news.change.title)}"
