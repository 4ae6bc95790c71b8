"""Any own steps undone and redone while things arrive from another device: nothing refused, nothing broken.

Rows that nothing arrived for are exactly as they would be without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.preparation import TEXT_RANK, PreparedRecord
from reader.domain.step_titles import StepKind
from reader.storage.journal.journal import SYNC
from reader.storage.schema import BY_NAME
from tests.examples import examples
from tests.storage.support import check_derived, query
from tests.storage.test_undo_machine import CHOICES, DAYS, RECORDS, UndoMachine

_ARRIVED = "FROM journal WHERE operation_id IN (SELECT id FROM operations WHERE kind = 'sync')"
_LISTING = {"sightings": 1, "earlier_sightings": 1, "listing_problems": 1, "listing_fetches": 1, "listings": 0}
"""The column with the listing."""

Tables = dict[str, list[tuple[Any, ...]]]


class ArrivalsMachine(UndoMachine):
    """``snapshots`` contain what had arrived when they were made: only rows that nothing arrived for are compared."""

    def __init__(self) -> None:
        super().__init__()
        self.pattern = [False]
        self.kept: set[int] = set()

    @property
    def position(self) -> int:
        return sum(not step.undone for step in self.store.history.steps(10_000, own=True))

    @initialize(records=st.lists(RECORDS, min_size=4, max_size=8), pattern=st.lists(st.booleans(), min_size=5))
    def begin(self, records: list[PreparedRecord], pattern: list[bool]) -> None:
        """``pattern`` tells which of the mutations arrive."""
        self.add(records, TEXT_RANK, DAYS[0])
        self.pattern = pattern

    def do(self, mutation: Callable[[], Change | Any]) -> None:
        self.pattern = [*self.pattern[1:], self.pattern[0]]
        if not self.pattern[-1]:
            super().do(mutation)
            return
        undone = [step.id for step in self.store.history.steps(10_000, undone=True)]
        try:
            with self.store.step(StepKind.ARRIVED(device="Laptop"), SYNC):
                mutation()
        except ReaderError:
            return
        assert [step.id for step in self.store.history.steps(10_000, undone=True)] == undone

    @rule(choice=CHOICES)
    def write_from_a_second_store(self, choice: list[int]) -> None:
        self.pattern[0] = False

        def mutation() -> Change:
            with self.open() as second:
                return second.states.set_starred(self.papers(choice), True)

        self.do(mutation)

    def same_where_nothing_arrived(self, expected: Tables) -> None:
        """Rows that nothing arrived for are the same; so are those of listings and papers that stay."""
        changed = {(table, row_id) for table, row_id in query(self.store, f"SELECT table_name, row_id {_ARRIVED}")}
        papers = self.kept | {row_id for table, row_id in changed if table == "papers"}
        found = self.content()
        listings = {
            row[_LISTING[table]]
            for tables in (expected, found)
            for table in _LISTING
            for row in tables[table]
            if (table, row[0]) in changed
        }

        def counts(table: str, row: tuple[Any, ...]) -> bool:
            paper = BY_NAME[table].paper
            columns = [name for _, name, *_ in query(self.store, f"PRAGMA table_info({table})")] if paper else []
            return not (
                (table, row[0]) in changed
                or (table in _LISTING and row[_LISTING[table]] in listings)
                or (paper is not None and row[columns.index(paper)] in papers)
            )

        for table in BY_NAME.keys() - self.aside - {"queue"}:
            kept = [[row for row in tables[table] if counts(table, row)] for tables in (found, expected)]
            assert kept[0] == kept[1], table

    def check(self) -> None:
        check_derived(self.store)
        assert query(self.store, "SELECT position FROM queue GROUP BY 1 HAVING count(*) > 1") == []
        assert query(self.store, "SELECT key FROM paper_aliases WHERE key IN (SELECT key FROM papers)") == []
        for table, column in (
            ("tags", "favorite"),
            ("saved_searches", "number"),
            ("sightings", "listing_id, position"),
        ):
            several = f"SELECT {column} FROM {table} GROUP BY {column} HAVING count(*) > 1"
            assert not [row for row in query(self.store, several) if row[0] is not None], table

    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        position = self.position
        undone = self.store.history.undo(steps)
        reached = max(0, position - steps)
        assert (undone is None) == (position == 0)
        assert self.position == reached
        if undone is not None:
            self.kept |= undone.kept_paper_ids | undone.stayed.paper_ids
            assert bool(undone.stayed) == bool(undone.stayed.devices)
        self.check()
        self.same_where_nothing_arrived(self.snapshots[reached])

    @precondition(lambda self: self.position < len(self.snapshots) - 1)
    @rule(steps=st.integers(1, 4))
    def redo(self, steps: int) -> None:
        position = self.position
        redone = self.store.history.redo(steps)
        assert redone is not None
        reached = min(len(self.snapshots) - 1, position + steps)
        assert self.position == reached
        self.kept |= redone.stayed.paper_ids
        self.check()
        self.same_where_nothing_arrived(self.snapshots[reached])

    @rule(steps=st.integers(1, 6), sync=st.booleans(), choice=CHOICES, state=st.sampled_from(PaperState))
    def there_and_back(self, steps: int, sync: bool, choice: list[int], state: PaperState) -> None:
        """Undo and redo, with what arrives in between."""
        for _ in range(2):
            self.undo(steps)
            self.pattern[0] = True
            self.set_state(choice, state)
            if self.position < len(self.snapshots) - 1:
                self.redo(steps)

    def teardown(self) -> None:
        try:
            self.check()
            self.undo(10_000)
            self.redo(10_000) if self.position < len(self.snapshots) - 1 else None
            assert self.store.findings() == []
        finally:
            self.aside.clear()
            self.close()


TestArrivalsMachine = ArrivalsMachine.TestCase
TestArrivalsMachine.settings = examples(15, HealthCheck.data_too_large, stateful_step_count=30, deadline=None)
