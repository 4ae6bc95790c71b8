"""Work off the GUI thread: in order, cancellable, and its results on the GUI thread only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from reader.ui.app.tasks import CancelToken, Tasks
from tests.patience import PATIENCE


@pytest.fixture
def tasks(qtbot: QtBot, themes: object) -> Iterator[Tasks]:
    tasks = Tasks()
    yield tasks
    tasks.close()


def wait(qtbot: QtBot, tasks: Tasks) -> None:
    qtbot.waitUntil(lambda: tasks.is_idle)


def test_results_arrive_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[tuple[str, bool]] = []

    def done(worker: str) -> None:
        heard.append((worker, threading.current_thread() is threading.main_thread()))

    def where() -> str:
        return threading.current_thread().name.split("_")[0]

    tasks.read(where, done)
    tasks.write(where, done)
    wait(qtbot, tasks)
    assert sorted(heard) == [("library", True), ("reader", True)]


def test_writes_keep_their_order(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[int] = []
    for number in range(50):
        tasks.write(partial(int, number), heard.append)
    wait(qtbot, tasks)
    assert heard == list(range(50))


def test_a_cancelled_read_is_not_delivered(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[str] = []
    gate = threading.Event()
    token = CancelToken()

    def slow() -> str:
        gate.wait(PATIENCE)
        return "late"

    tasks.read(slow, heard.append, token=token)
    token.cancel()
    gate.set()
    wait(qtbot, tasks)
    assert heard == []


def test_nothing_is_delivered_to_what_was_deleted(qtbot: QtBot, tasks: Tasks) -> None:
    """Nor by way of somebody else, who would pass it on."""

    class Asking(QObject):
        def take(self, value: object) -> None:
            taken.append(value)
            self.objectName()

    def pass_on(take: Callable[[object], None], value: object) -> None:
        take(value)

    taken: list[object] = []
    gone, there = Asking(), Asking()
    for asking in (gone, there):
        tasks.read(lambda: 1, asking.take)
        tasks.read(lambda: 2, partial(pass_on, asking.take))
    delete(gone)
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert sorted(taken) == [1, 2]


def test_failures_are_told_to_who_asks_or_to_all(qtbot: QtBot, tasks: Tasks) -> None:
    asked: list[Exception] = []
    told: list[Exception] = []
    tasks.crashed.connect(told.append)

    def fail() -> None:
        raise OSError("broken")

    tasks.read(fail, print, failed=asked.append)
    tasks.write(fail, print)
    wait(qtbot, tasks)
    assert [str(error) for error in asked + told] == ["broken", "broken"]


def steps(count: int, between: Callable[[int], None] = lambda number: None) -> Generator[int, None, str]:
    for number in range(count):
        between(number)
        yield number
    return "end"


def test_steps_tell_progress_and_end(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[Any] = []
    tasks.write_steps(partial(steps, 1_000), heard.append, heard.append)
    wait(qtbot, tasks)
    assert heard[-1] == "end"
    assert 1 <= len(heard) < 100  # progress is told no more often than it can be seen


@pytest.mark.parametrize("gives_way", [True, False])
def test_steps_give_way_where_they_may(qtbot: QtBot, tasks: Tasks, gives_way: bool) -> None:
    order: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def between(number: int) -> None:
        if number == 1:
            begun.set()
            go_on.wait(PATIENCE)
        order.append(str(number))

    tasks.write_steps(partial(steps, 4, between), print, order.append, gives_way=gives_way)
    assert begun.wait(PATIENCE)
    tasks.write(partial(order.append, "star"), _ignore)
    go_on.set()
    wait(qtbot, tasks)
    assert order.index("star") == (2 if gives_way else 4)
    assert sorted(order) == ["0", "1", "2", "3", "end", "star"]


def _ignore(_: object) -> None:
    """Nothing to do with a result."""


def test_steps_that_fail_tell_it(qtbot: QtBot, tasks: Tasks) -> None:
    def broken(number: int) -> None:
        if number == 2:
            raise ValueError("step two")

    heard: list[Exception] = []
    tasks.write_steps(partial(steps, 5, broken), _ignore, _ignore, failed=heard.append)
    wait(qtbot, tasks)
    assert [str(error) for error in heard] == ["step two"]


def test_work_that_wants_to_be_alone_is(qtbot: QtBot, tasks: Tasks) -> None:
    running: set[str] = set()
    met: list[set[str]] = []
    lock = threading.Lock()
    gate = threading.Event()

    def reading(name: str) -> None:
        with lock:
            running.add(name)
        gate.wait(PATIENCE)
        with lock:
            running.discard(name)

    def alone() -> None:
        with lock:
            met.append(set(running))

    tasks.read(partial(reading, "before"), _ignore)
    tasks.write_alone(alone, _ignore, failed=_ignore)
    tasks.read(partial(reading, "meanwhile"), _ignore)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle and bool(met))
    assert met == [set()]
    assert running == set()


def test_nothing_arrives_after_closing(qtbot: QtBot, themes: object) -> None:
    tasks = Tasks()
    heard: list[str] = []
    tasks.read(partial(str, "read"), heard.append)
    tasks.close()
    tasks.write(partial(str, "write"), heard.append)
    qtbot.wait(20)
    assert heard == []


def test_what_waits_for_a_network_holds_up_nobody(qtbot: QtBot, tasks: Tasks) -> None:
    heard: list[object] = []
    gate = threading.Event()

    def steps() -> Generator[str, None, str]:
        yield threading.current_thread().name.split("_")[0]
        gate.wait(PATIENCE)
        return "end"

    tasks.fetch_steps(steps, heard.append, heard.append, failed=heard.append)
    tasks.read(partial(str, "read"), heard.append)
    tasks.write(partial(str, "written"), heard.append)
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert set(heard) == {"network", "read", "written"}
    assert not tasks.is_idle
    alone: list[object] = []
    tasks.write_alone(partial(str, "alone"), alone.append, failed=alone.append)
    gate.set()
    wait(qtbot, tasks)
    assert (heard[-1], alone) == ("end", ["alone"])
