"""Somebody always has the focus: keys work, screen readers speak, and the focus is visible.

Qt leaves nobody with it when what had it goes away and what had it before is gone or hidden, too. It gives it to what
is within something hidden, such as the list behind the welcome page or beside a paper that stands alone. And a view
that was asked for before an overlay opened may arrive after it, and take the focus that belongs to what is on top.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from reader.ui.app.timers import make_timer
from reader.ui.overlays.overlay import Overlay
from reader.ui.shell.panes import Panes


class FocusKeeping(QObject):
    """Gives a focus that nobody in sight has, or that went below an overlay, to the uppermost overlay or the panes."""

    def __init__(self, panes: Panes, window: QWidget) -> None:
        """Looks after ``window`` for as long as that is open."""
        super().__init__(window)
        self._panes = panes
        self._window = window
        self._before: QWidget | None = None
        # Only once Qt has finished what took the focus away: it may be about to give it to something.
        self._soon = make_timer(self, self._give)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is None or not now.isVisible() or self._overlay_above(now) is not None:
            self._before = before
            self._soon.start()

    def _overlay_above(self, widget: QWidget) -> Overlay | None:
        """The uppermost overlay, where the widget lies below it."""
        top = self._uppermost() if widget.window() is self._window else None
        return top if top is not None and not top.isAncestorOf(widget) else None

    def _uppermost(self) -> Overlay | None:
        among = self._window.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly)
        overlays = [overlay for overlay in among if overlay.isVisible()]
        return overlays[-1] if overlays else None

    def _give(self) -> None:
        now = QApplication.focusWidget()
        if now is not None and now.isVisible():
            above = self._overlay_above(now)
            if above is not None:
                above.return_to(now)
                self._focus_in(above)
        elif self._window.isActiveWindow():
            top = self._uppermost()
            if top is not None:
                self._focus_in(top)
            elif not QApplication.activePopupWidget():
                self._panes.focus_shown()

    def _focus_in(self, overlay: Overlay) -> None:
        """Give the focus back to what had it in an overlay, if that is still there."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible() and overlay.isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            overlay.focusNextPrevChild(True)
