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
WARM_UP = ("j", "s", "u", "d", "u", "Shift+U", "u", "k", "s", "s")
"""Keys that make all that is made when first used, and leave nothing to redo."""


@dataclass
class Effort:
    """What was counted: the statements given to SQLite, and the functions that ran, on all threads.

    SQLite reports the parts of triggers under the text of the statement that fires them; they count as that statement.
    Functions are those with a name: comprehensions and lambdas belong to the function they stand in.
    """

    statements: list[str] = field(default_factory=list)
    functions: set[CodeType] = field(default_factory=set)
    is_counting: bool = False

    def note_statement(self, last: list[str], sql: str) -> None:
        if self.is_counting and last[:1] != [sql]:
            self.statements.append(sql)
        last[:] = [sql]

    def note_call(self, frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if self.is_counting and event == "call" and code.co_filename.startswith(PACKAGE) and code.co_name[0] != "<":
            self.functions.add(code)

    def names(self) -> str:
        return "\n".join(sorted(f"{code.co_filename.removeprefix(PACKAGE)} {code.co_name}" for code in self.functions))


@pytest.fixture
def effort(monkeypatch: pytest.MonkeyPatch) -> Iterator[Effort]:
    """Counts on every connection and every thread that is made from now on."""
    effort = Effort()
    connect = sqlite3.connect

    def connect_and_watch(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        last: list[str] = []
        connection.set_trace_callback(lambda sql: effort.note_statement(last, sql))
        return connection

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
    """Press a key in a window that is warm; what that took."""
    window = open_window(folder)

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
    ("keys", "statements", "functions"),
    [
        pytest.param("s", 64, 330, id="a star"),
        pytest.param("d", 75, 370, id="a dismissal"),
        pytest.param("s u", 84, 360, id="an undo"),
    ],
)
def test_a_key_costs_no_more(press: Callable[[str], Effort], keys: str, statements: int, functions: int) -> None:
    for key in keys.split():
        effort = press(key)
    assert len(effort.statements) <= statements, "\n".join(effort.statements)
    assert len(effort.functions) <= functions, effort.names()
