"""The inbox: which papers are in it, unseen and seen."""

from __future__ import annotations

import sqlite3
from array import array

from reader.domain.selection import PaperFilter, PaperSort
from reader.storage.view_queries import SETS, read_ids, select_ids

_OUTSIDE_INBOX = f"""
SELECT paper_id AS id FROM handled WHERE settled = 1 UNION ALL {SETS["buried"]} UNION ALL {SETS["muted"]}
"""


def inbox_ids(connection: sqlite3.Connection, sort: PaperSort, now: str) -> tuple[array[int], array[int]]:
    """The inbox's unseen papers and its seen ones, each in order: as those of :data:`INBOX`, seen or not.

    All papers are sorted once, which takes half as long as two queries.
    """
    order = select_ids(connection, PaperFilter(), sort, now)
    outside = set(read_ids(connection, _OUTSIDE_INBOX, {"now": now}))
    seen = set(read_ids(connection, "SELECT paper_id AS id FROM handled WHERE settled = 0", {})) - outside
    if not outside and not seen:
        return order, array("q")
    unseen = array("q", (one for one in order if one not in outside and one not in seen))
    return unseen, array("q", (one for one in order if one in seen)) if seen else array("q")
