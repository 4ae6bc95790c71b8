"""The first schema: content, annotations, journal, and tables derived from them."""

from __future__ import annotations

from sqlite_utils import Database

_CONTENT = """
CREATE TABLE listings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_given INTEGER NOT NULL DEFAULT 0,
    format TEXT NOT NULL,
    rank INTEGER NOT NULL,
    query TEXT,
    source_url TEXT,
    heading TEXT,
    heading_date TEXT,
    year INTEGER,
    year_inferred INTEGER NOT NULL,
    year_guessed INTEGER NOT NULL,
    year_given INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    encoding_uncertain INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    source_modified TEXT,
    imported TEXT NOT NULL,
    account_unit TEXT NOT NULL,
    account_total INTEGER NOT NULL,
    account_records INTEGER NOT NULL,
    account_furniture INTEGER NOT NULL,
    account_problems INTEGER NOT NULL
) STRICT;
CREATE TABLE listing_problems (
    id INTEGER PRIMARY KEY,
    listing_id INTEGER NOT NULL REFERENCES listings(id),
    first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX listing_problems_listing ON listing_problems(listing_id);
CREATE TABLE papers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    arxiv_id TEXT UNIQUE,
    title TEXT NOT NULL,
    title_fold TEXT NOT NULL,
    published TEXT,
    published_certainty INTEGER NOT NULL DEFAULT 0,
    sort_date TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    first_listing_id INTEGER,
    comments INTEGER,
    upvotes INTEGER,
    counts_date TEXT NOT NULL,
    content_rank INTEGER NOT NULL,
    content_date TEXT NOT NULL,
    author_count INTEGER,
    organization_account TEXT,
    organization_name TEXT,
    url TEXT,
    project_url TEXT,
    code_urls TEXT NOT NULL DEFAULT '[]',
    keywords TEXT NOT NULL DEFAULT '[]',
    categories TEXT NOT NULL DEFAULT '[]',
    authors TEXT NOT NULL DEFAULT '[]',
    abstract TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX papers_title ON papers(title_fold);
CREATE INDEX papers_date ON papers(sort_date DESC, id);
CREATE INDEX papers_added ON papers(first_seen DESC, id);
CREATE INDEX papers_comments ON papers(comments DESC, id);
CREATE INDEX papers_upvotes ON papers(upvotes DESC, id);
CREATE TABLE former_titles (
    id INTEGER PRIMARY KEY,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    title_fold TEXT NOT NULL
) STRICT;
CREATE INDEX former_titles_title ON former_titles(title_fold);
CREATE INDEX former_titles_paper ON former_titles(paper_id);
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY,
    listing_id INTEGER NOT NULL REFERENCES listings(id),
    position INTEGER NOT NULL,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    first_line INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    comments INTEGER,
    upvotes INTEGER,
    submitted_by TEXT,
    published_shown TEXT
) STRICT;
CREATE INDEX sightings_paper ON sightings(paper_id);
CREATE INDEX sightings_listing ON sightings(listing_id, position, paper_id);
"""

_ANNOTATIONS = """
CREATE TABLE paper_aliases (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    paper_id INTEGER NOT NULL REFERENCES papers(id)
) STRICT;
CREATE INDEX paper_aliases_paper ON paper_aliases(paper_id);
CREATE TABLE states (
    paper_id INTEGER PRIMARY KEY REFERENCES papers(id),
    state TEXT NOT NULL DEFAULT 'inbox' CHECK (state IN ('inbox', 'queued', 'reading', 'done', 'dismissed')),
    changed TEXT,
    starred INTEGER NOT NULL DEFAULT 0,
    starred_changed TEXT,
    buried_until TEXT
) STRICT;
CREATE INDEX states_state ON states(state);
CREATE INDEX states_starred ON states(paper_id) WHERE starred = 1;
CREATE INDEX states_buried ON states(buried_until) WHERE buried_until IS NOT NULL;
CREATE TABLE seen (
    paper_id INTEGER PRIMARY KEY REFERENCES papers(id),
    seen_at TEXT NOT NULL
) STRICT;
CREATE TABLE tags (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    color TEXT,
    description TEXT NOT NULL DEFAULT '',
    favorite INTEGER,
    created TEXT NOT NULL
) STRICT;
CREATE TABLE paper_tags (
    id INTEGER PRIMARY KEY,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    tag_id INTEGER NOT NULL REFERENCES tags(id),
    created TEXT NOT NULL,
    UNIQUE (paper_id, tag_id)
) STRICT;
CREATE INDEX paper_tags_tag ON paper_tags(tag_id, paper_id);
CREATE TABLE notes (
    paper_id INTEGER PRIMARY KEY REFERENCES papers(id),
    text TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE TABLE note_revisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_key TEXT NOT NULL,
    text TEXT NOT NULL,
    created TEXT NOT NULL,
    visit TEXT,
    refused INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX note_revisions_paper ON note_revisions(paper_key, id);
CREATE TABLE highlight_labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    color TEXT NOT NULL,
    position INTEGER NOT NULL
) STRICT;
CREATE TABLE highlights (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    paper_id INTEGER NOT NULL REFERENCES papers(id),
    target TEXT NOT NULL CHECK (target IN ('title', 'abstract')),
    start INTEGER,
    "end" INTEGER,
    exact TEXT NOT NULL,
    prefix TEXT NOT NULL,
    suffix TEXT NOT NULL,
    label_id INTEGER NOT NULL REFERENCES highlight_labels(id),
    comment TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    changed TEXT NOT NULL
) STRICT;
CREATE INDEX highlights_paper ON highlights(paper_id);
CREATE INDEX highlights_label ON highlights(label_id);
CREATE TABLE queue (
    paper_id INTEGER PRIMARY KEY REFERENCES papers(id),
    position INTEGER NOT NULL
) STRICT;
CREATE TABLE saved_searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    sort TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL,
    number INTEGER
) STRICT;
CREATE TABLE mute_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO highlight_labels (name, fold, color, position) VALUES
    ('Claim', 'claim', '#e5b567', 1),
    ('Method', 'method', '#6c99bb', 2),
    ('Result', 'result', '#8fb573', 3),
    ('Question', 'question', '#b58ac4', 4);
"""

_JOURNAL = """
CREATE TABLE operations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    time TEXT NOT NULL,
    merge_key TEXT,
    first_change INTEGER,
    last_change INTEGER,
    change_count INTEGER NOT NULL DEFAULT 0,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    operation_id INTEGER NOT NULL,
    action INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id INTEGER NOT NULL,
    paper_id INTEGER,
    before TEXT,
    after TEXT
) STRICT;
CREATE TABLE recording (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    operation_id INTEGER
) STRICT;
INSERT INTO recording VALUES (1, NULL);
"""

_DERIVED = """
CREATE TABLE handled (
    paper_id INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE muted (
    paper_id INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE index_pending (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    part TEXT NOT NULL,
    paper_id INTEGER NOT NULL,
    UNIQUE (part, paper_id)
) STRICT;
"""


def upgrade(db: Database) -> None:
    """Create every table."""
    for script in (_CONTENT, _ANNOTATIONS, _JOURNAL, _DERIVED):
        db.executescript(script)
