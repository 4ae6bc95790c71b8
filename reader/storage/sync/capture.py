"""Noticing what changes in the tables: triggers that mark it in ``sync_dirty``, in libraries that are synchronised.

They are among the expected triggers of a library only while ``sync_me`` has its row, so that others pay nothing. They
are quiet while the engine writes what other devices said.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from reader.storage.sync import registry
from reader.storage.sync.families import NOW, Watch
from reader.storage.writer import Writer

_IDLE = "(SELECT applying FROM sync_me) = 0"
_NEVER = 0
"""The time of marks of what was there before."""


def capture_triggers(db: Database) -> Iterator[tuple[str, str]]:
    """The SQL of every trigger, by name; none in a library that is not synchronised."""
    if not _is_synchronised(db):
        return
    for family in registry.FAMILIES:
        for watch in family.watches():
            yield f"sync_{watch.name}", _trigger(watch)


def mark_everything(writer: Writer) -> None:
    """Mark all that is in the tables as changed at a time before all others."""
    for family in registry.FAMILIES:
        for select in family.everything():
            sql = f"INSERT OR IGNORE INTO sync_dirty (field, a, b, time) SELECT *, {_NEVER} FROM ({select})"
            writer.execute(sql)


def _is_synchronised(db: Database) -> bool:
    """Whether this is set up; also asked of a schema that does not have the table yet."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sync_me'"
    return bool(db.execute(sql).fetchone() and db.execute("SELECT 1 FROM sync_me").fetchone())


def _trigger(watch: Watch) -> str:
    """One trigger's SQL. A mark that is there already gets the new time."""
    condition = f" AND ({watch.condition})" if watch.condition else ""
    marks = "".join(
        "INSERT OR REPLACE INTO sync_dirty (field, a, b, time) "
        f"VALUES ('{mark[0]}', {mark[1]}, {mark[2] if len(mark) > 2 else 0}, {NOW}); "
        for mark in watch.marks
    )
    further = f"{watch.statement.rstrip('; ')}; " if watch.statement else ""
    return f"CREATE TRIGGER sync_{watch.name} AFTER {watch.event} WHEN {_IDLE}{condition} BEGIN {marks}{further}END"
