"""Storing of listings: their papers, sightings and problems, in batches, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from reader.domain.changes import Change, StoredListing
from reader.domain.identity import Identity
from reader.domain.papers import Listing
from reader.domain.preparation import ListingHeader, PreparedRecord
from reader.domain.records import Problem
from reader.domain.views import ListingSection
from reader.storage import corrections, counts
from reader.storage.content import COLUMNS, PaperContent, Source, merge_content, new_content
from reader.storage.identity import KnownPapers, assign_keys
from reader.storage.journal import undo
from reader.storage.journal.journal import OperationHandle
from reader.storage.paper_content import keep_dois, update_paper
from reader.storage.paper_merge import merge_papers
from reader.storage.subject import Subject, changing, step
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


class StoredListings(Subject):
    """The listings in a library."""

    @changing
    def add(
        self,
        header: ListingHeader,
        records: Iterable[PreparedRecord],
        operation: OperationHandle,
        *,
        before_commit: Callable[[], object] | None = None,
    ) -> StoredListing:
        """Store a listing with its records, in full or not at all; one that is there already changes nothing.

        ``before_commit`` runs once all is stored and before it is committed; if it raises, nothing is.
        """
        with self._store.long_step(operation) as taken:
            known = self.with_sha256(header.sha256)
            if known is not None:
                return StoredListing(known.id, 0, 0, known.paper_count, Change(operation.title))
            tally = _add_listing(taken.writer, header, records, self._store.breathe)
            if before_commit is not None:
                before_commit()
        return StoredListing(tally.source.listing_id, tally.new, tally.updated, tally.known, taken.change)

    def with_sha256(self, sha256: str) -> Listing | None:
        """The listing made from a file's bytes, if they were imported."""
        return self._read(counts.listing, "sha256", sha256)

    def get(self, listing_id: int) -> Listing | None:
        """One listing."""
        return self._read(counts.listing, "id", listing_id)

    def all(self) -> list[Listing]:
        """Every listing, the newest first."""
        return self._read(counts.listings)

    def problems(self, listing_id: int) -> tuple[Problem, ...]:
        """What of a listing was not understood."""
        return tuple(self._read(counts.listing_problems, listing_id))

    def sections(self, listing_ids: Sequence[int]) -> list[ListingSection]:
        """Of each listing: the papers that these listings brought, and those known before, in the page's order."""
        return self._read(counts.listing_sections, list(listing_ids))

    def latest_import(self) -> tuple[int, ...]:
        """The listings that the last import step brought and that are still there; none if no step did."""
        return self._read(undo.latest_import)

    def of_step(self, step_id: int) -> tuple[int, ...]:
        """The listings that a step brought and that are still there."""
        return self._read(undo.listings_of_step, step_id)

    @step
    def rename(self, listing_id: int, name: str) -> str:
        """Give a listing the user's own name; an empty name is refused."""
        return corrections.rename_listing(self._writer, listing_id, name)

    @step
    def set_year(self, listing_id: int, year: int) -> str:
        """Correct the year of a page that omits it; its heading and its yearless entries follow."""
        return corrections.set_listing_year(self._writer, listing_id, year)

    @step
    def remove(self, listing_id: int) -> str:
        """Remove a listing and the papers that only it brought, but for those carrying annotations."""
        return corrections.remove_listing(self._writer, listing_id)


def _add_listing(
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
