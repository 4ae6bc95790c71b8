"""The search box: a line to type in, the parts of what was typed, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reader.domain.query import MAXIMUM_LENGTH, MEANING, Chip, meaning_mark, with_meaning
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.look.labels import add_clear_button, column_of, plain_label, text_line
from reader.ui.search.chips import ChipRow, ExampleRow
from reader.ui.search.completion import Completer


class SearchBox(QWidget):
    """The search box; every change of its text is announced at once."""

    changed = Signal(str)
    """Another text, trimmed but for one blank that ends its last word; empty when there is nothing to search for."""
    first_wanted = Signal()
    """Enter: the user wants the first paper found."""
    list_wanted = Signal()
    """Down: the user wants the list, where it is."""
    closed = Signal()
    """The box is gone, and what it found has to go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Hidden at first."""
        super().__init__(parent)
        hint = "Search: words, “a phrase”, tag:, is:unseen, ~ by meaning …"
        # What is longer all the same is said below.
        self.edit = text_line("Search the library", MAXIMUM_LENGTH, placeholder=hint)
        add_clear_button(self.edit)
        self.edit.installEventFilter(self)
        self.edit.textEdited.connect(self._edited)
        self.edit.textChanged.connect(self._announce)
        self.completer = Completer(self.edit)
        self.chips, self.examples = ChipRow(), ExampleRow()
        self.chips.left.connect(self._focus_edit)
        self.chips.meaning_toggled.connect(self.set_by_meaning)
        self.examples.left.connect(self._focus_edit)
        self.words = plain_label("", name="About this search", quiet=True, wrap=True)
        self.words.hide()
        self.history: tuple[str, ...] = ()
        self._back: int | None = None
        self._last = ""
        self.setLayout(column_of(self.edit, self.chips, self.examples, self.words, spacing=6, margins=(10, 0, 10, 8)))
        self.hide()

    @property
    def text(self) -> str:
        """What is to be searched for, trimmed; nothing as long as there is only the sign of a search by meaning."""
        text = self.edit.text().strip()
        return text if text[meaning_mark(text) :].strip() else ""

    @property
    def typed(self) -> str:
        """What is to be searched for, with one blank at its end where its last word is finished by one."""
        raw = self.edit.text()
        return f"{self.text} " if self.text and raw[-1].isspace() else self.text

    def open(self) -> None:
        """Show the box and let the user type; what stood there is marked, so that typing replaces it."""
        self.show()
        self._back = None
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._mark_words()

    def set_by_meaning(self, by_meaning: bool) -> None:
        """Search for the same words by meaning, or for the words alone; the user goes on typing."""
        self.set_text(with_meaning(self.edit.text(), by_meaning))
        self._focus_edit()

    @property
    def is_by_meaning(self) -> bool:
        """Whether what is typed is searched for by meaning."""
        return meaning_mark(self.edit.text()) > 0

    def set_text(self, text: str) -> None:
        """Search for something else."""
        self.completer.close()
        self.edit.setText(text)

    def dismiss(self) -> bool:
        """Take the box away, and with it what it found; tells whether it was there."""
        was_there = not self.isHidden()
        self.forget()
        if was_there:
            self.closed.emit()
        return was_there

    def forget(self) -> None:
        """Take the box away without a word, because another view is coming."""
        self.completer.close()
        self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(False)
        self._last = ""
        self.chips.set_meaning(False)
        self.show_about((), ())
        self.chips.set_scope(False)
        self.hide()

    def show_about(
        self,
        chips: Sequence[Chip],
        sentences: Sequence[str],
        examples: Sequence[tuple[int, str]] = (),
        removed: int = 0,
    ) -> None:
        """Show the parts of the query, what there is to say about it, and the papers it thought of (id and title).

        So many of the latter were ``removed`` by hand.
        """
        self.chips.show_chips(chips)
        self.examples.show_examples(examples, removed)
        self.words.setText("\n".join(sentences))
        self.words.setVisible(bool(sentences))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter, Down, Up, Tab and Esc mean more than in any line."""
        if watched is self.edit and is_key_press(event):
            return self._press(event) or super().eventFilter(watched, event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self.completer.close()
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in ENTER_KEYS:
            self.completer.close()
            self.first_wanted.emit()
        elif key == Qt.Key.Key_Down:
            self.completer.close()
            self.list_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            self._back_out()
        elif key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab} and self.completer.is_open:
            self.completer.take_next(1 if key == Qt.Key.Key_Tab else -1)
        elif key == Qt.Key.Key_Up:
            return self._recall()
        else:
            return False
        return True

    def _back_out(self) -> None:
        """One step: the candidates, the text, the box."""
        if self.completer.close():
            return
        if self.edit.text():
            self.edit.clear()
        else:
            self.dismiss()

    def _recall(self) -> bool:
        """The search before: from an empty line, or on from one that was recalled."""
        back = 0 if self._back is None else self._back + 1
        if (self._back is None and self.edit.text()) or back >= len(self.history):
            return True
        self.set_text(self.history[-1 - back])
        self._back = back
        return True

    def _edited(self, text: str) -> None:
        self._back = None
        if text.startswith(2 * MEANING):  # typed once more by one who did not see the sign that is there
            place = self.edit.cursorPosition()
            self.edit.setText(text[len(MEANING) :])
            self.edit.setCursorPosition(place - len(MEANING))
        self.completer.offer()

    def _mark_words(self) -> None:
        """Mark what typing is to replace: the words, not the sign of a search by meaning before them."""
        self.edit.setSelection(meaning_mark(self.edit.text()), self.edit.maxLength())

    def _announce(self, text: str) -> None:
        self.chips.set_meaning(self.is_by_meaning)
        if not text:
            self._back = None
        if self.typed != self._last:
            self._last = self.typed
            self.changed.emit(self._last)

    def _focus_edit(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
