"""The counts beside the views are kept by recounting what each change touched; they equal a full count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import HealthCheck
from hypothesis.stateful import invariant

from reader.domain.changes import Change, Field
from reader.domain.papers import PaperState
from reader.domain.selection import ViewCounts
from reader.storage.store import LibraryStore
from tests.examples import examples
from tests.storage.support import TickingClock, add, fill, paper
from tests.storage.test_undo_machine import UndoMachine

LATER = datetime(2090, 1, 1, tzinfo=UTC)


class RecountMachine(UndoMachine):
    """Random steps, undos and redos, of which another store is told as another process is; it keeps the counts."""

    def __init__(self) -> None:
        super().__init__()
        self.other = self.open()
        self.number = self.other.news.since(None).number
        self.kept = self.other.views.counts()

    @invariant()
    def counts_are_as_if_counted_anew(self) -> None:
        latest = self.other.news.since(self.number)
        self.number = latest.number
        for news in latest.items:
            self.kept = self.other.views.recount(self.kept, news.change)
        self.kept = self.other.views.recount(self.kept, Change())
        assert self.kept == self.other.views.counts()

    def teardown(self) -> None:
        self.other.close()
        super().teardown()


TestRecountMachine = RecountMachine.TestCase
TestRecountMachine.settings = examples(15, HealthCheck.data_too_large, stateful_step_count=20)


def statements_of(store: LibraryStore, known: ViewCounts, change: Change) -> tuple[ViewCounts, list[str]]:
    """The counts after a change, and what was asked for them."""
    statements: list[str] = []
    store._readers.get().set_trace_callback(statements.append)
    counts = store.views.recount(known, change)
    store._readers.get().set_trace_callback(None)
    return counts, statements


def test_one_statement_reads_what_a_change_touched_and_nothing_else(store: LibraryStore) -> None:
    ids = fill(store)
    known = store.views.counts()
    starred = store.states.set_starred(ids[:2], True)
    counts, (statement,) = statements_of(store, known, starred)
    assert (counts.starred, counts) == (2, store.views.counts())
    assert not any(table in statement for table in ("papers", "handled", "sightings", "tags", "notes"))
    decided = store.states.set(ids[:1], PaperState.DISMISSED)
    counts, (statement,) = statements_of(store, counts, decided)
    assert (counts.dismissed, counts) == (1, store.views.counts())
    assert not any(table in statement for table in ("starred", "tags", "notes", "highlights"))


def test_what_touches_no_count_reads_nothing(store: LibraryStore) -> None:
    known = store.views.counts()
    assert statements_of(store, known, Change.of(Field.SEARCHES, Field.QUEUE)) == (known, [])


def test_only_the_listings_of_the_papers_are_counted_again(store: LibraryStore) -> None:
    first, second = fill(store), add(store, "other", paper("Elsewhere", line=1)).listing_id
    known = store.views.counts()
    seen = store.states.set_seen(first[:1])
    forged = {**known.listings, second: replace(known.listings[second], total=99)}
    counts = store.views.recount(ViewCounts(listings=forged), seen)
    assert counts.listings[second].total == 99
    assert {**counts.listings, second: known.listings[second]} == store.views.counts().listings


def test_a_change_of_very_many_papers_is_counted_as_a_whole(store: LibraryStore) -> None:
    add(store, "large", *(paper(f"Paper {number}", line=number + 1) for number in range(600)))
    known = store.views.counts()
    for done in (store.states.set(range(1, 601), PaperState.DONE), store.states.set_starred(range(1, 601), True)):
        known, statements = statements_of(store, known, done)
        assert len(statements) == 1
    assert known == store.views.counts()
    assert (known.done, known.starred, known.inbox) == (600, 600, 0)


def test_what_comes_back_by_itself_is_counted_with_the_next_change(store: LibraryStore, clock: TickingClock) -> None:
    ids = fill(store)
    store.states.bury_until(ids[:1], LATER)
    known = store.views.counts()
    assert (known.buried, known.inbox, known.returns) == (1, len(ids) - 1, "2090-01-01T00:00:00Z")
    clock.now = datetime(2090, 1, 2, tzinfo=UTC)
    counts = store.views.recount(known, Change())
    assert (counts.buried, counts.inbox, counts.returns) == (0, len(ids), None)
