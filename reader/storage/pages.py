"""Listings that are pages of subscriptions: which listing a page is, and bringing it up to date.

A page fetched again is the same listing: its sightings get the present positions, comments and upvotes, and what these
were on earlier days is kept, once a day. Days are those of UTC, as all times in a library. What left the page keeps its
sighting.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from reader.domain.preparation import ListingHeader, PreparedRecord
from reader.domain.records import LineRange, Problem
from reader.domain.subscriptions import PageName
from reader.storage.writer import Writer, id_list

_SHOWN = ("position", "first_line", "last_line", "comments", "upvotes", "submitted_by", "published_shown")
_ACCOUNT = ("account_unit", "account_total", "account_records", "account_furniture", "account_problems")
_SIGHTINGS = (
    f"SELECT id, paper_id, since, {', '.join(_SHOWN)} FROM sightings WHERE listing_id = ? ORDER BY position, id"
)
_PAPERS = "SELECT id, paper_id FROM sightings WHERE listing_id = ? ORDER BY position, id"
_UPDATE = f"UPDATE sightings SET {', '.join(f'{column} = ?' for column in _SHOWN)}, since = ? WHERE id = ?"
_EARLIER = """
INSERT INTO earlier_sightings (listing_id, paper_id, day, position, comments, upvotes) VALUES (?, ?, ?, ?, ?, ?)
"""
_OF_PAGE = "SELECT id FROM listings WHERE page_kind = ? AND page_argument = ? AND page = ?"
_OF_BYTES = """
SELECT id FROM listings WHERE sha256 = :sha256 UNION ALL
SELECT listing_id FROM listing_fetches WHERE sha256 = :sha256 UNION ALL
SELECT l.id FROM page_copies c JOIN listings l
    ON l.page_kind = c.kind AND l.page_argument = c.argument AND l.page = c.page WHERE c.sha256 = :sha256 LIMIT 1
"""
_NAMES = """
SELECT id, sha256, page_kind, page_argument, page FROM listings WHERE id IN (SELECT value FROM json_each(?))
"""
_FETCH = "INSERT INTO listing_fetches (listing_id, sha256, fetched)"
_NEWEST_FETCH = "SELECT sha256 FROM listing_fetches WHERE listing_id = ? ORDER BY id DESC LIMIT 1"
_OF_NEWEST = """
SELECT f.listing_id FROM listing_fetches f WHERE f.sha256 = ? AND f.id =
    (SELECT max(id) FROM listing_fetches WHERE listing_id = f.listing_id)
"""
_ON_DAY = """
SELECT s.paper_id, s.upvotes - iif(coalesce(s.since, substr(l.imported, 1, 10)) <= :day, s.upvotes,
    (SELECT e.upvotes FROM earlier_sightings e WHERE e.listing_id = s.listing_id AND e.paper_id = s.paper_id
     AND e.day <= :day ORDER BY e.day DESC, e.id DESC LIMIT 1))
FROM sightings s JOIN listings l ON l.id = s.listing_id
WHERE s.paper_id IN (SELECT value FROM json_each(:papers)) AND s.since IS NOT NULL
"""


@dataclass(slots=True)
class _Stored:
    """A sighting as it is stored: its id, the day from which its figures are, and the columns of ``_SHOWN``."""

    id: int
    since: str | None
    shown: tuple[object, ...]


@dataclass(slots=True)
class PageSightings:
    """The sightings of a page that is brought up to date, by paper, and the changes to write."""

    listing_id: int
    first_day: str
    today: str
    stored: dict[int, list[_Stored]] = field(default_factory=lambda: defaultdict(list))
    _updates: list[tuple[object, ...]] = field(default_factory=list)
    _earlier: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def since_today(self) -> str | None:
        """The day from which the figures of a paper are that the page did not show before; None on its first day."""
        return None if self.today == self.first_day else self.today

    def is_recounted(self, paper_id: int, record: PreparedRecord) -> bool:
        """Whether the page counts comments or upvotes of a paper otherwise than before."""
        known = self.stored.get(paper_id)
        return not known or known[0].shown[3:5] != (record.record.comments, record.record.upvotes)

    def take(self, paper_id: int, shown: tuple[object, ...]) -> bool:
        """Note that the page shows a paper, with the columns of ``_SHOWN``; False if it has no sighting of it yet."""
        known = self.stored.get(paper_id)
        if not known:
            return False
        before = known.pop(0)
        if before.shown == shown:
            return True
        since, figures = before.since or self.first_day, _figures(before.shown)
        if figures != _figures(shown):
            if since < self.today:
                self._earlier.append((self.listing_id, paper_id, since, *figures))
            since = max(since, self.today)
        self._updates.append((*shown, since if since != self.first_day else before.since, before.id))
        return True

    def write(self, writer: Writer) -> None:
        """Write what was noted so far."""
        writer.executemany(_EARLIER, self._earlier)
        writer.executemany(_UPDATE, self._updates)
        self._updates.clear()
        self._earlier.clear()

    def follow_merges(self, writer: Writer) -> None:
        """Find the sightings again that a merge of papers has moved, here or in another process."""
        left = {stored.id: stored for known in self.stored.values() for stored in known}
        self.stored.clear()
        for row_id, paper_id in writer.execute(_PAPERS, (self.listing_id,)):
            if row_id in left:
                self.stored[paper_id].append(left[row_id])


def load_sightings(writer: Writer, listing_id: int) -> PageSightings:
    """The sightings of a page, before it is brought up to date."""
    imported = writer.execute("SELECT imported FROM listings WHERE id = ?", (listing_id,)).fetchone()[0]
    page = PageSightings(listing_id, imported[:10], writer.now[:10])
    for row_id, paper_id, since, *shown in writer.execute(_SIGHTINGS, (listing_id,)):
        page.stored[paper_id].append(_Stored(row_id, since, tuple(shown)))
    return page


def listing_of_page(connection: sqlite3.Connection, page: PageName) -> int | None:
    """The listing that a page is; None if it was never stored."""
    row = connection.execute(_OF_PAGE, (page.kind, page.argument, page.page)).fetchone()
    return None if row is None else int(row[0])


def listing_of_bytes(connection: sqlite3.Connection, sha256: str) -> int | None:
    """The listing that was made from a file's bytes, or that some fetch of its page consisted of."""
    row = connection.execute(_OF_BYTES, {"sha256": sha256}).fetchone()
    return None if row is None else int(row[0])


