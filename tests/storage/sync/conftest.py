"""Libraries that synchronise: with every family of cells, or by two small ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.storage.sync.devices import Devices
from tests.storage.sync.support import Replica, Stars, Titles, clear_registry, use_families

Make = Callable[[str], Replica]


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    """Two devices that have the same papers and have met."""
    made = Devices(tmp_path)
    made.begin()
    made.exchange()
    yield made
    made.close()


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a library that synchronises by two small families of cells, under a name."""
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


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Callable[..., Replica]]:
    """Makes a library that synchronises with every family, by the name of its device."""
    made: list[Replica] = []

    def make(name: str, *, is_new: bool = True) -> Replica:
        made.append(Replica(tmp_path, name, is_new=is_new))
        return made[-1]

    yield make
    for each in made:
        each.store.close()


@pytest.fixture(params=[False, True], ids=["in turn", "backwards"])
def backwards(request: pytest.FixtureRequest) -> bool:
    """Whether the last device takes in first."""
    return bool(request.param)


@pytest.fixture
def two(library: Callable[..., Replica]) -> tuple[Replica, Replica]:
    """Two empty libraries."""
    return library("a"), library("b")
