"""After a holiday: dismissing what has been waiting for too long, and what came back from being hidden."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, UNSEEN, PaperFilter
from reader.domain.time_spans import parse_day_back
from reader.services.library.part import LibraryPart


@dataclass(frozen=True, slots=True)
class CatchUpPlan:
    """What catching up would do: papers of the inbox last listed before ``day`` are dismissed, the others stay."""

    day: date
    dismissed: int
    left: int


class CatchingUp(LibraryPart):
    """The inbox after a long time away."""

    def catch_up_plan(self, older_than: str) -> CatchUpPlan:
        """What :meth:`catch_up` would do; raises as that does."""
        day = parse_day_back(older_than, self._today())
        old = len(self._store.paper_ids(_older(day)))
        return CatchUpPlan(day, old, len(self._store.paper_ids(INBOX)) - old)

    def catch_up(self, older_than: str) -> Change:
        """Dismiss the papers of the inbox that no listing of the last days has: "2w", "10 days", "2026-11-01".

        One undoable step. Raises :class:`~reader.domain.time_spans.TimeSpanError` where the text names no day that is
        past.
        """
        day = parse_day_back(older_than, self._today())
        with self._store.operation("") as operation:
            ids = self._store.paper_ids(_older(day))
            self._store.set_state(ids, PaperState.DISMISSED)
            operation.title = f"Dismissed to catch up: {self._title_or_count(ids)}"
        return operation.change

    def came_back(self) -> frozenset[int]:
        """The unseen papers of the inbox that were hidden until a day that has come."""
        return frozenset(self._store.paper_ids(replace(UNSEEN, came_back=True)))


def _older(day: date) -> PaperFilter:
    """The inbox's papers last listed before a day."""
    return replace(INBOX, listed_before=day.isoformat())
