"""The copies of imported files that a library still needs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from reader.storage.cancellation import reading

_NAMED = """
SELECT sha256 FROM listings UNION
SELECT sha256 FROM listing_fetches f
WHERE id = (SELECT max(id) FROM listing_fetches WHERE listing_id = f.listing_id) UNION
SELECT sha256 FROM listing_fetches WHERE id IN (SELECT row_id FROM journal WHERE table_name = 'listing_fetches') UNION
SELECT json_extract(image, '$.sha256') FROM (
    SELECT before AS image FROM journal WHERE table_name IN ('listings', 'listing_fetches') UNION ALL
    SELECT after FROM journal WHERE table_name IN ('listings', 'listing_fetches')
) WHERE json_valid(image)
"""
_LISTED = (
    "SELECT sha256 FROM listings", "SELECT sha256 FROM listings NOT INDEXED", "SELECT sha256 FROM listing_fetches",
)  # fmt: skip


def named_sources(connection: sqlite3.Connection) -> frozenset[str]:
    """The SHA-256 of every file that a listing refers to, or that a kept step needs to bring its listing back.

    Of a page's fetches these are the first, the newest, and each that a kept step names.
    """
    return frozenset(row[0] for row in connection.execute(_NAMED) if row[0])


def named_sources_of(path: Path) -> frozenset[str]:
    """The same for a library's database that is not open; raises :class:`~reader.domain.errors.LibraryError`."""
    with reading(path) as connection:
        return named_sources(connection)


def listed_sources(connection: sqlite3.Connection) -> frozenset[str]:
    """The files that listings refer to, as far as a damaged database can be read; its index may be intact."""
    found: set[str] = set()
    for sql in _LISTED:
        with suppress(sqlite3.Error):
            for row in connection.execute(sql):
                found.add(str(row[0]))
    return frozenset(found)
