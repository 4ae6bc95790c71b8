"""Write the fixture of the present schema: a small library with every kind of thing in it, as SQL.

Run once when a schema is released and commit what it writes; it is never written again for that schema:

    python -m tests.storage.make_schema_fixture 1 tests/storage/fixtures/schema_0001.sql
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from reader.domain.dates import PartialDate
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.records import LineRange, Problem
from reader.storage.migrations import STEPS
from reader.storage.store import LibraryStore
from reader.storage.writer import Clock
from tests.storage.support import add, fill, header, listing_ids, paper, titled


def passing_clock() -> Clock:
    """A clock that ticks a second at every tenth look, as papers are imported and marked within one second."""
    start, looks = datetime(2026, 3, 1, 12, tzinfo=UTC), count()
    return lambda: start + timedelta(seconds=next(looks) // 10)


def fill_library(store: LibraryStore) -> None:
    """Make a library in which every table has rows, with steps done and undone."""
    problem = (Problem(LineRange(9, 9), "stray line", "what is this?"),)
    add(store, "page", paper("First"), paper("Second", published=PartialDate(None, 12, 5), year=2025), problems=problem)
    add(store, "source", paper("Third", arxiv_id="2501.00003"), paper("Fourth"), rank=SOURCE_RANK, day="2025-02-01")
    add(store, "renamed", paper("Third, Renamed", arxiv_id="2501.00003"), rank=SOURCE_RANK, day="2025-03-01")
    store.states.set([1, 3], PaperState.QUEUED)
    store.states.set([2], PaperState.READING)
    store.states.set_starred([3], True)
    store.states.set_seen([4])
    store.states.bury_until([4], datetime(2030, 1, 1, tzinfo=UTC))
    store.tags.add([1, 2], ["method/diffusion", "to-try"])
    store.tags.set_favorite("to-try", 1)
    store.notes.set(1, "A *note* with ünïcode.")
    store.notes.set(1, "A longer *note* with ünïcode.")
    store.highlights.add_span(1, "abstract", 0, 8, label="Result", comment="sure?")
    store.highlights.update(1, comment="sure.")
    gone, _ = store.highlights.add_span(1, "title", 0, 5)
    store.highlights.delete(gone)
    store.searches.add("Mine", "tag:to-try", number=1)
    store.mutes.add("Noise", "noise")
    store.mutes.set_papers([4])
    store.papers.merge(2, 4)
    look_through_backlog(store)
    store.states.set_starred([1], True)
    store.history.undo()


def look_through_backlog(store: LibraryStore) -> None:
    """Import two papers as seen, and others that are looked at afterwards, decided or marked unseen again."""
    operation = store.begin_operation(titled("import backlog"), "import")
    known = (paper("Known for Long"), paper("Known as Well"))
    stored = store.listings.add(header("backlog"), known, operation, before_commit=lambda: see_newest(store))
    assert stored.new == len(known)
    looked_at = fill(store, 5, "week")
    store.states.set_seen(looked_at[:1], automatic=True)
    store.states.set_seen(looked_at[1:3])
    store.states.set(looked_at[2:3], PaperState.DONE)
    store.states.set_seen(looked_at[3:4])
    store.states.set_seen(looked_at[3:4], False)


def see_newest(store: LibraryStore) -> None:
    """Mark the newest listing's papers as seen, within its import, as importing as already seen does."""
    store.states.set_seen(listing_ids(store, max(listing.id for listing in store.listings.all())))


def main(steps: int, target: Path) -> None:
    """Write the fixture of the schema after so many steps."""
    del STEPS._migrations[steps:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with LibraryStore(path, clock=passing_clock()) as store:
            fill_library(store)
        with closing(sqlite3.connect(path)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            lines = [f"PRAGMA application_id={application};", *connection.iterdump()]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
