"""Taking another library's papers and annotations into this one, as one undoable step that replaces nothing."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from reader.domain.changes import Change
from reader.domain.selection import ALL_PAPERS
from reader.domain.transfer import TransferReport
from reader.storage.store import LibraryStore


def merge_library(store: LibraryStore, database: Path, title: str) -> tuple[TransferReport, Change]:
    """Take over all that another library's database holds; what it did, and what that touched.

    The database is brought up to date where it lies, so it should be a copy. Raises
    :class:`~reader.domain.errors.LibraryError`, nothing changed, for what is no library.
    """
    with LibraryStore(database) as other, store.operation(title, "merge") as operation:
        items = chain(other.transfers.items(), other.transfers.papers(other.paper_ids(ALL_PAPERS)))
        report = store.transfers.take_over(items, operation)
    return report, operation.change
