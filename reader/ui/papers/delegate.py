"""How the rows of a paper list are drawn."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QFont, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle

from reader.domain.papers import PaperRow, PaperState
from reader.domain.query import Marker, TextField
from reader.domain.settings import Density
from reader.services.latex_to_unicode import shown_line
from reader.ui.look import icons
from reader.ui.look.face import Face
from reader.ui.look.row_list import Index, RowDelegate, paint_ground, paint_line_below
from reader.ui.look.themes import Theme
from reader.ui.look.typography import Typography
from reader.ui.look.wording import joined, row_facts, shown_tag, verdict_words
from reader.ui.papers.entries import Section, is_dimmed
from reader.ui.papers.model import PaperListModel
from reader.ui.search.marks import Spans, line_spans, write_marked
from reader.ui.tags.colors import TagColors, legible

_MARGIN = 14
_VERTICAL_PADDING = {Density.COMFORTABLE: 10, Density.COMPACT: 5}
_LEADING = 1.22
_TITLE_LIMIT = 500
_CACHED_TEXTS = 500
_LINES = {Density.COMFORTABLE: 3, Density.COMPACT: 2}
"""Of text in a row: the title on all but the last, at most."""


@dataclass(frozen=True, slots=True)
class _RowText:
    """A paper's texts, broken and cut for one width."""

    title: tuple[str, ...]
    facts: str
    abstract: tuple[str, ...]
    title_marks: tuple[Spans, ...]
    abstract_marks: tuple[Spans, ...]


