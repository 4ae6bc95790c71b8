"""Which fields of a library a change touches, as those that show them are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reader.domain.changes import Change, Field, NewsKind
from reader.domain.papers import PaperState
from reader.storage.journal.news import FIELDS
from reader.storage.schema import JOURNALLED
from reader.storage.store import LibraryStore
from tests.storage.support import add, fill, paper

LATER = datetime(2090, 1, 1, tzinfo=UTC)
CHANGES: dict[str, tuple[Callable[[LibraryStore, list[int]], Change], set[Field]]] = {
    "star": (lambda store, ids: store.states.set_starred(ids, True), {Field.STARS}),
    "decide": (lambda store, ids: store.states.set(ids, PaperState.DISMISSED), {Field.STATES}),
    "queue": (lambda store, ids: store.states.set(ids, PaperState.QUEUED), {Field.STATES, Field.QUEUE}),
    "snooze": (lambda store, ids: store.states.bury_until(ids, LATER), {Field.SNOOZES}),
    "see": (lambda store, ids: store.states.set_seen(ids), {Field.SEEN}),
    "tag": (lambda store, ids: store.tags.add(ids, ["a"]), {Field.TAGS, Field.PAPER_TAGS}),
    "note": (lambda store, ids: store.notes.set(ids[0], "A note."), {Field.NOTES}),
}


def test_every_journalled_table_has_a_field() -> None:
    assert {table.name for table in JOURNALLED} <= FIELDS.keys()
    assert set(Field) == set().union(*FIELDS.values())


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("first", [None, "star", "decide", "snooze"])
def test_a_change_names_its_fields_done_undone_and_redone(store: LibraryStore, name: str, first: str | None) -> None:
    """Whether or not the papers have a state already, of which one column changes."""
    ids = fill(store)[:2]
    if first is not None:
        CHANGES[first][0](store, ids)
    change, fields = CHANGES[name]
    done = change(store, ids)
    if not done:
        assert name == first
        return
    undone, redone = store.history.undo(), store.history.redo()
    assert undone is not None and redone is not None
    assert done.fields == undone.change.fields == redone.change.fields == fields
    assert [each.kind for each in (done, undone.change, redone.change)] == [
        *(NewsKind.DONE, NewsKind.UNDONE, NewsKind.REDONE),
    ]


def test_a_change_of_very_many_papers_may_be_of_any_column(store: LibraryStore) -> None:
    add(store, "large", *(paper(f"Paper {number}", line=number + 1) for number in range(600)))
    ids = list(range(1, 601))
    done = store.states.set_starred(ids, True)
    undone = store.history.undo()
    assert undone is not None
    assert done.fields == undone.change.fields == {Field.STATES, Field.STARS, Field.SNOOZES}
    assert done.paper_ids == set(ids)


def test_parts_of_a_step_name_what_each_touched(store: LibraryStore) -> None:
    ids = fill(store)
    with store.step() as step:
        starred = store.states.set_starred(ids[:1], True)
        seen = store.states.set_seen(ids[1:2], automatic=True)
    assert (starred.fields, seen.fields) == ({Field.STARS}, {Field.SEEN})
    assert step.change.fields == {Field.STARS, Field.SEEN}
