"""Controls for settings: a row of choices or a line of text, and the row with its title and help."""

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
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QToolTip, QWidget

from reader.ui.look.labels import button, column_of, plain_label, row_of, text_line

_PADDING, _MARGIN, _RADIUS = 12, 3, 6.0
_CONTROL_WIDTH = 320
_GAP, _LEAST_CONTROL, _LEAST_LETTERS = 18, 180, 8
_BEFORE, _AFTER, _NO_ARROW = "‹   ", "   ›", "    "
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
BACK_KEYS = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})
_FOCUS_CHANGES = frozenset({QEvent.Type.FocusIn, QEvent.Type.FocusOut})


class Control(QWidget):
    """A widget that changes one value."""

    chosen = Signal(object)
    """The value that the user chose or entered."""
    back_wanted = Signal()
    """The user wants the default."""

    def show_value(self, value: Any) -> None:
        """Show the value in force; emits no signal."""
        raise NotImplementedError


class Choice(Control):
    """A few values side by side, one of them chosen; ← and → choose another, which takes effect at once.

    If there is no room for all of them, only the chosen one is shown, between arrows.
    """

    def __init__(self, options: Sequence[tuple[Any, str]], name: str) -> None:
        """``options`` are values and their labels; ``name`` is for screen readers."""
        super().__init__()
        self._options = list(options)
        self._at = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Any) -> None:
        """Show the chosen value; emits no signal."""
        self._at = next((at for at, (option, _) in enumerate(self._options) if option == value), 0)
        self.setAccessibleDescription(self._options[self._at][1])
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every value."""
        return QSize(sum(self._widths()) + 2 * _MARGIN, self.fontMetrics().height() + 14)

    def minimumSizeHint(self) -> QSize:
        """Room for the longest value and the arrows; with less, the value is cut and a tool tip shows all of it."""
        arrows = self.fontMetrics().horizontalAdvance(_BEFORE + _AFTER) + 2 * _MARGIN
        return QSize(max(self._widths()) + max(4 * _PADDING, arrows), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Backspace restores the default; other keys are left to the overlay."""
        if step := _STEPS.get(Qt.Key(event.key())):
            self._choose(min(max(self._at + step, 0), len(self._options) - 1))
        elif event.key() == Qt.Key.Key_Space:
            self._choose((self._at + 1) % len(self._options))
        elif event.key() in BACK_KEYS:
            self.back_wanted.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses; if only one value is shown, the value before or after it."""
        x = event.position().x()
        if self._is_narrow():
            self._choose((self._at + (1 if x > self.width() / 2 else -1)) % len(self._options))
        else:
            self._choose(next((at for at, rect in enumerate(self._segments()) if x < rect.right()), self._at))

    def event(self, event: QEvent) -> bool:
        """Show the focus, and the chosen value as a tool tip if it is cut."""
        if event.type() in _FOCUS_CHANGES:
            self.update()
        elif event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            value = self._options[self._at][1]
            is_cut = self._is_narrow() and value not in self.narrow_text()
            QToolTip.showText(event.globalPos(), html.escape(value) if is_cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the values, with the chosen one on the colour of selections."""
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
        """As much of the chosen value as there is room for, with an arrow on each side that has other values."""
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
        """The rectangle of each value; spare room is shared among them."""
        widths = self._widths()
        extra = (self.width() - sum(widths)) / len(widths)
        rights = accumulate(width + extra for width in widths)
        return [
            QRectF(right - width - extra, 0, width + extra, self.height())
            for width, right in zip(widths, rights, strict=True)
        ]


class TextLine(Control):
    """A line of text that takes effect on Enter or when it loses the focus; Esc restores the former text."""

    def __init__(self, name: str, *, placeholder: str = "", read: Callable[[str], Any] = str) -> None:
        """``name`` is for screen readers; ``read`` converts the entered text into a value."""
        super().__init__()
        self._shown = ""
        self._read = read
        self.edit = text_line(name, placeholder=placeholder)
        self.edit.editingFinished.connect(self._enter)
        self.row = row_of(self.edit, spacing=6, grows=self.edit)
        self.setLayout(self.row)
        self.setFocusProxy(self.edit)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters beside the other widgets of the line."""
        least = super().minimumSizeHint()
        letters = _LEAST_LETTERS * self.edit.fontMetrics().averageCharWidth()
        return least + QSize(max(0, letters - self.edit.minimumWidth()), 0)

    def show_value(self, value: Any) -> None:
        """Show the value in force, unless the user is typing another one."""
        text = f"{value:g}" if isinstance(value, float) else str(value)
        if self.edit.text() == self._shown or not self.edit.hasFocus():
            self.edit.setText(text)
        self._shown = text

    def revert(self) -> bool:
        """Discard typed text; returns whether there was any."""
        was_typed: bool = self.edit.text() != self._shown
        self.edit.setText(self._shown)
        return was_typed

    def _enter(self) -> None:
        text = self.edit.text().strip()
        if text != self._shown:
            self.chosen.emit(self._read(text))


class Row(QWidget):
    """A setting's title, help, control, and button that restores the default.

    If there is no room for both side by side, as with large text, the control stands below the words.
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
        words = column_of(self.title, self.help, None, spacing=2)
        self._side = side = column_of(None, control, row_of(None, self.back), None, spacing=2)
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._parts.addLayout(words, 1)
        self._parts.addLayout(side, 1)
        self.setLayout(column_of(self._parts, self.complaint, spacing=2))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest part; a control with less room cuts its text."""
        height = super().minimumSizeHint().height()
        parts = (self.title.minimumSizeHint(), self.back.minimumSizeHint(), QSize(_LEAST_CONTROL, 0))
        return QSize(max(part.width() for part in parts), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the control beside or below the words, depending on the room."""
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
        """Offer to restore the default if another value is in force, and show the complaint, if any."""
        self.back.setVisible(not is_default)
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))


def number_of(text: str) -> float | str:
    """A number as people type it; other text is returned unchanged, for the setting to refuse."""
    plain = text.replace(",", ".", 1)
    for kind in (int, float):
        with suppress(ValueError):
            return kind(plain)
    return text
