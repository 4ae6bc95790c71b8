"""Reading on: which paper is shown, moving from one to the next, and what counts as seen."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Collection
from functools import partial

from PySide6.QtCore import QObject, Signal

from reader.domain.changes import MARKS, Change, Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Paper
from reader.domain.settings import Settings
from reader.services import Library
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.detail.view import DetailView
from reader.ui.navigation.seen_by_moving_on import SeenMarker
from reader.ui.papers.view import PaperListView

_UNSEEN_NEAR = 120
_UNSEEN_CHUNK = 400

_SHOWN = (
    *MARKS,
    *(Field.PAPERS, Field.LISTINGS, Field.PAPER_TAGS, Field.TAGS, Field.NOTES, Field.HIGHLIGHTS, Field.LABELS),
    Field.DOCUMENTS,
)


class Reader(QObject):
    """Keeps the detail pane at the list's current paper, and marks as seen what was shown long enough to be read."""

    shown = Signal()
    """Another paper, or none, is shown."""

    def __init__(
        self,
        workspace: Workspace,
        papers: PaperListView,
        detail: DetailView,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``clock`` counts seconds; tests bring their own."""
        super().__init__(workspace)
        self._workspace = workspace
        self._papers = papers
        self._detail = detail
        self._seen = SeenMarker(workspace, papers, detail, clock)
        self._seeking = CancelToken()
        # A held key moves on faster than papers can be set; so setting waits until the keys at hand are dealt with.
        self._soon = make_timer(self, self.show_current)
        papers.current_changed.connect(self._soon.start)
        workspace.changes_of(*_SHOWN).connect(self._refresh)

    @property
    def paper(self) -> Paper | None:
        """The paper shown."""
        return self._detail.paper

    def use(self, settings: Settings) -> None:
        """Count as seen what these settings say, from now on."""
        self._seen.use(settings.reading)

    def leave_unseen(self, paper_ids: Collection[int]) -> None:
        """The user said that papers are not seen: the one that is shown is not seen by being left, either."""
        self._seen.leave_unseen(paper_ids)

    def show_current(self) -> None:
        """Show the list's current paper now; the one before was seen, if it was moved on from after long enough."""
        self._soon.stop()
        self._seen.move_on()
        paper_id = self._papers.current_paper_id
        if paper_id is None:
            self._show_none()
        elif self._detail.paper is None or self._detail.paper.id != paper_id:
            self._read(paper_id)
            self._seen.begin()
        self.shown.emit()

    def next(self) -> bool:
        """Go one down; False at the end."""
        return self._step(1)

    def previous(self) -> bool:
        """Go one up; False at the top."""
        return self._step(-1)

    def first(self) -> None:
        """Go to the top."""
        self._go_to(self._papers.papers().entries.step(-1, 1))

    def last(self) -> None:
        """Go to the end."""
        entries = self._papers.papers().entries
        self._go_to(entries.step(len(entries), -1))

    def read_on(self) -> None:
        """Scroll on, and at the end go to the next paper that was not seen."""
        self.show_current_if_due()
        if not self._detail.page_down():
            self._next_unseen()

    def read_back(self) -> None:
        """Scroll back, and at the beginning go to the paper above."""
        if not self._detail.page_up():
            self.previous()

    def show_current_if_due(self) -> None:
        """Set the current paper now if that is still to be done."""
        if self._soon.isActive():
            self.show_current()

    def go_to_row(self, row: int) -> None:
        """Go to a row of the list, leaving the paper shown as moving on does."""
        self._go_to(row)

    def _step(self, by: int) -> bool:
        row = self._papers.papers().entries.step(self._papers.current_row, by)
        self._go_to(row)
        return row is not None

    def _go_to(self, row: int | None) -> None:
        self._seeking.cancel()
        if row is not None and row != self._papers.current_row:
            self._papers.set_current_row(row)

    def _next_unseen(self) -> None:
        """Go to the next unseen paper: looked for nearby at once, further on beside the GUI thread."""
        model, row = self._papers.papers(), self._papers.current_row
        entries = model.entries
        end = min(row + 1 + _UNSEEN_NEAR, len(entries))
        for at in range(row + 1, end):
            paper = model.paper(at) if entries.paper_id(at) is not None else None
            if paper is not None and not paper.seen:
                self._go_to(at)
                return
        rest = entries.rows[end:]
        self._seeking.cancel()
        self._seeking = CancelToken()
        seek = partial(_first_unseen, self._workspace.library, rest, self._seeking)
        self._workspace.tasks.read(seek, partial(self._found_unseen, end), token=self._seeking)

    def _found_unseen(self, offset: int, place: int | None) -> None:
        if place is None:
            self._workspace.said.emit("Nothing unseen further down")
        else:
            self._go_to(offset + place)

    def _read(self, paper_id: int) -> None:
        self._show(partial(self._workspace.library.papers.get, paper_id))

    def _show(self, read: Callable[[], Paper]) -> None:
        try:
            self._detail.show_paper(read())
        except NotFoundError:
            self._detail.show_message("No longer in the library")
        except ReaderError as error:
            self._detail.show_message("This paper could not be read", (str(error),))

    def _show_none(self) -> None:
        row = self._papers.current_row
        entries = self._papers.papers().entries
        fold = entries.fold(row) if row >= 0 else None
        if fold is not None:
            self._detail.show_message(fold.known_line, (fold.explanation,))
        else:
            self._detail.show_message("")

    def _refresh(self, change: Change) -> None:
        """Read the paper shown again if it was touched."""
        paper = self._detail.paper
        shows_anywhere = change.touches(Field.LISTINGS, Field.TAGS, Field.LABELS)
        if paper is not None and (paper.id in change.paper_ids or shows_anywhere):
            is_only_marked = change.fields <= MARKS
            read = partial(_marked, self._workspace.library, paper) if is_only_marked else None
            self._show(read or partial(self._workspace.library.papers.get, paper.id))
            if paper.seen and self._detail.paper is not None and not self._detail.paper.seen:
                self.leave_unseen({paper.id})


def _marked(library: Library, paper: Paper) -> Paper:
    """A paper with its marks read again."""
    marks = library.papers.marks([paper.id])
    if paper.id not in marks:
        raise NotFoundError("This paper is no longer in the library.")
    return paper.with_marks(marks[paper.id])


def _first_unseen(library: Library, rows: array[int], token: CancelToken) -> int | None:
    """On a reader thread: where the first unseen paper stands among ``rows``."""
    for start in range(0, len(rows), _UNSEEN_CHUNK):
        if token.cancelled():
            return None
        chunk = [paper_id for paper_id in rows[start : start + _UNSEEN_CHUNK] if paper_id > 0]
        unseen = {row.id for row in library.papers.rows(chunk) if not row.seen}
        for at in range(start, min(start + _UNSEEN_CHUNK, len(rows))):
            if rows[at] in unseen:
                return at
    return None
