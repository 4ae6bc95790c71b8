"""Undo and redo by key: what was taken back is said, and its paper shown."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from reader.domain.changes import Change, NewsKind, OperationSummary, UndoneOperation
from reader.domain.step_titles import StepTitle
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.history import asking_text, shown_step, taken_back_text, undone_text
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome
from reader.ui.commands.runner import Acts
from reader.ui.history.sheet import HistorySheet, step_line

_STEPS_SHOWN = 2_000
_TITLE_LIMIT = 48


class Undoing(Part):
    """The commands that go through the history of steps."""

    def __init__(self, context: Context) -> None:
        """The history opens over the context's window; its runner is told what undo and redo would do."""
        super().__init__(context)
        self._sought: int | None = None
        self._opened: View | None = None
        self._navigator.opened.connect(self._view_opened)
        self._workspace.reading_all.connect(self._read_next)
        self._workspace.changes_of().connect(self._changed)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"edit.undo": self.undo, "edit.redo": self.redo, "edit.history": self.open_history}

    def undo(self) -> None:
        """Take back the last step; one of an earlier session is only named at first."""
        self._workspace.perform(
            self._library.history.undo_or_ask, then=partial(self._stepped, "Undid", "Nothing to undo")
        )

    def redo(self) -> None:
        """Do again what was undone."""
        self._workspace.perform(self._library.history.redo, then=partial(self._stepped, "Redid", "Nothing to redo"))

    def open_history(self) -> None:
        """Show the steps, to go back to any of them."""
        # On the library thread, so that what was done just before is among them.
        self._workspace.tasks.write(partial(_history, self._library), self._show_history)

    def go_to_step(self, step_id: int) -> None:
        """Go to where a step was just done."""
        go = partial(self._library.history.go_to, step_id)
        self._workspace.perform(go, then=partial(self._stepped, "Went through", "Already there"))

    def take_back(self, step_id: int) -> None:
        """Take back what arrived from another device as one step."""
        self._workspace.perform(partial(self._library.history.take_back, step_id), then=self._took_back)

    def _changed(self, change: Change) -> None:
        """After every change, from anywhere: menus and palette say which steps undo and redo go to."""
        if change.is_own and change.kind is NewsKind.DONE and change.title:
            self._name_steps((change.title, None))  # a new step ends what could be redone
        elif change.kind is not NewsKind.AUTOMATIC or not change.is_own:
            self._read_next()

    def _read_next(self) -> None:
        self._workspace.tasks.read(partial(_next_steps, self._library), self._name_steps)

    def _name_steps(self, titles: tuple[StepTitle | None, StepTitle | None]) -> None:
        for command, title in zip(("edit.undo", "edit.redo"), titles, strict=True):
            self._runner.set_note(command, shown_step(title, _TITLE_LIMIT) if title else "")

    def _show_history(self, history: tuple[list[OperationSummary], list[str]]) -> None:
        steps, lines = history
        if steps:
            has_more = len(steps) == _STEPS_SHOWN
            HistorySheet(self._window, steps, lines, self.go_to_step, self.take_back, has_more=has_more)
        else:
            self._say("No steps yet")

    def _stepped(self, verb: str, nothing: str, outcome: Outcome) -> None:
        if isinstance(outcome, OperationSummary):
            self._say(asking_text(outcome))
        elif isinstance(outcome, UndoneOperation):
            self._say(undone_text(outcome, verb))
            self._show(outcome)
        else:
            self._say(nothing)

    def _took_back(self, outcome: Outcome) -> None:
        if isinstance(outcome, UndoneOperation):
            self._say(taken_back_text(outcome))
            self._show(outcome)

    def _show(self, undone: UndoneOperation) -> None:
        """Go to the paper, or one of the papers, that changed; the view is read again if it lacks what is in it now.

        A single paper is looked for in other views, too. A queue in another order is read again by
        :class:`~reader.ui.paper_actions.queue.QueueCommands`.
        """
        touched = undone.paper_ids
        view = self._navigator.view
        opening = view != self._opened
        if not touched or view is None:
            return
        if opening:
            if len(touched) == 1:
                (self._sought,) = touched
                self._navigator.open(view, self._sought)
            return
        is_there = self._papers.current_paper_id in touched
        entries = self._papers.papers().entries
        first = next((row for row, paper_id in enumerate(entries.rows) if paper_id in touched), None)
        if first is not None and not is_there:
            self._papers.set_current_row(first)
        is_there = is_there or first is not None
        seek = None if is_there else partial(self._seek_elsewhere, touched)
        self._navigator.follow(touched, goes_there=not is_there, otherwise=seek)

    def _seek_elsewhere(self, touched: Collection[int]) -> None:
        """The view has none of the papers: a single one is among all of them."""
        if len(touched) == 1:
            self._navigator.open(View(ViewKind.ALL), next(iter(touched)))

    def _view_opened(self, view: View) -> None:
        """The view was read again to find a paper; if it is not there, it is among all papers."""
        self._opened = view
        sought, self._sought = self._sought, None
        if sought is None or view.kind is ViewKind.ALL:
            return
        if self._papers.papers().entries.row_of(sought) is None:
            self._navigator.open(View(ViewKind.ALL), sought)


def _next_steps(library: Library) -> tuple[StepTitle | None, StepTitle | None]:
    """On a reader thread: the steps that undo and redo would go to."""
    steps = library.history.next_undo(), library.history.next_redo()
    return steps[0].title if steps[0] else None, steps[1].title if steps[1] else None


def _history(library: Library) -> tuple[list[OperationSummary], list[str]]:
    """The steps, and how they are shown: off the GUI thread, for there may be thousands."""
    steps = library.history.steps(_STEPS_SHOWN)
    return steps, [step_line(step) for step in steps]
