"""The field a note is written in: Markdown lightly marked, and completion of links to other papers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from reader.domain.annotations import PaperTitle
from reader.domain.note_links import UnfinishedLink, note_link, unfinished_link
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.detail.document import Look

_STRONG = re.compile(r"(\*\*|__)(?=\S).{1,500}?(?<=\S)\1")
_CODE = re.compile(r"`[^`\n]{1,500}`")
_LINK = re.compile(r"\[\[[^\[\]\n]{1,300}\]\]|https?://\S{1,500}")
_LONGEST_LINE = 5_000
_UNBROKEN = re.compile(r"\S{5001}")
_COMPLETIONS_SHOWN = 6
_COMPLETIONS_WIDTH = 620
_FRAME = 5


class NoteHighlighter(QSyntaxHighlighter):
    """Marks headings, quotes, strong words, code and links, and changes no letter."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        """``set_look`` changes the colours later."""
        super().__init__(document)
        self._look = look

    def set_look(self, look: Look) -> None:
        """Use other colours."""
        self._look = look
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Mark one line."""
        texts = self._look.theme.texts
        text = text[:_LONGEST_LINE]
        strong, quiet, link = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        strong.setFontWeight(QFont.Weight.Bold)
        quiet.setForeground(texts.quiet)
        link.setForeground(texts.accent)
        if text.startswith("#"):
            self.setFormat(0, len(text), strong)
        elif text.startswith(">"):
            self.setFormat(0, len(text), quiet)
        for pattern, style in ((_STRONG, strong), (_CODE, quiet), (_LINK, link)):
            for match in pattern.finditer(text):
                start = utf16_length(text[: match.start()])
                self.setFormat(start, utf16_length(match[0]), style)


def utf16_length(text: str) -> int:
    """How many positions a text takes in Qt's documents, which count in UTF-16."""
    return len(text) + sum(char > "\uffff" for char in text)


def wrap_mode(text: str) -> QTextOption.WrapMode:
    """Where lines may end: between words, unless one is endless, such as a picture that was copied as text.

    Qt takes time with the square of a word's length to find that it ends nowhere: minutes for a picture.
    """
    endless = _UNBROKEN.search(text) is not None
    return QTextOption.WrapMode.WrapAnywhere if endless else QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def _character_offset(text: str, position: int) -> int:
    """The number of characters before a position of Qt's."""
    return len(text.encode("utf-16-le", "surrogatepass")[: 2 * position].decode("utf-16-le", "ignore"))


def _place_after(before: str, after: str, place: int) -> int:
    """Where a place of one text is in another that took its place: behind the same words, or before them.

    Whoever types while another text is put before theirs goes on in their own; whoever stands at the beginning stays.
    """
    if place == 0:
        return 0
    if not after.endswith(before) and after.startswith(before[:place]):
        return place
    if after.endswith(before[place:]):
        return len(after) - (len(before) - place)
    return min(place, len(after))


