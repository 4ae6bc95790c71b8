"""How two libraries differ: what a restore would change. Reads only, by keys that are the same across libraries.

The comparison is SQL (decision 39): values of 100,000 papers on both sides would take Python many seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reader.domain.backups import CountedDifference
from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import LibraryDamagedError
from reader.storage.cancellation import cancellable
from reader.storage.connection import open_reader
from reader.storage.errors import library_errors

_PAPER = "(SELECT key FROM {db}.papers WHERE id = paper_id)"
_LATE = {
    "subscriptions": "kind, argument, name, every",
    "taste_wishes": "kind, value",
    "taste_examples": "key, title",
    "topics": "name",
    "paper_documents": "paper_id, document_id",
    "documents": "id, sha256",
}
"""The tables, with the columns that are compared, that older backups do not have."""
_RESPECTS = {
    "listings": ("SELECT sha256 AS k, name || char(0) || coalesce(heading_date, '') AS v FROM {db}.listings"),
    "states": (
        f"SELECT {_PAPER} AS k, json_array(state, starred, buried_until) AS v FROM {{db}}.states "
        "WHERE state <> 'inbox' OR starred OR buried_until IS NOT NULL"
    ),
    "tags on papers": (
        f"SELECT {_PAPER} || char(0) || (SELECT name FROM {{db}}.tags WHERE id = tag_id) AS k, '' AS v "
        "FROM {db}.paper_tags"
    ),
    "notes": f"SELECT {_PAPER} AS k, text AS v FROM {{db}}.notes",
    "highlights": (
        f"SELECT {_PAPER} || char(0) || id AS k, json_array(target, exact, comment, start, "
        "(SELECT name FROM {db}.highlight_labels WHERE id = label_id)) AS v FROM {db}.highlights"
    ),
    "PDFs": (
        f"SELECT {_PAPER} || char(0) || (SELECT d.sha256 FROM {{db}}.documents d WHERE d.id = document_id) AS k, "
        "'' AS v FROM {db}.paper_documents"
    ),
    "papers in the queue": f"SELECT {_PAPER} AS k, '' AS v FROM {{db}}.queue",
    "saved searches": "SELECT name || char(0) || query AS k, sort AS v FROM {db}.saved_searches",
    "subscriptions": "SELECT kind || char(0) || argument AS k, name || char(0) || every AS v FROM {db}.subscriptions",
    "wishes about “for you”": "SELECT kind || char(0) || value AS k, '' AS v FROM {db}.taste_wishes",
    "examples of liked papers": "SELECT key AS k, title AS v FROM {db}.taste_examples",
    "names of topics": "SELECT name AS k, '' AS v FROM {db}.topics WHERE name <> ''",
    "mute rules": "SELECT name || char(0) || query AS k, enabled AS v FROM {db}.mute_rules",
}
_NEVER_MERGED = {"listings", "wishes about “for you”", "examples of liked papers", "names of topics"}
"""What a backup of annotations does not have."""
_COUNTS = """
WITH here AS ({here}), there AS ({there})
SELECT (SELECT count(*) FROM here WHERE k NOT IN (SELECT k FROM there)),
    (SELECT count(*) FROM there WHERE k NOT IN (SELECT k FROM here)),
    (SELECT count(*) FROM here JOIN there ON here.k = there.k AND here.v <> there.v)
"""
_ADDED = """
WITH here AS ({here}), there AS ({there})
SELECT 0, (SELECT count(*) FROM there WHERE k NOT IN (SELECT k FROM here))
"""
_PAPERS = """
SELECT (SELECT count(*) FROM main.papers AS h WHERE NOT EXISTS (SELECT 1 FROM there.papers AS t WHERE t.key = h.key)),
    (SELECT count(*) FROM there.papers AS t WHERE NOT EXISTS (SELECT 1 FROM main.papers AS h WHERE h.key = t.key)),
    (SELECT count(*) FROM main.papers AS h CROSS JOIN there.papers AS t
     WHERE t.key = h.key AND (h.title <> t.title OR h.abstract <> t.abstract))
"""
"""Through the keys' own index: papers are many, and their texts too long to be gathered."""
_LOST = """
SELECT title FROM main.papers WHERE key NOT IN (SELECT key FROM there.papers) UNION ALL
SELECT title FROM main.notes JOIN main.papers ON id = paper_id WHERE key IN (SELECT key FROM there.papers)
    AND NOT EXISTS (SELECT 1 FROM there.notes AS other JOIN there.papers AS theirs ON theirs.id = other.paper_id
     WHERE theirs.key = papers.key AND other.text = notes.text)
"""
_GAINED = """
SELECT {paper_there} AS k, h.paper_id IS NULL OR (h.state = 'inbox' AND NOT h.starred AND h.buried_until IS NULL)
FROM there.states AS t LEFT JOIN main.states AS h ON h.paper_id = {id_here}
WHERE (h.paper_id IS NULL AND (t.state <> 'inbox' OR t.starred OR t.buried_until IS NOT NULL))
    OR (h.state = 'inbox' AND t.state <> 'inbox') OR (t.starred AND NOT h.starred)
""".format(
    paper_there="(SELECT key FROM there.papers WHERE id = t.paper_id)",
    id_here="(SELECT id FROM main.papers WHERE key = (SELECT key FROM there.papers WHERE id = t.paper_id))",
)
_JOINED_NOTES = """
SELECT p.title FROM main.notes AS h JOIN main.papers AS p ON p.id = h.paper_id
JOIN there.papers AS q ON q.key = p.key JOIN there.notes AS t ON t.paper_id = q.id
WHERE instr(h.text, trim(t.text, ' ' || char(9, 10, 13))) = 0
"""


