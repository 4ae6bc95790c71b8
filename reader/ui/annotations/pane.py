"""The list of highlights or notes with a line to narrow it, as it stands in the place of the papers'."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QPushButton,
    QWidget,
)

from reader.domain.query import MAXIMUM_LENGTH
from reader.services.latex_to_unicode import shown_line
from reader.ui.annotations.delegate import AnnotationDelegate
from reader.ui.annotations.model import AnnotationListModel
from reader.ui.commands.key_events import ENTER_KEYS, is_key_press
from reader.ui.detail.document import Look
from reader.ui.highlights.tones import Tones
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import add_clear_button, button, column_of, plain_label, text_line
from reader.ui.look.row_list import RowTable
from reader.ui.search.completion import Completer


class AnnotationListView(RowTable):
    """The list itself; moved in by the window's commands, so that its keys are theirs."""

    entered = Signal()
    """A row was double clicked."""
    removal_wanted = Signal()
    """Delete was pressed."""

    def __init__(self, model: AnnotationListModel, delegate: AnnotationDelegate) -> None:
        """Rows are drawn by ``delegate``."""
        super().__init__("Highlights and notes", model, delegate)
        self.setObjectName("paper_list")
        self._annotations = model
        self.doubleClicked.connect(self._enter)

    def set_current_row(self, row: int) -> None:
        """Make a row current, in sight with a neighbour on either side."""
        index = self._annotations.index(row)
        if index.isValid():
            self.setCurrentIndex(index)
            for near in (row - 1, row + 1):
                if 0 <= near < self._annotations.rowCount():
                    self.scrollTo(self._annotations.index(near))
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes what is current; the other keys are the window's commands."""
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.removal_wanted.emit()
        elif event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _enter(self, index: QModelIndex) -> None:
        self.entered.emit()


class AnnotationPane(QWidget):
    """A line to narrow the list, a button for each label, the list, and a word where it is empty."""

    filter_changed = Signal()
    """Something else is to be shown: another text, or another label."""

    def __init__(self, model: AnnotationListModel, look: Look, parent: QWidget) -> None:
        """``set_look`` changes colours and sizes later; hidden until it stands in the place of ``parent``'s list."""
        super().__init__(parent)
        self.hide()
        self.model = model
        self._delegate = AnnotationDelegate(look, self)
        self.list = AnnotationListView(model, self._delegate)
        self.edit = text_line("Narrow the list", MAXIMUM_LENGTH)
        add_clear_button(self.edit)
        self.edit.installEventFilter(self)
        self.completer = Completer(self.edit)
        self.edit.textEdited.connect(self.completer.offer)
        self.edit.textChanged.connect(self._changed)
        self.words = plain_label("", name="Why the list is empty, or what was not understood", quiet=True, wrap=True)
        self.words.hide()
        self._labels = FlowRow()
        self._labels.hide()
        self._buttons: dict[str, QPushButton] = {}
        self.setFocusProxy(self.list)
        head = column_of(self.edit, self._labels, self.words, spacing=7, margins=(12, 0, 12, 8))
        self.setLayout(column_of(head, self.list, spacing=0, grows=self.list))

    @property
    def query(self) -> str:
        """What the list is narrowed by, trimmed."""
        return self.edit.text().strip()

    @property
    def label(self) -> str:
        """The only label shown; empty for all."""
        return next((name for name, each in self._buttons.items() if each.isChecked()), "")

    def set_kind(self, placeholder: str) -> None:
        """Begin another list, not narrowed yet."""
        self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(False)
        self.edit.setPlaceholderText(placeholder)
        self.set_labels({})
        self.say("")

    def set_labels(self, counts: Mapping[str, int]) -> None:
        """Offer these labels, with how many highlights each has; none takes the row away."""
        if list(counts) != list(self._buttons):
            chosen = self.label
            for each in self._buttons.values():
                each.hide()
                each.deleteLater()
            self._buttons = {name: self._button(name) for name in counts}
            if chosen in self._buttons:
                self._buttons[chosen].setChecked(True)
        for name, count in counts.items():
            self._buttons[name].setText(f"{shown_line(name, 40)}  {count:,}".replace("&", "&&"))
            self._buttons[name].setAccessibleName(f"Only {shown_line(name, 40)}: {count:,}")
        self._labels.place()

    def say(self, words: str) -> None:
        """Say why there is nothing, or what was not understood; nothing takes the words away."""
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def clear_filter(self) -> bool:
        """Show everything again; False if that is so already."""
        if not self.query and not self.label:
            return False
        for each in self._buttons.values():
            each.setChecked(False)
        self.edit.blockSignals(True)
        self.edit.clear()
        self.edit.blockSignals(False)
        self._changed()
        return True

    def set_look(self, look: Look, tones: Tones) -> None:
        """Use other colours or sizes."""
        self._delegate.set_look(look, tones)
        self.list.set_row_height(self._delegate.row_height)
        self.list.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Down go to the list, Tab completes, Esc clears the line and then leaves it."""
        if watched is self.edit and is_key_press(event):
            return self._press(event.key()) or super().eventFilter(watched, event)
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self.completer.close()
        return super().eventFilter(watched, event)

    def _press(self, key: int) -> bool:
        if key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab} and self.completer.is_open:
            self.completer.take_next(1 if key == Qt.Key.Key_Tab else -1)
        elif key in ENTER_KEYS | {Qt.Key.Key_Down}:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif key == Qt.Key.Key_Escape:
            if self.completer.close():
                return True
            if self.edit.text():
                self.edit.clear()
            else:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def _button(self, name: str) -> QPushButton:
        made: QPushButton = button(name)
        made.setParent(self._labels)
        made.setProperty("chip", True)
        made.setCheckable(True)
        made.clicked.connect(self._label_clicked)
        made.show()
        return made

    def _label_clicked(self) -> None:
        """One label at a time."""
        clicked = self.sender()
        for each in self._buttons.values():
            if each is not clicked:
                each.setChecked(False)
        self._changed()

    def _changed(self) -> None:
        self.filter_changed.emit()
