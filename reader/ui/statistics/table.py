"""A chart's figures as a table."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from reader.ui.statistics.figures import Figure


class FigureTable(QStandardItemModel):
    """A row for each bar: its name, the value of each series, and the share if the chart shows it."""

    def __init__(self, figure: Figure, parent: QObject | None = None) -> None:
        """Plain text, with numbers aligned right. Screen readers speak the whole bar for its name."""
        super().__init__(parent)
        share = ["share"] if figure.with_share else []
        self.setHorizontalHeaderLabels(["", *(series.name for series in figure.every_series), *share])
        for number, bar in enumerate(figure.bars):
            texts = [bar.name, *(f"{value:,}" for value in bar.values), *(figure.share(bar) for _ in share)]
            items = [QStandardItem(text) for text in texts]
            items[0].setData(figure.said(number), Qt.ItemDataRole.AccessibleTextRole)
            for item in items:
                item.setEditable(False)
            for item in items[1:]:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.appendRow(items)
