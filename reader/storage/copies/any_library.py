"""Reading what can be read of a library's database: of any released schema, even a damaged one, paper by paper.

Migrations add tables and columns. Where a database lacks them, temporary views stand in, under the names of the tables:
SQLite looks for a name among temporary things first. A damaged or old database is read where it lies and never changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from sqlite_utils import Database

from reader.domain.batches import batches
from reader.domain.transfer import TransferItem, TransferPaper
from reader.storage.connection import open_reader
from reader.storage.copies.transfer import transfer_items, transfer_papers
from reader.storage.errors import library_errors
from reader.storage.migration import check_schema
from reader.storage.migrations import STEPS
from reader.storage.sources import listed_sources

_BATCH = 200
_MOST_IDS = 2_000_000
"""Ids tried where not even the list of papers can be read."""
_UNREADABLE = (sqlite3.Error, ValueError, TypeError)
"""What a damaged row raises: SQLite's errors, texts that are not UTF-8 or not JSON, and NULL where a text should be."""
_UNKNOWN = {("seen", "imported"): "NULL"}
"""Columns whose default would say something that an older database does not; the reader of the values knows better."""


class LibraryReader:
    """A library's database that is read as values; :func:`open_any_library` makes these."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def listed_sources(self) -> frozenset[str]:
        """The files that its listings name."""
        return listed_sources(self._connection)

    def items(self) -> list[TransferItem] | None:
        """Listings, tags, labels, searches and rules; None where they cannot be read."""
        try:
            return transfer_items(self._connection, None)
        except _UNREADABLE:
            return None

    def paper_ids(self) -> Sequence[int]:
        """The papers' ids; where they cannot be listed, all that there may be."""
        try:
            return [row[0] for row in self._connection.execute("SELECT id FROM papers ORDER BY id")]
        except sqlite3.Error:
            return range(1, min(_MOST_IDS, self._last_id()) + 1)

    def _last_id(self) -> int:
        """The greatest id that a paper ever had; 0 where that cannot be read either."""
        with suppress(sqlite3.Error):
            for (last,) in self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'papers'"):
                return int(last)
        return 0

    def papers(self, ids: Sequence[int]) -> Iterator[tuple[int, TransferPaper]]:
        """The papers that can be read, with their ids; one by one only where some cannot."""
        for batch in batches(ids, _BATCH):
            found = self._read(batch)
            if len(found) < len(batch):
                found = [paper for paper_id in batch for paper in self._read([paper_id])]
            yield from found

    def _read(self, ids: Sequence[int]) -> list[tuple[int, TransferPaper]]:
        """Papers with their ids; none where one of them cannot be read or is not there."""
        try:
            return list(zip(ids, transfer_papers(self._connection, ids), strict=True))
        except _UNREADABLE:
            return []


@contextmanager
def open_any_library(path: Path) -> Iterator[LibraryReader]:
    """A library's database for reading; raises :class:`~reader.domain.errors.LibraryError` if it cannot be opened."""
    with ExitStack() as stack:
        with library_errors(path):
            connection = stack.enter_context(closing(open_reader(path, for_copying=True)))
            check_schema(connection, path, STEPS)
            _stand_in(connection)
            connection.execute("PRAGMA query_only=ON")
        yield LibraryReader(connection)


def _stand_in(connection: sqlite3.Connection) -> None:
    """Make temporary views for what a database lacks of the present schema: empty tables, columns of defaults."""
    for table, columns in _present_schema().items():
        present = {row[1] for row in connection.execute(f'PRAGMA main.table_info("{table}")')}
        missing = {name: _UNKNOWN.get((table, name), usual) for name, usual in columns.items() if name not in present}
        if missing:
            added = ", ".join(f'{value} AS "{name}"' for name, value in missing.items())
            rows = f'*, {added} FROM main."{table}"' if present else f"{added} WHERE false"
            connection.execute(f'CREATE TEMP VIEW "{table}" AS SELECT {rows}')


@cache
def _present_schema() -> dict[str, dict[str, str]]:
    """Every table's columns, each with the SQL of its default."""
    with closing(Database(memory=True)) as db:
        STEPS.apply(db)
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return {
            table: {row[1]: row[4] or "NULL" for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()}
            for table in tables
            if not table.startswith("sqlite_")
        }
