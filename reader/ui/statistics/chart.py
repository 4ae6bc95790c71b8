"""A bar chart that is painted at any resolution, read by key and spoken by screen readers."""

from __future__ import annotations

from itertools import count

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from reader.ui.detail.document import Look
from reader.ui.look.face import Face
from reader.ui.statistics.figures import Figure, Series

_GAP_SHARE = 0.28
_WIDEST_BAR = 34.0
_CORNER = 2.5
_LABEL_SHARE = 0.38
_FAR = 1_000_000
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_End: _FAR}
_STEPS |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Home: -_FAR}


class Chart(QWidget):
    """Draws one figure; one of its bars is current, and :attr:`current_changed` says which, in words."""

    current_changed = Signal(str)
    """The current bar in words; empty if there is none."""

    def __init__(self, figure: Figure, look: Look, parent: QWidget | None = None) -> None:
        """No bar is current at first."""
        super().__init__(parent)
        self.figure = figure
        self._look = look
        self.current = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if figure.bars else Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(figure.title)
        self.setAccessibleDescription(figure.nothing if not figure.bars else "Arrow keys go through the bars")
        self._small = Face(look.typography.small())

    def sizeHint(self) -> QSize:
        """Room for a dozen bars."""
        return QSize(320, 170)

    def minimumSizeHint(self) -> QSize:
        """The least size at which bars can be told apart."""
        rows = len(self.figure.bars) if self.figure.is_horizontal else 0
        return QSize(180, max(120, int(rows * (self._small.height + 4))))

    def go_to(self, number: int) -> None:
        """Make a bar current; a number out of range means the nearest bar."""
        if not self.figure.bars:
            return
        number = min(max(number, 0), len(self.figure.bars) - 1)
        if number != self.current:
            self.current = number
            words = self.figure.said(number)
            self.setAccessibleDescription(words)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self.current_changed.emit(words)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, j and k, Home and End move between bars; other keys are left to the view."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.go_to(self.current + step)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Return to the bar that was left; at first to the newest one, or the topmost."""
        super().focusInEvent(event)
        if self.current < 0:
            self.go_to(0 if self.figure.is_horizontal else len(self.figure.bars) - 1)
        self.current_changed.emit(self.figure.said(self.current) if self.current >= 0 else "")
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clear the words of the current bar."""
        super().focusOutEvent(event)
        self.current_changed.emit("")
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Make the bar under the pointer current."""
        number = self._bar_at(event.position())
        if number is not None:
            self.go_to(number)

    def leaveEvent(self, event: QEvent) -> None:
        """Without the focus, no bar is current once the pointer leaves."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self.current = -1
            self.current_changed.emit("")
        self.update()

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars, or say that there are none."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._small.font)
            if not self.figure.bars:
                painter.setPen(self._look.theme.texts.quiet)
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.figure.nothing)
                return
            if not self.figure.is_horizontal:
                self._draw_scale(painter)
            for number in range(len(self.figure.bars)):
                self._draw_bar(painter, number)
            if self.figure.line:
                self._draw_line(painter, self.color(self.figure.line))

    def _draw_scale(self, painter: QPainter) -> None:
        """Draw lines at round figures, and as many labels below bars as there is room for."""
        theme, area, height = self._look.theme, self._area, self._small.height
        for value in scale_steps(self.figure.highest):
            y = round(self._height_of(value)) + 0.5
            painter.setPen(QPen(theme.surfaces.line, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(theme.texts.faint)
            room = QRectF(0, y - height / 2, area.left() - 6, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{value:,}")
        end, baseline = 0.0, self.height() - self._small.metrics.descent() - 1
        for number, bar in enumerate(self.figure.bars):
            slot, width = self._slot(number), self._small.width(bar.label)
            left = min(max(slot.center().x() - width / 2, 0.0), self.width() - width)
            if left >= end:
                end = self._small.write(painter, theme.texts.quiet, left, baseline, bar.label) + 12

    def _draw_bar(self, painter: QPainter, number: int) -> None:
        figure, surfaces, body = self.figure, self._look.theme.surfaces, self._body(number)
        is_marked = number == self.current and (self.hasFocus() or self.underMouse())
        if is_marked:
            painter.fillRect(self._slot(number), surfaces.selected_focus if self.hasFocus() else surfaces.hover)
        if figure.is_horizontal:
            self._draw_row_words(painter, number, is_marked=is_marked)
        painter.setPen(Qt.PenStyle.NoPen)
        extent, start = body.width() if figure.is_horizontal else body.height(), 0.0
        for series, value in zip(figure.series, figure.stacked(figure.bars[number]), strict=True):
            if not value:
                continue
            length = max(extent * value / figure.highest, 1.5)
            piece = QRectF(body.left() + start, body.top(), length, body.height())
            if not figure.is_horizontal:
                piece = QRectF(body.left(), body.bottom() - start - length, body.width(), length)
            painter.setBrush(self.color(series))
            painter.drawRoundedRect(piece.adjusted(0, 0, -0.7, -0.7), _CORNER, _CORNER)
            start += length

    def _draw_row_words(self, painter: QPainter, number: int, *, is_marked: bool) -> None:
        """Write the name before a horizontal bar and the figure after it."""
        figure, texts = self.figure, self._look.theme.texts
        bar, slot, body = figure.bars[number], self._slot(number), self._body(number)
        baseline, room = self._small.baseline(slot), body.left() - slot.left() - 14
        ink = texts.text if is_marked else texts.quiet
        self._small.write(painter, ink, slot.left() + 6, baseline, bar.label, room)
        text = figure.share(bar) if figure.with_share else f"{sum(bar.values):,}"
        end = body.left() + body.width() * sum(bar.values) / figure.highest
        self._small.write(painter, texts.quiet, end + 7, baseline, text)

    def _draw_line(self, painter: QPainter, color: QColor) -> None:
        """Draw the last value of each bar as a line with dots."""
        points = [
            QPointF(self._slot(number).center().x(), self._height_of(bar.values[-1]))
            for number, bar in enumerate(self.figure.bars)
        ]
        painter.setPen(QPen(color, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(self._look.theme.surfaces.overlay)
        for point in points:
            painter.drawEllipse(point, 2.4, 2.4)

    def color(self, series: Series) -> QColor:
        """The colour of a series; its name is always said in words, too."""
        color: QColor = getattr(self._look.theme.marks, series.mark)
        return color

    # Places

    @property
    def _area(self) -> QRectF:
        """The rectangle of the bars."""
        if self.figure.is_horizontal:
            return QRectF(0, 0, self.width(), self.height())
        left = self._small.width(f"{self.figure.highest:,}") + 10
        below = self._small.height + 6
        return QRectF(left, 6, self.width() - left - 2, self.height() - 6 - below)

    def _height_of(self, value: int) -> float:
        """The vertical position of a value."""
        return self._area.bottom() - self._area.height() * value / self.figure.highest

    def _slot(self, number: int) -> QRectF:
        """The rectangle that a bar has for itself."""
        area, count = self._area, len(self.figure.bars)
        if self.figure.is_horizontal:
            height = min(area.height() / count, self._small.height * 2.1)
            return QRectF(area.left(), area.top() + number * height, area.width(), height)
        width = area.width() / count
        return QRectF(area.left() + number * width, area.top(), width, area.height())

    def _body(self, number: int) -> QRectF:
        """The rectangle of a bar of full length."""
        slot = self._slot(number)
        if self.figure.is_horizontal:
            left = slot.left() + slot.width() * _LABEL_SHARE
            right = slot.right() - self._small.width("100,000 ") - 4
            inset = slot.height() * _GAP_SHARE
            return QRectF(left, slot.top() + inset, max(right - left, 10), slot.height() - 2 * inset)
        width = min(slot.width() * (1 - _GAP_SHARE), _WIDEST_BAR)
        return QRectF(slot.center().x() - width / 2, slot.top(), width, slot.height())

    def _bar_at(self, position: QPointF) -> int | None:
        return next((number for number in range(len(self.figure.bars)) if self._slot(number).contains(position)), None)


def scale_steps(highest: int) -> list[int]:
    """Up to four round figures between 0 and ``highest``, 0 included: steps of 1, 2 or 5 times a power of ten."""
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    return list(range(0, highest + 1, next(step for step in steps if highest / step <= 4)))
