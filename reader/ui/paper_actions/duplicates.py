"""Papers that may be one: shown below the paper, joined, and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reader.domain.errors import NotFoundError
from reader.domain.papers import Paper, PaperRow
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import Palette, PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import joined, row_facts, shown_date, told
from reader.ui.navigation.jump import papers_with

_FIRST_LOOKED_FOR_AFTER_MS = 3_000
"""Launching goes first: looking loads what searches, too."""
_LOOKED_FOR_AFTER_MS = 400
_TITLE_LIMIT = 200


class Duplicates(Part):
    """Looks for other papers that may be the one that is shown, once the user has stopped at it."""

    def __init__(self, context: Context) -> None:
        """Choices open over the context's window."""
        super().__init__(context)
        self._token = CancelToken()
        self._looking_up = CancelToken()
        self._soon = make_timer(self, self._look, _FIRST_LOOKED_FOR_AFTER_MS)
        self._reader.shown.connect(self._look_soon)
        self._panes.detail.paper_chosen.connect(self._go_to)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"paper.merge": self.merge, "paper.split": self.split}

    def merge(self) -> None:
        """Join the two papers that are selected; or the current one with another, to be chosen."""
        ids = self._panes.papers.selected_paper_ids()
        if len(ids) == 2:
            self._merge(*ids)
        elif len(ids) == 1:
            near = partial(self._library.papers.near_duplicates, ids[0])
            self._workspace.tasks.read(near, partial(self._choose, ids[0]))
        else:
            self._say("Select two papers to merge, or only the current one")

    def split(self) -> None:
        """Take a paper out of the current one again; ask which where there are several."""
        paper = self._panes.detail.paper
        if paper is None or not paper.aliases:
            self._say("Nothing was merged with this paper")
        elif len(paper.aliases) == 1:
            self._split(paper.aliases[0])
        else:
            items = [PaletteItem(key, "", partial(self._split, key)) for key in paper.aliases]
            self._ask_which("Separate which paper?", items)

    # Looking for others

    def _look_soon(self) -> None:
        self._token.cancel()
        self._soon.start()

    def _look(self) -> None:
        self._soon.setInterval(_LOOKED_FOR_AFTER_MS)
        paper = self._panes.detail.paper
        if paper is not None:
            self._token = CancelToken()
            near = partial(_near, self._library, paper.id)
            self._workspace.tasks.read(near, partial(self._show, paper.id), token=self._token)

    def _show(self, paper_id: int, others: list[Paper]) -> None:
        paper = self._panes.detail.paper
        if paper is not None and paper.id == paper_id:
            self._panes.detail.show_alike(others)

    def _go_to(self, paper_id: int) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.go_to_paper(paper_id)

    # Joining

    def _choose(self, paper_id: int, near: Sequence[Paper]) -> None:
        items = [
            PaletteItem(
                shown_line(other.title, _TITLE_LIMIT),
                joined((shown_date(other.published, guessed=other.published_guessed), "nearly the same title")),
                partial(self._merge, paper_id, other.id),
            )
            for other in near
        ]
        palette = self._ask_which("Merge with which paper?", items)
        palette.typed.connect(partial(self._find, palette, paper_id))
        palette.closed.connect(self._stop_looking_up)

    def _find(self, palette: Palette, paper_id: int, text: str) -> None:
        """Any paper can be merged with, if it is found by its words."""
        self._looking_up.cancel()
        self._looking_up = CancelToken()
        find = partial(papers_with, self._library, text, self._looking_up)
        self._workspace.tasks.read(find, partial(self._found, palette, paper_id), token=self._looking_up)

    def _found(self, palette: Palette, paper_id: int, rows: Sequence[PaperRow]) -> None:
        palette.show_found(
            [
                PaletteItem(shown_line(row.title, _TITLE_LIMIT), row_facts(row), partial(self._merge, paper_id, row.id))
                for row in rows
                if row.id != paper_id
            ]
        )

    def _stop_looking_up(self) -> None:
        self._looking_up.cancel()

    def _merge(self, one: int, other: int) -> None:
        """Under the key that is older, which is likelier to be known elsewhere."""
        keep, goes = sorted((one, other))
        merge = partial(self._library.papers.merge, keep, goes)
        self._workspace.perform(merge, said=told, then=partial(self._show_again, keep))

    def _split(self, key: str) -> None:
        paper = self._panes.detail.paper
        if paper is not None:
            split = partial(self._library.papers.split, key)
            then = partial(self._show_again, paper.id)
            self._workspace.perform(split, said=told, then=then)

    def _show_again(self, paper_id: int, outcome: Outcome) -> None:
        """The list without the paper that went, or with the one that came back."""
        search, view = self._searching.search, self._navigator.view
        if not outcome or view is None:
            return
        if search is not None:
            self._searching.show(search.text, paper_id, search=search)
        else:
            self._navigator.open(view, paper_id)


def _near(library: Library, paper_id: int) -> list[Paper]:
    """On a reader thread: a paper that went meanwhile is like no other."""
    try:
        return library.papers.near_duplicates(paper_id)
    except NotFoundError:
        return []
