"""Shared base of a library's subjects: papers, tags, notes and so on are one class each, over one database.

Each thing that a subject can do is declared once, beside its SQL or its rules. A method that changes the library is
marked where it is defined, by :func:`step` or another decorator of this module.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from reader.domain.changes import Change
from reader.domain.step_titles import StepTitle
from reader.storage.writer import Writer

if TYPE_CHECKING:
    from reader.storage.store import LibraryStore

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Own = TypeVar("Own", bound="Subject")
Method = TypeVar("Method", bound=Callable[..., Any])


class Subject:
    """One subject of a library: the questions and changes that concern it."""

    def __init__(self, store: LibraryStore) -> None:
        """``store`` is the library's open database, shared with all other subjects."""
        self._store = store

    @property
    def _writer(self) -> Writer:
        """The writer; use it only inside a step."""
        return self._store.writer

    def _read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Answer],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Answer:
        """Answer a query from one state of the library."""
        return self._store.read(query, *given, **named)

    def _rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """The rows of one SELECT."""
        return self._store.rows(sql, parameters)


def changing(method: Method) -> Method:
    """Mark a method as one that changes the library, as a test checks for all that return a change."""
    method.__dict__["is_changing"] = True
    return method


def is_changing(method: object) -> bool:
    """Whether a method is marked as one that changes the library."""
    return getattr(method, "is_changing", False)


def step(method: Callable[Concatenate[Own, Given], StepTitle]) -> Callable[Concatenate[Own, Given], Change]:
    """Make a method that changes the library and returns a title into a step, which returns the change.

    All of it happens or nothing. Inside another step it is a part of that step.
    """

    @wraps(method)
    def run(self: Own, /, *given: Given.args, **named: Given.kwargs) -> Change:
        with self._store.step() as taken:
            taken.title = method(self, *given, **named)
        return taken.change

    run.__annotations__ = method.__annotations__ | {"return": Change}
    return changing(run)


def making_step(
    method: Callable[Concatenate[Own, Given], tuple[int, StepTitle]],
) -> Callable[Concatenate[Own, Given], tuple[int, Change]]:
    """The same for a method that creates something: its id and title become its id and the change."""

    @wraps(method)
    def run(self: Own, /, *given: Given.args, **named: Given.kwargs) -> tuple[int, Change]:
        with self._store.step() as taken:
            made, taken.title = method(self, *given, **named)
        return made, taken.change

    run.__annotations__ = method.__annotations__ | {"return": tuple[int, Change]}
    return changing(run)
