"""The commands on a paper's note, and the note's way through reading, writing and keeping."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from reader.domain.annotations import PaperTitle
from reader.domain.changes import Field
from reader.domain.errors import ReaderError
from reader.domain.papers import Paper
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.library.note_drafts import UnsavedNote
from reader.services.library.note_links import Backlink
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.commands.runner import Acts
from reader.ui.notes.choices import NoteChoosing
from reader.ui.notes.html import PAPER_SCHEME, note_html
from reader.ui.notes.pane import NoteMode
from reader.ui.notes.session import NoteSession

_BACKLINKS_SHOWN = 30
_LINK, _LINKED = re.compile(r"\[\[([^\[\]]{1,500})\]\]"), r"“\1”"
_LARGEST_PASTE = 200_000
_BESIDE_AFTER_MS = 150


class NoteCommands(Part):
    """Shows the note of the paper that is shown, and lets the user write in it."""

    def __init__(self, context: Context, open_address: Callable[[str], object]) -> None:
        """``open_address`` decides about links to the web."""
        super().__init__(context)
        self._pane = self._panes.note
        self._open_address = open_address
        self._sessions: dict[int, NoteSession] = {}
        self._session: NoteSession | None = None
        self._came_from: QWidget | None = None
        self._has_warned = False
        self._rendered_id: int | None = None
        self._token, self._link_token = CancelToken(), CancelToken()
        self._choosing = NoteChoosing(context, self)
        self._beside_soon = make_timer(self, self._render_beside, _BESIDE_AFTER_MS)
        editor = self._pane.editor
        editor.textChanged.connect(self._typed)
        editor.left.connect(self.leave)
        editor.focus_lost.connect(self.flush)
        editor.link_begun.connect(self._complete_link)
        self._pane.link_chosen.connect(self._follow)
        self._reader.shown.connect(self._paper_shown)
        self._workspace.changes_of(Field.NOTES, Field.PAPERS, Field.LISTINGS).connect(self._paper_shown)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "note.edit": self.edit,
            "note.preview": self.cycle_preview,
            "note.paste_quote": self.paste_quote,
        }

    def edit(self) -> None:
        """Write in the note of the paper that is shown."""
        self._reader.show_current_if_due()
        paper = self._reader.paper
        if paper is None:
            return
        focus = QApplication.focusWidget()
        if focus is not self._pane.editor:
            # What opens over the window is gone by the time that one would go back to it.
            self._came_from = focus if focus is not None and self._panes.isAncestorOf(focus) else None
        session = self._take_session(paper)
        if session is not None:
            session.begin_visit()
            self._pane.show_mode(self._pane.writing_mode)
            self._show_state()
            self._render_beside()
            self._pane.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> None:
        """Go back to where the note was entered."""
        self.flush()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._panes.focus_shown()
        self._show_reading()

    def offer_drafts(self) -> None:
        """Tell of texts that were typed and not saved when the library was open last."""
        self._choosing.look_for_drafts(self._panes.notice)

    def flush(self) -> None:
        """Save what is not saved."""
        for session in list(self._sessions.values()):
            session.flush()

    def finish(self) -> bool:
        """Save what is not saved, for the window closes; False if some text could be kept nowhere, so that it may stay.

        Asked again, the window may close: the text was shown, and said to be in danger.
        """
        for session in list(self._sessions.values()):
            session.keep_draft_now()
            session.flush(final=True)
        at_risk = any(session.is_at_risk for session in self._sessions.values())
        if at_risk and not self._has_warned:
            self._has_warned = True
            self._workspace.failed.emit(
                "A note could not be saved, nor kept in a file. Copy it or free disk space; closing again discards it."
            )
            return False
        return True

    def cycle_preview(self) -> None:
        """From writing to writing with what it looks like beside, to that alone, and back."""
        if not self._pane.is_writing or self._pane.isHidden():
            self._pane.writing_mode = NoteMode.WRITE
            self.edit()
        elif self._pane.mode is NoteMode.WRITE:
            self._pane.show_mode(NoteMode.BESIDE)
            self._render_beside()
        else:
            self.flush()
            self._pane.show_mode(NoteMode.SHOW)
            self._pane.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._render()

    def paste_quote(self) -> None:
        """Paste copied text as a block quote, its lines joined."""
        text = QGuiApplication.clipboard().text()[:_LARGEST_PASTE]
        paper = self._reader.paper
        if paper is None or not text.strip():
            self._say("The clipboard holds no text")
            return
        if not self._pane.editor.hasFocus():
            self.edit()
        self._workspace.tasks.read(partial(self._library.notes.quoted, text, paper.id), self._insert)

    def write(self, paper: Paper, text: str, *, instead: bool) -> None:
        """Write a text into a paper's note as if it were typed, ``instead`` of what stands there or at the cursor."""
        if self._is_of(paper.id):
            self.edit()
            if instead:
                self._pane.editor.make_room_for(text)
                cursor = self._pane.editor.textCursor()
                cursor.select(cursor.SelectionType.Document)
                cursor.insertText(text)
            else:
                self._insert(text)

    def resume(self, unsaved: UnsavedNote) -> None:
        """Take a text that was not saved back into its paper's note, and show it."""
        if unsaved.paper is None:
            return
        session = self._take_session(unsaved.paper)
        if session is not None:
            session.resume(unsaved.draft)
            session.flush()
            self._navigator.open(View(ViewKind.ALL), unsaved.paper.id)

    # Writing

    def _take_session(self, paper: Paper | PaperTitle) -> NoteSession | None:
        """Make the editor write the note of a paper."""
        if self._session is None or self._session.paper_id != paper.id:
            self.flush()
            session = self._sessions.get(paper.id)
            if session is None:
                try:
                    session = NoteSession(self._workspace, self._library.notes.of(paper.id), paper.key)
                except ReaderError as error:
                    self._workspace.report_failure(error)
                    return None
                session.state_changed.connect(self._show_state)
                session.replaced.connect(self._text_replaced)
                self._sessions[paper.id] = session
            self._session = session
            self._show_text()
        return self._session

    def _typed(self) -> None:
        if self._session is not None:
            self._session.edit(self._pane.editor.toPlainText())
            self._beside_soon.start()

    def _show_text(self) -> None:
        if self._session is not None and self._pane.editor.toPlainText() != self._session.text:
            self._pane.editor.set_text(self._session.text)
            self._beside_soon.start()

    def _text_replaced(self) -> None:
        """Undo, a command or another window changed the text: show it in the editor or in the preview."""
        self._show_text()
        if not self._pane.editor.hasFocus():
            self._show_reading()

    def _show_state(self) -> None:
        if self._session is not None:
            self._pane.state.setText(self._session.state if self._pane.is_writing else "n writes")
        for paper_id, session in list(self._sessions.items()):
            if session is not self._session and session.state == "Saved":
                del self._sessions[paper_id]
                session.deleteLater()

    def _insert(self, text: str) -> None:
        self._pane.editor.make_room_for(text)
        cursor = self._pane.editor.textCursor()
        before = "" if cursor.atBlockStart() else "\n\n"
        cursor.insertText(f"{before}{text}\n\n")
        self._pane.editor.setTextCursor(cursor)

    def _complete_link(self, typed: str) -> None:
        self._link_token.cancel()
        self._link_token = CancelToken()
        self._workspace.tasks.read(
            partial(self._library.note_links.complete, typed),
            partial(self._link_completed, typed),
            token=self._link_token,
        )

    def _link_completed(self, typed: str, papers: list[PaperTitle]) -> None:
        self._pane.editor.show_completions(typed, papers)

    # Showing

    def _paper_shown(self, change: object = None) -> None:
        """Another paper is shown, or it changed: so does its note."""
        if self._pane.editor.hasFocus() and self._session is not None and self._is_of(self._session.paper_id):
            return
        self.flush()
        self._show_reading()

    def _is_of(self, paper_id: int) -> bool:
        return self._reader.paper is not None and self._reader.paper.id == paper_id

    def _show_reading(self) -> None:
        """Show the note of the paper that is shown, if it has one or others link to it."""
        paper = self._reader.paper
        if paper is None:
            self._token.cancel()
            self._pane.hide()
            return
        self._render()

    def _render(self) -> None:
        paper = self._reader.paper
        if paper is None:
            return
        self._token.cancel()
        self._token = CancelToken()
        session = self._sessions.get(paper.id)
        text = session.text if session is not None else paper.note
        work = partial(_shown_note, self._library, paper.id, text)
        self._workspace.tasks.read(work, partial(self._rendered, paper), token=self._token)

    def _render_beside(self) -> None:
        """Follow what is typed where it is shown beside."""
        if self._pane.mode is NoteMode.BESIDE and not self._pane.isHidden():
            self._render()

    def _rendered(self, paper: Paper, shown: str) -> None:
        beside = self._pane.mode is NoteMode.BESIDE
        if not self._is_of(paper.id) or (self._pane.editor.hasFocus() and not beside):
            return
        writes = self._pane.editor.hasFocus()
        if not shown and not writes:
            if not self._pane.view.hasFocus():
                self._pane.hide()
            return
        if not writes:
            self._pane.show_mode(NoteMode.SHOW)
            self._pane.state.setText("n writes")
        same, self._rendered_id = self._rendered_id == paper.id, paper.id
        self._pane.set_html(shown, same=same)

    def _follow(self, address: str) -> None:
        scheme, _, rest = address.partition(":")
        if scheme != PAPER_SCHEME:
            self._open_address(address)
        elif rest.isdecimal():
            self._navigator.open(View(ViewKind.ALL), int(rest))


def _shown_note(library: Library, paper_id: int, text: str) -> str:
    """On a reader thread, as a long note takes its time: it and who links to it as HTML; empty if there is neither."""
    note = note_html(text, library.note_links.resolve(text)) if text.strip() else ""
    return note + _backlinks_html(library.note_links.backlinks(paper_id))


def _backlinks_html(backlinks: list[Backlink]) -> str:
    """Who links here, as links."""
    if not backlinks:
        return ""
    rows = "".join(
        f'<li><a href="{PAPER_SCHEME}:{each.paper.id}">{html.escape(shown_line(each.paper.title, 200))}</a>'
        f" — {html.escape(shown_line(_LINK.sub(_LINKED, each.excerpt), 200))}</li>"
        for each in backlinks[:_BACKLINKS_SHOWN]
    )
    return f"<p><b>Linked from</b></p><ul>{rows}</ul>"
