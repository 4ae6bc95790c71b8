"""The translation of a filter and an order into SQL for paper ids, and the array of ids that a list shows.

The ids are returned as one text made by ``group_concat``, which is twice as fast as a row each and does not hold
Python's interpreter lock. SQLite keeps a subquery's order in it.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reader.domain.annotations import fold_tag
from reader.domain.papers import PaperState
from reader.domain.selection import PaperFilter, PaperSort, SortBy
from reader.storage.writer import id_list

_LAST_LISTED = """
coalesce((SELECT max(coalesce(l.heading_date, substr(l.imported, 1, 10))) FROM sightings s
    JOIN listings l ON l.id = s.listing_id WHERE s.paper_id = p.id), substr(p.first_seen, 1, 10))
"""
_ORDERS = {
    SortBy.DATE: ("p.sort_date DESC, p.id", "p.sort_date, p.id DESC"),
    SortBy.ADDED: ("p.first_seen DESC, p.id", "p.first_seen, p.id DESC"),
    SortBy.TITLE: ("p.title_fold, p.id", "p.title_fold DESC, p.id DESC"),
    SortBy.COMMENTS: ("p.comments DESC, p.id", "p.comments, p.id DESC"),
    SortBy.UPVOTES: ("p.upvotes DESC, p.id", "p.upvotes, p.id DESC"),
    SortBy.FOR_YOU: ("p.sort_date DESC, p.id", "p.sort_date, p.id DESC"),
}
SETS = {
    "starred": "SELECT paper_id FROM states WHERE starred = 1",
    "seen": "SELECT paper_id FROM seen",
    "buried": "SELECT paper_id FROM states WHERE buried_until IS NOT NULL AND buried_until > :now",
    "came_back": "SELECT paper_id FROM states WHERE buried_until <= :now",
    "muted": "SELECT paper_id FROM muted",
    "queued": "SELECT paper_id FROM queue",
    "tagged": "SELECT paper_id FROM paper_tags",
    "has_note": "SELECT paper_id FROM notes",
    "has_highlights": "SELECT paper_id FROM highlights",
}
_PAGES = """
SELECT l.id, (SELECT group_concat(paper_id) FROM
    (SELECT s.paper_id FROM sightings s WHERE s.listing_id = l.id ORDER BY s.position)) AS papers
FROM listings l WHERE (:given IS NULL OR l.id IN (SELECT value FROM json_each(:given)))
ORDER BY coalesce(l.heading_date, substr(l.imported, 1, 10)) DESC, l.id DESC
"""
# There is seldom any, and counting shows that seven times as fast.
_LISTED_NOWHERE = """
SELECT id FROM papers WHERE (SELECT count(*) FROM papers) > (SELECT count(DISTINCT paper_id) FROM sightings)
    AND id NOT IN (SELECT paper_id FROM sightings)
"""
_LISTED_OFTEN = f"""
SELECT paper_id, count(DISTINCT listing_id) FROM sightings WHERE paper_id IN
    (SELECT paper_id FROM sightings GROUP BY paper_id HAVING count(*) > 1) GROUP BY paper_id
UNION ALL SELECT id, 0 FROM ({_LISTED_NOWHERE})
"""
_ON_PAGES = """
SELECT s.paper_id FROM subscriptions b JOIN listings l ON l.page_kind = b.kind AND l.page_argument = b.argument
    JOIN sightings s ON s.listing_id = l.id WHERE b.id = {0}
