"""Topics as a library keeps them: made without a step, changed in steps that can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.topics import StoredTopic, TopicPlan
from reader.storage.store import LibraryStore


def invented(name: str, number: int = 0) -> StoredTopic:
    """A topic of one centre, which differs with ``number``."""
    words = (name, f"{name} two")
    return StoredTopic(0, "", words, "basis", (bytes([number, 0, 1, 2]),), ((1, 2, 3),), 3, (2_500, 7_500))


def filled(store: LibraryStore) -> tuple[StoredTopic, ...]:
    assert store.topics.store_first([invented("robots"), invented("naïve bayes", 1), invented("tides", 2)])
    return store.topics.stored()


def test_first_topics_are_no_step(store: LibraryStore) -> None:
    topics = filled(store)
    assert [topic.name for topic in topics] == [
        "robots, robots two",
        "naïve bayes, naïve bayes two",
        "tides, tides two",
    ]
    assert [replace(topic, id=0) for topic in topics] == [
        invented("robots"),
        invented("naïve bayes", 1),
        invented("tides", 2),
    ]
    assert store.history.steps() == []
    change = store.topics.store_first([invented("others")])
    assert not change and store.topics.stored() == topics


def test_a_name_can_be_given_and_taken_back(store: LibraryStore) -> None:
    first, *_ = filled(store)
    change = store.topics.rename(first.id, "  Walking\nmachines ")
    assert change.touches(Field.TOPICS) and not change.paper_ids
    assert str(change.title) == "Renamed topic “robots, robots two” to “Walking machines”"
    assert store.topics.stored()[0].name == "Walking machines"
    store.history.undo()
    assert store.topics.stored()[0].name == "robots, robots two"
    store.history.redo()
    assert store.topics.stored()[0].given_name == "Walking machines"
    assert str(store.topics.rename(first.id, "").title).endswith("to “robots, robots two”")
    assert store.topics.stored()[0] == first
    assert not store.topics.rename(first.id, "robots, robots two")


def test_names_are_checked(store: LibraryStore) -> None:
    first, second, _ = filled(store)
    store.topics.rename(first.id, "Machines")
    with pytest.raises(ReaderError, match="already"):
        store.topics.rename(second.id, "machines")
    with pytest.raises(ReaderError, match="at most"):
        store.topics.rename(second.id, "x" * 300)
    with pytest.raises(NotFoundError):
        store.topics.rename(99, "Other")


def test_a_plan_is_carried_out_and_undone(store: LibraryStore) -> None:
    before = filled(store)
    moved = replace(before[0], centres=(b"\5\0\6\0",), place=(1, 2))
    plan = TopicPlan(before, (moved, before[2], invented("new", 5)), moved=37)
    change = store.topics.update(plan)
    assert str(change.title) == "Updated the topics: 37 papers moved"
    assert change.touches(Field.TOPICS)
    after = store.topics.stored()
    assert after[:2] == (moved, before[2]) and replace(after[2], id=0) == invented("new", 5)
    store.history.undo()
    assert store.topics.stored() == before
    store.history.redo()
    assert store.topics.stored() == after


def test_a_plan_of_before_a_change_is_refused(store: LibraryStore) -> None:
    before = filled(store)
    store.topics.rename(before[0].id, "Machines")
    known = store.topics.stored()
    with pytest.raises(ReaderError, match="meanwhile"):
        store.topics.update(TopicPlan(before, before[:2]))
    assert store.topics.stored() == known


@pytest.mark.parametrize(
    ("column", "value"), [("words", "[1"), ("centres", "[7]"), ("examples", "[]"), ("examples", "5")]
)
def test_a_row_that_makes_no_sense_is_as_none(store: LibraryStore, column: str, value: str) -> None:
    first, second, third = filled(store)
    with store.unrecorded() as writer:
        writer.execute(f"UPDATE topics SET {column} = ? WHERE id = ?", (value, second.id))
    assert store.topics.stored() == (first, third)


def test_a_split_and_a_merge_are_named(store: LibraryStore) -> None:
    first, second, third = filled(store)
    part = replace(first, words=("arms",), centres=(b"\7\0\7\0",))
    new = replace(invented("legs", 8), words=("legs",))
    change = store.topics.store_split(TopicPlan((first, second, third), (part, second, third, new)))
    assert str(change.title) == "Split topic “robots, robots two” into “arms” and “legs”"
    before = store.topics.stored()
    merged = replace(before[1], centres=before[1].centres + before[2].centres, examples=((1,), (2,)))
    change = store.topics.store_merge(TopicPlan(before, (before[0], merged, before[3])))
    assert str(change.title) == "Merged topic “tides, tides two” into “naïve bayes, naïve bayes two”"
    assert store.topics.stored()[1].examples == ((1,), (2,))
    store.history.undo()
    store.history.undo()
    assert store.topics.stored() == (first, second, third)
