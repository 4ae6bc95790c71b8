"""Whether work is still wanted: what long work asks again and again, from whatever thread it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Cancelled: TypeAlias = Callable[[], bool]
"""Tells whether the work was overtaken or given up, and should end soon."""


def never() -> bool:
    """The answer for work that cannot be cancelled."""
    return False
