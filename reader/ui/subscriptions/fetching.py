"""Fetching subscriptions from the window: one fetch after the other, beside everything else."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal

from reader.domain.changes import ANYTHING, Change, Field
from reader.domain.errors import LibraryBusyError, WorkCancelledError
from reader.domain.reports import FetchReport, ImportProgress, ImportReport, PageReport
from reader.domain.step_titles import StepTitle
from reader.domain.subscriptions import Subscription
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.papers import import_report_as_text
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.look.wording import with_undo
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.subscriptions.wording import failed_words, fetched_words, fresh_pages

_NAME_LIMIT = 60
Steps = Generator[ImportProgress, None, FetchReport]
Chosen = Callable[[Library], Sequence[Subscription]]
"""Finds the subscriptions to fetch, on the thread that fetches them."""


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be fetched, by a name that tells it from others, and whether somebody asked for it just now."""

    steps: Callable[[Library, CancelToken], Steps]
    what: object
    is_asked: bool
    place: tuple[View | None, int | None]
    """Where the user was: who stays there is shown what comes in."""


class Fetching(Part):
    """Fetches on a thread of its own; progress goes to the status line, what came in to the notice."""

    fetched = Signal(object)
    """Pages came in: an :class:`ImportReport` of them."""

    def __init__(self, context: Context, is_importing: Callable[[], bool]) -> None:
        """``is_importing`` tells whether an import shows its progress, which goes first."""
        super().__init__(context)
        self._is_importing = is_importing
        self._status, self._notice = context.panes.status, context.panes.notice
        self._waiting: deque[_Wish] = deque()
        self._wish: _Wish | None = None
        self._token = CancelToken()
        self._is_shown = self._is_closed = False

    @property
    def is_running(self) -> bool:
        """Whether something is being fetched."""
        return self._wish is not None

    def fetch(self, what: object, chosen: Chosen) -> None:
        """Fetch what ``chosen`` finds, after what was asked for before; for who asked just now.

        ``what`` tells it from others: what is being fetched, or waits, does not wait twice.
        """
        self._begin(what, partial(_fetch, chosen), is_asked=True)

    def fetch_first(self, what: object, chosen: Chosen) -> None:
        """Fetch new subscriptions as :meth:`fetch` does, for who just subscribed."""
        self._begin(what, partial(_fetch_first, chosen), is_asked=True)

    def fetch_due(self) -> None:
        """Fetch what is due by itself, unless something is being fetched."""
        if not self.is_running:
            self._begin("due", _fetch_due, is_asked=False)

    def take_report(self, step: StepTitle, said: str, came_in: ImportReport) -> None:
        """Tell what another process fetched: its new pages, else what is ``said`` of its step."""
        name = str(step.parts[0].arguments["name"])
        pages = tuple(PageReport(name, None, file) for file in came_in.files)
        if pages:
            self._show_fresh(FetchReport(pages), is_awaited=False)
        else:
            self._say(said)

    def cancel(self) -> None:
        """Stop; pages that are in stay in."""
        self._waiting.clear()
        self._token.cancel()

    def close(self) -> None:
        """Stop, and fetch no more."""
        self._is_closed = True
        self.cancel()

    def _place(self) -> tuple[View | None, int | None]:
        """Where the user is."""
        return self._navigator.view, self._papers.current_paper_id

    def _begin(self, what: object, steps: Callable[[Library, CancelToken], Steps], *, is_asked: bool) -> None:
        if self._context.is_sample:
            self._say("The sample fetches nothing; close it to subscribe in your own library")
        elif not self._is_closed and all(each is None or each.what != what for each in (self._wish, *self._waiting)):
            self._waiting.append(_Wish(steps, what, is_asked, self._place()))
            self._begin_next()

    def _begin_next(self) -> None:
        if self._wish is not None or not self._waiting:
            return
        self._wish, self._token = self._waiting.popleft(), CancelToken()
        if self._wish.is_asked:
            self._show("Fetching…")
        steps = partial(self._wish.steps, self._library, self._token)
        self._workspace.tasks.fetch_steps(steps, self._show_progress, self._fetched, failed=self._failed)

    def _show_progress(self, progress: ImportProgress) -> None:
        if progress.path:
            self._show(f"Fetching {shown_line(progress.path, _NAME_LIMIT)}…")
        if self._is_shown and not self._is_importing():
            self._status.show_work(self._status.work.text(), progress.done, progress.total)

    def _show(self, text: str) -> None:
        """Show what is being fetched, where nothing else is shown."""
        if self._is_shown and not self._is_importing():
            self._status.work.setText(text)
        elif not self._status.is_working:
            self._is_shown = True
            self._status.begin_work(text, self.cancel)

    def _fetched(self, report: FetchReport | None) -> None:
        wish = self._end()
        if report is None or wish is None:
            return
        fresh = fresh_pages(report)
        if report.pages:
            self._workspace.announce(ANYTHING if fresh else Change.of(Field.SUBSCRIPTIONS))
        self._show_fresh(report, is_awaited=wish.is_asked and wish.place == self._place())
        if fresh:
            self.fetched.emit(report.as_import)
        if failed := failed_words(report, self._library.subscriptions.present()):
            self._status.say_error(failed)
        elif report.cancelled:
            self._say("Fetching cancelled; what was fetched before stays")
        elif wish.is_asked and not fresh:
            self._say("Fetched: nothing new" if report.pages else "Nothing to fetch")
        self._begin_next()

    def _show_fresh(self, report: FetchReport, *, is_awaited: bool) -> None:
        """Tell what came in, and show it to who asked for it and waits, or has nothing else to read."""
        fresh = fresh_pages(report)
        if not fresh:
            return
        ids = tuple(dict.fromkeys(page.file.listing_id for page in fresh if page.file.listing_id is not None))
        show = partial(self._open, ids)
        is_new = any(page.file.new for page in fresh)
        stays = is_awaited and is_new
        if stays or (is_new and self._panes.is_welcome_shown):
            show()
        elif self._shows_one_of(ids):
            self._navigator.reload()
        said = with_undo(fetched_words(report))
        if is_new or any(page.file.problems for page in fresh):
            details = partial(TextSheet, self._window, "Fetch report", import_report_as_text(report.as_import))
            actions = [("Show", show)] if is_new and not stays else []
            self._notice.show_text(said, *actions, ("Details", details))
        else:
            self._workspace.said.emit(said)

    def _shows_one_of(self, listing_ids: Sequence[int]) -> bool:
        """Whether what came in belongs to what is shown, or nothing is shown."""
        view = self._navigator.view
        if view is None or self._navigator.is_searching:
            return False
        is_empty = view.kind is ViewKind.INBOX and not any(row > 0 for row in self._panes.paper_model.entries.rows)
        is_page = view.kind is ViewKind.LISTING and view.listing_ids[0] in listing_ids
        return is_empty or is_page or view.kind is ViewKind.SUBSCRIPTION

    def _open(self, listing_ids: tuple[int, ...]) -> None:
        self._panes.show_welcome(False)
        self._panes.set_focus_reading(False)
        self._navigator.open_import(listing_ids)
        self._panes.pane.focus_list()

    def _failed(self, error: Exception) -> None:
        wish = self._end()
        is_asked = wish is not None and wish.is_asked
        if isinstance(error, LibraryBusyError | WorkCancelledError):
            if is_asked:
                self._status.say_error(str(error))
        else:
            self._workspace.report_failure(error)
        self._begin_next()

    def _end(self) -> _Wish | None:
        wish, self._wish = self._wish, None
        if self._is_shown:
            self._is_shown = False
            if not self._is_importing():
                self._status.end_work()
        return wish


def _fetch(chosen: Chosen, library: Library, token: CancelToken) -> Steps:
    """On the network thread, as all of these: fetch what was chosen."""
    return (yield from library.subscriptions.fetch(chosen(library), cancelled=token.cancelled))


def _fetch_first(chosen: Chosen, library: Library, token: CancelToken) -> Steps:
    """Fetch what is new among subscriptions."""
    pages: tuple[PageReport, ...] = ()
    for each in chosen(library):
        report = yield from library.subscriptions.fetch_first(each, cancelled=token.cancelled)
        pages = (*pages, *report.pages)
    return FetchReport(pages, token.cancelled())


def _fetch_due(library: Library, token: CancelToken) -> Steps:
    """Fetch what is due."""
    return (yield from library.subscriptions.fetch_due(cancelled=token.cancelled))
