"""The middle pane: what is shown and how many, a box to search with, the list, and a word when it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedLayout, QWidget

from reader.ui.commands.key_mentions import spelled, usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.look.labels import ElidingLabel, column_of, plain_label, row_of
from reader.ui.papers.view import PaperListView
from reader.ui.search.box import SearchBox


class PapersPane(QWidget):
    """Lays out a paper list with its heading."""

    def __init__(self, papers: PaperListView, parent: QWidget | None = None) -> None:
        """``papers`` becomes a child of the pane."""
        super().__init__(parent)
        self._keymap, self._empty_text = usual_keymap(), ""
        self.setObjectName("papers")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.papers = papers
        self.title = ElidingLabel("Name of the view")
        self.facts = plain_label("", name="How many papers", quiet=True)
        self.empty = plain_label("", name="Why the list is empty", quiet=True, wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(24, 72, 24, 24)
        self.search = SearchBox()
        self.foot = plain_label("", name="How the papers are ordered", quiet=True, wrap=True)
        self.foot.setObjectName("foot")
        self.foot.setContentsMargins(14, 7, 14, 8)
        self.foot.hide()
        self._foot_text = ""
        self._instead: QWidget | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        header = row_of(self.title, spacing=12, margins=(14, 12, 14, 8), grows=self.title)
        header.addWidget(self.facts, 0, Qt.AlignmentFlag.AlignBaseline)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.papers)
        self._stack.addWidget(self.empty)
        self.setLayout(column_of(header, self.search, self._stack, self.foot, spacing=0, grows=self._stack))

    def set_heading(self, title: str, facts: str) -> None:
        """Say what is shown and how much of it."""
        self.title.setText(title)
        self.facts.setText(facts)

    def set_foot(self, text: str) -> None:
        """Say below the list how it is ordered; nothing where ``text`` is empty."""
        self._foot_text = text
        self.foot.setText(spelled(text, self._keymap))
        self.foot.setHidden(not text)

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys where the list is empty."""
        self._keymap = keymap
        self.empty.setText(spelled(self._empty_text, keymap))
        self.set_foot(self._foot_text)

    def set_empty_text(self, text: str) -> None:
        """Show ``text`` in place of the list; the list where it is empty."""
        had_focus = self.papers.hasFocus() or self.empty.hasFocus()
        self._empty_text = text
        self.empty.setText(spelled(text, self._keymap))
        if self._instead is None:
            self._stack.setCurrentWidget(self.empty if text else self.papers)
        self.empty.setFocusPolicy(Qt.FocusPolicy.StrongFocus if text else Qt.FocusPolicy.NoFocus)
        if had_focus:
            self.focus_list()

    def show_instead(self, other: QWidget | None) -> None:
        """Show another list in the place of the papers' (which go on beneath it); None shows these again."""
        if other is self._instead:
            return
        focus = self.window().focusWidget()
        had_focus = focus is not None and self._stack.currentWidget() in {focus, focus.parentWidget()}
        if other is not None and self._stack.indexOf(other) < 0:
            self._stack.addWidget(other)
        self._instead = other
        self._stack.setCurrentWidget(other or (self.empty if self.empty.text() else self.papers))
        if had_focus:
            self.focus_list()

    @property
    def list_has_focus(self) -> bool:
        """Whether the list, or what stands in its place, has the focus."""
        shown, focus = self._stack.currentWidget(), QApplication.focusWidget()
        return focus is not None and shown is not None and (shown is focus or shown.isAncestorOf(focus))

    def focus_list(self) -> None:
        """Give the focus to the list, or to what stands in its place."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
