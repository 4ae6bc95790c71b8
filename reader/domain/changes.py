"""What a mutation touched, and the steps a user can undo.

A mutation returns a :class:`Change`; whoever shows papers refreshes just those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Change:
    """What one mutation touched; falsy if it touched nothing.

    ``operation_id`` names the step it belongs to; None for automatic changes (no steps) and where nothing changed.
    ``paper_ids`` are the papers whose content or annotations changed, removed ones included. ``tags_changed`` tells
    that tags themselves changed (name, colour, …), which may show on any paper; ``rules_changed`` that saved searches,
    mute rules or highlight labels did.
    """

    title: str
    operation_id: int | None = None
    paper_ids: frozenset[int] = frozenset()
    listings_changed: bool = False
    tags_changed: bool = False
    queue_changed: bool = False
    rules_changed: bool = False

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(
            self.paper_ids or self.listings_changed or self.tags_changed or self.queue_changed or self.rules_changed
        )

    def joined_with(self, other: Change) -> Change:
        """This change with what another one touched too; title and step stay this one's."""
        return replace(
            self,
            paper_ids=self.paper_ids | other.paper_ids,
            listings_changed=self.listings_changed or other.listings_changed,
            tags_changed=self.tags_changed or other.tags_changed,
            queue_changed=self.queue_changed or other.queue_changed,
            rules_changed=self.rules_changed or other.rules_changed,
        )


def joined_title(titles: Sequence[str]) -> str:
    """The title of a step made of several changes: ``Tagged “a”: “Rivers” and untagged “b”: “Rivers”``."""
    return " and ".join((*titles[:1], *(title[:1].lower() + title[1:] for title in titles[1:])))


@dataclass(frozen=True, slots=True)
class StoredListing:
    """What adding a listing did: its records' papers that were new, whose content changed, and that were known.

    The three add up to the file's records; a paper that stands in the file twice is known the second time.
    """

    listing_id: int
    new: int
    updated: int
    known: int
    change: Change


@dataclass(frozen=True, slots=True)
class UndoneOperation:
    """What an undo (or a redo) did. ``titles`` are the steps gone through, in the order they were.

    ``kept_paper_ids`` are papers that undoing an import would have removed, but which carry annotations (or were
    sighted elsewhere since) and therefore stay.
    """

    titles: tuple[str, ...]
    change: Change
    kept_paper_ids: frozenset[int] = frozenset()

    @property
    def title(self) -> str:
        """The last step gone through."""
        return self.titles[-1]

    @property
    def paper_ids(self) -> frozenset[int]:
        """The papers changed."""
        return self.change.paper_ids


@dataclass(frozen=True, slots=True)
class OperationSummary:
    """One step of the history: when (ISO 8601, UTC), how many papers it changed, and whether it is undone now.

    ``from_earlier_session`` tells that it was made before the library was opened this time.
    """

    id: int
    title: str
    kind: str
    time: str
    change_count: int
    undone: bool
    from_earlier_session: bool = False


class NewsKind(StrEnum):
    """What became of a step; or that a change is none: being seen by moving on, papers that rules mute."""

    DONE = "done"
    UNDONE = "undone"
    REDONE = "redone"
    DROPPED = "dropped"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True)
class News:
    """A change that another process made. A step that grows is told again.

    ``change`` has the step's title and id, if it is one's and still kept; ``step_kind`` is as in
    :class:`OperationSummary`.
    """

    number: int
    kind: NewsKind
    change: Change
    step_kind: str


@dataclass(frozen=True, slots=True)
class LatestNews:
    """What others changed, oldest first, up to the change of the given ``number``.

    Without ``is_complete`` it is no longer known what they changed: everything is to be read anew.
    """

    number: int
    items: tuple[News, ...]
    is_complete: bool = True
