"""Backups of the annotations alone: a small library with the annotations and just enough of the papers.

It has the library's own schema, so it can be checked, compared and merged as any library. Of documents it names the
files by their SHA-256, but contains none. Of papers that carry a
note, highlights, tags or a place in the queue it has the text; of others that were decided on, what identifies them.
SQLite does the copying, which takes no time from Python threads (decision 39).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from reader.storage.connection import open_reader
from reader.storage.content import COLUMNS
from reader.storage.copies.backup import check_copy, data_version, flush_into_place
from reader.storage.library_file import open_library
from reader.storage.writer import iso_time

ANNOTATIONS_ONLY = 0x414E4E4F
"""``ANNO``, the ``user_version`` of such a backup."""
_COPIED = (
    "states", "tags", "paper_tags", "notes", "note_revisions", "highlight_labels", "documents", "paper_documents",
    "label_colors", "highlights", "queue",
    "saved_searches", "mute_rules", "subscriptions", "paper_aliases", "citation_keys", "exports",
)  # fmt: skip
_WITH_TEXT = ("notes", "highlights", "paper_documents", "paper_tags", "queue", "paper_aliases")
_LEFT_OUT = {"abstract": "''", "authors": "'[]'", "keywords": "'[]'", "categories": "'[]'", "code_urls": "'[]'"}
_STAND_INS = {
    **{column: f"CASE WHEN {{full}} THEN {column} ELSE {empty} END" for column, empty in _LEFT_OUT.items()},
    "content_rank": "CASE WHEN {full} THEN content_rank ELSE -1 END",
    "first_listing_id": "NULL",
}
_MARK = """
SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'operations'), (SELECT max(id) FROM journal),
    (SELECT max(time) FROM operations), (SELECT sum(undone) FROM operations),
    (SELECT seq FROM sqlite_sequence WHERE name = 'note_revisions')
"""


def annotation_mark(connection: sqlite3.Connection) -> str:
    """A text that changes with every step, undo and redo: equal marks, equal annotations."""
    return " ".join(str(value or 0) for value in connection.execute(_MARK).fetchone())


def library_mark(connection: sqlite3.Connection) -> str:
    """A text that changes with everything a user does, being seen included."""
    return f"{annotation_mark(connection)} {connection.execute('SELECT count(*) FROM seen').fetchone()[0]}"


def back_up_annotations(database: Path, target: Path, now: datetime) -> None:
    """Write a library's annotations into a new private file, checked before it gets its name.

    Raises :class:`LibraryError` if the copy is not a true one, and SQLite's own errors.
    """
    with flush_into_place(target) as partial:
        opened = open_library(partial, now)
        opened.readers.close()
        assert opened.writer is not None
        with closing(opened.writer) as empty:
            empty.execute("PRAGMA journal_mode=DELETE")
            empty.execute(f"PRAGMA user_version={ANNOTATIONS_ONLY}")
        with closing(open_reader(database, for_copying=True)) as connection:
            version = data_version(connection)
            connection.execute("ATTACH ? AS copy", (f"{partial.absolute().as_uri()}?mode=rw",))
            connection.execute("BEGIN")
            _copy(connection, iso_time(now))
            connection.execute("COMMIT")
            connection.execute("DETACH copy")
            check_copy(connection, partial, version, tables=_COPIED)


def _copy(connection: sqlite3.Connection, now: str) -> None:
    """Fill an empty library, attached as ``copy``."""
    named = " UNION ".join(f"SELECT paper_id FROM main.{table}" for table in _WITH_TEXT)
    full = f"id IN ({named})"
    values = ", ".join(_STAND_INS.get(column, column).format(full=full) for column in COLUMNS)
    connection.execute(
        f"INSERT INTO copy.papers ({', '.join(COLUMNS)}) SELECT {values} FROM main.papers "
        f"WHERE {full} OR id IN (SELECT paper_id FROM main.states)"
    )
    for table in _COPIED:
        connection.execute(f"DELETE FROM copy.{table}")
        connection.execute(f"INSERT INTO copy.{table} SELECT * FROM main.{table}")
    connection.execute("INSERT INTO copy.seen SELECT * FROM main.seen WHERE paper_id IN (SELECT id FROM copy.papers)")
    connection.execute("DELETE FROM copy.index_pending")
    connection.execute("DELETE FROM copy.sqlite_sequence")
    connection.execute("INSERT INTO copy.sqlite_sequence SELECT * FROM main.sqlite_sequence")
    connection.execute("INSERT INTO copy.operations (title, kind, time) VALUES ('[]', 'backup', ?)", (now,))
