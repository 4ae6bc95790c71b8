"""The share of a topic in each of the last quarters, with the interval in which it lies."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from reader.domain.topics import LEAST_OF_QUARTER, Share, Topic
from reader.ui.detail.document import Look
from reader.ui.look.face import Face
from reader.ui.topics.rows import trend_color
from reader.ui.topics.wording import share_words

_GAP = 0.34
_HEADROOM = 1.08


class ShareChart(QWidget):
    """Bars for shares and whiskers for their intervals; the last has its figure, first quarters the name of a year."""

    def __init__(self, look: Look) -> None:
        """Nothing to draw yet."""
        super().__init__()
        self._look, self._small = look, Face(look.typography.small())
        self._topic: Topic | None = None
        self.setAccessibleName("Share of each quarter’s papers")

    def show_topic(self, topic: Topic | None) -> None:
        """Draw the shares of a topic."""
        self._topic = topic
        words = [share_words(share) for share in topic.shares] if topic is not None else []
        self.setAccessibleDescription("; ".join(words))
        self.setToolTip("\n".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """Room for eight bars."""
        return QSize(240, round(self._small.height * 7.5))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars."""
        shares = self._topic.shares if self._topic is not None else ()
        if not shares or self._topic is None:
            return
        theme, color = self._look.theme, trend_color(self._topic.trend, self._look.theme)
        ends = [share.high if share.total >= LEAST_OF_QUARTER else share.value for share in shares]
        highest = max(*ends, 0.001) * _HEADROOM
        area = QRectF(0, self._small.height + 4, self.width(), self.height() - 2 * self._small.height - 12)
        slot = area.width() / max(len(shares), 4)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.surfaces.line, 1))
            painter.drawLine(QPointF(0, area.bottom() + 0.5), QPointF(area.right(), area.bottom() + 0.5))
            for number, share in enumerate(shares):
                left = area.left() + number * slot
                body = QRectF(left + slot * _GAP / 2, area.top(), slot * (1 - _GAP), area.height())
                self._draw_bar(painter, body, share, highest, color)
                label = share.quarter[:4] if share.quarter.endswith("Q1") else share.quarter[5:]
                at = body.center().x() - self._small.width(label) / 2
                self._small.write(painter, theme.texts.quiet, max(0.0, at), self.height() - 4, label)
            words = f"{100 * shares[-1].value:.1f} %"
            at = area.left() + (len(shares) - 0.5) * slot - self._small.width(words) / 2
            at = max(0.0, min(at, area.right() - self._small.width(words)))
            self._small.write(painter, theme.texts.text, at, self._small.ascent, words)

    def _draw_bar(self, painter: QPainter, body: QRectF, share: Share, highest: float, color: QColor) -> None:
        """Draw a share as a bar from below, and over it a line from the lower to the upper end of its interval."""
        height = body.height() * share.value / highest
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(body.left(), body.bottom() - height, body.width(), height), 2, 2)
        if share.total < LEAST_OF_QUARTER:
            return
        low, high = (body.bottom() - body.height() * each / highest for each in (share.low, share.high))
        middle, reach = body.center().x(), min(body.width() / 4, 4.0)
        painter.setPen(QPen(self._look.theme.texts.quiet, 1.2))
        painter.drawLine(QPointF(middle, low), QPointF(middle, high))
        for y in (low, high):
            painter.drawLine(QPointF(middle - reach, y), QPointF(middle + reach, y))
