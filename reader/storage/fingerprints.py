"""Stamps of papers, which tell whether a paper changed since it was exported without reading it."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from reader.domain.exports import PaperStamp
from reader.storage.content import COLUMNS
from reader.storage.writer import id_list

_GIVEN = "IN (SELECT value FROM json_each(?))"
_PAPERS = f"""
SELECT p.id, p.key, p.title, {", ".join(f"p.{column}" for column in COLUMNS if column not in {"id", "key", "title"})},
    st.state, st.changed, st.starred, st.buried_until, EXISTS (SELECT 1 FROM seen WHERE seen.paper_id = p.id), n.text
FROM json_each(?) AS given JOIN papers p ON p.id = given.value
LEFT JOIN states st ON st.paper_id = p.id LEFT JOIN notes n ON n.paper_id = p.id ORDER BY given.key
"""
_ALIASES = f"SELECT paper_id, key FROM paper_aliases WHERE paper_id {_GIVEN} ORDER BY paper_id, id"
_DETAILS = (
    _ALIASES,
    f"SELECT pt.paper_id, t.name FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.paper_id {_GIVEN} "
    "ORDER BY pt.paper_id, t.fold",
    'SELECT h.paper_id, h.id, h.target, h.start, h."end", h.exact, l.name, h.comment, h.created, '
    "h.approximate, h.page, h.page_label, h.kind, h.position, h.document_id FROM highlights h "
    f"JOIN highlight_labels l ON l.id = h.label_id WHERE h.paper_id {_GIVEN} ORDER BY h.paper_id, h.id",
    "SELECT s.paper_id, l.name, l.heading_date, s.position FROM sightings s JOIN listings l ON l.id = s.listing_id "
    f"WHERE s.paper_id {_GIVEN} ORDER BY s.paper_id, s.id",
    "SELECT paper_id, place FROM (SELECT paper_id, row_number() OVER (ORDER BY position, paper_id) AS place "
    f"FROM queue) WHERE paper_id {_GIVEN} ORDER BY paper_id",
)


def paper_stamps(connection: sqlite3.Connection, ids: Sequence[int]) -> list[PaperStamp]:
    """The stamps of papers, in the order of the ids; missing papers are left out."""
    given = (id_list(ids),)
    details: dict[int, list[str]] = {}
    aliases: dict[int, tuple[str, ...]] = {}
    for sql in _DETAILS:
        for paper, rows in groupby(connection.execute(sql, given), key=itemgetter(0)):
            found = list(rows)
            details.setdefault(paper, []).append(repr(found))
            if sql is _ALIASES:
                aliases[paper] = tuple(row[1] for row in found)
    return [
        PaperStamp(row[0], row[1], aliases.get(row[0], ()), row[2], _stamp([repr(row), *details.get(row[0], ())]))
        for row in connection.execute(_PAPERS, given)
    ]


def _stamp(parts: list[str]) -> str:
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
