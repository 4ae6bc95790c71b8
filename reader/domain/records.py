"""What a listing file says: the values that every format's parser produces.

Nothing here is resolved against a library: dates may lack their year, papers have no key. A parser is a pure function
from bytes to a :class:`ParsedListing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reader.domain.bibliography import NO_PUBLICATION, Name, Publication
from reader.domain.dates import PartialDate


class AccountUnit(StrEnum):
    """What a format counts its input in: text by its non-blank lines, structured files by their entries."""

    LINES = "lines"
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class LineRange:
    """Lines (or entries) ``first`` to ``last`` of a file, counted from 1, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that was not understood: where it stands, why, and its text (kept, never dropped)."""

    lines: LineRange
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Organization:
    """The organisation a listing shows instead of authors: its account (may be empty) and its display name."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class ListingRecord:
    """One paper as one listing shows it.

    ``title`` and ``abstract`` are exactly the page's text (the abstract may be empty where a page shows none).
    ``author_count`` is what the page says, or the number of ``authors`` where it names them. ``published`` may lack
    its year; the page's year then applies. ``comments`` and ``upvotes`` are None where the page shows no figure.
    ``author_names`` has the names of ``authors`` in their parts, one for each, or is empty where the format does not
    tell them apart. ``more_authors`` says that there are more than are named ("and others"), their number unknown.
    ``doi`` is written as :func:`~reader.domain.doi.normalize_doi` gives it.
    ``key`` is the paper's key in a library of Lectern, where the file is an export of one.
    ``is_revision`` marks an announcement of a new version of a paper (arXiv's "replaced with"), which updates a known
    paper and lacks an abstract. ``lines`` is where the record stands in its file.
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
    """Where every non-blank line (or every entry) of a file went; ``total == records + boilerplate + problems``."""

    unit: AccountUnit
    total: int
    records: int
    boilerplate: int
    problems: int


@dataclass(frozen=True, slots=True)
class ParsedListing:
    """A whole listing file as its format's parser understood it.

    ``heading`` is the page's own date, often without a year; ``retrieved`` the day the page was fetched, where the
    file says so, which fixes the year. ``query`` is the search a page shows the results of. ``encoding_uncertain``
    tells that the bytes were neither marked nor valid UTF-8 and were read as cp1252. ``repeated`` counts cards that
    stood in the file more than once and were folded into one record.
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
