"""Power cuts without pulling a plug: what SQLite writes is recorded, and images of a disk that lost some of it made.

The library's statements are recorded as they reach Python's driver and run once more through APSW on a VFS that notes
every write, truncation and sync (a VFS of APSW's own SQLite cannot be put under the standard library's). An image is
what a disk may hold if the power fails at some point of those notes: all that was synced by then, and of what was not,
any part, in any order, the last piece possibly torn.
"""

from __future__ import annotations

import os
import random
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
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

    log: list[Statement | Event]

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
    """Something that reached the disk's driver: a write, a truncation, a sync, or (``file`` empty) a mark of ours.

    Of files that are not SQLite's also that a file is renamed (to ``data``) or unlinked, and the sync of a folder.
    """

    file: str
    kind: str
    offset: int = 0
    data: bytes = b""


class OtherFiles:
    """Notes what this process does to the files in a folder, through :mod:`reader.files`, for as long as it lives."""

    def __init__(self, folder: Path, note: Callable[[Event], object]) -> None:
        self._folder, self._note = folder, note
        self._flush = os.fsync
        os.fsync = self._sync  # type: ignore[assignment]
        sys.addaudithook(self._hear)

    def _sync(self, descriptor: int) -> None:
        self._flush(descriptor)
        path = next(
            (path for path in self._folder.rglob("*") if os.path.samestat(path.stat(), os.fstat(descriptor))), None
        )
        if path is not None and path.is_dir():
            self._note(Event(self._name(path), "sync folder"))
        elif path is not None:
            self._note(Event(self._name(path), "write", 0, path.read_bytes()))
            self._note(Event(self._name(path), "sync"))

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if event not in {"os.rename", "os.remove", "open"} or not str(given[0]).startswith(f"{self._folder}{os.sep}"):
            return
        path = Path(os.fsdecode(given[0]))
        if event == "open":
            is_written = bool((given[2] or 0) & (os.O_WRONLY | os.O_RDWR))
            assert not is_written or path.name.startswith("."), f"{path} is written in its place"
        elif event == "os.rename":
            self._note(Event(self._name(path), "rename", data=self._name(Path(os.fsdecode(given[1]))).encode()))
        else:
            self._note(Event(self._name(path), "unlink"))

    def _name(self, path: Path) -> str:
        return path.relative_to(self._folder.parent).as_posix()


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
    statements: Sequence[Statement | Event],
    path: Path,
    disk: Disk,
    *,
    pragmas: Sequence[str] = (),
    committed: Callable[[apsw.Connection, int], None] = lambda connection, number: None,
) -> int:
    """Run statements once more on a recording disk, ``pragmas`` before the first transaction; commits are marked.

    Events of other files are noted where they stand. Returns how many commits there were. A mark stands where the
    driver had told the library that its commit is done. Nothing else may have the file open meanwhile: two SQLites in
    one process release each other's locks; hence ``committed``.
    """
    connection = apsw.Connection(str(path), vfs=disk.name)
    connection.create_scalar_function("fold_name", lambda text: fold_tag(text or ""), 1, deterministic=True)
    commits = 0
    begun = False
    for statement in statements:
        if isinstance(statement, Event):
            disk.events.append(statement)
            continue
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


class _Content:
    """What of a file is on the disk, and what was written since."""

    def __init__(self, synced: bytes = b"") -> None:
        self.synced, self.waiting = bytearray(synced), list[Event]()

    def sync(self) -> None:
        for event in self.waiting:
            _apply(self.synced, event)
        self.waiting.clear()

    def left(self, dice: random.Random) -> bytes:
        """What a cut leaves: of what waits any part, in any order, the last piece possibly torn."""
        content, share = bytearray(self.synced), dice.choice([0.0, 0.5, 1.0])
        kept = [event for event in self.waiting if dice.random() < share]
        dice.shuffle(kept)
        for event in kept[:-1]:
            _apply(content, event)
        if kept:
            _apply(content, _torn(kept[-1], dice))
        return bytes(content)


def cut(events: Sequence[Event], at: int, dice: random.Random, before: Mapping[str, bytes] | None = None) -> Image:
    """What a disk that had the files ``before`` may hold if the power fails after so many events.

    SQLite syncs the folder itself when it deletes a file. Other files' names wait for a sync of their folder: of those
    that wait, a disk has the first ones, however many.
    """
    named = {name: _Content(data) for name, data in (before or {}).items()}
    on_disk, waiting = dict(named), list[tuple[Event, _Content]]()
    acknowledged = 0
    for event in events[:at]:
        if not event.file:
            acknowledged += event.kind.startswith("commit")
        elif event.kind == "sync":
            named.setdefault(event.file, on_disk.setdefault(event.file, _Content())).sync()
        elif event.kind == "sync folder":
            for change in [each for each in waiting if each[0].file.rpartition("/")[0] == event.file]:
                waiting.remove(change)
                _rename(on_disk, *change)
        elif event.kind in {"rename", "unlink"}:
            waiting.append((event, named[event.file]))
            _rename(named, *waiting[-1])
        elif event.kind == "delete":
            named.pop(event.file, None)
            on_disk.pop(event.file, None)
        else:
            named.setdefault(event.file, on_disk.setdefault(event.file, _Content())).waiting.append(event)
    for change in waiting[: dice.randint(0, len(waiting))]:
        _rename(on_disk, *change)
    return Image({name: content.left(dice) for name, content in on_disk.items()}, acknowledged)


def _rename(files: dict[str, _Content], change: Event, content: _Content) -> None:
    """Give a file the name that is the change's data, or none."""
    files.pop(change.file, None)
    if change.kind == "rename":
        files[change.data.decode()] = content


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
