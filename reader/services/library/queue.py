"""The reading queue: who stands in it, in which order, and taking the next."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.selection import QUEUE, PaperSort, SortBy
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.queue import StoredQueue
from reader.storage.subject import changing, step

_RUN_PAUSE = timedelta(seconds=60)
"""Moves of the same papers with no longer pause between them are one step."""
_BOTTOM = 2**31


class Queue(StoredQueue):
    """All that can be done with the queue, in which exactly the papers in state queued stand."""

    _run_of_moves: tuple[frozenset[int], datetime, str] | None = None
    """The papers last moved, when, and the key under which these moves are one step."""

    def ids(self) -> array[int]:
        """The queued papers in order."""
        return self._store.papers.ids(QUEUE, PaperSort(SortBy.QUEUE))

    @changing
    def add(self, paper_ids: Sequence[int], *, at_once: bool = False) -> Change:
        """Queue papers, at the end in the order given; those that stand in the queue keep their places.

        ``at_once`` as in :meth:`~reader.storage.paper_states.StoredStates.set`.
        """
        return self._store.states.set(paper_ids, PaperState.QUEUED, at_once=at_once)

    @step
    def remove(self, paper_ids: Sequence[int]) -> StepTitle:
        """Take papers out of the queue and back to the inbox; papers that are not in it stay as they are."""
        queued = set(self.ids())
        change = self._store.states.set([each for each in paper_ids if each in queued], PaperState.INBOX)
        return StepKind.UNQUEUED(papers=self._writer.name_papers(change.paper_ids))

    @changing
    def move(self, paper_ids: Sequence[int], places: int) -> Change:
        """Move papers some places down, up if negative. A run of moves of the same papers is one step."""
        return self.move_by(paper_ids, places, merge_key=self._run_key(frozenset(paper_ids)))

    @changing
    def move_to_top(self, paper_ids: Sequence[int]) -> Change:
        """Move papers to the top, in the order in which they stand."""
        return self.move_to(paper_ids, 1)

    @changing
    def move_to_bottom(self, paper_ids: Sequence[int]) -> Change:
        """Move papers to the bottom, in the order in which they stand."""
        return self.move_to(paper_ids, _BOTTOM)

    @step
    def arrange(self, paper_ids: Sequence[int], place: int) -> StepTitle:
        """Move papers to stand from a place on, in the order given; those that are not in the queue are passed over."""
        order = self.ids()
        standing = set(order)
        moved = [each for each in dict.fromkeys(paper_ids) if each in standing]
        others = [each for each in order if each not in set(moved)]
        start = min(max(place - 1, 0), len(others))
        self.set_order([*others[:start], *moved, *others[start:]])
        return StepKind.MOVED(papers=self._writer.name_papers(moved))

    @step
    def sort(self, sort: PaperSort) -> StepTitle:
        """Give the queue an order once."""
        ordered = self._store.papers.ids(QUEUE, sort)
        if ordered:
            self.set_order(ordered)
        return StepKind.QUEUE_SORTED(order=sort.by.value)

    @changing
    def take_next(self) -> tuple[int, Change] | None:
        """Begin to read the first paper of the queue, which so leaves it; None if the queue is empty."""
        with self._store.step() as taken:
            first = self.ids()[:1]
            if not first:
                return None
            self._store.states.set(first, PaperState.READING)
            taken.title = StepKind.TAKEN_NEXT(papers=self._writer.name_papers(first))
        return first[0], taken.change

    def _run_key(self, paper_ids: frozenset[int]) -> str:
        """The key under which a move joins the moves before it, if it is of the same run."""
        now, run = self._store.clock(), self._run_of_moves
        goes_on = run is not None and run[0] == paper_ids and now - run[1] <= _RUN_PAUSE
        key = run[2] if run is not None and goes_on else f"queue:{secrets.token_hex(8)}"
        self._run_of_moves = (paper_ids, now, key)
        return key
