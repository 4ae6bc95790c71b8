"""The question whether to sort the papers into topics anew, with what that would change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reader.domain.topics import TopicPlan
from reader.ui.app.workspace import Workspace
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.overlays.preview_sheet import PreviewSheet
from reader.ui.topics.wording import plan_words

_LINES = 5


class UpdateSheet(PreviewSheet):
    """Shows the difference first; Enter carries out what is shown."""

    def __init__(self, window: QWidget, workspace: Workspace, accepted: Callable[[TopicPlan], None]) -> None:
        """``accepted`` gets the plan that was shown, if it changes anything. Opens at once."""
        super().__init__(window, workspace, "Update topics", width=560)
        self._accepted = accepted
        self._plan: TopicPlan | None = None
        self.add_words("Sort the papers again, from the present topics on. Your own names stay.")
        self.add_preview("What this would do", _LINES, "Update")
        self.preview.setText("Sorting…")
        self.open(self.do_button)
        self.renew_preview()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter carries out what is shown as soon as it is shown; on the other button it closes."""
        if event.key() in ENTER_KEYS:
            (self.dismiss if self.leave_button.hasFocus() else self._accept)()
        super().keyPressEvent(event)

    def look(self) -> Callable[[], TopicPlan]:
        """Plan an update, for as long as the sheet is open."""
        topics = self._workspace.library.topics
        return partial(topics.plan_update, cancelled=self._token.cancelled)

    def previewed(self, found: TopicPlan) -> str:
        """Say what the plan changes."""
        self._plan = found
        self.do_button.setEnabled(found.changes_anything)
        if not found.changes_anything:
            self.leave_button.setText("Close")
            self.leave_button.setFocus()
        return plan_words(found)

    def accept(self) -> None:
        """Carry out what was shown."""
        if self._plan is not None and self._plan.changes_anything:
            self._accepted(self._plan)
