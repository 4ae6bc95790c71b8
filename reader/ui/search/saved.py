"""Saved searches: kept from the box, listed in the left pane with their counts, opened by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reader.domain.annotations import SavedSearch
from reader.domain.changes import Change, Field
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.commands.runner import Acts
from reader.ui.overlays.prompt import needed

NUMBERS = range(1, 10)
_COUNT_AFTER_MS = 1_500
_NUMBERED = "go.search_"
_HINT_LIMIT = 40


class SavedSearches(Part):
    """Commands on saved searches, and their place in the left pane."""

    def __init__(self, context: Context) -> None:
        """Prompts open over the context's window. Call :meth:`refresh` to read the searches."""
        super().__init__(context)
        self.searches: tuple[SavedSearch, ...] = ()
        """The saved searches in their order."""
        self._token = CancelToken()
        # Counting is a search each: once things are quiet, not with every star.
        self._soon = make_timer(self, self._count, _COUNT_AFTER_MS)
        self._workspace.changes_of().connect(self._changed)
        self._workspace.reading_all.connect(self.refresh)
        self._searching.started.connect(self._mark)
        self._panes.sidebar.chosen.connect(self._chosen)

    def acts(self) -> Acts:
        """The commands carried out here."""
        numbered = {f"go.search_{number}": partial(self.open_number, number) for number in NUMBERS}
        return numbered | {
            "search.save": self.save,
            "search.remove": self.remove,
        }

    def refresh(self) -> None:
        """Read the saved searches, and count what they find."""
        self._workspace.tasks.read(self._library.searches.all, self._show)

    def open_number(self, number: int) -> None:
        """Open the search saved under a number."""
        search = next((one for one in self.searches if one.number == number), None)
        if search is not None:
            self._searching.show(query_of(search))
        else:
            self._say(f"No saved search has number {number}: {{go.find}} searches, “Save this search…” saves it")

    def save(self) -> None:
        """Ask for a name and keep what is searched for."""
        query = self._searching.text
        if not query:
            self._say("Type a search first: / opens the box")
            return
        name, save = query[:80], partial(self._save, query)
        self._ask("Save this search as", name, save, check=check_name, hint=f"Search: {query[:120]}")

    def named(self, title_of: Callable[[str], str], command_id: str) -> str:
        """What the hint after ``g`` calls a command: a saved search by its name, others by ``title_of``."""
        search = self._numbered(command_id)
        return shown_line(search.name, _HINT_LIMIT) if search is not None else title_of(command_id)

    def is_of_use(self, command_id: str) -> bool:
        """Whether a command would do anything: no search may have its number."""
        return not command_id.startswith(_NUMBERED) or self._numbered(command_id) is not None

    def _numbered(self, command_id: str) -> SavedSearch | None:
        number = command_id.removeprefix(_NUMBERED)
        return next((one for one in self.searches if command_id != number and str(one.number) == number), None)

    def here(self) -> SavedSearch | None:
        """The saved search that is marked in the left pane while that has the focus, else the one that is open."""
        query = self._searching.text
        row = self._panes.sidebar_model.row(self._panes.sidebar.currentIndex().row())
        if self._panes.sidebar.hasFocus() and row is not None and row.view is not None:
            query = row.view.query
        return next((one for one in self.searches if query and query_of(one) == query), None)

    def remove(self) -> None:
        """Remove the saved search that is open, or marked in the left pane."""
        search = self.here()
        if search is None:
            self._say("Open a saved search first")
            return
        delete = partial(self._library.searches.delete, search.id)
        self._workspace.perform(delete, said=f"Removed the search “{search.name[:60]}”")

    def _save(self, query: str, name: str) -> None:
        taken = {search.number for search in self.searches}
        number = next((one for one in NUMBERS if one not in taken), None)
        keys = f": g {number} opens it" if number is not None else ""
        keep = partial(_save, self._library, name, query, number)
        self._workspace.perform(keep, said=f"Saved the search{keys}")

    def _chosen(self, view: View) -> None:
        if view.kind is ViewKind.SEARCH:
            self._searching.show(view.query)

    def _mark(self, text: str) -> None:
        """Show in the left pane which saved search is open, if it is one."""
        view = View(ViewKind.SEARCH, query=text)
        known = bool(text) and self._panes.sidebar_model.row_of(view) is not None
        self._panes.sidebar.mark(view if known else self._navigator.view)

    def _changed(self, change: Change) -> None:
        if change.touches(Field.SEARCHES):
            self.refresh()
        elif self.searches:
            self._soon.start()

    def _show(self, searches: Sequence[SavedSearch]) -> None:
        self.searches = tuple(searches)
        self._panes.sidebar_model.set_searches([(one.name, query_of(one)) for one in searches])
        self._count()

    def _count(self) -> None:
        self._token.cancel()
        if self.searches:
            self._token = CancelToken()
            count = partial(_counts, self._library, tuple(map(query_of, self.searches)), self._token)
            self._workspace.tasks.read(count, self._panes.sidebar_model.set_search_counts, token=self._token)


def query_of(search: SavedSearch) -> str:
    """A saved search as typed, its order included."""
    return f"{search.query} sort:{search.sort}" if search.sort else search.query


def _save(library: Library, name: str, query: str, number: int | None) -> Change:
    """On the library thread."""
    _, change = library.searches.add(name, query, number=number)
    return change


def _counts(library: Library, queries: Sequence[str], token: CancelToken) -> dict[str, int]:
    """On a reader thread: how many papers each query finds."""
    return {query: len(library.searches.papers(query, cancelled=token.cancelled)) for query in queries}


check_name = partial(needed, "A search needs a name.")
"""Refuse an empty name for a search."""
