"""Subscriptions: adding, changing and removing them, all undone like anything else, and the papers they brought."""

from __future__ import annotations

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.storage.store import LibraryStore
from reader.storage.subscriptions import SubscriptionCheck
from tests.storage.support import add, content, paper
from tests.storage.test_pages import fetch, papers

DAILY = (SubscriptionKind.DAILY, "day")


def test_every_change_is_a_step_with_a_title(store: LibraryStore) -> None:
    made, change = store.subscriptions.add(*DAILY, "Daily  Papers", 6)
    assert change.touches(Field.SUBSCRIPTIONS)
    store.subscriptions.rename(made, "Morning")
    store.subscriptions.set_every(made, 12)
    store.subscriptions.set_every(made, 0)
    before = content(store)
    store.subscriptions.remove(made)
    assert [str(step.title) for step in store.history.steps()] == [
        "Unsubscribed from “Morning”",
        "Set “Morning” to be fetched only when asked",
        "Set “Morning” to be fetched every 12 hours",
        "Renamed subscription “Daily Papers” to “Morning”",
        "Subscribed to “Daily Papers”",
    ]
    assert store.subscriptions.all() == []
    store.history.undo()
    assert content(store) == before
    (known,) = store.subscriptions.all()
    assert (known.name, known.kind, known.argument, known.every) == ("Morning", *DAILY, 0)
    store.history.undo(4)
    assert store.subscriptions.all() == []


def test_the_same_values_change_nothing(store: LibraryStore) -> None:
    made, _ = store.subscriptions.add(*DAILY, "Daily", 6)
    assert not store.subscriptions.rename(made, "Daily")
    assert not store.subscriptions.set_every(made, 6)


def test_names_and_sources_are_unique(store: LibraryStore) -> None:
    made, _ = store.subscriptions.add(*DAILY, "Daily Papers", 6)
    with pytest.raises(ReaderError, match="“DAILY papers” already"):
        store.subscriptions.add(SubscriptionKind.SEARCH, "rl", "DAILY papers", 6)
    with pytest.raises(ReaderError, match="“Daily Papers” is already subscribed"):
        store.subscriptions.add(*DAILY, "Other", 6)
    other, _ = store.subscriptions.add(SubscriptionKind.SEARCH, "rl", "Other", 6)
    with pytest.raises(ReaderError, match="choose another name"):
        store.subscriptions.rename(other, "daily papers")
    store.subscriptions.rename(made, "DAILY PAPERS")
    assert store.subscriptions.named("daily papers").id == made


def test_wrong_values_are_refused(store: LibraryStore) -> None:
    made, _ = store.subscriptions.add(*DAILY, "Daily", 6)
    for hours in (-1, 10_000):
        with pytest.raises(ReaderError, match="number of hours"):
            store.subscriptions.set_every(made, hours)
    with pytest.raises(ReaderError, match="name"):
        store.subscriptions.rename(made, " ")
    for call in (store.subscriptions.get, store.subscriptions.remove):
        with pytest.raises(NotFoundError):
            call(made + 1)
    with pytest.raises(NotFoundError, match="“weekly”"):
        store.subscriptions.named("weekly")


def test_new_papers_are_those_unseen_in_the_inbox_that_its_pages_brought(store: LibraryStore) -> None:
    made, _ = store.subscriptions.add(*DAILY, "Daily", 6)
    other, _ = store.subscriptions.add(SubscriptionKind.SEARCH, "tides", "Tides", 6)
    add(store, "file", paper("Known"))
    fetch(store, "a", paper("Known"), *papers(1, 2, 3))
    fetch(store, "b", *papers(1), page=PageName("search", "tides", ""))

    def new() -> dict[int, int]:
        return {each.subscription.id: each.new for each in store.subscriptions.statuses()}

    assert new() == {made: 3, other: 0}
    (section,) = store.listings.sections([2])
    assert sorted(row.title for row in store.papers.rows(section.new_ids)) == ["Lakes", "Rivers", "Tides"]
    store.states.set(section.new_ids[:1], PaperState.DONE)
    assert new() == {made: 2, other: 0}
    store.states.set_seen(section.new_ids[1:2])
    assert new() == {made: 1, other: 0}
    assert store.subscriptions.listing_ids(made) == [2]
    assert store.subscriptions.listing_ids(other) == [3]


def test_checks_are_no_steps_and_others_hear_of_them(store: LibraryStore) -> None:
    made, _ = store.subscriptions.add(*DAILY, "Daily", 6)
    with LibraryStore(store.path, program="other") as other:
        begun = other.news.since(None)
        check = SubscriptionCheck("2026-03-01T12:00:00Z", "2026-03-01T18:00:00Z", "No answer.", 2)
        assert store.subscriptions.note_check(made, check)
        latest = other.news.since(begun.number)
        assert latest.items == ()
        assert latest.checks != begun.checks
        assert store.subscriptions.note_check(made, check._replace(last_fetched="2026-03-01T12:00:01Z"))
        assert other.news.since(begun.number).checks not in (begun.checks, latest.checks)
        assert store.subscriptions.note_check(made, check)
        (status,) = other.subscriptions.statuses()
    assert (status.last_fetched, status.next_try, status.error) == check[:3]
    assert store.subscriptions.checks() == {made: check}
    assert len(store.history.steps()) == 1
