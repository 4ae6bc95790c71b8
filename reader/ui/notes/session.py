"""One note being written: saved as it is typed, never over a newer text, and kept in a file until it is saved."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import partial
from itertools import count

from PySide6.QtCore import QObject, Signal

from reader.domain.annotations import Note, NoteConflictError
from reader.domain.changes import Change, Field
from reader.domain.errors import NotFoundError
from reader.services.library.note_drafts import NoteDraft
from reader.services.library.notes import SavedNote, joined_texts
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace

_SAVE_AFTER_MS = 800
_DRAFT_AFTER_MS = 250
_TRY_AGAIN_MS = 3_000
_EDITS = count()
"""Numbers for edits, over all notes and sessions: drafts are told apart by them."""


class NoteSession(QObject):
    """Keeps the text of one paper's note. One save is under way at a time; whatever was typed meanwhile follows."""

    state_changed = Signal()
    """:attr:`state` reads differently."""
    replaced = Signal()
    """The text changed without being typed: another one came from elsewhere, alone or beside this one."""

    def __init__(self, workspace: Workspace, note: Note, key: str) -> None:
        """``note`` is the text that stands now, ``key`` the paper's."""
        super().__init__(workspace)
        self._workspace = workspace
        self._drafts = workspace.library.notes.drafts
        self.paper_id, self.key = note.paper_id, key
        self.text = self._saved_text = note.text
        self.revision = note.revision
        """The revision that the next save replaces."""
        self._visit = secrets.token_hex(8)
        self._edits = next(_EDITS)
        self._is_saving = self._is_announcing = self._is_outdated = self._has_draft = False
        self._trouble = ""
        self._timer = make_timer(self, self.flush)
        self._draft_soon = make_timer(self, self._keep_draft)
        workspace.changes_of(Field.NOTES, Field.PAPERS).connect(self._look_again)

    @property
    def state(self) -> str:
        """In a few words, whether what is written is kept."""
        if self._trouble:
            return self._trouble
        if self._is_saving:
            return "Saving…"
        return "Not saved yet" if self.is_dirty else "Saved"

    @property
    def is_dirty(self) -> bool:
        """Whether something written is not kept yet."""
        return self.text != self._saved_text

    @property
    def is_at_risk(self) -> bool:
        """Whether what is written stands nowhere but here: it could not be saved, nor be kept in a file."""
        return self.is_dirty and bool(self._trouble) and not self._has_draft

    def begin_visit(self) -> None:
        """What is written from now on is another step."""
        self._visit = secrets.token_hex(8)

    def edit(self, text: str) -> None:
        """Take over what was typed; it is saved within a second."""
        if text == self.text:
            return
        self.text = text
        self._edits = next(_EDITS)
        self._has_draft = False
        if not self._timer.isActive():
            self._timer.start(_SAVE_AFTER_MS)
        if not self._draft_soon.isActive():
            self._draft_soon.start(_DRAFT_AFTER_MS)
        self.state_changed.emit()

    def resume(self, draft: NoteDraft) -> None:
        """Take over a text that was typed before and not saved; a text that came since is joined with it."""
        is_next = not self.is_dirty and draft.revision == self.revision
        self.edit(draft.text if is_next or not self.text.strip() else joined_texts(self.text, draft.text))
        self.replaced.emit()

    def flush(self, *, final: bool = False) -> None:
        """Save now what is not saved; ``final`` if there will be no later, while another save is under way."""
        self._timer.stop()
        if not self.is_dirty or (self._is_saving and not final):
            return
        self._is_saving = True
        self._workspace.tasks.write(
            partial(self._save, self.text, self._edits), partial(self._saved, self.text), failed=self._failed
        )
        self.state_changed.emit()

    def keep_draft_now(self) -> None:
        """The window closes: what is not saved is kept in a file first, whatever becomes of saving it."""
        self._draft_soon.stop()
        if self.is_dirty:
            self._has_draft = self._drafts.keep(self._draft(), self._edits)

    def _save(self, text: str, edits: int) -> SavedNote:
        """On the library thread, so that of two saves in a row the second knows what the first has made."""
        saved = self._workspace.library.notes.save(self.paper_id, text, revision=self.revision, visit=self._visit)
        self.revision = saved.note.revision
        self._drafts.drop(self.key, edits)
        return saved

    def _saved(self, sent: str, saved: SavedNote) -> None:
        self._is_saving, self._trouble = False, ""
        self._saved_text = sent
        if not self.is_dirty:
            self._draft_soon.stop()
        self._is_announcing = True
        if saved.change:
            self._workspace.announce(saved.change)
        self._is_announcing = False
        self.flush()
        if self._is_outdated and not self._is_saving:
            self._look_again(saved.change)
        self.state_changed.emit()

    def _failed(self, error: Exception) -> None:
        """The text stays here and in a file, and is tried again; what went wrong is said once."""
        self._is_saving = False
        if isinstance(error, NoteConflictError):
            self._join(error.current)
        else:
            is_new = not self._trouble
            self._trouble = "Not saved"
            if is_new:
                self._workspace.report_failure(error)
            self._keep_draft()
            if not isinstance(error, NotFoundError):
                self._timer.start(_TRY_AGAIN_MS)
        self.state_changed.emit()

    def _draft(self) -> NoteDraft:
        written = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return NoteDraft(self.key, self.text, self.revision, written)

    def _keep_draft(self) -> None:
        if self.is_dirty:
            keep = partial(self._drafts.keep, self._draft(), self._edits)
            self._workspace.tasks.read(keep, partial(self._draft_kept, self._edits))

    def _draft_kept(self, edits: int, kept: bool) -> None:
        if edits == self._edits:
            self._has_draft = kept
        if self._trouble.startswith("Not saved"):
            self._trouble = "Not saved, retrying; kept in a file" if kept else "Not saved, retrying"
            self.state_changed.emit()

    def _join(self, current: Note) -> None:
        """Show both texts, to choose from; saved in place of the newer one, while this one is kept by itself, too."""
        self.revision, self._saved_text = current.revision, current.text
        self.text = joined_texts(current.text, self.text)
        self._edits = next(_EDITS)
        self._trouble = "Changed elsewhere: both texts are here"
        self.replaced.emit()
        self._timer.start(_SAVE_AFTER_MS)

    def _look_again(self, change: Change) -> None:
        """Something else changed the paper: read its note again, once it is not being saved any more."""
        if self.paper_id not in change.paper_ids or self._is_announcing:
            return
        self._is_outdated = self._is_saving
        if not self._is_outdated:
            self._workspace.tasks.write(partial(self._workspace.library.notes.of, self.paper_id), self._seen)

    def _seen(self, note: Note) -> None:
        """Another text is shown at once where nothing was typed since; else the next save meets it and joins both."""
        if note.revision == self.revision or self.is_dirty or self._is_saving:
            return
        self.revision = note.revision
        if note.text != self.text:
            self.text = self._saved_text = note.text
            self.replaced.emit()
        self.state_changed.emit()
