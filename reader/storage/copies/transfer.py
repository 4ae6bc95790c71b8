"""A library as values that another library can take over: reading them, and the store's face for both ways."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from typing import Any

from reader.domain.bibliography import Publication
from reader.domain.exports import PaperStamp
from reader.domain.papers import PaperState
from reader.domain.records import AccountUnit, LineAccount, LineRange, Organization, Problem
from reader.domain.transfer import (
    TransferItem,
    TransferListing,
    TransferNote,
    TransferPaper,
    TransferReport,
    TransferSighting,
)
from reader.storage import highlights, saved_searches, tags
from reader.storage.content import COLUMNS, PUBLICATION_COLUMNS, names_from_json
from reader.storage.copies.merge import TakingOver
from reader.storage.fingerprints import paper_stamps
from reader.storage.journal.journal import OperationHandle, Step
from reader.storage.paper_queries import paper_batches
from reader.storage.writer import id_list

_LISTINGS = """
SELECT l.id, l.sha256, l.name, l.name_given, l.format, l.rank, l.query, l.source_url, l.heading, l.heading_date, l.year,
    l.year_inferred, l.year_guessed, l.year_given, l.encoding, l.encoding_uncertain, l.file_name, l.source_modified,
    l.imported, l.account_unit, l.account_total, l.account_records, l.account_furniture, l.account_problems
FROM listings l
"""
_OF_PAPERS = "WHERE l.id IN (SELECT listing_id FROM sightings WHERE paper_id IN (SELECT value FROM json_each(?)))"
_PROBLEMS = "SELECT first_line, last_line, reason, text FROM listing_problems WHERE listing_id = ? ORDER BY id"
_BOOLEANS = {"name_given", "year_inferred", "year_guessed", "year_given", "encoding_uncertain"}
_LISTING_COLUMNS = (
    "sha256", "name", "name_given", "format", "rank", "query", "source_url", "heading", "heading_date", "year",
    "year_inferred", "year_guessed", "year_given", "encoding", "encoding_uncertain", "file_name", "source_modified",
    "imported",
)  # fmt: skip

_BATCH = 500
Read = Callable[..., Any]

_GIVEN = "IN (SELECT value FROM json_each(?))"
_PAPERS = f"""
SELECT {", ".join(f"p.{column}" for column in COLUMNS)},
    st.state, st.changed, st.starred, st.starred_changed, st.buried_until,
    (SELECT seen_at FROM seen WHERE paper_id = p.id), (SELECT imported FROM seen WHERE paper_id = p.id),
    n.text, n.created, n.changed,
    (SELECT citation_key FROM citation_keys WHERE paper_key = p.key),
    (SELECT sha256 FROM listings WHERE id = p.first_listing_id)
FROM json_each(?) AS given JOIN papers p ON p.id = given.value
LEFT JOIN states st ON st.paper_id = p.id LEFT JOIN notes n ON n.paper_id = p.id ORDER BY given.key
"""
_DETAILS = {
    "tags": "SELECT pt.paper_id, t.name FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id "
    f"WHERE pt.paper_id {_GIVEN} ORDER BY pt.paper_id, t.fold",
    "highlights": 'SELECT h.paper_id, h.id, h.target, h.start, h."end", h.exact, h.prefix, h.suffix, l.name, '
    "h.comment, h.created, h.changed, h.approximate FROM highlights h JOIN highlight_labels l ON l.id = h.label_id "
    f"WHERE h.paper_id {_GIVEN} ORDER BY h.paper_id, h.id",
    "sightings": "SELECT s.paper_id, l.sha256, s.position, s.first_line, s.last_line, s.comments, s.upvotes, "
    "s.submitted_by, s.published_shown FROM sightings s JOIN listings l ON l.id = s.listing_id "
    f"WHERE s.paper_id {_GIVEN} ORDER BY s.paper_id, s.id",
    "aliases": f"SELECT paper_id, key FROM paper_aliases WHERE paper_id {_GIVEN} ORDER BY paper_id, id",
    "dois": f"SELECT paper_id, doi FROM further_dois WHERE paper_id {_GIVEN} ORDER BY paper_id, id",
    "former": f"SELECT paper_id, title_fold FROM former_titles WHERE paper_id {_GIVEN} ORDER BY paper_id, id",
}
_QUEUE = "SELECT paper_id, row_number() OVER (ORDER BY position, paper_id) FROM queue"


class Transfers:
    """The way out of a library and into another, as values; part of the store's face."""

    def __init__(self, read: Read, step: Callable[[OperationHandle], AbstractContextManager[Step]]) -> None:
        self._read, self._step = read, step

    def items(self, ids: Sequence[int] | None = None) -> list[TransferItem]:
        """Everything but papers: with ``ids``, only the listings that have these papers, and no searches or rules."""
        found: list[TransferItem] = self._read(transfer_items, ids)
        return found

    def papers(self, ids: Sequence[int]) -> Iterator[TransferPaper]:
        """Papers with everything, in the order of the ids; missing ones are left out."""
        for batch in paper_batches(ids, _BATCH):
            yield from self._read(transfer_papers, batch)

    def stamps(self, ids: Sequence[int]) -> list[PaperStamp]:
        """What tells whether papers are what they were, in the order of the ids; missing ones are left out."""
        found: list[PaperStamp] = self._read(paper_stamps, ids)
        return found

    def take_over(self, items: Iterable[TransferItem], operation: OperationHandle) -> TransferReport:
        """Take over what another library held, in full or not at all, as a part of an operation."""
        with self._step(operation) as step:
            taking = TakingOver(step.writer)
            taking.take(items)
            return taking.finish()


