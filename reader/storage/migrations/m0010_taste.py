"""What a reader wants for the order "for you": decisions made in bulk, wishes, and examples of liked papers.

The new column has a default, so that row images which the journal already has can still be restored.
"""

from __future__ import annotations

from sqlite_utils import Database

_WISHES = """
CREATE TABLE taste_wishes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL CHECK (kind IN ('forgotten', 'since', 'off')),
    value TEXT NOT NULL,
    UNIQUE (kind, value)
) STRICT
"""
_EXAMPLES = """
CREATE TABLE taste_examples (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    title TEXT NOT NULL,
    title_fold TEXT NOT NULL,
    abstract TEXT NOT NULL,
    arxiv_id TEXT,
    doi TEXT,
    year INTEGER,
    added TEXT NOT NULL
) STRICT
"""


def upgrade(db: Database) -> None:
    """Add ``states.bulk`` (the state was set together with many others), ``taste_wishes`` and ``taste_examples``."""
    db.conn.execute("ALTER TABLE states ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0")
    db.conn.execute(_WISHES)
    db.conn.execute(_EXAMPLES)
