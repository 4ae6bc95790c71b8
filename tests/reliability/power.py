"""Power cuts without pulling a plug: what SQLite writes is recorded, and images of a disk that lost some of it made.

The library's statements are recorded as they reach Python's driver and run once more through APSW on a VFS that notes
every write, truncation and sync (a VFS of APSW's own SQLite cannot be put under the standard library's). An image is
what a disk may hold if the power fails at some point of those notes: all that was synced by then, and of what was not,
any part, in any order, the last piece possibly torn.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
import pytest

from reader.domain.annotations import fold_tag

_SECTOR = 512
_READING = ("SELECT", "PRAGMA TABLE_INFO", "PRAGMA DATA_VERSION", "EXPLAIN")


@dataclass(frozen=True)
class Statement:
    """One call of the driver: a statement with its parameters, many sets of them, or a script."""

    sql: str
    rows: Sequence[Any] = ((),)
    is_script: bool = False


class RecordingConnection(sqlite3.Connection):
    """A connection that notes whatever is executed on it, through cursors or without."""

    log: list[Statement]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.log = []

    def cursor(self, factory: type[sqlite3.Cursor] | None = None) -> sqlite3.Cursor:
        return super().cursor(RecordingCursor)

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return self.cursor().execute(sql, parameters)

    def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
        return self.cursor().executemany(sql, rows)

    def executescript(self, sql: str, /) -> sqlite3.Cursor:
        return self.cursor().executescript(sql)

    def commit(self) -> None:
        if self.in_transaction:
            self.log.append(Statement("COMMIT"))
        super().commit()

    def rollback(self) -> None:
        if self.in_transaction:
            self.log.append(Statement("ROLLBACK"))
        super().rollback()


class RecordingCursor(sqlite3.Cursor):
    """A cursor that notes what it executes in its connection's log."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        self.connection.log.append(Statement(sql, (parameters,)))
        return super().execute(sql, parameters)

    def executemany(self, sql: str, rows: Any, /) -> sqlite3.Cursor:
        rows = list(rows)
        self.connection.log.append(Statement(sql, rows))
        return super().executemany(sql, rows)

    def executescript(self, sql: str, /) -> sqlite3.Cursor:
        self.connection.log.append(Statement(sql, is_script=True))
        return super().executescript(sql)


@contextmanager
def recording(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[RecordingConnection]]:
    """Note what the connections that are opened meanwhile are given to execute."""
    made: list[RecordingConnection] = []
    real = sqlite3.connect

    def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
        connection = real(*arguments, **named, factory=RecordingConnection)
        assert isinstance(connection, RecordingConnection)
        made.append(connection)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connect)
        yield made


@dataclass(frozen=True)
class Event:
    """Something that reached the disk's driver: a write, a truncation, a sync, or (``file`` empty) a mark of ours."""

    file: str
    kind: str
    offset: int = 0
    data: bytes = b""


class Disk(apsw.VFS):
    """A VFS that passes everything on and notes what changes files."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.events: list[Event] = []
        super().__init__(name, base="")

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(self, name, flags)

    def xDelete(self, name: str, sync_directory: bool) -> None:
        self.events.append(Event(Path(name).name, "delete"))
        super().xDelete(name, sync_directory)

    def mark(self, what: str) -> None:
        """Note something between the writes."""
        self.events.append(Event("", what))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path).name if path else "?"
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.events.append(Event(self._name, "write", offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        self._disk.events.append(Event(self._name, "truncate", size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._disk.events.append(Event(self._name, "sync"))


def replay(
    statements: Sequence[Statement],
    path: Path,
    disk: Disk,
    *,
    pragmas: Sequence[str] = (),
    committed: Callable[[apsw.Connection, int], None] = lambda connection, number: None,
) -> int:
    """Run statements once more on a recording disk, ``pragmas`` before the first transaction; commits are marked.

    Returns how many there were. A mark stands where the driver had told the library that its commit is done. Nothing
    else may have the file open meanwhile: two SQLites in one process release each other's locks; hence ``committed``.
    """
    connection = apsw.Connection(str(path), vfs=disk.name)
    connection.create_scalar_function("fold_name", lambda text: fold_tag(text or ""), 1, deterministic=True)
    commits = 0
    begun = False
    for statement in statements:
        if statement.sql.lstrip().upper().startswith(_READING):
            continue
        if not begun and statement.sql.upper().startswith("BEGIN"):
            begun = True
            for pragma in pragmas:
                connection.execute(pragma).fetchall()
        was_open = connection.in_transaction
        for row in statement.rows:
            connection.execute(statement.sql, row if row else None).fetchall()
        if was_open and not connection.in_transaction and statement.sql.upper().startswith(("COMMIT", "END")):
            commits += 1
            disk.mark(f"commit {commits}")
            committed(connection, commits)
    connection.close()
    return commits


@dataclass(frozen=True)
class Image:
    """The files that a cut left, and how many commits had been acknowledged by then."""

    files: dict[str, bytes]
    acknowledged: int


def cut(events: Sequence[Event], at: int, dice: random.Random) -> Image:
    """What a disk may hold if the power fails after so many events."""
    synced: dict[str, bytearray] = {}
    unsynced: dict[str, list[Event]] = {}
    acknowledged = 0
    for event in events[:at]:
        if not event.file:
            acknowledged += event.kind.startswith("commit")
        elif event.kind == "sync":
            content = synced.setdefault(event.file, bytearray())
            for earlier in unsynced.pop(event.file, ()):
                _apply(content, earlier)
        elif event.kind == "delete":
            synced.pop(event.file, None)
            unsynced.pop(event.file, None)
        else:
            unsynced.setdefault(event.file, []).append(event)
    for name, waiting in unsynced.items():
        content = synced.setdefault(name, bytearray())
        share = dice.choice([0.0, 0.5, 1.0])
        kept = [event for event in waiting if dice.random() < share]
        dice.shuffle(kept)
        for event in kept[:-1]:
            _apply(content, event)
        if kept:
            _apply(content, _torn(kept[-1], dice))
    return Image({name: bytes(content) for name, content in synced.items()}, acknowledged)


def _torn(event: Event, dice: random.Random) -> Event:
    """A write of which only the first sectors got through."""
    if event.kind != "write":
        return event
    return Event(event.file, "write", event.offset, event.data[: dice.randrange(0, len(event.data) + 1, _SECTOR)])


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.offset :]
        return
    end = event.offset + len(event.data)
    if len(content) < end:
        content.extend(b"\0" * (end - len(content)))
    content[event.offset : end] = event.data
