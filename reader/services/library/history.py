"""Undo, redo and the history of steps, with what is to be said of each."""

from __future__ import annotations

import re
from dataclasses import replace

from reader.domain.changes import OperationSummary, UndoneOperation
from reader.domain.errors import UndoRefusedError
from reader.services.latex_to_unicode import shown_line
from reader.services.library.part import LibraryPart

LONGEST_QUOTED = 48
_QUOTED = re.compile("“([^“”]*)”")


class Undoing(LibraryPart):
    """Going back and forth in the history of steps, which outlives the program."""

    _last_step_before: int
    """The newest step that there was when the library was opened; 0 if there was none."""
    _asked_about: int | None
    """The step of an earlier session that the user was asked about."""
    _went_back: bool
    """Whether the user has confirmed to undo steps of earlier sessions."""

    def undo(self, steps: int = 1) -> UndoneOperation | None:
        """Undo the last steps; None if there is none.

        Raises :class:`~reader.domain.errors.UndoRefusedError`, nothing changed, where something else has changed the
        same since.
        """
        return self._with_muted(self._store.undo(steps))

    def redo(self, steps: int = 1) -> UndoneOperation | None:
        """Redo what was undone last, so many steps; None if there is nothing. Raises as :meth:`undo`."""
        return self._with_muted(self._store.redo(steps))

    def undo_or_ask(self) -> UndoneOperation | OperationSummary | None:
        """Undo the last step, unless it is the first of an earlier session: then only say which one it is.

        Asked again with that step still the last, undo it, and ask no more while the library is open. For a key, which
        one may press without knowing what was last done days ago.
        """
        step = self.next_undo()
        if step is not None and step.from_earlier_session and not self._went_back:
            if step.id != self._asked_about:
                self._asked_about = step.id
                return step
            self._went_back = True
        return self.undo()

    def go_to_step(self, step_id: int) -> UndoneOperation | None:
        """Go to where a step was just done: undo all that follow it, or redo all up to it; None if that is now.

        Step 0 stands for the beginning of the history. All of it happens or, raising as :meth:`undo`, nothing.
        """
        if any(step.id == step_id for step in self.history(None, undone=True)):
            return self._with_muted(self._store.redo(until=step_id))
        return self.undo_after(step_id)

    def undo_this_step(self, step_id: int) -> UndoneOperation | None:
        """Undo one step if it is the last; raises :class:`~reader.domain.errors.UndoRefusedError` if it is not."""
        last = self.next_undo()
        if last is None or last.id != step_id:
            raise UndoRefusedError("Something else was done since then; the history of steps shows what.")
        return self.undo()

    def undo_after(self, step_id: int) -> UndoneOperation | None:
        """Undo all steps after one; None if there is none. Raises as :meth:`undo`."""
        return self._with_muted(self._store.undo(after=step_id))

    def history(self, limit: int | None = 100, *, undone: bool | None = None) -> list[OperationSummary]:
        """The steps, the newest first: all, or those that are (not) ``undone``."""
        return [self._dated(step) for step in self._store.history(limit, undone=undone)]

    def next_undo(self) -> OperationSummary | None:
        """The step that undo takes back next."""
        return next(iter(self.history(1, undone=False)), None)

    def next_redo(self) -> OperationSummary | None:
        """The step that redo brings back next."""
        return next(reversed(self.history(None, undone=True)), None)

    def _begin_session(self) -> None:
        """Note what was done before now."""
        newest = self._store.history(1)
        self._last_step_before = newest[0].id if newest else 0
        self._asked_about, self._went_back = None, False

    def _made_steps(self) -> bool:
        """Whether the history has got longer since the library was opened."""
        newest = self._store.history(1)
        return bool(newest) and newest[0].id > self._last_step_before

    def _dated(self, step: OperationSummary) -> OperationSummary:
        return replace(step, from_earlier_session=step.id <= self._last_step_before)

    def _with_muted(self, undone: UndoneOperation | None) -> UndoneOperation | None:
        """Let the papers that mute rules hide follow what was undone or redone."""
        return None if undone is None else replace(undone, change=self.mutes.after(undone.change))


def shown_step(title: str, longest: int = LONGEST_QUOTED) -> str:
    """A step's title on one line, with what it quotes (papers' titles) cut after ``longest`` characters."""
    return _QUOTED.sub(lambda quoted: f"“{_cut(quoted[1], longest)}”", shown_line(title))


def _cut(text: str, longest: int) -> str:
    """A text cut after a word, with an ellipsis."""
    if len(text) <= longest:
        return text
    whole_words = text[:longest].rpartition(" ")[0]
    return f"{(whole_words or text[:longest]).rstrip(' ,.;:')}…"


def undone_text(undone: UndoneOperation, verb: str = "Undid") -> str:
    """What to say of steps undone, or (``verb`` "Redid") redone: "Undid: Tagged 41 papers “to-try”"."""
    if len(undone.titles) == 1:
        text = f"{verb}: {shown_step(undone.title)}"
    else:
        text = f"{verb} {len(undone.titles):,} steps, the last of them: {shown_step(undone.title)}"
    return f"{text}. {stayed_text(undone)}" if undone.kept_paper_ids else text


def stayed_text(undone: UndoneOperation) -> str:
    """What to say of papers that undoing an import would have removed, but which stay."""
    count = len(undone.kept_paper_ids)
    papers = "1 paper stays: it is" if count == 1 else f"{count:,} papers stay: they are"
    return f"{papers} annotated or part of another listing."


def asking_text(step: OperationSummary) -> str:
    """What to say when a first undo reaches a step of an earlier session."""
    return f"The last step is from an earlier session: {shown_step(step.title)}. Undo once more to take it back"
