"""Where text of a document stands on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QTextEdit


def line_boxes(view: QTextEdit, start: int, end: int) -> list[QRectF]:
    """The boxes around a stretch of a view's document, one for each line it stands on, in the viewport's pixels.

    In text of mixed direction a box holds all between the stretch's two ends.
    """
    document, boxes = view.document(), []
    scrolled = QPointF(view.horizontalScrollBar().value(), view.verticalScrollBar().value())
    block = document.findBlock(start)
    while block.isValid() and block.position() < end:
        origin = document.documentLayout().blockBoundingRect(block).topLeft() - scrolled
        layout = block.layout()
        low, high = max(start - block.position(), 0), min(end - block.position(), block.length() - 1)
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            first, last = max(low, line.textStart()), min(high, line.textStart() + line.textLength())
            if first < last:
                left, right = sorted((_x(line.cursorToX(first)), _x(line.cursorToX(last))))
                boxes.append(QRectF(origin.x() + left, origin.y() + line.y(), right - left, line.height()))
        block = block.next()
    return boxes


def starts_at_right(view: QTextEdit, position: int) -> bool:
    """Whether the text at a position is written from right to left."""
    layout = view.document().findBlock(position).layout()
    at = position - view.document().findBlock(position).position()
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        if line.textStart() <= at < line.textStart() + line.textLength():
            return _x(line.cursorToX(at + 1)) < _x(line.cursorToX(at))
    return False


def _x(place: object) -> float:
    """The x of what Qt answers: older bindings give the cursor's position along with it."""
    value = place[0] if isinstance(place, tuple) else place
    return float(value) if isinstance(value, int | float) else 0.0
