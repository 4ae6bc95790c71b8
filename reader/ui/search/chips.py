"""The parts of a query, and the papers it thought of, as small buttons below the box; keys reach and remove them."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from reader.domain.query import Chip
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import is_key_press
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import button
from reader.ui.look.wording import counted

_TEXT_LIMIT = 60
_TITLE_LIMIT = 26
_CUT = "…"
_REMOVING = {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}
_LEAVING = {Qt.Key.Key_Up, Qt.Key.Key_Escape}


class _KeyedRow(FlowRow):
    """Buttons that arrows walk along, some of which can be removed one by one."""

    removed = Signal(object)
    """What the button to remove stands for."""
    left = Signal()
    """The user wants to go back to the box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Without buttons at first."""
        super().__init__(parent)
        self._removable: dict[QPushButton, Any] = {}

    @property
    def buttons(self) -> list[QPushButton]:
        """The buttons that can be removed, in their order."""
        return list(self._removable)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move along, Backspace and Delete remove, Up and Esc go back to the box."""
        if not is_key_press(event):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in _REMOVING and isinstance(watched, QPushButton) and watched in self._removable:
            watched.click()
        elif key in _LEAVING:
            self.left.emit()
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._step(watched, 1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Space and isinstance(watched, QPushButton):
            watched.click()
        else:
            return super().eventFilter(watched, event)
        return True

    def _replace(self, parts: Iterable[tuple[str, str, Any]], otherwise: QPushButton) -> None:
        """Show other removable buttons: text, name, and what each stands for; the focus stays at its place among them.

        It goes to ``otherwise`` where none is left.
        """
        at = next((number for number, one in enumerate(self._removable) if one.hasFocus()), None)
        for one in self._removable:
            one.removeEventFilter(self)
            one.hide()
            one.deleteLater()
        self._removable = {}
        for text, name, meant in parts:
            made = self._made(f"{text}  ×", name)
            made.setToolTip(html.escape(name) if _CUT in text else "")
            made.clicked.connect(self._clicked)
            self._removable[made] = meant
            made.show()
        self.place()
        if at is not None:
            stops = self.buttons or [otherwise]
            stops[min(at, len(stops) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, text: str, name: str) -> QPushButton:
        made: QPushButton = button(text, name=name)
        made.setParent(self)
        made.setProperty("chip", True)
        made.installEventFilter(self)
        return made

    def _switch(self, text: str, name: str) -> QPushButton:
        made = self._made(text, name)
        made.setCheckable(True)
        return made

    def _step(self, watched: QObject, by: int) -> None:
        stops = self.flowing()
        at = next((number for number, one in enumerate(stops) if one is watched), 0) + by
        if 0 <= at < len(stops):
            stops[at].setFocus(Qt.FocusReason.OtherFocusReason)
        elif at < 0:
            self.left.emit()

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton) and sender in self._removable:
            self.removed.emit(self._removable[sender])


class ChipRow(_KeyedRow):
    """The scope, way and order of the search and the parts of the query (a :class:`Chip` each), on as many lines."""

    scope_toggled = Signal(bool)
    """Whether to search in the view only."""
    meaning_toggled = Signal(bool)
    """Whether to search by meaning."""
    order_toggled = Signal(bool)
    """Whether the best match is to stand first, not the newest paper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Shows no parts at first."""
        super().__init__(parent)
        self.scope = self._switch("in this view", "Search in this view only")
        self.scope.toggled.connect(self.scope_toggled)
        self.meaning = self._switch("by meaning", "By meaning: below the papers with the words, those close in meaning")
        self.meaning.toggled.connect(self.meaning_toggled)
        self.order = self._switch(
            "best match first", "Best match first, titles before texts; otherwise the newest first"
        )
        self.order.toggled.connect(self.order_toggled)
        self.order.hide()

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show the parts of a query; the focus stays at its place among them."""
        texts = [(shown_line(chip.text, _TEXT_LIMIT), chip) for chip in chips]
        self._replace(((text, f"Remove {text} from the search", chip) for text, chip in texts), self.meaning)

    def set_scope_offered(self, offered: bool) -> None:
        """Whether there is a view to search in that is not the whole library."""
        self.scope.setVisible(offered)
        self.place()

    def set_scope(self, checked: bool) -> None:
        """Show whether the search is within the view, without telling anyone."""
        _check(self.scope, checked)

    def set_meaning(self, checked: bool) -> None:
        """Show whether the search is by meaning, without telling anyone."""
        _check(self.meaning, checked)

    def set_order(self, by_relevance: bool, *, offered: bool) -> None:
        """Show whether the best match stands first, without telling anyone; and whether that can be chosen here."""
        _check(self.order, by_relevance)
        if offered == self.order.isHidden():
            self.order.setVisible(offered)
            self.place()

    def flowing(self) -> Sequence[QPushButton]:
        """The scope, the way and the order, then the parts of the query."""
        return [one for one in (self.scope, self.meaning, self.order, *self.buttons) if not one.isHidden()]


class ExampleRow(_KeyedRow):
    """The papers that a search by meaning thought of: as many as fit on a line, all of them once unfolded.

    Each stands for its id. Without papers the row is hidden.
    """

    restored = Signal()
    """The user wants it to think of the removed papers again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Shows no papers at first."""
        super().__init__(parent)
        self.fold = self._switch("", "Show all papers that the search thought of")
        self.fold.toggled.connect(self._unfold)
        self.all_again = self._made("all again", "Think of the removed papers again")
        self.all_again.clicked.connect(self.restored)
        self._is_shown, self._said = False, ""
        self.show_examples((), 0)

    def show_examples(self, examples: Sequence[tuple[int, str]], removed: int) -> None:
        """Show papers (id and title), so many of which were ``removed`` by hand."""
        self._is_shown = bool(examples) or removed > 0
        self._said = f"Thought of {counted(len(examples), 'paper')}"
        self._say()
        self.fold.setVisible(self._is_shown)
        self.all_again.setVisible(removed > 0)
        titles = [(shown_line(title, _TITLE_LIMIT), shown_line(title), paper_id) for paper_id, title in examples]
        parts = ((short, f"Do not think of “{title}”", paper_id) for short, title, paper_id in titles)
        self._replace(parts, self.all_again)

    def flowing(self) -> Sequence[QPushButton]:
        """The fold, what brings removed papers back, and the papers; folded, only those on the first line."""
        if not self._is_shown:
            return []
        first = [self.fold, *([] if self.all_again.isHidden() else [self.all_again])]
        shown = (
            self.buttons
            if self.fold.isChecked()
            else self.buttons[: self.fitting([*first, *self.buttons]) - len(first)]
        )
        for one in self.buttons:
            one.setVisible(one in shown)
        return [*first, *shown]

    def _unfold(self) -> None:
        self._say()
        self.place()

    def _say(self) -> None:
        self.fold.setText(f"{self._said}  {'▾' if self.fold.isChecked() else '▸'}")


def _check(switch: QPushButton, checked: bool) -> None:
    """Set a switch without telling anyone."""
    switch.blockSignals(True)
    switch.setChecked(checked)
    switch.blockSignals(False)