"""
_MANY = 1_000
_PIECE = 8 << 10
"""A number of characters."""


@dataclass(slots=True)
class _Conditions:
    """SQL conditions on ``p`` (papers) and their parameters."""

    sql: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, sql: str, value: str | int | None = None) -> None:
        """Add a condition; ``{0}`` in it stands for the parameter."""
        if value is not None:
            name = f"p{len(self.parameters)}"
            self.parameters[name] = value
            sql = sql.format(f":{name}")
        self.sql.append(sql)

    def where(self) -> str:
        """The ``WHERE`` clause, if any."""
        return f" WHERE {' AND '.join(self.sql)}" if self.sql else ""


def select_ids(connection: sqlite3.Connection, which: PaperFilter, sort: PaperSort, now: str) -> array[int]:
    """The ids of the papers that match a filter, in order."""
    # For many ids it is faster to read all papers that match and to pick from them here.
    if which.ids is not None and len(which.ids) > _MANY:
        wanted = set(which.ids)
        found = select_ids(connection, replace(which, ids=None), sort, now)
        return array("q", [paper_id for paper_id in found if paper_id in wanted])
    if sort.by is SortBy.QUEUE:
        return _in_queue_order(connection, which, sort.reverse, now)
    if sort.by is SortBy.LISTING:
        return _in_listing_order(connection, which, sort.reverse, now)
    if sort.by is SortBy.SIGHTINGS:
        return _in_sighting_order(connection, which, sort.reverse, now)
    return _ordered(connection, which, _ORDERS[sort.by][sort.reverse], now)


def by_listing(connection: sqlite3.Connection, ids: Sequence[int]) -> list[tuple[int | None, array[int]]]:
    """Papers grouped by the newest listing that has each, in the order given; papers without a listing come last."""
    pages = [(listing, papers) for listing, papers in connection.execute(_PAGES, {"given": None}) if papers]
    # The pages come newest first, so the first one that has a paper is its group.
    home: dict[int, int] = {}
    groups: dict[int | None, array[int]] = {}
    for listing, papers in pages:
        groups[listing] = array("q")
        for paper_id in map(int, papers.split(",")):
            home.setdefault(paper_id, listing)
    groups[None] = array("q")
    for paper_id in ids:
        groups[home.get(paper_id)].append(paper_id)
    return [(listing, group) for listing, group in groups.items() if group]


def buried_ids(connection: sqlite3.Connection, now: str) -> array[int]:
    """The papers hidden until a moment still to come, the next to return first."""
    sql = f"SELECT paper_id AS id FROM states WHERE paper_id IN ({SETS['buried']}) ORDER BY buried_until, paper_id"
    return read_ids(connection, sql, {"now": now})


def _ordered(connection: sqlite3.Connection, which: PaperFilter, order: str, now: str) -> array[int]:
    """The ids of the papers that match a filter, ordered by columns of ``papers``."""
    conditions = _conditions(which, now)
    sql = f"SELECT p.id AS id FROM papers p{conditions.where()} ORDER BY {order}"
    return read_ids(connection, sql, conditions.parameters)


def read_ids(connection: sqlite3.Connection, sql: str, parameters: dict[str, Any]) -> array[int]:
    """The ids that a query returns in its column ``id``, in order."""
    joined = connection.execute(f"SELECT group_concat(id) FROM ({sql})", parameters).fetchone()[0] or ""
    ids, start = array("q"), 0
    while start < len(joined):
        # One piece at a time, because nothing else runs in Python while numbers are parsed: 20 ms for 100,000.
        end = joined.find(",", start + _PIECE)
        end = len(joined) if end < 0 else end
        ids.extend(map(int, joined[start:end].split(",")))
        start = end + 1
    return ids


def papers_where(which: PaperFilter, index: str = "") -> str:
    """SQL for the papers ``p`` that match a filter without parameters of its own; ``:now`` is still to be given.

    ``index`` is the database index to scan, for a query that needs only its columns.
    """
    conditions = _conditions(which, "")
    assert conditions.parameters.keys() == {"now"}
    return f"papers p{f' INDEXED BY {index}' if index else ''}{conditions.where()}"


def _conditions(which: PaperFilter, now: str) -> _Conditions:
    """The conditions of a filter."""
    conditions = _Conditions(parameters={"now": now})
    _add_states(conditions, which)
    for name in ("starred", "buried", "came_back", "muted", "queued", "tagged", "has_note", "has_highlights"):
        _add_set(conditions, name, getattr(which, name))
    for name in which.tags:
        _add_tag(conditions, name)
    if which.listed_before is not None:
        conditions.add(f"{_LAST_LISTED} < {{0}}", which.listed_before)
    if which.listing_ids is not None:
        sighted = "SELECT paper_id FROM sightings WHERE listing_id IN (SELECT value FROM json_each({0}))"
        conditions.add(f"p.id IN ({sighted})", id_list(which.listing_ids))
    if which.subscription_id is not None:
        conditions.add(f"p.id IN ({_ON_PAGES})", which.subscription_id)
    if which.ids is not None:
        conditions.add("p.id IN (SELECT value FROM json_each({0}))", id_list(which.ids))
    return conditions


def _add_set(conditions: _Conditions, name: str, wanted: bool | None) -> None:
    """Add the condition that papers are in a set, or outside it."""
    if wanted is not None:
        conditions.add(f"p.id {'IN' if wanted else 'NOT IN'} ({SETS[name]})")


def _add_states(conditions: _Conditions, which: PaperFilter) -> None:
    """Add conditions on states and on seen; a paper without a row is in the inbox."""
    _add_handled(conditions, which)
    if which.states is None:
        return
    inside = PaperState.INBOX not in which.states
    listed = [state for state in PaperState if (state in which.states) is inside]
    if listed or inside:
        names = ", ".join(f"'{state.value}'" for state in listed)
        rows = f"SELECT paper_id FROM states WHERE state IN ({names})"
        conditions.add(f"p.id {'IN' if inside else 'NOT IN'} ({rows})")


def _add_handled(conditions: _Conditions, which: PaperFilter) -> None:
    """Add conditions on seen and settled; papers are looked up one by one, so that their order needs no sorting."""
    if which.settled is False and which.seen is False:
        conditions.add("p.id NOT IN (SELECT paper_id FROM handled)")
    elif which.settled is False and which.seen:
        conditions.add("EXISTS (SELECT 1 FROM handled h WHERE h.paper_id = p.id AND h.settled = 0)")
    else:
        _add_set(conditions, "seen", which.seen)
        if which.settled is not None:
            is_settled = "EXISTS (SELECT 1 FROM handled h WHERE h.paper_id = p.id AND h.settled = 1)"
            conditions.add(is_settled if which.settled else f"NOT {is_settled}")


def _add_tag(conditions: _Conditions, name: str) -> None:
    """Add the condition that papers have a tag or any tag below it."""
    fold = fold_tag(name.strip())
    # “0” is the character after “/”: this range contains exactly the tags below this one, and uses the index.
    low, high = f"{fold}/", f"{fold}0"
    start = len(conditions.parameters)
    conditions.parameters |= {f"t{start}": fold, f"t{start}l": low, f"t{start}h": high}
    tags = f"SELECT id FROM tags WHERE fold = :t{start} OR (fold >= :t{start}l AND fold < :t{start}h)"
    conditions.add(f"p.id IN (SELECT paper_id FROM paper_tags WHERE tag_id IN ({tags}))")


def _in_queue_order(connection: sqlite3.Connection, which: PaperFilter, reverse: bool, now: str) -> array[int]:
    """The queue in its order, then the papers outside it by date."""
    conditions = _conditions(which, now)
    order = "q.position DESC, p.id DESC" if reverse else "q.position, p.id"
    sql = (
        # SQLite does not reorder a CROSS JOIN: it goes through the queue, which is short, instead of all papers.
        f"SELECT p.id AS id FROM queue q CROSS JOIN papers p ON p.id = q.paper_id{conditions.where()} ORDER BY {order}"
    )
    queued = read_ids(connection, sql, conditions.parameters)
    if which.queued:
        return queued
    inside = set(queued)
    rest = _ordered(connection, which, _ORDERS[SortBy.DATE][False], now)
    return queued + array("q", [paper_id for paper_id in rest if paper_id not in inside])


def _in_sighting_order(connection: sqlite3.Connection, which: PaperFilter, reverse: bool, now: str) -> array[int]:
    """By number of listings, then by upvotes; counted only for papers with several listings, which are few."""
    order = _ordered(connection, which, _ORDERS[SortBy.UPVOTES][reverse], now)
    counts = dict(connection.execute(_LISTED_OFTEN).fetchall())
    # Sorting is stable: papers with the same number of listings stay in the order by upvotes.
    sign = 1 if reverse else -1
    return array("q", sorted(order, key=lambda paper_id: sign * counts.get(paper_id, 1)))


def _in_listing_order(connection: sqlite3.Connection, which: PaperFilter, reverse: bool, now: str) -> array[int]:
    """Listing by listing, each in the page's own order, a paper at its first place; then papers without listing."""
    given = None if which.listing_ids is None else id_list(which.listing_ids)
    pages = {listing: papers for listing, papers in connection.execute(_PAGES, {"given": given}) if papers}
    listings = list(pages) if which.listing_ids is None else which.listing_ids
    shown = ",".join(pages[listing] for listing in listings if listing in pages)
    order = list(dict.fromkeys(map(int, shown.split(",")))) if shown else []
    if replace(which, listing_ids=None) != PaperFilter():
        allowed = dict.fromkeys(_ordered(connection, which, "p.id", now))
        listed = dict.fromkeys(paper_id for paper_id in order if paper_id in allowed)
        order = [*listed, *(paper_id for paper_id in allowed if paper_id not in listed)]
    elif which.listing_ids is None:
        order += read_ids(connection, f"{_LISTED_NOWHERE} ORDER BY id", {})
    return array("q", reversed(order) if reverse else order)