def _each(query: str) -> dict[str, str]:
    """A query for each respect, about its rows here and there."""
    return {
        what: query.format(here=rows.format(db="main"), there=rows.format(db="there"))
        for what, rows in _RESPECTS.items()
    }


_REPLACED = {"papers": _PAPERS, **_each(_COUNTS)}
"""What going to another library does: what goes, what comes, what changes."""
_MERGED = {
    "papers": "SELECT 0, (SELECT count(*) FROM there.papers WHERE key NOT IN (SELECT key FROM main.papers UNION ALL "
    "SELECT key FROM main.paper_aliases)), 0",
    **{what: f"{query}, 0" for what, query in _each(_ADDED).items() if what not in _NEVER_MERGED},
    "states": f"WITH gained (k, is_new) AS ({_GAINED}) "
    "SELECT 0, coalesce(sum(is_new), 0), coalesce(sum(NOT is_new), 0) FROM gained",
    "notes": f"{_each(_ADDED)['notes']}, (SELECT count(*) FROM ({_JOINED_NOTES}))",
    "highlights": """
        SELECT 0, (SELECT count(*) FROM there.highlights AS t WHERE NOT EXISTS (
            SELECT 1 FROM main.highlights AS h JOIN main.papers AS p ON p.id = h.paper_id
            WHERE p.key = (SELECT key FROM there.papers WHERE id = t.paper_id) AND h.target = t.target
                AND h.exact = t.exact AND h.created = t.created
                AND (SELECT name FROM main.highlight_labels WHERE id = h.label_id)
                = (SELECT name FROM there.highlight_labels WHERE id = t.label_id))), 0
    """,
    "papers in the queue": """
        SELECT 0, (SELECT count(*) FROM there.queue AS t JOIN there.papers AS q ON q.id = t.paper_id
            LEFT JOIN main.papers AS p ON p.key = q.key LEFT JOIN main.states AS h ON h.paper_id = p.id
            WHERE (h.state IS NULL OR h.state IN ('inbox', 'queued'))
                AND (p.id IS NULL OR p.id NOT IN (SELECT paper_id FROM main.queue))), 0
    """,
}
"""What merging does: nothing goes, what comes, what changes. Most of it is adding what is not here."""


def compare(
    here: Path, there: Path, *, merges: bool = False, titles: int = 20, cancelled: Cancelled = never
) -> tuple[tuple[CountedDifference, ...], tuple[str, ...]]:
    """How the database ``here`` differs from the one ``there``, and titles of papers that going there would touch.

    With ``merges``, what merging ``there`` into ``here`` would do (:mod:`reader.storage.copies.merge`): of each kind
    what would be added and what would change, and titles of papers whose notes would get the other's text behind their
    own. Papers count as the same by key.

    Raises :class:`LibraryDamagedError` where one of them cannot be read, or is not even a library's any more, and
    :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    queries, named = (_MERGED, _JOINED_NOTES) if merges else (_REPLACED, _LOST)
    with _both(here, there, cancelled) as connection:
        differences = tuple(
            CountedDifference(what, *connection.execute(_with_late_tables(connection, query)).fetchone())
            for what, query in queries.items()
        )
        found = tuple(row[0] for row in connection.execute(f"{named} LIMIT ?", (titles,)))
    return differences, found


def _with_late_tables(connection: sqlite3.Connection, query: str) -> str:
    """A query for libraries that may be of before there were some tables."""
    for table, columns in _LATE.items():
        for name in ("main", "there"):
            there = connection.execute(f"SELECT 1 FROM {name}.sqlite_master WHERE name = '{table}'").fetchone()
            if f"{name}.{table}" in query and not there:
                nothing = ", ".join(f"'' AS {column}" for column in columns.split(", "))
                query = query.replace(f"{name}.{table}", f"(SELECT {nothing} WHERE false)")
    return query


@contextmanager
def _both(here: Path, there: Path, cancelled: Cancelled) -> Iterator[sqlite3.Connection]:
    """A connection that reads both databases."""
    with library_errors(there), closing(open_reader(here)) as connection, cancellable(connection, cancelled):
        connection.execute("ATTACH ? AS there", (f"{there.absolute().as_uri()}?mode=ro",))
        connection.execute("BEGIN")
        for name, path in (("main", here), ("there", there)):
            if not connection.execute(f"SELECT 1 FROM {name}.sqlite_master WHERE name = 'papers'").fetchone():
                raise LibraryDamagedError(f"The library {path} is damaged: its tables are gone. Restore a backup.")
        yield connection