def transfer_items(connection: sqlite3.Connection, ids: Sequence[int] | None) -> list[TransferItem]:
    """Everything but papers: with ``ids``, only the listings that have these papers, and no searches or rules."""
    sql = f"{_LISTINGS} {_OF_PAPERS if ids is not None else ''} ORDER BY l.id"
    rows = connection.execute(sql, () if ids is None else (id_list(ids),)).fetchall()
    items: list[TransferItem] = [_listing(connection, row) for row in rows]
    items += tags.read_tags(connection)
    items += highlights.labels(connection)
    if ids is None:
        items += saved_searches.saved_searches(connection)
        items += saved_searches.mute_rules(connection)
    return items


def transfer_papers(connection: sqlite3.Connection, ids: Sequence[int]) -> list[TransferPaper]:
    """Papers with everything, in the order of the ids; missing ones are left out."""
    parameter = (id_list(ids),)
    details = {
        name: {paper: list(rows) for paper, rows in groupby(connection.execute(sql, parameter), key=itemgetter(0))}
        for name, sql in _DETAILS.items()
    }
    places = dict(connection.execute(_QUEUE).fetchall())
    return [_paper(row, details, places) for row in connection.execute(_PAPERS, parameter)]


def _listing(connection: sqlite3.Connection, row: Sequence[Any]) -> TransferListing:
    values = dict(zip(_LISTING_COLUMNS, row[1:19], strict=True))
    values |= {name: bool(values[name]) for name in _BOOLEANS}
    problems = (
        Problem(LineRange(first, last), reason, text)
        for first, last, reason, text in connection.execute(_PROBLEMS, (row[0],))
    )
    return TransferListing(**values, account=LineAccount(AccountUnit(row[19]), *row[20:24]), problems=tuple(problems))


def _paper(row: Sequence[Any], details: dict[str, dict[int, list[Any]]], places: dict[int, int]) -> TransferPaper:
    content = dict(zip(COLUMNS, row, strict=False))
    state, changed, starred, starred_changed, buried, seen_at, imported, *rest = row[len(COLUMNS) :]
    text, created, edited, cited, first = rest
    account, name = content["organization_account"], content["organization_name"]

    def rows(kind: str) -> Iterator[Any]:
        return iter(details[kind].get(content["id"], ()))

    listed = ("authors", "code_urls", "keywords", "categories")
    lists: dict[str, Any] = {field: tuple(json.loads(content[field])) for field in listed}
    shared = (
        "key arxiv_id doi title abstract author_count published published_certainty url project_url comments upvotes "
        "content_rank content_date counts_date sort_date first_seen"
    )
    return TransferPaper(
        **{field: content[field] for field in shared.split()},
        **lists,
        organization=Organization(account or "", name) if name is not None else None,
        first_listing=first,
        aliases=tuple(item[1] for item in rows("aliases")),
        citation_key=cited,
        state=PaperState(state or PaperState.INBOX),
        state_changed=changed,
        starred=bool(starred),
        starred_changed=starred_changed,
        buried_until=buried,
        seen_at=seen_at,
        imported_as_seen=bool(imported),
        queue_position=places.get(content["id"]),
        note=TransferNote(text, created, edited) if text is not None else None,
        tags=tuple(item[1] for item in rows("tags")),
        highlights=tuple(highlights.highlight_of(item[1:]) for item in rows("highlights")),
        sightings=tuple(
            TransferSighting(item[1], item[2], LineRange(item[3], item[4]), *item[5:]) for item in rows("sightings")
        ),
        former_titles=tuple(item[1] for item in rows("former")),
        author_names=names_from_json(content["author_names"]),
        more_authors=bool(content["more_authors"]),
        further_dois=tuple(item[1] for item in rows("dois")),
        publication=Publication(*(content[column] for column in PUBLICATION_COLUMNS)),
    )
