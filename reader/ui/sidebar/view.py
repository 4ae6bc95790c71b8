"""The left pane's list, and how its rows are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from reader.domain.annotations import fold_tag
from reader.domain.views import View, ViewKind
from reader.ui.look import icons
from reader.ui.look.row_list import Index, RowDelegate
from reader.ui.look.themes import Theme
from reader.ui.look.typography import Typography
from reader.ui.look.wording import joined
from reader.ui.sidebar.model import VIEW_TITLES, RowKind, SidebarModel, SidebarRow
from reader.ui.tags.colors import legible

_MARGIN = 14
_INSET = 6
_INDENT = 14
_GLYPH_GAP, _FIGURE_GAP = 9, 8
_TROUBLE = "!"
_DEEPEST = 5
"""Tags below so many others are no further indented: there would be no room left for them."""
_GLYPHS = {
    ViewKind.INBOX: icons.draw_tray,
    ViewKind.QUEUE: icons.draw_ribbon,
    ViewKind.READING: icons.draw_half,
    ViewKind.DONE: icons.draw_check,
    ViewKind.DISMISSED: icons.draw_cross,
    ViewKind.BURIED: icons.draw_clock,
    ViewKind.STARRED: icons.draw_star,
    ViewKind.ALL: icons.draw_stack,
    ViewKind.HIGHLIGHTS: icons.draw_marker,
    ViewKind.NOTES: icons.draw_note,
    ViewKind.SEARCH: icons.draw_lens,
    ViewKind.TAG: icons.draw_tag,
    ViewKind.SUBSCRIPTION: icons.draw_feed,
}


class SidebarDelegate(RowDelegate):
    """Draws views on one line and listings on two, their progress as a figure and a thin bar."""

    def __init__(self, theme: Theme, typography: Typography, parent: QObject | None = None) -> None:
        """``set_look`` changes both later."""
        super().__init__(parent)
        self.set_look(theme, typography)

    def set_look(self, theme: Theme, typography: Typography) -> None:
        """Use other colours or sizes."""
        self.use(theme, typography)
        line, small = round(self._normal.height), round(self._small.height)
        self._glyph = round(line * 0.92)
        self._leaf = round(max(map(self._small.width, ("Mon", "Wed"))))
        self._heights = {
            RowKind.VIEW: QSize(120, line + 13),
            RowKind.HEADING: QSize(120, small + 26),
            RowKind.LISTING: QSize(120, line + small + 19),
        }

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of a row by its kind."""
        row = self._row(index)
        return self._heights[row.kind] if row is not None else QSize(120, 20)

    @property
    def least_width(self) -> int:
        """Pixels in which the name of every view that is always there has room, beside a figure of four digits."""
        names = max(map(self._normal.width, VIEW_TITLES.values()))
        figure = self._small.width("9,999")
        return round(2 * _MARGIN + self._glyph + _GLYPH_GAP + names + _FIGURE_GAP + figure) + 2

    def paint_row(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag, index: Index) -> None:
        """Paint one row."""
        row = self._row(index)
        if row is None:
            return
        if row.kind is RowKind.HEADING:
            left, room = rect.left() + _MARGIN, rect.width() - 2 * _MARGIN
            self._small.write(painter, self._theme.texts.quiet, left, rect.bottom() - 7, row.title, room)
        else:
            self._paint_ground(painter, rect, state)
            if row.kind is RowKind.VIEW:
                self._paint_view(painter, rect, row)
            else:
                self._paint_listing(painter, rect, row)

    @staticmethod
    def _row(index: Index) -> SidebarRow | None:
        model = index.model()
        return model.row(index.row()) if isinstance(model, SidebarModel) else None

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        surfaces = self._theme.surfaces
        ground = rect.adjusted(_INSET, 1, -_INSET, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            focused = bool(state & QStyle.StateFlag.State_HasFocus)
            painter.setBrush(surfaces.selected_focus if focused else surfaces.selected)
            painter.drawRoundedRect(ground, 6, 6)
            if focused:
                painter.setBrush(self._theme.marks.accent)
                painter.drawRoundedRect(QRectF(ground.left(), ground.top() + 5, 3, ground.height() - 10), 1.5, 1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(surfaces.hover)
            painter.drawRoundedRect(ground, 6, 6)

    def _paint_view(self, painter: QPainter, rect: QRectF, row: SidebarRow) -> None:
        texts = self._theme.texts
        middle = rect.center().y()
        left = rect.left() + _MARGIN + min(row.depth, _DEEPEST) * _INDENT
        glyph = QRectF(left, middle - self._glyph / 2, self._glyph, self._glyph)
        if row.view is not None:
            draw = _GLYPHS.get(row.view.kind, icons.draw_dot)
            draw(painter, glyph, legible(row.color, self._theme) if row.color else texts.quiet)
        baseline = middle + self._normal.ascent / 2 - 1
        figure = f"{row.count:,}" if row.count else ""
        if row.number is not None:
            figure = joined((f"key {row.number}", figure))
        right = self._paint_figure(painter, rect, baseline, figure)
        if row.has_trouble:
            right = self._paint_trouble(painter, right, baseline)
        left = glyph.right() + _GLYPH_GAP
        self._normal.write(painter, texts.text, left, baseline, row.title, right - left)

    def _paint_listing(self, painter: QPainter, rect: QRectF, row: SidebarRow) -> None:
        """The day as on a calendar's leaf, the name beside it, and the progress below."""
        texts = self._theme.texts
        done = row.seen >= row.total
        self._paint_leaf(painter, rect, row, done=done)
        left, top = rect.left() + _MARGIN + self._leaf + 10, rect.top() + 6
        room, ink = rect.right() - _MARGIN - left, texts.quiet if done else texts.text
        self._normal.write(painter, ink, left, top + self._normal.ascent, row.title, room)
        progress = f"all {row.total:,} seen" if done and row.total else f"{row.seen:,} of {row.total:,} seen"
        self._small.write(painter, texts.quiet, left, top + self._normal.height + self._small.ascent, progress, room)
        if not done:
            track = QRectF(left, rect.bottom() - 5, room, 2)
            painter.fillRect(track, self._theme.surfaces.line)
            track.setWidth(track.width() * row.seen / row.total)
            painter.fillRect(track, self._theme.marks.accent)

    def _paint_leaf(self, painter: QPainter, rect: QRectF, row: SidebarRow, *, done: bool) -> None:
        """The day's name over its number; a dash where there is no day."""
        texts, leaf = self._theme.texts, QRectF(rect.left() + _MARGIN, rect.top() + 6, self._leaf, rect.height())
        baseline = leaf.top() + self._small.ascent
        if not row.weekday:  # the number alone stands in the middle
            baseline -= self._normal.height / 2 - 3
        for face, text, color in (
            (self._small, row.weekday, texts.quiet),
            (self._normal, row.day or "–", texts.quiet if done else texts.text),
        ):
            face.write(painter, color, leaf.center().x() - face.width(text) / 2, baseline, text)
            baseline += self._normal.height

    def _paint_figure(self, painter: QPainter, rect: QRectF, baseline: float, figure: str) -> float:
        """A figure at the right; returns where other text has to end."""
        left = rect.right() - _MARGIN - self._small.width(figure)
        self._small.write(painter, self._theme.texts.quiet, left, baseline, figure)
        return left - (_FIGURE_GAP if figure else 0)

    def _paint_trouble(self, painter: QPainter, right: float, baseline: float) -> float:
        """The mark of a subscription that could not be fetched; returns where other text has to end."""
        left = right - self._strong.width(_TROUBLE)
        self._strong.write(painter, self._theme.texts.error, left, baseline, _TROUBLE)
        return left - _FIGURE_GAP


class SidebarView(QListView):
    """Views and listings to choose from; the chosen one stays marked."""

    chosen = Signal(object)
    """A :class:`View` was clicked or entered."""

    def __init__(self, model: SidebarModel, delegate: SidebarDelegate, parent: QWidget | None = None) -> None:
        """Rows are drawn by ``delegate``."""
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName("Views and listings")
        self._rows = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setViewportMargins(0, 8, 0, 8)
        self._marked: View | None = None
        self.clicked.connect(self._choose)
        self._stood_on: View | None = None
        self._stood_at = 0
        self._became: dict[View, str] = {}
        model.modelAboutToBeReset.connect(self._note_place)
        model.modelReset.connect(self._return_to_place)

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Paint rows again; their heights stay, though a QListView would ask every row there is for its height."""
        QAbstractItemView.dataChanged(self, top_left, bottom_right, list(roles))

    def mark(self, view: View | None) -> None:
        """Show which view is open."""
        self._marked = view
        self._mark_again()

    def expect_tag(self, name: str, becomes: str) -> None:
        """A tag gets another name, or joins the one that has it: who stands on it goes along."""
        self._became[View(ViewKind.TAG, tag=name)] = becomes

    def choose_current(self) -> None:
        """Open the row that is current."""
        self._choose(self.currentIndex())

    def step(self, by: int) -> None:
        """Move to the next row in a direction, past headings."""
        number = self.currentIndex().row() + by
        row = self._rows.row(number)
        while row is not None and row.view is None:
            number += by
            row = self._rows.row(number)
        if row is not None:
            self.setCurrentIndex(self._rows.index(number))

    def go_to_end(self, *, first: bool) -> None:
        """Move to the first or the last row."""
        self.setCurrentIndex(self._rows.index(0 if first else self._rows.rowCount() - 1))

    def go_to_tags(self) -> bool:
        """Move to the first tag, unless one is current; False if there is none."""
        tags = self._tag_rows()
        if tags and self.currentIndex().row() not in tags:
            self.setCurrentIndex(self._rows.index(min(tags)))
        return bool(tags)

    def go_to_listings(self) -> bool:
        """Move to the newest listing, unless one is current; False if there is none."""
        current = self._rows.row(self.currentIndex().row())
        if current is not None and current.kind is RowKind.LISTING:
            return True
        rows = map(self._rows.row, range(self._rows.rowCount()))
        newest = next((number for number, row in enumerate(rows) if row and row.kind is RowKind.LISTING), None)
        if newest is not None:
            self.setCurrentIndex(self._rows.index(newest))
        return newest is not None

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here."""

    def _note_place(self) -> None:
        row = self._rows.row(self.currentIndex().row())
        self._stood_on = row.view if row is not None and self.hasFocus() else None
        self._stood_at = self.currentIndex().row()

    def _return_to_place(self) -> None:
        """Whoever moves about in the left pane stays where they are when rows come, go or change places."""
        number = self._rows.row_of(self._stood_on) if self._stood_on is not None else None
        if number is None and self._stood_on is not None and self._stood_on.kind is ViewKind.TAG:
            number = self._tag_instead(self._stood_on)
        if number is None:
            self._mark_again()
        else:
            self.setCurrentIndex(self._rows.index(number))

    def _tag_instead(self, gone: View) -> int | None:
        """The row of what a tag that is gone became, else of the tag nearest to where it stood; None without tags."""
        fold = fold_tag(self._became.pop(gone, ""))
        tags = self._tag_rows()
        became = next((number for number, view in tags.items() if fold and fold_tag(view.tag) == fold), None)
        return became if became is not None else min(tags, key=lambda row: abs(row - self._stood_at), default=None)

    def _tag_rows(self) -> dict[int, View]:
        rows = {number: self._rows.row(number) for number in range(self._rows.rowCount())}
        return {n: row.view for n, row in rows.items() if row and row.view and row.view.kind is ViewKind.TAG}

    def _mark_again(self) -> None:
        number = self._rows.row_of(self._marked) if self._marked is not None else None
        if number is None:
            self.clearSelection()
        else:
            self.setCurrentIndex(self._rows.index(number))

    def _choose(self, index: QModelIndex) -> None:
        row = self._rows.row(index.row())
        if row is not None and row.view is not None:
            self.chosen.emit(row.view)
