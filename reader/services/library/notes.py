"""Notes: reading and saving them, their earlier texts, and templates to begin with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reader.domain.annotations import Note
from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.note_templates import fill_template
from reader.domain.quotation import quote_block
from reader.services.library.annotation_lists import AnnotationIds, found_notes
from reader.services.library.note_drafts import NoteDrafts, UnsavedNote
from reader.services.resources import resource_path
from reader.services.search.searcher import Searcher
from reader.storage.notes import StoredNotes
from reader.storage.store import LibraryStore
from reader.storage.subject import changing

TEMPLATE_FOLDER = "note-templates"
"""The folder of the user's own templates, in the library; one Markdown file each."""
_LARGEST_TEMPLATE = 100_000


@dataclass(frozen=True, slots=True)
class SavedNote:
    """A note as it was saved: the next save replaces ``note.revision``."""

    note: Note
    change: Change


@dataclass(frozen=True, slots=True)
class NoteTemplate:
    """A text to begin notes with; see :mod:`reader.domain.note_templates` for the fields it may name."""

    name: str
    text: str


class Notes(StoredNotes):
    """All that can be done with notes, but for the links between them."""

    def __init__(self, store: LibraryStore, searcher: Searcher) -> None:
        super().__init__(store)
        self._searcher = searcher

    def search(self, query: str = "", *, cancelled: Cancelled = never) -> AnnotationIds:
        """The papers whose notes a query means, the note changed last first."""
        return found_notes(self._store, self._searcher, query, cancelled)

    @changing
    def save(self, paper_id: int, text: str, *, revision: int | None, visit: str | None = None) -> SavedNote:
        """Save a note in place of the ``revision`` it was made from; saves of one ``visit`` are one undoable step.

        An empty text removes the note. Revision None stands for whatever is there. Raises
        :class:`~reader.domain.annotations.NoteConflictError` if a newer text is: that one stays, this one is kept as a
        revision, and saving in place of the newer one decides. :class:`NotFoundError` if the paper is gone.
        """
        change = self.set(paper_id, text, revision, visit=visit)
        note = self.of(paper_id)
        saved = text if text.strip() else ""
        if note.text != saved:
            # Another process has saved since: in place of a revision there is not, the next save will meet its text.
            note = Note(paper_id, saved, -1)
        return SavedNote(note, change)

    @changing
    def append(self, paper_id: int, text: str) -> Change:
        """Add a paragraph to the end of a note, whoever else is writing it."""
        if not text.strip():
            return Change()
        with self._store.step(kind="note") as taken:
            before = self.of(paper_id)
            joined = f"{before.text.rstrip()}\n\n{text}" if before.text.strip() else text
            taken.title = self.set(paper_id, joined, before.revision).title
        return taken.change

    # Earlier texts

    @changing
    def restore(self, paper_id: int, revision: int, *, instead_of: int) -> SavedNote:
        """Make a kept text the note again, in place of the revision ``instead_of``; raises as :meth:`save`."""
        for kept in self.revisions(paper_id):
            if kept.revision == revision:
                return self.save(paper_id, kept.text, revision=instead_of)
        raise NotFoundError("This text of the note is no longer kept.")

    # What was typed and not saved

    @property
    def _folder(self) -> Path:
        """The library's folder."""
        return self._store.path.parent

    @cached_property
    def drafts(self) -> NoteDrafts:
        """Texts that are typed and not in the library yet."""
        return NoteDrafts(self._folder)

    def unsaved(self) -> list[UnsavedNote]:
        """The drafts that a crash or a failing disk left behind, the last written first.

        One that is the paper's note is dropped: it was saved at the last moment.
        """
        found = []
        for draft in self.drafts.all():
            paper_id = self._store.papers.id_of_key(draft.key)
            if paper_id is not None and self.of(paper_id).text == draft.text:
                self.drafts.discard(draft.key)
                continue
            titles = self._store.papers.titles([] if paper_id is None else [paper_id])
            found.append(UnsavedNote(draft, next(iter(titles.values()), None)))
        return found

    # Beginning a note, and pasting into it

    def templates(self) -> list[NoteTemplate]:
        """The templates by name: Lectern's own, and the user's in the library's ``note-templates`` folder.

        One of the user's stands in for one of Lectern's of the same name. Raises :class:`ReaderError` for a file that
        is no text.
        """
        files: dict[str, Path] = {}
        for folder in (resource_path(TEMPLATE_FOLDER), self._folder / TEMPLATE_FOLDER):
            files |= {path.stem: path for path in folder.glob("*.md") if path.is_file()}
        return [NoteTemplate(name, _read_template(files[name])) for name in sorted(files, key=str.casefold)]

    def filled_template(self, template: NoteTemplate, paper_id: int) -> str:
        """A template with a paper's fields in it."""
        for paper in self._store.papers.read((paper_id,)):
            return fill_template(template.text, paper, self._store.today())
        raise NotFoundError("This paper is no longer in the library.")

    def quoted(self, text: str, paper_id: int) -> str:
        """A text copied out of a paper's PDF as a Markdown block quote, its lines and broken words joined."""
        known = next((f"{paper.title}\n{paper.abstract}" for paper in self._store.papers.read((paper_id,))), "")
        return quote_block(text, known)


def joined_texts(one: str, other: str) -> str:
    """Both texts of a conflict, a rule between them, to choose from in the editor."""
    return f"{one.rstrip()}\n\n---\n\n{other.lstrip()}"


def _read_template(path: Path) -> str:
    """A template's text; :class:`ReaderError` for a file that cannot be one."""
    try:
        if path.stat().st_size > _LARGEST_TEMPLATE:
            raise ReaderError(f"The note template {path} is too large; make it shorter.")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise ReaderError(f"The note template {path} cannot be read; it has to be a text in UTF-8.") from error
