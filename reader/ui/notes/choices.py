"""Choosing a text for a note: an earlier one, a template, or one that was typed and never saved."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Protocol

from PySide6.QtGui import QGuiApplication

from reader.domain.annotations import NoteRevision
from reader.domain.papers import Paper
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.library.note_drafts import UnsavedNote
from reader.services.library.notes import NoteTemplate
from reader.ui.app.context import Context, Part
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted
from reader.ui.notes.revisions import RevisionSheet
from reader.ui.shell.notice import Notice

_EXCERPT = 160


class Writing(Protocol):
    """What writes a chosen text."""

    def flush(self) -> None:
        """Save what is not saved."""

    def write(self, paper: Paper, text: str, *, instead: bool) -> None:
        """Write a text into a paper's note."""

    def resume(self, unsaved: UnsavedNote) -> None:
        """Take a text that was not saved back."""


class NoteChoosing(Part):
    """Offers texts for the note of the paper that is shown."""

    def __init__(self, context: Context, writing: Writing) -> None:
        """What is chosen goes to ``writing``; choices open over the context's window."""
        super().__init__(context)
        self._writing = writing
        self._unsaved: tuple[UnsavedNote, ...] = ()

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"note.revisions": self.open_revisions, "note.template": self.open_templates}

    def open_revisions(self) -> None:
        """Show the note's earlier texts, to take one back."""
        paper = self._reader.paper
        if paper is not None:
            self._writing.flush()
            # On the library thread, so that what was just saved is among them.
            self._workspace.tasks.write(
                partial(self._library.notes.revisions, paper.id), partial(self._show_revisions, paper)
            )

    def open_templates(self) -> None:
        """Choose a template to begin the note with, or to go on with."""
        paper = self._reader.paper
        if paper is not None:
            work = partial(_filled_templates, self._library, paper.id)
            self._workspace.tasks.read(work, partial(self._offer_templates, paper))

    def look_for_drafts(self, notice: Notice) -> None:
        """Look for texts that were typed and not saved; ``notice`` tells of them."""
        self._workspace.tasks.read(self._library.notes.unsaved, partial(self._tell_of_drafts, notice))

    def _show_revisions(self, paper: Paper, revisions: list[NoteRevision]) -> None:
        if revisions:
            RevisionSheet(self._window, revisions, self._appearance.look, partial(self._take_revision, paper))
        else:
            self._say("This paper has no note yet")

    def _take_revision(self, paper: Paper, text: str) -> None:
        self._writing.write(paper, text, instead=True)

    def _offer_templates(self, paper: Paper, templates: list[tuple[NoteTemplate, str]]) -> None:
        self._ask_which(
            "Which template?",
            [
                PaletteItem(template.name, shown_line(text, _EXCERPT), partial(self._begin_with, paper, text))
                for template, text in templates
            ],
        )

    def _begin_with(self, paper: Paper, text: str) -> None:
        self._writing.write(paper, text, instead=False)

    def _tell_of_drafts(self, notice: Notice, unsaved: list[UnsavedNote]) -> None:
        self._unsaved = tuple(unsaved)
        if unsaved:
            notes = "A note was" if len(unsaved) == 1 else f"{counted(len(unsaved), 'note')} were"
            notice.show_text(f"{notes} not saved when Lectern last closed.", ("Look", self._offer_drafts))

    def _offer_drafts(self) -> None:
        items = [
            PaletteItem(
                f"Restore: {shown_line(each.paper.title, 80)}" if each.paper else "Copy (its paper is gone)",
                f"{_local(each.draft.written)}  {shown_line(each.draft.text, _EXCERPT)}",
                partial(self._take_back, each),
            )
            for each in self._unsaved
        ]
        what = "it" if len(items) == 1 else "all"
        self._ask_which("Unsaved text", [*items, PaletteItem(f"Discard {what}", "", self._discard)])

    def _take_back(self, unsaved: UnsavedNote) -> None:
        if unsaved.paper is not None:
            self._writing.resume(unsaved)
        else:
            QGuiApplication.clipboard().setText(unsaved.draft.text)
            self._say("Copied the text of the note")
        self._unsaved = tuple(each for each in self._unsaved if each is not unsaved)
        if self._unsaved:
            self._offer_drafts()

    def _discard(self) -> None:
        for each in self._unsaved:
            self._library.notes.drafts.discard(each.draft.key)
        self._unsaved = ()


def _filled_templates(library: Library, paper_id: int) -> list[tuple[NoteTemplate, str]]:
    """On a reader thread: the templates with the paper's fields in them."""
    return [(template, library.notes.filled_template(template, paper_id)) for template in library.notes.templates()]


def _local(moment: str) -> str:
    """A time in the local time zone; unchanged if it is not a time."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return shown_line(moment, 40)
