"""What settings are changed with: a row of choices walked with the arrows, or a line of text, each with its words."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from reader.ui.look.labels import button, plain_label

_PADDING, _MARGIN, _RADIUS = 12, 3, 6.0
_CONTROL_WIDTH = 320
_LONGEST_TEXT = 4_096
_GAP, _LEAST_CONTROL, _LEAST_LETTERS = 18, 180, 8
_BEFORE, _AFTER, _NO_ARROW = "‹   ", "   ›", "    "
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
BACK_KEYS = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})
_FOCUS_CHANGES = frozenset({QEvent.Type.FocusIn, QEvent.Type.FocusOut})


class Control(QWidget):
    """What one value is changed with."""

    chosen = Signal(object)
    """The value that the user chose or entered."""
    back_wanted = Signal()
    """The user wants the default."""

    def show_value(self, value: Any) -> None:
        """Show the value in force, without telling anyone."""
        raise NotImplementedError


class Choice(Control):
    """A few values side by side, one of them chosen: ← and → walk them, and what is chosen holds at once.

    Where there is no room for all of them, the chosen one is shown between arrows.
    """

    def __init__(self, options: Sequence[tuple[Any, str]], name: str) -> None:
        """``options`` are values and what they are called; ``name`` is for screen readers."""
        super().__init__()
        self._options = list(options)
        self._at = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Any) -> None:
        """Show what is chosen, without telling anyone."""
        self._at = next((at for at, (option, _) in enumerate(self._options) if option == value), 0)
        self.setAccessibleDescription(self._options[self._at][1])
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every value."""
        return QSize(sum(self._widths()) + 2 * _MARGIN, self.fontMetrics().height() + 14)

    def minimumSizeHint(self) -> QSize:
        """Room for the longest value and the arrows; in less, the value is cut and its tool tip is all of it."""
        arrows = self.fontMetrics().horizontalAdvance(_BEFORE + _AFTER) + 2 * _MARGIN
        return QSize(max(self._widths()) + max(4 * _PADDING, arrows), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Backspace goes back to the default; the rest is the overlay's."""
        if step := _STEPS.get(Qt.Key(event.key())):
            self._choose(min(max(self._at + step, 0), len(self._options) - 1))
        elif event.key() == Qt.Key.Key_Space:
            self._choose((self._at + 1) % len(self._options))
        elif event.key() in BACK_KEYS:
            self.back_wanted.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses; between arrows, the value before or after."""
        x = event.position().x()
        if self._is_narrow():
            self._choose((self._at + (1 if x > self.width() / 2 else -1)) % len(self._options))
        else:
            self._choose(next((at for at, rect in enumerate(self._segments()) if x < rect.right()), self._at))

    def event(self, event: QEvent) -> bool:
        """Show where the focus is; the tool tip is the chosen value, where it was cut."""
        if event.type() in _FOCUS_CHANGES:
            self.update()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            value = self._options[self._at][1]
            is_cut = self._is_narrow() and value not in self.narrow_text()
            QToolTip.showText(event.globalPos(), html.escape(value) if is_cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the values; the chosen one on the colour of what is selected."""
        palette, roles, middle = self.palette(), QPalette.ColorRole, Qt.AlignmentFlag.AlignCenter
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

            def draw_box(rect: QRectF, radius: float, ground: QPalette.ColorRole, line: QPen) -> None:
                painter.setPen(line)
                painter.setBrush(palette.color(ground))
                painter.drawRoundedRect(rect, radius, radius)

            width, role = (2.0, roles.Accent) if self.hasFocus() else (1.0, roles.Mid)
            frame = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
            draw_box(frame, _RADIUS, roles.Base, QPen(palette.color(role), width))
            if self._is_narrow():
                painter.setPen(palette.color(roles.Text))
                painter.drawText(self.rect(), middle, self.narrow_text())
                return
            for at, (rect, (_, words)) in enumerate(zip(self._segments(), self._options, strict=True)):
                if at == self._at:
                    inner = rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
                    draw_box(inner, _RADIUS - 2, roles.Highlight, QPen(palette.color(roles.Accent), 1.0))
                painter.setPen(palette.color(roles.Text if at == self._at else roles.PlaceholderText))
                painter.drawText(rect, middle, words)

    def _choose(self, at: int) -> None:
        if at != self._at:
            value = self._options[at][0]
            self.show_value(value)
            self.chosen.emit(value)

    def narrow_text(self) -> str:
        """As much of the chosen value as there is room for, with arrows where there are others."""
        before = _BEFORE if self._at else _NO_ARROW
        after = _AFTER if self._at < len(self._options) - 1 else _NO_ARROW
        metrics = self.fontMetrics()
        room = self.width() - 2 * _MARGIN - metrics.horizontalAdvance(before + after)
        return f"{before}{metrics.elidedText(self._options[self._at][1], Qt.TextElideMode.ElideRight, room)}{after}"

    def _widths(self) -> list[int]:
        return [self.fontMetrics().horizontalAdvance(words) + 2 * _PADDING for _, words in self._options]

    def _is_narrow(self) -> bool:
        return self.width() < self.sizeHint().width()

    def _segments(self) -> list[QRectF]:
        """The place of each value, the room that is left over shared out."""
        widths = self._widths()
        extra = (self.width() - sum(widths)) / len(widths)
        rights = accumulate(width + extra for width in widths)
        return [
            QRectF(right - width - extra, 0, width + extra, self.height())
            for width, right in zip(widths, rights, strict=True)
        ]


class TextLine(Control):
    """A line of text that holds once Enter is pressed or it is left; Esc goes back to what it was."""

    def __init__(self, name: str, *, placeholder: str = "", read: Callable[[str], Any] = str) -> None:
        """``name`` is for screen readers; ``read`` makes a value of the text that was entered."""
        super().__init__()
        self._shown = ""
        self._read = read
        self.edit = QLineEdit(maxLength=_LONGEST_TEXT, placeholderText=placeholder)
        self.edit.setAccessibleName(name)
        self.edit.editingFinished.connect(self._enter)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(6)
        self.row.addWidget(self.edit, 1)
        self.setFocusProxy(self.edit)

    def minimumSizeHint(self) -> QSize:
        """Room for some letters, beside what else stands in the row."""
        least = super().minimumSizeHint()
        letters = _LEAST_LETTERS * self.edit.fontMetrics().averageCharWidth()
        return least + QSize(max(0, letters - self.edit.minimumWidth()), 0)

    def show_value(self, value: Any) -> None:
        """Show the value in force, unless something else is just being typed."""
        text = f"{value:g}" if isinstance(value, float) else str(value)
        if self.edit.text() == self._shown or not self.edit.hasFocus():
            self.edit.setText(text)
        self._shown = text

    def revert(self) -> bool:
        """Give up what was typed; tells whether there was anything."""
        was_typed: bool = self.edit.text() != self._shown
        self.edit.setText(self._shown)
        return was_typed

    def _enter(self) -> None:
        text = self.edit.text().strip()
        if text != self._shown:
            self.chosen.emit(self._read(text))


class Row(QWidget):
    """One setting: its title, half a sentence, what it is changed with, and the way back to the default.

    Where there is no room for both side by side, as with large text, what it is changed with stands below the words.
    """

    chosen = Signal(object)
    """The value that the user chose or entered."""
    back_wanted = Signal()
    """The user wants the default."""

    def __init__(self, title: str, help_: str, control: Control) -> None:
        """``control`` takes the focus."""
        super().__init__()
        self.control = control
        self.title = plain_label(title, wrap=True, strong=True)
        self.help = plain_label(help_, wrap=True, quiet=True)
        self.complaint = plain_label("", name=f"{title}: problem", wrap=True, error=True)
        self.complaint.hide()
        self.back = button("Back to default", name=f"{title}: back to default", quiet=True)
        self.back.give_way()
        self.back.clicked.connect(self.back_wanted)
        control.chosen.connect(self.chosen)
        control.back_wanted.connect(self.back_wanted)
        self.setFocusProxy(control)
        words, side = QVBoxLayout(), QVBoxLayout()
        words.addWidget(self.title)
        words.addWidget(self.help)
        words.addStretch(1)
        side.addStretch(1)
        side.addWidget(control)
        side.addWidget(self.back, 0, Qt.AlignmentFlag.AlignRight)
        side.addStretch(1)
        self._side = side
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.addLayout(words, 1)
        self._parts.addLayout(side, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._parts)
        column.addWidget(self.complaint)
        for layout in (words, side, column):
            layout.setSpacing(2)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part; what it is changed with cuts its words where there is no room for them."""
        height = super().minimumSizeHint().height()
        parts = (self.title.minimumSizeHint(), self.back.minimumSizeHint(), QSize(_LEAST_CONTROL, 0))
        return QSize(max(part.width() for part in parts), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the parts beside or below each other, as there is room."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Larger text takes more room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        words = self.title.fontMetrics().horizontalAdvance(self.title.text()) + 1
        least = max(self.control.minimumSizeHint().width(), _LEAST_CONTROL)
        most = max(_CONTROL_WIDTH, least)
        if self.width() < words + _GAP + least:
            # The control's width is fixed here: one that may not grow would keep the whole row from growing.
            direction, alignment = QBoxLayout.Direction.TopToBottom, Qt.AlignmentFlag.AlignLeft
            words, least = 0, min(most, self.width())
        else:
            direction, alignment = QBoxLayout.Direction.LeftToRight, Qt.AlignmentFlag.AlignVCenter
        self.title.setMinimumWidth(words)
        self.control.setMinimumWidth(least)
        self.control.setMaximumWidth(most)
        self._parts.setDirection(direction)
        self._parts.setSpacing(_GAP if words else 2)
        self._side.setAlignment(self.control, alignment)

    def show_state(self, *, is_default: bool, complaint: str = "") -> None:
        """Offer the way back where there is one, and say what is wrong."""
        self.back.setVisible(not is_default)
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))


def number_of(text: str) -> float | str:
    """A number as people type it; what is none stays as it is, for the setting to refuse."""
    plain = text.replace(",", ".", 1)
    for kind in (int, float):
        with suppress(ValueError):
            return kind(plain)
    return text
