"""Subscriptions, and listings that are pages of them: their names, fetches and figures of earlier days.

The new columns have defaults, so that row images which the journal already has can still be restored.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = """
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    argument TEXT NOT NULL,
    every INTEGER NOT NULL,
    created TEXT NOT NULL
) STRICT;
CREATE TABLE listing_fetches (
    id INTEGER PRIMARY KEY,
    listing_id INTEGER NOT NULL REFERENCES listings(id),
    sha256 TEXT NOT NULL,
    fetched TEXT NOT NULL
) STRICT;
CREATE INDEX listing_fetches_listing ON listing_fetches(listing_id);
CREATE INDEX listing_fetches_sha256 ON listing_fetches(sha256);
CREATE TABLE earlier_sightings (
    id INTEGER PRIMARY KEY,
    listing_id INTEGER NOT NULL REFERENCES listings(id),
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    day TEXT NOT NULL,
    position INTEGER NOT NULL,
    comments INTEGER,
    upvotes INTEGER
) STRICT;
CREATE INDEX earlier_sightings_listing ON earlier_sightings(listing_id);
CREATE INDEX earlier_sightings_paper ON earlier_sightings(paper_id);
CREATE TABLE page_checks (
    kind TEXT NOT NULL,
    argument TEXT NOT NULL,
    page TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    validators TEXT NOT NULL,
    checked TEXT NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (kind, argument, page)
) STRICT;
CREATE TABLE page_copies (
    sha256 TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    argument TEXT NOT NULL,
    page TEXT NOT NULL
) STRICT;
CREATE TABLE subscription_checks (
    subscription_id INTEGER PRIMARY KEY,
    last_fetched TEXT,
    next_try TEXT,
    error TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0
) STRICT;
"""
_COLUMNS = ("listings ADD COLUMN page_kind TEXT", "listings ADD COLUMN page_argument TEXT",
            "listings ADD COLUMN page TEXT", "sightings ADD COLUMN since TEXT")  # fmt: skip


def upgrade(db: Database) -> None:
    """Add the tables, the page that a listing is, and the day from which a sighting's figures are.

    The checks of pages and subscriptions, and ``page_copies`` (bytes that differ from a fetch without saying anything
    else), are not journalled.
    """
    for statement in _TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)
    for column in _COLUMNS:
        db.conn.execute(f"ALTER TABLE {column}")
    db.conn.execute("CREATE UNIQUE INDEX listings_page ON listings(page_kind, page_argument, page)")
