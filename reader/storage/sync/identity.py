"""Which device this library is: beginning as one, taking a new name, and ending."""

from __future__ import annotations

import sqlite3

from reader.domain.errors import ReaderError
from reader.domain.sync import Device, KnownDevice
from reader.storage.journal.triggers import install_triggers
from reader.storage.sync import registry
from reader.storage.sync.capture import mark_everything
from reader.storage.sync.contexts import Contexts
from reader.storage.writer import Writer

_ME = """
SELECT library, device, sync_me.name, target, number, published, fingerprint
FROM sync_me JOIN sync_devices ON sync_devices.id = device_id
"""
_OTHERS = """
SELECT device, name, applied, coalesce(heard, '') FROM sync_devices
WHERE id <> (SELECT device_id FROM sync_me) AND applied > 0 ORDER BY name, device
"""
_TABLES = (
    *("sync_me", "sync_devices", "sync_contexts", "sync_entities", "sync_heads", "sync_several", "sync_packs"),
    *("sync_unpublished", "sync_files", "sync_dirty", "sync_saved", "sync_awaited"),
)


def me(connection: sqlite3.Connection) -> Device | None:
    """This library's name among the others; None if it is not synchronised."""
    row = connection.execute(_ME).fetchone()
    return Device(*row) if row else None


def others(connection: sqlite3.Connection) -> list[KnownDevice]:
    """The devices of which writes were applied."""
    return [KnownDevice(*row) for row in connection.execute(_OTHERS).fetchall()]


def begin(writer: Writer, me: Device, *, from_tables: bool) -> None:
    """Begin as a new device; see :meth:`reader.storage.sync.stored.StoredSync.begin`."""
    if writer.execute("SELECT 1 FROM sync_me").fetchone():
        raise ReaderError("This library is synchronised already; leave its target first.")
    number = writer.insert("sync_devices", {"device": me.device, "name": me.name})
    row = {
        **{"id": 1, "library": me.library, "device_id": number, "name": me.name, "target": me.target},
        **{"fingerprint": me.fingerprint, "fields": registry.FIELDS},
    }
    writer.insert("sync_me", row)
    install_triggers(writer.db)
    if from_tables:
        mark_everything(writer)


def end(writer: Writer) -> None:
    """Forget that the library was synchronised."""
    for table in _TABLES:
        writer.execute(f"DELETE FROM {table}")
    install_triggers(writer.db)


def disown_device(connection: sqlite3.Connection) -> None:
    """Have a copy of a library take a new name before it says anything; older libraries have no name at all.

    What others said and what was said here stays, and so do the marks of what was not said yet.
    """
    if "sync_me" in _tables_of(connection):
        connection.execute("UPDATE sync_me SET fingerprint = ''")


def forget_devices(connection: sqlite3.Connection) -> None:
    """Empty the tables of sync in a copy that is given to others."""
    for table in _tables_of(connection):
        connection.execute(f"DELETE FROM {table}")


def _tables_of(connection: sqlite3.Connection) -> list[str]:
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    return [table for table in _TABLES if table in present]


def become(writer: Writer, device: str, *, restamp_from: int, fingerprint: str) -> None:
    """Take a new name; see :meth:`reader.storage.sync.stored.StoredSync.become`."""
    contexts = Contexts(writer)
    old, name = contexts.me, writer.execute("SELECT name FROM sync_me").fetchone()[0]
    new = writer.insert("sync_devices", {"device": device, "name": name})
    sql = "SELECT entity, field, number, context FROM sync_heads WHERE device = ? AND number >= ? ORDER BY number"
    again = writer.execute(sql, (old.device_id, restamp_from)).fetchall()
    rows = []
    for number, (entity, field, was, context) in enumerate(again, start=1):
        known = dict(contexts.context(context))
        # All before was said here, so it was seen, whatever an earlier context says. From there on others may have said
        # something else in these numbers under the old name, which was never seen here.
        known.pop(old.device, None)
        if restamp_from > 1:
            known[old.device] = restamp_from - 1
        rows.append((new, number, contexts.number(known), entity, field, old.device_id, was))
    writer.executemany(
        "UPDATE sync_heads SET device = ?, number = ?, context = ? "
        "WHERE entity = ? AND field = ? AND device = ? AND number = ?",
        rows,
    )
    writer.execute("DELETE FROM sync_unpublished")
    writer.executemany(
        "INSERT INTO sync_unpublished (number, entity, field) VALUES (?, ?, ?)",
        [(number, entity, field) for _, number, _, entity, field, _, _ in rows],
    )
    sql = "UPDATE sync_devices SET applied = ?, heard = ? WHERE id = ?"
    writer.execute(sql, (min(restamp_from - 1, old.number), writer.now, old.device_id))
    sql = "UPDATE sync_me SET device_id = ?, number = ?, published = 0, fingerprint = ?"
    writer.execute(sql, (new, len(rows), fingerprint))
