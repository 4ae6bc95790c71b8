"""Small drawings for states, marks and views: paths, crisp at every scale, and telling by shape, not by colour."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from reader.domain.papers import PaperState
from reader.ui.look.themes import Theme

Draw = Callable[[QPainter, QRectF, QColor], None]


def _stroke(painter: QPainter, color: QColor, width: float) -> None:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _fill(painter: QPainter, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(color))


def _lines(rect: QRectF, *points: tuple[float, float]) -> QPainterPath:
    """A path through points given as fractions of ``rect``."""
    path = QPainterPath()
    for number, (x, y) in enumerate(points):
        at = QPointF(rect.left() + x * rect.width(), rect.top() + y * rect.height())
        path.lineTo(at) if number else path.moveTo(at)
    return path


def draw_dot(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Not seen yet."""
    _fill(painter, color)
    radius = rect.width() * 0.26
    painter.drawEllipse(rect.center(), radius, radius)


def draw_ring(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Seen, undecided."""
    _stroke(painter, color, rect.width() * 0.09)
    radius = rect.width() * 0.22
    painter.drawEllipse(rect.center(), radius, radius)


def draw_ribbon(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Queued: a bookmark."""
    _fill(painter, color)
    path = _lines(rect, (0.28, 0.14), (0.72, 0.14), (0.72, 0.86), (0.5, 0.66), (0.28, 0.86))
    path.closeSubpath()
    painter.drawPath(path)


def draw_half(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Reading: half of the disc is filled."""
    radius = rect.width() * 0.32
    disc = QRectF(rect.center().x() - radius, rect.center().y() - radius, 2 * radius, 2 * radius)
    _stroke(painter, color, rect.width() * 0.09)
    painter.drawEllipse(disc)
    _fill(painter, color)
    painter.drawPie(disc, 90 * 16, 180 * 16)


def draw_check(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Done."""
    _stroke(painter, color, rect.width() * 0.13)
    painter.drawPath(_lines(rect, (0.18, 0.54), (0.41, 0.77), (0.82, 0.27)))


def draw_cross(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Dismissed."""
    _stroke(painter, color, rect.width() * 0.11)
    painter.drawPath(_lines(rect, (0.26, 0.26), (0.74, 0.74)))
    painter.drawPath(_lines(rect, (0.74, 0.26), (0.26, 0.74)))


def draw_star(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Starred."""
    _fill(painter, color)
    points = []
    for corner in range(10):
        radius = 0.46 if corner % 2 == 0 else 0.19
        angle = math.radians(-90 + 36 * corner)
        points.append((0.5 + radius * math.cos(angle), 0.52 + radius * math.sin(angle)))
    path = _lines(rect, *points)
    path.closeSubpath()
    painter.drawPath(path)


def draw_note(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Has a note: a sheet with writing on it."""
    _stroke(painter, color, rect.width() * 0.085)
    width, height = rect.width(), rect.height()
    sheet = QRectF(rect.left() + 0.2 * width, rect.top() + 0.12 * height, 0.6 * width, 0.76 * height)
    painter.drawRoundedRect(sheet, rect.width() * 0.08, rect.width() * 0.08)
    for level in (0.36, 0.52, 0.68):
        painter.drawPath(_lines(rect, (0.34, level), (0.66 if level < 0.6 else 0.54, level)))


def draw_marker(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Has highlights: a stroke of a marker under a line."""
    _stroke(painter, color, rect.width() * 0.2)
    painter.drawPath(_lines(rect, (0.16, 0.66), (0.84, 0.66)))
    _stroke(painter, color, rect.width() * 0.085)
    painter.drawPath(_lines(rect, (0.16, 0.34), (0.84, 0.34)))


def draw_tray(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """The inbox."""
    _stroke(painter, color, rect.width() * 0.085)
    painter.drawPath(
        _lines(rect, (0.12, 0.58), (0.26, 0.2), (0.74, 0.2), (0.88, 0.58), (0.88, 0.82), (0.12, 0.82), (0.12, 0.58))
    )
    painter.drawPath(_lines(rect, (0.12, 0.58), (0.36, 0.58), (0.42, 0.68), (0.58, 0.68), (0.64, 0.58), (0.88, 0.58)))


def draw_stack(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """All papers."""
    _stroke(painter, color, rect.width() * 0.085)
    for height in (0.26, 0.5, 0.74):
        painter.drawPath(_lines(rect, (0.16, height), (0.84, height)))


def draw_triangle(painter: QPainter, rect: QRectF, color: QColor, *, open_: bool) -> None:
    """A fold: closed points right, open points down."""
    _fill(painter, color)
    closed_points = ((0.36, 0.24), (0.36, 0.76), (0.72, 0.5))
    open_points = ((0.22, 0.36), (0.78, 0.36), (0.5, 0.7))
    path = _lines(rect, *(open_points if open_ else closed_points))
    path.closeSubpath()
    painter.drawPath(path)


def draw_clock(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Snoozed: a clock."""
    _stroke(painter, color, rect.width() * 0.1)
    radius = rect.width() * 0.34
    painter.drawEllipse(rect.center(), radius, radius)
    painter.drawPath(_lines(rect, (0.5, 0.3), (0.5, 0.5), (0.64, 0.58)))


def draw_state(
    painter: QPainter, rect: QRectF, theme: Theme, state: PaperState, *, seen: bool, snoozed: bool = False
) -> None:
    """How far a paper has been taken; of an undecided one that it is snoozed."""
    marks = theme.marks
    if state is PaperState.INBOX and snoozed:
        draw_clock(painter, rect, marks.dismissed)
    elif state is PaperState.QUEUED:
        draw_ribbon(painter, rect, marks.queued)
    elif state is PaperState.READING:
        draw_half(painter, rect, marks.reading)
    elif state is PaperState.DONE:
        draw_check(painter, rect, marks.done)
    elif state is PaperState.DISMISSED:
        draw_cross(painter, rect, marks.dismissed)
    elif seen:
        draw_ring(painter, rect, marks.dismissed)
    else:
        draw_dot(painter, rect, marks.accent)


def draw_lens(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """A saved search: a lens."""
    _stroke(painter, color, rect.width() * 0.1)
    radius = rect.width() * 0.24
    painter.drawEllipse(QPointF(rect.left() + 0.42 * rect.width(), rect.top() + 0.42 * rect.height()), radius, radius)
    painter.drawPath(_lines(rect, (0.6, 0.6), (0.85, 0.85)))


def draw_feed(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """A subscription: waves that go out from a dot."""
    corner = QPointF(rect.left() + 0.26 * rect.width(), rect.bottom() - 0.26 * rect.height())
    _fill(painter, color)
    painter.drawEllipse(corner, rect.width() * 0.08, rect.width() * 0.08)
    _stroke(painter, color, rect.width() * 0.09)
    for radius in (rect.width() * 0.28, rect.width() * 0.52):
        painter.drawArc(QRectF(corner.x() - radius, corner.y() - radius, 2 * radius, 2 * radius), 0, 90 * 16)


def draw_tag(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """A tag: a label with a hole."""
    label = _lines(rect, (0.16, 0.5), (0.4, 0.22), (0.86, 0.22), (0.86, 0.78), (0.4, 0.78))
    label.closeSubpath()
    label.addEllipse(
        QPointF(rect.left() + 0.43 * rect.width(), rect.top() + 0.5 * rect.height()),
        0.085 * rect.width(),
        0.085 * rect.height(),
    )
    _fill(painter, color)
    painter.drawPath(label)
