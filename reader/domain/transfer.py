"""Everything a library stores about a paper or a listing, as values that another library can import.

In addition to :class:`~reader.domain.papers.Paper`, these contain what only a library needs: times, ranks and the
account of each listing. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.domain.annotations import HighlightLabel, MuteRule, SavedSearch, Tag
from reader.domain.bibliography import NO_PUBLICATION, Name, Publication
from reader.domain.papers import Highlight, PaperState
from reader.domain.records import LineAccount, LineRange, Organization, Problem
from reader.domain.subscriptions import PageName, Subscription


@dataclass(frozen=True, slots=True)
class TransferFetch:
    """The bytes of one fetch of a page, and when it was fetched."""

    sha256: str
    fetched: str


@dataclass(frozen=True, slots=True)
class TransferListing:
    """A listing without its papers, which refer to it by ``sha256``.

    A listing that was fetched is a ``page`` of a subscription; ``fetches`` are those that changed it, oldest first.
    """

    sha256: str
    name: str
    name_given: bool
    format: str
    rank: int
    query: str | None
    source_url: str | None
    heading: str | None
    heading_date: str | None
    year: int | None
    year_inferred: bool
    year_guessed: bool
    year_given: bool
    encoding: str
    encoding_uncertain: bool
    file_name: str
    source_modified: str | None
    imported: str
    account: LineAccount
    problems: tuple[Problem, ...] = ()
    page: PageName | None = None
    fetches: tuple[TransferFetch, ...] = ()


@dataclass(frozen=True, slots=True)
class TransferEarlier:
    """What a page showed of a paper from an earlier ``day`` on (ISO 8601); the listing is named by its SHA-256."""

    listing: str
    day: str
    position: int
    comments: int | None
    upvotes: int | None


@dataclass(frozen=True, slots=True)
class TransferSighting:
    """A paper's place in a listing, which is identified by its SHA-256.

    ``since`` is the day from which a page shows these numbers; None for the day of its import.
    """

    listing: str
    position: int
    lines: LineRange
    comments: int | None
    upvotes: int | None
    submitted_by: str | None
    published_shown: str | None
    since: str | None = None


@dataclass(frozen=True, slots=True)
class TransferDocument:
    """A document of a paper, without its file: what is known of it, and when it was attached.

    ``annotations`` names those that were imported, so that none of them is imported again.
    """

    sha256: str
    size: int
    page_count: int
    text_sha256: str
    annotations: tuple[str, ...]
    origin: str
    address: str | None
    attached: str


@dataclass(frozen=True, slots=True)
class TransferNote:
    """A paper's note with its times."""

    text: str
    created: str
    changed: str


@dataclass(frozen=True, slots=True)
class TransferPaper:
    """A paper with everything from its listings and all the user's annotations.

    ``published_certainty``, ``content_rank``, ``content_date`` and ``counts_date`` decide which listing's content wins;
    ``first_listing`` is the SHA-256 of the listing that brought the paper. ``seen_at`` is None for an unseen paper. A
    paper ``imported_as_seen`` stays out of the inbox although nobody decided it. (None means unknown; then it was
    imported as seen if it was seen in the second of its import.)
    """

    key: str
    aliases: tuple[str, ...]
    citation_key: str | None
    arxiv_id: str | None
    title: str
    abstract: str
    authors: tuple[str, ...]
    author_count: int | None
    organization: Organization | None
    published: str | None
    published_certainty: int
    url: str | None
    project_url: str | None
    code_urls: tuple[str, ...]
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    comments: int | None
    upvotes: int | None
    content_rank: int
    content_date: str
    counts_date: str
    sort_date: str
    first_seen: str
    first_listing: str | None
    state: PaperState
    state_changed: str | None
    starred: bool
    starred_changed: str | None
    buried_until: str | None
    seen_at: str | None
    queue_position: int | None
    note: TransferNote | None
    tags: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    sightings: tuple[TransferSighting, ...] = ()
    former_titles: tuple[str, ...] = ()
    author_names: tuple[Name, ...] = ()
    more_authors: bool = False
    doi: str | None = None
    further_dois: tuple[str, ...] = ()
    publication: Publication = NO_PUBLICATION
    imported_as_seen: bool | None = None
    earlier: tuple[TransferEarlier, ...] = ()
    documents: tuple[TransferDocument, ...] = ()


TransferItem = TransferListing | Tag | HighlightLabel | SavedSearch | MuteRule | Subscription | TransferPaper
"""One line of a transfer. Objects come before the papers that refer to them."""


@dataclass(slots=True)
class TransferReport:
    """The result of importing a transfer. ``problems`` are lines that were not understood, with the reason."""

    papers: int = 0
    new: int = 0
    updated: int = 0
    known: int = 0
    listings: int = 0
    paper_ids: set[int] = field(default_factory=set)
