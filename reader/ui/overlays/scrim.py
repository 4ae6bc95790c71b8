"""A veil over the window that has what lies below it painted once, not again at every letter typed above."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

_RENEWED_MS = 400


class Scrim(QWidget):
    """Dims what it covers.

    A translucent widget has Qt paint all that is below whenever anything within it changes. So this one is translucent
    only until it was painted in full; then it keeps what was painted, dimmed, and lets Qt leave out what is below.
    """

    def __init__(self, window: QWidget) -> None:
        """Lies in ``window``, over what is in it already."""
        super().__init__(window)
        self._below: QImage | None = None
        self._renew_soon = QTimer(self)
        self._renew_soon.setSingleShot(True)
        self._renew_soon.setInterval(_RENEWED_MS)
        self._renew_soon.timeout.connect(self.renew)

    def renew(self) -> None:
        """Have what lies below painted again."""
        self._renew_soon.stop()
        self._below = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.update()

    def renew_soon(self) -> None:
        """What lies below has changed; it is painted again in a moment, together with what else changes until then."""
        if not self.isHidden() and not self._renew_soon.isActive():
            self._renew_soon.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        """What lies below, as it was when last painted."""
        if self._below is not None:
            with QPainter(self) as painter:
                painter.drawImage(0, 0, self._below)
            return
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Shadow))
            painted = painter.paintEngine().paintDevice()
        if event.region().boundingRect() == self.rect() and painted is self.backingStore().paintDevice():
            self._keep(painted)

    def changeEvent(self, event: QEvent) -> None:
        """Other colours, below too."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.renew()

    def _keep(self, painted: object) -> None:
        """Keep the part of the window's image that is covered; not every platform has the window painted into one."""
        if isinstance(painted, QImage):
            ratio = painted.devicePixelRatio()
            place = QRect(self.pos() * ratio, self.size() * ratio)
            self._below = painted.copy(place)
            self._below.setDevicePixelRatio(ratio)
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
