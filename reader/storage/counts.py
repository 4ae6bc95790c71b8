"""Counts and figures: beside the views, per listing, and of the whole library."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from reader.domain.changes import Change, Field
from reader.domain.papers import Listing
from reader.domain.records import LineRange, Problem
from reader.domain.selection import INBOX, LibraryStatistics, ListingCount, PaperFilter, ViewCounts
from reader.domain.subscriptions import PageName
from reader.domain.views import ListingSection
from reader.storage.view_queries import papers_where
from reader.storage.writer import id_list

Rows = Callable[[str, dict[str, Any]], list[Any]]
_FEW_PAPERS = 500
"""The most papers for which only their own listings are counted again."""
_OUTSIDE = """
(SELECT count(*) FROM papers) - (SELECT count(*) FROM {handled}) - (SELECT count(*) FROM (
    SELECT paper_id FROM states WHERE buried_until IS NOT NULL AND buried_until > :now UNION SELECT paper_id FROM muted
) WHERE paper_id NOT IN (SELECT paper_id FROM {handled}))
"""
# The papers outside the inbox (or its unseen part) are counted, because these are slow to count directly.
_IN_INBOX = frozenset({Field.PAPERS, Field.STATES, Field.SEEN, Field.SNOOZES, Field.MUTED})
_ON_LISTINGS = frozenset({Field.PAPERS, Field.LISTINGS, Field.STATES, Field.SEEN})
_BURIED = "FROM states WHERE buried_until IS NOT NULL AND buried_until > :now"
_BY_TAG = """
SELECT json_group_object(name, papers) FROM (SELECT name,
    (SELECT count(*) FROM paper_tags WHERE tag_id = tags.id) AS papers FROM tags ORDER BY fold)
"""
_BY_LISTING = """
SELECT json_group_array(json_array(listing, papers, seen)) FROM (
    SELECT s.listing_id AS listing, count(*) AS papers, count(h.paper_id) AS seen FROM sightings s
    LEFT JOIN handled h ON h.paper_id = s.paper_id {which} GROUP BY s.listing_id)
"""
_OF_PAPERS = """
WHERE s.listing_id IN (SELECT listing_id FROM sightings WHERE paper_id IN (SELECT value FROM json_each(:papers)))
"""
_STATES = ("queued", "reading", "done", "dismissed")
_FIGURES = {
    "inbox": (_OUTSIDE.format(handled="handled WHERE settled = 1"), _IN_INBOX),
    "unseen": (_OUTSIDE.format(handled="handled"), _IN_INBOX),
    **{state: (f"SELECT count(*) FROM states WHERE state = '{state}'", {Field.STATES}) for state in _STATES},
    "starred": ("SELECT count(*) FROM states WHERE starred = 1", {Field.STARS}),
    "all": ("SELECT count(*) FROM papers", {Field.PAPERS}),
    "buried": (f"SELECT count(*) {_BURIED}", {Field.SNOOZES}),
    "returns": (f"SELECT min(buried_until) {_BURIED}", {Field.SNOOZES}),
    "muted": ("SELECT count(*) FROM muted", {Field.MUTED, Field.PAPERS}),
    "highlights": ("SELECT count(*) FROM highlights", {Field.HIGHLIGHTS}),
    "notes": ("SELECT count(*) FROM notes", {Field.NOTES}),
    "tags": (_BY_TAG, {Field.TAGS, Field.PAPER_TAGS}),
    "listings": (_BY_LISTING, _ON_LISTINGS),
}
"""Each of the :class:`ViewCounts` as SQL, and the fields on which it depends."""
COUNTED = frozenset().union(*(fields for _, fields in _FIGURES.values()))
"""The fields on which any of the counts depends."""
_LISTINGS = """
SELECT l.id, l.name, l.sha256, l.format, l.query, l.heading_date, l.year_guessed, l.imported, l.file_name,
    (SELECT count(DISTINCT paper_id) FROM sightings s WHERE s.listing_id = l.id),
    (SELECT count(DISTINCT s.paper_id) FROM sightings s JOIN handled h ON h.paper_id = s.paper_id
     WHERE s.listing_id = l.id),
    (SELECT count(*) FROM listing_problems p WHERE p.listing_id = l.id), l.page_kind, l.page_argument, l.page
