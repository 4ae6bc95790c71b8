"""What is kept beside as rows of a table: the paper, what differs, what is shown and what the other device said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.domain.sync import KeptBeside
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.sync import field_words, value_words
from reader.ui.look.row_list import Index, RowModel, TwoLineDelegate, paint_ground, paint_line_below
from reader.ui.look.wording import joined
from reader.ui.sync.wording import since_words

_MARGIN = 14
_TITLE_LIMIT = 200
_NAME_LIMIT = 60


class BesideModel(RowModel):
    """The values that are not shown, as they were read."""

    title = "Kept beside"

    def __init__(self, clock: Callable[[], datetime], parent: QObject) -> None:
        """``clock`` gives the present where the user is, from which times are told."""
        super().__init__(parent)
        self._clock = clock
        self.rows: tuple[KeptBeside, ...] = ()

    def show(self, rows: Sequence[KeptBeside]) -> None:
        """Show these."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def row(self, number: int) -> KeptBeside | None:
        """What is kept in a row; None if there is no such row."""
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def row_of(self, kept_id: str) -> int | None:
        """The row of a value."""
        return next((number for number, each in enumerate(self.rows) if each.id == kept_id), None)

    def title_of(self, kept: KeptBeside) -> str:
        """What the value is about: a paper's title, or a tag's name."""
        return shown_line(kept.title, _TITLE_LIMIT) or kept.key

    def difference(self, kept: KeptBeside) -> str:
        """The field, what is shown, and what the other device said: ``State: Queued is shown, Laptop has Done``."""
        shown, other = self._values(kept)
        return f"{field_words(kept)}: {shown} is shown, {self.device(kept)} has {other}"

    def facts(self, kept: KeptBeside) -> str:
        """The two values, each on a line."""
        shown, other = self._values(kept)
        return f"Shown: {shown}\n{self.device(kept)}, {self.when(kept)}: {other}"

    def device(self, kept: KeptBeside) -> str:
        """The other device's name."""
        return shown_line(kept.device, _NAME_LIMIT)

    def when(self, kept: KeptBeside) -> str:
        """When the other device said it."""
        return since_words(kept.time, self._clock())

    def _values(self, kept: KeptBeside) -> tuple[str, str]:
        return value_words(kept.field, kept.shown), value_words(kept.field, kept.value)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a row's text."""
        kept = self.rows[row]
        return joined((self.title_of(kept), self.difference(kept), self.when(kept)))


class BesideDelegate(TwoLineDelegate):
    """Draws a title with the time, and below it the two values."""

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        model = index.model()
        kept = model.row(index.row()) if isinstance(model, BesideModel) else None
        if kept is None or not isinstance(model, BesideModel):
            return
        texts = self._theme.texts
        paint_ground(painter, rect, state, self._theme)
        paint_line_below(painter, rect, self._theme, _MARGIN)
        left, right = rect.left() + _MARGIN, rect.right() - _MARGIN
        first, second = self.baselines(rect)
        when = model.when(kept)
        width = self._small.width(when)
        self._small.write(painter, texts.quiet, right - width, first, when)
        self._strong.write(painter, texts.text, left, first, model.title_of(kept), right - width - _MARGIN - left)
        self._small.write(painter, texts.quiet, left, second, model.difference(kept), right - left)
