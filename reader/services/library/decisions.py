"""What becomes of papers: states, stars, what was seen, what is hidden until later, and papers that are one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import PaperFilter
from reader.domain.time_spans import parse_day_ahead
from reader.services.library.part import LibraryPart

_STARTABLE = frozenset({PaperState.INBOX, PaperState.QUEUED})


class Deciding(LibraryPart):
    """Operations on papers; each is one undoable step and first drops what is so already."""

    def set_state(self, paper_ids: Sequence[int], state: PaperState) -> Change:
        """Take papers to a state; queued ones go to the end of the queue, others leave it."""
        return self._store.set_state(paper_ids, state)

    def start_reading(self, paper_ids: Sequence[int]) -> Change:
        """Their page or PDF was opened: papers of the inbox and the queue are being read now, others stay as they are.

        A step of its own, so that undo says what happened and can take it back.
        """
        with self._store.operation("") as operation:
            ids = self._store.paper_ids(PaperFilter(states=_STARTABLE, ids=paper_ids))
            self._store.set_state(ids, PaperState.READING)
            operation.title = f"Started reading: {self._title_or_count(ids)}"
        return operation.change

    def set_starred(self, paper_ids: Sequence[int], starred: bool) -> Change:
        """Star papers, or take their stars off."""
        return self._store.set_starred(paper_ids, starred)

    def are_starred(self, paper_ids: Sequence[int]) -> bool:
        """Whether all of some papers are starred."""
        return self._are_all(paper_ids, PaperFilter(ids=paper_ids, starred=True))

    def are_queued(self, paper_ids: Sequence[int]) -> bool:
        """Whether all of some papers stand in the queue."""
        return self._are_all(paper_ids, PaperFilter(ids=paper_ids, queued=True))

    def set_seen(self, paper_ids: Sequence[int], seen: bool, *, automatic: bool = False) -> Change:
        """Mark papers as seen or not; by moving on (``automatic``) it is no step."""
        return self._store.set_seen(paper_ids, seen, automatic=automatic)

    def bury(self, paper_ids: Sequence[int], until: str) -> Change:
        """Hide papers from the inbox until the beginning of a day: "tomorrow", "3d", "next mon", "2026-12-01".

        Raises :class:`~reader.domain.time_spans.TimeSpanError` where the text names no day still to come.
        """
        day = self.bury_day(until)
        return self._store.bury(paper_ids, datetime.combine(day, time.min).astimezone())

    def bury_day(self, until: str) -> date:
        """The day until which :meth:`bury` would hide papers; raises as that does."""
        return parse_day_ahead(until, self._today())

    def unbury(self, paper_ids: Sequence[int]) -> Change:
        """Show buried papers again now."""
        return self._store.bury(paper_ids, None)

    def set_arxiv_id(self, paper_id: int, text: str) -> Change:
        """Give a paper the arXiv id in ``text`` (an id or an address); :class:`ReaderError` if there is none in it."""
        arxiv_id = normalize_arxiv_id(text)
        if arxiv_id is None:
            raise ReaderError("There is no arXiv id in that; copy one such as 2401.12345, or the paper's address.")
        return self.mutes.after(self._store.set_arxiv_id(paper_id, arxiv_id))

    def _are_all(self, paper_ids: Sequence[int], which: PaperFilter) -> bool:
        """Whether a filter leaves none of some papers out."""
        return len(self._store.paper_ids(which)) == len(set(paper_ids))
