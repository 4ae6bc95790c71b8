"""A veil over the window that has what lies below it painted once, not again at every letter typed above."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from reader.ui.app.timers import make_timer

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
        self._renew_soon = make_timer(self, self.renew, _RENEWED_MS)

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
        store = self.backingStore()
        if event.region().boundingRect() == self.rect() and store is not None and painted is store.paintDevice():
            self._keep(painted)

    def hideEvent(self, event: QHideEvent) -> None:
        """The next one may have the memory."""
        super().hideEvent(event)
        if self._below is not None:
            _spare[:] = [self._below]
            self.renew()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours, below too."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self.renew()

    def _keep(self, painted: object) -> None:
        """Keep the part of the window's image that is covered; not every platform has the window painted into one."""
        if isinstance(painted, QImage):
            ratio = painted.devicePixelRatio()
            corner = QPointF(self.mapTo(self.window(), QPoint()))
            # Where pixels are not whole, rather one more than one less.
            place = QRectF(corner * ratio, QSizeF(self.size()) * ratio).toAlignedRect()
            self._below = _copied(painted, place)
            self._below.setDevicePixelRatio(ratio)
            self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


_spare: list[QImage] = []
"""At most one image, to be painted over: a window's worth of fresh memory takes longer to get than to fill."""


def _copied(image: QImage, place: QRect) -> QImage:
    """A part of an image, in pixels."""
    copy = _spare.pop() if _spare else QImage()
    if copy.size() != place.size() or copy.format() is not image.format():
        return image.copy(place)
    copy.setDevicePixelRatio(1)
    with QPainter(copy) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QRectF(copy.rect()), image, QRectF(place))
    return copy
