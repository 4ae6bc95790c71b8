"""The subscriptions as rows of a table, and how they are drawn: name, source, what is new, and the last fetch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.domain.subscriptions import SubscriptionStatus
from reader.services.latex_to_unicode import shown_line
from reader.ui.look import icons
from reader.ui.look.row_list import Index, RowModel, TwoLineDelegate, paint_ground, paint_line_below
from reader.ui.look.wording import SEPARATOR, joined
from reader.ui.subscriptions.wording import beside_name, new_words, source_words, status_line

_MARGIN = 14
_NAME_LIMIT = 120


class SubscriptionModel(RowModel):
    """The subscriptions by name."""

    title = "Subscriptions"

    def __init__(self, clock: Callable[[], datetime], parent: QObject) -> None:
        """``clock`` gives the present where the user is, from which times are told."""
        super().__init__(parent)
        self._clock = clock
        self._statuses: tuple[SubscriptionStatus, ...] = ()

    def show(self, statuses: Sequence[SubscriptionStatus]) -> None:
        """Show these; rows stay rows where the subscriptions are the same."""
        is_same = [each.subscription.id for each in statuses] == [each.subscription.id for each in self._statuses]
        if is_same and statuses:
            self._statuses = tuple(statuses)
            self.dataChanged.emit(self.index(0), self.index(len(statuses) - 1))
        elif not is_same:
            self.beginResetModel()
            self._statuses = tuple(statuses)
            self.endResetModel()

    def status(self, row: int) -> SubscriptionStatus | None:
        """The subscription of a row; None if there is none."""
        return self._statuses[row] if 0 <= row < len(self._statuses) else None

    def row_of(self, subscription_id: int) -> int | None:
        """The row of a subscription."""
        ids = [each.subscription.id for each in self._statuses]
        return ids.index(subscription_id) if subscription_id in ids else None

    def line(self, status: SubscriptionStatus) -> str:
        """The state of a subscription on a line."""
        return status_line(status, self._clock())

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._statuses)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a subscription's name, or all that its row tells."""
        status = self._statuses[row]
        name = shown_line(status.subscription.name, _NAME_LIMIT)
        source = source_words(status.subscription.kind, status.subscription.argument)
        said = joined((name, new_words(status), source, self.line(status)))
        return said.replace(SEPARATOR, ", ") if spoken else name


class SubscriptionDelegate(TwoLineDelegate):
    """Draws a name with what is fetched and what is new, and below it the times, or what went wrong."""

    padding = 9

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        status = model.status(index.row()) if isinstance(model, SubscriptionModel) else None
        if status is None or not isinstance(model, SubscriptionModel):
            return
        texts = self._theme.texts
        paint_ground(painter, rect, state, self._theme)
        paint_line_below(painter, rect, self._theme, 0)
        side = round(self._normal.height)
        glyph = QRectF(rect.left() + _MARGIN, rect.top() + self.padding, side, side)
        icons.draw_feed(painter, glyph, texts.error if status.error else texts.quiet)
        left, right = glyph.right() + 10, rect.right() - _MARGIN
        first, second = self.baselines(rect)
        self._write_first_line(painter, QPointF(left, first), right, status)
        color = texts.error if status.error else texts.quiet
        self._small.write(painter, color, left, second, model.line(status), right - left)

    def _write_first_line(self, painter: QPainter, at: QPointF, right: float, status: SubscriptionStatus) -> None:
        """The name, what is fetched as far as there is room, and at the right what is new."""
        texts, subscription = self._theme.texts, status.subscription
        new = new_words(status)
        if new:
            right -= self._strong.width(new)
            self._strong.write(painter, texts.accent, right, at.y(), new)
            right -= _MARGIN
        name = shown_line(subscription.name, _NAME_LIMIT)
        left = self._strong.write(painter, texts.text, at.x(), at.y(), name, right - at.x()) + _MARGIN
        if right - left > 6 * _MARGIN:
            self._normal.write(painter, texts.faint, left, at.y(), beside_name(subscription), right - left)
