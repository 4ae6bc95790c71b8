"""What a library needs to be synchronised with others; all tables stay empty until that is set up.

``sync_me`` has one row then. ``sync_dirty`` contains marks of cells whose values changed in the tables since they were
last turned into writes; ``sync_heads`` the writes that no known write has replaced, ``sync_several`` the cells that
have more than one, ``sync_unpublished`` the places of own writes that are in no file yet, in their order: an index of
all writes would be as large as a good part of them. ``sync_saved`` contains the rows of papers and listings that were
deleted since then. None of these tables is journalled.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = """
CREATE TABLE sync_me (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    library TEXT NOT NULL,
    device_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    number INTEGER NOT NULL DEFAULT 0,
    published INTEGER NOT NULL DEFAULT 0,
    clock INTEGER NOT NULL DEFAULT 0,
    fields INTEGER NOT NULL DEFAULT 0,
    applying INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE sync_devices (
    id INTEGER PRIMARY KEY,
    device TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    applied INTEGER NOT NULL DEFAULT 0,
    heard TEXT
) STRICT;
CREATE TABLE sync_contexts (id INTEGER PRIMARY KEY, vector TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sync_entities (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    uid TEXT NOT NULL,
    local INTEGER,
    key TEXT,
    UNIQUE (kind, uid)
) STRICT;
CREATE INDEX sync_entities_local ON sync_entities(kind, local);
CREATE INDEX sync_entities_key ON sync_entities(key) WHERE key IS NOT NULL;
CREATE TABLE sync_fields (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE sync_heads (
    entity INTEGER NOT NULL,
    field INTEGER NOT NULL,
    device INTEGER NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    context INTEGER NOT NULL,
    value ANY,
    PRIMARY KEY (entity, field, device)
) STRICT, WITHOUT ROWID;
INSERT INTO sync_fields (id, name) VALUES (1, 'same');
CREATE INDEX sync_heads_same ON sync_heads(field) WHERE field = 1;
CREATE TABLE sync_unpublished (
    number INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    field INTEGER NOT NULL
) STRICT;
CREATE TABLE sync_several (
    entity INTEGER NOT NULL,
    field INTEGER NOT NULL,
    PRIMARY KEY (entity, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_packs (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    since TEXT
) STRICT;
CREATE TABLE sync_files (
    name TEXT PRIMARY KEY,
    mark TEXT NOT NULL,
    sha256 TEXT NOT NULL DEFAULT '',
    device TEXT NOT NULL DEFAULT '',
    first INTEGER,
    last INTEGER,
    writes INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    since TEXT
) STRICT;
CREATE TABLE sync_dirty (
    field TEXT NOT NULL,
    a ANY NOT NULL,
    b INTEGER NOT NULL,
    time INTEGER NOT NULL,
    PRIMARY KEY (field, a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_saved (
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_awaited (
    awaited TEXT NOT NULL,
    entity INTEGER NOT NULL,
    field INTEGER NOT NULL,
    PRIMARY KEY (awaited, entity, field)
) STRICT, WITHOUT ROWID;
"""


def upgrade(db: Database) -> None:
    """Add the tables.

    ``sync_awaited`` names cells that wait: for an entity that is not here, by its uid (also for their own); for a pack,
    by ``pack:`` and its SHA-256; for an arXiv id that another paper has, by ``arxiv:`` and the id; for a version that
    knows their field (``?``); or only to be rendered (nothing).
    """
    for statement in _TABLES.split(";"):
        if statement.strip():
            db.conn.execute(statement)
