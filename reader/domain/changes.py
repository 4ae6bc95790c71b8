"""Changes to a library, and the steps that a user can undo.

Every mutation returns a :class:`Change`, so that views refresh only the papers it touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from reader.domain.step_titles import UNTITLED, StepTitle


class Field(StrEnum):
    """A part of a library that changes by itself, for which those that show it wait."""

    PAPERS = "papers"
    """What listings and services say of papers, and their identity."""
    LISTINGS = "listings"
    """Listings, and which papers they have."""
    STATES = "states"
    STARS = "stars"
    SNOOZES = "snoozes"
    SEEN = "seen"
    QUEUE = "queue"
    """The order of the queue, and who stands in it."""
    PAPER_TAGS = "paper tags"
    """The tags on papers."""
    TAGS = "tags"
    """Tags themselves: name, colour, …; it can affect any paper."""
    NOTES = "notes"
    HIGHLIGHTS = "highlights"
    LABELS = "labels"
    SEARCHES = "searches"
    """Saved searches."""
    MUTE_RULES = "mute rules"
    MUTED = "muted"
    """The papers that mute rules hide."""
    SUBSCRIPTIONS = "subscriptions"
    """Subscriptions and their checks."""
    TASTE = "taste"
    """Wishes about the order "for you", and examples of liked papers."""
    TOPICS = "topics"
    DOCUMENTS = "documents"
    """The PDF files of papers, and where they lie on this device."""


MARKS = frozenset({Field.STATES, Field.STARS, Field.SNOOZES, Field.SEEN, Field.QUEUE})
"""What a reader decides about a paper by one key; nothing else of the paper changes with it."""


class NewsKind(StrEnum):
    """What happened to a step, or the kind of a change that is not a step: seen marks, papers muted by rules.

    What ``arrived`` from another device is in the history, but not for undo and redo.
    """

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"
    DROPPED = "dropped"
    AUTOMATIC = "automatic"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Change:
    """The effects of one mutation; falsy if it changed nothing.

    ``operation_id`` is the step it belongs to, or None for automatic changes (which are not steps) and if nothing
    changed. ``paper_ids`` are the papers whose content or annotations changed, including removed ones, ``fields`` what
    of the library did. ``is_own`` tells that this process made it.
    """

    title: StepTitle = UNTITLED
    operation_id: int | None = None
    paper_ids: frozenset[int] = frozenset()
    fields: frozenset[Field] = frozenset()
    kind: NewsKind = NewsKind.DONE
    is_own: bool = True

    @classmethod
    def of(cls, *fields: Field, paper_ids: Iterable[int] = ()) -> Change:
        """An automatic change of these fields."""
        return cls(paper_ids=frozenset(paper_ids), fields=frozenset(fields), kind=NewsKind.AUTOMATIC)

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.paper_ids or self.fields)

    def touches(self, *fields: Field) -> bool:
        """Whether any of these fields changed."""
        return not self.fields.isdisjoint(fields)

    def joined_with(self, other: Change) -> Change:
        """This change together with the effects of another; all else is that of this change."""
        return replace(self, paper_ids=self.paper_ids | other.paper_ids, fields=self.fields | other.fields)


ANYTHING = Change(fields=frozenset(Field))
"""What an import did, for those who show it: new papers, but also merged ones, whose annotations moved."""


@dataclass(frozen=True, slots=True)
class StoredListing:
    """The effects of adding a listing: its papers that were new, that changed, and that were known.

    The three add up to the file's records; a paper that occurs twice in the file is known the second time.
    """

    listing_id: int
    new: int
    updated: int
    known: int
    change: Change


@dataclass(frozen=True, slots=True)
class Stayed:
    """What undo or redo left as it is, because it arrived from other devices since; falsy if nothing.

    ``things`` are tags, searches and other rows that belong to no paper; ``devices`` are their names.
    """

    paper_ids: frozenset[int] = frozenset()
    things: Mapping[Field, int] = field(default_factory=dict)
    devices: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything stayed."""
        return bool(self.paper_ids or self.things)


@dataclass(frozen=True, slots=True)
class UndoneOperation:
    """The effects of an undo or redo. ``titles`` are those of the steps, in the order they were undone or redone.

    ``kept_paper_ids`` are papers that undoing an import would have removed, but that have annotations or sightings in
    other listings and are therefore kept.
    """

    titles: tuple[StepTitle, ...]
    change: Change
    kept_paper_ids: frozenset[int] = frozenset()
    stayed: Stayed = Stayed()

    @property
    def title(self) -> StepTitle:
        """The title of the last step undone or redone."""
        return self.titles[-1]

    @property
    def paper_ids(self) -> frozenset[int]:
        """The papers that changed."""
        return self.change.paper_ids


@dataclass(frozen=True, slots=True)
class OperationSummary:
    """One step of the history: its time (ISO 8601, UTC), the number of papers it changed, and whether it is undone.

    ``from_earlier_session`` is True if the step was made before the library was opened this time. Steps of kind "sync"
    arrived from another device; undo and redo pass them by.
    """

    id: int
    title: StepTitle
    kind: str
    time: str
    change_count: int
    undone: bool
    from_earlier_session: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """A change made by another process. A step that grows is reported again.

    ``change`` has the title and id of the step, if it is one and still kept; ``step_kind`` is as in
    :class:`OperationSummary`.
    """

    number: int
    kind: NewsKind
    change: Change
    step_kind: str


@dataclass(frozen=True, slots=True)
class LatestNews:
    """The changes of other processes, oldest first, up to the one with the given ``number``.

    If ``is_complete`` is False, the changes are no longer known, and the only item says that anything may have changed.
    ``checks`` is a text that differs after each fetch, which need not change anything else.
    """

    number: int
    items: tuple[News, ...]
    is_complete: bool = True
    checks: str = ""
