"""How a view's papers are arranged: their order, and whether they stand in groups by listing; kept for each view."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import partial

from reader.domain.selection import PaperSort, SortBy
from reader.domain.views import Arrangement, View, ViewKind
from reader.ui.app.context import Context, Part
from reader.ui.app.window_state import WindowState
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts

_HAS_OWN_ORDER = {
    ViewKind.IMPORT: "An import keeps the order of its listings",
    ViewKind.MUTED: "Mute rules are ordered by when they were made",
    ViewKind.QUEUE: "The queue is in reading order: {queue.down} and {queue.up} move papers, “Sort the queue …” sorts",
    ViewKind.CATCH_UP: "This view is ordered by how often papers were listed",
}
_SEARCH_ORDERS = (SortBy.DATE, SortBy.ADDED, SortBy.TITLE, SortBy.COMMENTS, SortBy.UPVOTES, SortBy.FOR_YOU)
_TITLES = {
    SortBy.DATE: ("Date", "the newest first", "the oldest first"),
    SortBy.ADDED: ("Added", "the last added first", "the first added first"),
    SortBy.LISTING: ("Listing order", "as the pages have it, the newest first", "from the end of the oldest page"),
    SortBy.TITLE: ("Title", "A to Z", "Z to A"),
    SortBy.UPVOTES: ("Upvotes", "most first", "fewest first"),
    SortBy.COMMENTS: ("Comments", "most first", "fewest first"),
    SortBy.SIGHTINGS: ("Number of listings", "most first", "fewest first"),
    SortBy.FOR_YOU: ("For you", "by what you kept and dismissed", "by what you kept and dismissed"),
}
_RELEVANCE = "relevance"
_MOST_KEPT = 200


class Arranging(Part):
    """Commands that arrange the view that is open. A search is ordered by what its query says instead."""

    def __init__(self, context: Context) -> None:
        """From now on the context's navigator shows views as they are arranged here."""
        super().__init__(context)
        self._arrangements: dict[tuple[str, str], Arrangement] = {}
        self._navigator.arrangement_of = self.arrangement_of
        self.offers_for_you = True
        """Whether papers can be sorted by the reader's taste."""

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"view.sort": self.choose, "view.reverse": self.turn_round, "view.group": self.toggle_groups}

    def arrangement_of(self, view: View) -> Arrangement:
        """How a view is arranged; all listings alike."""
        return self._arrangements.get(_key(view), Arrangement())

    def choose(self) -> None:
        """Let the user choose an order."""
        if self._searching.search is not None:
            names = [by.value for by in _SEARCH_ORDERS if self._is_offered(by)]
            self._ask_which("Sort by…", [self._search_item(name) for name in (*names, _RELEVANCE)])
        elif self._can_arrange():
            view = self._navigator.view
            own = [] if view is None or own_order(view) is not None else [self._closeness(view)]
            self._ask_which("Sort by…", [*own, *(self._item(by) for by in _TITLES if self._is_offered(by))])

    def turn_round(self) -> None:
        """Show the order from its other end."""
        view = self._arrangeable()
        if view is not None:
            now = self.arrangement_of(view)
            sort = now.sort or own_order(view)
            if sort is None:
                self._say("The closest papers come first; {view.sort} changes that")
                return
            if sort.by is SortBy.FOR_YOU:
                self._say("“For you” has no other end; {view.sort} chooses another order")
                return
            self._arrange(view, replace(now, sort=replace(sort, reverse=not sort.reverse)))

    def toggle_groups(self) -> None:
        """Group by listing, or no longer."""
        view = self._arrangeable()
        if view is not None and view.kind is ViewKind.LISTING:
            self._say("This view is a single listing")
        elif view is not None:
            now = self.arrangement_of(view)
            self._arrange(view, replace(now, grouped=not now.grouped))

    def remember(self, state: WindowState) -> None:
        """Keep how views are arranged."""
        state.arrangements = json.dumps([[*key, _written(one)] for key, one in self._arrangements.items()])

    def resume(self, state: WindowState) -> None:
        """Arrange views as the last time; what cannot be read of it is as if it were new."""
        with suppress(ValueError, TypeError, RecursionError):
            for kind, tag, written in json.loads(state.arrangements):
                self._arrangements[str(ViewKind(kind)), str(tag)] = _read(str(written))

    def _arrangeable(self) -> View | None:
        """The view to arrange; None, and said why, where that has an order of its own."""
        if self._searching.search is not None:
            self._say("A search is ordered by its query; {view.sort} changes that")
            return None
        return self._navigator.view if self._can_arrange() else None

    def _can_arrange(self) -> bool:
        view = self._navigator.view
        why_not = _HAS_OWN_ORDER.get(view.kind) if view is not None else "Nothing is open"
        if why_not:
            self._say(why_not)
        return not why_not

    def _item(self, by: SortBy) -> PaletteItem:
        view = self._navigator.view
        now = self.arrangement_of(view).sort or own_order(view) if view is not None else PaperSort()
        title, usual, turned = _TITLES[by]
        is_now = now is not None and now.by is by
        note = turned if now is not None and is_now and not now.reverse else usual
        if is_now:
            note += "  (again to sort again)" if by is SortBy.FOR_YOU else "  (again to reverse)"
        return PaletteItem(title, note, partial(self.sort_by, by))

    def sort_by(self, by: SortBy) -> None:
        """Sort the view that is open; the order that it has is reversed, or worked out again."""
        view = self._navigator.view
        if view is not None:
            arrangement = self.arrangement_of(view)
            now = arrangement.sort or own_order(view)
            turns = now is not None and now.by is by and by is not SortBy.FOR_YOU and not now.reverse
            sort = PaperSort(by, reverse=turns)
            self._arrange(view, replace(arrangement, sort=sort if sort != own_order(view) else None))

    def _closeness(self, view: View) -> PaletteItem:
        now = self.arrangement_of(view)
        return PaletteItem("Closeness", "the closest first", partial(self._arrange, view, replace(now, sort=None)))

    def _arrange(self, view: View, arrangement: Arrangement) -> None:
        self._arrangements.pop(_key(view), None)
        if arrangement != Arrangement():
            self._arrangements[_key(view)] = arrangement
            for oldest in list(self._arrangements)[:-_MOST_KEPT]:
                del self._arrangements[oldest]
        self._navigator.sort_again()

    def _is_offered(self, by: SortBy) -> bool:
        return self.offers_for_you or by is not SortBy.FOR_YOU

    def _search_item(self, name: str) -> PaletteItem:
        title, usual, _ = _TITLES[SortBy(name)] if name != _RELEVANCE else ("Relevance", "the best match first", "")
        return PaletteItem(title, usual, partial(self._searching.sort_by, name))


def own_order(view: View) -> PaperSort | None:
    """The order in which a view stands unless it is told another; None is by closeness in meaning."""
    if view.kind is ViewKind.LIKE:
        return None
    return PaperSort(SortBy.LISTING) if view.kind is ViewKind.LISTING else PaperSort()


def _key(view: View) -> tuple[str, str]:
    ids = {ViewKind.SUBSCRIPTION: view.subscription_id, ViewKind.TOPIC: view.topic_id}
    return view.kind.value, str(ids[view.kind]) if view.kind in ids else view.tag


def _written(arrangement: Arrangement) -> str:
    """An arrangement in a word, such as ``-title grouped``."""
    sort = arrangement.sort
    words = [f"{'-' if sort.reverse else ''}{sort.by.value}"] if sort is not None else []
    return " ".join([*words, "grouped"] if arrangement.grouped else words)


def _read(written: str) -> Arrangement:
    """What :func:`_written` wrote; raises ValueError for anything else."""
    words = written.split()
    grouped = "grouped" in words
    orders = [word for word in words if word != "grouped"]
    sort = PaperSort(SortBy(orders[0].removeprefix("-")), orders[0].startswith("-")) if orders else None
    return Arrangement(sort, grouped)
