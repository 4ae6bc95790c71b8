"""Annotations of papers that one device joins or takes apart while another annotates them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader.domain.papers import PaperState
from reader.domain.sync import Cell
from reader.storage.store import LibraryStore
from reader.storage.sync.work import Work
from tests.storage.support import query
from tests.storage.sync.devices import Devices


def annotate(store: LibraryStore, paper: int, word: str, tag: str) -> None:
    store.states.set([paper], PaperState.QUEUED)
    store.states.set_starred([paper], True)
    store.tags.add([paper], [tag, "both"])
    store.notes.set(paper, f"Note of {word}.")
    store.highlights.add_span(paper, "title", 0, 2, comment=word)


def annotations(devices: Devices, name: str) -> dict[str, list[tuple[object, ...]]]:
    """What a device shows, without the keys of papers, of which joined ones have another on each device."""
    tables = devices.tables(name)
    return {table: sorted((row[1:] for row in rows), key=repr) for table, rows in tables.items()}


def settle(devices: Devices) -> None:
    """Everything is said and heard, as often as joining needs."""
    for _ in range(3):
        for name in devices.stores:
            devices.say(name)
        for name in devices.stores:
            devices.hear(name)


@pytest.mark.parametrize("annotated_first", [True, False])
def test_all_annotations_of_joined_papers_are_on_the_one_that_stays(devices: Devices, annotated_first: bool) -> None:
    a, b = devices.ids["a"], devices.ids["b"]
    if annotated_first:
        annotate(devices["a"], a[0], "Ada", "of a")
    annotate(devices["b"], b[1], "Bo", "of b")
    devices["a"].papers.merge(a[0], a[1])
    if not annotated_first:
        annotate(devices["a"], a[0], "Ada", "of a")
    settle(devices)
    assert annotations(devices, "a") == annotations(devices, "b")
    for name in "ab":
        store = devices[name]
        assert sorted(tag.name for tag in store.tags.all() if tag.paper_count) == ["both", "of a", "of b"]
        (text,) = query(store, "SELECT text FROM notes")[0]
        assert "Note of Ada." in text
        assert "Note of Bo." in text
        assert sorted(query(store, "SELECT comment FROM highlights")) == [("Ada",), ("Bo",)]
        assert len(query(store, "SELECT * FROM queue")) == 1


def test_papers_taken_apart_have_their_own_again(devices: Devices) -> None:
    a = devices.ids["a"]
    annotate(devices["a"], a[0], "Ada", "of a")
    annotate(devices["b"], devices.ids["b"][1], "Bo", "of b")
    settle(devices)
    before = devices.check_equal()
    key = query(devices["a"], "SELECT key FROM papers WHERE id = ?", a[1])[0][0]
    devices["a"].papers.merge(a[0], a[1])
    settle(devices)
    devices["b"].papers.split(key)
    settle(devices)
    after = devices.check_equal()
    assert {name: after[name] for name in after if name not in ("queue", "notes")} == {
        name: before[name] for name in before if name not in ("queue", "notes")
    }
    # The note that was made of both stays with the paper that was kept, as other things said after joining do.
    assert sorted(row[1] for row in after["notes"]) == ["Note of Ada.\n\n---\n\nNote of Bo.", "Note of Bo."]


UNDONE: dict[str, Callable[[LibraryStore, int], object]] = {
    "state": lambda store, paper: store.states.set([paper], PaperState.INBOX),
    "star": lambda store, paper: store.states.set_starred([paper], False),
    "tag": lambda store, paper: store.tags.remove([paper], ["of b", "of a", "both"]),
    "note": lambda store, paper: store.notes.set(paper, ""),
}


@pytest.mark.parametrize("undone", UNDONE)
def test_what_is_taken_from_the_one_that_stays_is_gone_everywhere(devices: Devices, undone: str) -> None:
    a = devices.ids["a"]
    annotate(devices["a"], a[0], "Ada", "of a")
    annotate(devices["b"], devices.ids["b"][1], "Bo", "of b")
    settle(devices)
    devices["a"].papers.merge(a[0], a[1])
    settle(devices)
    joined = query(devices["b"], "SELECT paper_id FROM paper_aliases")[0][0]
    UNDONE[undone](devices["b"], joined)
    shown = annotations(devices, "b")
    settle(devices)
    assert annotations(devices, "a") == annotations(devices, "b") == shown


def test_what_is_said_before_papers_are_joined_here_replaces_nothing_of_the_other(devices: Devices) -> None:
    """That they are one is known, but not shown yet: each still has a row of its own."""
    store, (kept, other) = devices["a"], devices.ids["a"][:2]
    store.notes.set(kept, "Of the one.")
    store.notes.set(other, "Of the other.")
    devices.say("a")
    with store.unrecorded() as writer:
        work = Work(writer, 0)
        uids = work.uids_of("paper", [kept, other])
        work.write(Cell("paper", uids[other], "same"), uids[kept])
        work.store()
    store.notes.set(other, "Of the other, and more.")
    devices.say("a")
    with store.unrecorded() as writer:
        heads = Work(writer, 0).heads([Cell("paper", uids[kept], "note")])
    ((head,),) = heads.values()
    assert isinstance(head.value, dict)
    assert head.value["text"] == "Of the one."
