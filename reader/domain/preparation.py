"""The preparation of parsed listings for storage: years resolved, titles folded, links to code found.

It is pure and needs no library, so that it can run in a child process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from reader.domain.dates import PageYear, PartialDate, resolve_page_year
from reader.domain.identity import Identity
from reader.domain.links import find_code_urls
from reader.domain.records import LineAccount, ListingRecord, ParsedListing, Problem
from reader.domain.stubs import address_fold, work_fold

LIST_RANK = 0
"""The content rank of lists of identifiers or links. Their titles, if any, are somebody's notes."""
TEXT_RANK = 1
"""The content rank of text dumps, whose text passed through a browser."""
SOURCE_RANK = 2
"""The content rank of arXiv's own files and of the page's data (API and HTML); it outranks text dumps."""
_SOURCE_FORMATS = frozenset({"api", "html", "arxiv-mail", "arxiv-atom"})
_LIST_FORMATS = frozenset({"identifiers", "digest"})
OWN_EXPORT = "lectern-export"
"""The format name of an unchanged file that this library itself exported and that no parser reads."""
OWN_FORMATS = frozenset({OWN_EXPORT, "lectern-note", "lectern-csv", "lectern-papers"})
"""The formats of files that only Lectern writes (decision 30)."""


@dataclass(frozen=True, slots=True)
class PreparedRecord:
    """A record ready to be stored, with its folded title, publication date (ISO 8601) and links to code."""

    record: ListingRecord
    fold: str
    published: str | None
    published_guessed: bool
    code_urls: tuple[str, ...]

    @property
    def identity(self) -> Identity:
        """The facts that identify the record's work."""
        record = self.record
        published = None if self.published_guessed else self.published
        identity = Identity.of(self.fold, record.arxiv_id, (record.doi,), record.authors, published)
        return replace(identity, address=address_fold(record.url))


@dataclass(frozen=True, slots=True)
class ListingHeader:
    """Everything of a listing except its records, ready to be stored.

    ``heading`` is the page's date as shown, ``heading_date`` the same with its year (ISO 8601). ``year_inferred`` is
    True if the page does not state its year, ``year_guessed`` if nothing else in the file determines it either,
    ``year_given`` if the user gave it. ``rank`` is the content rank of the file's format.
    """

    sha256: str
    name: str
    format: str
    query: str | None
    source_url: str | None
    heading: PartialDate | None
    heading_date: str | None
    year: int | None
    year_inferred: bool
    year_guessed: bool
    year_given: bool
    encoding: str
    encoding_uncertain: bool
    file_name: str
    source_modified: str | None
    account: LineAccount
    problems: tuple[Problem, ...]
    rank: int

    @property
    def is_export(self) -> bool:
        """Whether the file has a format that Lectern exports with the keys of its papers."""
        return self.format in OWN_FORMATS


def content_rank(format_name: str) -> int:
    """The trust in a format's titles and abstracts; a higher rank outranks a lower one."""
    if format_name in _LIST_FORMATS:
        return LIST_RANK
    return SOURCE_RANK if format_name in _SOURCE_FORMATS else TEXT_RANK


def prepare_header(
    parsed: ParsedListing,
    *,
    sha256: str,
    file_name: str,
    stem: str,
    modified: date | None,
    today: date,
    year: int | None = None,
) -> ListingHeader:
    """Resolve a parsed listing's year and choose its name: the page's query, otherwise the file's stem.

    ``modified`` is the day the file was last changed. ``year`` is the year the user gave, which overrides the year
    found.
    """
    page_year = _page_year(parsed, not_after=min(modified or today, today), year=year)
    heading_date = None
    if parsed.heading is not None and page_year is not None:
        heading_date = parsed.heading.with_year(page_year.year).iso()
    return ListingHeader(
        sha256=sha256,
        name=parsed.query or stem,
        format=parsed.format,
        query=parsed.query,
        source_url=parsed.source_url,
        heading=parsed.heading,
        heading_date=heading_date,
        year=page_year.year if page_year else None,
        year_inferred=page_year is not None and year is None and _lacks_year(parsed),
        year_guessed=page_year is not None and page_year.guessed,
        year_given=year is not None,
        encoding=parsed.encoding,
        encoding_uncertain=parsed.encoding_uncertain,
        file_name=file_name,
        source_modified=modified.isoformat() if modified else None,
        account=parsed.account,
        problems=parsed.problems,
        rank=content_rank(parsed.format),
    )


def prepare_records(parsed: ParsedListing, header: ListingHeader) -> Iterator[PreparedRecord]:
    """Prepare a listing's records one by one, with the page's year added to yearless dates."""
    for record in parsed.records:
        published, guessed = _published(record.published, header)
        fold = work_fold(record.title, record.arxiv_id, record.doi, record.url)
        found = () if record.code_urls else find_code_urls(record.abstract)
        yield PreparedRecord(record, fold, published, guessed, record.code_urls or found)


def file_digest(data: bytes) -> str:
    """The SHA-256 of a file's bytes in hexadecimal. It identifies a listing."""
    return hashlib.sha256(data).hexdigest()


def _page_year(parsed: ParsedListing, *, not_after: date, year: int | None) -> PageYear | None:
    """The year of yearless dates; None if no date lacks a year."""
    if not _lacks_year(parsed):
        heading = parsed.heading
        return PageYear(heading.year, guessed=False) if heading is not None and heading.year is not None else None
    if year is not None:
        return PageYear(year, guessed=False)
    entries = [record.published for record in parsed.records if record.published is not None]
    return resolve_page_year(parsed.heading, entries, not_after=not_after, retrieved=parsed.retrieved)


def _lacks_year(parsed: ParsedListing) -> bool:
    """Whether the heading or any entry shows a date without its year."""
    if parsed.heading is not None and parsed.heading.year is None:
        return True
    return any(record.published is not None and record.published.year is None for record in parsed.records)


def _published(shown: PartialDate | None, header: ListingHeader) -> tuple[str | None, bool]:
    """An entry's date in ISO 8601, and whether its year is a guess."""
    if shown is None:
        return None, False
    if shown.year is not None:
        return shown.iso(), False
    if header.year is None:
        return None, False
    return shown.with_year(header.year).iso(), header.year_guessed
