"""Shared parts of the modules that change the library: the connection, the clock, and sets of ids in SQL."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlite_utils import Database

from reader.domain.errors import ReaderError

_UNSTORABLE = "It contains invalid Unicode, or a number that is too large; correct it and try again."

Clock = Callable[[], datetime]


def iso_time(moment: datetime) -> str:
    """A moment in the library's form: ISO 8601 in UTC, to the second, ending in ``Z``, so that texts sort as times do.

    A moment without time zone counts as UTC.
    """
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_time_after(moment: datetime, seconds: float) -> str:
    """The first full second at which so many ``seconds`` are over."""
    return iso_time(moment + timedelta(seconds=seconds, microseconds=999_999))


def id_list(ids: Iterable[int]) -> str:
    """Ids as one SQL parameter, for ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps(list(ids), separators=(",", ":"))


def text_list(texts: Iterable[str]) -> str:
    """Texts as one SQL parameter, for ``IN (SELECT value FROM json_each(?))``."""
    return json.dumps(list(texts), ensure_ascii=False)


_LONGEST_NAME = 300
_FEW = 20


@cache
def _insert(conflict: str, table: str, columns: tuple[str, ...]) -> str:
    """The statement that inserts a row."""
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT {conflict} INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"


@dataclass(frozen=True, slots=True)
class Writer:
    """The writing connection within a transaction, and the clock. Only the journal creates one."""

    db: Database
    clock: Clock
    origin: str
    """The name of this process in the news, by which it recognises its own changes."""

    @property
    def now(self) -> str:
        """The present moment in the library's form."""
        return iso_time(self.clock())

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        """Execute one statement; raises :class:`ReaderError` for a text or number that SQLite cannot store."""
        try:
            return self.db.conn.execute(sql, parameters)
        except (UnicodeEncodeError, OverflowError) as error:
            raise ReaderError(_UNSTORABLE) from error

    def touch(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> set[int]:
        """Execute one statement that changes rows of papers; the papers' ids. Raises as :meth:`execute` does."""
        return {row[0] for row in self.execute(f"{sql} RETURNING paper_id", parameters).fetchall()}

    def name_papers(self, ids: Collection[int]) -> str | int:
        """One paper by its title, or the number of papers, for a step's title."""
        if len(ids) != 1:
            return len(ids)
        row = self.execute("SELECT title FROM papers WHERE id = ?", tuple(ids)).fetchone()
        return " ".join(row[0][:_LONGEST_NAME].split())

    def insert(self, table: str, row: Mapping[str, Any], *, conflict: str = "") -> int:
        """Insert a row given by column; its id. Raises as :meth:`execute` does.

        ``conflict`` tells SQL what to do about a row with the same key: with ``OR IGNORE`` that row stays, and the id
        means nothing.
        """
        return self.execute(_insert(conflict, table, tuple(row)), tuple(row.values())).lastrowid or 0

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> int:
        """Execute one statement for many rows; the number of rows changed. Raises as :meth:`execute` does."""
        try:
            return self.db.conn.executemany(sql, rows).rowcount
        except (UnicodeEncodeError, OverflowError) as error:
            raise ReaderError(_UNSTORABLE) from error

    def give(self, ids: Iterable[int]) -> int:
        """Fill the temporary table ``given`` with exactly those ids that are papers; their number."""
        self.execute("DELETE FROM given")
        papers = "SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return self.execute(f"INSERT INTO given {papers}", (id_list(ids),)).rowcount

    def given(self, ids: Collection[int]) -> tuple[str, dict[str, str]]:
        """A table of exactly those ids that are papers, to stand in SQL as ``FROM {given} AS given``; its parameters.

        For few it is a subquery, which takes no statement of its own; else :meth:`give` fills one.
        """
        if len(ids) <= _FEW:
            return "(SELECT id FROM papers WHERE id IN (SELECT value FROM json_each(:ids)))", {"ids": id_list(ids)}
        self.give(ids)
        return "given", {}
