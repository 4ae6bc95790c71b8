"""The statistics over the window: five charts, the current bar in words, and the same figures as tables."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QWidget,
)

from reader.domain.statistics import ReadingStatistics
from reader.ui.detail.document import Look
from reader.ui.look.labels import ElidingLabel, add_parts, column_of, plain_label, row_of
from reader.ui.look.tables import show_as_rows
from reader.ui.overlays.overlay import Overlay
from reader.ui.statistics.chart import Chart
from reader.ui.statistics.figures import Figure, all_figures, summary
from reader.ui.statistics.table import FigureTable

_WIDTH = 1280
_HINT = "Arrows move  ·  Tab next chart  ·  t tables  ·  Esc closes"


class Legend(QWidget):
    """The names of a chart's series, each with a patch of its colour; a single series needs no legend."""

    def __init__(self, chart: Chart, look: Look) -> None:
        """The patch of a line is flat."""
        super().__init__()
        self.setFont(look.typography.small())
        self.setFixedHeight(self.fontMetrics().height() + 4)
        row = row_of()
        size = round(self.fontMetrics().ascent() * 0.72)
        figure = chart.figure
        for series in figure.every_series if figure.bars and len(figure.every_series) > 1 else ():
            patch = QFrame()
            patch.setFixedSize(size, size // 3 if series is figure.line else size)
            patch.setStyleSheet(f"background: {chart.color(series).name()}; border-radius: {min(2, size // 6)}px")
            name = plain_label(series.name, quiet=True)
            name.setFont(self.font())
            add_parts(row, patch, name, 12)
        add_parts(row, None)
        self.setLayout(row)


class Table(QTableView):
    """A table that handles the keys that move, and leaves the others to the view."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave letters to the view; they would search the table."""
        if event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Make a row current, so that the focus can be seen."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.selectRow(0)


class Panel(QFrame):
    """A chart, or its table, with its title, its legend and the current bar in words."""

    def __init__(self, figure: Figure, look: Look) -> None:
        """Shows the chart at first."""
        super().__init__()
        self.setObjectName("statistics_panel")
        self.chart = Chart(figure, look)
        title = plain_label(figure.title)
        title.setFont(look.typography.strong())
        self.value = ElidingLabel(f"{figure.title}: current value")
        self.value.setFont(look.typography.small())
        self.chart.current_changed.connect(self.value.setText)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.chart)
        parts = title, Legend(self.chart, look), self._pages, self.value
        self.setLayout(column_of(*parts, spacing=4, margins=(16, 12, 16, 12), grows=self._pages))

    @cached_property
    def table(self) -> Table:
        """The same figures as a table, made when first shown: five tables took longer than the charts."""
        table = _table(self.chart.figure)
        self._pages.addWidget(table)
        return table

    @property
    def focus_target(self) -> QWidget:
        """The widget that takes the keys."""
        return self.table if self._pages.currentIndex() else self.chart

    def show_table(self, shown: bool) -> None:
        """Show the table, or the chart."""
        self._pages.setCurrentWidget(self.table if shown else self.chart)


class StatisticsView(Overlay):
    """Covers most of the window. Keys: arrows within a chart, Tab between charts, ``t`` tables, Esc closes."""

    def __init__(self, window: QWidget, statistics: ReadingStatistics, look: Look) -> None:
        """Opens at once."""
        super().__init__(window, "Statistics", width=_WIDTH, height=10_000)
        self.panels = [Panel(figure, look) for figure in all_figures(statistics)]
        self.is_table = False
        head = QHBoxLayout()
        title = plain_label("Statistics")
        title.setFont(look.typography.heading())
        facts = plain_label(summary(statistics), name="The library in a line", quiet=True)
        facts.setFont(look.typography.small())
        head.addWidget(title, 0, Qt.AlignmentFlag.AlignBaseline)
        head.addSpacing(14)
        head.addWidget(facts, 1, Qt.AlignmentFlag.AlignBaseline)
        hint = plain_label(_HINT, quiet=True)
        hint.setFont(look.typography.small())
        self._area = self._make_area()
        self.add(head, self._area, hint, grows=self._area)
        first = next((panel for panel in self.panels if panel.chart.figure.bars), self.panels[0])
        self.open(first.focus_target)

    def _make_area(self) -> QScrollArea:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        places = ((0, 0, 3), (0, 3, 3), (1, 0, 2), (1, 2, 2), (1, 4, 2))
        for panel, (row, column, span) in zip(self.panels, places, strict=True):
            grid.addWidget(panel, row, column, 1, span)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        return area

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """``t`` switches between charts and tables."""
        if event.key() == Qt.Key.Key_T and not event.isAutoRepeat():
            self.toggle_tables()
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves to the next chart, and scrolls to it in a small window."""
        moved = super().focusNextPrevChild(forward)
        for panel in self.panels:
            if panel.focus_target.hasFocus():
                self._area.ensureWidgetVisible(panel)
        return moved

    def toggle_tables(self) -> None:
        """Show everything as tables, or as charts again; the focus stays on the same figures."""
        focused = next((panel for panel in self.panels if panel.focus_target.hasFocus()), self.panels[0])
        self.is_table = not self.is_table
        for panel in self.panels:
            panel.show_table(self.is_table)
        focused.focus_target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        """Use the window's height except for equal margins above and below."""
        super()._place()
        area, panel = self.area(), self.panel.geometry()
        margin = max(20, round(area.height() * 0.04))
        self.panel.setGeometry(panel.left(), margin, panel.width(), area.height() - 2 * margin)


def _table(figure: Figure) -> Table:
    table = Table()
    show_as_rows(table, f"{figure.title}, as a table", with_headings=True)
    table.setModel(FigureTable(figure, table))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 8)
    return table
