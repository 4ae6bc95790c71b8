"""What keys mean while highlighting: a mode takes them until it is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QTextEdit

from reader.domain.annotations import HighlightLabel
from reader.domain.papers import Highlight, Paper
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.detail.view import DetailView
from reader.ui.highlights.actions import HighlightActions

_DOWN = {Key("PgDown"), Key("Space"), Key("Down")}
_UP = {Key("PgUp"), Key("Space", Modifier.SHIFT), Key("Up")}


class LabelChoiceModel(QObject):
    """The labels there are, and the one that the next highlight gets."""

    changed = Signal()
    """Other labels, or another choice."""

    def __init__(self, parent: QObject) -> None:
        """No labels are known yet; the library's first one is then what is chosen."""
        super().__init__(parent)
        self.labels: tuple[HighlightLabel, ...] = ()
        """All labels in their order."""
        self._chosen = 0

    @property
    def name(self) -> str:
        """The chosen label's name; empty (which means the first one) while none is known."""
        return self.labels[self._chosen].name if self.labels else ""

    def set_labels(self, labels: Sequence[HighlightLabel]) -> None:
        """These are the labels; the chosen one stays, if it is among them."""
        chosen = self.labels[self._chosen].id if self.labels else 0
        self.labels = tuple(labels)
        self._chosen = next((number for number, each in enumerate(labels) if each.id == chosen), 0)
        self.changed.emit()

    def step(self, by: int) -> None:
        """Choose the next label, or the one before."""
        if self.labels:
            self._chosen = (self._chosen + by) % len(self.labels)
            self.changed.emit()

    def after(self, name: str, by: int) -> str:
        """The name of the label some places after one of this name."""
        names = [each.name for each in self.labels]
        at = names.index(name) if name in names else -1
        return names[(at + by) % len(names)] if names else name


@dataclass(frozen=True, slots=True)
class Tools:
    """What a mode works with: ``edit`` opens what a highlight (by id) is commented in, ``leave`` ends the mode.

    ``open_page`` opens the page of a highlight in a document.
    """

    view: DetailView
    labels: LabelChoiceModel
    actions: HighlightActions
    edit: Callable[[int], None]
    open_page: Callable[[Highlight], None]
    leave: Callable[[], None]


class Mode:
    """What keys mean while highlighting a paper."""

    def __init__(self, tools: Tools, paper: Paper | None = None) -> None:
        """Highlights what stands in ``paper``."""
        self._tools, self._view, self._paper = tools, tools.view, paper

    @property
    def label(self) -> str:
        """The name of the label that the bar shows: that of the next highlight."""
        return self._tools.labels.name

    @property
    def hint(self) -> str:
        """What the keys do, on one line."""
        raise NotImplementedError

    def press(self, key: Key, *, held: bool = False) -> bool:
        """Take a key; False lets it go on to the window's commands. A ``held`` one moves on, but never toggles."""
        raise NotImplementedError

    def layer(self) -> Sequence[QTextEdit.ExtraSelection]:
        """What to lay over the text."""
        return ()

    def draw(self, painter: QPainter) -> None:
        """Draw on top of the text."""

    def rewritten(self, paper: Paper | None) -> bool:
        """The text was written again, for ``paper``; False if the mode has nothing to go on with."""
        before = self._paper
        if before is None or paper is None:
            return False
        is_same = (before.id, before.title, before.abstract) == (paper.id, paper.title, paper.abstract)
        if is_same:
            self._find_places()
        return is_same

    def _find_places(self) -> None:
        """Find where the text stands now."""


def scroll(view: DetailView, key: Key) -> bool:
    """Scroll by a key that means that; False if it does not."""
    if key in _DOWN:
        view.page_down()
    elif key in _UP:
        view.page_up()
    else:
        return False
    return True
