"""The views of all highlights and of all notes: moving in them moves in the papers beneath."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import partial

from reader.domain.changes import Change
from reader.domain.query import LibraryNames
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.annotation_lists import AnnotationIds
from reader.ui.annotations.model import AnnotationListModel, ReadRows
from reader.ui.annotations.pane import AnnotationPane
from reader.ui.annotations.rows import AnnotationRow, highlight_row, note_row
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.commands.runner import Acts
from reader.ui.highlights.commands import HighlightCommands
from reader.ui.highlights.tones import Tones
from reader.ui.navigation.commands import Moves
from reader.ui.search.live_search import names_to_complete

KINDS = frozenset({ViewKind.HIGHLIGHTS, ViewKind.NOTES})
_PLACEHOLDERS = {
    ViewKind.HIGHLIGHTS: "Narrow: words, label:claim, tag:, listing:, is:starred …",
    ViewKind.NOTES: "Narrow: words, tag:, listing:, is:starred …",
}
_NOTHING = {
    ViewKind.HIGHLIGHTS: "Nothing highlighted yet. Press h on a paper and type the letters of a sentence.",
    ViewKind.NOTES: "No notes yet. Press n on a paper to write one.",
}
_TYPING_MS = 120


class AnnotationViews(Part):
    """Shows highlights or notes in the place of the papers', whose list goes on beneath: what is current there is the
    paper of the row that is current here, so that every command on papers works.
    """

    def __init__(self, context: Context, moves: Moves, highlights: HighlightCommands) -> None:
        """Takes the place of the papers' list while one of its views is open."""
        super().__init__(context)
        self._moves, self._highlights = moves, highlights
        self._model = AnnotationListModel(self)
        self.pane = AnnotationPane(self._model, self._panes.detail.look, self._panes.pane)
        self._kind: ViewKind | None = None
        self._places: dict[ViewKind, int] = {}
        self._wanted: int | None = None
        self._follows = False
        self._tones: Tones | None = None
        self._token = CancelToken()
        self._soon = make_timer(self, self._read)
        self._connect()

    def _connect(self) -> None:
        self._model.read_failed.connect(self._workspace.report_failure)
        self.pane.filter_changed.connect(self._narrow)
        self.pane.list.current_changed.connect(self._current_changed)
        self.pane.list.entered.connect(self._moves.enter)
        self.pane.list.removal_wanted.connect(self._remove)
        self._navigator.opened.connect(self._opened)
        self._navigator.opening.connect(self._leaving)
        self._navigator.cleared.connect(self._forget)
        self._searching.started.connect(self._search_started)
        self._panes.papers.current_changed.connect(self._paper_changed)
        self._panes.detail.rewritten.connect(self._set_look)
        self._workspace.changes_of().connect(self._changed)
        self._moves.other = self
        self._searching.instead = self._begin_to_narrow

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "go.highlights": partial(self._moves.open_view, ViewKind.HIGHLIGHTS),
            "go.notes": partial(self._moves.open_view, ViewKind.NOTES),
        }

    # As the list that one moves in

    @property
    def is_shown(self) -> bool:
        """Whether highlights or notes stand in the place of the papers."""
        return self._kind is not None and self.pane.isVisibleTo(self._panes.pane)

    def step(self, by: int) -> None:
        """Go some rows down, or up."""
        row = self.pane.list.current_row + by
        if 0 <= row < self._model.rowCount():
            self.pane.list.set_current_row(row)

    def go_to_end(self, *, first: bool) -> None:
        """Go to the first row or the last."""
        self.pane.list.set_current_row(0 if first else self._model.rowCount() - 1)

    def entered(self) -> None:
        """Keys act on the highlight that was gone to."""
        current = self._model.id_at(self.pane.list.current_row)
        if self._kind is ViewKind.HIGHLIGHTS and current is not None:
            self._highlights.focus(current)

    @property
    def position(self) -> str:
        """The place in the list, and its length."""
        return f"{self.pane.list.current_row + 1:,} / {self._model.rowCount():,}" if self._model.rowCount() else ""

    def back_out(self) -> bool:
        """Show everything again if the list was narrowed."""
        return self.pane.list.hasFocus() and self.pane.clear_filter()

    # Showing

    def _opened(self, view: View) -> None:
        kind = view.kind if view.kind in KINDS else None
        if kind is None:
            self._hide()
            return
        if kind is not self._kind:
            self.pane.set_kind(_PLACEHOLDERS[kind])
            self._model.show_rows(array("q"), array("q"), self._reader_of(kind))
            self._kind = kind
            self._wanted = self._places.get(kind)
            self._follows = True
        self._panes.pane.show_instead(self.pane)
        self._read()

    def _leaving(self) -> None:
        """Another view is about to come: remember the place."""
        if self._kind is not None:
            current = self._model.id_at(self.pane.list.current_row)
            if current is not None:
                self._places[self._kind] = current

    def _forget(self) -> None:
        """Another library, in a way: nothing is shown, and no place is remembered."""
        self._hide()
        self._places.clear()

    def _hide(self) -> None:
        self._token.cancel()
        self._soon.stop()
        if self._kind is not None:
            self._kind = None
            self._highlights.layer.mark(None)
        self._panes.pane.show_instead(None)

    def _search_started(self, text: str) -> None:
        """What is searched for in the library takes the place of this list, too."""
        if text and self._kind is not None:
            self._hide()

    def _begin_to_narrow(self) -> bool:
        """Let the user narrow the list; False if it is not shown."""
        if not self.is_shown:
            return False
        self._panes.set_focus_reading(False)
        self.pane.edit.setFocus()
        self.pane.edit.selectAll()
        self._workspace.tasks.read(partial(names_to_complete, self._library), self._set_names)
        return True

    def _set_names(self, names: LibraryNames) -> None:
        self.pane.completer.names = names

    def _narrow(self) -> None:
        self._soon.start(_TYPING_MS)

    def _changed(self, change: Change) -> None:
        if self._kind is not None and change:
            self._soon.start(0)  # several changes in a row make one read

    def _read(self) -> None:
        """Read which rows there are, beside the window."""
        self._soon.stop()
        if self._kind is None:
            return
        self._token.cancel()
        self._token = CancelToken()
        find = partial(_find, self._library, self._kind, self.pane.query, self.pane.label, self._token)
        self._workspace.tasks.read(find, partial(self._show, self._kind), token=self._token)

    def _show(self, kind: ViewKind, found: tuple[AnnotationIds, dict[str, int]]) -> None:
        if kind is not self._kind:
            return
        listed, counts = found
        row, current = self.pane.list.current_row, self._model.id_at(self.pane.list.current_row)
        wanted = self._wanted if self._wanted is not None else current
        self._wanted = None
        self.pane.set_labels(counts)
        scrolled = self.pane.list.verticalScrollBar().value()
        self._model.show_rows(listed.ids, listed.paper_ids, self._reader_of(kind))
        self.pane.list.doItemsLayout()
        self.pane.list.verticalScrollBar().setValue(scrolled)
        shown, total = len(listed.ids), listed.total
        self._panes.pane.set_heading(
            self._navigator.title, f"{shown:,} of {total:,}" if shown != total else f"{total:,}" if total else ""
        )
        nothing = "" if shown else ("No matches." if total else _NOTHING[kind])
        self.pane.say("  ".join(part for part in (*listed.messages, nothing) if part))
        at = self._model.row_of(wanted) if wanted is not None else None
        paper_id = self._panes.papers.current_paper_id
        if self._follows and paper_id is not None and (at is None or self._model.paper_id(at) != paper_id):
            at = self._model.row_of_paper(paper_id)
        self._follows = False
        if not shown:
            # No paper of these is in sight: none is read, and no command changes one.
            self._wanted = wanted
            self._panes.papers.leave_row()
        else:
            self.pane.list.set_current_row(at if at is not None else min(max(row, 0), shown - 1))

    def _reader_of(self, kind: ViewKind) -> ReadRows:
        return self._read_highlights if kind is ViewKind.HIGHLIGHTS else self._read_notes

    def _read_highlights(self, ids: Sequence[int]) -> list[AnnotationRow]:
        return [highlight_row(each) for each in self._library.highlights.rows(ids)]

    def _read_notes(self, ids: Sequence[int]) -> list[AnnotationRow]:
        return [note_row(each) for each in self._library.notes.rows(ids)]

    # In step with the papers beneath

    def _current_changed(self) -> None:
        """Show the paper of the current row, at the highlight."""
        row = self.pane.list.current_row
        paper_id, annotation_id = self._model.paper_id(row), self._model.id_at(row)
        if self._kind is None or paper_id is None or annotation_id is None:
            return
        self._panes.status.show_position(self.position)
        if paper_id != self._panes.papers.current_paper_id:
            at = self._panes.paper_model.entries.row_of(paper_id)
            if at is not None:
                self._reader.go_to_row(at)
            elif not self._navigator.is_loading:
                self._navigator.open(View(self._kind), paper_id)
        if self._kind is ViewKind.HIGHLIGHTS:
            self._highlights.show_when_there(paper_id, annotation_id)

    def _paper_changed(self) -> None:
        """Another paper is current by other means than this list: go to its first row."""
        paper_id = self._panes.papers.current_paper_id
        if self._kind is None or paper_id is None or paper_id == self._model.paper_id(self.pane.list.current_row):
            return
        row = self._model.row_of_paper(paper_id)
        if row is not None:
            self.pane.list.set_current_row(row)

    def _remove(self) -> None:
        """Remove the current highlight; a note is not removed by one key."""
        current = self._model.id_at(self.pane.list.current_row)
        if current is None:
            return
        if self._kind is ViewKind.HIGHLIGHTS:
            self._highlights.actions.delete(current)
        else:
            self._say("{note.edit} opens the note; empty it there to remove it")

    def _set_look(self) -> None:
        """The paper was written again, perhaps in other colours."""
        if self._panes.detail.tones is not self._tones:
            self._tones = self._panes.detail.tones
            self.pane.set_look(self._panes.detail.look, self._tones)


def _find(
    library: Library, kind: ViewKind, query: str, label: str, token: CancelToken
) -> tuple[AnnotationIds, dict[str, int]]:
    """On a reader thread: which rows to show, and how many highlights each label has."""
    if kind is ViewKind.NOTES:
        return library.notes.search(query, cancelled=token.cancelled), {}
    return library.highlights.search(query, label=label, cancelled=token.cancelled), library.labels.counts()
