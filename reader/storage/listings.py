"""Storing of listings: their papers, sightings and problems, in batches, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from reader.domain.changes import Change, Field, StoredListing
from reader.domain.identity import Identity
from reader.domain.papers import Listing
from reader.domain.preparation import ListingHeader, PreparedRecord
from reader.domain.records import Problem
from reader.domain.step_titles import StepTitle
from reader.domain.subscriptions import PageName
from reader.domain.views import ListingSection
from reader.storage import corrections, counts, pages
from reader.storage.content import COLUMNS, PaperContent, Source, merge_content, new_content
from reader.storage.identity import KnownPapers, assign_keys
from reader.storage.journal import undo
from reader.storage.journal.journal import OperationHandle, journal_end
from reader.storage.pages import PageSightings
from reader.storage.paper_content import keep_dois, update_paper
from reader.storage.paper_merge import merge_papers
from reader.storage.subject import Subject, changing, step
from reader.storage.sync.separation import say_all
from reader.storage.writer import Writer

BATCH = 500

_INSERT_LISTING = """
INSERT INTO listings (sha256, name, format, rank, query, source_url, heading, heading_date, year, year_inferred,
    year_guessed, year_given, encoding, encoding_uncertain, file_name, source_modified, imported, account_unit,
    account_total, account_records, account_furniture, account_problems, page_kind, page_argument, page)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_INSERT_PAPER = f"INSERT INTO papers ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
_INSERT_SIGHTING = """
INSERT INTO sightings (listing_id, position, paper_id, first_line, last_line, comments, upvotes, submitted_by,
    published_shown, since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
# Ids are never reused: the journal, and undo with it, names rows by id.
_NEXT_PAPER = """
SELECT max(coalesce((SELECT max(id) FROM papers), 0),
           coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'papers'), 0)) + 1
"""


@dataclass(slots=True)
class Tally:
    """The progress of storing a listing, and how many of its papers were new, changed and known.

    ``page`` has the sightings of a listing that is there already and is brought up to date.
    """

    source: Source
    next_paper: int
    page: PageSightings | None = None
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
        page: PageName | None = None,
        before_commit: Callable[[], object] | None = None,
    ) -> StoredListing:
        """Store a listing with its records, in full or not at all; one that is there already changes nothing.

        A fetched ``page`` that is there already is brought up to date (decision 43). ``before_commit`` runs once all is
        stored and before it is committed, if anything was changed; if it raises, nothing is.
        """
        with self._store.long_step(operation) as taken:
            stored = self._read(pages.listing_of_page, page) if page is not None else None
            known = self.with_sha256(header.sha256) if stored is None else None
            if known is None:
                found = self._store_all(header, records, page, stored, before_commit)
            else:
                found = StoredListing(known.id, 0, 0, known.paper_count, taken.change)
                is_named = page is not None and pages.name_page(taken.writer, known.id, page)
                if is_named and before_commit is not None:
                    before_commit()
        return replace(found, change=taken.change)

    def _store_all(
        self,
        header: ListingHeader,
        records: Iterable[PreparedRecord],
        page: PageName | None,
        stored: int | None,
        before_commit: Callable[[], object] | None,
    ) -> StoredListing:
        """Store a listing, or bring the ``stored`` one of its page up to date; the change is not known yet."""
        writer, start = self._writer, journal_end(self._writer)
        tally = _begin_listing(writer, header, page) if stored is None else _begin_again(writer, header, stored)
        _store_records(writer, records, tally, self._store.breathe)
        listing_id = tally.source.listing_id
        if page is not None and journal_end(writer) == start:
            pages.note_copy(writer, page, header.sha256)
        else:
            if page is not None:
                pages.note_fetch(writer, listing_id, header.sha256)
            if before_commit is not None:
                before_commit()
        return StoredListing(listing_id, tally.new, tally.updated, tally.known, Change())

    def with_sha256(self, sha256: str) -> Listing | None:
        """The listing made from a file's bytes, or from a fetch that consisted of them."""
        known = self._read(pages.listing_of_bytes, sha256)
        return None if known is None else self.get(known)

    def of_page(self, page: PageName) -> Listing | None:
        """The listing of a fetched page; None if it was never fetched, or is gone."""
        known = self._read(pages.listing_of_page, page)
        return None if known is None else self.get(known)

    @changing
    def name_page(self, listing_id: int, page: PageName) -> Change:
        """Make a listing that came from a file the listing of a page; no step."""
        with self._store.unrecorded() as writer:
            pages.name_page(writer, listing_id, page)
        return Change.of(Field.LISTINGS)

    def newest_fetch(self, listing_id: int) -> str | None:
        """The SHA-256 of the newest bytes of a page; None for the listing of a file."""
        return self._read(pages.newest_fetch, listing_id)

    def upvotes_since(self, paper_ids: Collection[int], day: date) -> Mapping[int, int]:
        """By how much papers' upvotes changed since the end of a day, as far as fetched pages tell; without zeros."""
        return self._read(pages.upvotes_since, paper_ids, day.isoformat())

    def get(self, listing_id: int) -> Listing | None:
        """One listing."""
        return self._read(counts.listing, listing_id)

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
    def rename(self, listing_id: int, name: str) -> StepTitle:
        """Give a listing the user's own name; an empty name is refused."""
        return corrections.rename_listing(self._writer, listing_id, name)

    @step
    def set_year(self, listing_id: int, year: int) -> StepTitle:
        """Correct the year of a page that omits it; its heading and its yearless entries follow."""
        return corrections.set_listing_year(self._writer, listing_id, year)

    @step
    def remove(self, listing_id: int) -> StepTitle:
        """Remove a listing and the papers that only it brought, but for those carrying annotations."""
        return corrections.remove_listing(self._writer, listing_id)


