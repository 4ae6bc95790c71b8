"""A server, and a client that waits on no clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from reader.web.client import Client
from reader.web.transfer import Limits
from tests.web.server import WebServer


@dataclass
class Clock:
    """A clock that goes on only while somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now

    @property
    def waited(self) -> float:
        """The seconds slept since this was last asked."""
        total = sum(self.slept)
        self.slept.clear()
        return total


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server to which every request is sent; waits are kept."""
    with WebServer() as server:
        for name, value in server.environment(delay=None).items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("LECTERN_FETCH_DELAY", raising=False)
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(clock: Clock) -> Iterator[Client]:
    """A client whose waits cost nothing."""
    with Client(sleep=clock.sleep, monotonic=clock.monotonic) as client:
        yield client


@pytest.fixture
def hasty(clock: Clock) -> Iterator[Client]:
    """A client with small limits: 20,000 bytes and 0.3 seconds."""
    limits = Limits(bytes=20_000, seconds=0.3)
    with Client(sleep=clock.sleep, monotonic=clock.monotonic, limits=limits) as client:
        yield client
