"""Opening of the database: one connection that writes, and one per thread for reading.

These settings give durability: WAL with ``synchronous=FULL`` loses no acknowledged commit in a power cut. Connections
are in the driver's autocommit mode, so that Lectern itself begins every transaction.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import weakref
from pathlib import Path

from sqlite_utils import Database

from reader.domain.annotations import fold_tag
from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.storage.sync_uids import stored_uid

SQLITE_VERSION = sqlite3.sqlite_version
APPLICATION_ID = 0x4C454354
"""``LECT`` in the database's header, which tells a library from any other SQLite file."""
_MINIMUM_SQLITE = (3, 38, 0)
_BUSY_TIMEOUT = 10.0
_STATEMENTS = 512
_KEPT_WAL = 64 << 20
_CACHE_KIB = 32 << 10
_READER_CACHE_KIB = 4 << 10
"""A cache instead of a memory map, so that a file truncated by another program gives an error, not a crash."""
_CHECKPOINT_PAGES = 10_000
"""Rare checkpoints make an import of many small files three times as fast: each touches the same index pages."""


def check_sqlite_version() -> None:
    """Raise :class:`LibraryError` if Python's SQLite is too old (STRICT tables, JSON functions, RETURNING)."""
    if sqlite3.sqlite_version_info < _MINIMUM_SQLITE:
        needed = ".".join(map(str, _MINIMUM_SQLITE))
        raise LibraryError(f"Lectern needs SQLite {needed}; this Python has {sqlite3.sqlite_version}. Update Python.")


def open_writer(path: Path) -> Database:
    """The one connection that writes, to an existing file. Any thread may use it, one at a time.

    It fails at once, not at the first write, if the file cannot be written to. Temporary files stay on disk: if a
    savepoint's journal is kept in memory, SQLite walks through it from the beginning at each statement.
    """
    connection = _connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        connection.execute(f"PRAGMA journal_size_limit={_KEPT_WAL}")
        connection.execute("CREATE TEMP TABLE given (id INTEGER PRIMARY KEY)")
        # A trial transaction: it fails if the file is read-only or locked.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        return Database(connection, recursive_triggers=True, execute_plugins=False)
    except BaseException:
        connection.close()
        raise


def open_reader(path: Path, *, for_copying: bool = False) -> sqlite3.Connection:
    """A connection that cannot write; with ``for_copying`` it can still make another file with ``VACUUM INTO``."""
    connection = _connect(path, "ro")
    try:
        if not for_copying:
            connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{_READER_CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def open_plain(path: Path) -> sqlite3.Connection:
    """A connection to an existing, writable file, with SQLite's default settings."""
    return _connect(path, "rw")


def create_database_file(path: Path) -> bool:
    """Create an empty database file and its folder, both private to the user; True if it was missing.

    SQLite gives the files beside it (``-wal``, ``-shm``) the same permissions.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands in its place")
    if path.exists():
        return False
    if not path.parent.exists():
        path.parent.mkdir(parents=True)
        path.parent.chmod(0o700)
    create_private_file(path)
    return True


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600 whatever the umask; raises :class:`FileExistsError` if it exists."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


class ReaderConnections:
    """One reading connection per thread, opened at its first use, closed with the thread or with all others."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: set[sqlite3.Connection] = set()
        self._closed = False

    def get(self) -> sqlite3.Connection:
        """This thread's connection; raises :class:`LibraryError` once closed."""
        self.require_open()
        own: _OwnConnection | None = getattr(self._local, "own", None)
        if own is None:
            own = _OwnConnection(open_reader(self._path))
            with self._lock:
                self._open.add(own.connection)
            weakref.finalize(own, _close, self._open, self._lock, own.connection)
            self._local.own = own
        return own.connection

    def require_open(self) -> None:
        """Raise :class:`LibraryError` once closed."""
        if self._closed:
            raise LibraryError("The library is closed.")

    def release(self) -> None:
        """Close this thread's connection, if it has one."""
        self._local.__dict__.pop("own", None)

    def close(self) -> None:
        """Close the connections of all threads; none may be in use."""
        self._closed = True
        for connection in tuple(self._open):
            _close(self._open, self._lock, connection)


def _close(opened: set[sqlite3.Connection], lock: threading.Lock, connection: sqlite3.Connection) -> None:
    """Close one connection. Not a method: a finalizer keeps what it calls alive, and that would be every connection."""
    with lock:
        opened.discard(connection)
    connection.close()


class _OwnConnection:
    """A thread's own connection, which is closed when the thread ends and this object is collected."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit mode to an existing file.

    Raises :class:`LibraryDamagedError` for an empty file beside a log: SQLite would delete the log, even when only
    reading.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size > 0 and path.exists() and path.stat().st_size == 0:
        raise LibraryDamagedError(f"The library {path} is damaged: only its log is left. Restore a backup.")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_TIMEOUT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    connection.create_function("fold_name", 1, lambda text: fold_tag(text or ""), deterministic=True)
    connection.create_function("stored_uid", 1, stored_uid, deterministic=True)
    return connection
