"""Papers to which several entries of bibliographies were assigned without a merge by hand.

Only files that count in entries identify works by identifiers, authors and years. Those of arXiv and of the pages' own
data have arXiv ids, so at least one of the files must be another one (of lower content rank).
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from reader.domain.preparation import TEXT_RANK
from reader.storage.schema import INSERT

_JOINED = f"""
WITH joined_by_imports AS MATERIALIZED (
    SELECT j.row_id AS alias_id FROM journal j JOIN operations o ON o.id = j.operation_id
    WHERE j.table_name = 'paper_aliases' AND j.action = {INSERT} AND o.kind = 'import'
), several AS (
    SELECT s.paper_id FROM sightings s JOIN listings l ON l.id = s.listing_id
    WHERE l.account_unit = 'entries' GROUP BY s.paper_id HAVING count(*) > 1 AND min(l.rank) <= {TEXT_RANK}
)
SELECT l.sha256, l.file_name, l.year, s.paper_id, s.first_line, p.key, p.title, p.title_fold
FROM several JOIN papers p ON p.id = several.paper_id JOIN sightings s ON s.paper_id = p.id
JOIN listings l ON l.id = s.listing_id
WHERE l.account_unit = 'entries' AND NOT EXISTS (SELECT 1 FROM paper_aliases a WHERE a.paper_id = p.id
    AND a.id NOT IN (SELECT alias_id FROM joined_by_imports))
ORDER BY l.id, s.first_line
"""
_FORMER = "SELECT title_fold FROM former_titles WHERE paper_id = ?"


@dataclass(frozen=True, slots=True)
class JoinedEntry:
    """An entry of a listing, by its number in the file, and the paper it was assigned to."""

    entry: int
    paper_id: int
    key: str
    title: str
    folds: frozenset[str]


@dataclass(frozen=True, slots=True)
class JoinedListing:
    """The entries of a listing whose papers have more than one entry, and the year given to its yearless dates."""

    sha256: str
    file_name: str
    year: int | None
    entries: tuple[JoinedEntry, ...]


def joined_listings(connection: sqlite3.Connection) -> list[JoinedListing]:
    """Every entry of a bibliography whose paper has several; ``folds`` are its titles, former ones included."""
    folds: dict[int, frozenset[str]] = {}
    found = []
    for (sha256, file_name, year), rows in groupby(connection.execute(_JOINED), key=itemgetter(0, 1, 2)):
        entries = []
        for _, _, _, paper_id, entry, key, title, fold in rows:
            if paper_id not in folds:
                former = connection.execute(_FORMER, (paper_id,)).fetchall()
                folds[paper_id] = frozenset({fold, *(row[0] for row in former)})
            entries.append(JoinedEntry(entry, paper_id, key, title, folds[paper_id]))
        found.append(JoinedListing(sha256, file_name, year, tuple(entries)))
    return found
