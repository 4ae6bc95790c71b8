"""The place of the note below the paper: written in, or shown."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from reader.ui.detail.document import Look
from reader.ui.labels import ElidingLabel, plain_label
from reader.ui.notes.editor import NoteEditor

_STYLE = """
a {{ color: {accent}; }}
p, li {{ line-height: 138%; }}
h1 {{ font-size: large; }}
h2, h3, h4, h5, h6 {{ font-size: medium; }}
blockquote {{ color: {quiet}; margin-left: 18px; margin-right: 0; }}
ul, ol {{ margin-left: 0; -qt-list-indent: 1; }}
"""


class NoteView(QTextBrowser):
    """Shows a note's HTML; loads nothing and opens nothing by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Empty at first."""
        super().__init__(parent)
        self.setObjectName("note_view")
        self.setAccessibleName("Note")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self._nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
        self._nothing.fill(QColor(0, 0, 0, 0))

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Nothing is ever loaded (None would let Qt read local files)."""
        return self._nothing

    def doSetSource(
        self, url: QUrl, kind: QTextDocument.ResourceType = QTextDocument.ResourceType.UnknownResource
    ) -> None:
        """There is nothing to go to: what is shown is written, never loaded."""


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
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 2)
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.state, 1)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.setHandleWidth(1)
        self.parts.setChildrenCollapsible(False)
        for part in (self.editor, self.view):
            part.document().setDocumentMargin(14)
            self.parts.addWidget(part)
            self.parts.setStretchFactor(self.parts.count() - 1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.parts, 1)
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
        self.show()

    def set_html(self, html: str) -> None:
        """Show what the note looks like, at the place that is written at, or at the one it was read at."""
        bar, other = self.view.verticalScrollBar(), self.editor.verticalScrollBar()
        share = bar.value() / max(bar.maximum(), 1)
        if self.mode is NoteMode.BESIDE:
            share = other.value() / max(other.maximum(), 1)
        self.view.setHtml(html)
        bar.setValue(round(share * bar.maximum()))

    def set_look(self, look: Look) -> None:
        """Use other fonts and colours."""
        texts = look.theme.texts
        self.editor.set_look(look)
        self.view.setFont(look.typography.reading())
        self.view.document().setDefaultStyleSheet(_STYLE.format(accent=texts.accent.name(), quiet=texts.quiet.name()))
        self.title.setFont(look.typography.strong())

    def _follow(self, url: QUrl) -> None:
        self.link_chosen.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
