"""The labels of highlights are the user's: their names, their colours, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reader.domain.annotations import HighlightLabel, fold_tag
from reader.domain.errors import ReaderError
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted, told
from reader.ui.tags.color_choice import ColorChoosing
from reader.ui.tags.colors import SUGGESTED

_LONGEST_NAME = 60
Labels = Sequence[tuple[HighlightLabel, int]]
"""The labels in their order, each with how many highlights have it."""


class LabelEditing(ColorChoosing):
    """Changes, adds and deletes labels; each change is a step."""

    def __init__(self, context: Context) -> None:
        """Nothing is read before it is asked for."""
        super().__init__(context)
        self._labels: Labels = ()

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"highlight.labels": self.open}

    def open(self) -> None:
        """Show the labels, to change one or to add another."""
        self._workspace.tasks.read(partial(_labels, self._library), self._offer_labels)

    def _offer_labels(self, labels: Labels) -> None:
        self._labels = labels
        items = [
            PaletteItem(
                shown_line(label.name, 60),
                counted(count, "highlight"),
                partial(self._offer_changes, label, count),
                color=label.color,
            )
            for label, count in labels
        ]
        self._ask_which("Which label?", [*items, PaletteItem("New label…", "", partial(self._ask_name, None))])

    def _offer_changes(self, label: HighlightLabel, count: int) -> None:
        changes = [
            PaletteItem("Rename…", "Its highlights keep it", partial(self._ask_name, label)),
            PaletteItem("Colour…", label.color, partial(self._offer_colors, label), color=label.color),
        ]
        if not count:
            delete = partial(self._perform, partial(self._library.labels.delete, label.id))
            changes.append(PaletteItem("Delete", "No highlight uses it", delete))
        self._ask_which(f"Change “{shown_line(label.name, 60)}”", changes)

    def _ask_name(self, label: HighlightLabel | None) -> None:
        check = partial(_check_name, [each.name for each, _ in self._labels if each is not label])
        if label is None:
            self._ask("New label", "", self._add, check=check)
        else:
            self._ask(f"Rename “{shown_line(label.name, 60)}”", label.name, partial(self._rename, label), check=check)

    def _rename(self, label: HighlightLabel, name: str) -> None:
        self._perform(partial(self._library.labels.update, label.id, name=name))

    def _add(self, name: str) -> None:
        taken = {label.color for label, _ in self._labels}
        color = next((each for each in SUGGESTED.values() if each not in taken), next(iter(SUGGESTED.values())))
        self._perform(partial(self._library.labels.add, name, color))

    def _offer_colors(self, label: HighlightLabel) -> None:
        self._ask_color(shown_line(label.name, 60), label.color, partial(self._recolor, label), can_be_none=False)

    def _recolor(self, label: HighlightLabel, color: str) -> None:
        self._perform(partial(self._library.labels.update, label.id, color=color))

    def _perform(self, change: Callable[[], Outcome]) -> None:
        self._workspace.perform(change, said=told)


def _labels(library: Library) -> Labels:
    """On a reader thread: the labels, and how many highlights each has."""
    counts = library.labels.counts()
    return [(label, counts.get(label.name, 0)) for label in library.labels.all()]


def _check_name(taken: Sequence[str], name: str) -> None:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise ReaderError(f"A label needs a name of at most {_LONGEST_NAME} characters.")
    if fold_tag(name) in map(fold_tag, taken):
        raise ReaderError(f"A label “{name}” already exists.")
