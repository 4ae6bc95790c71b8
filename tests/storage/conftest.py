"""A store in a fresh folder, with a clock that ticks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock, check_derived


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def store(tmp_path: Path, clock: TickingClock) -> Iterator[LibraryStore]:
    with LibraryStore(tmp_path / "library" / "library.db", clock=clock) as opened:
        yield opened
        check_derived(opened)
