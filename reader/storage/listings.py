"""Storing of listings: their papers, sightings and problems, in batches, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from reader.domain.identity import Identity
from reader.domain.preparation import ListingHeader, PreparedRecord
from reader.storage.content import COLUMNS, PaperContent, Source, merge_content, new_content
from reader.storage.identity import KnownPapers, assign_keys
from reader.storage.paper_content import keep_dois, update_paper
from reader.storage.paper_merge import merge_papers
from reader.storage.writer import Writer

BATCH = 500

_INSERT_LISTING = """
INSERT INTO listings (sha256, name, format, rank, query, source_url, heading, heading_date, year, year_inferred,
    year_guessed, year_given, encoding, encoding_uncertain, file_name, source_modified, imported, account_unit,
    account_total, account_records, account_furniture, account_problems)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_PROBLEM = (
    "INSERT INTO listing_problems (listing_id, first_line, last_line, reason, text) VALUES (?, ?, ?, ?, ?)"
)
_INSERT_PAPER = f"INSERT INTO papers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_INSERT_SIGHTING = """
INSERT INTO sightings (listing_id, position, paper_id, first_line, last_line, comments, upvotes, submitted_by,
    published_shown)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# Ids are never reused: the journal, and undo with it, names rows by id.
_NEXT_PAPER = """
SELECT max(coalesce((SELECT max(id) FROM papers), 0),
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0)) + 1
"""


@dataclass(slots=True)
class Tally:
    """The progress of storing a listing, and how many of its papers were new, changed and known."""

    source: Source
    next_paper: int
    position: int = 0
    new: int = 0
    updated: int = 0
    known: int = 0
    met: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Batch:
    """The rows that a batch of records is about to write."""

    known: KnownPapers
    dois: list[tuple[PaperContent, str]] = field(default_factory=list)
    added: list[PaperContent] = field(default_factory=list)
    sightings: list[tuple[object, ...]] = field(default_factory=list)
    merges: dict[int, int] = field(default_factory=dict)


def add_listing(
    writer: Writer, header: ListingHeader, records: Iterable[PreparedRecord], breathe: Callable[[], bool]
) -> Tally:
    """Store a listing that is not in the library yet, with all its records."""
    now = writer.now
    listing_id = _insert_listing(writer, header, now)
    source = Source(listing_id, header.rank, header.heading_date or now[:10], now)
    tally = Tally(source, next_paper=writer.execute(_NEXT_PAPER).fetchone()[0])
    for batch in _batches(records):
        if breathe():
            tally.next_paper = writer.execute(_NEXT_PAPER).fetchone()[0]
        _store_batch(writer, batch, tally)
    return tally


def _insert_listing(writer: Writer, header: ListingHeader, now: str) -> int:
    """Store a listing's own row and its problems; the listing's id."""
    account = header.account
    cursor = writer.execute(
        _INSERT_LISTING,
        (
            *(header.sha256, header.name, header.format, header.rank, header.query, header.source_url),
            *(header.heading.iso() if header.heading else None, header.heading_date, header.year),
            *(int(header.year_inferred), int(header.year_guessed), int(header.year_given)),
            *(header.encoding, int(header.encoding_uncertain), header.file_name, header.source_modified, now),
            *(account.unit.value, account.total, account.records, account.boilerplate, account.problems),
        ),
    )
    listing_id = cursor.lastrowid
    assert listing_id is not None
    writer.executemany(
        _INSERT_PROBLEM,
        [(listing_id, item.lines.first, item.lines.last, item.reason, item.text) for item in header.problems],
    )
    return listing_id


def _store_batch(writer: Writer, records: Sequence[PreparedRecord], tally: Tally) -> None:
    """Store some records: find their papers, then write all of them at once."""
    identities = [prepared.identity for prepared in records]
    batch = _Batch(KnownPapers(writer, identities))
    for prepared, identity in zip(records, identities, strict=True):
        tally.position += 1
        paper = _place(batch, prepared, identity, tally)
        batch.sightings.append(_sighting(prepared, paper.id, tally))
    assign_keys(writer, batch.added)
    writer.executemany(_INSERT_PAPER, [paper.values() for paper in batch.added])
    for paper_id, stored in batch.known.stored.items():
        update_paper(writer, batch.known.papers[paper_id], stored)
    for paper, doi in batch.dois:
        keep_dois(writer, paper, (doi,))
    writer.executemany(_INSERT_SIGHTING, batch.sightings)
    for other, keep in batch.merges.items():
        merge_papers(writer, keep, other)


def _place(batch: _Batch, prepared: PreparedRecord, identity: Identity, tally: Tally) -> PaperContent:
    """The paper of a record, new or updated from the record, and counted."""
    known, doi = batch.known, prepared.record.doi
    paper = known.find(identity, prepared.record.abstract)
    if paper is None:
        paper = new_content(tally.next_paper, "", prepared, tally.source)
        tally.next_paper += 1
        tally.new += 1
        known.add(paper)
        batch.added.append(paper)
    else:
        _note_merge(batch, paper, known.twin(identity, paper))
        former_doi = paper.doi
        changed = merge_content(paper, prepared, tally.source)
        known.rename(paper, doi)
        batch.dois += [(paper, other) for other in (former_doi, doi) if other and other != paper.doi]
        if changed and paper.id not in tally.met:
            tally.updated += 1
        else:
            tally.known += 1
    tally.met.add(paper.id)
    return paper


def _note_merge(batch: _Batch, paper: PaperContent, twin: PaperContent | None) -> None:
    """Record that two papers are one, because one record identifies both (by identifiers, or one by its title).

    The older paper is kept.
    """
    if twin is not None and twin is not paper and twin.id not in batch.merges and paper.id not in batch.merges:
        older, younger = sorted((paper.id, twin.id))
        batch.merges[younger] = older


def _sighting(prepared: PreparedRecord, paper_id: int, tally: Tally) -> tuple[object, ...]:
    """A record's row of ``sightings``."""
    record = prepared.record
    shown = record.published.iso() if record.published else None
    lines = record.lines
    return (
        *(tally.source.listing_id, tally.position, paper_id, lines.first, lines.last),
        *(record.comments, record.upvotes, record.submitted_by, shown),
    )


def _batches(records: Iterable[PreparedRecord]) -> Iterator[list[PreparedRecord]]:
    """The records in batches of some hundred."""
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
