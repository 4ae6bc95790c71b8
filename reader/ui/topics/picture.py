"""The topics on a picture: discs whose areas are as their numbers of papers, alike ones side by side, papers as dots.

It is walked by arrow keys or h, j, k and l. It does not move when papers come: a topic's place is kept with it.
"""

from __future__ import annotations

from math import pi, sqrt

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
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from reader.domain.topics import Topic, TopicMap, Trend
from reader.services.latex_to_unicode import shown_line
from reader.ui.detail.document import Look
from reader.ui.look.face import Face
from reader.ui.topics.rows import EMPTY, trend_color
from reader.ui.topics.wording import ARROWS, shown_name, spoken_topic

_STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_H: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_L: (1, 0),
    Qt.Key.Key_Up: (0, -1), Qt.Key.Key_K: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_J: (0, 1),
}  # fmt: skip
_MARGIN = 6
_DISCS_AREA = 0.2
"""The share of the picture that all discs cover, as :mod:`reader.meaning.topic_picture` reckons with."""
_LABEL_WIDTH = 132.0
_NARROW = 2.2
"""How much a topic beside the way counts as farther than one straight ahead."""


class TopicPicture(QWidget):
    """Paints topics; one of them is marked."""

    marked = Signal(int)
    """Another topic is marked: its row among the topics."""
    chosen = Signal()
    """The marked topic was double-clicked."""

    def __init__(self, look: Look) -> None:
        """No topics yet."""
        super().__init__()
        self._look = look
        self._small, self._strong = Face(look.typography.small()), Face(look.typography.strong())
        self._map, self.current = EMPTY, -1
        self._ground: QPixmap | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Picture of the topics")

    def sizeHint(self) -> QSize:
        """What a picture needs to be read."""
        return QSize(480, 360)

    def show_map(self, found: TopicMap, current: int) -> None:
        """Show these topics, one of them marked."""
        self._map, self._ground = found, None
        self.mark(current)
        self.update()

    def mark(self, row: int) -> None:
        """Mark a topic, by its row."""
        self.current = row
        topic = self._topic
        self.setAccessibleDescription(spoken_topic(topic, self._map.placed) if topic is not None else "")
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    @property
    def _topic(self) -> Topic | None:
        return self._map.topics[self.current] if 0 <= self.current < len(self._map.topics) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk to the nearest topic in a direction; other keys are left to the sheet."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        else:
            self._walk(*step)

    def _walk(self, right: int, down: int) -> None:
        """Mark the nearest topic in a direction; one beside the way counts as farther."""
        here = self._topic
        if here is None:
            self._go(0)
            return
        at, best = self._at(here), (float("inf"), -1)
        for row, topic in enumerate(self._map.topics):
            away = self._at(topic) - at
            ahead, aside = away.x() * right + away.y() * down, abs(away.x() * down) + abs(away.y() * right)
            if ahead > 0.5 and aside <= 2.5 * ahead:
                best = min(best, (ahead + _NARROW * aside, row))
        if best[1] >= 0:
            self._go(best[1])

    def _go(self, row: int) -> None:
        if row != self.current and 0 <= row < len(self._map.topics):
            self.mark(row)
            self.marked.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the topic under the pointer."""
        super().mousePressEvent(event)
        row = self._row_at(event.position())
        if row is not None:
            self._go(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the topic under the pointer."""
        if self._row_at(event.position()) == self.current >= 0:
            self.chosen.emit()

    def event(self, event: QEvent) -> bool:
        """Say the name of the topic under the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            row = self._row_at(QPointF(self.mapFromGlobal(self.cursor().pos())))
            self.setToolTip(spoken_topic(self._map.topics[row], self._map.placed) if row is not None else "")
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they do not."""
        super().focusOutEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw everything again."""
        super().resizeEvent(event)
        self._ground = None

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the topics, and the marked one over them."""
        if self._ground is None:
            self._ground = self._drawn()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._ground)
            topic = self._topic
            if topic is None:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            marks, surfaces = self._look.theme.marks, self._look.theme.surfaces
            painter.setBrush(QColor(0, 0, 0, 0))
            painter.setPen(QPen(marks.accent, 3 if self.hasFocus() else 1.6))
            radius = self._radius(topic) + 2.5
            painter.drawEllipse(self._at(topic), radius, radius)
            words = self._labels(topic)[0]
            label = self._label_rect(topic, words, self._strong)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(surfaces.selected_focus if self.hasFocus() else surfaces.selected)
            painter.drawRoundedRect(label.adjusted(-5, -2, 5, 2), 4, 4)
            self._write_label(painter, label, topic, words, self._strong, self._look.theme.texts.text)

    def _drawn(self) -> QPixmap:
        """All topics with their papers and names, drawn once and kept: papers may be many."""
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        with QPainter(ground) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_dots(painter)
            self._draw_discs(painter)
            self._draw_labels(painter)
        return ground

    def _draw_dots(self, painter: QPainter) -> None:
        """Draw the papers, those of each topic in its colour."""
        points: dict[int, list[QPointF]] = {}
        dots = self._map.dots
        for number, row in enumerate(self._map.dot_topics):
            points.setdefault(row, []).append(self._point(dots[2 * number], dots[2 * number + 1]))
        for row, own in points.items():
            color = QColor(trend_color(self._map.topics[row].trend, self._look.theme))
            color.setAlphaF(0.55 if len(dots) < 8_000 else 0.35)
            painter.setPen(QPen(color, 2.6 if len(dots) < 8_000 else 1.8, c=Qt.PenCapStyle.RoundCap))
            painter.drawPoints(QPolygonF(own))

    def _draw_discs(self, painter: QPainter) -> None:
        for topic in self._map.topics:
            color, radius = QColor(trend_color(topic.trend, self._look.theme)), self._radius(topic)
            edge = QColor(color)
            edge.setAlphaF(0.75)
            color.setAlphaF(0.16)
            painter.setPen(QPen(edge, 1.1))
            painter.setBrush(color)
            painter.drawEllipse(self._at(topic), radius, radius)

    def _draw_labels(self, painter: QPainter) -> None:
        """Write the names of the largest topics first, and leave out what would lie over another name."""
        texts, taken = self._look.theme.texts, list[QRectF]()
        halo = QColor(self._look.theme.surfaces.overlay)
        halo.setAlphaF(0.72)
        for topic in self._map.topics:
            for words in self._labels(topic):
                label = self._label_rect(topic, words, self._small)
                if not any(label.intersects(other) for other in taken):
                    taken.append(label.adjusted(-4, -1, 4, 1))
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(halo)
                    painter.drawRoundedRect(label.adjusted(-2, 0, 2, 0), 3, 3)
                    self._write_label(painter, label, topic, words, self._small, texts.text)
                    break

    def _labels(self, topic: Topic) -> list[str]:
        """What a topic may be called on the picture, the longest first."""
        names = [topic.name] if topic.is_named else [", ".join(topic.words[:2]), *topic.words[:1]]
        short = [name for name in names if self._small.width(shown_line(name)) <= _LABEL_WIDTH]
        return [shown_line(name) for name in short] or [self._small.cut(shown_name(topic), _LABEL_WIDTH)]

    def _write_label(
        self, painter: QPainter, rect: QRectF, topic: Topic, words: str, face: Face, color: QColor
    ) -> None:
        end = face.write(painter, color, rect.left(), rect.top() + face.ascent, words)
        if topic.trend is not Trend.STEADY:
            face.write(
                painter,
                trend_color(topic.trend, self._look.theme),
                end + 3,
                rect.top() + face.ascent,
                ARROWS[topic.trend],
            )

    def _label_rect(self, topic: Topic, words: str, face: Face) -> QRectF:
        """Where a topic's name is: across its middle, within the picture."""
        width = face.width(words) + (face.width("↗") + 3 if ARROWS[topic.trend] else 0)
        at = self._at(topic)
        left = max(_MARGIN, min(at.x() - width / 2, self.width() - _MARGIN - width))
        return QRectF(left, at.y() - face.height / 2, width, face.height)

    # Places

    def _point(self, x: float, y: float) -> QPointF:
        return QPointF(_MARGIN + x * (self.width() - 2 * _MARGIN), _MARGIN + y * (self.height() - 2 * _MARGIN))

    def _at(self, topic: Topic) -> QPointF:
        return self._point(*topic.place)

    def _radius(self, topic: Topic) -> float:
        """A topic's radius, in pixels: its area is to that of all discs as its papers are to all."""
        side = min(self.width(), self.height()) - 2 * _MARGIN
        share = max(topic.papers / max(self._map.placed, 1), 1 / 400)
        return max(4.0, side * sqrt(share * _DISCS_AREA / pi))

    def _row_at(self, position: QPointF) -> int | None:
        """The topic under a point: of several discs the smallest, else the nearest within a few pixels."""
        found: list[tuple[float, int]] = []
        for row, topic in enumerate(self._map.topics):
            away = self._at(topic) - position
            distance, radius = sqrt(away.x() ** 2 + away.y() ** 2), self._radius(topic) + 4
            if distance <= radius:
                found.append((radius, row))
        return min(found)[1] if found else None
