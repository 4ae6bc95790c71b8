"""What becomes of papers: states, stars, what was seen, and what is hidden until later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.selection import PaperFilter
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.time_spans import parse_day_ahead
from reader.storage.paper_states import StoredStates
from reader.storage.subject import changing, step

_STARTABLE = frozenset({PaperState.INBOX, PaperState.QUEUED})


class States(StoredStates):
    """Operations on papers; each is one undoable step and first drops what is so already."""

    @step
    def start_reading(self, paper_ids: Sequence[int]) -> StepTitle:
        """Their page or PDF was opened: papers of the inbox and the queue are being read now, others stay as they are.

        A step of its own, so that undo says what happened and can take it back.
        """
        ids = self._store.papers.ids(PaperFilter(states=_STARTABLE, ids=paper_ids))
        self.set(ids, PaperState.READING)
        return StepKind.STARTED_READING(papers=self._writer.name_papers(ids))

    def are_queued(self, paper_ids: Sequence[int]) -> bool:
        """Whether all of some papers stand in the queue."""
        queued = self._store.papers.ids(PaperFilter(ids=paper_ids, queued=True))
        return len(queued) == len(set(paper_ids))

    @changing
    def bury(self, paper_ids: Sequence[int], until: str) -> Change:
        """Hide papers from the inbox until the beginning of a day: "tomorrow", "3d", "next mon", "2026-12-01".

        Raises :class:`~reader.domain.time_spans.TimeSpanError` where the text names no day still to come.
        """
        return self.bury_until(paper_ids, datetime.combine(self.bury_day(until), time.min).astimezone())

    def bury_day(self, until: str) -> date:
        """The day until which :meth:`bury` would hide papers; raises as that does."""
        return parse_day_ahead(until, self._store.today())

    @changing
    def unbury(self, paper_ids: Sequence[int]) -> Change:
        """Show buried papers again now."""
        return self.bury_until(paper_ids, None)
