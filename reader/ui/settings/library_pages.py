"""The pages for what the library itself keeps: the labels of highlights, and the tags with a number."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from reader.domain.annotations import HighlightLabel, Tag, check_color
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.services import Library
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, plain_label
from reader.ui.settings.controls import Row, TextLine
from reader.ui.settings.pages import Page

_SWATCH = 16
_COLOR_PADDING = 32
_NEW_COLOR = "#8f8fb0"
_FAVORITES = range(1, 10)


class LibraryPage(Page):
    """Rows for what a library keeps, read anew after each change."""

    def __init__(self, name: str, workspace: Workspace, words: str) -> None:
        """``words`` say what this is."""
        super().__init__(name)
        self._workspace = workspace
        self._library = workspace.library
        self._rows: list[Row] = []
        self._shown: object = None
        about = plain_label(words, quiet=True)
        about.setWordWrap(True)
        self.column.addWidget(about)
        self.column.addStretch(1)
        self._token = CancelToken()
        workspace.changed.connect(self._read_soon)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        self._soon.start()

    def leave(self) -> None:
        """Nothing is read any more."""
        self._token.cancel()

    def _read_soon(self, _: Change) -> None:
        self._soon.start()

    def _read_again(self) -> None:
        """After something failed, show what there is; unless nobody looks any more."""
        self._shown = None
        if not self._token.cancelled():
            self._soon.start()

    def _read(self) -> None:
        raise NotImplementedError

    def _perform(self, operation: Callable[[], Change], said: str) -> None:
        self._workspace.perform(operation, said=said, failed=self._read_again)

    def _is_shown(self, content: object) -> bool:
        """Whether the rows show this already: they take longer to make than a key may, and most changes touch none."""
        if content == self._shown:
            return True
        self._shown = content
        return False

    def _put(self, rows: list[Row]) -> None:
        """Show other rows; the focus stays at its place."""
        at = next((at for at, row in enumerate(self._rows) if row.control.hasFocus() or _holds_focus(row)), None)
        for row in self._rows:
            self.column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = rows
        for place, row in enumerate(rows):
            row.show_state(is_default=True)
            self.column.insertWidget(1 + place, row)
        if at is not None and rows:
            rows[min(at, len(rows) - 1)].setFocus()

    def stops(self) -> list[QWidget]:
        """What ↑ and ↓ walk."""
        return [row.control for row in self._rows]


def _holds_focus(row: Row) -> bool:
    return any(child.hasFocus() for child in row.findChildren(QWidget))


class LabelPage(LibraryPage):
    """The labels of highlights: what they are called and their colours; each change is a step that undo takes back."""

    def __init__(self, workspace: Workspace) -> None:
        """Reads the labels."""
        super().__init__(
            "Highlights",
            workspace,
            "Labels say what a highlight is; rename or recolour one, and its highlights follow. Undo takes it back.",
        )

    def _read(self) -> None:
        self._workspace.tasks.read(self._library.highlight_labels, self._show, token=self._token)

    def _show(self, labels: list[HighlightLabel]) -> None:
        if not self._is_shown(labels):
            self._put([*(self._row(number, label) for number, label in enumerate(labels, 1)), self._new_row()])

    def _row(self, number: int, label: HighlightLabel) -> Row:
        name = f"Label {number}"
        line = TextLine(f"{name}: name")
        line.show_value(label.name)
        line.chosen.connect(partial(self._rename, label))
        color = TextLine(f"{name}: colour")
        color.edit.setFixedWidth(color.edit.fontMetrics().horizontalAdvance("#888888") + _COLOR_PADDING)
        color.show_value(label.color)
        color.chosen.connect(partial(self._recolor, label))
        delete = button("Delete", name=f"{name}: delete", quiet=True)
        delete.clicked.connect(partial(self._delete, label))
        for widget in (Swatch(label.color), color, delete):
            line.row.addWidget(widget)
        return Row(name, "Its name, its colour such as #6c99bb", line)

    def _new_row(self) -> Row:
        line = TextLine("New label", placeholder="Its name")
        line.chosen.connect(self._add)
        return Row("New label", "Enter makes it", line)

    def _rename(self, label: HighlightLabel, name: str) -> None:
        self._perform(
            partial(self._library.update_highlight_label, label.id, name=name), f"Renamed the label to “{name}”"
        )

    def _recolor(self, label: HighlightLabel, color: str) -> None:
        try:
            checked = check_color(color)
        except ReaderError as error:
            self._workspace.failed.emit(str(error))
            self._read_again()
            return
        self._perform(partial(self._library.update_highlight_label, label.id, color=checked), "Recoloured the label")

    def _add(self, name: str) -> None:
        if name:
            self._perform(partial(self._library.add_highlight_label, name, _NEW_COLOR), f"Made the label “{name}”")

    def _delete(self, label: HighlightLabel, _: bool = False) -> None:
        self._perform(partial(self._library.delete_highlight_label, label.id), "Deleted the label")


class FavoritePage(LibraryPage):
    """The tags that the number keys put on."""

    def __init__(self, workspace: Workspace, keys_of: Callable[[str], str]) -> None:
        """``keys_of`` tells a command's keys."""
        super().__init__(
            "Tags",
            workspace,
            "Each number puts its tag on a paper, or takes it off. Name a tag, or leave the line empty for none.",
        )
        self._keys_of = keys_of

    def _read(self) -> None:
        self._workspace.tasks.read(self._library.tags.all, self._show, token=self._token)

    def _show(self, tags: list[Tag]) -> None:
        by_number = {tag.favorite: tag.name for tag in tags}
        favorites = [by_number.get(number, "") for number in _FAVORITES]
        if not self._is_shown(favorites):
            self._put([self._row(number, name) for number, name in zip(_FAVORITES, favorites, strict=True)])

    def _row(self, number: int, name: str) -> Row:
        line = TextLine(f"Favourite tag {number}", placeholder="None")
        line.show_value(name)
        line.chosen.connect(partial(self._choose, number, name))
        keys = self._keys_of(f"tag.favorite_{number}") or "no key"
        return Row(f"Favourite {number}", keys, line)

    def _choose(self, number: int, before: str, name: str) -> None:
        if not name:
            self._perform(partial(self._library.tags.set_favorite, before, None), f"No tag has the number {number}")
            return
        self._perform(partial(_set_favorite, self._library, name, number), f"“{name}” has the number {number}")


def _set_favorite(library: Library, name: str, number: int) -> Change:
    """On the library thread: give an existing tag its number."""
    return library.tags.set_favorite(library.tags.named(name).name, number)


class Swatch(QWidget):
    """A colour to look at."""

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
