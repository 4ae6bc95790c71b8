"""The views a library offers: which papers, in which order, under which name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reader.domain.selection import PaperSort


class ViewKind(StrEnum):
    """What a view shows; LISTING, IMPORT, TAG and SEARCH need more than their kind.

    HIGHLIGHTS and NOTES are the papers that have some, CATCH_UP is the inbox with what most listings have first,
    BURIED (shown as "Snoozed") what is hidden until a moment still to come.
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
    TAG = "tag"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class View:
    """One view: LISTING has one listing's id, IMPORT those of an import, TAG a tag's name, SEARCH a query."""

    kind: ViewKind
    listing_ids: tuple[int, ...] = ()
    tag: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How a view's papers stand: in which order (None is the view's own), and whether in groups by listing."""

    sort: PaperSort | None = None
    grouped: bool = False


@dataclass(frozen=True, slots=True)
class ListingSection:
    """One listing's part of the "new in this import" view, in the page's own order.

    ``new_ids`` are the papers it brought, ``known_ids`` those the library knew before, ``known_states`` how many of
    these stand in which state (a :class:`~reader.domain.papers.PaperState` value, or ``"unseen"``).
    """

    listing_id: int
    new_ids: tuple[int, ...]
    known_ids: tuple[int, ...]
    known_states: tuple[tuple[str, int], ...]
