"""Bring a library up to date and be killed at each of the statements that this takes, one after the other.

A process of its own, because it forks for each: ``python -m tests.reliability.migrator FOLDER LIBRARY.db EVERY``.
Prints what it found as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from reader.storage.copies.soundness import check_library_file
from reader.storage.store import LibraryStore
from tests.storage.support import TickingClock

State = tuple[Any, ...]


def counted(path: Path, at_statement: Callable[[int], None]) -> int:
    """Open and close a library, calling back before each statement on any connection; how many there were."""
    count = 0
    real = sqlite3.connect

    def traced(_: str) -> None:
        nonlocal count
        count += 1
        at_statement(count)

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*arguments, **named)
        connection.set_trace_callback(traced)
        return connection

    sqlite3.connect = connect  # type: ignore[assignment]
    try:
        LibraryStore(path, clock=TickingClock()).close()
    finally:
        sqlite3.connect = real
    return count


def killed_at(path: Path, number: int) -> bool:
    """Do the same in a child that is killed before its statement ``number``; whether it came to that."""
    child = os.fork()
    if child == 0:
        counted(path, lambda count: os.kill(os.getpid(), signal.SIGKILL) if count == number else None)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def state_of(path: Path) -> State:
    """All that a database defines and holds, but for the time at which a migration was applied."""
    if path.stat().st_size == 0:
        return ()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        defined = sorted(connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall())
        rows = []
        for kind, name, _ in defined:
            if kind == "table":
                columns = "migration_set, name" if name == "_sqlite_migrations" else "*"
                rows.append((name, sorted(connection.execute(f'SELECT {columns} FROM "{name}"').fetchall(), key=repr)))
        return (*defined, *rows)


def fresh(folder: Path, original: Path) -> Path:
    """A copy of the library to be migrated, in an otherwise empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(original, folder / "library.db")
    return folder / "library.db"


def main(folder: Path, original: Path, every: int) -> None:
    """Kill at every ``every``-th statement."""
    path = fresh(folder / "whole", original)
    old = state_of(path)
    statements = counted(path, lambda _: None)
    new = state_of(path)
    assert counted(path, lambda _: None) < statements
    found = {"statements": statements, "old": 0, "new": 0, "between": 0, "kills": 0, "unsound backups": 0, "wrong": 0}
    for number in range(1, statements + 1, every):
        path = fresh(folder / "killed", original)
        assert killed_at(path, number)
        found["kills"] += 1
        for backup in (path.parent / "backups").glob("*.db"):
            try:
                check_library_file(backup)
            except Exception:
                found["unsound backups"] += 1
        state = state_of(path)
        found["old" if state in (old, ()) else "new" if state == new else "between"] += 1
        LibraryStore(path, clock=TickingClock()).close()
        found["wrong"] += state_of(path) != new
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
