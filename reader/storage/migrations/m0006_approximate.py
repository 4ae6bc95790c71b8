"""A mark for highlights that were placed by similar words only.

The new column has a default, so that row images which the journal already has can still be restored.
"""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Add ``highlights.approximate``."""
    db.execute("ALTER TABLE highlights ADD COLUMN approximate INTEGER NOT NULL DEFAULT 0")
