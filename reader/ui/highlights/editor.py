"""Where a highlight is commented on and given its label."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QWidget

from reader.domain.annotations import HighlightLabel, fold_tag
from reader.domain.highlight_runs import in_quotes
from reader.domain.papers import Highlight
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.look.labels import chip_button, plain_label, row_of
from reader.ui.overlays.overlay import Overlay

_QUOTE_LIMIT = 300
_HINT = "Enter or Esc saves  ·  Shift+Enter starts a line  ·  Tab changes the label"


class HighlightEditor(Overlay):
    """Edits one highlight. However it is left, the text is saved; undo takes it back."""

    kept = Signal(object, object, object)
    """The highlight as it was shown, and its new label and comment; None for what stayed as it was."""

    def __init__(self, window: QWidget, highlight: Highlight, labels: Sequence[HighlightLabel]) -> None:
        """Opens at once."""
        super().__init__(window, "Highlight", width=560, height=280)
        self._highlight = highlight
        self._names = [each.name for each in labels] or [highlight.label]
        self._buttons: list[QPushButton] = []
        self.add_words(in_quotes(shown_line(highlight.exact, _QUOTE_LIMIT)), name="Quote")
        self.add(self._label_row())
        self.edit = QPlainTextEdit(highlight.comment, placeholderText="Comment", tabChangesFocus=True)
        self.edit.setAccessibleName("Comment")
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.edit.installEventFilter(self)
        self.add(self.edit, plain_label(_HINT, quiet=True), grows=self.edit)
        self._choose(self._number_of(highlight.label))
        self.closed.connect(self.keep)
        self.open(self.edit)

    @property
    def label(self) -> str:
        """The label that is chosen."""
        return next(
            (name for name, each in zip(self._names, self._buttons, strict=True) if each.isChecked()), self._names[0]
        )

    def keep(self) -> None:
        """Tell what was changed, if anything was; once."""
        label = self.label if fold_tag(self.label) != fold_tag(self._highlight.label) else None
        # A field changes line ends and the like by showing them; what was not typed in stays as it is stored.
        comment = self.edit.toPlainText().strip() if self.edit.document().isModified() else None
        self.closed.disconnect(self.keep)
        if label is not None or comment is not None:
            self.kept.emit(self._highlight, label, comment)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter keeps, Tab changes the label; Shift+Enter begins a line."""
        if watched is self.edit and is_key_press(event):
            return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key, shifted = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in ENTER_KEYS and not shifted:
            self.dismiss()
        elif key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self._choose(self._number_of(self.label) + (1 if key == Qt.Key.Key_Tab and not shifted else -1))
        else:
            return False
        return True

    def _label_row(self) -> QHBoxLayout:
        for name in self._names:
            made = chip_button(shown_line(name, 40), name=f"Label {shown_line(name, 40)}")
            made.setAutoExclusive(True)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._buttons.append(made)
        return row_of(*self._buttons, None, spacing=6)

    def _number_of(self, label: str) -> int:
        folds = [fold_tag(name) for name in self._names]
        return folds.index(fold_tag(label)) if fold_tag(label) in folds else 0

    def _choose(self, number: int) -> None:
        self._buttons[number % len(self._buttons)].setChecked(True)
