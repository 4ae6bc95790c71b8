"""News: what every change touched, for whoever else has the library open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reader.domain.changes import Field, LatestNews, News, NewsKind
from reader.domain.papers import PaperState
from reader.storage.journal import news
from reader.storage.store import LibraryStore
from tests.storage.support import add, fill, paper, query, titled


class Reader:
    """Another process's way to the library: it remembers what it has read."""

    def __init__(self, store: LibraryStore) -> None:
        self.store = store
        self.number = store.news.since(None).number

    def latest(self) -> LatestNews:
        latest = self.store.news.since(self.number)
        self.number = latest.number
        return latest

    def read(self) -> list[News]:
        latest = self.latest()
        assert latest.is_complete
        return list(latest.items)


@pytest.fixture
def other(store: LibraryStore) -> Iterator[Reader]:
    fill(store)
    with LibraryStore(store.path, read_only=True) as opened:
        yield Reader(opened)


def told(other: Reader) -> list[tuple[NewsKind, str, frozenset[int]]]:
    return [(each.kind, str(each.change.title), each.change.paper_ids) for each in other.read()]


def test_a_step_is_told_with_what_it_touched(store: LibraryStore, other: Reader) -> None:
    store.states.set([1, 2], PaperState.QUEUED)
    store.tags.add([3], ["new"])
    queued, tagged = other.read()
    assert (queued.kind, str(queued.change.title), queued.step_kind) == (NewsKind.DONE, "Queued: 2 papers", "edit")
    assert queued.change.operation_id == store.history.steps(2)[1].id
    assert (queued.change.paper_ids, queued.change.touches(Field.QUEUE), queued.change.touches(Field.TAGS)) == (
        {1, 2},
        True,
        False,
    )
    assert (tagged.change.paper_ids, tagged.change.touches(Field.TAGS)) == ({3}, True)
    assert other.read() == []


def test_an_import_is_told_as_one(store: LibraryStore, other: Reader) -> None:
    add(store, "more", paper("Another"))
    (imported,) = other.read()
    assert (imported.step_kind, imported.change.touches(Field.LISTINGS)) == ("import", True)
    assert imported.change.paper_ids == {6}


def test_undo_and_redo_are_told_which_only_flip_a_column(store: LibraryStore, other: Reader) -> None:
    store.states.set_starred([1], True)
    store.states.set_starred([2], True)
    other.read()
    store.history.undo(2)
    store.history.redo()
    first, second, again = other.read()
    assert (first.kind, first.change.paper_ids) == (NewsKind.UNDONE, {2})
    assert (second.kind, second.change.paper_ids) == (NewsKind.UNDONE, {1})
    assert (again.kind, again.change.paper_ids) == (NewsKind.REDONE, {1})
    assert again.change.title == second.change.title


def test_a_step_that_grows_is_told_again(store: LibraryStore, other: Reader) -> None:
    for text in ("One", "One and two"):
        store.notes.set(4, text, visit="a")
    begun, grown = other.read()
    assert begun.change.operation_id == grown.change.operation_id == store.history.steps(1)[0].id
    assert begun.kind is grown.kind is NewsKind.DONE
    assert (grown.step_kind, grown.change.paper_ids) == ("note", {4})


def test_automatic_changes_are_told_though_they_are_no_steps(store: LibraryStore, other: Reader) -> None:
    store.states.set_seen([5], automatic=True)
    store.mutes.set_papers([3, 4])
    store.mutes.set_papers([4])
    assert told(other) == [(NewsKind.AUTOMATIC, "", frozenset(ids)) for ids in ({5}, {3, 4}, {3})]


def test_steps_that_are_dropped_are_told(store: LibraryStore, other: Reader) -> None:
    store.states.set_starred([1], True)
    store.history.undo()
    other.read()
    store.states.set_starred([2], True)
    assert {each.kind for each in other.read()} == {NewsKind.DONE, NewsKind.DROPPED}
    store.forget_history()
    assert [each.kind for each in other.read()] == [NewsKind.DROPPED]


def test_what_changes_nothing_or_fails_is_no_news(store: LibraryStore, other: Reader) -> None:
    store.states.set_starred([1], False)
    store.mutes.set_papers([])
    with pytest.raises(ZeroDivisionError), store.step(titled("given up")):
        store.states.set_starred([1], True)
        raise ZeroDivisionError
    assert other.read() == []


def test_one_s_own_changes_are_no_news(store: LibraryStore, other: Reader) -> None:
    own = Reader(store)
    store.states.set_starred([1], True)
    assert own.read() == []
    assert len(other.read()) == 1
    with LibraryStore(store.path) as second:
        second.states.set_starred([2], True)
    assert [each.change.paper_ids for each in own.read()] == [{2}]


def test_the_version_tells_that_there_may_be_news(store: LibraryStore, other: Reader) -> None:
    before = other.store.news.version()
    assert other.store.news.version() == before
    store.states.set_starred([1], True)
    assert other.store.news.version() != before


def test_who_slept_while_news_were_dropped_is_told_so(
    store: LibraryStore, other: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "KEPT", 10)
    for number in range(100):
        store.states.set_starred([1], number % 2 == 0)
    assert 10 <= query(store, "SELECT count(*) FROM news")[0][0] < 10 + 100
    latest = other.latest()
    assert not latest.is_complete
    (anything,) = latest.items
    assert anything.change.paper_ids == {1, 2, 3, 4, 5}
    assert anything.change.touches(Field.LISTINGS)
    store.states.set_starred([2], True)
    assert len(other.read()) == 1


def test_who_finds_an_older_library_in_its_place_is_told_so(store: LibraryStore, other: Reader) -> None:
    other.number += 5
    assert not other.latest().is_complete


def test_a_change_of_very_many_papers_is_one_of_any(
    store: LibraryStore, other: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST_PAPERS", 2)
    store.states.set_starred([1, 2, 3], True)
    (starred,) = other.read()
    assert starred.change.paper_ids == {1, 2, 3, 4, 5}


def test_what_is_said_of_any_paper_again_and_again_is_told_once(store: LibraryStore, other: Reader) -> None:
    for _ in range(3):
        with store.unrecorded() as writer:
            news.tell(writer, NewsKind.AUTOMATIC, None, ["states"], range(news.MOST_PAPERS + 1))
    store.states.set([1], PaperState.QUEUED)
    automatic, queued = other.read()
    assert (automatic.kind, automatic.change.paper_ids) == (NewsKind.AUTOMATIC, frozenset(range(1, 6)))
    assert (queued.kind, queued.change.paper_ids) == (NewsKind.DONE, {1})
