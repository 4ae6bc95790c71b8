"""What is remembered of exports, as operations of the library: a command may read a library that a window writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from reader.domain.exports import ExportRecord
from reader.services.library.part import LibraryPart
from reader.storage.exports import ExportLog

if TYPE_CHECKING:
    from reader.services.library.library import Library

_CANDIDATES = 50


class ExportMemory(LibraryPart):
    """Remembering exports; no steps of the history, as undo does not unwrite files."""

    def remember_exports(self, entries: Sequence[tuple[ExportRecord, str]]) -> None:
        """Remember what was written into files, with the texts that were."""
        self._store.exports.save(entries)

    def forget_exports(self, target: str, paper_keys: Sequence[str]) -> None:
        """Forget that papers were exported to a target, so that they are new there again."""
        self._store.exports.forget(target, paper_keys)

    def assign_citation_keys(self, candidates: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Give papers citation keys for good, by paper key: of each one's candidates the first that is free."""
        return self._store.exports.give_citation_keys({key: iter(names) for key, names in candidates.items()})


class SharedExportLog(ExportLog):
    """What is known of exports, read here and written by whoever writes the library."""

    def __init__(self, log: ExportLog, library: Library) -> None:
        super().__init__(log._read, log._writing)
        self._library = library

    def save(self, records: Iterable[tuple[ExportRecord, str]]) -> None:
        """Have the library remember what was written, if anything was."""
        entries = list(records)
        if entries:
            self._library.remember_exports(entries)

    def forget(self, target: str, paper_keys: Sequence[str]) -> None:
        """Have the library forget papers' exports."""
        self._library.forget_exports(target, list(paper_keys))

    def give_citation_keys(self, candidates: Mapping[str, Iterator[str]]) -> dict[str, str]:
        """Have the library give citation keys."""
        return self._library.assign_citation_keys(
            {key: list(islice(names, _CANDIDATES)) for key, names in candidates.items()}
        )
