"""How highlights and notes are drawn in their lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.ui.annotations.model import AnnotationListModel
from reader.ui.annotations.rows import AnnotationRow
from reader.ui.detail.document import Look
from reader.ui.highlights.layer import draw_chip
from reader.ui.highlights.tones import Tones
from reader.ui.look import icons
from reader.ui.look.row_list import Index, RowDelegate, paint_ground, paint_line_below
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
        self._line = round(self._normal.height * _LEADING)
        self._small_line = round(self._small.height * _LEADING)
        self.row_height = (_TEXT_LINES + 1) * self._line + self._small_line + 2 * _VERTICAL_PADDING
        self._glyph = round(self._normal.height)
        self._texts: dict[tuple[str, int], tuple[str, ...]] = {}

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, AnnotationListModel):
            return
        paint_ground(painter, rect, state, self._theme)
        paint_line_below(painter, rect, self._theme, _MARGIN)
        row = model.annotation(index.row())
        if row is not None:
            self._paint_row(painter, rect, row)
        else:
            baseline = rect.top() + _VERTICAL_PADDING + self._normal.ascent
            self._normal.write(painter, self._theme.texts.faint, self._left(rect), baseline, "No longer in the library")

    def _paint_row(self, painter: QPainter, rect: QRectF, row: AnnotationRow) -> None:
        texts = self._theme.texts
        left, top = self._left(rect), rect.top() + _VERTICAL_PADDING
        width = rect.right() - _MARGIN - left
        chip = QRectF(rect.left() + _MARGIN, top, self._glyph, self._glyph)
        if row.label:
            tone = self._tones.of(row.label)
            draw_chip(painter, chip, tone.initial, self._small.font, (tone.ground, tone.ink, texts.text))
        else:
            icons.draw_note(painter, chip, texts.quiet)
        baseline = top + self._normal.ascent
        for line in self._broken(row.text, int(width), _TEXT_LINES if row.comment else _TEXT_LINES + 1):
            self._normal.write(painter, texts.text, left, baseline, line)
            baseline += self._line
        baseline += self._small.ascent - self._normal.ascent
        if row.comment:
            self._small.write(painter, texts.quiet, left, baseline, row.comment, width)
            baseline += self._small_line
        if row.label:
            left = self._small.write(painter, self._tones.of(row.label).ink, left, baseline, row.label) + 10
        self._small.write(painter, texts.faint, left, baseline, row.facts, rect.right() - _MARGIN - left)

    def _broken(self, text: str, width: int, lines: int) -> tuple[str, ...]:
        """A text on lines; kept, because breaking lines takes longer than drawing them."""
        key = (text, width * lines)
        if key not in self._texts:
            if len(self._texts) >= _CACHED_TEXTS:
                self._texts.clear()
            self._texts[key] = broken_lines(text, self._normal, (width,) * lines)
        return self._texts[key]

    def _left(self, rect: QRectF) -> float:
        return rect.left() + _MARGIN + self._glyph + 9
