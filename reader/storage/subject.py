"""What the subjects of a library share: papers, tags, notes and the like are each one class, over one database.

What a subject can do is declared once, where its SQL or its rules are. A method that changes the library is marked as
such where it is defined, by :func:`step` or another of the decorators here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from reader.domain.changes import Change
from reader.storage.writer import Writer

if TYPE_CHECKING:
    from reader.storage.store import LibraryStore

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
Own = TypeVar("Own", bound="Subject")
Method = TypeVar("Method", bound=Callable[..., Any])


class Subject:
    """One subject of a library: what can be asked and done about it."""

    def __init__(self, store: LibraryStore) -> None:
        """``store`` is the library's database, open, with all other subjects."""
        self._store = store

    @property
    def _writer(self) -> Writer:
        """What writes; to be used within a step only."""
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
        return self._store.read(_fetched, sql, parameters)


def changing(method: Method) -> Method:
    """Mark a method as one that changes the library; :func:`is_changing` tells."""
    method.__dict__["is_changing"] = True
    return method


def is_changing(method: object) -> bool:
    """Whether a method is marked as one that changes the library."""
    return getattr(method, "is_changing", False)


def step(method: Callable[Concatenate[Own, Given], str]) -> Callable[Concatenate[Own, Given], Change]:
    """A method that changes the library and returns the step's title; called, it is that step and returns the change.

    All of it happens or nothing. Within another step it is a part of that one.
    """

    @wraps(method)
    def run(self: Own, /, *given: Given.args, **named: Given.kwargs) -> Change:
        with self._store.step() as taken:
            taken.title = method(self, *given, **named)
        return taken.change

    run.__annotations__ = method.__annotations__ | {"return": Change}
    return changing(run)


def making_step(
    method: Callable[Concatenate[Own, Given], tuple[int, str]],
) -> Callable[Concatenate[Own, Given], tuple[int, Change]]:
    """Likewise for a method that makes something: it returns an id and the title, and called, the id and the change."""

    @wraps(method)
    def run(self: Own, /, *given: Given.args, **named: Given.kwargs) -> tuple[int, Change]:
        with self._store.step() as taken:
            made, taken.title = method(self, *given, **named)
        return made, taken.change

    run.__annotations__ = method.__annotations__ | {"return": tuple[int, Change]}
    return changing(run)


def _fetched(connection: sqlite3.Connection, sql: str, parameters: Sequence[Any] | dict[str, Any]) -> list[Any]:
    return connection.execute(sql, parameters).fetchall()
