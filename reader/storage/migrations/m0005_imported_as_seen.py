"""A mark for papers imported as seen, which the inbox leaves out although nobody decided them."""

from __future__ import annotations

from sqlite_utils import Database

# A paper counts as imported as seen if it was seen in the second of its import. An import of many papers takes longer
# and marks them at its end, so papers that its own step saw within two minutes count as well.
_FIRST_SEEN = """
CREATE TEMP TABLE first_seen_times AS
SELECT id AS paper_id, first_seen FROM papers
UNION ALL
SELECT row_id, json_extract(coalesce(after, before), '$.first_seen') FROM journal
WHERE table_name = 'papers' AND json_extract(coalesce(after, before), '$.first_seen') IS NOT NULL
    AND row_id NOT IN (SELECT id FROM papers)
"""
_IMPORTED = """
EXISTS (SELECT 1 FROM first_seen_times f WHERE f.paper_id = {paper} AND f.first_seen = {seen_at})
OR EXISTS (SELECT 1 FROM seen_by_imports i WHERE i.paper_id = {paper} AND i.seen_at = {seen_at})
"""
_SEEN_BY_IMPORTS = """
CREATE TEMP TABLE seen_by_imports AS
SELECT j.row_id AS paper_id, json_extract(j.after, '$.seen_at') AS seen_at
FROM journal j JOIN operations o ON o.id = j.operation_id AND o.kind = 'import'
JOIN first_seen_times f ON f.paper_id = j.row_id
WHERE j.table_name = 'seen' AND j.action = 1 AND json_extract(j.after, '$.seen_at')
    BETWEEN f.first_seen AND strftime('%Y-%m-%dT%H:%M:%SZ', f.first_seen, '+2 minutes')
"""
_HANDLED = """
INSERT INTO handled (paper_id, settled) SELECT paper_id, max(settled) FROM
    (SELECT paper_id, 1 AS settled FROM states WHERE state <> 'inbox' UNION ALL SELECT paper_id, imported FROM seen)
GROUP BY paper_id
"""


def upgrade(db: Database) -> None:
    """Add and fill ``seen.imported`` and ``handled.settled``, and write the mark into the journal's row images.

    ``settled`` papers (decided, or imported as seen) are not in the inbox; ``handled`` papers are settled or seen.
    """
    db.execute("ALTER TABLE seen ADD COLUMN imported INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE handled ADD COLUMN settled INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX handled_undecided ON handled(paper_id) WHERE settled = 0")
    db.execute(_FIRST_SEEN)
    db.execute("CREATE INDEX temp.first_seen_of_paper ON first_seen_times(paper_id)")
    db.execute(_SEEN_BY_IMPORTS)
    db.execute("CREATE INDEX temp.seen_by_import ON seen_by_imports(paper_id)")
    imported = _IMPORTED.format(paper="seen.paper_id", seen_at="seen.seen_at")
    db.execute(f"UPDATE seen SET imported = 1 WHERE {imported}")
    for image in ("before", "after"):
        imported = _IMPORTED.format(paper="journal.row_id", seen_at=f"json_extract(journal.{image}, '$.seen_at')")
        db.execute(
            f"UPDATE journal SET {image} = json_set({image}, '$.imported', ({imported})) "
            f"WHERE table_name = 'seen' AND action <> 2 AND {image} IS NOT NULL"
        )
    db.execute("DROP TABLE seen_by_imports")
    db.execute("DROP TABLE first_seen_times")
    db.execute("DELETE FROM handled")
    db.execute(_HANDLED)
