"""What the left pane lists: views, tags, searches and subscriptions, then the listings, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from PySide6.QtCore import QObject

from reader.domain.annotations import Tag, fold_tag
from reader.domain.papers import Listing
from reader.domain.selection import ViewCounts
from reader.domain.subscriptions import SubscriptionStatus
from reader.domain.views import View, ViewKind
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.row_list import RowModel
from reader.ui.look.wording import counted, joined, shown_date
from reader.ui.sidebar.calendar import Day, day_of

_NAME_LIMIT = 120
_FEW = 20
"""The most rows that are painted again one by one."""

VIEW_TITLES = {
    ViewKind.INBOX: "Inbox",
    ViewKind.QUEUE: "Queue",
    ViewKind.READING: "Reading",
    ViewKind.DONE: "Done",
    ViewKind.DISMISSED: "Dismissed",
    ViewKind.BURIED: "Snoozed",
    ViewKind.STARRED: "Starred",
    ViewKind.ALL: "All papers",
    ViewKind.HIGHLIGHTS: "Highlights",
    ViewKind.NOTES: "Notes",
}


_FIGURES = {ViewKind.INBOX: "unseen", ViewKind.QUEUE: "queued"}
"""The fields of :class:`ViewCounts` beside views, where they are not called like these."""


class RowKind(Enum):
    """What a row of the left pane is."""

    HEADING = auto()
    VIEW = auto()
    LISTING = auto()


@dataclass(frozen=True, slots=True)
class SidebarRow:
    """One row. ``seen`` and ``total`` are a listing's progress, ``count`` a view's papers, ``color`` a tag's.

    ``weekday`` and ``day`` are a listing's, where its date is known. ``depth`` is how many tags stand above this one,
    ``number`` the key that puts it on. ``has_trouble`` tells that a subscription could not be fetched.
    """

    kind: RowKind
    title: str
    view: View | None = None
    count: int | None = None
    date: str = ""
    weekday: str = ""
    day: str = ""
    seen: int = 0
    total: int = 0
    color: str = ""
    depth: int = 0
    number: int | None = None
    has_trouble: bool = False

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        if self.kind is RowKind.LISTING:
            date = f", {self.date.replace('~', 'about ')}" if self.date else ""
            return f"Listing {self.title}{date}: {self.seen:,} of {self.total:,} seen"
        if self.view is not None and self.view.kind is ViewKind.TAG:
            number = f", favourite {self.number}" if self.number else ""
            return f"Tag {shown_line(self.view.tag, _NAME_LIMIT)}: {counted(self.count or 0, 'paper')}{number}"
        if self.view is not None and self.view.kind is ViewKind.SUBSCRIPTION:
            trouble = ", could not be fetched" if self.has_trouble else ""
            return f"Subscription {self.title}: {counted(self.count or 0, 'new paper')}{trouble}"
        if self.view is not None and self.view.kind in {ViewKind.HIGHLIGHTS, ViewKind.NOTES}:
            return f"{self.title}: {self.count or 0:,}"
        if self.kind is RowKind.VIEW:
            is_inbox = self.view is not None and self.view.kind is ViewKind.INBOX
            return f"{self.title}: {counted(self.count or 0, 'unseen paper' if is_inbox else 'paper')}"
        return self.title


def _view_rows(counts: ViewCounts | None) -> list[SidebarRow]:
    """The views, with their figures once they are known."""
    return [
        SidebarRow(RowKind.VIEW, title, View(kind), getattr(counts, _FIGURES.get(kind, kind.value), None))
        for kind, title in VIEW_TITLES.items()
    ]


def tag_rows(tags: Sequence[Tag]) -> list[SidebarRow]:
    """The tags as a tree on lines: each below the one above it that there is, named by what that leaves of it."""
    above: list[str] = []
    rows = []
    for tag in sorted(tags, key=lambda each: fold_tag(each.name).split("/")):
        fold = fold_tag(tag.name)
        while above and not fold.startswith(f"{above[-1]}/"):
            above.pop()
        levels = above[-1].count("/") + 1 if above else 0
        rows.append(
            SidebarRow(
                RowKind.VIEW,
                shown_line("/".join(tag.name.split("/")[levels:]), _NAME_LIMIT),
                View(ViewKind.TAG, tag=tag.name),
                tag.paper_count,
                color=tag.color or "",
                depth=len(above),
                number=tag.favorite,
            )
        )
        above.append(fold)
    return rows


def _listing_rows(listings: Sequence[Listing]) -> list[SidebarRow]:
    """The listings as in a calendar: a heading for every month, and below it the days."""
    rows: list[SidebarRow] = []
    month = ""
    for listing in listings:
        day = day_of(listing)
        if day.month != month:
            month = day.month
            rows.append(SidebarRow(RowKind.HEADING, month if rows else joined(("Listings", month))))
        rows.append(_listing_row(listing, day))
    return rows


def _counted_row(row: SidebarRow, counts: ViewCounts) -> SidebarRow:
    """A listing's row with the figures of now; the row itself where they are the same."""
    count = counts.listings.get(row.view.listing_ids[0]) if row.view is not None else None
    if count is None or (row.seen, row.total) == (count.seen, count.total):
        return row
    return replace(row, seen=count.seen, total=count.total)


