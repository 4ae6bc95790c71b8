"""The selection and order of papers that a view asks for, and the counts beside the views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from reader.domain.papers import PaperState


class SortBy(StrEnum):
    """The orders of a list, each with its natural direction.

    DATE (publication, else the listing's day) and ADDED: newest first. TITLE: A to Z, without regard to LaTeX and case.
    COMMENTS and UPVOTES: most first, unknown last. QUEUE: the reading order, then papers outside the queue. LISTING:
    listing by listing in the order of the filter (else newest first), each in the page's own order. FOR_YOU: by the
    reader's taste; what knows nothing of it gives the order of DATE.
    """

    DATE = "date"
    ADDED = "added"
    TITLE = "title"
    COMMENTS = "comments"
    UPVOTES = "upvotes"
    SIGHTINGS = "sightings"
    QUEUE = "queue"
    LISTING = "listing"
    FOR_YOU = "foryou"


@dataclass(frozen=True, slots=True)
class PaperSort:
    """An order of papers; ``reverse`` reverses the natural direction. Equal papers keep their order of import."""

    by: SortBy = SortBy.DATE
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class PaperFilter:
    """Conditions that must all hold; None (or empty) for a condition that does not matter.

    ``states``: in any of these. ``settled``: decided or imported as seen. ``buried``: hidden until a moment still to
    come; ``came_back``: until one that has come. ``muted``: matched by an enabled mute rule. ``listing_ids``: sighted
    in any of these; ``subscription_id``: on any page of this subscription. ``listed_before`` (an ISO date): not on a
    listing of that day or later. ``tags``: all of these (a tag includes those below it: ``ml`` matches ``ml/vision``).
    ``ids``: among these, such as a search's results.
    """

    states: frozenset[PaperState] | None = None
    starred: bool | None = None
    seen: bool | None = None
    settled: bool | None = None
    buried: bool | None = None
    came_back: bool | None = None
    muted: bool | None = None
    queued: bool | None = None
    tagged: bool | None = None
    has_note: bool | None = None
    has_highlights: bool | None = None
    listing_ids: tuple[int, ...] | None = None
    subscription_id: int | None = None
    listed_before: str | None = None
    tags: tuple[str, ...] = ()
    ids: Sequence[int] | None = None


ALL_PAPERS = PaperFilter()
INBOX = PaperFilter(settled=False, buried=False, muted=False)
"""The inbox, everywhere: papers neither decided, imported as seen, hidden until later, nor muted."""
UNSEEN = replace(INBOX, seen=False)
"""The upper part of the inbox; the papers of the inbox that were seen are folded below it."""
MUTED = replace(INBOX, muted=True)
"""Papers that only mute rules keep out of the inbox."""
BURIED = PaperFilter(buried=True)
QUEUE = PaperFilter(queued=True)


def in_state(state: PaperState) -> PaperFilter:
    """A filter for the papers in one state."""
    return PaperFilter(states=frozenset({state}))


@dataclass(frozen=True, slots=True)
class ListingCount:
    """The numbers of a listing's papers: all of them, and those seen or decided."""

    total: int
    seen: int


@dataclass(frozen=True, slots=True)
class ViewCounts:
    """The counts beside the views.

    ``unseen`` counts the unseen papers of the ``inbox``, ``buried`` those hidden until a moment still to come.
    ``listings`` is by listing id, ``tags`` by tag name (without the tags below). ``highlights`` and ``notes`` count
    these, not papers. ``returns`` is the moment (in the library's form) when the first of the buried papers comes back.
    """

    inbox: int = 0
    unseen: int = 0
    queued: int = 0
    reading: int = 0
    done: int = 0
    dismissed: int = 0
    starred: int = 0
    all: int = 0
    buried: int = 0
    muted: int = 0
    returns: str | None = None
    listings: Mapping[int, ListingCount] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)
    highlights: int = 0
    notes: int = 0


@dataclass(frozen=True, slots=True)
class LibraryStatistics:
    """The size of a library. ``states`` is by state value, ``formats`` counts listings by format.

    ``published_months`` and ``added_months`` count papers by ``YYYY-MM``; ``bytes`` is the database's size on disk.
    """

    papers: int
    listings: int
    sightings: int
    problems: int
    with_arxiv_id: int
    with_abstract: int
    with_code: int
    seen: int
    starred: int
    tags: int
    tagged: int
    notes: int
    highlights: int
    queued: int
    operations: int
    bytes: int
    states: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, int] = field(default_factory=dict)
    published_months: Mapping[str, int] = field(default_factory=dict)
    added_months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexedText:
    """A paper's text for the search index; ``names`` are the authors', ``organization`` its account and name."""

    id: int
    title: str
    abstract: str
    names: tuple[str, ...]
    organization: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnotationText:
    """A paper's note, and the quotes and comments of its highlights, for the search index."""

    id: int
    note: str
    highlights: tuple[str, ...]


class IndexPart(StrEnum):
    """The two indexes: the text of listings, and the user's own text."""

    PAPERS = "papers"
    ANNOTATIONS = "annotations"


@dataclass(frozen=True, slots=True)
class PendingPapers:
    """Papers changed since an index's last commit, and a mark with which exactly these are cleared after the next.

    They include papers that are no longer in the library, which are to be removed from the index.
    """

    paper_ids: tuple[int, ...]
    mark: int
