"""Migrations killed at each of their statements leave the old library or the new one; newer ones are not touched."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from reader.domain.errors import LibraryError
from reader.services import Library
from reader.services.process.ownership import claim_or_hand_over
from reader.storage.migrations import STEPS
from tests.reliability.figures import record
from tests.storage.test_migrating import FIXTURES, load, steps_up_to

ROOT = Path(__file__).parents[2]
BEGINNINGS = ["nothing", *(script.stem for script in FIXTURES), *range(1, len(STEPS._migrations))]
"""From no library at all, from every fixture of a released schema, and from every step on the way to the present."""


def make_old(beginning: str | int, path: Path) -> Path:
    """A library of a former schema with something in it."""
    if beginning == "nothing":
        path.touch()
        return path
    load(next((script for script in FIXTURES if script.stem == beginning), FIXTURES[0]), path)
    if isinstance(beginning, int):
        # The steps alone: the journal's triggers are made for the tables of the present.
        with closing(sqlite3.connect(path)) as connection:
            steps_up_to(beginning).apply(Database(connection))
    return path


def kill_through(folder: Path, beginning: str | int, every: int) -> dict[str, int]:
    """What killing at every so manieth statement left."""
    original = make_old(beginning, folder / "original.db")
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.migrator", str(folder), str(original), str(every)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    assert found["kills"] > 5
    assert (found["between"], found["unsound backups"], found["wrong"]) == (0, 0, 0)
    return found


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a Unix matter")
@pytest.mark.parametrize("beginning", BEGINNINGS, ids=str)
def test_migrations_killed_here_and_there(tmp_path: Path, beginning: str | int) -> None:
    found = kill_through(tmp_path, beginning, 15)
    assert found["old"] > 0


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.skipif(os.name == "nt", reason="kill -9 is a Unix matter")
def test_migrations_killed_at_every_statement(tmp_path: Path) -> None:
    kills = 0
    for beginning in BEGINNINGS:
        (tmp_path / str(beginning)).mkdir()
        found = kill_through(tmp_path / str(beginning), beginning, 1)
        assert found["kills"] == found["statements"]
        assert found["old"]
        assert found["new"]
        kills += found["kills"]
    record(
        "migrations", f"killed at each of {kills:,} statements from {len(BEGINNINGS)} schemas: old or new, 0 between"
    )


def files_of(folder: Path) -> dict[str, bytes]:
    """The bytes of a library's files; reading may leave SQLite's shared memory and an empty log, and a lock is one."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix not in {".db-shm", ".lock"}}
    return {name: content for name, content in files.items() if content or not name.endswith("-wal")}


def test_a_newer_library_is_not_touched(tmp_path: Path) -> None:
    """Neither by a window, nor by the command line, nor by reading it."""
    folder = tmp_path / "library"
    Library(folder).close()
    with closing(sqlite3.connect(folder / "library.db")) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('lectern', '9000_future', '')"
        )
    before = files_of(folder)
    with pytest.raises(LibraryError, match="newer Lectern"):
        Library(folder)
    owner = claim_or_hand_over(folder)
    assert owner is not None
    with owner, pytest.raises(LibraryError, match="newer Lectern"):
        Library(folder)
    done = subprocess.run(
        [sys.executable, "main.py", "--library", str(folder), "papers"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "newer Lectern" in done.stderr
    assert files_of(folder) == before
    record("migrations", "1 newer library refused, 0 bytes of it changed")
