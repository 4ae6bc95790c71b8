"""The view of one paper: a column to read in, and nothing that loads or opens anything by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QTextEdit, QWidget

from reader.domain.annotations import HighlightLabel
from reader.domain.papers import Paper
from reader.domain.query import Marker
from reader.ui.commands.key_mentions import usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.detail.document import (
    COMMAND_SCHEME,
    CONFIRM_SCHEME,
    DOCUMENT_SCHEME,
    HIGHLIGHT_SCHEME,
    LISTING_SCHEME,
    PAGE_SCHEME,
    PAPER_SCHEME,
    Look,
    PaperWriter,
    verdict_of,
)
from reader.ui.detail.places import TextPlaces
from reader.ui.highlights.tones import Tones
from reader.ui.look.sealed_browser import SealedBrowser
from reader.ui.look.style_sheet import restyle
from reader.ui.search.marks import document_marks
from reader.ui.tags.colors import TagColors

LEAST_MARGIN = 36
_TOP_MARGIN = 34
_OVERLAP_LINES = 2


class DetailView(SealedBrowser):
    """Shows one paper, or a few words where there is none."""

    link_chosen = Signal(str)
    """An address in the text was clicked; whether it is safe to open is for the opener to say."""
    listing_chosen = Signal(int)
    """A listing the paper was sighted in was clicked."""
    command_chosen = Signal(str)
    """A command's link was clicked."""
    paper_chosen = Signal(int)
    """Another paper that may be the same was clicked."""
    highlight_chosen = Signal(int)
    highlight_confirmed = Signal(int)
    """A highlight was clicked in the list of them."""
    page_chosen = Signal(int)
    """The page of a highlight in a document was clicked: the highlight's id."""
    document_chosen = Signal(int)
    """A document was clicked: its id."""
    rewritten = Signal()
    """What is shown was written again: everything stands in new places."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """``set_look`` changes colours and sizes later."""
        super().__init__("detail", "Paper", parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        self.anchorClicked.connect(self._follow)
        self.setProperty("alone", False)
        self.look = look
        """Colours and fonts of now."""
        self._keymap = usual_keymap()
        self.paper: Paper | None = None
        """The paper shown."""
        self._marker: Marker | None = None
        self._tag_colors: TagColors = {}
        self._written = self._writer()
        self._labels: tuple[HighlightLabel, ...] = ()
        self._layer: Sequence[QTextEdit.ExtraSelection] = ()
        self._draw_over: Callable[[QPainter], None] | None = None
        self.tones = Tones((), look.theme)
        """How the labels of highlights look."""
        self.places = TextPlaces(None, ())
        """Where the paper's texts stand in the document."""
        self.highlight_rows: Mapping[int, tuple[int, int]] = {}
        """Where the list of highlights names each of them, in the document."""
        self._alike: tuple[int, tuple[Paper, ...]] = (0, ())
        self._message: tuple[str, tuple[str, ...]] = ("", ())
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(QColor(0, 0, 0, 0))

    def set_labels(self, labels: Sequence[HighlightLabel]) -> None:
        """Show highlights in the colours of these labels."""
        if tuple(labels) != self._labels:
            self._labels = tuple(labels)
            self.set_look(self.look)

    def lay_over(
        self, layer: Sequence[QTextEdit.ExtraSelection], draw: Callable[[QPainter], None] | None = None
    ) -> None:
        """Lay formats over the text, below what was searched for, and ``draw`` on top of it all."""
        self._layer, self._draw_over = layer, draw
        self._mark()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The document, and what was laid over it."""
        super().paintEvent(event)
        if self._draw_over is not None:
            with QPainter(self.viewport()) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._draw_over(painter)

    def set_look(self, look: Look) -> None:
        """Use other colours or sizes, and stay at the same place of the text."""
        self.look = look
        self.tones = Tones(self._labels, look.theme)
        place = self._place()
        self._write()
        self._return_to(place)

    @property
    def keymap(self) -> Keymap:
        """The keys that are named beside links."""
        return self._keymap

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys beside links."""
        if keymap != self._keymap:
            self._keymap = keymap
            self.set_look(self.look)

    def set_marker(self, marker: Marker | None) -> None:
        """Mark what was searched for from now on; None marks nothing."""
        if marker is not None or self._marker is not None:
            self._marker = marker
            self._mark()

    def set_tag_colors(self, colors: TagColors) -> None:
        """Show tags in these colours, and stay at the same place of the text."""
        tags = self.paper.tags if self.paper is not None else ()
        before, self._tag_colors = self._tag_colors, colors
        if any(before.get(tag) != colors.get(tag) for tag in tags):
            self.set_look(self.look)

    def show_paper(self, paper: Paper) -> None:
        """Show a paper; the same one again keeps its place."""
        before, self.paper = self.paper, paper
        same = before is not None and before.id == paper.id
        if before == paper:
            return
        place = self.verticalScrollBar().value() if same else 0
        if before is not None and same and before.with_marks(paper.marks) == paper:
            self._mark_again(before, paper)
        else:
            self._write()
        self.verticalScrollBar().setValue(place)

    def _mark_again(self, before: Paper, paper: Paper) -> None:
        """Write again only what was decided about the paper."""
        if verdict_of(before) != verdict_of(paper):
            self._written.rewrite_verdict(paper)
            self._place_texts(is_covered=bool(self._layer) or self._draw_over is not None)

    def show_alike(self, others: Sequence[Paper]) -> None:
        """Show below the paper which others may be the same; all else keeps its place."""
        paper, found = self.paper, tuple(others)
        if paper is None or found == self._alike_shown(paper):
            return
        is_new = not (self._alike_shown(paper) or paper.aliases)
        self._alike = paper.id, found
        if is_new:
            self._writer().write_alike(paper, found)
        else:
            place = self.verticalScrollBar().value()
            self._write()
            self.verticalScrollBar().setValue(place)

    def _alike_shown(self, paper: Paper) -> tuple[Paper, ...]:
        return self._alike[1] if self._alike[0] == paper.id else ()

    def _writer(self) -> PaperWriter:
        return PaperWriter(self.document(), self.look, self._tag_colors, self._keymap)

    def show_message(self, title: str, lines: tuple[str, ...] = ()) -> None:
        """Show a few words instead of a paper."""
        self.paper = None
        self._message = (title, lines)
        self._write()

    def set_alone(self, alone: bool) -> None:
        """Whether the view is all there is: then it need not show that it has the focus."""
        restyle(self, alone=alone)

    def page_down(self) -> bool:
        """Scroll on by what is in sight; False at the end."""
        return self._scroll(1)

    def page_up(self) -> bool:
        """Scroll back by what is in sight; False at the beginning."""
        return self._scroll(-1)

    def make_room_below(self, height: int) -> None:
        """Leave ``height`` pixels free at the foot of the view; 0 uses all of it."""
        self.setViewportMargins(0, 0, 0, height)

    def unselect(self) -> None:
        """Select nothing, without moving what is in sight."""
        cursor, place = self.textCursor(), self.verticalScrollBar().value()
        if cursor.hasSelection():
            cursor.clearSelection()
            self.setTextCursor(cursor)
            self.verticalScrollBar().setValue(place)

    def first_in_sight(self) -> int:
        """The place in the document of the first character in sight."""
        return self._place() if self.verticalScrollBar().value() else 0

    def reveal(self, position: int) -> None:
        """Scroll no further than brings a place of the document into sight, with some lines around it."""
        cursor = self.textCursor()
        cursor.setPosition(min(position, max(self.document().characterCount() - 1, 0)))
        box, room = self.cursorRect(cursor), 2 * self.fontMetrics().lineSpacing()
        bar = self.verticalScrollBar()
        if box.top() < room:
            bar.setValue(bar.value() + box.top() - room)
        elif box.bottom() > self.viewport().height() - 2 * room:
            bar.setValue(bar.value() + box.bottom() - self.viewport().height() + 2 * room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the column's width and its place in the middle."""
        super().resizeEvent(event)
        self._set_margins()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain text only."""
        data = super().createMimeDataFromSelection()
        text = data.text()
        data.clear()
        data.setText(text)
        return data

    def _write(self) -> None:
        writer = self._written = self._writer()
        if self.paper is not None:
            writer.write(self.paper, self.tones)
            writer.write_alike(self.paper, self._alike_shown(self.paper))
        else:
            writer.write_message(*self._message)
        self._layer = ()
        self._mark()
        self._set_margins()
        self.moveCursor(self.textCursor().MoveOperation.Start)
        self._place_texts()

    def _place_texts(self, *, is_covered: bool = True) -> None:
        """Everything stands in new places: tell, if anything may lie over it that has to follow."""
        self.places = TextPlaces(self.paper, self._written.texts)
        self.highlight_rows = self._written.highlight_rows
        if is_covered:
            self.rewritten.emit()

    def _mark(self) -> None:
        """Lay marks over the text; the document itself stays as it is."""
        found = self.look.theme.marks.found
        marks = document_marks(self.document(), self._written.texts, self._marker, found)
        self.setExtraSelections([*self._layer, *marks])

    def _set_margins(self) -> None:
        """Centre a column of at most 75 characters."""
        column = self.look.typography.column_width()
        side = max(float(LEAST_MARGIN), (self.viewport().width() - column) / 2)
        frame = self.document().rootFrame()
        margins = frame.frameFormat()
        if margins.leftMargin() == side and margins.topMargin() == _TOP_MARGIN:
            return
        margins.setLeftMargin(side)
        margins.setRightMargin(side)
        margins.setTopMargin(_TOP_MARGIN)
        margins.setBottomMargin(_TOP_MARGIN)
        frame.setFrameFormat(margins)

    def _place(self) -> int:
        """The character at the top of what is in sight."""
        return self.cursorForPosition(QPoint(self.viewport().width() // 2, 4)).position()

    def _return_to(self, place: int) -> None:
        cursor = self.textCursor()
        cursor.setPosition(min(place, max(self.document().characterCount() - 1, 0)))
        top = self.document().documentLayout().blockBoundingRect(cursor.block()).top()
        self.verticalScrollBar().setValue(int(top) - 4 if place else 0)

    def _scroll(self, direction: int) -> bool:
        bar = self.verticalScrollBar()
        overlap = _OVERLAP_LINES * self.fontMetrics().lineSpacing()
        before = bar.value()
        bar.setValue(before + direction * max(bar.pageStep() - overlap, bar.pageStep() // 2))
        return bar.value() != before

    def _follow(self, url: QUrl) -> None:
        scheme = url.scheme()
        by_id = {
            LISTING_SCHEME: self.listing_chosen,
            PAPER_SCHEME: self.paper_chosen,
            HIGHLIGHT_SCHEME: self.highlight_chosen,
            CONFIRM_SCHEME: self.highlight_confirmed,
            PAGE_SCHEME: self.page_chosen,
            DOCUMENT_SCHEME: self.document_chosen,
        }
        if scheme in by_id:
            by_id[scheme].emit(int(url.path()))
        elif scheme == COMMAND_SCHEME:
            self.command_chosen.emit(url.path())
        else:
            self.link_chosen.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
