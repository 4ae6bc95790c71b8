"""Waiting in tests for what has to come, however busy the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300.0
"""Seconds that only what never comes takes: nothing is said of how fast it should be."""


def a_moment() -> None:
    """Let others work."""
    time.sleep(0.005)


def wait_until(holds: Callable[[], bool], meanwhile: Callable[[], None] = a_moment) -> None:
    """Do something again and again until a thing holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        meanwhile()
