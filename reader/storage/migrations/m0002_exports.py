"""Records of exports, and citation keys. Neither is journalled, because undo does not take files back."""

from __future__ import annotations

from sqlite_utils import Database


def upgrade(db: Database) -> None:
    """Create both tables."""
    db.executescript("""
CREATE TABLE exports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    paper_key TEXT NOT NULL,
    profile TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    digest TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    written TEXT NOT NULL,
    UNIQUE (target, paper_key, path)
) STRICT;
CREATE INDEX exports_paper ON exports(paper_key);
CREATE TABLE citation_keys (
    paper_key TEXT PRIMARY KEY,
    citation_key TEXT NOT NULL UNIQUE
) STRICT;
""")
