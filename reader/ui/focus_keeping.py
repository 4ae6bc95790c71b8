"""Somebody always has the focus: keys work, screen readers speak, and one sees where one is.

Qt leaves nobody with it when what had it goes away and what had it before is gone or hidden, too.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from reader.ui.overlays.overlay import Overlay
from reader.ui.panes import Panes


class FocusKeeping(QObject):
    """Gives a focus that nobody has to the uppermost overlay, or to the list."""

    def __init__(self, panes: Panes, window: QWidget) -> None:
        """Looks after ``window`` for as long as that is open."""
        super().__init__(window)
        self._panes = panes
        self._window = window
        # Only once Qt has finished what took the focus away: it may be about to give it to something.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._give)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            self._soon.start()

    def _give(self) -> None:
        if QApplication.focusWidget() is not None or not self._window.isActiveWindow():
            return
        overlays = [overlay for overlay in self._window.findChildren(Overlay) if overlay.isVisible()]
        if overlays:
            overlays[-1].focusNextPrevChild(True)
        elif not QApplication.activePopupWidget():
            self._panes.pane.focus_list()
