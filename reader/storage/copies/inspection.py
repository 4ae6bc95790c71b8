"""A thorough check of a database, and the repair of what can be repaired without asking anybody.

Every check is a query that counts what should not be there; a repair is the statements after which it counts nothing.
Annotations are never deleted by a repair, but for entries of the queue whose paper is not queued.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from reader.domain.checks import Aspect, Finding
from reader.domain.errors import LibraryDamagedError
from reader.domain.quote_placing import Quote, place_quote
from reader.storage.cancellation import reading
from reader.storage.copies.rows import rows
from reader.storage.errors import library_error
from reader.storage.highlight_anchors import reanchor_highlights
from reader.storage.journal.journal import drop_steps
from reader.storage.journal.triggers import columns_of, install_triggers, triggers_are_right
from reader.storage.schema import ANYTHING, INSERT, JOURNALLED, LEFT
from reader.storage.writer import Writer, id_list

_TABLES = ", ".join(f"'{table.name}'" for table in JOURNALLED)
_HANDLED = """
SELECT paper_id, max(settled) AS settled FROM
    (SELECT paper_id, imported AS settled FROM seen UNION ALL SELECT paper_id, 1 FROM states WHERE state <> 'inbox')
GROUP BY paper_id
"""
_MISPLACED = """
FROM (SELECT highlights.*, CASE target WHEN 'title' THEN title ELSE abstract END AS text
    FROM highlights JOIN papers ON papers.id = paper_id WHERE target <> 'document')
WHERE (start IS NULL) <> ("end" IS NULL)
OR start IS NOT NULL AND substr(text, start + 1, "end" - start) <> exact AND NOT (
    0 <= start AND start < "end" AND "end" <= length(text)
    AND substr(text, max(0, start - 32) + 1, min(start, 32)) = prefix AND substr(text, "end" + 1, 32) = suffix
)
"""
# A highlight whose words read differently in the text stands where its context, which is kept with it, say.
_UNPLACED = """
SELECT paper_id, target, CASE target WHEN 'title' THEN title ELSE abstract END, exact, prefix, suffix
FROM highlights JOIN papers ON papers.id = paper_id WHERE start IS NULL AND "end" IS NULL AND target <> 'document'
"""
_UNREADABLE = f"""
FROM journal WHERE before IS NOT NULL AND NOT json_valid(before) OR after IS NOT NULL AND NOT json_valid(after)
OR action NOT BETWEEN {INSERT} AND {LEFT} OR table_name NOT IN ({_TABLES}, '{ANYTHING}')
"""
_RENUMBER = """
UPDATE queue SET position = place FROM
    (SELECT paper_id AS id, row_number() OVER (ORDER BY position, paper_id) AS place FROM queue) WHERE id = paper_id
