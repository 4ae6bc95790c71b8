"""What is said of papers on one device arrives on another: every field, undone and redone, and said on both at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import combinations_with_replacement
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.storage.store import LibraryStore
from tests.storage.sync.devices import Devices

TOMORROW = datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path)
    made.begin()
    yield made
    made.close()


def _noted(store: LibraryStore, ids: list[int]) -> None:
    store.notes.set(ids[0], "First line.\n\nSecond line.")


def _highlighted(store: LibraryStore, ids: list[int]) -> None:
    made, _ = store.highlights.add_span(ids[0], "abstract", 3, 8, label="Method", comment="why")
    store.highlights.add_span(ids[0], "title", 0, 2)
    store.highlights.update(made, comment="because")


def _searched(store: LibraryStore, ids: list[int]) -> None:
    store.searches.add("Mine", "tag:rl", "newest", 3)
    store.searches.add("Other", "tag:nlp")
    store.searches.order([each.id for each in reversed(store.searches.all())])


def _tagged(store: LibraryStore, ids: list[int]) -> None:
    store.tags.add(ids[:3], ["rl", "method/diffusion"])
    store.tags.set_color("rl", "#aabbcc")
    store.tags.set_description("rl", "Learning from rewards")
    store.tags.set_favorite("rl", 4)


CHANGES: dict[str, Callable[[LibraryStore, list[int]], object]] = {
    "queued": lambda store, ids: store.states.set(ids[2:5], PaperState.QUEUED),
    "done": lambda store, ids: store.states.set(ids[:1], PaperState.DONE),
    "dismissed": lambda store, ids: store.states.set(ids, PaperState.DISMISSED, at_once=True),
    "reading": lambda store, ids: store.states.set(ids[:2], PaperState.READING),
    "starred": lambda store, ids: store.states.set_starred(ids[1:3], True),
    "seen": lambda store, ids: store.states.set_seen(ids[1:3]),
    "imported": lambda store, ids: store.states.set_seen(ids[1:3], imported=True),
    "snoozed": lambda store, ids: store.states.bury_until(ids[:2], TOMORROW),
    "noted": _noted,
    "tagged": _tagged,
    "highlighted": _highlighted,
    "label": lambda store, ids: store.labels.add("Doubt", "#123456"),
    "relabelled": lambda store, ids: store.labels.update(2, name="Approach", color="#654321"),
    "unlabelled": lambda store, ids: store.labels.delete(3),
    "search": _searched,
    "rule": lambda store, ids: store.mutes.add("Crypto", "title:blockchain"),
}

_OF_PAPERS = ("queued", "done", "dismissed", "reading", "starred", "seen", "imported", "snoozed")
_OF_LABELS = ("highlighted", "label", "relabelled", "unlabelled")
PAIRS = [
    *combinations_with_replacement(_OF_PAPERS, 2),
    *combinations_with_replacement(_OF_LABELS, 2),
    *(("noted", "noted"), ("tagged", "tagged"), ("search", "search"), ("rule", "rule"), ("tagged", "done")),
]
"""Changes that concern the same tables."""


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_said_here_arrives_there(devices: Devices, change: str) -> None:
    before = devices.tables("a")
    CHANGES[change](devices["a"], devices.ids["a"])
    after = devices.tables("a")
    assert after != before
    devices.exchange()
    assert devices.check_equal() == after


@pytest.mark.parametrize("change", CHANGES)
def test_undo_and_redo_arrive(devices: Devices, change: str) -> None:
    store = devices["a"]
    before = devices.tables("a")
    CHANGES[change](store, devices.ids["a"])
    after = devices.tables("a")
    devices.exchange()
    while store.history.undo():
        pass
    devices.exchange()
    assert devices.check_equal() == before
    while store.history.redo():
        pass
    devices.exchange()
    assert devices.check_equal() == after


@pytest.mark.parametrize("change", CHANGES)
def test_a_library_that_had_it_before_says_it(tmp_path: Path, change: str) -> None:
    devices = Devices(tmp_path)
    CHANGES[change](devices["a"], devices.ids["a"])
    after = devices.tables("a")
    devices.begin()
    devices.exchange()
    assert devices.check_equal() == after
    devices.close()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_changes_on_two_devices_at_once_give_the_same(tmp_path: Path, one: str, other: str) -> None:
    devices = Devices(tmp_path, "abc")
    devices.begin()
    CHANGES[one](devices["a"], devices.ids["a"])
    CHANGES[other](devices["b"], devices.ids["b"])
    for name in "ab":
        devices.say(name)
    devices.hear("c", "b")
    devices.hear("c", "a")
    devices.hear("a")
    devices.hear("b")
    devices.check_equal()
    devices.exchange()
    devices.check_equal()
    devices.close()
