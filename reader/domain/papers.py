"""Papers as the library stores them, with what listings and the user said of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from reader.domain.bibliography import NO_PUBLICATION, Name, Publication
from reader.domain.documents import Document, DocumentPlace
from reader.domain.records import LineRange, Organization
from reader.domain.subscriptions import PageName


class PaperState(StrEnum):
    """The states of a paper, which the user sets."""

    INBOX = "inbox"
    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    DISMISSED = "dismissed"


STATE_WORDS = {
    PaperState.INBOX: "Undecided",
    PaperState.QUEUED: "Queued",
    PaperState.READING: "Reading",
    PaperState.DONE: "Done",
    PaperState.DISMISSED: "Dismissed",
}
"""The states in plain words."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A paper at a position (from 1) of a listing, with that page's own numbers and the lines it came from.

    ``heading_date`` is ISO 8601 or None; ``heading_date_guessed`` is True if its year is a guess.
    """

    listing_id: int
    listing: str
    heading_date: str | None
    heading_date_guessed: bool
    position: int
    lines: LineRange
    comments: int | None
    upvotes: int | None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A quoted span of a paper's stored text: W3C Web Annotation's TextPosition and TextQuote selectors.

    ``target`` is ``"title"``, ``"abstract"`` or ``"document"``. ``start`` and ``end`` count characters of the stored
    text; both are None if the quote can no longer be placed, and in a document, where ``place`` says where it stands.
    ``approximate`` is True if the words there are only similar to the quote and nobody has confirmed the place
    (decision 28). Times are ISO 8601 in UTC.
    """

    id: int
    target: str
    start: int | None
    end: int | None
    exact: str
    prefix: str
    suffix: str
    label: str
    comment: str
    created: str
    changed: str
    approximate: bool = False
    place: DocumentPlace | None = None

    @property
    def is_unplaced(self) -> bool:
        """Whether its quote is no longer found in the text that it is in."""
        return self.start is None and self.place is None


class Marks(NamedTuple):
    """What a reader decides about a paper by one key. Names and values are those of :class:`Paper`."""

    state: PaperState
    state_changed: str | None
    starred: bool
    seen: bool
    buried_until: str | None
    is_buried: bool
    queue_position: int | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """The fields that a row of the paper list shows. Rows are read by the tens, so it has no others.

    ``buried_until`` is None unless that moment is still to come. ``momentum`` is by how much the upvotes have changed
    since yesterday, as far as fetched pages tell.
    """

    id: int
    key: str
    title: str
    abstract_start: str
    organization: str | None
    authors: tuple[str, ...]
    author_count: int | None
    more_authors: bool
    published: str | None
    published_guessed: bool
    comments: int | None
    upvotes: int | None
    has_code: bool
    state: PaperState
    starred: bool
    seen: bool
    has_note: bool
    highlight_count: int
    sighting_count: int
    tags: tuple[str, ...]
    buried_until: str | None = None
    momentum: int = 0
    has_document: bool = False

    def with_marks(self, marks: Marks) -> PaperRow:
        """The row of the same paper with other marks."""
        buried_until = marks.buried_until if marks.is_buried else None
        return replace(self, state=marks.state, starred=marks.starred, seen=marks.seen, buried_until=buried_until)


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the library stores about one paper. Dates and times are ISO 8601 (times in UTC).

    ``published`` may have reduced precision; ``published_guessed`` is True if its year is a guess. ``queue_position``
    counts from 1 and is None outside the queue. ``author_names`` has the names of ``authors`` in their parts, or is
    empty; ``more_authors`` is True if there are more authors than are named. ``further_dois`` are other DOIs that
    listings gave the paper. ``is_buried`` is True if ``buried_until`` is still to come. ``momentum`` is as in
    :class:`PaperRow`.
    """

    id: int
    key: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    author_count: int | None
    organization: Organization | None
    published: str | None
    published_guessed: bool
    arxiv_id: str | None
    url: str | None
    code_urls: tuple[str, ...]
    project_url: str | None
    keywords: tuple[str, ...]
    categories: tuple[str, ...]
    comments: int | None
    upvotes: int | None
    state: PaperState
    state_changed: str | None
    starred: bool
    seen: bool
    buried_until: str | None
    first_seen: str
    queue_position: int | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    aliases: tuple[str, ...] = field(default=())
    author_names: tuple[Name, ...] = ()
    more_authors: bool = False
    doi: str | None = None
    further_dois: tuple[str, ...] = ()
    publication: Publication = NO_PUBLICATION
    is_buried: bool = False
    momentum: int = 0
    documents: tuple[Document, ...] = ()
    """The PDF files that are attached, the last one first."""

    @property
    def marks(self) -> Marks:
        """What was decided about it."""
        return Marks(*(getattr(self, name) for name in Marks._fields))

    def with_marks(self, marks: Marks) -> Paper:
        """The same paper with other marks."""
        return replace(self, **marks._asdict())


@dataclass(frozen=True, slots=True)
class Listing:
    """One imported page dump.

    ``name`` is the user's name for it, otherwise the page's query or the file's stem. ``paper_count`` counts its
    papers, ``seen_count`` those that were seen or decided. ``page`` is the page of a subscription that it is, if it was
    fetched.
    """

    id: int
    name: str
    sha256: str
    format: str
    query: str | None
    heading_date: str | None
    year_guessed: bool
    imported: str
    file_name: str
    paper_count: int
    seen_count: int
    problem_count: int
    page: PageName | None = None