class NoteEditor(QPlainTextEdit):
    """Plain text; Esc leaves it."""

    left = Signal()
    """Esc was pressed."""
    focus_lost = Signal()
    """Something else has the focus now."""
    link_begun = Signal(str)
    """A link is being typed: what of it there is."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        """``set_look`` changes fonts and colours later."""
        super().__init__(parent)
        self.setAccessibleName("Note")
        self.setObjectName("note_editor")
        self.setPlaceholderText("Note, in Markdown. [[ links to another paper")
        self.setTabChangesFocus(True)
        self._highlighter = NoteHighlighter(self.document(), look)
        self._link: UnfinishedLink | None = None
        self._papers: tuple[PaperTitle, ...] = ()
        self.completions = QListWidget(self)
        self.completions.setObjectName("hint")
        self.completions.setAccessibleName("Papers that fit")
        self.completions.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.completions.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.completions.setFont(QApplication.font())
        self.completions.hide()
        self.completions.itemClicked.connect(self._take)
        self.textChanged.connect(self._look_for_link)
        self.cursorPositionChanged.connect(self._look_for_link)
        self.set_look(look)

    def set_look(self, look: Look) -> None:
        """Use other fonts and colours."""
        self.setFont(look.typography.reading())
        self._highlighter.set_look(look)

    def set_side(self, side: int) -> None:
        """Leave so much room on either side of the text."""
        self.setViewportMargins(side, 0, side, 0)

    def set_text(self, text: str) -> None:
        """Show another text, the cursor at the words where it was."""
        before = self.toPlainText()
        place = _place_after(before, text, _character_offset(before, self.textCursor().position()))
        blocked = self.blockSignals(True)
        self.make_room_for(text)
        self.setPlainText(text)
        self.setWordWrapMode(wrap_mode(text))
        cursor = self.textCursor()
        cursor.setPosition(min(utf16_length(text[:place]), self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.blockSignals(blocked)

    def make_room_for(self, text: str) -> None:
        """Prepare for a text to be put in."""
        if wrap_mode(text) is QTextOption.WrapMode.WrapAnywhere:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste what was copied or dropped, however long its words are."""
        self.make_room_for(source.text())
        super().insertFromMimeData(source)

    def show_completions(self, typed: str, papers: Sequence[PaperTitle]) -> None:
        """Offer papers for the link being typed, if it is still the same."""
        if self._link is None or self._link.typed != typed or not papers:
            self.completions.hide()
            return
        self._papers = tuple(papers)
        self.completions.clear()
        for paper in papers:
            self.completions.addItem(QListWidgetItem(shown_line(paper.title, 100)))
        self.completions.setCurrentRow(0)
        below = self.cursorRect().bottomLeft()
        height = min(len(papers), _COMPLETIONS_SHOWN) * self.completions.sizeHintForRow(0) + 2 * _FRAME
        above = self.cursorRect().top() - height - 2
        top = below.y() + 4 if below.y() + 4 + height < self.viewport().height() else max(above, 0)
        left = self.viewport().x() + round(self.document().documentMargin()) - _FRAME
        width = min(self.viewport().width() - 2 * left + 2 * self.viewport().x(), _COMPLETIONS_WIDTH)
        self.completions.setGeometry(left, top, max(width, 120), height)
        self.completions.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys of the completion while it is open; Esc leaves; everything else is typed."""
        key = event.key()
        if self.completions.isVisible() and self._press_completion(key):
            return
        if key == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the focus went."""
        super().focusOutEvent(event)
        self.completions.hide()
        self.focus_lost.emit()

    def _press_completion(self, key: int) -> bool:
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            row = self.completions.currentRow() + (1 if key == Qt.Key.Key_Down else -1)
            self.completions.setCurrentRow(min(max(row, 0), self.completions.count() - 1))
        elif key in ENTER_KEYS | {Qt.Key.Key_Tab}:
            self._take()
        elif key == Qt.Key.Key_Escape:
            self.completions.hide()
        else:
            return False
        return True

    def _take(self, item: QListWidgetItem | None = None) -> None:
        """Write the chosen paper's link in place of what was typed."""
        link, row = self._link, self.completions.currentRow()
        self.completions.hide()
        if link is None or not 0 <= row < len(self._papers):
            return
        paper, text, cursor = self._papers[row], self.toPlainText(), self.textCursor()
        cursor.setPosition(utf16_length(text[: link.start]))
        cursor.setPosition(utf16_length(text[: link.end]), cursor.MoveMode.KeepAnchor)
        cursor.insertText(note_link(paper.title, paper.key))
        self.completions.hide()

    def _look_for_link(self) -> None:
        text = self.toPlainText()
        position = _character_offset(text, self.textCursor().position()) if "[[" in text else 0
        link = unfinished_link(text, position) if "[[" in text else None
        if link == self._link:
            return
        self._link = link
        if link is None:
            self.completions.hide()
        else:
            self.link_begun.emit(link.typed)
