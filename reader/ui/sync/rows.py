"""What is kept beside as rows of a table: the paper, what differs, what is shown and what the other device said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle

from reader.domain.kept_words import describe_field, describe_kept, describe_shown
from reader.domain.sync import KeptBeside
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.row_list import Index, RowModel, TwoLineDelegate, paint_ground, paint_line_below
from reader.ui.look.wording import joined

_MARGIN = 14
_TITLE_LIMIT = 200
_WORDS_LIMIT = 300


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
        """What is shown, and what the other device said: ``Queued  ·  beside: Done (Laptop, 12 May)``."""
        return joined((self.shown(kept), f"beside: {self.other(kept)}"))

    def facts(self, kept: KeptBeside) -> str:
        """The two values, each on a line."""
        return f"Shown: {self.shown(kept)}\nKept beside: {self.other(kept)}"

    def field(self, kept: KeptBeside) -> str:
        """What the two values are about."""
        return shown_line(describe_field(kept), _WORDS_LIMIT)

    def shown(self, kept: KeptBeside) -> str:
        """The value that is shown."""
        now = self._clock()
        return shown_line(describe_shown(kept, now.date(), now.tzinfo), _WORDS_LIMIT)

    def other(self, kept: KeptBeside) -> str:
        """The other device's value, its name and the day."""
        now = self._clock()
        return shown_line(describe_kept(kept, now.date(), now.tzinfo), _WORDS_LIMIT)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a row's text."""
        kept = self.rows[row]
        return joined((self.title_of(kept), self.field(kept), self.difference(kept)))


class BesideDelegate(TwoLineDelegate):
    """Draws a title with the field, and below them the two values."""

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
        field = model.field(kept)
        width = self._small.width(field)
        self._small.write(painter, texts.quiet, right - width, first, field)
        self._strong.write(painter, texts.text, left, first, model.title_of(kept), right - width - _MARGIN - left)
        self._small.write(painter, texts.quiet, left, second, model.difference(kept), right - left)