class PaperDelegate(RowDelegate):
    """Draws papers, headings and folded lines, all of one height."""

    def __init__(self, theme: Theme, typography: Typography, parent: QObject | None = None) -> None:
        """``set_look`` changes both later."""
        super().__init__(parent)
        self._marker: Marker | None = None
        self._tag_colors: TagColors = {}
        self.set_look(theme, typography)

    def set_look(self, theme: Theme, typography: Typography, density: Density = Density.COMFORTABLE) -> None:
        """Use other colours or sizes, or give rows more or less room."""
        self.use(theme, typography)
        self._title_line = round(self._strong.height * _LEADING * 0.92)
        self._small_line = round(self._small.height * _LEADING)
        self._glyph = round(self._strong.height * 0.82)
        self._padding, self._lines = _VERTICAL_PADDING[density], _LINES[density]
        self.row_height = (self._lines - 1) * self._title_line + self._small_line + 2 * self._padding
        self._texts: dict[tuple[PaperRow, int, int], _RowText] = {}

    def set_marker(self, marker: Marker | None) -> None:
        """Mark what was searched for from now on; None marks nothing."""
        self._marker = marker
        self._texts.clear()

    def set_tag_colors(self, colors: TagColors) -> None:
        """Draw tags in these colours."""
        self._tag_colors = colors

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        if not isinstance(model, PaperListModel):
            return
        entries, row = model.entries, index.row()
        heading = entries.heading(row)
        if heading is not None:
            self._paint_heading(painter, rect, heading)
        else:
            paint_ground(painter, rect, state, self._theme)
            paint_line_below(painter, rect, self._theme, _MARGIN)
            fold = entries.fold(row)
            if fold is not None:
                self._paint_fold(painter, rect, fold, unfolded=entries.is_unfolded(fold))
            else:
                self._paint_paper(painter, rect, model.paper(row), model)

    def _paint_heading(self, painter: QPainter, rect: QRectF, section: Section) -> None:
        texts = self._theme.texts
        left, width = rect.left() + _MARGIN, rect.width() - 2 * _MARGIN
        baseline = rect.bottom() - self._padding - self._small.metrics.descent()
        self._small.write(painter, texts.quiet, left, baseline, section.facts, width)
        self._strong.write(painter, texts.accent, left, baseline - self._small_line - 1, section.title, width)
        paint_line_below(painter, rect, self._theme, 0)

    def _paint_fold(self, painter: QPainter, rect: QRectF, section: Section, *, unfolded: bool) -> None:
        glyph = self._glyph_rect(rect, rect.center().y())
        draw = icons.draw_open_fold if unfolded else icons.draw_closed_fold
        draw(painter, glyph, self._theme.texts.quiet)
        left = self._text_left(rect)
        baseline, right = rect.center().y() + self._normal.ascent / 2 - 1, rect.right() - _MARGIN
        hint = f"Enter {'hides' if unfolded else 'shows'}"
        hint_left = right - self._small.width(hint)
        end = self._normal.write(painter, self._theme.texts.quiet, left, baseline, section.known_line, right - left)
        if hint_left > end + _MARGIN:
            self._small.write(painter, self._theme.texts.faint, hint_left, baseline, hint)

    def _paint_paper(self, painter: QPainter, rect: QRectF, paper: PaperRow | None, model: PaperListModel) -> None:
        texts = self._theme.texts
        left, top = self._text_left(rect), rect.top() + self._padding
        baseline = top + self._strong.ascent + 1
        if paper is None:
            room = rect.right() - _MARGIN - left
            self._normal.write(painter, texts.faint, left, baseline, "No longer in the library", room)
            return
        dimmed = is_dimmed(model.kind, paper)
        painter.setOpacity(0.6 if dimmed else 1.0)
        glyph = self._glyph_rect(rect, top + self._strong.height / 2 + 1)
        snoozed = paper.buried_until is not None
        icons.draw_state(painter, glyph, self._theme, paper.state, seen=paper.seen, snoozed=snoozed)
        painter.setOpacity(1.0)
        right = self._paint_marks(painter, rect, top, paper, is_outside=paper.id in model.outside)
        text = self._text(paper, int(right - left), int(rect.right() - _MARGIN - left))
        unseen = paper.state is PaperState.INBOX and not paper.seen and not snoozed
        face, ink = self._strong if unseen else self._normal, texts.faint if dimmed else texts.text
        for line, marks in zip(text.title, text.title_marks, strict=True):
            write_marked(painter, face, ink, QPointF(left, baseline), line, marks, self._theme)
            baseline += self._title_line
        baseline += self._small.ascent - self._strong.ascent
        if text.facts:
            self._paint_facts(painter, QPointF(left, baseline), paper, text.facts, dimmed=dimmed)
            baseline += self._small_line
        for line, marks in zip(text.abstract, text.abstract_marks, strict=True):
            write_marked(painter, self._small, texts.faint, QPointF(left, baseline), line, marks, self._theme)
            baseline += self._small_line

    def _paint_facts(self, painter: QPainter, at: QPointF, paper: PaperRow, facts: str, *, dimmed: bool) -> None:
        """The second line: a verdict stands first, in words, then tags in their colours; all cut where the line is."""
        texts = self._theme.texts
        quiet = texts.faint if dimmed else texts.quiet
        runs = [(words, texts.accent) for words in verdict_words(paper.state, paper.buried_until)]
        for tag in paper.tags:
            own = self._tag_colors.get(tag)
            runs.append((shown_tag(tag), legible(own, self._theme) if own else quiet))
        position, left = 0, at.x()
        for words, color in runs:
            start = facts.find(words, position)
            if start < 0:
                break
            left = self._small.write(painter, quiet, left, at.y(), facts[position:start])
            left = self._small.write(painter, quiet if dimmed else color, left, at.y(), words)
            position = start + len(words)
        self._small.write(painter, quiet, left, at.y(), facts[position:])

    def _paint_marks(self, painter: QPainter, rect: QRectF, top: float, paper: PaperRow, *, is_outside: bool) -> float:
        """Star, note, highlights, PDF and "outside your usual" at the right of the first line; where text ends."""
        right = rect.right() - _MARGIN
        size = self._glyph
        marks = []
        if paper.starred:
            marks.append((icons.draw_star, self._theme.marks.star))
        if paper.has_note:
            marks.append((icons.draw_note, self._theme.texts.quiet))
        if paper.highlight_count:
            marks.append((icons.draw_marker, self._theme.marks.star))
        if paper.has_document:
            marks.append((icons.draw_document, self._theme.texts.quiet))
        if is_outside:
            marks.append((icons.draw_diamond, self._theme.texts.accent))
        for draw, color in marks:
            right -= size
            draw(painter, QRectF(right, top + 1, size, size), color)
            right -= 3
        return right - 4 if marks else right

    def _text(self, paper: PaperRow, first_width: int, width: int) -> _RowText:
        """The texts of a paper, broken for a width; kept, because breaking lines takes longer than drawing them."""
        key = (paper, first_width, width)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) >= _CACHED_TEXTS:
                self._texts.clear()
            found = self._texts[key] = self._break(paper, first_width, width)
        return found

    def _break(self, paper: PaperRow, first_width: int, width: int) -> _RowText:
        title = shown_line(paper.title, _TITLE_LIMIT)
        lines = broken_lines(title, self._strong, (first_width, width)[: self._lines - 1])
        facts = joined((*verdict_words(paper.state, paper.buried_until), row_facts(paper)))
        room = self._lines - len(lines) - bool(facts)
        words = shown_line(paper.abstract_start, _TITLE_LIMIT) if room else ""
        abstract = broken_lines(words, self._small, (width,) * room) if words else ()
        facts = self._small.cut(facts, width)
        if self._marker is None:
            return _RowText(lines, facts, abstract, ((),) * len(lines), ((),) * len(abstract))
        title_marks = line_spans(title, lines, self._marker.spans(title, TextField.TITLE))
        abstract_marks = line_spans(words, abstract, self._marker.spans(words, TextField.ABSTRACT))
        return _RowText(lines, facts, abstract, title_marks, abstract_marks)

    def _glyph_rect(self, rect: QRectF, middle: float) -> QRectF:
        return QRectF(rect.left() + _MARGIN, middle - self._glyph / 2, self._glyph, self._glyph)

    def _text_left(self, rect: QRectF) -> float:
        return rect.left() + _MARGIN + self._glyph + 9


def broken_lines(text: str, face: Face, widths: tuple[int, ...]) -> tuple[str, ...]:
    """A text on as many lines as there are widths, at most; the last is cut where there is more."""
    lines: list[str] = []
    for number, width in enumerate(widths, start=1):
        if number == len(widths) or face.width(text) <= width:
            lines.append(face.cut(text, width))
            break
        first, text = _first_line(text, face.font, width)
        lines.append(first)
        if not text:
            break
    return tuple(lines)


def _first_line(text: str, font: QFont, width: int) -> tuple[str, str]:
    """What of a text fits on one line, and the rest. Qt counts in UTF-16 code units."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    units = text.encode("utf-16-le")
    end = 2 * line.textLength()
    layout.endLayout()
    return units[:end].decode("utf-16-le", "replace").rstrip(), units[end:].decode("utf-16-le", "replace").strip()
