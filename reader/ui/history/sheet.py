"""The history of steps: what was done when, and going back to any step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from reader.domain.changes import OperationSummary
from reader.services.library.history import shown_step
from reader.ui.look.labels import plain_label
from reader.ui.look.wording import counted, joined
from reader.ui.overlays.overlay import Overlay

_TITLE_LIMIT = 90
_BEGINNING = 0


class HistorySheet(Overlay):
    """Lists the steps, the newest first; Enter goes to where the marked one was just done."""

    def __init__(
        self,
        window: QWidget,
        steps: Sequence[OperationSummary],
        lines: Sequence[str],
        chosen: Callable[[int], None],
        *,
        has_more: bool = False,
    ) -> None:
        """``lines`` are the steps' :func:`step_line`, made before because there may be thousands.

        ``chosen`` gets the id of a step, 0 for the beginning, which ``has_more`` says is further back.
        """
        super().__init__(window, "History", width=720, height=520)
        self._chosen = chosen
        self.add_heading("History")
        self.add(plain_label("Enter returns to the state just after this step", quiet=True))
        self.list = QListWidget()
        self.list.setAccessibleName("Steps, the newest first")
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._choose)
        self.list.addItems(lines)
        self._ids = [step.id for step in steps]
        if not has_more:
            self.list.addItem("Before all of these")
            self._ids.append(_BEGINNING)
        # Steps that arrived from other devices are never undone, and may lie above undone ones.
        now = max((number + 1 for number, step in enumerate(steps) if step.undone), default=0)
        self.list.setCurrentRow(min(now, self.list.count() - 1))
        self.add(self.list, grows=self.list)
        self.open(self.list)

    def _choose(self, item: QListWidgetItem) -> None:
        step_id = self._ids[self.list.row(item)]
        self.dismiss()
        self._chosen(step_id)


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
