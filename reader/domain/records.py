"""The values that every format's parser produces from a listing file.

Nothing here is resolved against a library: dates may lack their year, and papers have no key. A parser is a pure
function from bytes to a :class:`ParsedListing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reader.domain.bibliography import NO_PUBLICATION, Name, Publication
from reader.domain.dates import PartialDate


class AccountUnit(StrEnum):
    """The unit in which a format accounts for its input: non-blank lines of text, or entries of a structured file."""

    LINES = "lines"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines (or entries) ``first`` to ``last`` of a file, counted from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that was not understood: its lines, the reason, and its text (kept, never dropped)."""

    lines: LineRange
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Organization:
    """The organisation that a listing shows instead of authors: its account (may be empty) and its display name."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class ListingRecord:
    """One paper as one listing shows it.

    ``title`` and ``abstract`` are exactly the page's text; the abstract is empty if the page shows none. ``lines`` is
    the record's place in its file. ``author_count`` is the page's count, or the number of ``authors`` if it names them.
    ``published`` may lack its year; the page's year then applies. ``comments`` and ``upvotes`` are None if the page
    shows no number. ``author_names`` has the names of ``authors`` in their parts, one for each, or is empty if the
    format does not separate the parts. ``more_authors`` is True if an unknown number of authors is not named ("and
    others"). ``doi`` has the form that :func:`~reader.domain.doi.normalize_doi` gives. ``key`` is the paper's key in a
    Lectern library, if the file is an export of one. ``is_revision`` marks the announcement of a new version (arXiv's
    "replaced with"), which updates a known paper and has no abstract.
    """

    title: str
    abstract: str
    lines: LineRange
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    organization: Organization | None = None
    published: PartialDate | None = None
    comments: int | None = None
    upvotes: int | None = None
    arxiv_id: str | None = None
    url: str | None = None
    code_urls: tuple[str, ...] = ()
    project_url: str | None = None
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    submitted_by: str | None = None
    author_names: tuple[Name, ...] = ()
    more_authors: bool = False
    doi: str | None = None
    publication: Publication = NO_PUBLICATION
    key: str | None = None
    is_revision: bool = False


@dataclass(frozen=True, slots=True)
class LineAccount:
    """The use of every non-blank line or entry of a file; ``total == records + boilerplate + problems``."""

    unit: AccountUnit
    total: int
    records: int
    boilerplate: int
    problems: int


@dataclass(frozen=True, slots=True)
class ParsedListing:
    """A whole listing file as its format's parser understood it.

    ``heading`` is the page's own date, often without a year. ``retrieved`` is the day the page was fetched, if the file
    states it; it determines the year. ``query`` is the search whose results the page shows. ``encoding_uncertain`` is
    True if the bytes were neither marked nor valid UTF-8 and were read as cp1252. ``repeated`` counts entries that
    occurred more than once in the file and became one record.
    """

    format: str
    records: tuple[ListingRecord, ...]
    account: LineAccount
    problems: tuple[Problem, ...] = ()
    heading: PartialDate | None = None
    retrieved: date | None = None
    query: str | None = None
    source_url: str | None = None
    encoding: str = "utf-8"
    encoding_uncertain: bool = False
    repeated: int = 0
