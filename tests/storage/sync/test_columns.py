"""Every column of every journalled table travels, or is known to follow from what does."""

from __future__ import annotations

from reader.domain.papers import PaperState
from reader.storage.schema import JOURNALLED
from reader.storage.store import LibraryStore
from reader.storage.sync import registry
from tests.storage.support import fill, query

CELLS = {
    "states": {"state", "changed", "bulk", "starred", "starred_changed", "buried_until"},
    "seen": {"seen_at", "imported"},
    "tags": {"name", "color", "description", "favorite", "created"},
    "paper_tags": {"paper_id", "tag_id", "created"},
    "notes": {"text", "created", "changed"},
    "highlight_labels": {"name", "color", "position"},
    "highlights": {
        *("paper_id", "target", "start", "end", "exact", "prefix", "suffix", "label_id", "comment", "created"),
        *("document_id", "page", "page_label", "quads", "kind", "origin", "position"),
    },
    "paper_documents": {"paper_id", "document_id", "attached"},
    "saved_searches": {"name", "query", "sort", "position", "number"},
    "mute_rules": {"name", "query", "enabled"},
    "subscriptions": {"name", "kind", "argument", "every", "created"},
}
"""The columns that are in cells, or in the uids of entities."""
DERIVED = {
    "queue": {"position": "the rank of the paper"},
    "tags": {"fold": "the name"},
    "highlight_labels": {"fold": "the name"},
    "subscriptions": {"fold": "the name"},
    "notes": {"revision": "the texts kept on this device"},
    "highlights": {
        "approximate": "the text on this device",
        "changed": "the time when label or comment were said",
    },
}
"""Columns that follow from something else."""
KEYS = {"id", "paper_id"}


def test_each_column_of_annotations_is_a_cell_or_derived(store: LibraryStore) -> None:
    for table in {*CELLS, *DERIVED}:
        columns = {row[1] for row in query(store, f"PRAGMA table_info({table})")}
        known = CELLS.get(table, set()) | DERIVED.get(table, {}).keys()
        assert columns - known - KEYS == set(), f"{table}: put the column into a cell, and raise registry.FIELDS"
        assert known <= columns, f"{table} has fewer columns"


def test_each_journalled_table_is_synchronised_or_said_not_to_be() -> None:
    synchronised = {table for family in registry.FAMILIES for table in family.tables}
    assert not synchronised & registry.NOT_SYNCED.keys()
    known = synchronised | registry.NOT_SYNCED.keys()
    missing = {table.name for table in JOURNALLED} - known
    assert missing <= _CONTENT, "a table of annotations has no family"


_CONTENT = {table.name for table in JOURNALLED if table.content} | {"paper_aliases"}


def test_a_mark_belongs_to_one_family() -> None:
    marks = [(mark[0], family) for family in registry.FAMILIES for watch in family.watches() for mark in watch.marks]
    assert all(family is registry.family_of_mark()[name] for name, family in marks)
    names = [watch.name for family in registry.FAMILIES for watch in family.watches()]
    assert len(names) == len(set(names))


def test_all_that_is_marked_at_the_beginning_becomes_writes(store: LibraryStore) -> None:
    """The engine asks for the marks that triggers name; of other names they would stay for ever."""
    ids = fill(store, 3)
    store.tags.add(ids, ["a"])
    store.notes.set(ids[0], "A note.")
    store.states.set(ids[:2], PaperState.QUEUED)
    store.highlights.add_span(ids[0], "abstract", 0, 5)
    store.searches.add("Found", "rivers")
    store.sync.begin("lab", "a-1", "a", "memory", "")
    marked = {row[0] for row in store.rows("SELECT DISTINCT field FROM sync_dirty")}
    assert {"content", "listing", "tag", "tagged", "note", "state", "queue", "quote", "search"} <= marked
    assert store.sync.flush() > len(marked)
    assert store.rows("SELECT * FROM sync_dirty") == []
