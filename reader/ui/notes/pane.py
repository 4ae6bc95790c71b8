"""The place of the note below the paper: written in, or shown."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QColor, QImage, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextBrowser, QVBoxLayout, QWidget

from reader.ui.detail.document import Look
from reader.ui.labels import ElidingLabel, plain_label
from reader.ui.notes.editor import NoteEditor


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
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 2)
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.state, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.view, 1)
        for part in (self.editor, self.view):
            part.document().setDocumentMargin(14)
        self.editor.hide()
        self.hide()

    @property
    def is_writing(self) -> bool:
        """Whether the note can be written in now."""
        return not self.editor.isHidden()

    def show_writing(self, writing: bool) -> None:
        """Show the field, or what the note looks like."""
        self.editor.setVisible(writing)
        self.view.setVisible(not writing)
        self.show()

    def set_look(self, look: Look) -> None:
        """Use other fonts and colours."""
        self.editor.set_look(look)
        self.view.setFont(look.typography.reading())
        style = f"a {{ color: {look.theme.texts.accent.name()}; }}"
        self.view.document().setDefaultStyleSheet(style)
        self.title.setFont(look.typography.strong())

    def _follow(self, url: QUrl) -> None:
        self.link_chosen.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
