"""Which commit of the search index the pending papers are counted from."""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add ``index_stamps``: for each part of the index the stamp of the commit that pending papers are counted from."""
    db.conn.execute("CREATE TABLE index_stamps (part TEXT PRIMARY KEY, stamp TEXT NOT NULL) STRICT")
