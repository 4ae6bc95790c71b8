"""The reading queue: who stands in it, in which order, and taking the next."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.selection import QUEUE, PaperSort, SortBy
from reader.services.library.part import LibraryPart

_RUN_PAUSE = timedelta(seconds=60)
"""Moves of the same papers with no longer pause between them are one step."""
_BOTTOM = 2**31


class Queueing(LibraryPart):
    """All that can be done with the queue, in which exactly the papers in state queued stand."""

    _run_of_moves: tuple[frozenset[int], datetime, str] | None = None
    """The papers last moved, when, and the key under which these moves are one step."""

    def queue(self) -> array[int]:
        """The queued papers in order."""
        return self._store.paper_ids(QUEUE, PaperSort(SortBy.QUEUE))

    def add_to_queue(self, paper_ids: Sequence[int]) -> Change:
        """Queue papers, at the end in the order given; those that stand in the queue keep their places."""
        return self._store.set_state(paper_ids, PaperState.QUEUED)

    def remove_from_queue(self, paper_ids: Sequence[int]) -> Change:
        """Take papers out of the queue and back to the inbox; papers that are not in it stay as they are."""
        with self._store.operation("") as operation:
            queued = set(self.queue())
            change = self._store.set_state([each for each in paper_ids if each in queued], PaperState.INBOX)
            _, _, papers = change.title.partition(": ")
            operation.title = f"Taken out of the queue: {papers}"
        return operation.change

    def move_in_queue(self, paper_ids: Sequence[int], places: int) -> Change:
        """Move papers some places down, up if negative. A run of moves of the same papers is one step."""
        return self._store.move_in_queue(paper_ids, places, merge_key=self._run_key(frozenset(paper_ids)))

    def move_to_queue_place(self, paper_ids: Sequence[int], place: int) -> Change:
        """Move papers, in the order in which they stand, to stand from a place (1 is the top) on: a drag."""
        return self._store.move_to_queue_place(paper_ids, place)

    def move_to_queue_top(self, paper_ids: Sequence[int]) -> Change:
        """Move papers to the top, in the order in which they stand."""
        return self.move_to_queue_place(paper_ids, 1)

    def move_to_queue_bottom(self, paper_ids: Sequence[int]) -> Change:
        """Move papers to the bottom, in the order in which they stand."""
        return self.move_to_queue_place(paper_ids, _BOTTOM)

    def arrange_in_queue(self, paper_ids: Sequence[int], place: int) -> Change:
        """Move papers to stand from a place on, in the order given; those that are not in the queue are passed over."""
        with self._store.operation("") as operation:
            order = self.queue()
            standing = set(order)
            moved = [each for each in dict.fromkeys(paper_ids) if each in standing]
            others = [each for each in order if each not in set(moved)]
            start = min(max(place - 1, 0), len(others))
            self._store.sort_queue([*others[:start], *moved, *others[start:]])
            operation.title = f"Moved in the queue: {self._title_or_count(moved)}"
        return operation.change

    def sort_queue(self, sort: PaperSort) -> Change:
        """Give the queue an order once."""
        with self._store.operation(f"Sorted the queue by {sort.by.value}") as operation:
            ordered = self._store.paper_ids(QUEUE, sort)
            if ordered:
                self._store.sort_queue(ordered)
        return operation.change

    def take_next_from_queue(self) -> tuple[int, Change] | None:
        """Begin to read the first paper of the queue, which so leaves it; None if the queue is empty."""
        with self._store.operation("") as operation:
            first = self.queue()[:1]
            if not first:
                return None
            self._store.set_state(first, PaperState.READING)
            operation.title = f"Taken from the queue: {self._title_or_count(first)}"
        return first[0], operation.change

    def _run_key(self, paper_ids: frozenset[int]) -> str:
        """The key under which a move joins the moves before it, if it is of the same run."""
        now, run = self._clock(), self._run_of_moves
        goes_on = run is not None and run[0] == paper_ids and now - run[1] <= _RUN_PAUSE
        key = run[2] if run is not None and goes_on else f"queue:{secrets.token_hex(8)}"
        self._run_of_moves = (paper_ids, now, key)
        return key
