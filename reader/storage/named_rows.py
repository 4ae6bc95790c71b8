"""Shared code for saved searches and mute rules, which a person names."""

from __future__ import annotations

from reader.domain.errors import NotFoundError, ReaderError
from reader.storage.writer import Writer

MAXIMUM_NAME_LENGTH = 200


def checked_name(name: str) -> str:
    """Check a name and return it without line breaks; raises :class:`ReaderError` if it is empty or too long."""
    name = " ".join(name.split())
    if not name or len(name) > MAXIMUM_NAME_LENGTH:
        raise ReaderError(f"Give a name of at most {MAXIMUM_NAME_LENGTH} characters.")
    return name


def require_row(writer: Writer, table: str, row_id: int) -> None:
    """Raise :class:`NotFoundError` unless a row exists."""
    if writer.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row_id,)).fetchone() is None:
        raise NotFoundError("This is no longer in the library.")


def delete_named(writer: Writer, table: str, row_id: int) -> str:
    """Delete a row by id; the name it had."""
    row = writer.execute(f"DELETE FROM {table} WHERE id = ? RETURNING name", (row_id,)).fetchone()
    if row is None:
        raise NotFoundError("This is no longer in the library.")
    return str(row[0])
