"""Entities of sync in half the space: their kinds by number, and uids that are digests as these.

A uid of 26 letters in base 32 that stand for 128 bits is stored as its 16 bytes, for the two kinds that there are many
of, papers and highlights; any other as its text. Saved sightings name the number of their paper instead of its uid.
"""

from __future__ import annotations

import base64
import re

from sqlite_utils import Database

_KINDS = ("paper", "highlight", "tag", "label", "listing", "search", "rule", "subscription")
"""The numbers of kinds are their places here. SQLite stores 0 and 1 without a byte."""
_DIGESTS = 2
"""The kinds before this number have digests as uids."""
_IS_DIGEST = re.compile("[a-z2-7]{25}[aeimquy4]").fullmatch
_TABLES = """
CREATE TABLE sync_kinds (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sync_entities_new (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    uid ANY NOT NULL,
    local INTEGER,
    key TEXT,
    UNIQUE (kind, uid)
) STRICT;
"""
_SAVED = """
UPDATE sync_saved SET content = json_set(content, '$.entity', (
    SELECT id FROM sync_entities WHERE kind = 'paper' AND uid = json_extract(content, '$.uid')
)) WHERE table_name = 'sightings'
"""
_OLD = "SELECT e.id, k.id, uid, local, key FROM sync_entities e JOIN sync_kinds k ON k.name = kind ORDER BY e.id"
_INDEXES = """
CREATE INDEX sync_entities_local ON sync_entities(kind, local);
CREATE INDEX sync_entities_key ON sync_entities(key) WHERE key IS NOT NULL;
"""


def upgrade(db: Database) -> None:
    """Copy the entities, under the numbers that they have."""
    # They name the table, which cannot be renamed then; they are installed again after the steps.
    sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'sync_*'"
    for (name,) in db.conn.execute(sql).fetchall():
        db.conn.execute(f'DROP TRIGGER "{name}"')
    _execute(db, _TABLES)
    db.conn.executemany("INSERT INTO sync_kinds (id, name) VALUES (?, ?)", enumerate(_KINDS))
    db.conn.execute("INSERT OR IGNORE INTO sync_kinds (name) SELECT DISTINCT kind FROM sync_entities ORDER BY kind")
    db.conn.execute(_SAVED)
    rows = db.conn.execute(_OLD).fetchall()
    db.conn.executemany(
        "INSERT INTO sync_entities_new (id, kind, uid, local, key) VALUES (?, ?, ?, ?, ?)",
        ((number, kind, _stored(kind, uid), local, key) for number, kind, uid, local, key in rows),
    )
    db.conn.execute("DROP TABLE sync_entities")
    db.conn.execute("ALTER TABLE sync_entities_new RENAME TO sync_entities")
    _execute(db, _INDEXES)


def _execute(db: Database, statements: str) -> None:
    for statement in statements.split(";"):
        if statement.strip():
            db.conn.execute(statement)


def _stored(kind: int, uid: str) -> str | bytes:
    if kind < _DIGESTS and _IS_DIGEST(uid):
        return base64.b32decode(uid.upper() + "======")
    return uid
