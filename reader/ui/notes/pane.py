"""The place of the note below the paper: written in, or shown."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QWidget

from reader.ui.detail.document import Look
from reader.ui.detail.view import LEAST_MARGIN
from reader.ui.look.labels import ElidingLabel, column_of, plain_label, row_of
from reader.ui.look.sealed_browser import SealedBrowser
from reader.ui.notes.editor import NoteEditor

_MARGIN = 14
_STYLE = """
a {{ color: {accent}; }}
p, li {{ line-height: 108%; }}
h1 {{ font-size: large; }}
h2, h3, h4, h5, h6 {{ font-size: medium; }}
blockquote {{ color: {quiet}; margin-left: 18px; margin-right: 0; }}
ul, ol {{ margin-left: 0; -qt-list-indent: 1; }}
"""


class NoteView(SealedBrowser):
    """Shows a note's HTML; loads nothing and opens nothing by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty at first."""
        super().__init__("note_view", "Note", parent)

    def set_side(self, side: int) -> None:
        """Leave so much room on either side of the text."""
        self.setViewportMargins(side, 0, side, 0)


class NoteMode(Enum):
    """What the pane shows: the field, the field with what it looks like beside it, or that alone."""

    WRITE = auto()
    BESIDE = auto()
    SHOW = auto()


class NotePane(QFrame):
    """A heading with the state of the note, the field it is written in, and what it looks like."""

    link_chosen = Signal(str)
    """An address in the note that is shown."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """Hidden until there is something to show or to write."""
        super().__init__(parent)
        self.setObjectName("note")
        self.title = plain_label("Note", name="Note")
        self.state = ElidingLabel("State of the note")
        self.state.setProperty("quiet", True)
        self.editor = NoteEditor(look)
        self.view = NoteView()
        self.view.anchorClicked.connect(self._follow)
        self.mode = NoteMode.SHOW
        self.writing_mode = NoteMode.WRITE
        self._head = row_of(self.title, self.state, spacing=12, grows=self.state)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(1)
        self.parts.setChildrenCollapsible(False)
        for part in (self.editor, self.view):
            part.document().setDocumentMargin(_MARGIN)
            self.parts.addWidget(part)
            self.parts.setStretchFactor(self.parts.count() - 1, 1)
        self.setLayout(column_of(self._head, self.parts, spacing=0, grows=self.parts))
        self._column = 0.0
        self.editor.hide()
        self.hide()

    @property
    def is_writing(self) -> bool:
        """Whether the note can be written in now."""
        return self.mode is not NoteMode.SHOW

    def show_mode(self, mode: NoteMode) -> None:
        """Show the field, what the note looks like, or both; how one writes is remembered for the next note."""
        before, self.mode = self.mode, mode
        if mode is not NoteMode.SHOW:
            self.writing_mode = mode
        self.editor.setVisible(mode is not NoteMode.SHOW)
        self.view.setVisible(mode is not NoteMode.WRITE)
        if mode is NoteMode.BESIDE and before is not mode:
            half = max(self.width() // 2, 1)
            self.parts.setSizes([half, half])
        self._set_sides()
        self.show()

    def set_html(self, html: str, *, same: bool) -> None:
        """Show what a note looks like: beside the text at the place that is written at; the ``same`` note where it was.

        Any other is shown from its beginning.
        """
        bar, other = self.view.verticalScrollBar(), self.editor.verticalScrollBar()
        place = bar.value() if same else 0
        self.view.setHtml(html)
        if self.mode is NoteMode.BESIDE:
            place = round(other.value() / max(other.maximum(), 1) * bar.maximum())
        bar.setValue(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the text in the same column as the paper's above."""
        super().resizeEvent(event)
        self._set_sides()

    def _set_sides(self) -> None:
        bar = self.view.verticalScrollBar().sizeHint().width()
        side = max(float(LEAST_MARGIN), (self.width() - bar - self._column) / 2)
        self._head.setContentsMargins(round(side) if self.mode is not NoteMode.BESIDE else _MARGIN, 10, LEAST_MARGIN, 0)
        inner = 0 if self.mode is NoteMode.BESIDE else round(side - _MARGIN)
        for part in (self.editor, self.view):
            part.set_side(inner)

    def set_look(self, look: Look) -> None:
        """Use other fonts and colours."""
        texts = look.theme.texts
        self.editor.set_look(look)
        self.view.setFont(look.typography.reading())
        self.view.document().setDefaultStyleSheet(_STYLE.format(accent=texts.accent.name(), quiet=texts.quiet.name()))
        self.title.setFont(look.typography.strong())
        self._column = look.typography.column_width()
        self._set_sides()

    def _follow(self, url: QUrl) -> None:
        self.link_chosen.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
