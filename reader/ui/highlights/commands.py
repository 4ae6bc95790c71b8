"""The commands on highlights of the paper that is shown, and the mode that keys are in meanwhile."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget

from reader.domain.annotations import HighlightLabel
from reader.domain.changes import Field
from reader.domain.errors import ReaderError
from reader.domain.papers import Highlight, Paper
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.commands.key_chords import Key
from reader.ui.commands.runner import Acts
from reader.ui.highlights.actions import HighlightActions
from reader.ui.highlights.bar import HighlightBar
from reader.ui.highlights.editor import HighlightEditor
from reader.ui.highlights.focused import FocusedHighlight, find_highlight, highlights_in_order
from reader.ui.highlights.label_editor import LabelEditing
from reader.ui.highlights.layer import HighlightLayer
from reader.ui.highlights.modes import LabelChoiceModel, Mode, Tools
from reader.ui.highlights.sentences import SentenceLabels
from reader.ui.highlights.words import WordSelection


class HighlightCommands(Part):
    """Highlights the paper that is shown, and goes through what is highlighted in it and in the papers after it."""

    def __init__(self, context: Context, open_page: Callable[[Highlight], None]) -> None:
        """The editor opens over the context's window; ``open_page`` opens the page of a highlight in a document."""
        super().__init__(context)
        self._view = self._panes.detail
        self.labels = LabelChoiceModel(self)
        self.layer = HighlightLayer(self._panes.detail)
        self.bar = HighlightBar(self._panes.detail)
        self.actions = HighlightActions(self._workspace)
        LabelEditing(context)
        self._tools = Tools(self._view, self.labels, self.actions, self.edit, open_page, self.leave)
        self.mode: Mode | None = None
        """What keys mean now, if that has to do with highlights."""
        self._came_from: QWidget | None = None
        self._wanted: tuple[int, int] | None = None
        self._wanted_focused = False
        self._editor: HighlightEditor | None = None
        self._token = CancelToken()
        self.bar.pressed.connect(self._press)
        self.bar.left.connect(self._end)
        self.labels.changed.connect(self._tell)
        self._panes.detail.rewritten.connect(self._rewritten)
        self._panes.detail.highlight_chosen.connect(self.focus)
        self._panes.detail.highlight_confirmed.connect(self.actions.confirm)
        self._reader.shown.connect(self._paper_shown)
        self._workspace.reading_all.connect(self._read_labels)
        self._workspace.changes_of(Field.LABELS).connect(self._read_labels)
        self._window.installEventFilter(self)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "highlight.sentences": self.label_sentences,
            "highlight.words": self.select_words,
            "highlight.previous": partial(self._step, -1),
            "highlight.next": partial(self._step, 1),
            "highlight.back": partial(self._step, -1, beyond=True),
            "highlight.forward": partial(self._step, 1, beyond=True),
            "highlight.edit": self.edit_here,
            "highlight.delete": self.delete_here,
        }

    def label_sentences(self) -> None:
        """Put letters on the sentences; what the mouse has selected is highlighted at once instead."""
        paper = self._paper()
        if paper is None:
            return
        cursor = self._view.textCursor()
        spans = self._view.places.spans(cursor.selectionStart(), cursor.selectionEnd()) if cursor.hasSelection() else []
        if spans:
            self._view.unselect()
            self.actions.toggle(paper.id, spans, self.labels.name)
            return
        self._begin(SentenceLabels(self._tools, paper))

    def select_words(self) -> None:
        """Select word by word."""
        paper = self._paper()
        if paper is None:
            return
        mode = WordSelection(self._tools, paper)
        if mode.is_possible:
            self._view.unselect()
            self._begin(mode)

    def focus(self, highlight_id: int) -> None:
        """Go to a highlight of the paper that is shown; keys then act on it."""
        found = find_highlight(self._reader.paper, highlight_id)
        if found is not None:
            self.layer.mark(highlight_id)
            self._begin(FocusedHighlight(self._tools, found))
            self.reveal(highlight_id)  # last, as the bar that opens takes room

    def reveal(self, highlight_id: int) -> None:
        """Scroll to a highlight; to its row in the list of them where that is not in title or abstract."""
        start = self.layer.start_of(highlight_id)
        row = self._view.highlight_rows.get(highlight_id)
        if start is not None:
            self._view.reveal(start)
        elif row is not None:
            self._view.reveal(row[1])
            self._view.reveal(row[0])

    def show_when_there(self, paper_id: int, highlight_id: int, *, focused: bool = False) -> None:
        """Mark a highlight as soon as its paper is shown; keys act on it if it is to be ``focused``."""
        self._wanted = (paper_id, highlight_id)
        self._wanted_focused = focused
        self._take_wanted()

    def edit_here(self) -> None:
        """Edit the highlight where the user is."""
        found = self._found()
        if found is not None:
            self.edit(found.id)

    def delete_here(self) -> None:
        """Remove the highlight where the user is."""
        found = self._found()
        if found is not None:
            self.actions.delete(found.id)

    def current(self) -> Highlight | None:
        """The highlight where the user is; None if they are at none."""
        return find_highlight(self._reader.paper, self.layer.here)

    def _found(self) -> Highlight | None:
        """The same, and a hint where there is none."""
        found = self.current()
        if found is None:
            self._say("Go to a highlight first: } is the next one")
        return found

    def edit(self, highlight_id: int) -> None:
        """Open what a highlight is commented in."""
        try:
            # As it is now: one that was changed a moment ago is not to be overwritten.
            found = self._library.highlights.rows([highlight_id])
        except ReaderError as error:
            self._workspace.report_failure(error)
            return
        if found:
            self._editor = HighlightEditor(self._window, found[0].highlight, self.labels.labels)
            self._editor.kept.connect(self.actions.keep)
            self._editor.closed.connect(self._editor_closed)

    def leave(self) -> None:
        """End the mode and go back to where it was begun."""
        had_focus = self.bar.hasFocus()
        self._end()
        if not had_focus:
            return
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus()
        else:
            self._panes.focus_shown()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is being typed in a comment is kept before the window closes."""
        if event.type() == QEvent.Type.Close and watched is self._window and self._editor is not None:
            self._editor.dismiss()
        return False

    def _paper(self) -> Paper | None:
        self._reader.show_current_if_due()
        return self._reader.paper

    def _begin(self, mode: Mode) -> None:
        focus = QApplication.focusWidget()
        if focus is not self.bar:
            self._came_from = focus
        self.mode = mode
        if not isinstance(mode, FocusedHighlight):
            self.layer.mark(None)
        self._tell()
        self.layer.set_more(mode.layer, mode.draw)
        self.bar.open()

    def _end(self) -> None:
        if self.mode is not None:
            if isinstance(self.mode, FocusedHighlight):
                self.layer.mark(None)
            self.mode = None
            self.layer.set_more(None, None)
            self.bar.close_quietly()

    def _press(self, key: Key) -> None:
        if self.mode is not None:
            self.bar.taken = self.mode.press(key, held=self.bar.is_held)
            if self.mode is not None:
                self._tell()
                self.layer.refresh()

    def _tell(self) -> None:
        if self.mode is not None:
            self.bar.tell(self._view.tones.of(self.mode.label), self.mode.hint, self._view.look)

    def _rewritten(self) -> None:
        """The document was written again: the mode finds its places, or has lost its text."""
        if self.mode is None:
            return
        if self.mode.rewritten(self._view.paper):
            self._tell()
            self.layer.refresh()
        else:
            self.leave()

    def _paper_shown(self) -> None:
        if self.layer.here is not None and find_highlight(self._view.paper, self.layer.here) is None:
            self.layer.mark(None)
        self._take_wanted()
        self._wanted = None

    def _editor_closed(self) -> None:
        self._editor = None

    # From one highlight to the next

    def _step(self, by: int, *, beyond: bool = False) -> None:
        paper = self._paper()
        if paper is None:
            return
        ordered = highlights_in_order(paper)
        ids = [each.id for each in ordered]
        end = 0 if by > 0 else len(ids) - 1
        to = ids.index(self.layer.here) + by if self.layer.here in ids else end
        if 0 <= to < len(ids):
            self.focus(ids[to])
        elif beyond:
            self._step_beyond(by)
        else:
            words = "No highlight further on" if by > 0 else "No highlight before this one"
            self._say(f"{words}; > and < go on to other papers" if ids else "Nothing is highlighted here")

    def _step_beyond(self, by: int) -> None:
        """Look for the next paper of the view that has highlights."""
        entries, row = self._panes.paper_model.entries, self._panes.papers.current_row
        rest = entries.rows[row + 1 :] if by > 0 else entries.rows[:row][::-1]
        self._token.cancel()
        self._token = CancelToken()
        seek = partial(_next_highlight, self._library, rest, by)
        self._workspace.tasks.read(seek, partial(self._found_beyond, by, row), token=self._token)

    def _found_beyond(self, by: int, row: int, found: tuple[int, int, int] | None) -> None:
        if found is None:
            self._say("No highlight further down" if by > 0 else "No highlight further up")
            return
        offset, paper_id, highlight_id = found
        self.show_when_there(paper_id, highlight_id, focused=True)
        self._reader.go_to_row(row + by * (offset + 1))

    def _take_wanted(self) -> None:
        paper = self._view.paper
        if self._wanted is None or paper is None or paper.id != self._wanted[0]:
            return
        highlight_id, self._wanted = self._wanted[1], None
        if self._wanted_focused:
            self.focus(highlight_id)
        elif find_highlight(paper, highlight_id) is not None:
            self.layer.mark(highlight_id)
            self.reveal(highlight_id)

    # Labels

    def _read_labels(self) -> None:
        self._workspace.tasks.read(self._library.labels.all, self._show_labels)

    def _show_labels(self, labels: list[HighlightLabel]) -> None:
        self.labels.set_labels(labels)
        self._view.set_labels(labels)


def _next_highlight(library: Library, rows: array[int], by: int) -> tuple[int, int, int] | None:
    """On a reader thread: how far on the next paper with highlights stands, its id, and its first (or last) one's."""
    highlighted = set(library.highlights.papers())
    for offset, paper_id in enumerate(rows):
        if paper_id in highlighted:
            ordered = highlights_in_order(library.papers.get(paper_id))
            if ordered:
                return offset, paper_id, ordered[0 if by > 0 else -1].id
    return None
