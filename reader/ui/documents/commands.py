"""The commands on the PDF files of papers: opening one in its user's own reader, attaching and detaching them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reader.domain.documents import Document, DocumentPlace
from reader.domain.papers import Highlight, Paper
from reader.domain.pdf_readers import command_line, known_command
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.process.pdf_reader import check_pdf
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import ignore
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.highlights.focused import find_highlight
from reader.ui.look.wording import counted, document_name, told
from reader.ui.paper_actions.open_in_browser import PaperOpening

if TYPE_CHECKING:
    from reader.ui.documents.attaching import DocumentAttaching
    from reader.ui.highlights.commands import HighlightCommands
    from reader.ui.maintenance.long_work import LongWork

_NAME_LIMIT = 80


_Opening = tuple[Document, Path, int, list[str] | None]
"""A document to open, its file, the page (from 0) and the command line; None leaves it to the system."""


class DocumentCommands(Part):
    """Opens a paper's PDF (the file that is attached, else its page in the browser), attaches and detaches files.

    What attaches them is loaded when it is first needed: most launches attach none.
    """

    def __init__(
        self,
        context: Context,
        opening: PaperOpening,
        highlights: Callable[[], HighlightCommands],
        work: Callable[[], LongWork],
    ) -> None:
        """``opening`` opens what has no file, ``work`` shows that files are being read."""
        super().__init__(context)
        self._opening, self._highlights, self._work = opening, highlights, work
        self._opener, self._default_reader = context.environment.opener, context.environment.default_reader
        self._chooser = context.environment.chooser
        self._attaching: DocumentAttaching | None = None
        self._panes.detail.page_chosen.connect(self._open_page)
        self._panes.detail.document_chosen.connect(self._open_document)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"paper.pdf": self.open, "document.attach": self.choose, "document.detach": self.detach}

    # Opening

    def open(self) -> None:
        """Open the PDF of the paper shown, at the highlight where the user is if that is in it."""
        paper = self._opening.paper()
        if paper is not None:
            self._open(paper, place=_place(self._highlights().current()))

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
        document, file, page, words = found
        name = shown_line(file.name, _NAME_LIMIT)
        if words is None:
            said, is_open = f"Opened {name}", self._opener.open_file(file)
            why = "the system has no program for it"
        else:
            said, is_open = f"Opened {name} at page {page + 1:,}", self._opener.start(words)
            why = f"“{shown_line(words[0], _NAME_LIMIT)}” could not be started"
        if not is_open:
            self._workspace.failed.emit(f"{name} was not opened: {why}. Choose a program in the settings, PDF files.")
            return
        remember = partial(self._library.documents.set_place, document.id, page)
        self._workspace.tasks.write(remember, ignore)
        self._say(said)
        self._opening.begin_reading(paper, said)

    # Attaching

    def choose(self) -> None:
        """Choose PDF files for the paper shown."""
        paper = self._opening.paper()
        if paper is not None:
            folder = Path(self._context.state.import_folder or Path.home())
            self._attach(self._chooser.pdf_files(self._window, folder), paper.id)

    def take(self, files: Sequence[Path], paper_id: int | None = None) -> list[Path]:
        """Attach the PDF files among some that came from outside, to a paper if one is meant; the other files."""
        found = [file for file in files if file.suffix.casefold() == ".pdf" and file.is_file()]
        self._attach(found, paper_id)
        return [file for file in files if file not in found]

    def _attach(self, files: Sequence[Path], paper_id: int | None) -> None:
        if not files:
            return
        if self._attaching is None:
            from reader.ui.documents.attaching import DocumentAttaching  # only here: most launches attach nothing

            self._attaching = DocumentAttaching(self._context, self._work(), self._highlights().labels)
        self._attaching.attach(files, paper_id)

    # Detaching

    def detach(self) -> None:
        """Take the PDF off the paper shown; which, is asked where it has several."""
        paper = self._opening.paper()
        if paper is None:
            return
        if not paper.documents:
            self._say("No PDF is attached to this paper; {document.attach} attaches one")
        elif len(paper.documents) == 1:
            self._detach(paper.id, paper.documents[0])
        else:
            self._ask_which("Detach which PDF?", [self._choice(paper.id, each) for each in paper.documents])

    def _choice(self, paper_id: int, document: Document) -> PaletteItem:
        pages = counted(document.page_count, "page")
        return PaletteItem(document_name(document), pages, partial(self._detach, paper_id, document))

    def _detach(self, paper_id: int, document: Document) -> None:
        self._workspace.perform(partial(self._library.documents.detach, paper_id, document.id), said=told)


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
    return document, file, page, words