FROM listings l
"""
NEWEST_FIRST = " ORDER BY coalesce(l.heading_date, substr(l.imported, 1, 10)) DESC, l.id DESC"


def recount(read: Rows, known: ViewCounts, change: Change, now: str) -> ViewCounts:
    """The counts after a change, of which ``known`` were those before: only what the change touched is read.

    ``read`` gives the rows of one SELECT, which is all that is read. What comes back by itself is counted too.
    """
    returned = known.returns is not None and known.returns <= now
    fields = change.fields | ({Field.SNOOZES} if returned else set())
    figures = {name: sql for name, (sql, own) in _FIGURES.items() if own & fields}
    if not figures:
        return known
    is_of_papers = len(change.paper_ids) <= _FEW_PAPERS and not fields & {Field.PAPERS, Field.LISTINGS}
    parameters = {"now": now, "papers": id_list(change.paper_ids) if is_of_papers else ""}
    sql = ", ".join(f"({figure})" for figure in figures.values()).format(which=_OF_PAPERS if is_of_papers else "")
    found: dict[str, Any] = dict(zip(figures, read(f"SELECT {sql}", parameters)[0], strict=True))
    if "tags" in found:
        found["tags"] = json.loads(found["tags"])
    if "listings" in found:
        counted = {row[0]: ListingCount(row[1], row[2]) for row in json.loads(found["listings"])}
        found["listings"] = {**known.listings, **counted} if is_of_papers else counted
    return replace(known, **found)


def listings(connection: sqlite3.Connection) -> list[Listing]:
    """Every listing, newest first."""
    return [_listing(row) for row in connection.execute(_LISTINGS + NEWEST_FIRST)]


def listing(connection: sqlite3.Connection, listing_id: int) -> Listing | None:
    """One listing."""
    row = connection.execute(f"{_LISTINGS} WHERE l.id = ?", (listing_id,)).fetchone()
    return None if row is None else _listing(row)


def listing_problems(connection: sqlite3.Connection, listing_id: int) -> list[Problem]:
    """The parts of a listing that were not understood, in the order of its lines."""
    sql = (
        "SELECT first_line, last_line, reason, text FROM listing_problems WHERE listing_id = ? ORDER BY first_line, id"
    )
    return [Problem(LineRange(row[0], row[1]), row[2], row[3]) for row in connection.execute(sql, (listing_id,))]


def listing_sections(connection: sqlite3.Connection, listing_ids: list[int]) -> list[ListingSection]:
    """For each listing, in the order given: the papers these listings brought, and those known before.

    A paper on several of them is in the first.
    """
    brought = id_list(listing_ids)
    sections = []
    shown: set[int] = set()
    for listing_id in listing_ids:
        rows = connection.execute(
            "SELECT s.paper_id, p.first_listing_id IN (SELECT value FROM json_each(?)), "
            "coalesce(st.state, 'inbox'), h.paper_id IS NULL FROM sightings s JOIN papers p ON p.id = s.paper_id "
            "LEFT JOIN states st ON st.paper_id = p.id LEFT JOIN handled h ON h.paper_id = p.id "
            "WHERE s.listing_id = ? GROUP BY s.paper_id ORDER BY min(s.position)",
            (brought, listing_id),
        ).fetchall()
        rows = [row for row in rows if row[0] not in shown]
        shown.update(row[0] for row in rows)
        known: dict[str, int] = {}
        for _, is_new, state, unseen in rows:
            if not is_new:
                name = "unseen" if unseen else state
                known[name] = known.get(name, 0) + 1
        new_ids = tuple(row[0] for row in rows if row[1])
        known_ids = tuple(row[0] for row in rows if not row[1])
        sections.append(ListingSection(listing_id, new_ids, known_ids, tuple(sorted(known.items()))))
    return sections


def organization_names(connection: sqlite3.Connection, limit: int) -> list[str]:
    """The names of the organisations with the most papers, in that order."""
    sql = (
        "SELECT organization_name FROM papers WHERE organization_name IS NOT NULL AND organization_name <> '' "
        "GROUP BY organization_name ORDER BY count(*) DESC, organization_name LIMIT ?"
    )
    return [row[0] for row in connection.execute(sql, (limit,))]


def statistics(connection: sqlite3.Connection, now: str) -> LibraryStatistics:
    """The size of the library, in numbers."""
    tables = {
        "papers": "papers",
        "listings": "listings",
        "sightings": "sightings",
        "problems": "listing_problems",
        "with_arxiv_id": "papers WHERE arxiv_id IS NOT NULL",
        "with_abstract": "papers WHERE abstract <> ''",
        "with_code": "papers WHERE code_urls <> '[]'",
        "seen": "seen",
        "starred": "states WHERE starred = 1",
        "tags": "tags",
        "tagged": "(SELECT DISTINCT paper_id FROM paper_tags)",
        "notes": "notes",
        "highlights": "highlights",
        "queued": "queue",
        "operations": "operations WHERE change_count > 0",
    }
    figures = {name: _figure(connection, f"SELECT count(*) FROM {source}") for name, source in tables.items()}
    pages = _figure(connection, "PRAGMA page_count") * _figure(connection, "PRAGMA page_size")
    states = _groups(connection, "SELECT state, count(*) FROM states GROUP BY state")
    return LibraryStatistics(
        **figures,
        bytes=pages,
        states=states | {"inbox": _count(connection, INBOX, now)},
        formats=_groups(connection, "SELECT format, count(*) FROM listings GROUP BY format"),
        published_months=_groups(
            connection,
            "SELECT substr(published, 1, 7) AS month, count(*) FROM papers WHERE length(published) >= 7 GROUP BY month",
        ),
        added_months=_groups(
            connection, "SELECT substr(first_seen, 1, 7) AS month, count(*) FROM papers GROUP BY month"
        ),
    )


def _listing(row: tuple[Any, ...]) -> Listing:
    """The listing in a row of ``_LISTINGS``."""
    listing_id, name, sha256, format_name, query, date, guessed, imported, file_name, papers, seen, problems, *page = (
        row
    )
    return Listing(
        *(listing_id, name, sha256, format_name, query, date, bool(guessed), imported, file_name),
        *(papers, seen, problems, None if page[2] is None else PageName(*page)),
    )


def _figure(connection: sqlite3.Connection, sql: str, parameters: dict[str, Any] | None = None) -> int:
    """The single number that a query returns."""
    return int(connection.execute(sql, parameters or {}).fetchone()[0])


def _count(connection: sqlite3.Connection, which: PaperFilter, now: str) -> int:
    """The number of papers in a view."""
    return _figure(connection, f"SELECT count(*) FROM {papers_where(which)}", {"now": now})


def _groups(connection: sqlite3.Connection, sql: str) -> dict[str, int]:
    """Counts by name."""
    return dict(connection.execute(sql).fetchall())
