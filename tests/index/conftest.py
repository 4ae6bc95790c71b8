"""Indexes for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.index.whoosh_index import WhooshIndex

OpenIndex = Callable[[Path], WhooshIndex]


@pytest.fixture
def open_index() -> Iterator[OpenIndex]:
    """Opens an index in a folder; closes all at the end."""
    opened: list[WhooshIndex] = []

    def opening(folder: Path) -> WhooshIndex:
        opened.append(WhooshIndex(folder))
        return opened[-1]

    yield opening
    for index in opened:
        index.close()
