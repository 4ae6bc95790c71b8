"""The history of steps: what was done when, and going back to any step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reader.domain.changes import OperationSummary
from reader.domain.step_titles import StepKind
from reader.services.library.history import shown_step
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.look.wording import counted, joined
from reader.ui.overlays.overlay import Overlay

_TITLE_LIMIT = 90
_BEGINNING = 0
_ABOUT_ARRIVED = "Delete takes back what arrived from another device"


class HistorySheet(Overlay):
    """Lists the steps, the newest first; Enter goes to where the marked one was just done.

    What arrived from another device can be taken back by itself, with Delete.
    """

    def __init__(
        self,
        window: QWidget,
        steps: Sequence[OperationSummary],
        lines: Sequence[str],
        chosen: Callable[[int], None],
        taken_back: Callable[[int], None],
        *,
        has_more: bool = False,
    ) -> None:
        """``lines`` are the steps' :func:`step_line`, made before because there may be thousands.

        ``chosen`` gets the id of a step, 0 for the beginning, which ``has_more`` says is further back. ``taken_back``
        gets that of one which arrived.
        """
        super().__init__(window, "History", width=720, height=520)
        self._chosen, self._taken_back = chosen, taken_back
        self.add_heading("History")
        self.add(plain_label("Enter returns to the state just after this step", quiet=True))
        self.list = QListWidget()
        self.list.setAccessibleName("Steps, the newest first")
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._choose)
        self.list.addItems(lines)
        self._ids = [step.id for step in steps]
        self._arrived = {step.id for step in steps if step.title.kind is StepKind.ARRIVED}
        if not has_more:
            self.list.addItem("Before all of these")
            self._ids.append(_BEGINNING)
        # Steps that arrived from other devices are never undone, and may lie above undone ones.
        now = max((number + 1 for number, step in enumerate(steps) if step.undone), default=0)
        self.list.setCurrentRow(min(now, self.list.count() - 1))
        self.list.installEventFilter(self)
        self.list.currentRowChanged.connect(self._show_marked)
        self.take_back_button = button("Take back", self._take_back)
        self.take_back_button.setToolTip("Takes back what arrived from another device (Delete)")
        self.add(self.list, grows=self.list)
        if self._arrived:
            self.add(row_of(plain_label(_ABOUT_ARRIVED, quiet=True), None, self.take_back_button))
        self._show_marked()
        self.open(self.list)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Delete in the list takes back what arrived."""
        if watched is self.list and _is_delete(event):
            self._take_back()
            return True
        return super().eventFilter(watched, event)

    @property
    def _marked(self) -> int:
        """The id of the marked step."""
        return self._ids[self.list.currentRow()]

    def _show_marked(self) -> None:
        self.take_back_button.setEnabled(self._marked in self._arrived)

    def _take_back(self) -> None:
        step_id = self._marked
        if step_id in self._arrived:
            self.dismiss()
            self._taken_back(step_id)

    def _choose(self, item: QListWidgetItem) -> None:
        step_id = self._ids[self.list.row(item)]
        self.dismiss()
        self._chosen(step_id)


def _is_delete(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == int(Qt.Key.Key_Delete)
    )


def step_line(step: OperationSummary) -> str:
    """A step on one line: when, what, how many papers (where that is not said yet), and whether it is undone."""
    when = datetime.fromisoformat(step.time).astimezone()
    return joined(
        (
            f"{when:%Y-%m-%d %H:%M}",
            shown_step(step.title, _TITLE_LIMIT),
            counted(step.change_count, "paper") if step.change_count > 1 and not step.title.says_count else "",
            "undone" if step.undone else "",
        )
    )
