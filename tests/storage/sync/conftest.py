"""Libraries that synchronise by two small families of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storage.sync.support import Replica, Stars, Titles, clear_registry, use_families

Make = Callable[[str], Replica]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a library that synchronises, under a name."""
    use_families(monkeypatch, Titles(), Stars())
    made: list[Replica] = []

    def make(name: str) -> Replica:
        made.append(Replica(tmp_path, name))
        return made[-1]

    yield make
    for each in made:
        each.store.close()
    monkeypatch.undo()
    clear_registry()
