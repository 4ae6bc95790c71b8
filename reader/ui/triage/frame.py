"""The frame of a triage: progress above the paper, keys below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from reader.ui.detail.document import Look
from reader.ui.look.labels import ElidingLabel, column_of, plain_label, row_of

_SIDE = 22
_LINE_HEIGHT = 3


class TriageHead(QFrame):
    """Progress, in figures and as a line that fills."""

    def __init__(self) -> None:
        """Hidden until a triage begins."""
        super().__init__()
        self.setObjectName("triage_head")
        self.setAccessibleName("Triage")
        self.place = plain_label("", name="How far the triage is")
        self.skipped = plain_label("", name="What was left out", quiet=True)
        self.tally = ElidingLabel("What was decided so far")
        self.tally.setProperty("quiet", True)
        self._share = 0.0
        self._look: Look | None = None
        row = row_of(spacing=16, margins=(_SIDE, 14, _SIDE, 12))
        row.addWidget(self.place, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self.skipped, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self.tally, 1, Qt.AlignmentFlag.AlignBaseline)
        self.setLayout(row)
        self.hide()

    def set_look(self, look: Look) -> None:
        """Use other colours or sizes."""
        self._look = look
        self.place.setFont(look.typography.heading())
        for label in (self.skipped, self.tally):
            label.setFont(look.typography.small())

    def show_place(self, place: str, skipped: str, tally: str, share: float) -> None:
        """Show the progress; ``share`` of the papers are done (0 to 1)."""
        self.place.setText(place)
        self.skipped.setText(skipped)
        self.tally.setText(tally)
        self._share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line below the figures."""
        super().paintEvent(event)
        if self._look is None:
            return
        theme = self._look.theme
        line = QRectF(0, self.height() - _LINE_HEIGHT, self.width(), _LINE_HEIGHT)
        done = QRectF(line.left(), line.top(), self.width() * self._share, line.height())
        with QPainter(self) as painter:
            painter.fillRect(line, theme.surfaces.line)
            painter.fillRect(done, theme.marks.accent)


class TriageFoot(QFrame):
    """The keys: the verdicts in a first row, what else is at hand in a second."""

    def __init__(self) -> None:
        """Hidden until a triage begins."""
        super().__init__()
        self.setObjectName("triage_foot")
        self.setAccessibleName("Keys of the triage")
        self._rows = (row_of(spacing=6), row_of(spacing=6))
        self._labels: list[tuple[QLabel, QLabel, bool]] = []
        self.setLayout(column_of(*self._rows, spacing=9, margins=(_SIDE, 12, _SIDE, 12)))
        self.hide()

    def set_keys(self, verdicts: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], look: Look) -> None:
        """Show keys, each with what it does; those that nothing is bound to are left out."""
        for row, keys in zip(self._rows, (verdicts, others), strict=True):
            while row.count():
                item = row.takeAt(0)
                if item is not None and (label := item.widget()) is not None:
                    label.deleteLater()
            row.addStretch(1)
            for key, word in keys:
                if key:
                    self._add(row, key, word, look, strong=keys is verdicts)
            row.addStretch(1)

    def _add(self, row: QHBoxLayout, key: str, word: str, look: Look, *, strong: bool) -> None:
        font = look.typography.interface() if strong else look.typography.small()
        chip = plain_label(key, key=True)
        text = plain_label(word, quiet=not strong)
        text.setContentsMargins(0, 0, 16 if strong else 10, 0)
        for label in (chip, text):
            label.setFont(QFont(font))
            row.addWidget(label)


def keys_of(runner_keys: Callable[[str], str], commands: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first key of each command with its word; the key is empty where there is none."""
    return [(runner_keys(command).split("   ")[0], word) for command, word in commands]


def insert_around(panes: QWidget, head: QWidget, foot: QWidget, pages: QWidget) -> None:
    """Put the head above the pages of ``panes`` and the foot below them."""
    layout = panes.layout()
    if isinstance(layout, QVBoxLayout):
        at = layout.indexOf(pages)
        layout.insertWidget(at, head)
        layout.insertWidget(at + 2, foot)
