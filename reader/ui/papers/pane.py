"""The middle pane: what is shown and how many, a line to find titles with, the list, and a word when it is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from reader.ui.labels import ElidingLabel, plain_label
from reader.ui.papers.view import PaperListView

_FIND_DELAY_MS = 150
_FIND_LIMIT = 200


class PapersPane(QWidget):
    """Lays out a paper list with its heading."""

    find_changed = Signal(str)
    """The words to find, once typing has paused; empty to show everything again."""
    find_left = Signal()
    """The user is done typing and wants the list."""

    def __init__(self, papers: PaperListView, parent: QWidget | None = None) -> None:
        """``papers`` becomes a child of the pane."""
        super().__init__(parent)
        self.setObjectName("papers")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.papers = papers
        self.title = ElidingLabel("Name of the view")
        self.facts = plain_label("", name="How many papers", quiet=True)
        self.empty = plain_label("", name="Why the list is empty", quiet=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(24, 72, 24, 24)
        self.empty.setWordWrap(True)
        self.find = QLineEdit()
        self.find.setPlaceholderText("Words of the title")
        self.find.setAccessibleName("Find in this view")
        self.find.setMaxLength(_FIND_LIMIT)
        self.find.setClearButtonEnabled(True)
        self.find.hide()
        self.find.installEventFilter(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_FIND_DELAY_MS)
        self._typing.timeout.connect(self._announce_find)
        self.find.textEdited.connect(self._typing.start)
        self._lay_out()

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setContentsMargins(14, 12, 14, 8)
        header.setSpacing(12)
        header.addWidget(self.title, 1)
        header.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignBaseline)
        find_row = QHBoxLayout()
        find_row.setContentsMargins(10, 0, 10, 8)
        find_row.addWidget(self.find)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.papers)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addLayout(find_row)
        layout.addLayout(self._stack, 1)

    def set_heading(self, title: str, facts: str) -> None:
        """Say what is shown and how much of it."""
        self.title.setText(title)
        self.facts.setText(facts)

    def set_empty_text(self, text: str) -> None:
        """Show ``text`` in place of the list; the list where it is empty."""
        had_focus = self.papers.hasFocus() or self.empty.hasFocus()
        self.empty.setText(text)
        self._stack.setCurrentWidget(self.empty if text else self.papers)
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus if text else Qt.FocusPolicy.NoFocus)
        if had_focus:
            self.focus_list()

    def focus_list(self) -> None:
        """Give the focus to the list, or to what stands in its place."""
        self._stack.currentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def open_find(self) -> None:
        """Let the user type words to find."""
        self.find.show()
        self.find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.find.selectAll()

    def close_find(self) -> bool:
        """Take the line away and show everything again; tells whether it was there."""
        was_there = not self.find.isHidden()
        self._typing.stop()
        had_words = bool(self.find.text())
        self.find.clear()
        self.find.hide()
        if had_words:
            self.find_changed.emit("")
        return was_there

    def forget_find(self) -> None:
        """Take the line away without a word, because another view is coming."""
        self._typing.stop()
        self.find.blockSignals(True)
        self.find.clear()
        self.find.blockSignals(False)
        self.find.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Down leave the line for the list; Esc closes it."""
        if watched is self.find and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
                self._announce_find()
                self.find_left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_find()
                self.find_left.emit()
                return True
        return super().eventFilter(watched, event)

    def _announce_find(self) -> None:
        self._typing.stop()
        self.find_changed.emit(self.find.text().strip())
