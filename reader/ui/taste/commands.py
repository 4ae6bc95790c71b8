"""Sorting "for you", saying why, and what was learned; nothing of it shows while it is switched off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from reader.domain.changes import Change, Field
from reader.domain.papers import Paper
from reader.domain.taste import Learned, Reasons, TasteOrder
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.commands.runner import Act, Acts
from reader.ui.look.wording import told
from reader.ui.navigation.sort_and_group import Arranging
from reader.ui.papers.contents import Content
from reader.ui.taste.learned_sheet import LearnedSheet, Wishes
from reader.ui.taste.reasons_sheet import ReasonsSheet
from reader.ui.taste.wording import foot_text, reasons_lines

_REASONS_AFTER_MS = 120
_STATUS_AFTER_MS = 250
_LEARNED_FROM = (Field.STATES, Field.STARS, Field.PAPER_TAGS, Field.NOTES, Field.HIGHLIGHTS, Field.TASTE)
_HIDDEN_WHILE_OFF = frozenset({"view.sort_again", "paper.reasons", "taste.learn_from_file"})


class TasteCommands(Part):
    """What of the reader's taste is in the window. Everything about it is read outside the GUI thread."""

    def __init__(self, context: Context, arranging: Arranging, fetch_all: Act) -> None:
        """``fetch_all`` is what the key of sorting again does where nothing is sorted "for you"."""
        super().__init__(context)
        self._arranging, self._fetch_all = arranging, fetch_all
        self._reasons_token, self._status_token, self._learned_token = CancelToken(), CancelToken(), CancelToken()
        self._page: LearnedSheet | None = None
        self._is_off = False
        self._reasons_soon = make_timer(self, self._read_reasons, _REASONS_AFTER_MS)
        self._status_soon = make_timer(self, self._read_status, _STATUS_AFTER_MS)
        self._navigator.contents.shown.connect(self._content_shown)
        self._reader.shown.connect(self._paper_shown)
        self._workspace.changes_of(*_LEARNED_FROM).connect(self._changed)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "view.sort_again": self.sort_again,
            "paper.reasons": self.explain,
            "taste.learned": self.open_page,
            "taste.learn_from_file": self.learn_from_file,
        }

    def begin(self) -> None:
        """Find out whether all this is switched off."""
        self._workspace.tasks.read(self._read_switch, self._set_off)

    def catch_up(self) -> None:
        """Papers were compared: where the order waits for that, say so."""
        if self._content is not None:
            self._status_soon.start()

    # The order

    @property
    def _content(self) -> Content | None:
        """What is shown, if that is sorted "for you"."""
        content = self._navigator.contents.uppermost
        return content if content is not None and content.taste is not None else None

    def sort_again(self) -> None:
        """Sort by what was learned by now, and stay at the current paper; fetch where nothing is sorted "for you"."""
        if self._content is None:
            self._fetch_all()
        elif self._navigator.is_finding:
            self._searching.sort_again()
        else:
            self._navigator.sort_again()

    def _content_shown(self) -> None:
        content = self._content
        self._status_token.cancel()
        self._panes.reasons.set_news("")
        if content is None:
            self._panes.pane.set_foot("")
        else:
            self._status_soon.start(0)
        self._paper_shown()

    def _read_status(self) -> None:
        if self._content is not None:
            self._status_token.cancel()
            self._status_token = CancelToken()
            self._workspace.tasks.read(partial(_status, self._library), self._show_status, token=self._status_token)

    def _show_status(self, found: tuple[TasteOrder, str]) -> None:
        content = self._content
        if content is not None and content.taste is not None:
            text = foot_text(content.taste, *found)
            self._panes.pane.set_foot(text)
            has_news = self._panes.is_focus_reading and found[0].changed_since(content.taste) > 0
            self._panes.reasons.set_news(text if has_news else "")

    def _changed(self, change: Change) -> None:
        """Decisions and wishes are learned from; the order stands still."""
        if change.touches(Field.TASTE):
            self.begin()
        if self._content is not None:
            self._status_soon.start()
            self._reasons_soon.start()
        if self._page is not None:
            self._read_learned()

    def _read_switch(self) -> bool:
        return self._library.taste.wishes().is_off

    def _set_off(self, is_off: bool) -> None:
        """Show all of it, or nothing."""
        if is_off != self._is_off:
            self._is_off = is_off
            self._arranging.offers_for_you = not is_off
            self._runner.set_hidden(_HIDDEN_WHILE_OFF if is_off else frozenset())
            self._navigator.sort_again(all_views=True)

    # Reasons

    def _paper_shown(self) -> None:
        """Another paper: its reasons follow when the user stays there, and the line waits empty for them."""
        content, line = self._content, self._panes.reasons
        is_sorted = content is not None and content.taste is not None and content.taste.status.is_order
        self._reasons_token.cancel()
        line.words.set_texts(())
        if not self._panes.is_focus_reading:
            line.set_news("")
        line.setVisible(is_sorted and self._reader.paper is not None)
        if is_sorted:
            self._reasons_soon.start()

    def _read_reasons(self) -> None:
        paper = self._reader.paper
        if paper is not None and not self._panes.reasons.isHidden():
            self._reasons_token.cancel()
            self._reasons_token = CancelToken()
            read = partial(self._library.taste.reasons, paper.id)
            self._workspace.tasks.read(read, partial(self._show_reasons, paper.id), token=self._reasons_token)

    def _show_reasons(self, paper_id: int, reasons: Reasons | None) -> None:
        paper = self._reader.paper
        if paper is not None and paper.id == paper_id:
            lines = reasons_lines(reasons, is_outside=self._is_outside(paper_id)) if reasons is not None else ()
            self._panes.reasons.words.set_texts(lines)

    def _is_outside(self, paper_id: int) -> bool:
        return paper_id in self._panes.paper_model.outside

    def explain(self) -> None:
        """Say why the paper that is shown has its place."""
        self._reader.show_current_if_due()
        paper = self._reader.paper
        if self._is_off:
            self._say("“For you” is switched off")
        elif paper is not None:
            read = partial(_explained, self._library, paper.id)
            self._workspace.tasks.read(read, partial(self._show_explained, paper))

    def _show_explained(self, paper: Paper, found: tuple[Reasons | None, TasteOrder]) -> None:
        reasons, order = found
        if reasons is None:
            self._say(order.message or "This paper was not compared with others yet")
        else:
            ReasonsSheet(
                *(self._window, self._appearance.look, paper.title, reasons),
                is_outside=self._is_outside(paper.id),
                opened=self._navigator.go_to_paper,
            )

    # What was learned

    def open_page(self) -> None:
        """Show what was learned."""
        taste = self._library.taste
        wishes = Wishes(
            forget=lambda word: self._wish(partial(taste.forget, word)),
            recall=lambda word: self._wish(partial(taste.recall, word)),
            leave_out=self._ask_day,
            count_all=lambda: self._wish(partial(taste.leave_out_before, None)),
            learn_from_file=self.learn_from_file,
            forget_examples=lambda: self._wish(taste.forget_examples),
            start_over=lambda: self._wish(taste.start_over),
            switch=lambda on: self._wish(partial(taste.switch, on)),
        )
        self._page = LearnedSheet(self._window, self._appearance.look, self._runner, wishes)
        self._page.closed.connect(self._page_closed)
        self._read_learned()

    def _page_closed(self) -> None:
        self._learned_token.cancel()
        self._page = None

    def _wish(self, operation: Callable[[], Change]) -> None:
        self._workspace.perform(operation, said=told)

    def _ask_day(self) -> None:
        taste = self._library.taste
        self._ask(
            "Leave out decisions before",
            "",
            lambda text: self._wish(partial(taste.leave_out_before, taste.day(text))),
            check=taste.day,
            hint="2026-11-01, 6m, 2 weeks. The decisions stay as they are.",
        )

    def learn_from_file(self) -> None:
        """Ask for a file of papers that the user likes, and learn from it."""
        chosen = self._context.environment.chooser.liked_papers(self._window, self._folder())
        if chosen is not None:
            self._say(f"Reading {chosen.name}…")
            self._wish(partial(self._library.taste.learn_from_file, chosen))

    def _folder(self) -> Path:
        """Where files of papers were last taken from."""
        return Path(self._context.state.import_folder) if self._context.state.import_folder else Path.home()

    def _read_learned(self) -> None:
        self._learned_token.cancel()
        self._learned_token = token = CancelToken()
        read = partial(self._library.taste.learned, cancelled=token.cancelled)
        self._workspace.tasks.read(read, self._show_learned, failed=self._learned_failed, token=token)

    def _show_learned(self, learned: Learned) -> None:
        if self._page is not None:
            self._page.show_learned(learned)

    def _learned_failed(self, error: Exception) -> None:
        self._workspace.report_failure(error)


def _status(library: Library) -> tuple[TasteOrder, str]:
    """On a reader thread: how far the order is, and whether there are too few papers to compare."""
    return library.taste.status(), library.meaning.too_few()


def _explained(library: Library, paper_id: int) -> tuple[Reasons | None, TasteOrder]:
    """On a reader thread."""
    return library.taste.reasons(paper_id), library.taste.status()
