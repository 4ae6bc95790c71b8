"""Documents: PDF files attached to papers, whose annotations become highlights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reader.domain.annotations import PaperTitle
from reader.domain.changes import Change
from reader.domain.document_matching import Certainty, document_names, match_document
from reader.domain.documents import AttachReport, Document, ReadDocument
from reader.services.documents.copies import DocumentCopies
from reader.storage.documents import StoredDocuments
from reader.storage.store import LibraryStore
from reader.storage.subject import changing


@dataclass(frozen=True, slots=True)
class PaperMatch:
    """A paper that a file may be; ``is_sure`` if the file itself says that it is this one, by identifier or title."""

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
        found = self.readable(paper_id)
        return found[1] if found is not None else None

    def readable(self, paper_id: int, sha256: str = "") -> tuple[Document, Path] | None:
        """The document of a paper that can be read here, with its file: the one wished for, else the last attached.

        None as for :meth:`local_file`.
        """
        documents = sorted(self.of(paper_id), key=lambda document: document.sha256 != sha256)
        return next(((document, file) for document in documents for file in self._files(document)), None)

    def match(self, read: ReadDocument, file_name: str = "") -> list[PaperMatch]:
        """The papers of the library that a file may be, the likeliest first; its name may tell an arXiv id."""
        names = document_names(read, file_name)
        candidates = self.candidates(names)
        match = match_document(names, (candidate for _, candidate in candidates.values()))
        is_sure = match.certainty is Certainty.SURE
        return [
            PaperMatch(candidates[paper_id][0], is_sure and place == 0)
            for place, paper_id in enumerate(match.paper_ids)
        ]

    def _files(self, document: Document) -> list[Path]:
        """The files of a document that are here; one of another size was replaced by something else since.

        A copy counts wherever there is one: what was salvaged or merged does not know of it.
        """
        own = [Path(document.path)] if document.path is not None else []
        files = (*own, self._copies.path(document.sha256))
        return [path for path in files if path.is_file() and path.stat().st_size == document.size]
