"""Reports of faults on their way from whatever thread failed to the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from reader.services.process.diagnostics import CrashReport


class CrashNews(QObject):
    """Hands reports over to the GUI thread. Create it there."""

    _came = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        """Reports are dropped until there is somebody to :attr:`show` them."""
        super().__init__(parent)
        self.show: Callable[[CrashReport], None] | None = None
        """Called with each report, never amid what failed."""
        self._came.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    def tell(self, report: CrashReport) -> None:
        """From any thread: there is something to show."""
        self._came.emit(report)

    def _arrived(self, report: CrashReport) -> None:
        if self.show is not None:
            self.show(report)
