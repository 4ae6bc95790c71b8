"""Indexes for the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reader.index.protocol import SearchIndex
from reader.index.whoosh_index import WhooshIndex

OpenIndex = Callable[[Path], SearchIndex]


@pytest.fixture(params=[WhooshIndex], ids=["whoosh"])
def open_index(request: pytest.FixtureRequest) -> Iterator[OpenIndex]:
    """Opens an index in a folder, with each implementation there is; closes them all at the end."""
    opened: list[SearchIndex] = []

    def opening(folder: Path) -> SearchIndex:
        opened.append(request.param(folder))
        return opened[-1]

    yield opening
    for index in opened:
        index.close()
