"""The tables contain what the heads show, also where something else had been left in them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader.domain.papers import PaperState
from tests.storage.support import add, paper
from tests.storage.sync.content_support import check_equal, exchange
from tests.storage.sync.support import Replica, check_shown


def change_unseen(replica: Replica, sql: str) -> None:
    """Change a table without its becoming a write."""
    with replica.store.unrecorded() as writer:
        writer.execute("UPDATE sync_me SET applying = 1")
        assert writer.execute(sql).rowcount > 0
        writer.execute("UPDATE sync_me SET applying = 0")


def joined(a: Replica, b: Replica) -> None:
    """Two libraries with three papers, two of which are the same."""
    add(a.store, "one", paper("Tides", upvotes=1), paper("On Tides", upvotes=5), paper("Rivers"))
    exchange(a, b)
    ids = dict(a.store.rows("SELECT title, id FROM papers"))
    a.store.tags.add([ids["On Tides"]], ["moon"])
    a.store.notes.set(ids["On Tides"], "Mine.")
    a.store.states.set([ids["Rivers"]], PaperState.DONE)
    a.store.papers.merge(ids["Tides"], ids["On Tides"])
    exchange(a, b)


CHANGES = pytest.mark.parametrize("change", ["DELETE FROM paper_tags", "UPDATE notes SET text = 'Old.'"])


@CHANGES
def test_writing_everything_anew_mends_the_tables(two: tuple[Replica, Replica], change: str) -> None:
    a, b = two
    joined(a, b)
    change_unseen(b, change)
    assert b.store.sync.render_all().counts
    check_equal(a, b)


def test_writing_everything_anew_changes_nothing_that_is_right(two: tuple[Replica, Replica]) -> None:
    joined(*two)
    for each in two:
        before = each.heads()
        check_shown(each.store)
        assert each.heads() == before
        assert each.store.sync.pending() == 0


@CHANGES
def test_what_is_said_of_joined_papers_has_all_of_them_written(two: tuple[Replica, Replica], change: str) -> None:
    """On the device that says it, and on the one to which it comes."""
    a, b = two
    joined(a, b)
    for each in two:
        change_unseen(each, change)
    a.store.states.set_starred([row[0] for row in a.store.rows("SELECT id FROM papers WHERE title = 'Tides'")], True)
    exchange(a, b)
    found = check_equal(a, b)
    assert [row[1] for row in found["notes"]] == ["Mine."]
    assert [row[1] for row in found["paper_tags"]] == ["moon"]


def test_a_paper_that_is_the_same_as_no_other_is_written_alone(library: Callable[..., Replica]) -> None:
    a, b = library("a"), library("b")
    joined(a, b)
    change_unseen(b, "DELETE FROM paper_tags")
    a.store.states.set_starred([row[0] for row in a.store.rows("SELECT id FROM papers WHERE title = 'Rivers'")], True)
    exchange(a, b)
    assert b.store.rows("SELECT * FROM paper_tags") == []
