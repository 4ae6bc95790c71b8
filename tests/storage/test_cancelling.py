"""Long statements can be given up, and that says nothing about the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reader.domain.errors import LibraryDamagedError, WorkCancelledError
from reader.storage.cancellation import cancellable
from reader.storage.errors import library_errors

_FOR_EVER = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers) SELECT max(n) FROM numbers"


def test_a_statement_without_end_is_given_up(tmp_path: Path) -> None:
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with closing(sqlite3.connect(":memory:")) as connection:
        with (
            pytest.raises(WorkCancelledError) as caught,
            library_errors(tmp_path),
            cancellable(connection, cancelled),
        ):
            connection.execute(_FOR_EVER).fetchone()
        assert not isinstance(caught.value, LibraryDamagedError)
        assert asked == 4
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_other_errors_stay_what_they_are() -> None:
    with (
        closing(sqlite3.connect(":memory:")) as connection,
        pytest.raises(sqlite3.OperationalError),
        cancellable(connection, lambda: False),
    ):
        connection.execute("SELECT * FROM nothing")
