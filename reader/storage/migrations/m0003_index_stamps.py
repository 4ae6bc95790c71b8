"""The commit of the search index from which pending papers are counted."""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add ``index_stamps``: for each part of the index, the commit from which pending papers are counted."""
    db.conn.execute("CREATE TABLE index_stamps (part TEXT PRIMARY KEY, stamp TEXT NOT NULL) STRICT")
