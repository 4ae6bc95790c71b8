"""Making, changing and removing highlights: each a step that ``u`` takes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from reader.domain.annotations import fold_tag
from reader.domain.changes import Change
from reader.domain.papers import Highlight
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.services.library.history import shown_step
from reader.ui.app.workspace import Outcome, Workspace
from reader.ui.look.wording import told


class Typed:
    """The highlight that the label typed last has added (by id; 0 if it did not), for a range that replaces it.

    Written and read on the library thread only, where operations run one after the other; so a range may be typed
    before the first of its labels is dealt with.
    """

    __slots__ = ("added", "chosen")

    def __init__(self) -> None:
        """Nothing was typed yet."""
        self.added = 0
        self.chosen = 0
        """The highlight that was chosen last, added or there before."""


class HighlightActions(QObject):
    """The operations on highlights, asked for by the window's parts."""

    def __init__(self, workspace: Workspace) -> None:
        """Operations run on the library thread of ``workspace``."""
        super().__init__(workspace)
        self._workspace = workspace
        self._library = workspace.library

    def toggle(self, paper_id: int, spans: Sequence[TargetSpan], label: str, typed: Typed | None = None) -> None:
        """Highlight spans; a single one that is highlighted already loses that, or gets the label."""
        work = partial(_toggle, self._library, paper_id, spans, label, typed or Typed())
        self._workspace.perform(work, said=partial(_words, label))

    def add_range(self, paper_id: int, spans: Sequence[TargetSpan], label: str, typed: Typed) -> None:
        """Highlight a range, in place of what its first label alone has added."""
        work = partial(_add_range, self._library, paper_id, spans, label, typed)
        self._workspace.perform(work, said=partial(_words, label))

    def add_to_comment(
        self,
        paper_id: int,
        spans: Sequence[TargetSpan],
        label: str,
        typed: Typed,
        then: Callable[[int], None],
    ) -> None:
        """Highlight spans unless the (only) one is highlighted; ``then`` gets the id of the last, to comment on it."""
        work = partial(_choose, self._library, paper_id, spans, label, typed)
        self._workspace.perform(work, then=partial(_chosen, typed, then))

    def set_label(self, highlight_id: int, label: str) -> None:
        """Give a highlight another label."""
        work = partial(self._library.highlights.update, highlight_id, label=label)
        self._workspace.perform(work, said=told)

    def confirm(self, highlight_id: int) -> None:
        """Say that a highlight placed by likeness stands where it should."""
        work = partial(self._library.highlights.update, highlight_id)
        self._workspace.perform(work, said="Kept the highlight where it is")

    def keep(self, edited: Highlight, label: str | None, comment: str | None) -> None:
        """Keep what was changed of a highlight in an editor that showed it as ``edited``."""
        work = partial(_keep, self._library, edited, label, comment)
        rescue = partial(self._rescue, comment) if comment else None
        self._workspace.perform(work, said=told, failed=rescue)

    def _rescue(self, comment: str) -> None:
        """What was typed for a highlight that is gone can at least be pasted elsewhere."""
        QGuiApplication.clipboard().setText(comment)
        self._workspace.said.emit("The comment could not be saved; it is on the clipboard")

    def delete(self, highlight_id: int) -> None:
        """Remove a highlight, and its comment with it."""
        work = partial(self._library.highlights.delete, highlight_id)
        self._workspace.perform(work, said=told)


def _keep(library: Library, edited: Highlight, label: str | None, comment: str | None) -> Change:
    """On the library thread: where the comment was changed elsewhere meanwhile, both texts stay."""
    found = library.highlights.rows([edited.id])
    if comment is not None and found and found[0].highlight.comment not in {edited.comment, comment}:
        comment = f"{found[0].highlight.comment}\n\n{comment}".strip()
    return library.highlights.update(edited.id, label=label, comment=comment)


def _toggle(library: Library, paper_id: int, spans: Sequence[TargetSpan], label: str, typed: Typed) -> Change:
    """On the library thread: one span is toggled, several are added."""
    if len(spans) != 1:
        return _add_range(library, paper_id, spans, label, Typed())
    before = {each.id for each in library.highlights.of(paper_id)}
    highlight_id, change = library.highlights.toggle(paper_id, spans[0], label=label)
    typed.chosen = highlight_id or 0
    typed.added = 0 if typed.chosen in before else typed.chosen
    return change


def _add_range(library: Library, paper_id: int, spans: Sequence[TargetSpan], label: str, typed: Typed) -> Change:
    """On the library thread: a range is added, what its first label has added goes."""
    ids, change = library.highlights.add(paper_id, spans, label=label, replacing=typed.added)
    typed.added, typed.chosen = 0, ids[-1]
    return change


def _choose(library: Library, paper_id: int, spans: Sequence[TargetSpan], label: str, typed: Typed) -> Outcome:
    """On the library thread: the highlight of just this span, added if there is none."""
    if len(spans) == 1:
        wanted = fold_tag(label)
        there = [
            each
            for each in library.highlights.of(paper_id)
            if (each.target, each.start, each.end) == (spans[0].target, spans[0].start, spans[0].end)
        ]
        if there and not typed.added:
            same = [each for each in there if fold_tag(each.label) == wanted]
            typed.chosen = (same or there)[0].id
            return None
    return _add_range(library, paper_id, spans, label, typed)


def _chosen(typed: Typed, then: Callable[[int], None], outcome: Outcome) -> None:
    if typed.chosen:
        then(typed.chosen)


def _words(label: str, change: Change) -> str:
    """What a toggle did, with the label that it gave."""
    return shown_step(change.title.naming(label) if label else change.title)
