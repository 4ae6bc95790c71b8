"""How two libraries differ: what a restore would change. Reads only, by keys that hold across libraries."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from reader.domain.backups import CountedDifference
from reader.domain.errors import LibraryDamagedError
from reader.storage.cancelling import cancellable, never
from reader.storage.connection import open_reader
from reader.storage.errors import library_errors

_PAPER = "(SELECT key FROM {db}.papers WHERE id = paper_id)"
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
    "papers in the queue": f"SELECT {_PAPER} AS k, '' AS v FROM {{db}}.queue",
    "saved searches": "SELECT name || char(0) || query AS k, sort AS v FROM {db}.saved_searches",
    "mute rules": "SELECT name || char(0) || query AS k, enabled AS v FROM {db}.mute_rules",
}
_COUNTS = """
WITH here AS ({here}), there AS ({there})
SELECT (SELECT count(*) FROM here WHERE k NOT IN (SELECT k FROM there)),
    (SELECT count(*) FROM there WHERE k NOT IN (SELECT k FROM here)),
    (SELECT count(*) FROM here JOIN there ON here.k = there.k AND here.v <> there.v)
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
LIMIT ?
"""


def compare(
    here: Path, there: Path, *, titles: int = 20, cancelled: Callable[[], bool] = never
) -> tuple[tuple[CountedDifference, ...], tuple[str, ...]]:
    """How the database ``here`` differs from the one ``there``, and titles of papers that going there would touch.

    Raises :class:`LibraryDamagedError` where one of them cannot be read, or is not even a library's any more, and
    :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    with library_errors(there), closing(_open_both(here, there)) as connection, cancellable(connection, cancelled):
        for name, path in (("main", here), ("there", there)):
            if not connection.execute(f"SELECT 1 FROM {name}.sqlite_master WHERE name = 'papers'").fetchone():
                raise LibraryDamagedError(f"The library {path} is damaged: its tables are gone. Restore a backup.")
        queries = {"papers": _PAPERS} | {what: _sql(query) for what, query in _RESPECTS.items()}
        differences = tuple(
            CountedDifference(what, *connection.execute(query).fetchone()) for what, query in queries.items()
        )
        lost = tuple(row[0] for row in connection.execute(_LOST, (titles,)))
    return differences, lost


def _open_both(here: Path, there: Path) -> sqlite3.Connection:
    connection = open_reader(here)
    try:
        connection.execute("ATTACH ? AS there", (f"{there.absolute().as_uri()}?mode=ro",))
        connection.execute("BEGIN")
    except BaseException:
        connection.close()
        raise
    return connection


def _sql(query: str) -> str:
    return _COUNTS.format(here=query.format(db="main"), there=query.format(db="there"))