def _listing_row(listing: Listing, day: Day) -> SidebarRow:
    return SidebarRow(
        RowKind.LISTING,
        shown_line(listing.name, _NAME_LIMIT),
        View(ViewKind.LISTING, listing_ids=(listing.id,)),
        date=shown_date(listing.heading_date, guessed=listing.year_guessed),
        weekday=day.weekday,
        day=day.day,
        seen=listing.seen_count,
        total=listing.paper_count,
    )


def _subscription_row(status: SubscriptionStatus) -> SidebarRow:
    subscription = status.subscription
    view = View(ViewKind.SUBSCRIPTION, subscription_id=subscription.id)
    name = shown_line(subscription.name, _NAME_LIMIT)
    return SidebarRow(RowKind.VIEW, name, view, status.new, has_trouble=bool(status.error))


class SidebarModel(RowModel):
    """Views and listings; a change of counts alone leaves the rows where they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        """The views are there from the start, the listings when they are known."""
        super().__init__(parent)
        self._counts: ViewCounts | None = None
        self.listings: tuple[Listing, ...] = ()
        """The listings, newest first."""
        self._searches: tuple[tuple[str, str], ...] = ()
        self._search_counts: Mapping[str, int] = {}
        self.tags: tuple[Tag, ...] = ()
        """The tags."""
        self._subscriptions: tuple[SubscriptionStatus, ...] = ()
        # Kept, because a library of years has thousands: to make them again with every star would be felt.
        self._listing_rows: list[SidebarRow] = []
        self._rows = _view_rows(None)

    def set_counts(self, counts: ViewCounts) -> None:
        """Show other figures."""
        before, self._counts = self._counts, counts
        if before is None or counts.listings is not before.listings:
            self._count_listings()
        self._show(self._build())

    def set_listings(self, listings: Sequence[Listing]) -> None:
        """Show other listings."""
        self.listings = tuple(listings)
        self._listing_rows = _listing_rows(self.listings)
        self._count_listings()
        self._show(self._build())

    def set_tags(self, tags: Sequence[Tag]) -> None:
        """Show other tags."""
        self.tags = tuple(tags)
        self._show(self._build())

    def set_searches(self, searches: Sequence[tuple[str, str]]) -> None:
        """Show other saved searches: each with its name and its query."""
        self._searches = tuple(searches)
        self._show(self._build())

    def set_search_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many papers the queries of saved searches find."""
        self._search_counts = counts
        self._show(self._build())

    def set_subscriptions(self, statuses: Sequence[SubscriptionStatus]) -> None:
        """Show other subscriptions, or what is new in them."""
        self._subscriptions = tuple(statuses)
        self._show(self._build())

    def row(self, number: int) -> SidebarRow | None:
        """A row by its number; None if there is none."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def row_of(self, view: View) -> int | None:
        """Where a view stands."""
        return next((number for number, row in enumerate(self._rows) if row.view == view), None)

    def listing(self, listing_id: int) -> Listing | None:
        """A listing by its id; None if it is gone."""
        return next((listing for listing in self.listings if listing.id == listing_id), None)

    def subscription(self, subscription_id: int | None) -> SubscriptionStatus | None:
        """A subscription by its id; None if it is gone."""
        return next((each for each in self._subscriptions if each.subscription.id == subscription_id), None)

    def _build(self) -> list[SidebarRow]:
        rows = _view_rows(self._counts)
        if self.tags:
            rows.append(SidebarRow(RowKind.HEADING, "Tags"))
            rows += tag_rows(self.tags)
        if self._searches:
            rows.append(SidebarRow(RowKind.HEADING, "Searches"))
            rows += [self._search_row(name, query) for name, query in self._searches]
        if self._subscriptions:
            rows.append(SidebarRow(RowKind.HEADING, "Subscriptions"))
            rows += map(_subscription_row, self._subscriptions)
        return rows + self._listing_rows

    def _count_listings(self) -> None:
        if self._counts is not None:
            self._listing_rows = [_counted_row(row, self._counts) for row in self._listing_rows]

    def _search_row(self, name: str, query: str) -> SidebarRow:
        view = View(ViewKind.SEARCH, query=query)
        return SidebarRow(RowKind.VIEW, shown_line(name, _NAME_LIMIT), view, self._search_counts.get(query))

    def _show(self, rows: list[SidebarRow]) -> None:
        differing = [at for at, (row, old) in enumerate(zip(rows, self._rows, strict=False)) if row is not old]
        same_places = all(rows[at].view == self._rows[at].view for at in differing) and len(rows) == len(self._rows)
        if same_places:
            changed = [at for at in differing if rows[at] != self._rows[at]]
            self._rows = rows
            if len(changed) > _FEW:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            else:
                for at in changed:
                    self.dataChanged.emit(self.index(at), self.index(at))
        else:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def count(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def can_be_current(self, row: int) -> bool:
        """Return whether a row is no heading."""
        return self._rows[row].view is not None

    def text(self, row: int, *, spoken: bool) -> str:
        """Return a row's title; with its figures where it is spoken."""
        return self._rows[row].spoken() if spoken else self._rows[row].title
