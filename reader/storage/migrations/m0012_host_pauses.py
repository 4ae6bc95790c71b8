"""The times before which hosts want no request (``Retry-After``); not journalled."""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add the table; ``error`` is the sentence that said so."""
    db.conn.execute("CREATE TABLE host_pauses (host TEXT PRIMARY KEY, until TEXT NOT NULL, error TEXT NOT NULL) STRICT")
