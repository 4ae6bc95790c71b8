"""Highlights painted over a paper: their grounds and lines in the text, and initials in the margin beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from PySide6.QtCore import QObject, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from reader.domain.highlight_runs import TARGETS, HighlightRun, highlight_runs
from reader.domain.papers import Highlight
from reader.services.library.highlights import TargetSpan
from reader.ui.detail.view import DetailView
from reader.ui.highlights.geometry import line_boxes
from reader.ui.highlights.tones import Tone

_CHIP_GAP = 10.0
_MOST_CHIPS = 2


def selection(view: QTextEdit, start: int, end: int, style: QTextCharFormat) -> QTextEdit.ExtraSelection:
    """A format laid over a stretch of a view's document."""
    made = QTextEdit.ExtraSelection()
    made.cursor = QTextCursor(view.document())
    made.cursor.setPosition(start)
    made.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    made.format = style
    return made


def draw_chip(painter: QPainter, box: QRectF, text: str, font: QFont, colors: tuple[QColor, QColor, QColor]) -> None:
    """A small rounded box with a letter or two; ``colors`` are its ground, its edge and its text's."""
    ground, edge, ink = colors
    painter.setPen(QPen(edge, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5)
    painter.setPen(ink)
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class HighlightLayer(QObject):
    """Paints the highlights of the paper a view shows; one of them may be marked as the one where the user is."""

    def __init__(self, view: DetailView) -> None:
        """Follows what ``view`` shows."""
        super().__init__(view)
        self._view = view
        self.here: int | None = None
        """The highlight that is marked, by id."""
        self._starts: list[tuple[int, Highlight]] = []
        self._more: Callable[[], Sequence[QTextEdit.ExtraSelection]] | None = None
        self._draw_more: Callable[[QPainter], None] | None = None
        view.rewritten.connect(self.refresh)

    def mark(self, highlight_id: int | None) -> None:
        """Mark one highlight, or none."""
        if highlight_id != self.here:
            self.here = highlight_id
            self.refresh()

    def start_of(self, highlight_id: int) -> int | None:
        """Where a highlight begins in the document; None where it could not be placed."""
        return next((at for at, each in self._starts if each.id == highlight_id), None)

    def set_more(
        self,
        more: Callable[[], Sequence[QTextEdit.ExtraSelection]] | None,
        draw: Callable[[QPainter], None] | None,
    ) -> None:
        """Lay more over the text, and draw more on top, until told otherwise."""
        self._more, self._draw_more = more, draw
        self.refresh()

    def refresh(self) -> None:
        """Paint what there is now."""
        layer: list[QTextEdit.ExtraSelection] = []
        self._starts = []
        if self._view.paper is not None:
            self._starts = [(at, each) for each in self._view.paper.highlights if (at := self._start(each)) is not None]
            for target in TARGETS:
                for run in highlight_runs(self._view.paper.highlights, target):
                    span = TargetSpan(target, run.start, run.end)
                    style = self._style(run)
                    layer += (selection(self._view, *one, style) for one in self._view.places.ranges(span))
            layer += self._marked_row()
        if self._more is not None:
            layer += self._more()
        self._view.lay_over(layer, self._draw if self._starts or self._draw_more is not None else None)

    def _style(self, run: HighlightRun) -> QTextCharFormat:
        """How text under these highlights looks: the innermost gives the line, several together a stronger ground."""
        tones = self._view.tones
        innermost = min(run.highlights, key=_length)
        marked = next((each for each in run.highlights if each.id == self.here), None)
        tone = tones.of((marked or innermost).label)
        style = QTextCharFormat()
        if marked is not None:
            style.setBackground(tone.strong)
        elif len(run.highlights) > 1:
            style.setBackground(tones.overlap([each.label for each in run.highlights]))
        else:
            style.setBackground(tone.ground)
        style.setUnderlineStyle(tone.line)
        style.setUnderlineColor(tone.ink)
        return style

    def _marked_row(self) -> list[QTextEdit.ExtraSelection]:
        """The row of the marked highlight in the list below the abstract."""
        if self.here is None or self.here not in self._view.highlight_rows:
            return []
        style = QTextCharFormat()
        style.setBackground(self._view.look.theme.surfaces.selected_focus)
        return [selection(self._view, *self._view.highlight_rows[self.here], style)]

    def _draw(self, painter: QPainter) -> None:
        self._draw_initials(painter)
        if self._draw_more is not None:
            self._draw_more(painter)

    def _draw_initials(self, painter: QPainter) -> None:
        """The initials of the highlights that begin on a line, in the margin before it."""
        font = self._view.look.typography.small()
        size = QFontMetricsF(font).height()
        starts = [(boxes[0].top(), boxes[0], each) for at, each in self._starts if (boxes := self._boxes(at))]
        starts.sort(key=lambda start: start[0])
        margin = self._view.document().rootFrame().frameFormat().leftMargin()
        for _, group in groupby(starts, key=lambda start: start[0]):
            on_line = list(group)
            box = on_line[0][1]
            if box.bottom() < 0 or box.top() > self._view.viewport().height():
                continue
            right = margin - _CHIP_GAP
            for _, _, highlight in reversed(on_line[:_MOST_CHIPS]):
                tone = self._view.tones.of(highlight.label)
                chip = QRectF(right - size, box.center().y() - size / 2, size, size)
                draw_chip(painter, chip, tone.initial, font, self._chip_colors(tone, highlight.id))
                right -= size + 2

    def _chip_colors(self, tone: Tone, highlight_id: int) -> tuple[QColor, QColor, QColor]:
        theme = self._view.look.theme
        if highlight_id == self.here:
            return tone.ink, tone.ink, theme.surfaces.page
        return tone.ground, tone.ink, theme.texts.text

    def _boxes(self, position: int) -> list[QRectF]:
        return line_boxes(self._view, position, position + 1)

    def _start(self, highlight: Highlight) -> int | None:
        """Where a highlight begins in the document; None where it could not be placed."""
        if highlight.start is None or highlight.end is None:
            return None
        ranges = self._view.places.ranges(TargetSpan(highlight.target, highlight.start, highlight.end))
        return ranges[0][0] if ranges else None


def _length(highlight: Highlight) -> tuple[int, int]:
    return (highlight.end or 0) - (highlight.start or 0), -highlight.id
