"""A mark for highlights that were placed where the words are only like theirs.

The new column has a default, so images of rows that the journal took before still restore them.
"""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add ``highlights.approximate``."""
    db.execute("ALTER TABLE highlights ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0")
