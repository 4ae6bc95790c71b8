"""A font with its metrics, for everything that is painted and not laid out by Qt."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter


class Face:
    """Measures, cuts and writes text on one line; all lengths are in pixels."""

    def __init__(self, font: QFont) -> None:
        """Measured once, so make one for many texts."""
        self.font, self.metrics = font, QFontMetricsF(font)
        self.ascent, self.height = self.metrics.ascent(), self.metrics.height()

    def width(self, text: str) -> float:
        """How wide a text is."""
        return self.metrics.horizontalAdvance(text)

    def cut(self, text: str, room: float, where: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
        """As much of a text as there is room for, with an ellipsis where it was cut."""
        return self.metrics.elidedText(text, where, room)

    def baseline(self, rect: QRectF) -> float:
        """The baseline of a text in the middle of a rectangle."""
        return rect.center().y() + (self.ascent - self.metrics.descent()) / 2

    def write(
        self, painter: QPainter, color: QColor, left: float, baseline: float, text: str, room: float | None = None
    ) -> float:
        """Write a text, cut where it takes more than ``room``; returns where it ends."""
        shown = text if room is None else self.cut(text, room)
        painter.setFont(self.font)
        painter.setPen(color)
        painter.drawText(QPointF(left, baseline), shown)
        return left + self.width(shown)
