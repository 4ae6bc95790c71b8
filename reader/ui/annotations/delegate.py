"""How highlights and notes are drawn in their lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.ui.annotations.model import AnnotationListModel
from reader.ui.annotations.rows import AnnotationRow
from reader.ui.detail.document import Look
from reader.ui.highlights.layer import draw_chip
from reader.ui.highlights.tones import Tones
from reader.ui.look import icons
from reader.ui.look.row_list import Index, RowDelegate, paint_ground
from reader.ui.papers.delegate import broken_lines

_MARGIN = 14
_VERTICAL_PADDING = 10
_LEADING = 1.16
_TEXT_LINES = 2
_CACHED_TEXTS = 500


class AnnotationDelegate(RowDelegate):
    """Draws a quote or a note's beginning, its comment, and the paper; all rows of one height."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        """``set_look`` changes colours and sizes later."""
        super().__init__(parent)
        self.set_look(look, Tones((), look.theme))

    def set_look(self, look: Look, tones: Tones) -> None:
        """Use other colours or sizes."""
        self.use(look.theme, look.typography)
        self._tones = tones
        self._line = round(self._normal_metrics.height() * _LEADING)
        self._small_line = round(self._small_metrics.height() * _LEADING)
        self.row_height = (_TEXT_LINES + 1) * self._line + self._small_line + 2 * _VERTICAL_PADDING
        self._glyph = round(self._normal_metrics.height())
        self._texts: dict[tuple[str, int], tuple[str, ...]] = {}

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, AnnotationListModel):
            return
        paint_ground(painter, rect, state, self._theme)
        line = QRectF(rect.left() + _MARGIN, rect.bottom() - 1, rect.width() - 2 * _MARGIN, 1)
        painter.fillRect(line, self._theme.surfaces.line)
        row = model.annotation(index.row())
        if row is not None:
            self._paint_row(painter, rect, row)
        else:
            at = QPointF(self._left(rect), rect.top() + _VERTICAL_PADDING + self._normal_metrics.ascent())
            self.write(painter, self._normal, self._theme.texts.faint, at, "No longer in the library")

    def _paint_row(self, painter: QPainter, rect: QRectF, row: AnnotationRow) -> None:
        texts = self._theme.texts
        left, top = self._left(rect), rect.top() + _VERTICAL_PADDING
        width = rect.right() - _MARGIN - left
        chip = QRectF(rect.left() + _MARGIN, top, self._glyph, self._glyph)
        if row.label:
            tone = self._tones.of(row.label)
            draw_chip(painter, chip, tone.initial, self._small, (tone.ground, tone.ink, texts.text))
        else:
            icons.draw_note(painter, chip, texts.quiet)
        at = QPointF(left, top + self._normal_metrics.ascent())
        for line in self._broken(row.text, int(width), _TEXT_LINES if row.comment else _TEXT_LINES + 1):
            self.write(painter, self._normal, texts.text, at, line)
            at.setY(at.y() + self._line)
        at.setY(at.y() + self._small_metrics.ascent() - self._normal_metrics.ascent())
        if row.comment:
            self.write(painter, self._small, texts.quiet, at, self._cut(row.comment, width))
            at.setY(at.y() + self._small_line)
        facts = self._cut(row.facts, width)
        if row.label:
            tone = self._tones.of(row.label)
            self.write(painter, self._small, tone.ink, at, row.label)
            advance = self._small_metrics.horizontalAdvance(row.label) + 10
            at.setX(at.x() + advance)
            facts = self._cut(row.facts, width - advance)
        self.write(painter, self._small, texts.faint, at, facts)

    def _broken(self, text: str, width: int, lines: int) -> tuple[str, ...]:
        """A text on lines; kept, because breaking lines takes longer than drawing them."""
        key = (text, width * lines)
        if key not in self._texts:
            if len(self._texts) >= _CACHED_TEXTS:
                self._texts.clear()
            self._texts[key] = broken_lines(text, self._normal, self._normal_metrics, (width,) * lines)
        return self._texts[key]

    def _cut(self, text: str, width: float) -> str:
        return self._small_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _left(self, rect: QRectF) -> float:
        return rect.left() + _MARGIN + self._glyph + 9
