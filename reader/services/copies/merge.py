"""Merging another library into this one, as one undoable step that replaces nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import WorkCancelledError
from reader.domain.selection import ALL_PAPERS
from reader.domain.step_titles import StepTitle
from reader.domain.transfer import TransferItem, TransferReport
from reader.storage.store import LibraryStore


def merge_library(
    store: LibraryStore, database: Path, title: StepTitle, cancelled: Cancelled = never
) -> tuple[TransferReport, Change]:
    """Take over everything in another library's database; a report, and the change it made.

    The database is brought up to date where it lies, so it should be a copy. Raises
    :class:`~reader.domain.errors.LibraryError`, nothing changed, for what is no library, and likewise
    :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    operation = store.begin_operation(title, "merge")
    with LibraryStore(database) as other:
        items = chain(other.transfers.items(), other.transfers.papers(other.papers.ids(ALL_PAPERS)))
        report = store.transfers.take_over(_until(items, cancelled), operation)
    return report, operation.change


def _until(items: Iterable[TransferItem], cancelled: Cancelled) -> Iterator[TransferItem]:
    """The items; ends in WorkCancelledError once it is cancelled."""
    for item in items:
        if cancelled():
            raise WorkCancelledError
        yield item
