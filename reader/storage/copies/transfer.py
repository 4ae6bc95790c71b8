"""A library as values that another library can take over: reading them, and the store's face for both ways."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from typing import Any

from reader.domain.batches import batches
from reader.domain.bibliography import Publication
from reader.domain.exports import PaperStamp
from reader.domain.records import AccountUnit, LineAccount, LineRange, Organization, Problem
from reader.domain.subscriptions import PageName
from reader.domain.transfer import (
    TransferDocument,
    TransferEarlier,
    TransferFetch,
    TransferItem,
    TransferListing,
    TransferNote,
    TransferPaper,
    TransferReport,
    TransferSighting,
)
from reader.storage.content import COLUMNS
from reader.storage.copies.merge import TakingOver
from reader.storage.copies.rows import ACCOUNT_COLUMNS, LISTING_COLUMNS, PAGE_COLUMNS, Row, rows, value_of
from reader.storage.fingerprints import paper_stamps
from reader.storage.highlights import COLUMNS as HIGHLIGHT_COLUMNS
from reader.storage.highlights import highlight_of, read_labels
from reader.storage.journal.journal import OperationHandle, Step
from reader.storage.mute_rules import read_mute_rules
from reader.storage.saved_searches import read_saved_searches
from reader.storage.subscriptions import read_subscriptions
from reader.storage.tags import read_tags
from reader.storage.writer import id_list

_LISTINGS = (
    f"SELECT {', '.join(f'l.{column}' for column in ('id', *LISTING_COLUMNS, *ACCOUNT_COLUMNS, *PAGE_COLUMNS))} "
    "FROM listings l"
)
_OF_PAPERS = "WHERE l.id IN (SELECT listing_id FROM sightings WHERE paper_id IN (SELECT value FROM json_each(?)))"
_FETCHES = "SELECT sha256, fetched FROM listing_fetches WHERE listing_id = ? ORDER BY id"
_PROBLEMS = "SELECT first_line, last_line, reason, text FROM listing_problems WHERE listing_id = ? ORDER BY id"

_BATCH = 500
Read = Callable[..., Any]

_PAPERS = f"""
SELECT {", ".join(f"p.{column}" for column in COLUMNS)},
    coalesce(st.state, 'inbox') AS state, st.changed AS state_changed, coalesce(st.starred, 0) AS starred,
    st.starred_changed, st.buried_until, s.seen_at, iif(s.paper_id IS NULL, 0, s.imported) AS imported_as_seen,
    n.text, n.created, n.changed, (SELECT citation_key FROM citation_keys WHERE paper_key = p.key) AS citation_key,
    (SELECT sha256 FROM listings WHERE id = p.first_listing_id) AS first_listing
FROM json_each(?) AS given JOIN papers p ON p.id = given.value
LEFT JOIN states st ON st.paper_id = p.id LEFT JOIN notes n ON n.paper_id = p.id
LEFT JOIN seen s ON s.paper_id = p.id ORDER BY given.key
"""
_DETAILS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "aliases": ("key", "paper_aliases WHERE paper_id {given} ORDER BY paper_id, id", str),
    "tags": (
        "name",
        "paper_tags JOIN tags ON tags.id = tag_id WHERE paper_id {given} ORDER BY paper_id, fold",
        str,
    ),
    "highlights": (
        HIGHLIGHT_COLUMNS,
        "highlights h JOIN highlight_labels l ON l.id = label_id WHERE paper_id {given} ORDER BY paper_id, h.id",
        lambda *columns: highlight_of(columns),
    ),
    "documents": (
        "sha256, size, page_count, text_sha256, annotations, origin, address, attached",
        "paper_documents pd JOIN documents d ON d.id = document_id WHERE paper_id {given} ORDER BY paper_id, pd.id",
        lambda *columns: TransferDocument(*(*columns[:4], tuple(json.loads(columns[4])), *columns[5:])),
    ),
    "sightings": (
        "sha256, position, first_line, last_line, comments, upvotes, submitted_by, published_shown, since",
        "sightings s JOIN listings l ON l.id = listing_id WHERE paper_id {given} ORDER BY paper_id, s.id",
        lambda listing, position, first, last, *rest: TransferSighting(
            listing, position, LineRange(first, last), *rest
        ),
    ),
    "earlier": (
        "sha256, day, position, comments, upvotes",
        "earlier_sightings e JOIN listings l ON l.id = listing_id WHERE paper_id {given} ORDER BY paper_id, e.id",
        TransferEarlier,
    ),
    "former_titles": ("title_fold", "former_titles WHERE paper_id {given} ORDER BY paper_id, id", str),
    "further_dois": ("doi", "further_dois WHERE paper_id {given} ORDER BY paper_id, id", str),
}
"""What a paper may have many of, by field: the columns, where they stand, and what makes a value of them."""
_QUEUE = "SELECT paper_id, row_number() OVER (ORDER BY position, paper_id) FROM queue"


class Transfers:
    """The way out of a library and into another, as values; part of the store's face."""

    def __init__(
        self,
        read: Read,
        step: Callable[[OperationHandle], AbstractContextManager[Step]],
        breathe: Callable[[], bool],
    ) -> None:
        self._read, self._step, self._breathe = read, step, breathe

    def items(self, ids: Sequence[int] | None = None) -> list[TransferItem]:
        """Everything but papers: with ``ids``, only the listings that have these papers, and no searches or rules."""
        found: list[TransferItem] = self._read(transfer_items, ids)
        return found

    def papers(self, ids: Sequence[int]) -> Iterator[TransferPaper]:
        """Papers with everything, in the order of the ids; missing ones are left out."""
        for batch in batches(ids, _BATCH):
            yield from self._read(transfer_papers, batch)

    def stamps(self, ids: Sequence[int]) -> list[PaperStamp]:
        """What tells whether papers are what they were, in the order of the ids; missing ones are left out."""
        found: list[PaperStamp] = self._read(paper_stamps, ids)
        return found

    def take_over(self, items: Iterable[TransferItem], operation: OperationHandle) -> TransferReport:
        """Take over what another library held, in full or not at all, as a part of an operation."""
        with self._step(operation) as step:
            taking = TakingOver(step.writer, self._breathe)
            taking.take(items)
            return taking.finish()

    def salvage(self, items: Iterable[TransferItem], operation: OperationHandle) -> list[TransferItem]:
        """Take over what a damaged library held, but for values that no library may hold, which are returned."""
        with self._step(operation) as step:
            taking = TakingOver(step.writer, self._breathe)
            refused = taking.take_fitting(items)
            taking.finish()
        return refused


