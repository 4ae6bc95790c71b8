"""What the storage's tests share: a clock that ticks, invented listings, and the content of whole databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reader.domain.changes import StoredListing
from reader.domain.dates import PartialDate
from reader.domain.folding import fold_title
from reader.domain.preparation import SOURCE_RANK, TEXT_RANK, ListingHeader, PreparedRecord
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Organization, Problem
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.store import LibraryStore

ASIDE = {
    "operations",
    "journal",
    "recording",
    "note_revisions",
    "index_pending",
    "news",
    "documents",
    "_sqlite_migrations",
}
"""Tables that undo leaves aside."""


def titled(text: str) -> StepTitle:
    """The title of a step that only a test makes."""
    return StepKind.TEXT(text=text)


class TickingClock:
    """Every look at it is a second later than the one before."""

    def __init__(self, start: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


def paper(
    title: str,
    abstract: str | None = None,
    *,
    line: int = 1,
    published: PartialDate | None = None,
    year: int | None = None,
    guessed: bool = False,
    **fields: Any,
) -> PreparedRecord:
    """A record as a parser and its preparation would give it."""
    organization = fields.pop("organization", None)
    record = ListingRecord(
        title=title,
        abstract=f"We study {title}. It works." if abstract is None else abstract,
        lines=LineRange(line, line + 2),
        published=published,
        organization=Organization(*organization) if organization else None,
        **fields,
    )
    date = None
    if published is not None:
        whole = published if published.year is not None or year is None else published.with_year(year)
        date = whole.iso() if whole.year is not None else None
    return PreparedRecord(record, fold_title(title), date, guessed, fields.get("code_urls", ()))


def header(
    name: str,
    *,
    rank: int = TEXT_RANK,
    day: str | None = None,
    heading: PartialDate | None = None,
    year: int | None = None,
    guessed: bool = False,
    problems: tuple[Problem, ...] = (),
) -> ListingHeader:
    """A listing's header; its digest is made from its name."""
    return ListingHeader(
        sha256=f"sha-{name}",
        name=name,
        format="api" if rank == SOURCE_RANK else "plain",
        query=None,
        source_url=None,
        heading=heading,
        heading_date=day,
        year=year,
        year_inferred=heading is not None and heading.year is None,
        year_guessed=guessed,
        year_given=False,
        encoding="utf-8",
        encoding_uncertain=False,
        file_name=f"{name}.txt",
        source_modified=None,
        account=LineAccount(AccountUnit.LINES, 10, 8, 2, 0),
        problems=problems,
        rank=rank,
    )


def add(
    store: LibraryStore, name: str, *records: PreparedRecord, kind: str = "import", **options: Any
) -> StoredListing:
    """Add a listing as a step of its own."""
    operation = store.begin_operation(titled(f"import {name}"), kind)
    return store.listings.add(header(name, **options), records, operation)


def fill(store: LibraryStore, count: int = 5, name: str = "page") -> list[int]:
    """Add a listing of so many papers; their ids in the page's order."""
    stored = add(store, name, *(paper(f"On {name} subject {number}") for number in range(count)))
    return listing_ids(store, stored.listing_id)


def listing_ids(store: LibraryStore, listing_id: int) -> list[int]:
    """A listing's papers in the page's order."""
    sections = store.listings.sections([listing_id])
    return sorted(sections[0].new_ids + sections[0].known_ids)


def content(store: LibraryStore) -> dict[str, list[tuple[Any, ...]]]:
    """Every committed row of every table but those that undo leaves aside."""
    return _read(store._readers.get(), ASIDE)


def read_tables(path: Path, *, leave_out: Iterable[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the tables of a database file, in the order of their keys."""
    with closing(sqlite3.connect(path)) as connection:
        return _read(connection, leave_out)


def _read(connection: sqlite3.Connection, leave_out: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = sorted({row[0] for row in names} - set(leave_out))
    return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in tables}


def query(store: LibraryStore, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Ask the database directly."""
    with closing(sqlite3.connect(store.path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def write(store: LibraryStore, sql: str, *parameters: Any) -> None:
    """Change the database by another path than the store, outside any step."""
    with closing(sqlite3.connect(store.path)) as connection, connection:
        connection.execute(sql, parameters)


def check_derived(store: LibraryStore) -> None:
    """What is derived is what it is derived from, and no row points at nothing."""
    settled = dict(query(store, "SELECT paper_id, imported FROM seen"))
    settled |= dict(query(store, "SELECT paper_id, 1 FROM states WHERE state <> 'inbox'"))
    assert dict(query(store, "SELECT paper_id, settled FROM handled")) == settled
    queued = "SELECT paper_id FROM states WHERE state = 'queued' ORDER BY 1"
    assert query(store, "SELECT paper_id FROM queue ORDER BY 1") == query(store, queued)
    assert query(store, "PRAGMA foreign_key_check") == []
    assert query(store, "SELECT paper_id FROM muted WHERE paper_id NOT IN (SELECT id FROM papers)") == []
    assert query(store, "SELECT operation_id FROM recording") == [(None,)]
    assert query(store, "PRAGMA integrity_check") == [("ok",)]
