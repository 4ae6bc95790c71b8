"""What a library exported itself, when it comes back as an import: it tells the library nothing that it does not know.

An export shows a paper as its reader saw it: titles with LaTeX as Unicode, tags as keywords. Taken for a listing, it
would replace what real listings said.
"""

from __future__ import annotations

from dataclasses import replace

from reader.domain.preparation import PreparedRecord
from reader.services.imports.parser import PreparedFile
from reader.storage.store import LibraryStore


class OwnExports:
    """Tells a library's own exports, for the time of one import; looks them up when first asked."""

    def __init__(self, store: LibraryStore) -> None:
        self._store = store
        self._digests: frozenset[str] | None = None
        self._cited: dict[str, str] = {}

    def has(self, sha256: str) -> bool:
        """Whether a file is as this library wrote it."""
        if self._digests is None:
            self._digests = self._store.exports.digests()
            self._cited = {cited: key for key, cited in self._store.exports.citation_keys().items()}
        return sha256 in self._digests

    def without_own(self, prepared: PreparedFile, sha256: str) -> PreparedFile:
        """A file without the papers that are exports of this library's; all its records where it is none of them."""
        unchanged = self.has(sha256)
        if not unchanged and not prepared.header.is_export:
            return prepared
        records = list(prepared.records)
        strange = [each for each in records if not self._is_own(each, unchanged)]
        return replace(prepared, records=iter(strange), record_count=len(strange), own=len(records) - len(strange))

    def _is_own(self, prepared: PreparedRecord, unchanged: bool) -> bool:
        """Whether a record is an export of a paper that is still here; one without any key is, in an unchanged file."""
        key = prepared.record.key
        if key is None and unchanged:
            cited = prepared.record.publication.cite_key_given
            key = self._cited.get(cited) if cited is not None else None
            if key is None:
                return True
        return key is not None and self._store.papers.id_of_key(key) is not None
