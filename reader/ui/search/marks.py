"""Marking what was searched for: in lines that a delegate draws, and over a document."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from reader.domain.query import Marker, TextField
from reader.ui.look.face import Face
from reader.ui.look.themes import Theme

_ELLIPSIS = "…"
Spans = tuple[tuple[int, int], ...]


def line_spans(text: str, lines: Sequence[str], spans: Spans) -> tuple[Spans, ...]:
    """The spans of a text as they fall on the lines it was broken into (the last perhaps cut short)."""
    found, position = [], 0
    for line in lines:
        whole = line if text.startswith(line, text.find(line, position)) else line.removesuffix(_ELLIPSIS)
        start = max(text.find(whole, position), position)
        end = start + len(whole)
        inside = [(max(one, start), min(other, end)) for one, other in spans if one < end and other > start]
        found.append(tuple((one - start, other - start) for one, other in inside))
        position = end
    return tuple(found)


def write_marked(
    painter: QPainter, face: Face, color: QColor, at: QPointF, line: str, spans: Spans, theme: Theme
) -> None:
    """Write a line with its baseline at ``at``, what is marked in full ink on a ground."""
    position, x = 0, at.x()
    for start, end in spans:
        face.write(painter, color, x, at.y(), line[position:start])
        x, right = at.x() + face.width(line[:start]), at.x() + face.width(line[:end])
        painter.fillRect(QRectF(x - 1, at.y() - face.ascent, right - x + 2, face.height), theme.marks.found)
        face.write(painter, theme.texts.text, x, at.y(), line[start:end])
        position, x = end, right
    face.write(painter, color, x, at.y(), line[position:])


def document_marks(
    document: QTextDocument, texts: Sequence[tuple[int, str, TextField]], marker: Marker | None, color: QColor
) -> list[QTextEdit.ExtraSelection]:
    """Marks to lay over a document that holds ``texts`` at places counted in Qt's units."""
    if marker is None:
        return []
    style = QTextCharFormat()
    style.setBackground(color)
    selections = []
    for place, text, field in texts:
        for start, end in marker.spans(text, field):
            cursor = QTextCursor(document)
            cursor.setPosition(place + _units(text[:start]))
            cursor.setPosition(place + _units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, style
            selections.append(selection)
    return selections


def _units(text: str) -> int:
    """A text's length in UTF-16 code units, which Qt counts in."""
    return len(text.encode("utf-16-le")) // 2
