"""Changing saved searches: their names, queries, order and numbers. And one key that renames whatever is marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from reader.domain.annotations import SavedSearch
from reader.domain.changes import Change
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Act, Acts
from reader.ui.overlays.prompt import check_digit, needed
from reader.ui.search.saved import SavedSearches, check_name, query_of

_NAME_LIMIT = 60
_RENAMING = {
    ViewKind.SEARCH: "search.rename",
    ViewKind.TAG: "tag.rename",
    ViewKind.SUBSCRIPTION: "subscription.rename",
    ViewKind.TOPIC: "topic.rename",
    ViewKind.LISTING: "listing.rename",
}


class SavedSearchEditing(Part):
    """Commands on the saved search that is marked in the left pane or open; where there is none, they ask which."""

    def __init__(self, context: Context, saved: SavedSearches) -> None:
        """Prompts open over the context's window."""
        super().__init__(context)
        self._saved = saved
        self._run = context.runner.run

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "search.rename": partial(self._with_search, "Rename which search?", self._ask_name),
            "search.change": partial(self._with_search, "Change which search?", self._ask_query),
            "search.number": partial(self._with_search, "Number of which search?", self._ask_number),
            "search.up": partial(self._with_search, "Move which search up?", partial(self._move, -1)),
            "search.down": partial(self._with_search, "Move which search down?", partial(self._move, 1)),
            "go.rename": self.rename,
        }

    def rename(self) -> None:
        """Rename the search, tag, subscription or listing that is marked in the left pane, or open."""
        row = self._panes.sidebar_model.row(self._panes.sidebar.currentIndex().row())
        marked = row.view if row is not None and self._panes.sidebar.hasFocus() else None
        view = marked or (View(ViewKind.SEARCH) if self._saved.here() is not None else self._navigator.view)
        command = _RENAMING.get(view.kind) if view is not None else None
        if command is not None:
            self._run(command)
        else:
            self._say("Open or mark a search, a tag, a subscription, a topic or a listing to rename it")

    def _with_search(self, question: str, act: Callable[[SavedSearch], None]) -> None:
        search = self._saved.here()
        if search is not None:
            act(search)
        elif self._saved.searches:
            self._choose(question, [(one, partial(act, one)) for one in self._saved.searches])
        else:
            self._say("No saved searches yet: {go.find} searches, “Save this search…” saves it")

    def _choose(self, question: str, searches: Sequence[tuple[SavedSearch, Act]]) -> None:
        items = [
            PaletteItem(
                shown_line(one.name, 100),
                shown_line(query_of(one), 100),
                act,
                keys=f"g {one.number}" if one.number else "",
            )
            for one, act in searches
        ]
        self._ask_which(question, items)

    def _ask_name(self, search: SavedSearch) -> None:
        question = f"Rename “{shown_line(search.name, _NAME_LIMIT)}”"
        self._ask(question, search.name, partial(self._change, search, "name"), check=check_name)

    def _ask_query(self, search: SavedSearch) -> None:
        question, changed = (
            f"Search of “{shown_line(search.name, _NAME_LIMIT)}”",
            partial(self._change, search, "query"),
        )
        check, hint = partial(needed, "Type what to search for."), "As in the search box, its order too: sort:title"
        self._ask(question, query_of(search), changed, check=check, hint=hint)

    def _ask_number(self, search: SavedSearch) -> None:
        question, number = f"Number for “{shown_line(search.name, _NAME_LIMIT)}”", str(search.number or "")
        hint = "A digit from 1 to 9: g and the digit then open it. Leave empty to remove the number."
        self._ask(question, number, partial(self._set_number, search), check=check_digit, hint=hint)

    def _change(self, search: SavedSearch, what: str, text: str) -> None:
        changed = replace(search, name=text) if what == "name" else replace(search, query=text, sort="")
        if changed != search:
            self._workspace.perform(
                partial(self._library.searches.update, changed), said=f"Changed the {what} of the search"
            )

    def _set_number(self, search: SavedSearch, text: str) -> None:
        number = int(text) if text else None
        said = f"g {number} opens “{shown_line(search.name, _NAME_LIMIT)}”" if number else "Removed its number"
        change = partial(self._library.searches.update, replace(search, number=number))
        self._workspace.perform(change, said=said)

    def _move(self, by: int, search: SavedSearch) -> None:
        move = partial(_move, self._library, search.id, by)
        self._workspace.perform(move, said="Moved the search", then=partial(self._moved, by))

    def _moved(self, by: int, outcome: Outcome) -> None:
        if not outcome:
            self._say("Already the first" if by < 0 else "Already the last")


def _move(library: Library, search_id: int, by: int) -> Change | None:
    """On the library thread, so that two presses in a row are two places."""
    ids = [one.id for one in library.searches.all()]
    place = ids.index(search_id) + by if search_id in ids else -1
    if not 0 <= place < len(ids):
        return None
    ids.remove(search_id)
    ids.insert(place, search_id)
    return library.searches.order(ids)
