"""Joining two libraries' listings of one page: their papers together, and of each paper the figures of every day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from reader.domain.subscriptions import PageName
from reader.domain.transfer import TransferEarlier, TransferListing, TransferSighting
from reader.storage import pages
from reader.storage.writer import Writer

_OURS = """
SELECT s.id, coalesce(s.since, substr(l.imported, 1, 10)), s.position, s.comments, s.upvotes
FROM sightings s JOIN listings l ON l.id = s.listing_id WHERE s.listing_id = ? AND s.paper_id = ? ORDER BY s.id LIMIT 1
"""
_EARLIER = "SELECT day, position, comments, upvotes FROM earlier_sightings WHERE listing_id = ? AND paper_id = ?"
_KEPT = """
INSERT INTO earlier_sightings (listing_id, paper_id, day, position, comments, upvotes) VALUES (?, ?, ?, ?, ?, ?)
"""
_UPDATE = "UPDATE sightings SET position = ?, comments = ?, upvotes = ?, since = ? WHERE id = ?"
_FETCHES = "SELECT sha256, fetched FROM listing_fetches WHERE listing_id = ? ORDER BY id"
Figures = tuple[int, int | None, int | None]
"""Position, comments and upvotes."""


class JoinedPage(NamedTuple):
    """A page's listing here, the day of its first fetch in the other library, and whether the other's is newer."""

    listing_id: int
    first_day: str
    is_newer: bool


def join_page(writer: Writer, listing: TransferListing, here: int) -> JoinedPage | None:
    """Join a listing with the one that is here; None if it is no page.

    The fetches of both are known afterwards; the newest is that of whichever library fetched last.
    """
    page = listing.page
    if page is None:
        return None
    pages.name_page(writer, here, page)
    ours: dict[str, str] = dict(writer.execute(_FETCHES, (here,)).fetchall())
    newest = max(ours.values(), default="")
    theirs = {fetch.sha256: fetch.fetched for fetch in listing.fetches}
    is_newer = max(theirs.values(), default="") > newest
    for fetch in listing.fetches:
        if fetch.sha256 not in ours:
            if is_newer:
                pages.insert_fetch(writer, here, fetch.sha256, fetch.fetched)
            else:
                pages.note_copy(writer, page, fetch.sha256)
    return JoinedPage(here, listing.imported[:10], is_newer)


def page_here(writer: Writer, page: PageName | None, sha256: str) -> int | None:
    """The listing here that is the same page, or was made from the same bytes."""
    connection = writer.db.conn
    of_page = None if page is None else pages.listing_of_page(connection, page)
    return of_page if of_page is not None else pages.listing_of_bytes(connection, sha256)


def join_sighting(
    writer: Writer, joined: JoinedPage, paper_id: int, seen: TransferSighting, earlier: tuple[TransferEarlier, ...]
) -> bool:
    """Join a paper's sighting on a page with the one that is here; False if none is."""
    row = writer.execute(_OURS, (joined.listing_id, paper_id)).fetchone()
    if row is None:
        return False
    sighting_id, since, *figures = row
    kept = {each[0]: each[1:] for each in writer.execute(_EARLIER, (joined.listing_id, paper_id))}
    ours = {**kept, since: tuple(figures)}
    theirs: dict[str, Figures] = {each.day: (each.position, each.comments, each.upvotes) for each in earlier}
    theirs[seen.since or joined.first_day] = (seen.position, seen.comments, seen.upvotes)
    every: Mapping[str, Figures] = {**ours, **theirs} if joined.is_newer else {**theirs, **ours}
    newest = max(every)
    if (newest, every[newest]) != (since, tuple(figures)):
        writer.execute(_UPDATE, (*every[newest], newest, sighting_id))
    for day in every.keys() - kept.keys() - {newest}:
        writer.execute(_KEPT, (joined.listing_id, paper_id, day, *every[day]))
    return True
