"""Cycles of objects are freed, on the GUI thread, without much being looked through while somebody works."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from reader.ui.app import garbage_collection
from reader.ui.app.garbage_collection import CycleCollector


class Knot:
    """An object that refers to itself."""

    def __init__(self) -> None:
        self.own = self


def work(seconds: float) -> None:
    """Keep the thread busy."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch, qapp: object) -> Iterator[QObject]:
    """What a collector belongs to; its time goes fifty times as fast, and pauses are shorter."""
    monkeypatch.setattr(garbage_collection, "_INTERVAL_MS", 2)
    monkeypatch.setattr(garbage_collection, "_QUIET_ROUNDS", 60)
    was_enabled = gc.isenabled()
    owner = QObject()
    yield owner
    gc.unfreeze()
    assert gc.isenabled() == was_enabled


def test_what_was_made_and_let_go_is_freed(parent: QObject, qtbot: QtBot) -> None:
    collector = CycleCollector(parent)
    knot = weakref.ref(Knot())
    assert knot() is not None
    qtbot.waitUntil(lambda: knot() is None)
    collector.stop()


def test_collecting_is_left_as_it_was_found(parent: QObject) -> None:
    was_enabled = gc.isenabled()
    try:
        for setting in (gc.enable, gc.disable):
            setting()
            found = gc.isenabled()
            collector = CycleCollector(parent)
            assert not gc.isenabled()
            collector.stop()
            assert gc.isenabled() == found
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_what_had_stayed_for_long_is_freed_in_a_pause(parent: QObject, qtbot: QtBot) -> None:
    collector = CycleCollector(parent)
    kept = [Knot() for _ in range(200)]
    knot = weakref.ref(kept[0])
    work(0.02)
    frozen = gc.get_freeze_count()
    qtbot.waitUntil(lambda: gc.get_freeze_count() > frozen)
    del kept
    assert knot() is not None
    qtbot.waitUntil(lambda: knot() is None)
    collector.stop()


def test_nothing_old_is_looked_through_while_somebody_works(parent: QObject, qtbot: QtBot) -> None:
    collector = CycleCollector(parent)
    kept = Knot()
    knot = weakref.ref(kept)
    frozen = gc.get_freeze_count()
    qtbot.waitUntil(lambda: gc.get_freeze_count() != frozen)
    del kept
    for _ in range(100):
        work(0.005)
        qtbot.wait(2)
    assert knot() is not None
    qtbot.waitUntil(lambda: knot() is None)
    collector.stop()
