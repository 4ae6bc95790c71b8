"""Search as the user types: each text starts a search in the background and cancels the one before."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from reader.domain.query import Chip, Marker, Node, all_of, has_own_words, loosen, with_order
from reader.domain.query import LibraryNames as Names
from reader.domain.selection import ViewCounts
from reader.domain.views import ViewKind
from reader.services import Library, SearchResult
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.commands.runner import Act, Acts
from reader.ui.look.wording import counted
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.search.history import SearchHistory
from reader.ui.shell.panes import Panes


@dataclass(frozen=True, slots=True)
class _Found:
    """What a search found: papers and related ones of the library or the view, of how many.

    ``examples`` are the ids and titles of the papers that it thought of, if it was by meaning.
    """

    text: str
    result: SearchResult
    paper_ids: array[int]
    related_ids: array[int]
    total: int | None
    examples: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Awaited:
    """An answer still to come: the paper to go to in it, and whether the focus is in the list already."""

    paper_id: int | None = None
    from_list: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for: of the view alone if ``within_view``; its last word a beginning if it was ``typed``."""

    text: str
    typed: bool = False
    within_view: bool = False


class Searching(QObject):
    """Shows what the box asks for in the paper list. What is shown changes only when the box's text does."""

    started = Signal(str)
    """What is searched for from now on; empty if nothing is."""
    shown = Signal()
    """What a search found is in the list."""

    def __init__(self, workspace: Workspace, panes: Panes, navigator: ViewNavigator) -> None:
        """Connects the box of ``panes``."""
        super().__init__(workspace)
        self._workspace = workspace
        self._panes = panes
        self._navigator = navigator
        self._box = panes.pane.search
        self._token = CancelToken()
        self._history = SearchHistory(workspace.library.folder)
        self._total = 0
        self._whole = ""
        self._found: _Found | None = None
        self._awaited: _Awaited | None = None
        self._without: tuple[str, frozenset[int]] = ("", frozenset())
        """The papers of which a search by meaning is not to think, and the text for which they were removed."""
        self.by_relevance = True
        """Whether words find the best match first, titles before texts; the newest paper where not."""
        self.instead: Callable[[], bool] | None = None
        """Narrows what stands in the place of the papers' list; tells whether anything does."""
        box = self._box
        box.history = self._history.searches
        box.changed.connect(self._search)
        box.first_wanted.connect(self._go_to_first)
        box.list_wanted.connect(self._go_to_list)
        box.closed.connect(self._close)
        box.chips.removed.connect(self._remove)
        box.chips.scope_toggled.connect(self._search_again)
        box.chips.order_toggled.connect(self._order)
        box.examples.removed.connect(self._think_without)
        box.examples.restored.connect(self._think_of_all)
        navigator.opening.connect(self._forget)
        navigator.follow_search = self._follow
        workspace.counts_read.connect(self._count)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "go.find": partial(self._find, self.open),
            "go.find_here": partial(self._find, self.open_here),
            "search.meaning": partial(self._find, self.open_by_meaning),
        }

    @property
    def text(self) -> str:
        """What is searched for; empty if nothing is."""
        return self._box.text if not self._box.isHidden() else ""

    @property
    def search(self) -> Search | None:
        """What is searched for, and how; None if nothing is."""
        if not self.text:
            return None
        is_typed = self.text != self._whole and not self._box.typed.endswith(" ")
        return Search(self.text, is_typed, self._is_within_view)

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self._awaited is not None

    def _find(self, search: Act) -> None:
        """Search, unless something else is there to be narrowed, or nothing at all."""
        if self._panes.is_welcome_shown:
            self._workspace.said.emit("No papers yet: {import.files} imports some")
        elif self.instead is None or not self.instead():
            search()

    def open(self) -> None:
        """Let the user type a search of the whole library."""
        self._panes.set_focus_reading(False)
        if self._box.isHidden():
            view = self._navigator.view
            self._box.chips.set_scope_offered(view is not None and view.kind is not ViewKind.ALL)
            self._box.history = self._history.searches
            self._workspace.tasks.read(partial(names_to_complete, self._workspace.library), self._set_names)
        self._box.open()

    def open_here(self) -> None:
        """Search in this view only; or in the whole library again, if that was so."""
        was_open = not self._box.isHidden()
        self.open()
        scope = self._box.chips.scope
        if not scope.isHidden():
            scope.setChecked(not (was_open and scope.isChecked()))

    def open_by_meaning(self) -> None:
        """Let the user type a search by meaning; or search for the words alone again, if that was so."""
        was_open = not self._box.isHidden()
        self.open()
        self._box.set_by_meaning(not (was_open and self._box.is_by_meaning))

    def show(self, text: str, paper_id: int | None = None, *, search: Search | None = None) -> None:
        """Search the whole library for whole words and go to the list; or search as ``search`` did, at ``paper_id``."""
        self.open()
        self._box.set_text("")
        self._box.chips.set_scope(search is not None and search.within_view)
        self._whole = "" if search is not None and search.typed else text.strip()
        self._box.set_text(text)
        if self.is_running:
            self._awaited = _Awaited(paper_id, from_list=True)
        self._panes.pane.focus_list()

    def sort_by(self, name: str) -> None:
        """Put what was found in another order, and say so in the query."""
        search = self.search
        if search is not None:
            text = with_order(self.text, name)
            self.show(text, self._panes.papers.current_paper_id, search=replace(search, text=text))

    def sort_again(self) -> None:
        """Search once more, and stay at the current paper."""
        paper_id = self._panes.papers.current_paper_id
        self._search_again()
        if self.is_running:
            self._awaited = _Awaited(paper_id)

    def _order(self, by_relevance: bool) -> None:
        """Have the best match or the newest paper first from now on, and stay at the current paper."""
        self.by_relevance = by_relevance
        paper_id = self._panes.papers.current_paper_id if not self._box.edit.hasFocus() else None
        self._search_again()
        if self.is_running:
            self._awaited = _Awaited(paper_id)

    def search_for_suggestion(self) -> bool:
        """Search for what was probably meant; False if nothing else was."""
        if self._found is None or not self._found.result.did_you_mean or self._found.paper_ids:
            return False
        self._box.set_text(self._found.result.did_you_mean)
        return True

    def _search(self, text: str) -> None:
        self._token.cancel()
        self._found = None
        self._awaited = _Awaited() if text else None
        self.started.emit(self.text)
        if not text:
            self._box.show_about((), ())
            self._panes.set_marker(None)
            self._navigator.show_all_again()
            return
        self._token = CancelToken()
        self._navigator.begin_search()
        self._workspace.tasks.read(self._finding(text), self._arrived, failed=self._fail, token=self._token)

    def _finding(self, text: str) -> Callable[[], _Found]:
        """The search for a text as the box stands, to be carried out on a reader thread."""
        within = self._navigator.view_ids() if self._is_within_view else None
        typing = text.strip() != self._whole
        return partial(
            _search,
            self._workspace.library,
            text,
            typing,
            within,
            self._removed_for(text),
            self.by_relevance,
            self._token,
        )

    def _removed_for(self, text: str) -> frozenset[int]:
        """The papers that were removed from what a search thought of; with other words it thinks of others."""
        words, removed = self._without
        return removed if words == text.strip() else frozenset()

    def _think_without(self, paper_id: int) -> None:
        """Search again as if this paper did not show what is meant."""
        self._without = (self.text, self._removed_for(self.text) | {paper_id})
        self._search_again()

    def _think_of_all(self) -> None:
        self._without = ("", frozenset())
        self._search_again()

    def _follow(self, paper_ids: Collection[int], goes_there: bool, otherwise: Callable[[], None] | None) -> None:
        """Search again after an undo, and show what is found now where that has papers that are not in sight."""
        if self._found is not None and not self.is_running:
            followed = partial(self._followed, paper_ids, goes_there, otherwise)
            self._workspace.tasks.read(self._finding(self._found.text), followed, token=self._token)

    def _followed(
        self, paper_ids: Collection[int], goes_there: bool, otherwise: Callable[[], None] | None, found: _Found
    ) -> None:
        shown = set(self._panes.paper_model.entries.rows)
        missing = next((one for one in found.paper_ids if one in paper_ids and one not in shown), None)
        if missing is not None:
            self._show(found, missing if goes_there else self._panes.papers.current_paper_id)
        elif otherwise is not None:
            otherwise()

    def take_in_what_was_indexed(self) -> None:
        """Search once more now that the index knows all, if papers were left out and the list is not being read yet."""
        if self._found is None or not self._box.edit.hasFocus():
            return
        result = self._found.result
        if result.unsearchable or (result.query.by_meaning and result.meaning is None):
            self._search_again()

    def _search_again(self) -> None:
        if self.text:
            self._search(self._box.typed)

    @property
    def _is_within_view(self) -> bool:
        scope = self._box.chips.scope
        return scope.isChecked() and not scope.isHidden()

    def _arrived(self, found: _Found) -> None:
        """What was searched for is found: show it, and give the box the focus back where that is nothing."""
        awaited, self._awaited = self._awaited or _Awaited(), None
        self._show(found, awaited.paper_id)
        if awaited.from_list and not (found.paper_ids or found.related_ids):
            self._box.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.shown.emit()

    def _show(self, found: _Found, paper_id: int | None) -> None:
        self._found = found
        chips = found.result.query.chips
        is_one_word = len(chips) == 1 and not {":", "#"} & set(found.text)
        query = found.result.query
        is_ordered = query.sort is not None or query.by_meaning
        self._box.chips.set_order(self.by_relevance, offered=not is_ordered and has_own_words(query.node))
        removed = len(self._removed_for(found.text))
        self._box.show_about(() if is_one_word else chips, self._sentences(found), found.examples, removed)
        self._panes.set_marker(Marker(_marked(found)))
        total = self._total if found.total is None else found.total
        facts = f"{len(found.paper_ids):,} of {total:,}"
        below = "With any of these words" if found.result.meaning is None else "Close in meaning"
        self._navigator.show_found(found.paper_ids, found.related_ids, facts, below, paper_id, found.result.taste)

    @staticmethod
    def _sentences(found: _Found) -> list[str]:
        sentences = list(found.result.messages)
        if found.result.did_you_mean and not found.paper_ids:
            sentences.append(f"Did you mean “{found.result.did_you_mean}”? Enter searches for it.")
        if found.result.unsearchable:
            papers = counted(found.result.unsearchable, "paper")
            sentences.append(f"{papers} not yet searchable: the index is still being built.")
        return sentences

    def _fail(self, error: Exception) -> None:
        self._awaited = None
        self._workspace.report_failure(error)

    def _go_to_first(self) -> None:
        """Go to the list, and to the first paper found once it is; from nothing found on to what was meant."""
        if not self.is_running and self.search_for_suggestion():
            return
        if self._awaited is not None:
            self._awaited = replace(self._awaited, from_list=True)
        self._keep()
        self._choose_first()
        self._panes.pane.focus_list()

    def _choose_first(self) -> None:
        row = self._panes.paper_model.entries.step(-1, 1)
        if row is not None and self._found is not None:
            self._panes.papers.set_current_row(row)

    def _go_to_list(self) -> None:
        self._keep()
        self._panes.pane.focus_list()

    def _keep(self) -> None:
        self._history.add(self.text)
        self._box.history = self._history.searches

    def _remove(self, chip: Chip) -> None:
        if self._found is not None:
            self._box.set_text(self._workspace.library.searches.without_part(self._found.text, chip))

    def _close(self) -> None:
        self._forget()
        self._navigator.show_all_again()
        self._panes.pane.focus_list()

    def _forget(self) -> None:
        """Another view is coming: nothing is searched for any more."""
        self._token.cancel()
        self._found = self._awaited = None
        self._whole = ""
        self._box.forget()
        self._panes.set_marker(None)
        self.started.emit("")

    def _set_names(self, names: Names) -> None:
        self._box.completer.names = names

    def _count(self, counts: ViewCounts) -> None:
        self._total = counts.all


