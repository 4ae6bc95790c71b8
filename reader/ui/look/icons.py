"""Small drawings for states, marks and views: paths, crisp at every scale, and telling by shape, not by colour.

They are written as in SVG, in a square of 100 by 100: ``M`` moves to a point, ``L`` draws a line to one, ``Z`` closes
the shape. Besides, ``O`` is a circle (centre, radius), ``R`` a rectangle (corner, width, height, corner radius),
``A`` a part of an ellipse (the rectangle around it, the angle it begins at, the angle it covers).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from reader.domain.papers import PaperState
from reader.ui.look.themes import Theme

Draw = Callable[[QPainter, QRectF, QColor], None]
"""Draws something into a rectangle, in a colour."""
_SIDE = 100
_FILLED = 0
"""The width of a line that is none: the shape is filled."""


def _icon(*parts: tuple[float, str]) -> Draw:
    """What draws these parts, each with the width of its line."""
    return partial(_draw, [(width, _path(written)) for width, written in parts])


def _path(written: str) -> QPainterPath:
    path = QPainterPath()
    for sign, numbers in re.findall(r"([A-Z])([^A-Z]*)", written):
        given = [float(number) for number in numbers.split()]
        if sign == "M":
            path.moveTo(*given)
        elif sign == "L":
            path.lineTo(*given)
        elif sign == "O":
            path.addEllipse(QPointF(given[0], given[1]), given[2], given[2])
        elif sign == "R":
            left, top, width, height, radius = given
            path.addRoundedRect(QRectF(left, top, width, height), radius, radius)
        elif sign == "A":
            path.arcTo(*given)
        else:
            path.closeSubpath()
    return path


def _draw(parts: list[tuple[float, QPainterPath]], painter: QPainter, rect: QRectF, color: QColor) -> None:
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / _SIDE, rect.height() / _SIDE)
    for width, path in parts:
        is_filled = width == _FILLED
        painter.setBrush(color if is_filled else Qt.BrushStyle.NoBrush)
        line, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(Qt.PenStyle.NoPen if is_filled else QPen(color, width, line, cap, join))
        painter.drawPath(path)
    painter.restore()


draw_dot = _icon((_FILLED, "O50 50 26"))
"""Not seen yet."""
draw_ring = _icon((9, "O50 50 22"))
"""Seen, undecided."""
draw_ribbon = _icon((_FILLED, "M28 14 L72 14 L72 86 L50 66 L28 86 Z"))
"""Queued: a bookmark."""
draw_half = _icon((9, "O50 50 32"), (_FILLED, "M50 50 A18 18 64 64 90 180 Z"))
"""Reading: half of the disc is filled."""
draw_check = _icon((13, "M18 54 L41 77 L82 27"))
"""Done."""
draw_cross = _icon((11, "M26 26 L74 74 M74 26 L26 74"))
"""Dismissed."""
draw_star = _icon(
    (
        _FILLED,
        "M50 6 L61.17 36.63 L93.75 37.79 L68.07 57.87 L77.04 89.21 L50 71 L22.96 89.21 L31.93 57.87 L6.25 37.79"
        "L38.83 36.63 Z",
    )
)
"""Starred."""
draw_note = _icon((8.5, "R20 12 60 76 8 M34 36 L66 36 M34 52 L66 52 M34 68 L54 68"))
"""Has a note: a sheet with writing on it."""
draw_document = _icon((8.5, "M26 12 L58 12 L76 30 L76 88 L26 88 Z M58 12 L58 30 L76 30"))
"""Has a PDF: a sheet with a folded corner."""
draw_marker = _icon((20, "M16 66 L84 66"), (8.5, "M16 34 L84 34"))
"""Has highlights: a stroke of a marker under a line."""
draw_diamond = _icon((9, "M50 14 L86 50 L50 86 L14 50 Z"))
"""From outside the reader's usual: an empty diamond."""
draw_tray = _icon(
    (
        8.5,
        "M12 58 L26 20 L74 20 L88 58 L88 82 L12 82 L12 58 M12 58 L36 58 L42 68 L58 68 L64 58 L88 58",
    )
)
"""The inbox."""
draw_stack = _icon((8.5, "M16 26 L84 26 M16 50 L84 50 M16 74 L84 74"))
"""All papers."""
draw_clock = _icon((10, "O50 50 34 M50 30 L50 50 L64 58"))
"""Snoozed: a clock."""
draw_lens = _icon((10, "O42 42 24 M60 60 L85 85"))
"""A saved search: a lens."""
draw_feed = _icon((_FILLED, "O26 74 8"), (9, "M54 74 A-2 46 56 56 0 90 M78 74 A-26 22 104 104 0 90"))
"""A subscription: waves that go out from a dot."""
draw_tag = _icon((_FILLED, "M16 50 L40 22 L86 22 L86 78 L40 78 Z O43 50 8.5"))
"""A tag: a label with a hole."""
draw_closed_fold = _icon((_FILLED, "M36 24 L36 76 L72 50 Z"))
"""Papers that are folded away: a triangle that points right."""
draw_open_fold = _icon((_FILLED, "M22 36 L78 36 L50 70 Z"))
"""Papers that were folded away: a triangle that points down."""

_DECIDED = {
    PaperState.QUEUED: draw_ribbon,
    PaperState.READING: draw_half,
    PaperState.DONE: draw_check,
    PaperState.DISMISSED: draw_cross,
}


def draw_state(
    painter: QPainter, rect: QRectF, theme: Theme, state: PaperState, *, seen: bool, snoozed: bool = False
) -> None:
    """How far a paper has been taken; of an undecided one that it is snoozed."""
    marks = theme.marks
    if state in _DECIDED:
        _DECIDED[state](painter, rect, getattr(marks, state.value))
    elif snoozed:
        draw_clock(painter, rect, marks.dismissed)
    elif seen:
        draw_ring(painter, rect, marks.dismissed)
    else:
        draw_dot(painter, rect, marks.accent)
