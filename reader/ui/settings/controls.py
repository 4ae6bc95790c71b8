"""What settings are changed with: a row of choices walked with the arrows, and a line of text, each with its words."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QToolTip, QWidget

from reader.domain.settings import SETTINGS, SettingError
from reader.ui.look.labels import button, plain_label

_PADDING, _MARGIN, _RADIUS = 12, 3, 6.0
_CONTROL_WIDTH = 320
_LONGEST_TEXT = 4_096
_GAP, _LEAST_CONTROL, _LEAST_LETTERS = 18, 180, 8
_ALL, _TOP, _LEFT, _MIDDLE, _RIGHT = (
    *(Qt.AlignmentFlag(0), Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft),
    *(Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight),
)
_BESIDE = (
    *(((0, 0, 1, 1), _ALL), ((1, 0, 1, 1), _TOP), ((0, 1, 2, 1), _MIDDLE)),
    *(((2, 1, 1, 1), _RIGHT), ((3, 0, 1, 2), _ALL)),
)
_BELOW = (
    *(((0, 0, 1, 1), _ALL), ((1, 0, 1, 1), _ALL), ((2, 0, 1, 1), _LEFT)),
    *(((3, 0, 1, 1), _RIGHT), ((4, 0, 1, 1), _ALL)),
)
"""Where a row's parts stand: row, column and how many of each; title, help, control, way back, complaint."""
_BEFORE, _AFTER, _NO_ARROW = "‹   ", "   ›", "    "
_BACK = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})


