"""Libraries that synchronise with each other in memory, and what is compared of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reader.domain.sync import Json, Segment
from reader.storage.store import LibraryStore
from reader.storage.sync import registry
from tests.storage.support import TickingClock, add, paper, query, write

TABLES = {
    "states": "SELECT p.key, state, changed, bulk, starred, starred_changed, buried_until FROM states s "
    "JOIN papers p ON p.id = s.paper_id WHERE state <> 'inbox' OR changed IS NOT NULL OR bulk <> 0 OR starred <> 0 "
    "OR starred_changed IS NOT NULL OR buried_until IS NOT NULL",
    "seen": "SELECT p.key, seen_at, imported FROM seen JOIN papers p ON p.id = paper_id",
    "queue": "SELECT row_number() OVER (ORDER BY position, paper_id), p.key FROM queue "
    "JOIN papers p ON p.id = paper_id",
    "tags": "SELECT name, fold, color, description, favorite, created FROM tags",
    "paper_tags": "SELECT p.key, t.name, pt.created FROM paper_tags pt JOIN papers p ON p.id = pt.paper_id "
    "JOIN tags t ON t.id = pt.tag_id",
    "notes": "SELECT p.key, text, n.created, n.changed FROM notes n JOIN papers p ON p.id = n.paper_id",
    "highlight_labels": "SELECT name, fold, color, position FROM highlight_labels",
    "highlights": "SELECT p.key, target, exact, l.name, comment, h.created, d.sha256, page, page_label, quads, kind, "
    "h.origin, h.position FROM highlights h JOIN papers p ON p.id = h.paper_id "
    "JOIN highlight_labels l ON l.id = h.label_id LEFT JOIN documents d ON d.id = h.document_id",
    "paper_documents": "SELECT p.key, d.sha256, attached, size, page_count, text_sha256, annotations, d.origin, "
    "address FROM paper_documents pd JOIN papers p ON p.id = pd.paper_id JOIN documents d ON d.id = pd.document_id",
    "saved_searches": "SELECT name, query, sort, position, number FROM saved_searches",
    "mute_rules": "SELECT name, query, enabled FROM mute_rules",
    "subscriptions": "SELECT name, fold, kind, argument, every, created FROM subscriptions",
}
"""What has to be equal in libraries that know the same, by table."""


_NAMED = "INSERT OR IGNORE INTO sync_entities (kind, uid, local) SELECT 0, key || 'aaaa', id FROM papers"


class Devices:
    """Some libraries that have the same papers. Each is a :class:`LibraryStore`; they exchange segments directly."""

    def __init__(self, folder: Path, names: str = "ab", papers: int = 6) -> None:
        self.clock = TickingClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self.stores = {name: LibraryStore(folder / name / "library.db", clock=self.clock) for name in names}
        self.packs: dict[str, tuple[Json, ...]] = {}
        self.sent: dict[str, list[Segment]] = {name: [] for name in names}
        self.ids: dict[str, list[int]] = {}
        records = [paper(f"On subject {number}") for number in range(papers)]
        for place, (name, store) in enumerate(self.stores.items()):
            if place:  # so that no two have the same ids
                add(store, f"own {name}", *(paper(f"Only {name} has {number}") for number in range(place)))
            stored = add(store, "page", *records)
            sql = "SELECT paper_id FROM sightings WHERE listing_id = ? ORDER BY position"
            self.ids[name] = [row[0] for row in query(store, sql, stored.listing_id)]

    def __getitem__(self, name: str) -> LibraryStore:
        return self.stores[name]

    def close(self) -> None:
        for store in self.stores.values():
            store.close()

    def begin(self, names: Iterable[str] | None = None) -> None:
        """Begin to synchronise, saying all that is there."""
        for name in names or self.stores:
            self.stores[name].sync.begin("library", f"{name}-device", name.upper(), "", "")
            if not any("papers" in family.tables for family in registry.FAMILIES):
                write(self.stores[name], _NAMED)

    def say(self, name: str) -> None:
        """Turn a device's changes into segments."""
        store = self.stores[name]
        store.sync.flush()
        sent = self.sent[name]
        for portion in store.sync.outgoing(sent[-1].last if sent else 0):
            self.packs.update((pack.sha256, pack.rows) for pack in portion.packs)
            if portion.segment.writes:
                sent.append(portion.segment)

    def hear(self, name: str, *others: str) -> None:
        """Have a device take in what others said."""
        for other in others or [each for each in self.stores if each != name]:
            for segment in self.sent[other]:
                assert self.stores[name].sync.apply(segment, self.packs.get) is not None
        self.stores[name].sync.take_packs(self.packs.get)

    def exchange(self) -> None:
        """Have all say and hear everything, and nothing be left to say."""
        for name in self.stores:
            self.say(name)
        for name in self.stores:
            self.hear(name)
        for name, store in self.stores.items():
            written = store.sync.flush()
            assert not written, f"{name} says {written} things after hearing the others"

    def tables(self, name: str) -> dict[str, list[tuple[Any, ...]]]:
        """The tables of a device, in the same form on all."""
        return {table: sorted(query(self.stores[name], sql), key=repr) for table, sql in TABLES.items()}

    def check_equal(self) -> dict[str, list[tuple[Any, ...]]]:
        """All have the same, and a sound database; what they have."""
        first, *others = self.stores
        tables = self.tables(first)
        for other in others:
            assert self.tables(other) == tables, f"{other} and {first} differ"
        for store in self.stores.values():
            assert query(store, "PRAGMA foreign_key_check") == []
            assert query(store, "SELECT applying FROM sync_me") == [(0,)]
            queued = "SELECT paper_id FROM states WHERE state = 'queued' ORDER BY paper_id"
            assert query(store, "SELECT paper_id FROM queue ORDER BY paper_id") == query(store, queued)
        return tables
