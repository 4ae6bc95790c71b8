"""The history of steps, with undo and redo."""

from __future__ import annotations

from dataclasses import replace

from reader.domain.changes import OperationSummary, UndoneOperation
from reader.storage.journal import undo as journal
from reader.storage.subject import Subject, changing
from reader.storage.sync import separation
from reader.storage.sync.arrival import Arrival


class StoredHistory(Subject):
    """The steps in a library."""

    @changing
    def undo(self, steps: int = 1, *, after: int | None = None, only: int | None = None) -> UndoneOperation | None:
        """Undo the last steps, or all after one, or the last if it is this one ``only``; None if there are none.

        Papers of an undone import that have annotations stay. Raises :class:`~reader.domain.errors.UndoRefusedError`,
        with nothing changed, if something else has changed the same data since.
        """
        with self._store.unrecorded(alone=True) as writer:
            undone = journal.undo(writer, steps, after, only)
            waits = separation.settle(writer, renders=False)
        return self._shown(undone, waits)

    @changing
    def redo(self, steps: int = 1, *, until: int | None = None) -> UndoneOperation | None:
        """Redo the next undone steps, or all up to one (included); None if there is none. Raises as :meth:`undo`."""
        with self._store.unrecorded(alone=True) as writer:
            redone = journal.redo(writer, steps, until)
            waits = separation.settle(writer, renders=False)
        return self._shown(redone, waits)

    def _shown(self, replayed: UndoneOperation | None, waits: bool) -> UndoneOperation | None:
        """Show what others said of papers that came back, before a person writes about what they were."""
        if not waits or replayed is None:
            return replayed
        arrival = Arrival(self._store)
        with arrival.transaction():
            pass
        return replace(replayed, change=arrival.arrived.change.joined_with(replayed.change))

    @changing
    def take_back(self, step_id: int) -> UndoneOperation:
        """Take back what arrived from another device, as a step of its own; what has changed since stays.

        Raises :class:`~reader.domain.errors.ReaderError` if there is no such step, or nothing left of it.
        """
        with self._store.step() as step:
            step.title, kept, stayed = journal.take_back_arrival(step.writer, step_id)
            separation.settle(step.writer, renders=True)
        return UndoneOperation((step.title,), step.change, kept, stayed)

    def changes_to_undo(self, steps: int = 1, *, after: int | None = None) -> int:
        """How many changes :meth:`undo` would replay, at most."""
        return self._read(journal.changes_to_undo, steps, after)

    def changes_to_redo(self, steps: int = 1, *, until: int | None = None) -> int:
        """How many changes :meth:`redo` would replay, at most."""
        return self._read(journal.changes_to_redo, steps, until)

    def steps(
        self, limit: int | None = 100, *, undone: bool | None = None, own: bool = False
    ) -> list[OperationSummary]:
        """The steps, newest first: all, or only those that are ``undone`` (which redo brings back) or not.

        With ``own``, only those that undo and redo go to: what arrived from other devices is left out.
        """
        return self._read(journal.history, limit, undone, own)
