"""A library with a few papers in a fresh folder, and a clock to set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.services import Library
from tests.services.annotating import TITLES, SetClock, bring
from tests.web.server import WebServer, playing


@pytest.fixture
def set_clock() -> SetClock:
    return SetClock()


@pytest.fixture
def annotated(tmp_path: Path, set_clock: SetClock) -> Iterator[Library]:
    """A library to annotate: five papers, numbered 1 to 5."""
    with Library(tmp_path / "library", clock=set_clock) as library:
        assert bring(library, *TITLES) == [1, 2, 3, 4, 5]
        yield library


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """The network."""
    with playing(monkeypatch) as running:
        yield running
