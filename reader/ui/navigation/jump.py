"""Places the palette offers: listings, tags and saved searches by name; papers by a search as the user types."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from reader.domain.papers import PaperRow
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.commands.palette import PaletteItem
from reader.ui.look.wording import counted, joined, shown_date
from reader.ui.search.saved import SavedSearches, query_of

_NAME_LIMIT = 100
_PAPERS_SHOWN = 8
_LEAST_LETTERS = 2


class Jumping(Part):
    """Offers places to go to, for the palette."""

    def __init__(self, context: Context, saved: SavedSearches) -> None:
        """Nothing is looked up before the palette asks for it."""
        super().__init__(context)
        self._saved = saved
        self._token = CancelToken()

    def items(self) -> list[PaletteItem]:
        """Saved searches, tags and listings."""
        sidebar = self._panes.sidebar_model
        searches = [
            PaletteItem(
                shown_line(search.name, _NAME_LIMIT),
                f"Saved search  {shown_line(query_of(search), _NAME_LIMIT)}",
                partial(self._searching.show, query_of(search)),
                keys=f"g {search.number}" if search.number else "",
            )
            for search in self._saved.searches
        ]
        tags = [
            PaletteItem(
                shown_line(tag.name, _NAME_LIMIT),
                f"Tag  {counted(tag.paper_count, 'paper')}",
                partial(self._open, View(ViewKind.TAG, tag=tag.name)),
                color=tag.color or "",
            )
            for tag in sidebar.tags
        ]
        listings = [
            PaletteItem(
                shown_line(listing.name, _NAME_LIMIT),
                f"Listing  {shown_date(listing.heading_date, guessed=listing.year_guessed)}".rstrip(),
                partial(self._open, View(ViewKind.LISTING, listing_ids=(listing.id,))),
            )
            for listing in sidebar.listings
        ]
        return searches + tags + listings

    def find_papers(self, text: str, show: Callable[[list[PaletteItem]], None]) -> None:
        """Look papers up by their words, beside the window; ``show`` gets them unless another text comes first."""
        self._token.cancel()
        if len(text.strip()) < _LEAST_LETTERS:
            show([])
            return
        self._token = CancelToken()
        find = partial(papers_with, self._workspace.library, text, self._token)
        self._workspace.tasks.read(find, partial(self._show, show), token=self._token)

    def stop(self) -> None:
        """Nobody waits for papers any more."""
        self._token.cancel()

    def _show(self, show: Callable[[list[PaletteItem]], None], rows: list[PaperRow]) -> None:
        show([self._item(row) for row in rows])

    def _item(self, row: PaperRow) -> PaletteItem:
        who = shown_line(row.organization or (row.authors[0] if row.authors else ""), _NAME_LIMIT)
        facts = joined((who, shown_date(row.published, guessed=row.published_guessed)))
        return PaletteItem(shown_line(row.title, 300), f"Paper  {facts}", partial(self._go_to, row.id))

    def _go_to(self, paper_id: int) -> None:
        """To a paper: in the list as it is if it stands there, else among all papers."""
        self._panes.set_focus_reading(False)
        self._navigator.go_to_paper(paper_id)
        self._panes.pane.focus_list()

    def _open(self, view: View) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.open(view)
        self._panes.pane.focus_list()


def papers_with(library: Library, text: str, token: CancelToken) -> list[PaperRow]:
    """On a reader thread: the papers that a text means, those with its words in the title first, then the newest."""
    everywhere = library.searches.papers(text, typing=True, cancelled=token.cancelled)
    titled: list[int] = []
    # The parenthesis stays open, so that the last word is one that is still being typed.
    if len(everywhere) > _PAPERS_SHOWN and ":" not in text:
        titled = list(library.searches.papers(f"title:({text}", typing=True, cancelled=token.cancelled))
    first = dict.fromkeys((*titled[:_PAPERS_SHOWN], *everywhere[:_PAPERS_SHOWN]))
    return library.papers.rows(list(first)[:_PAPERS_SHOWN])
