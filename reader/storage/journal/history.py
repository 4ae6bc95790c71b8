"""The history of steps: undo, redo, and what stands in it."""

from __future__ import annotations

from reader.domain.changes import OperationSummary, UndoneOperation
from reader.storage.journal import undo as journal
from reader.storage.subject import Subject, changing


class StoredHistory(Subject):
    """The steps that the library holds."""

    @changing
    def undo(self, steps: int = 1, *, after: int | None = None) -> UndoneOperation | None:
        """Undo the last steps, or all after one; None if there is none.

        Papers of an undone import that carry annotations stay. Raises
        :class:`~reader.domain.errors.UndoRefusedError`, nothing changed, where something else has changed the same
        since.
        """
        with self._store.unrecorded(alone=True) as writer:
            return journal.undo(writer, steps, after)

    @changing
    def redo(self, steps: int = 1, *, until: int | None = None) -> UndoneOperation | None:
        """Redo the next undone steps, or all up to one (included); None if there is none. Raises as :meth:`undo`."""
        with self._store.unrecorded(alone=True) as writer:
            return journal.redo(writer, steps, until)

    def steps(self, limit: int | None = 100, *, undone: bool | None = None) -> list[OperationSummary]:
        """The steps, the newest first: all, or those that are (not) ``undone``, which redo brings back."""
        return self._read(journal.history, limit, undone)
