"""Changes to a library, and the steps that a user can undo.

Every mutation returns a :class:`Change`, so that views refresh only the papers it touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from reader.domain.step_titles import UNTITLED, StepTitle


@dataclass(frozen=True, slots=True)
class Change:
    """The effects of one mutation; falsy if it changed nothing.

    ``operation_id`` is the step it belongs to, or None for automatic changes (which are not steps) and if nothing
    changed. ``paper_ids`` are the papers whose content or annotations changed, including removed ones. ``tags_changed``
    means that tags themselves changed (name, colour, …), which can affect any paper; ``rules_changed`` means that saved
    searches, mute rules or highlight labels did, ``subscriptions_changed`` that subscriptions or their checks did,
    ``taste_changed`` that wishes about the order "for you" or examples of liked papers did,
    ``topics_changed`` that topics did.
    """

    title: StepTitle = UNTITLED
    operation_id: int | None = None
    paper_ids: frozenset[int] = frozenset()
    listings_changed: bool = False
    tags_changed: bool = False
    queue_changed: bool = False
    rules_changed: bool = False
    subscriptions_changed: bool = False
    taste_changed: bool = False
    topics_changed: bool = False

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(
            self.paper_ids
            or self.listings_changed
            or self.tags_changed
            or self.queue_changed
            or self.rules_changed
            or self.subscriptions_changed
            or self.taste_changed
            or self.topics_changed
        )

    def joined_with(self, other: Change) -> Change:
        """This change together with the effects of another; title and step are those of this change."""
        return replace(
            self,
            paper_ids=self.paper_ids | other.paper_ids,
            listings_changed=self.listings_changed or other.listings_changed,
            tags_changed=self.tags_changed or other.tags_changed,
            queue_changed=self.queue_changed or other.queue_changed,
            rules_changed=self.rules_changed or other.rules_changed,
            subscriptions_changed=self.subscriptions_changed or other.subscriptions_changed,
            taste_changed=self.taste_changed or other.taste_changed,
            topics_changed=self.topics_changed or other.topics_changed,
        )


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
class UndoneOperation:
    """The effects of an undo or redo. ``titles`` are those of the steps, in the order they were undone or redone.

    ``kept_paper_ids`` are papers that undoing an import would have removed, but that have annotations or sightings in
    other listings and are therefore kept.
    """

    titles: tuple[StepTitle, ...]
    change: Change
    kept_paper_ids: frozenset[int] = frozenset()

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

    ``from_earlier_session`` is True if the step was made before the library was opened this time.
    """

    id: int
    title: StepTitle
    kind: str
    time: str
    change_count: int
    undone: bool
    from_earlier_session: bool = False


class NewsKind(StrEnum):
    """What happened to a step, or the kind of a change that is not a step: seen marks, papers muted by rules."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"
    DROPPED = "dropped"
    AUTOMATIC = "automatic"


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
