"""The topics of a library: their names, and what places papers in them."""

from __future__ import annotations

from sqlite_utils import Database

_TABLE = """
CREATE TABLE topics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    basis TEXT NOT NULL,
    centres TEXT NOT NULL,
    examples TEXT NOT NULL,
    newest INTEGER NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL
) STRICT
"""


def upgrade(db: Database) -> None:
    """Add the table; it is filled when topics are first asked for.

    ``words`` is JSON, ``centres`` JSON with vectors in base64, ``examples`` JSON with a list of paper ids for each.
    """
    db.conn.execute(_TABLE)