def transfer_items(connection: sqlite3.Connection, ids: Sequence[int] | None) -> list[TransferItem]:
    """Everything but papers: with ``ids``, only the listings that have these papers, and no searches or rules."""
    which, given = ("", ()) if ids is None else (_OF_PAPERS, (id_list(ids),))
    found = list(rows(connection, f"{_LISTINGS} {which} ORDER BY l.id", given))
    items: list[TransferItem] = [_listing(connection, row) for row in found]
    items += [*read_tags(connection), *read_labels(connection)]
    if ids is None:
        items += [*read_saved_searches(connection), *read_mute_rules(connection), *read_subscriptions(connection)]
    return items


def transfer_papers(connection: sqlite3.Connection, ids: Sequence[int]) -> list[TransferPaper]:
    """Papers with everything, in the order of the ids; missing ones are left out."""
    given = (id_list(ids),)
    details: dict[str, dict[int, Any]] = {field: {} for field in _DETAILS}
    for field, (columns, source, made) in _DETAILS.items():
        sql = f"SELECT paper_id, {columns} FROM {source.format(given='IN (SELECT value FROM json_each(?))')}"
        for paper_id, found in groupby(connection.execute(sql, given), key=itemgetter(0)):
            details[field][paper_id] = tuple(made(*row[1:]) for row in found)
    places = dict(connection.execute(_QUEUE).fetchall())
    return [
        _paper(row, places, {field: found.get(row["id"], ()) for field, found in details.items()})
        for row in rows(connection, _PAPERS, given)
    ]


def _listing(connection: sqlite3.Connection, row: Row) -> TransferListing:
    unit, *counts = (row[column] for column in ACCOUNT_COLUMNS)
    problems = tuple(
        Problem(LineRange(first, last), reason, text)
        for first, last, reason, text in connection.execute(_PROBLEMS, (row["id"],))
    )
    page = tuple(row[column] for column in PAGE_COLUMNS)
    fetches = tuple(TransferFetch(*each) for each in connection.execute(_FETCHES, (row["id"],)))
    others = {name: value for name, value in row.items() if name not in PAGE_COLUMNS}
    return value_of(
        TransferListing, others, account=LineAccount(AccountUnit(unit), *counts), problems=problems,
        page=None if page[-1] is None else PageName(*page), fetches=fetches,
    )  # fmt: skip


def _paper(row: Row, places: dict[int, int], details: dict[str, Any]) -> TransferPaper:
    account, name = row["organization_account"], row["organization_name"]
    return value_of(
        TransferPaper,
        row,
        organization=None if name is None else Organization(account or "", name),
        publication=value_of(Publication, row),
        note=None if row["text"] is None else value_of(TransferNote, row),
        queue_position=places.get(row["id"]),
        **details,
    )
