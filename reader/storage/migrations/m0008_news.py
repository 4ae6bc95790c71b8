"""News: the effects of every change, for other processes that have the library open (decision 37).

``unfinished`` contains listings that are only partly stored: the operation of each, and where it begins in the journal.
"""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add ``news`` and ``unfinished``."""
    db.conn.execute(
        "CREATE TABLE news ("
        "id INTEGER PRIMARY KEY AUTOINCREMENT, operation_id INTEGER, kind TEXT NOT NULL, tables TEXT NOT NULL, "
        "papers TEXT, origin TEXT NOT NULL) STRICT"
    )
    db.conn.execute("CREATE TABLE unfinished (operation_id INTEGER PRIMARY KEY, first_change INTEGER NOT NULL) STRICT")
