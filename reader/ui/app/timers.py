"""Timers: what is to be done soon, or again and again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def make_timer(owner: QObject, act: Callable[[], object], milliseconds: int = 0, *, repeats: bool = False) -> QTimer:
    """A timer, not started yet, that calls a method of ``owner`` once, or with ``repeats`` every ``milliseconds``."""
    timer = QTimer(owner, singleShot=not repeats, interval=milliseconds)
    timer.timeout.connect(act)
    return timer
