"""Steps that arrived from another device: in the history, but undo, redo, joining and pruning pass them by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reader.domain.changes import NewsKind
from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind
from reader.storage.journal.journal import KEPT_STEPS, SYNC
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, content, fill, query, write


@contextmanager
def arriving(store: LibraryStore, device: str = "Laptop", **counts: int) -> Iterator[None]:
    """What is done in the block arrives from a device."""
    with store.step(StepKind.ARRIVED(device=device, **counts), SYNC):
        yield


def titles(store: LibraryStore) -> list[str]:
    return [str(step.title) for step in store.history.steps()]


def test_history_shows_what_arrived_with_its_device(store: LibraryStore) -> None:
    ids = fill(store)
    start = store.news.since(None).number
    with arriving(store, papers=2):
        store.states.set(ids[:2], PaperState.DONE)
    step = store.history.steps()[0]
    assert (str(step.title), step.kind, step.change_count) == ("From Laptop: 2 papers", "sync", 2)
    assert step.title.device == "Laptop"
    assert step.title.says_count
    assert titles(store)[1:] == ["import page"]
    assert [step.kind for step in store.history.steps(own=True)] == ["import"]
    with LibraryStore(store.path) as other:
        (news,) = other.news.since(start).items
    assert (news.kind, news.step_kind, news.change.paper_ids) == (NewsKind.ARRIVED, SYNC, frozenset(ids[:2]))


def test_undo_and_redo_pass_it_by_and_it_keeps_what_can_be_redone(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["a"])
    before = content(store)
    store.tags.add(ids[1:2], ["b"])
    store.history.undo()
    assert content(store) == before
    with arriving(store, stars=1):
        store.states.set_starred(ids[4:], True)
    assert store.history.redo() is not None
    assert [tag.name for tag in store.tags.all()] == ["a", "b"]
    undone = store.history.undo(2)
    assert undone is not None
    assert [str(title) for title in undone.titles] == [
        "Tagged “b”: “On page subject 1”",
        "Tagged “a”: “On page subject 0”",
    ]
    assert store.views.counts().starred == 1
    assert [step.undone for step in store.history.steps()] == [False, True, True, False]


def test_going_back_to_what_arrived_undoes_what_followed(store: LibraryStore) -> None:
    ids = fill(store)
    with arriving(store, stars=1):
        store.states.set_starred(ids[:1], True)
    arrived = store.history.steps()[0].id
    store.states.set_starred(ids[1:], True)
    assert store.history.undo(after=arrived) is not None
    assert store.views.counts().starred == 1
    assert store.history.undo(after=arrived) is None


def test_one_visit_to_a_note_stays_one_step(store: LibraryStore) -> None:
    ids = fill(store)
    before = content(store)
    store.notes.set(ids[0], "A", visit="v")
    with arriving(store, stars=1):
        store.states.set_starred(ids[1:2], True)
    store.notes.set(ids[0], "A note", visit="v")
    assert titles(store) == ["From Laptop: 1 star", "Note on “On page subject 0”", "import page"]
    store.history.undo()
    assert content(store)["notes"] == before["notes"]
    assert store.views.counts().starred == 1
    store.history.redo()
    assert next(store.papers.read(ids[:1])).note == "A note"


def test_steps_that_arrived_take_no_place_of_own_ones(store: LibraryStore, clock: TickingClock) -> None:
    ids = fill(store)
    store.states.set_starred(ids, True)
    kinds = (SYNC, "edit")
    for kind in kinds:
        write(
            store,
            "INSERT INTO operations (title, kind, time, change_count) SELECT 'old', ?, '2020-01-01T00:00:00Z', 1 "
            "FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) SELECT i FROM n)",
            kind,
        )
    clock.advance(days=100)
    store.tidy()
    counts = dict(query(store, "SELECT kind, count(*) FROM operations GROUP BY kind"))
    assert counts == dict.fromkeys(kinds, KEPT_STEPS)
