"""Undo, redo and the history of steps, with what is to be said of each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from reader.domain.changes import Field, OperationSummary, UndoneOperation
from reader.domain.numerals import counted
from reader.domain.step_titles import StepKind, StepTitle
from reader.services.latex_to_unicode import shown_line
from reader.services.library.mutes import Mutes
from reader.storage.journal.history import StoredHistory
from reader.storage.store import LibraryStore
from reader.storage.subject import changing

LONGEST_QUOTED = 48
_NOUNS = {
    Field.TAGS: "tag",
    Field.LABELS: "label",
    Field.SEARCHES: "saved search",
    Field.MUTE_RULES: "mute rule",
    Field.LISTINGS: "listing",
    Field.SUBSCRIPTIONS: "subscription",
}
"""What belongs to no paper and may stay."""
_MOST_BESIDE_OTHERS = 30_000
"""Changes that are undone or redone in about a second."""


class History(StoredHistory):
    """Going back and forth in the history of steps, which outlives the program."""

    def __init__(self, store: LibraryStore, mutes: Mutes, alone: Callable[[], AbstractContextManager[object]]) -> None:
        """``alone`` is the library for this process alone, for what would keep others from writing for long."""
        super().__init__(store)
        self._mutes, self._alone = mutes, alone
        self.begin_session()

    def begin_session(self) -> None:
        """Count what was done before now as done in an earlier session."""
        self._last_step_before = self._newest()
        self._asked_about: int | None = None
        """The step of an earlier session that the user was asked about."""
        self._went_back = False
        """Whether the user has confirmed to undo steps of earlier sessions."""

    @changing
    def undo(self, steps: int = 1, *, after: int | None = None, only: int | None = None) -> UndoneOperation | None:
        """Undo the last steps, or all after one, or the last if it is this one ``only``; None if there is none.

        Raises :class:`~reader.domain.errors.UndoRefusedError`, nothing changed, where something else has changed the
        same since.
        """
        with self._alone_for(self.changes_to_undo(steps, after=after)):
            return self._with_muted(super().undo(steps, after=after, only=only))

    @changing
    def redo(self, steps: int = 1, *, until: int | None = None) -> UndoneOperation | None:
        """Redo what was undone last, so many steps, or all up to one; None if there is nothing.

        Raises as :meth:`undo`.
        """
        with self._alone_for(self.changes_to_redo(steps, until=until)):
            return self._with_muted(super().redo(steps, until=until))

    @changing
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

    @changing
    def go_to(self, step_id: int) -> UndoneOperation | None:
        """Go to where a step was just done: undo all that follow it, or redo all up to it; None if that is now.

        Step 0 stands for the beginning of the history. All of it happens or, raising as :meth:`undo`, nothing.
        """
        if any(step.id == step_id for step in self.steps(None, undone=True)):
            return self.redo(until=step_id)
        return self.undo(after=step_id)

    @changing
    def undo_this(self, step_id: int) -> UndoneOperation | None:
        """Undo one step if it is the last; raises :class:`~reader.domain.errors.UndoRefusedError` if it is not."""
        return self.undo(only=step_id)

    @changing
    def take_back(self, step_id: int) -> UndoneOperation:
        """Take back what arrived from another device, as a step of its own; what has changed since stays.

        Raises :class:`~reader.domain.errors.ReaderError` if there is no such step, or nothing left of it.
        """
        taken = super().take_back(step_id)
        return replace(taken, change=self._mutes.after(taken.change))

    def steps(
        self, limit: int | None = 100, *, undone: bool | None = None, own: bool = False
    ) -> list[OperationSummary]:
        """The steps, the newest first: all, or those that are (not) ``undone``, or this device's ``own``."""
        steps, last = super().steps(limit, undone=undone, own=own), self._last_step_before
        return [replace(step, from_earlier_session=step.id <= last) for step in steps]

    def next_undo(self) -> OperationSummary | None:
        """The step that undo takes back next."""
        return next(iter(self.steps(1, undone=False, own=True)), None)

    def next_redo(self) -> OperationSummary | None:
        """The step that redo brings back next."""
        return next(reversed(self.steps(None, undone=True)), None)

    def has_grown(self) -> bool:
        """Whether steps were made since the library was opened."""
        return self._newest() > self._last_step_before

    def _alone_for(self, changes: int) -> AbstractContextManager[object]:
        """The library for this process alone if so many changes would keep others from writing for long."""
        return self._alone() if changes > _MOST_BESIDE_OTHERS else nullcontext()

    def _newest(self) -> int:
        """The newest step there is; 0 if there is none."""
        return next((step.id for step in super().steps(1)), 0)

    def _with_muted(self, undone: UndoneOperation | None) -> UndoneOperation | None:
        """Let the papers that mute rules hide follow what was undone or redone."""
        return None if undone is None else replace(undone, change=self._mutes.after(undone.change))


def shown_step(title: StepTitle, longest: int = LONGEST_QUOTED) -> str:
    """A step's title on one line, with the texts in it (papers' titles) cut after ``longest`` characters.

    A title that an older version kept as one text is cut after three times as many.
    """
    if title.kind is StepKind.TEXT:
        longest *= 3
    return title.sentence(lambda text: _cut(shown_line(text), longest))


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
    return f"{text}. {stayed_text(undone)}" if stayed_text(undone) else text


def taken_back_text(taken: UndoneOperation) -> str:
    """What to say of something that arrived and was taken back."""
    return f"{shown_step(taken.title)}. {stayed_text(taken)}".removesuffix(". ")


def stayed_text(undone: UndoneOperation) -> str:
    """What to say of what stays: papers that are still needed, and what changed on another device; empty if nothing."""
    count, sentences = len(undone.kept_paper_ids), []
    if count:
        papers = "1 paper stays: it is" if count == 1 else f"{count:,} papers stay: they are"
        sentences.append(f"{papers} annotated or part of another listing.")
    if undone.stayed:
        sentences.append(_changed_text(undone))
    return " ".join(sentences)


def _changed_text(undone: UndoneOperation) -> str:
    """What stays because it was changed since: "3 of 200 papers and 1 tag stay, changed on Laptop."."""
    stayed = undone.stayed
    papers, touched = len(stayed.paper_ids), len(undone.paper_ids)
    parts = [counted(number, _NOUNS.get(field, "other change")) for field, number in stayed.things.items()]
    if papers:
        parts.insert(0, f"{papers:,} of {touched:,} papers" if papers < touched else counted(papers, "paper"))
    verb = "stays" if papers + sum(stayed.things.values()) == 1 and touched <= 1 else "stay"
    when = f"on {' and '.join(stayed.devices)}" if stayed.devices else "since"
    return f"{' and '.join(parts)} {verb}, changed {when}."


def asking_text(step: OperationSummary) -> str:
    """What to say when a first undo reaches a step of an earlier session."""
    return f"The last step is from an earlier session: {shown_step(step.title)}. Undo once more to take it back"
