"""Opening a paper's own PDF in the program that its user reads PDF files with, at the page where they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reader.domain.documents import Document, DocumentPlace
from reader.domain.papers import Highlight, Paper
from reader.domain.pdf_readers import command_line, known_command
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.process.pdf_reader import check_pdf
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import ignore
from reader.ui.commands.runner import Acts
from reader.ui.highlights.focused import find_highlight
from reader.ui.paper_actions.open_in_browser import PaperOpening

_NAME_LIMIT = 80


@dataclass(frozen=True, slots=True)
class _Opening:
    """A document to open, its file, the page (from 0) and the command line; none leaves it to the system."""

    document: Document
    file: Path
    page: int
    words: list[str] | None


class DocumentOpening(Part):
    """Opens a paper's PDF: the file that is attached to it, else its page in the browser."""

    def __init__(self, context: Context, opening: PaperOpening) -> None:
        """``opening`` opens what has no file."""
        super().__init__(context)
        self._opening = opening
        self._opener, self._default_reader = context.environment.opener, context.environment.default_reader
        self._panes.detail.page_chosen.connect(self._open_page)
        self._panes.detail.document_chosen.connect(self._open_document)
        self.current_highlight: Callable[[], Highlight | None] = lambda: None
        """The highlight where the user is."""

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"paper.pdf": self.open}

    def open(self) -> None:
        """Open the PDF of the paper shown, at the highlight where the user is if that is in it."""
        paper = self._opening.paper()
        if paper is not None:
            self._open(paper, place=_place(self.current_highlight()))

    def open_at(self, highlight: Highlight) -> None:
        """Open the PDF of the paper shown at a highlight in it."""
        paper = self._opening.paper()
        if paper is not None:
            self._open(paper, place=_place(highlight))

    def _open_page(self, highlight_id: int) -> None:
        paper = self._reader.paper
        if paper is not None:
            self._open(paper, place=_place(find_highlight(paper, highlight_id)))

    def _open_document(self, document_id: int) -> None:
        paper = self._reader.paper
        found = [each for each in paper.documents if each.id == document_id] if paper is not None else []
        if paper is not None and found:
            self._open(paper, document=found[0].sha256)

    def _open(self, paper: Paper, *, document: str = "", place: DocumentPlace | None = None) -> None:
        """Open a document (by SHA-256) where it was left, or a place in one; without either the paper's newest."""
        command = self._settings.settings.documents.open_with
        sha256 = place.document if place is not None else document
        page = place.page if place is not None else None
        find = partial(_find, self._library, paper.id, sha256, page, command, self._default_reader)
        self._workspace.tasks.read(find, partial(self._found, paper, page))

    def _found(self, paper: Paper, page: int | None, found: _Opening | None) -> None:
        if found is None:
            self._opening.open_pdf(paper, page)
            return
        name = shown_line(found.file.name, _NAME_LIMIT)
        if found.words is None:
            said, is_open = f"Opened {name}", self._opener.open_file(found.file)
            why = "the system has no program for it"
        else:
            said, is_open = f"Opened {name} at page {found.page + 1:,}", self._opener.start(found.words)
            why = f"“{shown_line(found.words[0], _NAME_LIMIT)}” could not be started"
        if not is_open:
            self._workspace.failed.emit(f"{name} was not opened: {why}. Choose a program in the settings, PDF files.")
            return
        remember = partial(self._library.documents.set_place, found.document.id, found.page)
        self._workspace.tasks.write(remember, ignore)
        self._say(said)
        self._opening.begin_reading(paper, said)


def _place(highlight: Highlight | None) -> DocumentPlace | None:
    return highlight.place if highlight is not None else None


def _find(
    library: Library, paper_id: int, sha256: str, page: int | None, command: str, default_reader: Callable[[], str]
) -> _Opening | None:
    """On a reader thread: what is to be opened; None without a file. Raises :class:`ReaderError` for what is no PDF."""
    found = library.documents.readable(paper_id, sha256)
    if found is None:
        return None
    document, file = found
    check_pdf(file)
    if page is None:
        page = library.documents.place(document.id) or 0
    page = min(page, max(document.page_count - 1, 0))
    command = command or known_command(default_reader()) or ""
    words = command_line(command, file, page + 1) if command else None
    return _Opening(document, file, page, words)
