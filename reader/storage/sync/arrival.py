"""The transactions in which what other devices said comes in."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.domain.changes import Change, Field, NewsKind
from reader.domain.step_titles import StepKind
from reader.domain.sync import Arrived
from reader.storage.journal.journal import AUTOMATIC, SYNC, OperationHandle
from reader.storage.journal.lenience import arrive_without_images
from reader.storage.journal.news import FIELDS, MOST_PAPERS, tell
from reader.storage.sync import engine
from reader.storage.sync.work import Work, milliseconds
from reader.storage.writer import Writer

if TYPE_CHECKING:
    from reader.storage.store import LibraryStore

_SECONDS, _SECONDS_UNRECORDED = 0.05, 0.2
"""How long a transaction should take, so that a person's own change need not wait for it; and one of a whole library,
which would take longer by the shorter ones."""
_FEWEST, _FIRST, _MOST = 50, 250, 2_000
"""Entities of one transaction: the fewest, those of the first one, and the most."""


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Without looking for garbage in cycles, of which none is made here; it takes a tenth of the time."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


class Arrival:
    """Something of one device that comes in, in one transaction or several, as one step of the history."""

    def __init__(self, store: LibraryStore, device: str = "", *, recorded: bool = True) -> None:
        """``device`` is its name for people; without one it is an automatic change.

        One that is not ``recorded`` cannot be taken back, and windows look at everything anew.
        """
        self._store = store
        self._device, self._recorded = device, recorded
        self._handle = OperationHandle(kind=SYNC if device else AUTOMATIC)
        self._step: int | None = None
        self._counts: Counter[str] = Counter()
        self._change = Change()
        self.size = _FIRST
        """How many entities the next transaction should have."""

    @property
    def arrived(self) -> Arrived:
        """What has changed here so far."""
        return Arrived(self._change, dict(self._counts))

    @contextmanager
    def transaction(self) -> Iterator[Work]:
        """What changed here becomes writes, the block takes in others, and all that these touch is shown."""
        started = time.monotonic()
        with _without_collecting():
            yield from self._transact()
        spent = max(time.monotonic() - started, 0.001)
        wanted = _SECONDS if self._recorded else _SECONDS_UNRECORDED
        self.size = min(_MOST, max(_FEWEST if self._recorded else _FIRST, int(self.size * min(2.0, wanted / spent))))

    def _transact(self) -> Iterator[Work]:
        if self._recorded:
            with self._store.transaction(self._handle):
                yield from self._take_in(self._store.writer)
            self._change = self._handle.change.joined_with(self._change)
        else:
            with self._store.unrecorded(alone=True) as writer:
                yield from self._take_in(writer)
                self._tell(writer)

    def _take_in(self, writer: Writer) -> Iterator[Work]:
        work = Work(writer, milliseconds(self._store.clock()))
        engine.flush_all(work)
        yield work
        engine.touch_waiting(work)
        self._counts.update(engine.render(work))
        work.store()
        if self._device:
            self._handle.title = StepKind.ARRIVED(device=self._device, **self._counts)

    def _tell(self, writer: Writer) -> None:
        if self._counts.total():
            tell(writer, NewsKind.AUTOMATIC, None, FIELDS, range(MOST_PAPERS + 1))
            if self._device:
                title, papers = self._handle.title, self._counts["papers"]
                self._step = arrive_without_images(writer, title, self._step, papers)
            self._change = replace(Change.of(*Field), paper_ids=self._change.paper_ids)
