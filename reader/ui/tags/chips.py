"""The tags that papers carry, as chips: full where all of them do, outlined and counted where only some do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reader.services.latex_to_unicode import shown_line
from reader.services.library.tags import TagUse
from reader.ui.detail.document import Look
from reader.ui.look.face import Face
from reader.ui.look.wording import joined, shown_tag
from reader.ui.tags.colors import legible

_PADDING = 9
_GAP = 6
_MOST = 40
_LONGEST = 60
_TINT = 38
"""How much of a tag's colour its chip's ground has, of 255."""


class TagChips(QWidget):
    """Draws chips on as many lines as they take; says them in words to screen readers."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Empty at first, which is said."""
        super().__init__(parent)
        self._look, self._face = look, Face(look.typography.interface())
        self._uses: tuple[TagUse, ...] = ()
        self._total = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Tags they carry")
        self.show_uses((), 1)

    def show_uses(self, uses: Sequence[TagUse], total: int) -> None:
        """Show the tags of ``total`` papers."""
        self._uses, self._total = tuple(uses[:_MOST]), total
        self.setAccessibleDescription(self.text())
        self.updateGeometry()
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def text(self) -> str:
        """The chips in words."""
        return joined([self._label(use) for use in self._uses]) or "No tags yet"

    def sizeHint(self) -> QSize:
        """As high as the width asks for."""
        return QSize(200, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """The height of the lines that the chips take."""
        places = self._places(width)
        return round(places[-1].bottom()) + 2 if places else round(self._line_height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines again."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.setFixedHeight(self.heightForWidth(event.size().width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the chips, or that there are none."""
        with QPainter(self) as painter:
            self._draw(painter)

    def _draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        texts = self._look.theme.texts
        if not self._uses:
            self._face.write(painter, texts.quiet, 0, self._face.ascent + 4, self.text())
            return
        for use, place in zip(self._uses, self._places(self.width()), strict=True):
            self._paint_chip(painter, use, place)
            ink = legible(use.tag.color, self._look.theme) if use.tag.color else texts.text
            left, room = place.left() + _PADDING, place.width() - 2 * _PADDING + 1
            self._face.write(painter, ink, left, self._face.baseline(place), self._label(use), room)

    def _paint_chip(self, painter: QPainter, use: TagUse, place: QRectF) -> None:
        """What all carry has a ground, what only some carry a broken outline."""
        theme = self._look.theme
        color = legible(use.tag.color, theme) if use.tag.color else theme.texts.quiet
        if use.is_on_all:
            ground = QColor(color)
            ground.setAlpha(_TINT)
            painter.setBrush(ground)
            painter.setPen(Qt.PenStyle.NoPen)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), place.height() / 2, place.height() / 2)

    @property
    def _line_height(self) -> float:
        return round(self._face.height) + 6.0

    def _places(self, width: int) -> list[QRectF]:
        """Where each chip stands."""
        height, x, y = self._line_height, 0.0, 0.0
        places = []
        for use in self._uses:
            wide = min(self._face.width(self._label(use)) + 2 * _PADDING + 1, max(float(width), 60.0))
            if x and x + wide > width:
                x, y = 0.0, y + height + _GAP
            places.append(QRectF(x, y, wide, height))
            x += wide + _GAP
        return places

    def _label(self, use: TagUse) -> str:
        name = shown_tag(shown_line(use.tag.name, _LONGEST))
        return name if use.is_on_all else f"{name}  {use.count:,} of {self._total:,}"
