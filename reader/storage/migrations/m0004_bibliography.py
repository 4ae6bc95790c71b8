"""Bibliographic facts: DOI, venue and others, and names in their parts.

The new columns have defaults, so that row images which the journal already has can still be restored.
"""

from __future__ import annotations

from sqlite_utils import Database

_COLUMNS = (
    "author_names TEXT NOT NULL DEFAULT '[]'",
    "more_authors INTEGER NOT NULL DEFAULT 0",
    *(f"{name} TEXT" for name in ("doi", "venue", "volume", "number", "pages", "publisher", "entry_type")),
    "cite_key_given TEXT",
)


def upgrade(db: Database) -> None:
    """Add the columns to ``papers``, and the table ``further_dois`` for a paper's other DOIs."""
    for column in _COLUMNS:
        db.conn.execute(f"ALTER TABLE papers ADD COLUMN {column}")
    db.conn.execute("CREATE INDEX papers_doi ON papers(lower(doi)) WHERE doi IS NOT NULL")
    db.conn.execute(
        "CREATE TABLE further_dois (id INTEGER PRIMARY KEY, paper_id INTEGER NOT NULL REFERENCES papers(id), "
        "doi TEXT NOT NULL) STRICT"
    )
    db.conn.execute("CREATE INDEX further_dois_doi ON further_dois(lower(doi))")
    db.conn.execute("CREATE INDEX further_dois_paper ON further_dois(paper_id)")
