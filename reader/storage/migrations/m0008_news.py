"""News: what every change touched, for whoever has the library open beside the one who made it.

``unfinished`` names listings of which a part is stored: where in the journal, under which operation, each begins.
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
    db.conn.execute(
        "CREATE TABLE unfinished ("
        "listing_id INTEGER PRIMARY KEY, operation_id INTEGER NOT NULL, first_change INTEGER NOT NULL) STRICT"
    )
