"""The topics as rows of a table, and how they are drawn: name, size, trend, and the most typical paper."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle

from reader.domain.annotations import PaperTitle
from reader.domain.topics import Topic, TopicMap, Trend
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.row_list import Index, RowModel, TwoLineDelegate, paint_ground, paint_line_below
from reader.ui.look.themes import Theme
from reader.ui.topics.wording import ARROWS, shown_name, spoken_topic

_MARGIN = 14
_TITLE_LIMIT = 200
_BAR_WIDTH, _BAR_HEIGHT = 84.0, 7.0
_SPARK_WIDTH = 66.0
_LEAST_NAME = 250
"""Pixels: where a name has less room, the sparklines go."""
EMPTY = TopicMap((), 0, 0)


class TopicModel(RowModel):
    """The topics, the largest first, with the title of the most typical paper of each."""

    title = "Topics"

    def __init__(self, parent: QObject) -> None:
        """No topics yet."""
        super().__init__(parent)
        self.map = EMPTY
        self._titles: Mapping[int, PaperTitle] = {}

    def show(self, found: TopicMap, titles: Mapping[int, PaperTitle]) -> None:
        """Show these topics; rows stay rows where the topics are the same."""
        is_same = [topic.id for topic in found.topics] == [topic.id for topic in self.map.topics]
        if is_same and found.topics:
            self.map, self._titles = found, titles
            self.dataChanged.emit(self.index(0), self.index(len(found.topics) - 1))
        else:
            self.beginResetModel()
            self.map, self._titles = found, titles
            self.endResetModel()

    def topic(self, row: int) -> Topic | None:
        """The topic of a row; None if there is none."""
        return self.map.topics[row] if 0 <= row < len(self.map.topics) else None

    def row_of(self, topic_id: int | None) -> int | None:
        """The row of a topic."""
        ids = [topic.id for topic in self.map.topics]
        return ids.index(topic_id) if topic_id in ids else None

    def central_titles(self, topic: Topic) -> list[str]:
        """The titles of a topic's most typical papers."""
        return [
            shown_line(self._titles[paper_id].title, _TITLE_LIMIT)
            for paper_id in topic.central
            if paper_id in self._titles
        ]

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.map.topics)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a topic's name, or all that its row tells."""
        topic = self.map.topics[row]
        return spoken_topic(topic, self.map.placed) if spoken else shown_name(topic)

    def description(self, row: int) -> str | None:
        """Return the most typical paper."""
        return next(iter(self.central_titles(self.map.topics[row])), None)


class TopicDelegate(TwoLineDelegate):
    """Draws a name and its trend, a bar for the number of papers, and below the name a typical paper."""

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        topic = model.topic(index.row()) if isinstance(model, TopicModel) else None
        if topic is None or not isinstance(model, TopicModel):
            return
        texts, marks = self._theme.texts, self._theme.marks
        paint_ground(painter, rect, state, self._theme)
        paint_line_below(painter, rect, self._theme, 0)
        left, right = rect.left() + _MARGIN, rect.right() - _MARGIN
        count_width = self._normal.width("88,888")
        middle = rect.center().y()
        baseline = self._normal.baseline(rect)
        count = f"{topic.papers:,}"
        self._normal.write(painter, texts.text, right - self._normal.width(count), baseline, count)
        right -= count_width + 6
        largest = max(1, model.map.topics[0].papers)
        bar = QRectF(right - _BAR_WIDTH, middle - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT)
        _paint_bar(painter, bar, topic.papers / largest, marks.accent, self._theme)
        right = bar.left() - _MARGIN
        color = trend_color(topic.trend, self._theme)
        right -= self._strong.width("↗")
        self._strong.write(painter, color, right, baseline, ARROWS[topic.trend])
        right -= 6
        if right - left > _LEAST_NAME + _SPARK_WIDTH:
            spark = QRectF(right - _SPARK_WIDTH, rect.top() + 12, _SPARK_WIDTH, rect.height() - 24)
            paint_sparkline(painter, spark, topic, color)
            right = spark.left() - _MARGIN
        first, second = self.baselines(rect)
        self._strong.write(painter, texts.text, left, first, shown_name(topic), right - left)
        title = next(iter(model.central_titles(topic)), "")
        self._small.write(painter, texts.quiet, left, second, title, right - left)


def trend_color(trend: Trend, theme: Theme) -> QColor:
    """The colour of a trend; its arrow says the same."""
    return {Trend.RISING: theme.marks.done, Trend.FALLING: theme.marks.star}.get(trend, theme.marks.accent)


def _paint_bar(painter: QPainter, rect: QRectF, share: float, color: QColor, theme: Theme) -> None:
    """Paint a bar that fills a share of its rectangle, on a faint track."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.surfaces.line)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    painter.setBrush(color)
    filled = QRectF(rect.left(), rect.top(), max(rect.width() * share, rect.height()), rect.height())
    painter.drawRoundedRect(filled, rect.height() / 2, rect.height() / 2)


def paint_sparkline(painter: QPainter, rect: QRectF, topic: Topic, color: QColor) -> None:
    """Paint the shares of the last quarters as a line with a dot at its end; nothing of a single quarter."""
    values = [share.value for share in topic.shares]
    if len(values) < 2:
        return
    highest = max(*values, 1e-9)
    step = rect.width() / (len(values) - 1)
    points = [
        QPointF(rect.left() + step * at, rect.bottom() - rect.height() * v / highest) for at, v in enumerate(values)
    ]
    painter.setPen(QPen(color, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(points[-1], 2.2, 2.2)