def _marked(found: _Found) -> Node:
    """What to mark: the words, and where papers with any of them follow the words' families, which brought those."""
    node = found.result.query.node
    wider = loosen(node) if found.related_ids else None
    return all_of([node, wider]) if wider else node


def _search(
    library: Library,
    text: str,
    is_typed: bool,
    within: array[int] | None,
    without: frozenset[int],
    by_relevance: bool,
    token: CancelToken,
) -> _Found:
    """On a reader thread: what a text finds in the library, or among the papers ``within``."""
    result = library.search(
        text,
        typing=is_typed,
        by_relevance=by_relevance,
        within=within,
        without=without,
        cancelled=token.cancelled,
    )
    found, related = array("q", result.paper_ids), array("q", result.related_ids)
    examples = library.papers.rows(result.meaning.examples) if result.meaning is not None else ()
    titles = tuple((row.id, row.title) for row in examples)
    return _Found(text, result, found, related, None if within is None else len(set(within)), titles)


def names_to_complete(library: Library) -> Names:
    """On a reader thread: the names to complete, the most used and the newest first."""
    tags = sorted(library.tags.all(), key=lambda tag: -tag.paper_count)
    return Names(
        tags=tuple(tag.name for tag in tags),
        listings=tuple(dict.fromkeys(listing.name for listing in library.listings.all())),
        organizations=tuple(library.searches.organization_names()),
        labels=tuple(label.name for label in library.labels.all()),
    )
