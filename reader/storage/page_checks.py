"""What pages were when last fetched, and what their servers sent along; not journalled, as undo forgets no look.

Validators (``ETag``, ``Last-Modified``) belong to certain bytes. They are used only as long as the library has these
bytes as the newest of their page, so that a page whose fetch was undone is fetched again whole.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from reader.domain.subscriptions import PageName
from reader.storage import pages
from reader.storage.subject import Subject

_CHECK = "SELECT sha256, validators, checked, records FROM page_checks WHERE kind = ? AND argument = ? AND page = ?"
_NOTE = """
INSERT INTO page_checks (kind, argument, page, sha256, validators, checked, records) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, argument, page) DO UPDATE SET sha256 = excluded.sha256, validators = excluded.validators,
    checked = excluded.checked, records = excluded.records
    WHERE (sha256, validators, records) IS NOT (excluded.sha256, excluded.validators, excluded.records)
"""
_NEWEST_PAGE = "SELECT max(page) FROM listings WHERE page_kind = ? AND page_argument = ?"


@dataclass(frozen=True, slots=True)
class PageCheck:
    """The last look at a page: the bytes that the library had of it then, their validators, and their records.

    ``listing_id`` is the listing whose newest bytes these are, None for a page without papers.
    """

    sha256: str
    validators: str
    records: int
    listing_id: int | None


class PageChecks(Subject):
    """The looks at pages, by the names under which they were asked for."""

    def usable(self, page: PageName) -> PageCheck | None:
        """The last look at a page, if the library still has what it saw; None if the page is to be fetched whole."""
        return self._read(_usable, page)

    def newest_page(self, kind: str, argument: str) -> str:
        """The last of a subscription's pages that is a listing; empty if none is."""
        (row,) = self._rows(_NEWEST_PAGE, (kind, argument))
        return str(row[0] or "")

    def note(self, page: PageName, sha256: str, validators: str, records: int) -> None:
        """Record what a look at a page saw: the newest bytes that the library has of it, and what belongs to them.

        A look that saw what the one before saw changes no row.
        """
        with self._store.unrecorded() as writer:
            row = (page.kind, page.argument, page.page, sha256, validators, writer.now, records)
            writer.execute(_NOTE, row)


def _usable(connection: sqlite3.Connection, page: PageName) -> PageCheck | None:
    row = connection.execute(_CHECK, (page.kind, page.argument, page.page)).fetchone()
    if row is None:
        return None
    sha256, validators, _, records = row
    listing_id = pages.listing_of_newest(connection, sha256)
    if records and listing_id is None:
        return None
    return PageCheck(sha256, validators, records, listing_id)