"""


@dataclass(frozen=True, slots=True)
class _Check:
    """A query that counts faults, the sentence for a count, and the statements that put them right."""

    aspect: Aspect
    faults: str
    sentence: str
    repair: Sequence[str] = ()


CHECKS = (
    _Check(
        Aspect.JOURNAL,
        "SELECT count(*) FROM recording WHERE operation_id IS NOT NULL OR id <> 1",
        "A step of the history was never ended",
        ("UPDATE recording SET operation_id = NULL",),
    ),
    _Check(
        Aspect.JOURNAL,
        "SELECT count(*) = 0 FROM recording",
        "The journal cannot record",
        ("INSERT OR IGNORE INTO recording VALUES (1, NULL)",),
    ),
    _Check(
        Aspect.JOURNAL,
        "SELECT count(*) FROM journal WHERE operation_id NOT IN (SELECT id FROM operations)",
        "Changes in the history belong to no step",
        ("DELETE FROM journal WHERE operation_id NOT IN (SELECT id FROM operations)",),
    ),
    _Check(
        Aspect.JOURNAL,
        f"SELECT count(*) {_UNREADABLE}",
        "Changes in the history cannot be read, so the steps before them cannot be undone",
        (
            f"DELETE FROM operations WHERE id <= (SELECT max(operation_id) {_UNREADABLE})",
            "DELETE FROM journal WHERE operation_id NOT IN (SELECT id FROM operations)",
        ),
    ),
    _Check(
        Aspect.JOURNAL,
        "SELECT count(*) FROM operations WHERE first_change IS NOT NULL AND first_change > last_change",
        "Steps of the history have no changes",
        ("DELETE FROM operations WHERE first_change IS NOT NULL AND first_change > last_change",),
    ),
    _Check(
        Aspect.QUEUE,
        "SELECT count(*) FROM states WHERE state = 'queued' AND paper_id NOT IN (SELECT paper_id FROM queue)",
        "Queued papers have no place in the queue",
        (
            "INSERT INTO queue (paper_id, position) SELECT paper_id, coalesce((SELECT max(position) FROM queue), 0) + "
            "row_number() OVER (ORDER BY changed, paper_id) FROM states "
            "WHERE state = 'queued' AND paper_id NOT IN (SELECT paper_id FROM queue)",
        ),
    ),
    _Check(
        Aspect.QUEUE,
        "SELECT count(*) FROM queue WHERE paper_id NOT IN (SELECT paper_id FROM states WHERE state = 'queued')",
        "Papers are in the queue that are not queued",
        ("DELETE FROM queue WHERE paper_id NOT IN (SELECT paper_id FROM states WHERE state = 'queued')",),
    ),
    _Check(
        Aspect.QUEUE,
        "SELECT count(*) - count(DISTINCT position) FROM queue",
        "Places in the queue are taken twice",
        (_RENUMBER,),
    ),
    _Check(Aspect.HIGHLIGHTS, f"SELECT count(*) {_MISPLACED}", "Highlights are not where their text is"),
    _Check(
        Aspect.DERIVED,
        f"SELECT (SELECT count(*) FROM handled WHERE (paper_id, settled) NOT IN ({_HANDLED})) + "
        f"(SELECT count(*) FROM ({_HANDLED}) WHERE (paper_id, settled) NOT IN (SELECT paper_id, settled FROM handled))",
        "Papers are counted as seen or decided that are not, or the reverse",
        ("DELETE FROM handled", f"INSERT INTO handled (paper_id, settled) {_HANDLED}"),
    ),
    _Check(
        Aspect.DERIVED,
        "SELECT count(*) FROM muted WHERE paper_id NOT IN (SELECT id FROM papers)",
        "Papers are muted that do not exist",
        ("DELETE FROM muted WHERE paper_id NOT IN (SELECT id FROM papers)",),
    ),
)
"""The faults that can be counted in SQL, besides what SQLite checks itself."""


def integrity_findings(connection: sqlite3.Connection) -> list[Finding]:
    """What SQLite finds wrong with the file itself; if it finds anything, other checks mean little."""
    try:
        verdicts = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
    except sqlite3.DatabaseError as error:
        # Anything else (no memory, a disk that fails, a look that was cancelled) says nothing about the database.
        if not isinstance(library_error(error, Path()), LibraryDamagedError):
            raise
        verdicts = [str(error)]
    if verdicts == ["ok"]:
        return []
    first = verdicts[0].splitlines()[-1] if verdicts else "unreadable"
    return [Finding(Aspect.INTEGRITY, f"The database is damaged: {first}", len(verdicts))]


def database_findings(connection: sqlite3.Connection) -> list[Finding]:
    """What is wrong with a database that SQLite can read."""
    found = []
    dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    if dangling:
        tables = ", ".join(sorted({row[0] for row in dangling}))
        found.append(Finding(Aspect.REFERENCES, f"Rows refer to rows that do not exist ({tables})", len(dangling)))
    if not triggers_are_right(Database(connection, execute_plugins=False)):
        found.append(Finding(Aspect.TRIGGERS, "The journal's triggers are wrong"))
    for check in CHECKS:
        count = connection.execute(check.faults).fetchone()[0]
        if count:
            found.append(Finding(check.aspect, check.sentence, count))
    placeable = _placeable(connection)
    if placeable:
        sentence = "Highlights have no place though their words are in the text"
        found.append(Finding(Aspect.HIGHLIGHTS, sentence, len(placeable), is_harmless=True))
    return found


def _placeable(connection: sqlite3.Connection) -> list[tuple[int, str, str]]:
    """Papers, targets and texts of unplaced highlights that have a place: earlier versions looked for them exactly."""
    return [
        (paper_id, target, text)
        for paper_id, target, text, *quote in connection.execute(_UNPLACED)
        if place_quote(text, Quote(*quote)) is not None
    ]


def repair_database(writer: Writer) -> None:
    """Repair what :func:`database_findings` finds, as far as that is possible; in a transaction of its own."""
    install_triggers(writer.db)
    for check in CHECKS:
        if writer.execute(check.faults).fetchone()[0]:
            for statement in check.repair:
                writer.execute(statement)
    misplaced = writer.execute(f"SELECT DISTINCT paper_id, target, text {_MISPLACED}").fetchall()
    for paper_id, target, text in misplaced:
        writer.execute(
            'UPDATE highlights SET start = NULL, "end" = NULL WHERE paper_id = ? AND target = ? '
            'AND (start IS NULL) <> ("end" IS NULL)',
            (paper_id, target),
        )
        reanchor_highlights(writer, paper_id, target, text)
    for paper_id, target, text in _placeable(writer.db.conn):
        reanchor_highlights(writer, paper_id, target, text)


def fetch_missing_papers(writer: Writer, backup: Path) -> None:
    """Put papers back that rows point at but that are gone, from a backup that has them, also an older version's."""
    dangling = "SELECT \"table\", rowid FROM pragma_foreign_key_check WHERE parent = 'papers'"
    missing = {
        writer.execute(f'SELECT paper_id FROM "{table}" WHERE rowid = ?', (row_id,)).fetchone()[0]
        for table, row_id in writer.execute(dangling).fetchall()
    }
    if missing:
        columns = columns_of(writer.db, "papers")
        sql = "SELECT * FROM papers WHERE id IN (SELECT value FROM json_each(?))"
        with reading(backup) as other:
            for row in rows(other, sql, (id_list(missing),)):
                known = {column: row[column] for column in columns if column in row}
                writer.insert("papers", known, conflict="OR IGNORE")


def forget_history(writer: Writer) -> None:
    """Delete all steps."""
    drop_steps(writer, "true")
