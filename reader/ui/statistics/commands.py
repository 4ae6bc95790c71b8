"""The command that opens the statistics."""

from __future__ import annotations

from reader.domain.statistics import ReadingStatistics
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.commands.runner import Acts
from reader.ui.statistics.view import StatisticsView


class StatisticsCommands(Part):
    """Reads the figures outside the GUI thread and shows them."""

    def __init__(self, context: Context) -> None:
        """The statistics open over the context's window."""
        super().__init__(context)
        self._token = CancelToken()

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"go.statistics": self.open}

    def open(self) -> None:
        """Show the statistics; of two requests only the later is answered."""
        self._token.cancel()
        self._token = CancelToken()
        self._workspace.tasks.read(self._workspace.library.statistics.reading, self._show, token=self._token)

    def _show(self, statistics: ReadingStatistics) -> None:
        StatisticsView(self._window, statistics, self._appearance.look)
