"""What tests of papers and listings compare: whole libraries, with papers and listings by what identifies them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reader.domain.preparation import PreparedRecord
from reader.domain.subscriptions import PageName
from reader.storage.content import COLUMNS
from reader.storage.sync import listing_values
from reader.storage.sync.work import Work
from tests.storage.support import add, check_derived, header, titled
from tests.storage.sync.support import Replica, check_shown

_ASIDE = ("id", "key", "first_listing_id")
_LISTING = "(SELECT coalesce(page_kind || '/' || page_argument || '/' || page, sha256) FROM listings WHERE id = {of})"


def contents(replica: Replica) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that listings brought, with papers by the uid of the kept paper and listings by page or digest."""
    store = replica.store
    store.sync.flush()
    with store.unrecorded() as writer:
        work = Work(writer, 0)
        rows = store.rows("SELECT id, key FROM papers UNION ALL SELECT paper_id, key FROM paper_aliases")
        uids = work.uids_of("paper", {row[0] for row in rows})
        kept = {row: work.members_of(uid)[0] for row, uid in uids.items()}
    columns = ", ".join(column for column in COLUMNS if column not in _ASIDE)
    first = _LISTING.format(of="first_listing_id")
    found = {
        "papers": [(kept[paper], *row) for paper, *row in store.rows(f"SELECT id, {first}, {columns} FROM papers")],
        "keys": [(key, kept[paper]) for paper, key in rows],
        "listings": store.rows(f"SELECT {', '.join(listing_values.COLUMNS)} FROM listings"),
    }
    for table, columns in {
        "former_titles": "title_fold",
        "further_dois": "lower(doi)",
        "sightings": f"{_LISTING.format(of='listing_id')}, position, first_line, last_line, comments, upvotes, "
        "submitted_by, published_shown, since",
        "earlier_sightings": f"{_LISTING.format(of='listing_id')}, day, position, comments, upvotes",
        "states": "state, starred, buried_until",
        "notes": "text",
        "highlights": 'target, start, "end", exact, prefix, suffix, approximate, comment',
        "paper_tags": "(SELECT name FROM tags WHERE id = tag_id)",
        "queue": "position",
    }.items():
        found[table] = [(kept[paper], *row) for paper, *row in store.rows(f"SELECT paper_id, {columns} FROM {table}")]
    for table, columns in {
        "listing_problems": "first_line, last_line, reason, text",
        "listing_fetches": "sha256, fetched",
    }.items():
        found[table] = store.rows(f"SELECT {_LISTING.format(of='listing_id')}, {columns} FROM {table} ORDER BY id")
    return {table: sorted(rows, key=repr) for table, rows in found.items()}


def check_equal(*replicas: Replica, but: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """Check that libraries are equal, ``but`` for some tables, and whole; what the first contains."""
    first, *others = replicas
    expected = contents(first)
    for other in others:
        found = contents(other)
        for table, rows in expected.items():
            if table in but:
                continue
            only = [[row for row in one if row not in two] for one, two in ((rows, found[table]), (found[table], rows))]
            assert found[table] == rows, f"{table}: only {first.name} has {only[0]}, only {other.name} has {only[1]}"
    for each in replicas:
        check_whole(each)
    return expected


def check_whole(replica: Replica) -> None:
    """Check a library's foreign keys and derived tables, and that nothing waits to be said."""
    store = replica.store
    assert store.rows("PRAGMA foreign_key_check") == []
    assert store.rows("SELECT * FROM sync_dirty") == []
    assert store.rows("SELECT * FROM sync_saved") == []
    check_derived(store)
    before = contents(replica)
    check_shown(store)
    assert contents(replica) == before


def exchange(*replicas: Replica, backwards: bool = False, rounds: int = 3) -> None:
    """Let all take in what the others said, the last device first if ``backwards``."""
    for _ in range(rounds):
        for each in replicas:
            each.publish()
        for each in reversed(replicas) if backwards else replicas:
            others = [other for other in replicas if other is not each]
            each.take(*(reversed(others) if backwards else others))
            each.store.sync.take_packs({sha: rows for other in others for sha, rows in other.packs.items()}.get)


def page(replica: Replica, name: str, *records: PreparedRecord, sha256: str, problems: Sequence[Any] = ()) -> int:
    """Store what a page of a subscription shows; its listing's id."""
    store = replica.store
    operation = store.begin_operation(titled(f"fetch {name}"), "import")
    given = header(sha256, problems=tuple(problems))
    return store.listings.add(given, records, operation, page=PageName("daily", "", name)).listing_id


Make = Callable[..., Replica]
__all__ = ["Make", "Path", "add", "check_equal", "check_whole", "contents", "exchange", "page"]
