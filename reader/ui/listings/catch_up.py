"""Catching up after a holiday: what has been waiting for long is dismissed, the rest shown by importance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from reader.domain.errors import ReaderError
from reader.domain.views import View, ViewKind
from reader.services.library.triage import CatchUpPlan
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Outcome, Workspace
from reader.ui.commands.runner import Act
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.look.style_sheet import restyle
from reader.ui.look.wording import counted, shown_date
from reader.ui.overlays.overlay import Overlay

_USUAL_SPAN = "2w"
_LONGEST = 40


class CatchUpSheet(Overlay):
    """Asks how long is long, and says beforehand how many papers that means. Enter does it, Esc leaves all as it is."""

    def __init__(self, window: QWidget, workspace: Workspace, accepted: Callable[[str], None]) -> None:
        """``accepted`` gets the span. Opens at once."""
        super().__init__(window, "Catch up", width=520)
        self._workspace = workspace
        self._accepted = accepted
        self._token = CancelToken()
        self._plan: CatchUpPlan | None = None
        self._is_wanted = False
        self.add_heading("Catch up")
        words = "Dismiss inbox papers not listed in the last …"
        self.content.addWidget(plain_label(words, quiet=True, wrap=True))
        self.edit = QLineEdit(_USUAL_SPAN)
        self.edit.setAccessibleName(words)
        self.edit.setMaxLength(_LONGEST)
        self.edit.selectAll()
        self.edit.textChanged.connect(self._preview)
        self.edit.returnPressed.connect(self._accept)
        self.preview = plain_label("Counting…", name="What this would do", wrap=True)
        self.preview.setMinimumHeight(2 * self.preview.fontMetrics().lineSpacing())
        self.do_button = button("Catch up", primary=True)
        self.do_button.clicked.connect(self._accept)
        self.leave_button = button("Cancel")
        self.leave_button.clicked.connect(self.dismiss)
        self.content.addWidget(self.edit)
        self.content.addWidget(self.preview)
        hint = plain_label("2w, 10 days, a month, 2026-11-01", quiet=True)
        self.content.addLayout(row_of(hint, None, self.leave_button, self.do_button))
        self.closed.connect(self._forget)
        self.open(self.edit)
        self._preview()

    def _preview(self) -> None:
        self._token.cancel()
        self._token = CancelToken()
        self._plan, self._is_wanted = None, False
        plan = partial(self._workspace.library.triage.catch_up_plan, self.edit.text())
        self._workspace.tasks.read(plan, self._show, failed=self._complain, token=self._token)

    def _forget(self) -> None:
        """What is still being counted is not wanted any more."""
        self._token.cancel()

    def _show(self, plan: CatchUpPlan) -> None:
        if self.isHidden():
            return
        self._plan = plan
        since = shown_date(plan.day.isoformat())
        left = f"{counted(plan.left, 'paper')} stay{'s' if plan.left == 1 else ''}, those in most listings first."
        if not plan.left:
            left = "The inbox will be empty."
        if plan.dismissed:
            self._say(f"{counted(plan.dismissed, 'paper')} last listed before {since} will be dismissed. {left}")
        else:
            self._say(f"Nothing in the inbox was last listed before {since}. {left}")
        if self._is_wanted:
            self._accept()

    def _complain(self, error: Exception) -> None:
        if isinstance(error, ReaderError):
            self._say(str(error), is_wrong=True)
        else:
            self._workspace.report_failure(error)

    def _say(self, text: str, *, is_wrong: bool = False) -> None:
        self.preview.setText(text)
        restyle(self.preview, error=is_wrong)
        self._place()

    def _accept(self) -> None:
        """Do it, once it was said what that means."""
        if self.isHidden():
            return
        self._is_wanted = True
        if self._plan is not None:
            self.dismiss()
            self._accepted(self.edit.text())


class CatchUp(Part):
    """Opens the question, does what is answered, and shows the rest."""

    def __init__(self, context: Context) -> None:
        """``window`` is what the question opens over."""
        super().__init__(context)
        self._pane = context.panes.pane

    def acts(self) -> dict[str, Act]:
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
