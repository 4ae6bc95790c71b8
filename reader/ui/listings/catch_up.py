"""Catching up after a holiday: what has been waiting for long is dismissed, the rest shown by importance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from reader.domain.views import View, ViewKind
from reader.services.library.triage import CatchUpPlan
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome, Workspace
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted, shown_date
from reader.ui.overlays.preview_sheet import PreviewSheet

_USUAL_SPAN = "2w"
_LONGEST = 40


class CatchUpSheet(PreviewSheet):
    """The question how long is long, with how many papers that means."""

    def __init__(self, window: QWidget, workspace: Workspace, accepted: Callable[[str], None]) -> None:
        """``accepted`` gets the span. Opens at once."""
        super().__init__(window, workspace, "Catch up", width=520)
        self._accepted = accepted
        words = self.add_words("Dismiss inbox papers not listed in the last …")
        self.edit = self.add_line(words.text(), _USUAL_SPAN, _LONGEST)
        self.edit.selectAll()
        self.edit.textChanged.connect(self.renew_preview)
        self.add_preview("What this would do", 2, "Catch up", hint="2w, 10 days, a month, 2026-11-01")
        self.open(self.edit)
        self.renew_preview()

    def look(self) -> Callable[[], CatchUpPlan]:
        """Plan with the span that is typed."""
        return partial(self._workspace.library.triage.catch_up_plan, self.edit.text())

    def previewed(self, found: CatchUpPlan) -> str:
        """Say how many papers are dismissed, and how many stay."""
        since = shown_date(found.day.isoformat())
        left = f"{counted(found.left, 'paper')} stay{'s' if found.left == 1 else ''}, those in most listings first."
        if not found.left:
            left = "The inbox will be empty."
        if found.dismissed:
            return f"{counted(found.dismissed, 'paper')} last listed before {since} will be dismissed. {left}"
        return f"Nothing in the inbox was last listed before {since}. {left}"

    def accept(self) -> None:
        """Catch up with the span that is typed."""
        self._accepted(self.edit.text())


class CatchUp(Part):
    """Opens the question, does what is answered, and shows the rest."""

    def __init__(self, context: Context) -> None:
        """``context`` has what the window's parts share."""
        super().__init__(context)
        self._pane = context.panes.pane

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"inbox.catch_up": self.ask}

    def ask(self) -> None:
        """Ask how long is long."""
        CatchUpSheet(self._window, self._workspace, self._catch_up)

    def _catch_up(self, span: str) -> None:
        catch_up = partial(self._workspace.library.triage.catch_up, span)
        self._workspace.perform(catch_up, said=_words, then=self._show_rest)

    def _show_rest(self, outcome: Outcome) -> None:
        self._navigator.open(View(ViewKind.CATCH_UP))
        self._pane.focus_list()


def _words(change: object) -> str:
    count = len(getattr(change, "paper_ids", ()))
    return f"Caught up: {counted(count, 'paper')} dismissed"