class Choice(QWidget):
    """A few values side by side, one of them chosen: ← and → walk them, and what is chosen holds at once.

    Where there is no room for all of them, the chosen one is shown between arrows.
    """

    chosen = Signal(object)
    """The value that the user chose."""
    back_wanted = Signal()
    """The user wants what is usual."""

    def __init__(self, options: Sequence[tuple[Any, str]], name: str) -> None:
        """``options`` are values and what they are called; ``name`` is for screen readers."""
        super().__init__()
        self._options = list(options)
        self._at = 0
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._options[self._at][0]

    def show_value(self, value: Any) -> None:
        """Show what is chosen, without telling anyone."""
        self._at = next((at for at, (option, _) in enumerate(self._options) if option == value), 0)
        self.setAccessibleDescription(self._options[self._at][1])
        self.update()

    def sizeHint(self) -> QSize:
        """Room for every value."""
        return QSize(sum(self._widths()) + 2 * _MARGIN, self._height())

    def minimumSizeHint(self) -> QSize:
        """Room for the longest value and the arrows; in less, the value is cut and its tool tip is all of it."""
        arrows = self.fontMetrics().horizontalAdvance(_BEFORE + _AFTER) + 2 * _MARGIN
        return QSize(max(self._widths()) + max(4 * _PADDING, arrows), self._height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, Backspace goes back to what is usual; the rest is the overlay's."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._choose(min(max(self._at + step, 0), len(self._options) - 1))
        elif event.key() == Qt.Key.Key_Space:
            self._choose((self._at + 1) % len(self._options))
        elif event.key() in _BACK:
            self.back_wanted.emit()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        x = event.position().x()
        if self._is_narrow():
            self._choose((self._at + (1 if x > self.width() / 2 else -1)) % len(self._options))
            return
        for at, rect in enumerate(self._segments()):
            if rect.left() <= x < rect.right():
                self._choose(at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip is the chosen value, where it was cut."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            value = self._options[self._at][1]
            is_cut = self._is_narrow() and value not in self.narrow_text()
            QToolTip.showText(event.globalPos(), html.escape(value) if is_cut else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the values; the chosen one on the colour of what is selected."""
        with QPainter(self) as painter:
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        width = 2.0 if self.hasFocus() else 1.0
        line = palette.color(QPalette.ColorRole.Accent if self.hasFocus() else QPalette.ColorRole.Mid)
        frame = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(line, width))
        painter.setBrush(palette.color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        if self._is_narrow():
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.narrow_text())
            return
        for at, rect in enumerate(self._segments()):
            self._paint_segment(painter, rect, self._options[at][1], chosen=at == self._at)

    def _paint_segment(self, painter: QPainter, rect: QRectF, text: str, *, chosen: bool) -> None:
        palette = self.palette()
        if chosen:
            ground: QColor = palette.color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1.0))
            painter.setBrush(ground)
            inner = rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
            painter.drawRoundedRect(inner, _RADIUS - 2, _RADIUS - 2)
        painter.setPen(palette.color(QPalette.ColorRole.Text if chosen else QPalette.ColorRole.PlaceholderText))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)

    def _choose(self, at: int) -> None:
        if at != self._at:
            self.show_value(self._options[at][0])
            self.chosen.emit(self.value)

    def narrow_text(self) -> str:
        """As much of the chosen value as there is room for, with arrows where there are others."""
        before = _BEFORE if self._at else _NO_ARROW
        after = _AFTER if self._at < len(self._options) - 1 else _NO_ARROW
        metrics = self.fontMetrics()
        room = self.width() - 2 * _MARGIN - metrics.horizontalAdvance(before + after)
        return f"{before}{metrics.elidedText(self._options[self._at][1], Qt.TextElideMode.ElideRight, room)}{after}"

    def _widths(self) -> list[int]:
        metrics = self.fontMetrics()
        return [metrics.horizontalAdvance(words) + 2 * _PADDING for _, words in self._options]

    def _height(self) -> int:
        return self.fontMetrics().height() + 14

    def _is_narrow(self) -> bool:
        return self.width() < self.sizeHint().width()

    def _segments(self) -> list[QRectF]:
        """The place of each value, the room that is left over shared out."""
        widths = self._widths()
        extra = (self.width() - sum(widths)) / len(widths)
        left, found = 0.0, []
        for width in widths:
            found.append(QRectF(left, 0, width + extra, self.height()))
            left += width + extra
        return found


class TextLine(QWidget):
    """A line of text that holds once Enter is pressed or it is left; Esc goes back to what it was."""

    entered = Signal(str)
    """A text that is another one than was shown."""

    def __init__(self, name: str, *, placeholder: str = "") -> None:
        """``name`` is for screen readers."""
        super().__init__()
        self._shown = ""
        self.edit = QLineEdit()
        self.edit.setMaxLength(_LONGEST_TEXT)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(placeholder)
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

    def show_text(self, text: str) -> None:
        """Show what holds, unless something else is just being typed."""
        if self.edit.text() == self._shown or not self.edit.hasFocus():
            self.edit.setText(text)
        self._shown = text

    def revert(self) -> bool:
        """Give up what was typed; tells whether there was anything."""
        was_typed = self.edit.text() != self._shown
        self.edit.setText(self._shown)
        return was_typed

    def _enter(self) -> None:
        if self.edit.text().strip() != self._shown:
            self.entered.emit(self.edit.text().strip())


class Row(QWidget):
    """One setting: what it is called, half a sentence, what it is changed with, and the way back to what is usual.

    Where there is no room for both side by side, as with large text, what it is changed with stands below the words.
    """

    back_wanted = Signal()
    """The user wants what is usual."""

    def __init__(self, title: str, help_: str, control: QWidget) -> None:
        """``control`` takes the focus."""
        super().__init__()
        self.control = control
        self.title = plain_label(title)
        self.title.setProperty("strong", True)
        self.help = plain_label(help_, quiet=True)
        self.help.setWordWrap(True)
        self.complaint = plain_label("", name=f"{title}: problem")
        self.complaint.setProperty("error", True)
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        self.back = button("Back to default", name=f"{title}: back to default", quiet=True)
        self.back.give_way()
        self.back.clicked.connect(self.back_wanted)
        self.setFocusProxy(control)
        self.title.setWordWrap(True)
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self._is_stacked: bool | None = None
        self._arrange(stacked=False)

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
        stacked = self.width() < words + _GAP + self._least_control()
        self._grid.setColumnMinimumWidth(0, 0 if stacked else words)
        self._arrange(stacked=stacked)

    def _least_control(self) -> int:
        return max(self.control.minimumSizeHint().width(), _LEAST_CONTROL)

    def _arrange(self, *, stacked: bool) -> None:
        least = self._least_control()
        # Below the words its width is fixed: one that may not grow would keep the whole row from growing.
        self.control.setMinimumWidth(min(max(_CONTROL_WIDTH, least), self.width()) if stacked else least)
        self.control.setMaximumWidth(max(_CONTROL_WIDTH, least))
        if stacked is self._is_stacked:
            return
        self._is_stacked, grid = stacked, self._grid
        grid.setColumnStretch(1, 0 if stacked else 1)
        places = _BELOW if stacked else _BESIDE
        parts = (self.title, self.help, self.control, self.back, self.complaint)
        for part, (place, alignment) in zip(parts, places, strict=True):
            grid.removeWidget(part)
            grid.addWidget(part, *place, alignment)

    def show_state(self, *, is_usual: bool, complaint: str = "") -> None:
        """Offer the way back where there is one, and say what is wrong."""
        self.back.setVisible(not is_usual)
        self.complaint.setText(complaint)
        self.complaint.setVisible(bool(complaint))


def number_of(text: str) -> float | int:
    """A number as people type it; raises :class:`SettingError`."""
    plain = text.replace(",", ".", 1)
    try:
        return int(plain) if plain.lstrip("+-").isdigit() else float(plain)
    except ValueError:
        raise SettingError(f"“{text[:30]}” is no number") from None


def complaint_of(name: str, set_value: Callable[[], None]) -> str:
    """Try to set a value; a sentence if it does not fit."""
    try:
        set_value()
    except SettingError:
        return f"This must be {SETTINGS[name].allowed}."
    return ""
