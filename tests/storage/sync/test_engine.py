"""The engine by two small families: what devices say of papers reaches the others, in whatever order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storage.support import fill
from tests.storage.sync.support import Replica, Stars, Titles, meet, use_families

Make = Callable[[str], Replica]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    use_families(monkeypatch, Titles(), Stars())
    made: list[Replica] = []

    def make(name: str) -> Replica:
        made.append(Replica(tmp_path, name))
        return made[-1]

    yield make
    for each in made:
        each.store.close()
    monkeypatch.undo()
    use_families(monkeypatch)
    monkeypatch.undo()


def test_papers_and_stars_reach_an_empty_library(make: Make) -> None:
    a, b = make("a"), make("b")
    ids = fill(a.store, 5)
    a.store.states.set_starred(ids[1:3], True)
    meet(a, b)
    assert b.starred() == a.starred() != []
    assert a.heads() == b.heads()
    assert b.store.rows("SELECT title FROM papers ORDER BY key") == a.store.rows(
        "SELECT title FROM papers ORDER BY key"
    )
