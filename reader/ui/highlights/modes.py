"""What keys mean while one highlights: a mode takes them until it is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTextEdit

from reader.domain.annotations import HighlightLabel
from reader.domain.papers import Highlight, Paper
from reader.services.library.highlights import TargetSpan
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.detail.view import DetailView

_DOWN = {Key("PgDown"), Key("Space"), Key("Down")}
_UP = {Key("PgUp"), Key("Space", Modifier.SHIFT), Key("Up")}


class LabelChoiceModel(QObject):
    """The labels there are, and the one that the next highlight gets."""

    changed = Signal()
    """Other labels, or another choice."""

    def __init__(self, parent: QObject) -> None:
        """No labels are known yet; the library's first one is then what is chosen."""
        super().__init__(parent)
        self._labels: tuple[HighlightLabel, ...] = ()
        self._chosen = 0

    @property
    def labels(self) -> tuple[HighlightLabel, ...]:
        """All labels in their order."""
        return self._labels

    @property
    def name(self) -> str:
        """The chosen label's name; empty (which means the first one) while none is known."""
        return self._labels[self._chosen].name if self._labels else ""

    def set_labels(self, labels: Sequence[HighlightLabel]) -> None:
        """These are the labels; the chosen one stays, if it is among them."""
        chosen = self._labels[self._chosen].id if self._labels else 0
        self._labels = tuple(labels)
        self._chosen = next((number for number, each in enumerate(labels) if each.id == chosen), 0)
        self.changed.emit()

    def step(self, by: int) -> None:
        """Choose the next label, or the one before."""
        if self._labels:
            self._chosen = (self._chosen + by) % len(self._labels)
            self.changed.emit()

    def after(self, name: str, by: int) -> str:
        """The name of the label some places after one of this name."""
        names = [each.name for each in self._labels]
        at = names.index(name) if name in names else -1
        return names[(at + by) % len(names)] if names else name


class Mode(Protocol):
    """What keys mean while one highlights."""

    @property
    def label(self) -> str:
        """The name of the label that the bar shows."""

    @property
    def hint(self) -> str:
        """What the keys do, on one line."""

    def press(self, key: Key, *, held: bool = False) -> bool:
        """Take a key; False lets it go on to the window's commands. A ``held`` one moves on, but never toggles."""

    def layer(self) -> Sequence[QTextEdit.ExtraSelection]:
        """What to lay over the text."""

    def draw(self, painter: QPainter) -> None:
        """Draw on top of the text."""

    def rewritten(self, paper: Paper | None) -> bool:
        """The text was written anew, for ``paper``; False if the mode has nothing to go on with."""


def same_texts(one: Paper, other: Paper | None) -> bool:
    """Whether two papers are the same, and say the same."""
    return other is not None and (one.id, one.title, one.abstract) == (other.id, other.title, other.abstract)


def scroll(view: DetailView, key: Key) -> bool:
    """Scroll by a key that means that; False if it does not."""
    if key in _DOWN:
        view.page_down()
    elif key in _UP:
        view.page_up()
    else:
        return False
    return True


def placed_span(highlight: Highlight) -> TargetSpan | None:
    """Where a highlight stands; None if it could not be placed."""
    if highlight.start is None or highlight.end is None:
        return None
    return TargetSpan(highlight.target, highlight.start, highlight.end)
