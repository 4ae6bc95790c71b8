"""Documents, the papers they belong to, what colours in them mean, and highlights in them.

``highlights`` is rebuilt, as what its ``target`` may be is checked by the table itself. Its new columns have defaults,
so that row images which the journal already has can still be restored. ``documents`` and ``document_places`` are not
journalled: what a file is does not change, and where it lies and what was read last concern this device only.
"""

from __future__ import annotations

from sqlite_utils import Database

_TABLES = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL DEFAULT 0,
    page_count INTEGER NOT NULL DEFAULT 0,
    text_sha256 TEXT NOT NULL DEFAULT '',
    annotations TEXT NOT NULL DEFAULT '[]',
    origin TEXT NOT NULL DEFAULT 'file' CHECK (origin IN ('file', 'fetched')),
    address TEXT,
    path TEXT,
    is_stored INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX documents_text ON documents(text_sha256);
CREATE TABLE paper_documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    document_id INTEGER NOT NULL REFERENCES documents(id),
    attached TEXT NOT NULL,
    UNIQUE (paper_id, document_id)
) STRICT;
CREATE INDEX paper_documents_document ON paper_documents(document_id);
CREATE TABLE document_places (
    document_id INTEGER PRIMARY KEY REFERENCES documents(id),
    page INTEGER NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE TABLE label_colors (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    color TEXT NOT NULL UNIQUE,
    label_id INTEGER NOT NULL
) STRICT;
CREATE TABLE new_highlights (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    target TEXT NOT NULL CHECK (target IN ('title', 'abstract', 'document')),
    start INTEGER,
    "end" INTEGER,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    label_id INTEGER NOT NULL REFERENCES highlight_labels(id),
    comment TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    approximate INTEGER NOT NULL DEFAULT 0,
    document_id INTEGER REFERENCES documents(id),
    page INTEGER,
    page_label TEXT NOT NULL DEFAULT '',
    quads TEXT NOT NULL DEFAULT '[]',
    kind TEXT NOT NULL DEFAULT 'highlight',
    origin TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,
    CHECK ((target = 'document') = (document_id IS NOT NULL AND page IS NOT NULL))
) STRICT;
INSERT INTO new_highlights (id, paper_id, target, start, "end", exact, prefix, suffix, label_id, comment, created,
    changed, approximate)
SELECT id, paper_id, target, start, "end", exact, prefix, suffix, label_id, comment, created, changed, approximate
FROM highlights
"""
_RENAMED = """
DELETE FROM sqlite_sequence WHERE name = 'new_highlights';
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_highlights', seq FROM sqlite_sequence WHERE name = 'highlights';
DROP TABLE highlights;
ALTER TABLE new_highlights RENAME TO highlights;
CREATE INDEX highlights_paper ON highlights(paper_id);
CREATE INDEX highlights_label ON highlights(label_id);
CREATE INDEX highlights_document ON highlights(document_id) WHERE document_id IS NOT NULL
"""


def upgrade(db: Database) -> None:
    """Add the tables and rebuild ``highlights``; ids that were used and deleted stay used.

    All triggers go first, as renaming a table refuses while one of them names it; they are made again afterwards.
    """
    for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.conn.execute(f'DROP TRIGGER "{trigger}"')
    for statement in (*_TABLES.split(";"), *_RENAMED.split(";")):
        if statement.strip():
            db.conn.execute(statement)