def listing_names(connection: sqlite3.Connection, listing_ids: Collection[int]) -> dict[int, str]:
    """What listings are called alike in every library, by id: their pages, else the digests of their files."""
    rows = connection.execute(_NAMES, (id_list(listing_ids),))
    return {row[0]: row[1] if row[4] is None else f"page:{row[2]}/{row[3]}/{row[4]}" for row in rows}


def newest_fetch(connection: sqlite3.Connection, listing_id: int) -> str | None:
    """The digest of the newest bytes of a page; None for a file's listing."""
    row = connection.execute(_NEWEST_FETCH, (listing_id,)).fetchone()
    return None if row is None else str(row[0])


def listing_of_newest(connection: sqlite3.Connection, sha256: str) -> int | None:
    """The listing whose newest bytes these are; None if there is none, or if it has others by now."""
    row = connection.execute(_OF_NEWEST, (sha256,)).fetchone()
    return None if row is None else int(row[0])


def name_page(writer: Writer, listing_id: int, page: PageName) -> bool:
    """Make a listing that came from a file the listing of a page; False if it is that of a page already."""
    sql = "UPDATE listings SET page_kind = ?, page_argument = ?, page = ? WHERE id = ? AND page IS NULL"
    is_named = writer.execute(sql, (page.kind, page.argument, page.page, listing_id)).rowcount == 1
    if is_named:
        writer.execute(f"{_FETCH} SELECT id, sha256, imported FROM listings WHERE id = ?", (listing_id,))
    return is_named


def note_fetch(writer: Writer, listing_id: int, sha256: str) -> None:
    """Record the bytes of a fetch that changed its listing, or brought it."""
    insert_fetch(writer, listing_id, sha256, writer.now)


def insert_fetch(writer: Writer, listing_id: int, sha256: str, fetched: str) -> None:
    """Record the bytes of a fetch of that time as the newest."""
    writer.execute(f"{_FETCH} VALUES (?, ?, ?)", (listing_id, sha256, fetched))


def note_copy(writer: Writer, page: PageName, sha256: str) -> None:
    """Record bytes of a page that say what the library knows."""
    sql = "INSERT OR IGNORE INTO page_copies (sha256, kind, argument, page) VALUES (?, ?, ?, ?)"
    writer.execute(sql, (sha256, page.kind, page.argument, page.page))


def update_account(writer: Writer, listing_id: int, header: ListingHeader) -> None:
    """Make the account and the problems of a listing those of its newest bytes."""
    account = header.account
    values = (account.unit.value, account.total, account.records, account.boilerplate, account.problems)
    differs = " OR ".join(f"{column} <> ?" for column in _ACCOUNT)
    assignments = ", ".join(f"{column} = ?" for column in _ACCOUNT)
    writer.execute(f"UPDATE listings SET {assignments} WHERE id = ? AND ({differs})", (*values, listing_id, *values))
    if stored_problems(writer.db.conn, listing_id) != header.problems:
        writer.execute("DELETE FROM listing_problems WHERE listing_id = ?", (listing_id,))
        insert_problems(writer, listing_id, header.problems)


def insert_problems(writer: Writer, listing_id: int, problems: Collection[Problem]) -> None:
    """Store what of a listing was not understood."""
    writer.executemany(
        "INSERT INTO listing_problems (listing_id, first_line, last_line, reason, text) VALUES (?, ?, ?, ?, ?)",
        [(listing_id, item.lines.first, item.lines.last, item.reason, item.text) for item in problems],
    )


def stored_problems(connection: sqlite3.Connection, listing_id: int) -> tuple[Problem, ...]:
    """What of a listing was not understood, in the order in which it was stored."""
    sql = "SELECT first_line, last_line, reason, text FROM listing_problems WHERE listing_id = ? ORDER BY id"
    return tuple(Problem(LineRange(row[0], row[1]), row[2], row[3]) for row in connection.execute(sql, (listing_id,)))


def upvotes_since(connection: sqlite3.Connection, paper_ids: Collection[int], day: str) -> Mapping[int, int]:
    """By how much the upvotes of papers have changed since a ``day`` (ISO 8601), as far as pages tell; without zeros.

    Of several pages that show a paper the largest change counts.
    """
    found: dict[int, int] = {}
    for paper_id, change in connection.execute(_ON_DAY, {"papers": id_list(paper_ids), "day": day}):
        if change and (paper_id not in found or change > found[paper_id]):
            found[paper_id] = change
    return found


def day_before(moment: str) -> str:
    """The day before that of a moment (ISO 8601)."""
    return (date.fromisoformat(moment[:10]) - timedelta(days=1)).isoformat()


def _figures(shown: tuple[object, ...]) -> tuple[object, ...]:
    """Of the columns of ``_SHOWN`` those that are kept of earlier days."""
    return shown[0], shown[3], shown[4]