def _begin_listing(writer: Writer, header: ListingHeader, page: PageName | None) -> Tally:
    """Store the row of a listing that is not in the library yet."""
    now = writer.now
    day = header.heading_date or now[:10]
    listing_id = _insert_listing(writer, header, now, page)
    source = Source(listing_id, header.rank, day, now, now[:10] if page else day)
    return Tally(source, next_paper=writer.execute(_NEXT_PAPER).fetchone()[0])


def _begin_again(writer: Writer, header: ListingHeader, listing_id: int) -> Tally:
    """Prepare bringing a page's listing up to date; what it is called and dated stays."""
    now = writer.now
    pages.update_account(writer, listing_id, header)
    sql = "SELECT coalesce(heading_date, substr(imported, 1, 10)) FROM listings WHERE id = ?"
    source = Source(listing_id, header.rank, writer.execute(sql, (listing_id,)).fetchone()[0], now, now[:10])
    return Tally(source, writer.execute(_NEXT_PAPER).fetchone()[0], pages.load_sightings(writer, listing_id))


def _store_records(
    writer: Writer, records: Iterable[PreparedRecord], tally: Tally, breathe: Callable[[], bool]
) -> None:
    """Store all records of a listing, in batches."""
    for batch in _batches(records):
        if breathe():
            tally.next_paper = writer.execute(_NEXT_PAPER).fetchone()[0]
            if tally.page is not None:
                tally.page.follow_merges(writer)
        _store_batch(writer, batch, tally)


def _insert_listing(writer: Writer, header: ListingHeader, now: str, page: PageName | None) -> int:
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
            *((page.kind, page.argument, page.page) if page else (None, None, None)),
        ),
    )
    listing_id = cursor.lastrowid
    assert listing_id is not None
    pages.insert_problems(writer, listing_id, header.problems)
    return listing_id


def _store_batch(writer: Writer, records: Sequence[PreparedRecord], tally: Tally) -> None:
    """Store some records: find their papers, then write all of them at once."""
    identities = [prepared.identity for prepared in records]
    batch = _Batch(KnownPapers(writer, identities))
    for prepared, identity in zip(records, identities, strict=True):
        tally.position += 1
        paper = _place(batch, prepared, identity, tally)
        _place_sighting(batch, prepared, paper.id, tally)
    assign_keys(writer, batch.added)
    writer.executemany(_INSERT_PAPER, [paper.values() for paper in batch.added])
    for paper_id, stored in batch.known.stored.items():
        update_paper(writer, batch.known.papers[paper_id], stored)
    for paper, doi in batch.dois:
        keep_dois(writer, paper, (doi,))
    writer.executemany(_INSERT_SIGHTING, batch.sightings)
    if tally.page is not None:
        tally.page.write(writer)
    if batch.merges:
        say_all(writer)
    for other, keep in batch.merges.items():
        merge_papers(writer, keep, other)
    if batch.merges and tally.page is not None:
        tally.page.follow_merges(writer)


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
        changed = merge_content(paper, prepared, _source(tally, paper, prepared))
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


def _source(tally: Tally, paper: PaperContent, prepared: PreparedRecord) -> Source:
    """The source of a record; figures that a page shows as before are no newer than others that came since."""
    if tally.page is None or tally.page.is_recounted(paper.id, prepared):
        return tally.source
    return replace(tally.source, counted="")


def _place_sighting(batch: _Batch, prepared: PreparedRecord, paper_id: int, tally: Tally) -> None:
    """Note a record's sighting: a new one, or the one that its page has already, brought up to date."""
    record = prepared.record
    shown = record.published.iso() if record.published else None
    figures = (record.lines.first, record.lines.last, record.comments, record.upvotes, record.submitted_by, shown)
    if tally.page is None or not tally.page.take(paper_id, (tally.position, *figures)):
        since = None if tally.page is None else tally.page.since_today
        batch.sightings.append((tally.source.listing_id, tally.position, paper_id, *figures, since))


def _batches(records: Iterable[PreparedRecord]) -> Iterator[list[PreparedRecord]]:
    """The records in batches of some hundred."""
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
