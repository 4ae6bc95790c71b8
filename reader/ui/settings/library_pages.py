"""The pages for settings that the library itself stores: highlight labels and favourite tags."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from reader.domain.annotations import HighlightLabel, check_color
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, plain_label
from reader.ui.settings.controls import Row, TextLine
from reader.ui.settings.pages import Page

_SWATCH = 16
_COLOR_PADDING = 32
_NEW_COLOR = "#8f8fb0"
_FAVORITES = range(1, 10)


class LibraryPage(Page):
    """Rows for values stored in the library, updated after each change."""

    def __init__(self, workspace: Workspace, about: str, read: Callable[[], list[Any]]) -> None:
        """``about`` is the page's help; ``read`` returns its content and runs outside the GUI thread."""
        super().__init__()
        self._workspace = workspace
        self._library = workspace.library
        self._read_content = read
        self._rows: list[Row] = []
        self._shown: list[Any] | None = None
        self.column.addWidget(plain_label(about, quiet=True, wrap=True))
        self.column.addStretch(1)
        self._token = CancelToken()
        workspace.changes_of().connect(self._read_soon)
        self._soon = make_timer(self, self._read)
        self._soon.start()

    def leave(self) -> None:
        """Read nothing more."""
        self._token.cancel()

    def make_rows(self, content: list[Any]) -> list[Row]:
        """Rows for the content that was read."""
        raise NotImplementedError

    def _read_soon(self, _: Change) -> None:
        self._soon.start()

    def _read_again(self) -> None:
        """After a failure, show the stored values again, unless the page is closed."""
        self._shown = None
        if not self._token.cancelled():
            self._soon.start()

    def _read(self) -> None:
        self._workspace.tasks.read(self._read_content, self._show, token=self._token)

    def _perform(self, operation: Callable[[], Change], said: str) -> None:
        self._workspace.perform(operation, said=said, failed=self._read_again)

    def _show(self, content: list[Any]) -> None:
        """Show the content; the focus stays where it is, or on its row if that has no such control any more."""
        # Making rows takes longer than a key press may, and most changes affect none.
        if content == self._shown:
            return
        self._shown = content
        focus = QApplication.focusWidget()
        at = next((at for at, row in enumerate(self._rows) if focus and row.isAncestorOf(focus)), None)
        for row in self._rows:
            self.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = self.make_rows(content)
        for place, row in enumerate(self._rows, 1):
            row.show_state(is_default=True)
            self.column.insertWidget(place, row)
        if focus is not None and at is not None and self._rows:
            row = self._rows[min(at, len(self._rows) - 1)]
            same = (each for each in row.findChildren(QWidget) if each.accessibleName() == focus.accessibleName())
            next(same, row).setFocus()

    def stops(self) -> list[QWidget]:
        """What ↑ and ↓ walk."""
        return [row.control for row in self._rows]


class LabelPage(LibraryPage):
    """The names and colours of highlight labels; each change can be undone."""

    def __init__(self, workspace: Workspace) -> None:
        """Reads the labels."""
        about = "A label says what a highlight is. Rename or recolour one, and its highlights follow. Undo restores it."
        super().__init__(workspace, about, workspace.library.labels.all)

    def make_rows(self, content: list[HighlightLabel]) -> list[Row]:
        """A row for each label, and one to add another."""
        return [*(self._row(number, label) for number, label in enumerate(content, 1)), self._new_row()]

    def _row(self, number: int, label: HighlightLabel) -> Row:
        name = f"Label {number}"
        line, color = TextLine(f"{name}: name"), TextLine(f"{name}: colour")
        color.edit.setFixedWidth(color.edit.fontMetrics().horizontalAdvance("#888888") + _COLOR_PADDING)
        delete = button("Delete", name=f"{name}: delete", quiet=True)
        delete.clicked.connect(partial(self._delete, label))
        for control, value, change in ((line, label.name, self._rename), (color, label.color, self._recolor)):
            control.show_value(value)
            control.chosen.connect(partial(change, label))
        for widget in (Swatch(label.color), color, delete):
            line.row.addWidget(widget)
        return Row(name, "Its name, and its colour such as #6c99bb", line)

    def _new_row(self) -> Row:
        line = TextLine("New label", placeholder="Name")
        line.chosen.connect(self._add)
        return Row("New label", "Enter adds it", line)

    def _rename(self, label: HighlightLabel, name: str) -> None:
        self._perform(partial(self._library.labels.update, label.id, name=name), f"Renamed the label to “{name}”")

    def _recolor(self, label: HighlightLabel, color: str) -> None:
        try:
            checked = check_color(color)
        except ReaderError as error:
            self._workspace.failed.emit(str(error))
            self._read_again()
            return
        self._perform(partial(self._library.labels.update, label.id, color=checked), "Recoloured the label")

    def _add(self, name: str) -> None:
        if name:
            self._perform(partial(self._library.labels.add, name, _NEW_COLOR), f"Made the label “{name}”")

    def _delete(self, label: HighlightLabel, _: bool = False) -> None:
        self._perform(partial(self._library.labels.delete, label.id), "Deleted the label")


class FavoritePage(LibraryPage):
    """The tags that the number keys add."""

    def __init__(self, workspace: Workspace, keys_of: Callable[[str], str]) -> None:
        """``keys_of`` returns a command's keys."""
        self._keys_of = keys_of
        about = "Each number adds its tag to a paper, or removes it. Enter a tag's name, or leave it empty for none."
        super().__init__(workspace, about, self._read_names)

    def make_rows(self, content: list[str]) -> list[Row]:
        """A row for each number."""
        return list(map(self._row, _FAVORITES, content))

    def _row(self, number: int, name: str) -> Row:
        line = TextLine(f"Favourite tag {number}", placeholder="None")
        line.show_value(name)
        line.chosen.connect(partial(self._choose, number, name))
        return Row(f"Favourite {number}", self._keys_of(f"tag.favorite_{number}") or "no key", line)

    def _read_names(self) -> list[str]:
        """Outside the GUI thread: the tag of each number, empty for none."""
        by_number = {tag.favorite: tag.name for tag in self._library.tags.all()}
        return [by_number.get(number, "") for number in _FAVORITES]

    def _choose(self, number: int, before: str, name: str) -> None:
        if name:
            self._perform(partial(self._set, name, number), f"“{name}” has the number {number}")
        else:
            self._perform(partial(self._library.tags.set_favorite, before, None), f"No tag has the number {number}")

    def _set(self, name: str, number: int) -> Change:
        """On the library thread: give an existing tag its number."""
        return self._library.tags.set_favorite(self._library.tags.named(name).name, number)


class Swatch(QWidget):
    """A patch of a colour."""

    def __init__(self, color: str) -> None:
        """``color`` is ``#rrggbb``."""
        super().__init__()
        self._color = QColor(color)
        self.setAccessibleName(f"Colour {color}")
        self.setFixedSize(_SWATCH, _SWATCH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A small filled square with a line around it."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.setBrush(self._color)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 3, 3)
