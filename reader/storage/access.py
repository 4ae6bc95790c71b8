"""An open database: queries that see one state of it, and mutations as steps; the base of the store."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from reader.domain.errors import LibraryError
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.storage.errors import library_errors
from reader.storage.journal.journal import Journal, OperationHandle, Step
from reader.storage.journal.news import NewsFeed
from reader.storage.library_file import OpenLibrary, open_library
from reader.storage.writer import Clock, Writer, iso_time

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class Access:
    """A library's connections, through which everything is read and written."""

    def __init__(
        self,
        path: Path,
        clock: Clock,
        *,
        read_only: bool,
        program: str,
        before_writing: Callable[[], None] | None = None,
    ) -> None:
        """Open a library's database as :func:`~reader.storage.library_file.open_library` does.

        A library opened ``read_only`` is opened for writing at the first mutation, after a call of ``before_writing``,
        if that is given. ``program`` is the name under which other processes see the writer.
        """
        self.path = path
        self._clock = clock
        self.program, self._origin = program, secrets.token_hex(4)
        self._before_writing = before_writing
        self._opening = threading.Lock()
        self.reopen(read_only=read_only)

    def reopen(self, *, read_only: bool = False) -> None:
        """Open the file, also again after :meth:`close` if another took its place; this object stays valid."""
        with library_errors(self.path):
            opened = open_library(self.path, self._clock(), read_only=read_only)
        self._readers = opened.readers
        self.migration_backup: Path | None = opened.backup
        """The backup made before this opening updated the schema; None if it did not."""
        self._writing = self._make_journal(opened)
        self.news = NewsFeed(self.read, self.rows, self._origin)
        """Changes made by other processes."""

    def clock(self) -> datetime:
        """The present moment."""
        return self._clock()

    def now(self) -> str:
        """The present moment in the library's form."""
        return iso_time(self._clock())

    def today(self) -> date:
        """The present day in the user's time zone."""
        return self._clock().astimezone().date()

    def close(self) -> None:
        """Close all connections; no other thread may be using them."""
        self._readers.close()
        if self._writing is not None:
            self._writing.writer.db.close()

    def release_thread(self) -> None:
        """Close this thread's reading connection; call it before a thread ends."""
        self._readers.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    @property
    def is_writing(self) -> bool:
        """Whether the library is open for writing as well."""
        return self._writing is not None

    @property
    def _journal(self) -> Journal:
        """The journal; raises :class:`LibraryError` in a library opened for reading only."""
        self._readers.require_open()
        with self._opening:
            if self._writing is None and self._before_writing is not None:
                self._before_writing()
                with library_errors(self.path):
                    self._writing = self._make_journal(open_library(self.path, self._clock()))
        if self._writing is None:
            raise LibraryError("This library is open for reading only.")
        return self._writing

    def _make_journal(self, opened: OpenLibrary) -> Journal | None:
        if opened.writer is None:
            return None
        return Journal(opened.writer, self._clock, self.path, self._origin, self.program)

    @property
    def writer(self) -> Writer:
        """The writer inside a step; raises :class:`LibraryError` in a library opened for reading only."""
        return self._journal.writer

    @contextmanager
    def step(self, title: StepTitle = UNTITLED, kind: str = "edit", *, merge_key: str | None = None) -> Iterator[Step]:
        """One step in one transaction, or a part of the step inside which it is called.

        The block may set its ``title``; afterwards ``change`` is known. Kind :data:`AUTOMATIC` makes no step. With a
        ``merge_key`` the changes join the last step if that has the same key.
        """
        with self._journal.step(OperationHandle(kind=kind, merge_key=merge_key), title) as taken:
            yield taken

    def unrecorded(self, *, alone: bool = False) -> AbstractContextManager[Writer]:
        """A transaction whose changes belong to no step, for instance of derived tables.

        One that has to be ``alone`` is refused inside another.
        """
        return self._journal.unrecorded(alone=alone)

    def rows(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """The rows of one SELECT, which sees one state of the library without a transaction around it."""
        if self._writing is not None and self._writing.is_open_here():
            return self._writing.writer.execute(sql, parameters).fetchall()
        with library_errors(self.path):
            return self._readers.get().execute(sql, parameters).fetchall()

    def read(
        self,
        query: Callable[Concatenate[sqlite3.Connection, Given], Answer],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Answer:
        """Answer a query from one state of the library: what this thread is writing, otherwise what is committed."""
        if self._writing is not None and self._writing.is_open_here():
            return query(self._writing.writer.db.conn, *given, **named)
        with library_errors(self.path):
            connection = self._readers.get()
            connection.execute("BEGIN")
            try:
                return query(connection, *given, **named)
            finally:
                connection.rollback()
