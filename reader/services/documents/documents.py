"""Documents: PDF files attached to papers, whose annotations become highlights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reader.domain.annotations import PaperTitle
from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.changes import Change
from reader.domain.documents import AttachReport, Document, ReadDocument
from reader.domain.doi import fold_doi, normalize_doi
from reader.domain.folding import fold_title
from reader.services.documents.copies import DocumentCopies
from reader.storage.documents import StoredDocuments
from reader.storage.store import LibraryStore
from reader.storage.subject import changing

_TITLE_LINES = 40
"""The lines of the first page among which its title is looked for."""
_LONGEST_TITLE = 5
"""The lines that a title has at most."""


@dataclass(frozen=True, slots=True)
class PaperMatch:
    """A paper that a file may be; ``is_sure`` if the file names it by an identifier that only it has."""

    paper: PaperTitle
    is_sure: bool


class Documents(StoredDocuments):
    """All that can be done with documents. A change is one undoable step; files of the user are only read."""

    def __init__(self, store: LibraryStore, copies: DocumentCopies) -> None:
        super().__init__(store)
        self._copies = copies

    @changing
    def attach(
        self, paper_id: int, read: ReadDocument, path: Path, *, labels: Mapping[str, str], keep_copy: bool
    ) -> tuple[AttachReport, Change]:
        """Attach a PDF to a paper; its annotations that are new become highlights. One step, and nothing if repeated.

        ``labels`` are names of labels by colour (``#rrggbb``), which are remembered; other colours get the label that
        is remembered for them, else the one whose colour is nearest. With ``keep_copy`` the library keeps the file.
        What was changed or deleted here since an earlier attaching stays as it is.

        Raises :class:`~reader.domain.errors.ReaderError` if the file cannot be copied, or there is no such label.
        """
        if keep_copy:
            self._copies.keep(path, read.sha256)
        return self.add(paper_id, read, str(path.absolute()), labels=labels, is_stored=keep_copy)

    def local_file(self, paper_id: int) -> Path | None:
        """The file in which a paper can be read here: of the document attached last, the user's own or else the copy.

        None if the paper has no document, or none of which a file is here.
        """
        files = (file for document in self.of(paper_id) for file in self._files(document))
        return next(files, None)

    def match(self, read: ReadDocument) -> list[PaperMatch]:
        """The papers of the library that a file may be, the surest first."""
        words = [word.strip("()[],;") for word in read.first_page.split()]
        arxiv_ids = {found for word in words if (found := normalize_arxiv_id(word))}
        dois = {fold_doi(found) for word in words if (found := normalize_doi(word))}
        named = self.papers_named(sorted(arxiv_ids), sorted(dois))
        titled = [paper for paper in self.papers_titled(_title_folds(read)) if paper not in named]
        return [*(PaperMatch(paper, len(named) == 1) for paper in named), *(PaperMatch(each, False) for each in titled)]

    def _files(self, document: Document) -> list[Path]:
        """The files of a document that are here; one of another size was replaced by something else since."""
        own = [Path(document.path)] if document.path is not None else []
        stored = [self._copies.path(document.sha256)] if document.is_stored else []
        return [path for path in (*own, *stored) if path.is_file() and path.stat().st_size == document.size]


def _title_folds(read: ReadDocument) -> list[str]:
    """What may be the title, folded: that of the metadata, and neighbouring lines of the first page."""
    lines = [line for line in read.first_page.splitlines() if line.strip()][:_TITLE_LINES]
    texts = [
        " ".join(lines[first : first + count])
        for first in range(len(lines))
        for count in range(1, _LONGEST_TITLE + 1)
        if first + count <= len(lines)
    ]
    return sorted({fold for text in (read.title, *texts) if len(fold := fold_title(text)) > 1})
