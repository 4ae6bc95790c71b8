"""Which view is open: opening views and listings, coming back to the last place, a search over a view."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import chain

from PySide6.QtCore import QObject, Signal

from reader.domain.changes import Change, Field
from reader.domain.selection import PaperSort, SortBy
from reader.domain.taste import TasteOrder
from reader.domain.views import Arrangement, View, ViewKind
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.look.wording import counted, joined, shown_date, sort_words
from reader.ui.navigation.view_loader import NAME_LIMIT, LoadedView, load_view, look_for
from reader.ui.papers.contents import Content, Level, ListContents
from reader.ui.papers.entries import Entries, Section
from reader.ui.papers.pane import PapersPane
from reader.ui.sidebar.model import VIEW_TITLES, SidebarModel

_PATIENCE_MS = 150
_EMPTY_TEXTS = {
    ViewKind.INBOX: "Inbox empty: you are caught up.\n\n{import.files} imports more; {go.all} shows all papers.",
    ViewKind.CATCH_UP: "Inbox empty: you are caught up.",
    ViewKind.QUEUE: "Nothing queued.\n\nPress {paper.queue} on a paper that you mean to read.",
    ViewKind.READING: "You are not reading anything at the moment.",
    ViewKind.DONE: "Nothing done yet.\n\nPress {paper.done} on a paper when you have read enough of it.",
    ViewKind.DISMISSED: "Nothing dismissed.\n\nPress {paper.dismiss} on a paper that is not for you.",
    ViewKind.BURIED: "Nothing snoozed.\n\nPress {paper.bury_until} on a paper that you want to see again later.",
    ViewKind.STARRED: "Nothing starred.\n\nPress {paper.star} on a paper that stands out.",
    ViewKind.ALL: "No papers.",
    ViewKind.HIGHLIGHTS: (
        "Nothing highlighted.\n\nPress {highlight.sentences} on a paper and type the letters of a sentence."
    ),
    ViewKind.NOTES: "No notes.\n\nPress {note.edit} on a paper to write one.",
    ViewKind.LISTING: "This listing has no papers.",
    ViewKind.IMPORT: "This import brought no papers.",
    ViewKind.SUBSCRIPTION: "Nothing fetched yet.",
    ViewKind.LIKE: (
        "Nothing is close in meaning.\n\nPapers are compared in the background, from 20 papers on; "
        "{paper.similar_words} searches by words."
    ),
    ViewKind.TOPIC: "No papers in this topic.\n\n{go.map} shows all topics.",
    ViewKind.MUTED: "No mute rules.\n\nSearch for what you never want to see, then “Mute…” ({view.palette}).",
    ViewKind.TAG: "No paper has this tag.\n\nPress {tag.edit} on a paper to tag it.",
}


FollowSearch = Callable[[Collection[int], bool, Callable[[], None] | None], None]


class ViewNavigator(QObject):
    """Opens views in the paper list. Content is read beside the GUI thread; an overtaken read is dropped."""

    opened = Signal(object)
    """The :class:`View` whose content is shown now."""
    opening = Signal()
    """Another view (or the same again) is about to be shown."""
    cleared = Signal()
    """Nothing is shown, and no place is remembered."""

    def __init__(self, workspace: Workspace, sidebar: SidebarModel, pane: PapersPane) -> None:
        """Nothing is opened yet."""
        super().__init__(workspace)
        self._workspace = workspace
        self._sidebar = sidebar
        self._pane = pane
        self.contents = ListContents(pane)
        """What the list holds."""
        self._token = CancelToken()
        self._loaded: LoadedView | None = None
        self._wanted: tuple[View, int | None] | None = None
        self._is_stale = False
        self._patience = make_timer(self, self._read_wanted, _PATIENCE_MS)
        workspace.settled.connect(self._settled)
        workspace.changes_of(Field.LISTINGS, Field.TOPICS).connect(self._changed)
        self.arrangement_of: Callable[[View], Arrangement] = _usual
        """How each view's papers are to stand."""
        self._standing: dict[View, TasteOrder] = {}
        self._keeps = False
        self.follow_search: FollowSearch | None = None
        """Does what :meth:`follow` does while what a search found is shown."""
        self._places: dict[View, int] = {}

    @property
    def view(self) -> View | None:
        """The view that is shown, or about to be; None before the first."""
        if self._wanted is not None:
            return self._wanted[0]
        return self._loaded.view if self._loaded is not None else None

    @property
    def is_loading(self) -> bool:
        """Whether the view that is to be shown is still being read."""
        return self._wanted is not None

    def open(self, view: View, paper_id: int | None = None, *, keeps: bool = False) -> None:
        """Show a view, at ``paper_id`` or where the user left it; ``keeps`` is as in :func:`load_view`.

        What was decided just before is to be in it: so reading waits for operations under way, if not for long.
        """
        self._remember_place()
        self.contents.forget(Level.SEARCH)
        if self._loaded is not None and view != self._loaded.view:
            self.contents.forget(Level.VIEW)
        self.opening.emit()
        self._token.cancel()
        self._keeps = keeps
        self._wanted = (view, paper_id if paper_id is not None else self._places.get(view))
        if self._workspace.is_settled:
            self._read_wanted()
        else:
            self._patience.start()

    def clear(self) -> None:
        """Show nothing and forget every place."""
        self._token.cancel()
        self._patience.stop()
        self._wanted = self._loaded = None
        self._places.clear()
        self._standing.clear()
        self.opening.emit()
        self.contents.clear()
        self.cleared.emit()

    def reload(self, *, keeps: bool = False) -> None:
        """Read the view's content again and stay at the same paper; ``keeps`` is as in :func:`load_view`."""
        if self._wanted is not None:
            self.open(*self._wanted, keeps=keeps)
        elif self._loaded is not None:
            self.open(self._loaded.view, self.contents.place(Level.VIEW), keeps=keeps)

    def sort_again(self, *, all_views: bool = False) -> None:
        """Work the order of the view out again, in which the current paper stays; with ``all_views`` of others too.

        An order "for you" stands still until then.
        """
        view = self.view
        if view is not None:
            self._standing = {} if all_views else {one: order for one, order in self._standing.items() if one != view}
            self.reload(keeps=True)

    def places(self) -> list[tuple[View, int]]:
        """The paper at which the user stopped in each view that was opened, the last left at the end; to be kept."""
        self._remember_place()
        return list(self._places.items())

    def return_to_places(self, places: Iterable[tuple[View, int]]) -> None:
        """Open views where the user stopped last time: pairs of a view and a paper."""
        self._places.update(places)

    def open_listing(self, listing_id: int, paper_id: int | None = None) -> None:
        """Show a listing where the user stopped; one that was never opened at its first unseen paper."""
        self.open(View(ViewKind.LISTING, listing_ids=(listing_id,)), paper_id)

    def go_to_paper(self, paper_id: int, otherwise: ViewKind = ViewKind.ALL) -> None:
        """Go to a paper: in the list as it is if it stands there and the list stays, else in another view."""
        row = self._pane.papers.papers().entries.row_of(paper_id)
        if row is not None and not self.is_loading:
            self._pane.papers.set_current_row(row)
        else:
            self.open(View(otherwise), paper_id)

    def open_import(self, listing_ids: Sequence[int]) -> None:
        """Show what an import brought, grouped by listing."""
        self.open(View(ViewKind.IMPORT, listing_ids=tuple(listing_ids)))

    def open_neighbour(self, step: int) -> bool:
        """Show the listing ``step`` places further down the list (older ones follow); False if there is none."""
        listings = self._sidebar.listings
        ids = [listing.id for listing in listings]
        here = self.current_listing_id()
        at = ids.index(here) + step if here in ids else (0 if step > 0 else len(ids) - 1)
        if not 0 <= at < len(ids):
            return False
        self.open_listing(ids[at])
        return True

    def current_listing_id(self) -> int | None:
        """The listing that is shown, or the one whose section of an import the current row stands in."""
        view = self.view
        if view is None:
            return None
        if view.kind is ViewKind.LISTING:
            return view.listing_ids[0]
        section = self._pane.papers.papers().entries.section_of(self._pane.papers.current_row)
        return section.listing_id if section is not None else None

    def _changed(self, change: Change) -> None:
        """Papers that came or went with a listing are read again; verdicts stay in place until the view is left."""
        is_topic = self.view is not None and self.view.kind is ViewKind.TOPIC
        is_touched = change.touches(Field.LISTINGS) and bool(change.paper_ids)
        if (is_touched or (is_topic and change.touches(Field.TOPICS))) and not self.is_searching:
            self.reload()

    def listings_changed(self) -> None:
        """Show the open listing under its new name or date; leave it if it is gone."""
        view = self._steady_view
        if view is None:
            return
        if view.kind is ViewKind.LISTING and self._sidebar.listing(view.listing_ids[0]) is None:
            self.open(View(ViewKind.INBOX))
        elif view.kind is ViewKind.IMPORT:
            self.reload()
        else:
            self._renew_heading()

    def subscriptions_changed(self) -> None:
        """Show the open subscription under its new name; leave it if it is gone."""
        view = self._steady_view
        if view is None or view.kind is not ViewKind.SUBSCRIPTION:
            return
        if self._sidebar.subscription(view.subscription_id) is None:
            self.open(View(ViewKind.INBOX))
        else:
            self._renew_heading()

    @property
    def _steady_view(self) -> View | None:
        """The view that is shown, unless another is about to be, or a search covers it."""
        is_steady = self._loaded is not None and self._wanted is None and not self.is_searching
        return self.view if is_steady else None

    def _renew_heading(self) -> None:
        if self._loaded is not None:
            self.contents.set_heading(Level.VIEW, self._title(self._loaded.view), self._facts(self._loaded))

    def begin_search(self) -> None:
        """Leave the list to what a search will find; a view that arrives meanwhile waits below it."""
        self.contents.cover(Level.SEARCH)

    def show_found(
        self,
        paper_ids: array[int],
        related_ids: Sequence[int],
        facts: str,
        below: str,
        paper_id: int | None = None,
        taste: TasteOrder | None = None,
    ) -> None:
        """Show over the view what a search found, and what is related ``below`` a divider that says how.

        It is shown at ``paper_id`` if that is found. ``taste`` is their order where that is "for you".
        """
        count = counted(len(related_ids), "paper")
        related = Section(0, below, f"{count}, the closest first", "", tuple(related_ids), ())
        entries = Entries(paper_ids, (related,) if related_ids else ())
        empty_text = "Nothing found.\n\nEsc clears the search."
        self.contents.put(Level.SEARCH, Content(ViewKind.SEARCH, entries, "Search", facts, empty_text, taste), paper_id)

    def show_all_again(self) -> None:
        """Show the view below the search."""
        if self.contents.take_off(Level.SEARCH) and self._loaded is not None:
            self.opened.emit(self._loaded.view)

    def view_ids(self) -> array[int]:
        """The papers of the view, whether or not a search is shown over it."""
        if self._loaded is None:
            return array("q")
        plain, sections = self._loaded.paper_ids, self._loaded.sections
        own = [section for section in sections if not section.is_extra]
        grouped = (one for section in own for one in (*section.new_ids, *section.known_ids))
        return array("q", dict.fromkeys(chain(plain, grouped))) if sections else plain

    @property
    def title(self) -> str:
        """What the view is called, whether or not a search is shown over it; empty before the first."""
        return self._title(self.view) if self.view is not None else ""

    @property
    def is_searching(self) -> bool:
        """Whether the list is for what a search finds, be there anything to search for yet or not."""
        return not self._pane.search.isHidden()

    @property
    def is_finding(self) -> bool:
        """Whether what a search found is shown instead of the view."""
        return self._pane.papers.papers().kind is ViewKind.SEARCH

    def follow(
        self, paper_ids: Collection[int], *, goes_there: bool = True, otherwise: Callable[[], None] | None = None
    ) -> None:
        """Steps that touched these papers were undone or redone: show what is in the view and not in sight.

        With ``goes_there`` the first such paper is chosen; ``otherwise`` is called where there is none.
        """
        if self._loaded is None or self._wanted is not None:
            return
        is_found = self.contents.at(Level.SEARCH) is not None
        if is_found and self.follow_search is not None:
            self.follow_search(paper_ids, goes_there, otherwise)
        view, content = self._loaded.view, self.contents.at(Level.VIEW)
        entries = content.entries if content is not None else Entries()
        load = self._loading(view, None)
        look = partial(look_for, load, frozenset(paper_ids), entries.rows[:], entries.sections)
        then = None if is_found else otherwise
        self._workspace.tasks.read(look, partial(self._looked, goes_there, then, paper_ids), token=self._token)

    def _looked(
        self,
        goes_there: bool,
        otherwise: Callable[[], None] | None,
        paper_ids: Collection[int],
        found: tuple[LoadedView, int | None],
    ) -> None:
        loaded, missing = found
        if self._loaded is None or self._wanted is not None or loaded.view != self._loaded.view:
            return
        if self.contents.at(Level.SEARCH) is not None:  # that is in sight: this is for when it ends
            self._show(loaded, self.contents.place(Level.VIEW))
        elif missing is not None:
            self._show(loaded, missing if goes_there else self.contents.place(Level.VIEW))
            self.opened.emit(loaded.view)
        elif not (goes_there and self._unfold(paper_ids)) and otherwise is not None:
            otherwise()

    def _unfold(self, paper_ids: Collection[int]) -> bool:
        """Go to a single paper that is folded away; False if there is no such."""
        model = self._pane.papers.papers()
        paper_id = next(iter(paper_ids))
        fold = model.entries.fold_of(paper_id) if len(paper_ids) == 1 else None
        if fold is None:
            return False
        model.set_unfolded(fold, True)
        self._pane.papers.go_to_paper(paper_id)
        return True

    def _read_wanted(self) -> None:
        """Read the view that is to be shown."""
        self._patience.stop()
        if self._wanted is not None:
            self._is_stale = not self._workspace.is_settled
            self._token = CancelToken()
            self._workspace.tasks.read(self._loading(*self._wanted), self._arrived, token=self._token)

    def _loading(self, view: View, paper_id: int | None) -> Callable[[], LoadedView]:
        """What reads a view on a reader thread."""
        standing, arrangement = self._standing.get(view), self.arrangement_of(view)
        return partial(load_view, self._workspace.library, view, paper_id, arrangement, standing, keeps=self._keeps)

    def _settled(self) -> None:
        """Operations that a view did not wait for are carried out now."""
        if self._patience.isActive():
            self._read_wanted()
        elif self._is_stale:
            self._is_stale = False
            self.reload()

    def _arrived(self, loaded: LoadedView) -> None:
        self._wanted = None
        self._show(loaded, loaded.paper_id)
        if self.contents.at(Level.SEARCH) is None:  # what is searched for meanwhile stays where it is
            self.opened.emit(loaded.view)

    def _show(self, loaded: LoadedView, paper_id: int | None) -> None:
        """Put a view on its level; what is unfolded stays so where it is the same view, read again."""
        before, self._loaded = self.contents.at(Level.VIEW), loaded
        if loaded.taste is not None:
            self._standing[loaded.view] = loaded.taste
        unfolded = before.entries.unfolded if before is not None else ()
        kind = loaded.view.kind
        content = Content(
            kind,
            Entries(loaded.paper_ids, loaded.sections, unfolded),
            self._title(loaded.view),
            self._facts(loaded),
            _EMPTY_TEXTS.get(kind, "Nothing here."),
            loaded.taste,
        )
        self.contents.put(Level.VIEW, content, paper_id)

    def _remember_place(self) -> None:
        paper_id = self.contents.place(Level.VIEW)
        if self._loaded is not None and paper_id is not None:
            self._places.pop(self._loaded.view, None)
            self._places[self._loaded.view] = paper_id

    def _title(self, view: View) -> str:
        if view.kind is ViewKind.LISTING:
            listing = self._sidebar.listing(view.listing_ids[0])
            return shown_line(listing.name, NAME_LIMIT) if listing is not None else "Listing"
        if view.kind is ViewKind.IMPORT:
            pages = [self._sidebar.listing(listing_id) for listing_id in view.listing_ids]
            return "Just fetched" if all(each and each.page for each in pages) else "New in this import"
        if view.kind is ViewKind.MUTED:
            return "Mute rules"
        if view.kind is ViewKind.CATCH_UP:
            return "Inbox, most listed first"
        if view.kind is ViewKind.SUBSCRIPTION:
            status = self._sidebar.subscription(view.subscription_id)
            return shown_line(status.subscription.name, NAME_LIMIT) if status is not None else "Subscription"
        if view.kind is ViewKind.LIKE:
            return f"Like {shown_line(view.name, NAME_LIMIT)}"
        if view.kind is ViewKind.TOPIC:
            name = self._loaded.name if self._loaded is not None and self._loaded.view == view else ""
            return shown_line(name, NAME_LIMIT) or "Topic"
        if view.kind is ViewKind.TAG:
            return f"#{shown_line(view.tag, NAME_LIMIT)}"
        return VIEW_TITLES.get(view.kind, "Papers")

    def _facts(self, loaded: LoadedView) -> str:
        if loaded.view.kind is ViewKind.LISTING:
            listing = self._sidebar.listing(loaded.view.listing_ids[0])
            date = shown_date(listing.heading_date, guessed=listing.year_guessed) if listing is not None else ""
            return joined((date, self._order_words(loaded), f"{len(loaded.paper_ids):,}"))
        if loaded.view.kind is ViewKind.IMPORT:
            return f"{sum(len(section.new_ids) for section in loaded.sections):,}" if loaded.sections else ""
        own = [section for section in loaded.sections if not (section.is_extra or section.is_seen)]
        grouped = sum(len(section.new_ids) + len(section.known_ids) for section in own)
        count = len(loaded.paper_ids) + grouped
        hidden = [section.known_line for section in loaded.sections if section.is_extra]
        words = self._order_words(loaded) if count else ""
        if loaded.view.kind is ViewKind.LIKE and self.arrangement_of(loaded.view).sort is None and count:
            words = "the closest first"
        return joined((*hidden, words, f"{count:,}" if count else ""))

    def _order_words(self, loaded: LoadedView) -> str:
        """The order of a view in words; nothing of its own order, nor of "for you" where that is none."""
        sort = self.arrangement_of(loaded.view).sort
        if sort is None or (sort.by is SortBy.FOR_YOU and loaded.taste is None):
            return ""
        is_none = loaded.taste is not None and not loaded.taste.status.is_order
        return sort_words(PaperSort() if is_none else sort)


def _usual(_: View) -> Arrangement:
    """Every view in its own order."""
    return Arrangement()
