"""What is said of a paper while it is joined into another is still there when they are separated here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.step_titles import UNTITLED
from reader.domain.sync import Json
from reader.storage.content import EXPLICIT
from reader.storage.store import LibraryStore
from tests.storage.support import add, listing_ids, paper, query
from tests.storage.sync.devices import Devices


def settle(devices: Devices) -> None:
    """Everything is said and heard, as often as separating needs."""
    for _ in range(3):
        for name in devices.stores:
            devices.say(name)
        for name in devices.stores:
            devices.hear(name)


def lines(store: LibraryStore) -> set[str]:
    return {line for (text,) in query(store, "SELECT text FROM notes") for line in text.splitlines()}


def split(store: LibraryStore, key: str) -> None:
    store.papers.split(key)


def undo(store: LibraryStore, key: str) -> None:
    store.history.undo()


@pytest.mark.parametrize("separated", [split, undo])
@pytest.mark.parametrize("first", ["", "At first."])
def test_what_arrived_for_a_joined_paper_is_not_replaced_by_what_it_was_before(
    devices: Devices, separated: Callable[[LibraryStore, str], None], first: str
) -> None:
    a, b = devices.ids["a"], devices.ids["b"]
    if first:
        devices["a"].notes.set(a[1], first)
    settle(devices)
    (key,) = query(devices["a"], "SELECT key FROM papers WHERE id = ?", a[1])[0]
    devices["a"].papers.merge(a[0], a[1])
    devices["b"].notes.set(b[1], f"Of b.\n{first}".strip())
    devices["b"].tags.add([b[1]], ["of b"])
    devices["b"].states.set([b[1]], PaperState.READING)
    devices["b"].states.set_starred([b[1]], True)
    devices.say("b")
    devices.hear("a")
    separated(devices["a"], key)
    assert "Of b." in lines(devices["a"])
    settle(devices)
    for name in "ab":
        assert "Of b." in lines(devices[name])
        assert query(devices[name], "SELECT DISTINCT t.name FROM paper_tags JOIN tags t ON t.id = tag_id") == [
            ("of b",)
        ]
        assert query(devices[name], "SELECT state FROM states WHERE state <> 'inbox'")[0] == ("reading",)
        assert query(devices[name], "SELECT 1 FROM states WHERE starred")
    devices.check_equal()


@pytest.mark.parametrize("separated", [split, undo])
def test_what_was_said_just_before_papers_were_joined_comes_back(
    devices: Devices, separated: Callable[[LibraryStore, str], None]
) -> None:
    a = devices.ids["a"]
    (key,) = query(devices["a"], "SELECT key FROM papers WHERE id = ?", a[1])[0]
    devices["a"].notes.set(a[1], "Mine.")
    devices["a"].tags.add([a[1]], ["mine"])
    devices["a"].states.set([a[1]], PaperState.READING)
    before = devices.tables("a")
    devices["a"].papers.merge(a[0], a[1])
    separated(devices["a"], key)
    assert devices.tables("a") == before
    if separated is undo:
        devices["a"].history.redo()
        devices["a"].history.undo()
        assert devices.tables("a") == before
    settle(devices)
    assert devices.check_equal() == before


TITLE, ARXIV_ID = "Silt and Song of the Lower River", "2501.00007"
FOUND = paper(TITLE, arxiv_id=ARXIV_ID)


def import_found(store: LibraryStore, paper_id: int) -> None:
    add(store, "later", FOUND)


def give_arxiv_id(store: LibraryStore, paper_id: int) -> None:
    store.papers.set_arxiv_id(paper_id, ARXIV_ID)


def complete(store: LibraryStore, paper_id: int) -> None:
    store.completions.add(paper_id, FOUND, EXPLICIT, store.begin_operation(UNTITLED), frozenset())


@pytest.mark.parametrize("joins", [import_found, give_arxiv_id, complete])
def test_what_was_said_just_before_papers_were_found_to_be_one_comes_back(
    tmp_path: Path, joins: Callable[[LibraryStore, int], None]
) -> None:
    devices = Devices(tmp_path)
    has_other_id = joins is give_arxiv_id  # which tells papers with one title apart
    first = paper(TITLE, arxiv_id="2501.00008" if has_other_id else None)
    second = paper(TITLE if has_other_id else f"arXiv:{ARXIV_ID}", "", arxiv_id=ARXIV_ID)
    of_title, stub = (
        listing_ids(devices["a"], add(devices["a"], name, record).listing_id)[0]
        for name, record in (("title", first), ("ids", second))
    )
    devices.begin()
    settle(devices)
    there = query(devices["b"], "SELECT id FROM papers WHERE arxiv_id = ?", ARXIV_ID)[0][0]
    devices["b"].states.set([there], PaperState.READING)
    settle(devices)
    devices["a"].states.set([stub], PaperState.DONE)
    before = devices.tables("a")
    joins(devices["a"], of_title)
    assert not query(devices["a"], "SELECT 1 FROM papers WHERE id = ?", stub), "the two are one"
    devices["a"].history.undo()
    assert devices.tables("a") == before
    settle(devices)
    assert devices.check_equal() == before
    devices.close()


@pytest.mark.parametrize("joined_before", [True, False])
@pytest.mark.parametrize("kept_is_here", [True, False])
def test_a_highlight_of_a_joined_paper_is_shown_as_soon_as_either_is_here(
    tmp_path: Path, joined_before: bool, kept_is_here: bool
) -> None:
    devices = Devices(tmp_path, "abc")
    devices.begin()
    devices.exchange()
    a, c = devices["a"], devices["c"]
    kept = the_one_of(c, "Kept")
    devices.say("c")
    of_kept = dict(devices.packs)
    joined = the_one_of(c, "Joined")
    c.highlights.add_span(joined, "title", 0, 2, comment="Seen")
    if joined_before:
        c.papers.merge(kept, joined)
    devices.say("c")
    apply(devices, of_kept if kept_is_here else {})
    if not joined_before:
        c.papers.merge(kept, joined)
        devices.say("c")
        apply(devices, of_kept if kept_is_here else {})
    a.sync.take_packs((of_kept if kept_is_here else devices.packs).get)
    assert query(a, "SELECT comment FROM highlights") == [("Seen",)]
    devices.close()


def the_one_of(store: LibraryStore, title: str) -> int:
    """The paper of a listing of its own."""
    listing = add(store, f"only {title}", paper(title)).listing_id
    return int(query(store, "SELECT paper_id FROM sightings WHERE listing_id = ?", listing)[0][0])


def apply(devices: Devices, packs: dict[str, tuple[Json, ...]]) -> None:
    """Have the first take in what the third said, of whose packs only these have come."""
    for segment in devices.sent["c"]:
        devices["a"].sync.apply(segment, packs.get)


def test_a_note_that_is_written_and_taken_back_has_one_time_everywhere(devices: Devices) -> None:
    a = devices.ids["a"]
    devices["a"].notes.set(a[0], "Text.")
    settle(devices)
    devices["a"].notes.set(a[0], "Other.")
    devices["a"].notes.set(a[0], "Text.")
    settle(devices)
    devices["a"].sync.take_packs(devices.packs.get)
    devices.check_equal()
