"""The addresses of pages in documents, as the setting ``export.page_links`` wants them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from reader.domain.documents import DocumentPlace
from reader.domain.papers import Paper
from reader.domain.settings import PageLinks
from reader.formats.export.page_links import PageAddress, arxiv_page, file_page
from reader.services.documents.copies import DocumentCopies
from reader.storage.documents import StoredDocuments


class DocumentPages:
    """Where links to pages lead; the files of documents are read once, when the setting first needs them.

    Whether a file is there does not matter: a disk that is not plugged in must not change notes.
    """

    def __init__(self, documents: StoredDocuments, copies: DocumentCopies, setting: PageLinks) -> None:
        self.setting = setting
        self._documents, self._copies = documents, copies

    def addresses(self, root: Path, path: str) -> PageAddress:
        """The addresses of pages for a text at ``path`` in the folder ``root``; an empty path has no relative ones."""
        if self.setting is PageLinks.ARXIV:
            return arxiv_page

        def address(paper: Paper, place: DocumentPlace) -> str:
            file = self._files.get(paper.id, {}).get(place.document)
            return file_page(file, place, root, path) if file is not None else ""

        return address

    def digest(self, paper_id: int, path: str) -> str:
        """A hash of what decides the addresses in the note of a paper at ``path``; empty if no file does."""
        files = {} if self.setting is PageLinks.ARXIV else self._files.get(paper_id, {})
        return hashlib.sha256(repr((path, sorted(files.items()))).encode()).hexdigest()[:16] if files else ""

    @cached_property
    def _files(self) -> Mapping[int, Mapping[str, Path]]:
        """The files to link to, by paper and by the document's SHA-256."""
        found: dict[int, dict[str, Path]] = {}
        for paper_id, sha256, own, is_stored in self._documents.highlighted():
            if self.setting is PageLinks.COPY:
                file = self._copies.path(sha256) if is_stored else None
            else:
                file = Path(own) if own else None
            if file is not None:
                found.setdefault(paper_id, {})[sha256] = Path(os.path.realpath(file))
        return found
