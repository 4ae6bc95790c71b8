"""What is known of the marked topic: its size, its trend by quarter, and its most typical papers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from reader.domain.topics import Topic
from reader.ui.detail.document import Look
from reader.ui.look.labels import column_of, plain_label
from reader.ui.topics.share_chart import ShareChart
from reader.ui.topics.wording import shown_name, size_words, trend_words

_WIDTH = 300
_TITLES = 4


class TopicDetails(QFrame):
    """A column beside the topics."""

    def __init__(self, look: Look) -> None:
        """Empty at first."""
        super().__init__()
        self.setObjectName("statistics_panel")
        self.setFixedWidth(_WIDTH)
        self._name = plain_label("", name="Marked topic", wrap=True)
        self._name.setFont(look.typography.heading())
        self._size = plain_label("", name="Size of the topic", quiet=True, wrap=True)
        self._chart = ShareChart(look)
        self._trend = plain_label("", name="Trend of the topic", quiet=True, wrap=True)
        self._heading = plain_label("Share of each quarter’s papers", quiet=True)
        self._typical = plain_label("Most typical papers", quiet=True)
        self.titles = [plain_label("", name="Typical paper", wrap=True) for _ in range(_TITLES)]
        for label in (self._size, self._trend, self._heading, self._typical, *self.titles):
            label.setFont(look.typography.small())
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        quarters: list[QWidget | int | None] = [self._heading, self._chart, self._trend]
        parts = [self._name, self._size, 4, *quarters, 4, self._typical, *self.titles, None]
        self.setLayout(column_of(*parts, spacing=5, margins=(16, 12, 16, 12)))

    def show_topic(self, topic: Topic | None, placed: int, titles: Sequence[str]) -> None:
        """Tell of a topic; ``placed`` is the number of papers in all topics."""
        self._name.setText(shown_name(topic) if topic is not None else "")
        self._size.setText(size_words(topic, placed) if topic is not None else "")
        self._chart.show_topic(topic)
        words = trend_words(topic) if topic is not None else ""
        self._trend.setText(words)
        has_quarters = topic is not None and bool(topic.shares)
        for part in (self._heading, self._chart, self._trend):
            part.setVisible(has_quarters)
        self._typical.setVisible(bool(titles))
        for label, title in zip(self.titles, [*titles, *[""] * _TITLES], strict=False):
            label.setText(title)
            label.setVisible(bool(title))
