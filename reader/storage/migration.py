"""Migration of a library's schema: refuse a newer one, back up, apply the steps, check.

A library of a newer Lectern is recognised by the names of its migrations before anything is written. Foreign keys are
off while steps run, which rebuilding a table requires, and are checked afterwards. The triggers are installed again,
because rebuilding a table drops them. A step that changes a journalled table must also rewrite the journal's images, or
end the history with ``DELETE FROM journal`` and ``DELETE FROM operations``.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from reader.domain.errors import LibraryDamagedError, LibraryError
from reader.storage.connection import APPLICATION_ID
from reader.storage.copies.backup import backup_database, free_backup_path
from reader.storage.journal.triggers import install_triggers

BACKUPS = "backups"


def check_schema(connection: sqlite3.Connection, path: Path, steps: Migrations) -> bool:
    """Whether an existing database already has every migration; only reads.

    Raises :class:`LibraryError` for a database that is not a library, or is the library of a newer Lectern.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if Migrations.migrations_table not in tables:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        if tables or application not in (0, APPLICATION_ID):
            raise LibraryError(f"{path} is a database, but not a Lectern library; choose another folder.")
        return False
    applied = {
        row[0]
        for row in connection.execute(
            f"SELECT name FROM {Migrations.migrations_table} WHERE migration_set = ?", (steps.name,)
        )
    }
    known = {step.name for step in steps._migrations}
    if applied - known:
        newer = min(applied - known)
        raise LibraryError(
            f"The library {path} was made by a newer Lectern (it has “{newer}”); update Lectern to open it."
        )
    # sqlite-utils also keeps such a table in databases of other programs.
    if not applied and tables - {Migrations.migrations_table, "sqlite_sequence"}:
        raise LibraryError(f"{path} is a database, but not a Lectern library; choose another folder.")
    return applied == known


def migrate(db: Database, path: Path, steps: Migrations, now: datetime) -> Path | None:
    """Apply the pending steps; the backup made before, or None for a new library."""
    is_new = not db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'papers'").fetchone()
    pending = bool(steps.pending(db))
    backup = None
    if pending and not is_new:
        backup = free_backup_path(path.parent / BACKUPS, "before-migration", now)
        backup_database(db.conn, backup)
    if pending:
        _apply(db, path, steps)
    with db.atomic():
        install_triggers(db)
    return backup


def _apply(db: Database, path: Path, steps: Migrations) -> None:
    """Apply the pending steps, all or none of them, with foreign keys off and checked afterwards."""
    db.execute("PRAGMA foreign_keys=OFF")
    try:
        with db.atomic():
            steps.apply(db)
            install_triggers(db)
            if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise LibraryDamagedError(
                    f"The library {path} could not be updated: some rows refer to rows that do not exist. "
                    "It was left unchanged."
                )
            db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    finally:
        db.execute("PRAGMA foreign_keys=ON")
