"""Saved searches."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from reader.domain.annotations import SavedSearch
from reader.domain.errors import ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage import counts
from reader.storage.named_rows import checked_name, delete_named, require_row
from reader.storage.subject import Subject, making_step, step
from reader.storage.writer import Writer


class StoredSearches(Subject):
    """Saved searches in a library."""

    def all(self) -> list[SavedSearch]:
        """The saved searches in their order."""
        return self._read(read_saved_searches)

    @making_step
    def add(self, name: str, query: str, sort: str = "", number: int | None = None) -> tuple[int, StepTitle]:
        """Save a search under a name, at the end of the list; its id.

        A ``number`` from 1 to 9 is taken from the search that has it.
        """
        name = checked_name(name)
        _free_number(self._writer, number)
        cursor = self._writer.execute(
            "INSERT INTO saved_searches (name, query, sort, number, position) "
            "SELECT ?, ?, ?, ?, coalesce(max(position), 0) + 1 FROM saved_searches",
            (name, query, sort, number),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid, StepKind.SEARCH_SAVED(name=name)

    @step
    def update(self, search: SavedSearch) -> StepTitle:
        """Change the given values of a saved search; its number is taken from any other search that has it."""
        name = checked_name(search.name)
        require_row(self._writer, "saved_searches", search.id)
        _free_number(self._writer, search.number, search.id)
        self._writer.execute(
            "UPDATE saved_searches SET name = ?, query = ?, sort = ?, number = ? WHERE id = ?",
            (name, search.query, search.sort, search.number, search.id),
        )
        return StepKind.SEARCH_CHANGED(name=name)

    @step
    def order(self, search_ids: Iterable[int]) -> StepTitle:
        """Set the order of the saved searches."""
        self._writer.executemany(
            "UPDATE saved_searches SET position = ? WHERE id = ? AND position <> ?",
            [(position, search_id, position) for position, search_id in enumerate(search_ids, start=1)],
        )
        return StepKind.SEARCHES_ORDERED()

    @step
    def delete(self, search_id: int) -> StepTitle:
        """Delete a saved search."""
        return StepKind.SEARCH_DELETED(name=delete_named(self._writer, "saved_searches", search_id))

    def organization_names(self, limit: int = 500) -> list[str]:
        """The organisations with the most papers, in that order, to complete ``org:``."""
        return self._read(counts.organization_names, limit)


def read_saved_searches(connection: sqlite3.Connection) -> list[SavedSearch]:
    """The saved searches in their order."""
    rows = connection.execute("SELECT id, name, query, sort, number FROM saved_searches ORDER BY position, id")
    return [SavedSearch(*row) for row in rows]


def _free_number(writer: Writer, number: int | None, search_id: int = 0) -> None:
    """Take a number from the search that has it."""
    if number is None:
        return
    if not 1 <= number <= 9:
        raise ReaderError("A saved search has a number from 1 to 9, or none.")
    writer.execute("UPDATE saved_searches SET number = NULL WHERE number = ? AND id <> ?", (number, search_id))
