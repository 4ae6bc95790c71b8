"""Rows of papers and listings that were deleted, as they were: their cells keep the values."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from reader.domain.sync import Json
from reader.storage.content import COLUMNS
from reader.storage.sync import listing_values
from reader.storage.sync.entities import PAPER_KIND
from reader.storage.sync.families import Work
from reader.storage.sync.listing_values import CHUNK, Sighting
from reader.storage.sync.paper_rows import further_keys
from reader.storage.sync.paper_uids import name_listings
from reader.storage.sync.paper_values import value_of_row

_PAGE_DAY = ("listing_id", "paper_id", "day", "position", "comments", "upvotes")
_SEEN = ("position", "first_line", "last_line", "comments", "upvotes", "submitted_by", "published_shown", "since")
_COLUMNS = {
    "papers": COLUMNS,
    "former_titles": ("paper_id", "title_fold"),
    "further_dois": ("paper_id", "doi"),
    "paper_aliases": ("paper_id", "key"),
    "listings": listing_values.COLUMNS,
    "listing_problems": ("listing_id", "first_line", "last_line", "reason", "text"),
    "listing_fetches": ("listing_id", "sha256", "fetched"),
    "sightings": ("listing_id", "paper_id", *_SEEN),
    "earlier_sightings": _PAGE_DAY,
}
_ENTITY = f", 'entity', (SELECT id FROM sync_entities WHERE kind = {PAPER_KIND} AND local = OLD.paper_id)"
"""The paper that a sighting is of, which may be another row by the time that it is said."""
_FURTHER = 2**32
"""More than any id: the distance of the numbers under which rows of two papers or listings are saved."""
_OF = """
SELECT content FROM sync_saved WHERE table_name = ? AND json_extract(content, '$.' || ?) = ? ORDER BY row_id
"""
_ROW = "SELECT content FROM sync_saved WHERE table_name = ? AND row_id = ?"
_IS_SAVED = "SELECT 1 FROM sync_saved WHERE table_name = ? LIMIT 1"


def saving(table: str) -> str:
    """SQL, for a trigger, that saves the row that is about to be gone or to belong to another paper."""
    pairs = ", ".join(f"'{column}', OLD.\"{column}\"" for column in _COLUMNS[table])
    pairs += _ENTITY if table == "sightings" else ""
    columns = "table_name, row_id, content"
    owner = _COLUMNS[table][0]
    # Rows that belong to another may get the id of one that went before; ids of papers and listings are used once.
    row_id = f"OLD.{owner} * {_FURTHER} + OLD.id" if owner.endswith("_id") else "OLD.id"
    return f"INSERT OR REPLACE INTO sync_saved ({columns}) VALUES ('{table}', {row_id}, json_object({pairs}))"


def saved_paper(work: Work, paper_id: int, uid: str) -> dict[str, Json] | None:
    """The content of a paper that was deleted; None if it was not saved."""
    columns = _row(work, "papers", paper_id)
    if columns is None:
        return None
    titles, dois, keys = (
        [row[column] for row in _rows(work, table, "paper_id", paper_id)]
        for table, column in (("former_titles", "title_fold"), ("further_dois", "doi"), ("paper_aliases", "key"))
    )
    listings = name_listings(work, [columns["first_listing_id"]])
    first = listings.get(columns["first_listing_id"] or 0)
    own, joined = further_keys(work, uid, keys)
    return value_of_row(columns, first, own, titles, dois, joined)


def saved_listing(work: Work, listing_id: int) -> dict[str, Any] | None:
    """The value of a listing that was deleted; None if it was not saved."""
    row = _row(work, "listings", listing_id)
    if row is None:
        return None
    problems, fetches = (
        [[*part.values()][1:] for part in _rows(work, table, "listing_id", listing_id)]
        for table in ("listing_problems", "listing_fetches")
    )
    named = {column: value for column, value in row.items() if value is not None}
    return {"row": named, "problems": problems, "fetches": fetches}


def saved_chunks(work: Work, listing_id: int) -> dict[int, list[Json]]:
    """The sightings of a listing that was deleted, as the values of its cells."""
    listing = _row(work, "listings", listing_id) or {}
    day = None if listing.get("page") is None else listing["imported"][:10]
    earlier: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _rows(work, "earlier_sightings", "listing_id", listing_id):
        earlier[row["paper_id"]].append(tuple(row[column] for column in _PAGE_DAY[2:]))
    rows = _rows(work, "sightings", "listing_id", listing_id)
    uids = dict(work.uids_of("paper", {row["paper_id"] for row in rows}))
    names = work.names_of({row["entity"] for row in rows if row.get("entity")})
    uids |= {row["paper_id"]: names[row["entity"]][1] for row in rows if row.get("entity") in names}
    found: defaultdict[int, list[Json]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["position"]):
        paper = row["paper_id"]
        if paper in uids:
            *shown, since = (row[column] for column in _SEEN)
            days = tuple(sorted(earlier.pop(paper, ())))
            found[(row["position"] - 1) // CHUNK].append(
                Sighting._make((uids[paper], *shown, since or day, days)).json()
            )
    return found


def _row(work: Work, table: str, row_id: int) -> dict[str, Any] | None:
    found = work.writer.execute(_ROW, (table, row_id)).fetchone()
    return None if found is None else json.loads(found[0])


def _rows(work: Work, table: str, column: str, value: int) -> list[dict[str, Any]]:
    if work.writer.execute(_IS_SAVED, (table,)).fetchone() is None:
        return []
    return [json.loads(text) for (text,) in work.writer.execute(_OF, (table, column, value))]
