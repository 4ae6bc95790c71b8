"""For how long a paper was looked at: the time spent in a search box or an overlay is no time for the paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from reader.ui.overlays.overlay import Overlay


class Attention(QObject):
    """A stopwatch that stands still while the focus is in a line to type in or in an overlay."""

    def __init__(self, clock: Callable[[], float], parent: QObject) -> None:
        """``clock`` counts seconds. Begins at 0, running."""
        super().__init__(parent)
        self._clock = clock
        self._spent = 0.0
        self._since: float | None = clock()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_changed)

    def restart(self) -> None:
        """Begin at 0 again, with another paper."""
        self._spent = 0.0
        self._since = None if self.is_elsewhere else self._clock()

    @property
    def seconds(self) -> float:
        """For how long the paper was looked at."""
        return self._spent + (self._clock() - self._since if self._since is not None else 0.0)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the user is typing a search or busy in an overlay, and looks at no paper."""
        return _is_elsewhere(QApplication.focusWidget())

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if _is_elsewhere(new):
            self._spent, self._since = self.seconds, None
        elif self._since is None:
            self._since = self._clock()


def _is_elsewhere(widget: QWidget | None) -> bool:
    if isinstance(widget, QLineEdit):
        return True
    while widget is not None:
        if isinstance(widget, Overlay):
            return True
        widget = widget.parentWidget()
    return False
