"""More like this: papers close in meaning to others, to a highlight, or with the same characteristic words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from reader.domain.papers import Highlight
from reader.domain.query import MEANING, telling_words
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Part
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted, shown_tag

_NAME_LIMIT = 80
_QUOTE_LIMIT = 60
_MOST_WORDS = 30
"""Words of a highlight that are searched for; a search has a limit of its own."""


class Likeness(Part):
    """Commands that list what is like something; each list is a view, or a search where words are the example."""

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "paper.similar": self.show_similar,
            "paper.similar_to": self.choose,
            "paper.similar_words": self.show_similar_words,
        }

    def show_similar(self) -> None:
        """List the papers close in meaning to the selected ones, or to the current one."""
        ids = self._panes.papers.selected_paper_ids()
        if len(ids) == 1:
            name = partial(_title, self._library, ids[0])
            self._workspace.tasks.read(name, partial(self._open, ids))
        elif ids:
            self._open(ids, counted(len(ids), "paper"))

    def show_similar_words(self) -> None:
        """Search for the words that tell the current paper from others."""
        paper_id = self._panes.papers.current_paper_id
        if paper_id is not None:
            self._workspace.tasks.read(partial(self._library.searches.query_like, paper_id), self._show_words)

    def choose(self) -> None:
        """Ask what the papers are to be like."""
        items = list(self._examples())
        if items:
            self._ask_which("More like which?", items)
        else:
            self._say("Open a view with papers first")

    def _examples(self) -> Iterator[PaletteItem]:
        """What papers can be like here: the current paper's highlights and tags, the queue, the view."""
        paper = self._panes.detail.paper
        for highlight in paper.highlights if paper is not None else ():
            if not highlight.exact:
                continue
            quote = shown_line(highlight.exact, _QUOTE_LIMIT)
            yield PaletteItem(f"“{quote}”", "highlight", partial(self._search_for, highlight), words="highlight")
        for tag in paper.tags if paper is not None else ():
            yield self._view_item(View(ViewKind.TAG, tag=tag), shown_tag(tag), "papers with this tag")
        view, ids = self._navigator.view, self._navigator.view_ids()
        if view is None or view.kind is not ViewKind.QUEUE:
            yield self._view_item(View(ViewKind.QUEUE), "the queue", "queued papers")
        if ids:
            name = shown_line(self._navigator.title, _NAME_LIMIT)
            note = f"all papers of the view: {len(ids):,}"
            yield PaletteItem(name, note, partial(self._open, ids, name), words="view")

    def _view_item(self, view: View, name: str, note: str) -> PaletteItem:
        read = partial(self._library.views.paper_ids, view)
        title = name[0].upper() + name[1:]
        return PaletteItem(title, note, partial(self._workspace.tasks.read, read, partial(self._open_named, name)))

    def _open_named(self, name: str, ids: Sequence[int]) -> None:
        if ids:
            self._open(ids, name)
        else:
            self._say(f"No papers in {name}" if name == "the queue" else f"No papers with {name}")

    def _search_for(self, highlight: Highlight) -> None:
        words = " ".join(telling_words(highlight.exact, _MOST_WORDS))
        if words:
            self._searching.show(f"{MEANING}{words}")
        else:
            self._say("This highlight has no words to search for")

    def _show_words(self, query: str) -> None:
        if query:
            self._searching.show(query)
        else:
            self._say("No words distinguish this paper from others")

    def _open(self, ids: Sequence[int], name: str) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.open(View(ViewKind.LIKE, paper_ids=tuple(ids), name=name))
        self._panes.pane.focus_list()


def _title(library: Library, paper_id: int) -> str:
    """On a reader thread: a paper as it is called in the title of a view."""
    return "".join(f"“{shown_line(row.title, _NAME_LIMIT)}”" for row in library.papers.rows([paper_id]))
