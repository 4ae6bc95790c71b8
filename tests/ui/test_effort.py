"""What one key costs: the SQL statements and the functions of ``reader`` that run until everything is shown."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

import reader
from reader.ui.commands.key_chords import parse_chord
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import key_events

PACKAGE = str(Path(reader.__file__).parent)
ROUNDS = 3
WARM_UP = ("j", "s", "u", "d", "u", "Shift+U", "u", "k", "s", "s")
"""Keys that make all that is made when first used, and leave nothing to redo."""


@dataclass
class Effort:
    """What was counted: the statements given to SQLite, and the functions that ran, on all threads.

    SQLite reports the parts of triggers right after the statement that fires them, and under its text; they count as
    that statement.
    Functions are those with a name: comprehensions and lambdas belong to the function they stand in.
    """

    statements: list[str] = field(default_factory=list)
    functions: set[CodeType] = field(default_factory=set)
    is_counting: bool = False

    def note_call(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if self.is_counting and event == "call" and code.co_filename.startswith(PACKAGE) and code.co_name[0] != "<":
            self.functions.add(code)

    def names(self) -> str:
        return "\n".join(sorted(f"{code.co_filename.removeprefix(PACKAGE)} {code.co_name}" for code in self.functions))


class Watched(sqlite3.Connection):
    """A connection whose statements are counted."""

    effort: Effort
    last = ""

    def watch(self, effort: Effort) -> sqlite3.Connection:
        self.effort = effort
        self.set_trace_callback(self._note)
        return self

    def execute(self, *given: Any) -> sqlite3.Cursor:
        self.last = ""
        return super().execute(*given)

    def _note(self, sql: str) -> None:
        if sql != self.last and self.effort.is_counting:
            self.effort.statements.append(sql)
        self.last = sql


@pytest.fixture
def effort(monkeypatch: pytest.MonkeyPatch) -> Iterator[Effort]:
    """Counts on every connection and every thread that is made from now on."""
    effort = Effort()
    connect = sqlite3.connect

    def connect_and_watch(*given: Any, **named: Any) -> sqlite3.Connection:
        return connect(*given, factory=Watched, **named).watch(effort)

    monkeypatch.setattr(sqlite3, "connect", connect_and_watch)
    before = sys.getprofile()
    threading.setprofile(effort.note_call)
    sys.setprofile(effort.note_call)
    yield effort
    sys.setprofile(before)
    threading.setprofile(before)


@contextmanager
def counting(effort: Effort) -> Iterator[None]:
    effort.statements.clear()
    effort.functions.clear()
    effort.is_counting = True
    yield
    effort.is_counting = False


@pytest.fixture
def press(effort: Effort, open_window: WindowMaker, folder: Path) -> Callable[[str], Effort]:
    """Press a key in a window that is warm; what that took.

    What the window does whether or not a key is pressed is left out: nobody else writes, and the index learns later.
    """
    window = open_window(folder)
    window.news.close()
    window.indexing.hold()

    def strike(chord: str) -> None:
        for key in parse_chord(chord):
            events = key_events(key)
            with counting(effort):
                for event in events:
                    QApplication.sendEvent(QApplication.focusWidget() or window, event)
                settle(window)

    for chord in WARM_UP:
        strike(chord)

    def press(chord: str) -> Effort:
        strike(chord)
        return effort

    return press


@pytest.mark.parametrize(
    ("before", "key", "after", "statements", "functions"),
    [
        pytest.param("", "s", "s", 15, 220, id="a star"),
        pytest.param("", "d", "", 30, 345, id="a dismissal"),
        pytest.param("s", "u", "", 45, 260, id="an undo"),
    ],
)
def test_a_key_costs_no_more(
    press: Callable[[str], Effort], before: str, key: str, after: str, statements: int, functions: int
) -> None:
    """The least of some rounds: what waits for quiet, as looking for duplicates does, may come with any key."""
    found: list[tuple[int, int]] = []
    for _ in range(ROUNDS):
        for each in before.split():
            press(each)
        effort = press(key)
        found.append((len(effort.statements), len(effort.functions)))
        report = "\n".join(effort.statements), effort.names()
        for each in after.split():
            press(each)
    assert min(found)[0] <= statements, report[0]
    assert min(count for _, count in found) <= functions, report[1]
