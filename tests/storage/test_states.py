"""States, stars, seen, buried, and the queue that follows from states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.changes import Field
from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, QUEUE, UNSEEN, PaperSort, SortBy, in_state
from reader.storage.queue import _moved
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, check_derived, content, fill, query


def queue(store: LibraryStore) -> list[int]:
    return list(store.papers.ids(QUEUE, PaperSort(SortBy.QUEUE)))


def test_papers_move_between_states(store: LibraryStore) -> None:
    ids = fill(store)
    change = store.states.set(ids[:3], PaperState.DONE)
    assert (str(change.title), change.paper_ids) == ("Done: 3 papers", frozenset(ids[:3]))
    assert list(store.papers.ids(in_state(PaperState.DONE))) == ids[:3]
    assert list(store.papers.ids(INBOX)) == ids[3:]
    store.states.set(ids[:1], PaperState.INBOX)
    assert list(store.papers.ids(INBOX)) == [ids[0], *ids[3:]]


def test_only_what_changes_is_touched(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set(ids[:3], PaperState.DONE)
    change = store.states.set([*ids, *ids, 999], PaperState.DONE)
    assert (str(change.title), change.paper_ids) == ("Done: 2 papers", frozenset(ids[3:]))
    assert not store.states.set(ids, PaperState.DONE)
    assert len(store.history.steps()) == 3


def test_nothing_is_no_step(store: LibraryStore) -> None:
    fill(store)
    assert not store.states.set([], PaperState.DONE)
    assert not store.states.set([999], PaperState.QUEUED)
    assert len(store.history.steps()) == 1


def test_stars_are_apart_from_states(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set(ids[:1], PaperState.DONE)
    assert store.states.set_starred(ids[:2], True).paper_ids == set(ids[:2])
    assert store.views.counts().starred == 2
    assert store.views.counts().inbox == 4
    assert str(store.states.set_starred(ids, False).title) == "Star taken off: 2 papers"
    assert next(store.papers.read(ids[:1])).state is PaperState.DONE


@pytest.mark.parametrize("automatic", [False, True])
def test_looking_is_not_deciding(store: LibraryStore, automatic: bool) -> None:
    ids = fill(store)
    store.states.set_seen(ids[:2], automatic=automatic)
    assert list(store.papers.ids(INBOX)) == ids
    assert list(store.papers.ids(UNSEEN)) == ids[2:]
    assert (store.views.counts().inbox, store.views.counts().unseen) == (5, 3)
    store.states.set_seen(ids[:1], False)
    assert list(store.papers.ids(UNSEEN)) == [ids[0], *ids[2:]]


def test_what_was_imported_as_seen_is_not_in_the_inbox(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set_seen(ids[:3], imported=True)
    assert list(store.papers.ids(INBOX)) == list(store.papers.ids(UNSEEN)) == ids[3:]
    assert store.views.counts().inbox == store.views.counts().unseen == 2
    store.states.set_seen(ids[:1], False)
    store.states.set(ids[1:2], PaperState.INBOX)
    assert list(store.papers.ids(INBOX)) == [*ids[:2], *ids[3:]], "marked unseen, or taken there by hand"
    assert list(store.papers.ids(UNSEEN)) == [ids[0], *ids[3:]]
    store.history.undo(2)
    assert list(store.papers.ids(INBOX)) == ids[3:]
    check_derived(store)


def test_a_decision_taken_back_leads_to_where_the_paper_was(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set_seen(ids[:1])
    store.states.set_seen(ids[1:2], imported=True)
    store.states.set(ids[:3], PaperState.DONE)
    store.states.set_seen(ids[:1], False)
    assert list(store.papers.ids(INBOX)) == ids[3:]
    store.history.undo(2)
    assert list(store.papers.ids(INBOX)) == [ids[0], *ids[2:]]
    assert list(store.papers.ids(UNSEEN)) == ids[2:]
    check_derived(store)


def test_marks_of_seen_are_steps_one_each_and_moving_on_ends_no_redo(store: LibraryStore) -> None:
    ids = fill(store)
    for paper_id in ids[:3]:
        store.states.set_seen([paper_id])
    store.states.set_seen([ids[0]], False)
    assert [str(step.title) for step in store.history.steps()][:4] == [
        f"Marked {word} “On page subject {number}”"
        for word, number in (("unseen:", 0), ("seen:", 2), ("seen:", 1), ("seen:", 0))
    ]
    store.history.undo(2)
    store.states.set_seen(ids[3:], automatic=True)
    assert list(store.papers.ids(UNSEEN)) == [ids[2]]
    assert store.history.redo(2) is not None
    assert list(store.papers.ids(UNSEEN)) == [ids[0]]
    store.history.undo(4)
    assert list(store.papers.ids(UNSEEN)) == ids[:3], "what was seen by moving on stays seen"


@pytest.mark.parametrize(
    ("kept", "gone", "where"),
    [
        ("imported", "imported", "out"), ("imported", "seen", "seen"), ("imported", "", "seen"),
        ("seen", "imported", "seen"), ("", "imported", "seen"), ("", "", "unseen"),
    ],
)  # fmt: skip
def test_a_merged_paper_is_where_either_was_waiting(store: LibraryStore, kept: str, gone: str, where: str) -> None:
    ids = fill(store, 2)
    for paper_id, how in zip(ids, (kept, gone), strict=True):
        if how:
            store.states.set_seen([paper_id], imported=how == "imported")
    before = content(store)
    store.papers.merge(*ids)
    views = {"out": (), "seen": ("inbox",), "unseen": ("inbox", "unseen")}[where]
    assert (ids[0] in store.papers.ids(INBOX), ids[0] in store.papers.ids(UNSEEN)) == (
        "inbox" in views,
        "unseen" in views,
    )
    check_derived(store)
    store.history.undo()
    assert content(store) == before


def test_buried_papers_come_back_by_themselves(store: LibraryStore, clock: TickingClock) -> None:
    ids = fill(store)
    tomorrow = clock.now + timedelta(days=1)
    assert str(store.states.bury_until(ids[:2], tomorrow).title) == "Snoozed until Mon 2 Mar: 2 papers"
    assert list(store.papers.ids(INBOX)) == ids[2:]
    assert (store.views.counts().inbox, store.views.counts().buried) == (3, 2)
    steps = store.history.steps()
    clock.advance(days=1)
    assert list(store.papers.ids(INBOX)) == ids
    assert (store.views.counts().inbox, store.views.counts().buried) == (5, 0)
    assert store.history.steps() == steps


def test_a_moment_in_any_time_zone_is_kept_in_utc(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.bury_until(ids[:1], datetime.fromisoformat("2026-04-01T01:00:00+02:00"))
    assert next(store.papers.read(ids[:1])).buried_until == "2026-03-31T23:00:00Z"
    store.states.bury_until(ids[1:2], datetime(2026, 4, 1, tzinfo=UTC).replace(tzinfo=None))
    assert next(store.papers.read(ids[1:2])).buried_until == "2026-04-01T00:00:00Z"
    assert store.states.bury_until(ids, None).paper_ids == set(ids[:2])


def test_the_queue_holds_exactly_the_queued_in_the_order_they_came(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set([ids[3], ids[1]], PaperState.QUEUED)
    change = store.states.set([ids[0], ids[1], ids[4]], PaperState.QUEUED)
    assert change.touches(Field.QUEUE)
    assert queue(store) == [ids[3], ids[1], ids[0], ids[4]]
    store.states.set([ids[1]], PaperState.READING)
    assert queue(store) == [ids[3], ids[0], ids[4]]
    assert [found.queue_position for found in store.papers.read(ids)] == [2, None, None, 1, 3]
    store.history.undo()
    assert queue(store) == [ids[3], ids[1], ids[0], ids[4]], "undo puts it back in its place"


def test_papers_move_in_the_queue(store: LibraryStore) -> None:
    ids = fill(store, 6)
    store.states.set(ids, PaperState.QUEUED)
    before = content(store)
    store.queue.move_by([ids[0], ids[1]], 1)
    assert queue(store) == [ids[2], ids[0], ids[1], *ids[3:]]
    store.queue.move_by([ids[5]], -2)
    assert queue(store) == [ids[2], ids[0], ids[1], ids[5], ids[3], ids[4]]
    store.queue.move_by([ids[5], ids[4]], -100)
    assert queue(store) == [ids[5], ids[4], ids[2], ids[0], ids[1], ids[3]]
    store.queue.move_to([ids[3], ids[2]], 1)
    assert queue(store) == [ids[2], ids[3], ids[5], ids[4], ids[0], ids[1]]
    store.queue.move_to([ids[2]], 999)
    assert queue(store) == [ids[3], ids[5], ids[4], ids[0], ids[1], ids[2]]
    store.queue.set_order([ids[1], 999, ids[0]])
    assert queue(store) == [ids[1], ids[0], ids[3], ids[5], ids[4], ids[2]]
    store.history.undo(6)
    assert content(store) == before


def test_moving_to_an_end_of_the_queue_writes_only_what_moves(store: LibraryStore) -> None:
    ids = fill(store, 6)
    store.states.set(ids, PaperState.QUEUED)
    written = "SELECT count(*) FROM journal WHERE table_name = 'queue'"
    for moved, place, expected in (
        ([ids[4], ids[2]], 1, [ids[2], ids[4], ids[0], ids[1], ids[3], ids[5]]),
        ([ids[4], ids[2]], 1, [ids[2], ids[4], ids[0], ids[1], ids[3], ids[5]]),
        ([ids[1]], 99, [ids[2], ids[4], ids[0], ids[3], ids[5], ids[1]]),
        (ids, 1, [ids[2], ids[4], ids[0], ids[3], ids[5], ids[1]]),
    ):
        before, is_news = query(store, written), queue(store) != expected
        store.queue.move_to(moved, place)
        assert queue(store) == expected
        assert query(store, written)[0][0] - before[0][0] == len(moved) * is_news
    assert [found.queue_position for found in store.papers.read([ids[2], ids[1]])] == [1, 6]
    store.history.undo(2)
    assert queue(store) == ids


def test_a_run_of_moves_is_one_step(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set(ids, PaperState.QUEUED)
    for _ in range(3):
        store.queue.move_by(ids[:1], 1, merge_key="run 1")
    assert queue(store) == [*ids[1:4], ids[0], ids[4]]
    store.queue.move_by(ids[:1], 1, merge_key="run 2")
    assert len(store.history.steps()) == 4
    store.history.undo(2)
    assert queue(store) == ids


def test_moving_what_does_not_stand_there_changes_nothing(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set(ids[:2], PaperState.QUEUED)
    assert not store.queue.move_by(ids[2:], 1)
    assert not store.queue.move_by(ids[:1], -1)
    with pytest.raises(ReaderError, match="in the queue"):
        store.queue.set_order(ids[2:])


@given(
    order=st.lists(st.integers(1, 50), unique=True, max_size=12),
    chosen=st.sets(st.integers(1, 50)),
    places=st.integers(-15, 15),
)
def test_moving_by_places_is_as_many_moves_by_one(order: list[int], chosen: set[int], places: int) -> None:
    """The rule by which moves are computed at once, against one place at a time with neighbours changing places."""
    step = 1 if places > 0 else -1
    expected = list(order)
    for _ in range(abs(places)):
        indexes = range(len(expected) - 2, -1, -1) if step > 0 else range(1, len(expected))
        for index in indexes:
            if expected[index] in chosen and expected[index + step] not in chosen:
                expected[index], expected[index + step] = expected[index + step], expected[index]
    assert _moved(order, chosen, places) == expected
