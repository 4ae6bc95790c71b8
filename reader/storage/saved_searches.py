"""Saved searches and mute rules, and the papers that the rules hide."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from reader.domain.annotations import MuteRule, SavedSearch
from reader.domain.errors import NotFoundError, ReaderError
from reader.storage.writer import Writer, id_list

MAXIMUM_NAME_LENGTH = 200


def saved_searches(connection: sqlite3.Connection) -> list[SavedSearch]:
    """The saved searches in their order."""
    rows = connection.execute("SELECT id, name, query, sort, number FROM saved_searches ORDER BY position, id")
    return [SavedSearch(*row) for row in rows]


def save_search(writer: Writer, name: str, query: str, sort: str, number: int | None) -> tuple[int, str]:
    """Keep a search under a name, at the end of the list; its id and the step's title."""
    name = _checked_name(name)
    _free_number(writer, number)
    cursor = writer.execute(
        "INSERT INTO saved_searches (name, query, sort, number, position) "
        "SELECT ?, ?, ?, ?, coalesce(max(position), 0) + 1 FROM saved_searches",
        (name, query, sort, number),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid, f"Saved search “{name}”"


def update_search(writer: Writer, search: SavedSearch) -> str:
    """Change a saved search to what is given, its number taken from any other that has it."""
    name = _checked_name(search.name)
    _require(writer, "saved_searches", search.id)
    _free_number(writer, search.number, search.id)
    writer.execute(
        "UPDATE saved_searches SET name = ?, query = ?, sort = ?, number = ? WHERE id = ?",
        (name, search.query, search.sort, search.number, search.id),
    )
    return f"Changed saved search “{name}”"


def order_searches(writer: Writer, ids: Iterable[int]) -> str:
    """Put the saved searches in an order."""
    writer.executemany(
        "UPDATE saved_searches SET position = ? WHERE id = ? AND position <> ?",
        [(position, search_id, position) for position, search_id in enumerate(ids, start=1)],
    )
    return "Sorted the saved searches"


def delete_search(writer: Writer, search_id: int) -> str:
    """Delete a saved search."""
    return f"Deleted saved search “{_delete(writer, 'saved_searches', search_id)}”"


def mute_rules(connection: sqlite3.Connection) -> list[MuteRule]:
    """The mute rules, oldest first."""
    rows = connection.execute("SELECT id, name, query, enabled FROM mute_rules ORDER BY id")
    return [MuteRule(row[0], row[1], row[2], bool(row[3])) for row in rows]


def add_mute_rule(writer: Writer, name: str, query: str) -> tuple[int, str]:
    """Add a mute rule; its id and the step's title."""
    name = _checked_name(name)
    cursor = writer.execute("INSERT INTO mute_rules (name, query) VALUES (?, ?)", (name, query))
    assert cursor.lastrowid is not None
    return cursor.lastrowid, f"Muted “{name}”"


def update_mute_rule(writer: Writer, rule: MuteRule) -> str:
    """Change a mute rule to what is given."""
    name = _checked_name(rule.name)
    _require(writer, "mute_rules", rule.id)
    writer.execute(
        "UPDATE mute_rules SET name = ?, query = ?, enabled = ? WHERE id = ?",
        (name, rule.query, int(rule.enabled), rule.id),
    )
    return f"Changed mute rule “{name}”"


def delete_mute_rule(writer: Writer, rule_id: int) -> str:
    """Delete a mute rule."""
    return f"Unmuted “{_delete(writer, 'mute_rules', rule_id)}”"


def set_muted(writer: Writer, ids: Iterable[int]) -> set[int]:
    """Make exactly these papers the muted ones; those that were not, or no longer are. Derived: never a step."""
    writer.give(ids)
    wanted = {row[0] for row in writer.execute("SELECT id FROM given")}
    present = {row[0] for row in writer.execute("SELECT paper_id FROM muted")}
    gone, new = present - wanted, wanted - present
    writer.execute("DELETE FROM muted WHERE paper_id IN (SELECT value FROM json_each(?))", (id_list(gone),))
    writer.execute("INSERT INTO muted (paper_id) SELECT value FROM json_each(?)", (id_list(new),))
    return gone | new


def _free_number(writer: Writer, number: int | None, search_id: int = 0) -> None:
    """Take a number from the search that has it."""
    if number is None:
        return
    if not 1 <= number <= 9:
        raise ReaderError("A saved search has a number from 1 to 9, or none.")
    writer.execute("UPDATE saved_searches SET number = NULL WHERE number = ? AND id <> ?", (number, search_id))


def _checked_name(name: str) -> str:
    """A name without line breaks that is neither empty nor too long."""
    name = " ".join(name.split())
    if not name or len(name) > MAXIMUM_NAME_LENGTH:
        raise ReaderError(f"Give a name of at most {MAXIMUM_NAME_LENGTH} characters.")
    return name


def _require(writer: Writer, table: str, row_id: int) -> None:
    """Raise :class:`NotFoundError` unless a row exists."""
    if writer.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row_id,)).fetchone() is None:
        raise NotFoundError("This is no longer in the library.")


def _delete(writer: Writer, table: str, row_id: int) -> str:
    """Delete a row by id; its name."""
    row = writer.execute(f"DELETE FROM {table} WHERE id = ? RETURNING name", (row_id,)).fetchone()
    if row is None:
        raise NotFoundError("This is no longer in the library.")
    return str(row[0])
