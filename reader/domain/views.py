"""The views of a library: their papers, order and name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reader.domain.selection import PaperSort


class ViewKind(StrEnum):
    """The kinds of views; LISTING, IMPORT, SUBSCRIPTION, TOPIC, LIKE, TAG and SEARCH need more.

    HIGHLIGHTS and NOTES are the papers that have some. CATCH_UP is the inbox, with the papers of the most listings
    first. SUBSCRIPTION are the papers of all pages of a subscription, TOPIC those of a topic of the map, LIKE those
    closest in meaning to others. BURIED (shown as "Snoozed") are the papers hidden until a moment still to come.
    """

    INBOX = "inbox"
    CATCH_UP = "catch-up"
    QUEUE = "queue"
    READING = "reading"
    DONE = "done"
    DISMISSED = "dismissed"
    BURIED = "buried"
    STARRED = "starred"
    ALL = "all"
    HIGHLIGHTS = "highlights"
    NOTES = "notes"
    MUTED = "muted"
    LISTING = "listing"
    IMPORT = "import"
    SUBSCRIPTION = "subscription"
    TOPIC = "topic"
    LIKE = "like"
    TAG = "tag"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class View:
    """One view.

    LISTING has one listing's id, IMPORT those of an import, SUBSCRIPTION a subscription's id, TOPIC a topic's, LIKE
    the ids of papers and what they are called together, TAG a tag's name, and SEARCH a query.
    """

    kind: ViewKind
    listing_ids: tuple[int, ...] = ()
    tag: str = ""
    query: str = ""
    subscription_id: int | None = None
    topic_id: int | None = None
    paper_ids: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The arrangement of a view: its order (None for the view's own) and whether it is grouped by listing."""

    sort: PaperSort | None = None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class ListingSection:
    """One listing's part of the view "New in this import", in the page's own order.

    ``new_ids`` are the papers it brought, ``known_ids`` those the library already had. ``known_states`` counts the
    latter by state (a :class:`~reader.domain.papers.PaperState` value, or ``"unseen"``).
    """

    listing_id: int
    new_ids: tuple[int, ...]
    known_ids: tuple[int, ...]
    known_states: tuple[tuple[str, int], ...]
