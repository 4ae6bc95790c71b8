"""The rows that keep another from being changed: with the same unique values, referred to but gone, or referring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from reader.storage.journal.replay import Image
from reader.storage.schema import BY_NAME, JOURNALLED, JournalledTable
from reader.storage.writer import Writer


def row_of(writer: Writer, table: JournalledTable, row_id: int) -> dict[str, Any]:
    """A row by its columns; empty if it is not there."""
    cursor = writer.execute(f"SELECT * FROM {table.name} WHERE {table.key} = ?", (row_id,))
    row = cursor.fetchone()
    return {} if row is None else dict(zip((column[0] for column in cursor.description), row, strict=True))


def obstacles(writer: Writer, table: JournalledTable, image: Image) -> Iterator[tuple[str, int]]:
    """The rows, by table and key, that may stand in the way of bringing a row to what an image wants."""
    if not image.wanted:
        yield from _children(writer, table, image.row_id)
        return
    values = {**row_of(writer, table, image.row_id), **image.present, **image.wanted}
    for columns in _unique(writer, table):
        same = " AND ".join(f'"{column}" = ?' for column in columns)
        sql = f"SELECT {table.key} FROM {table.name} WHERE {same} AND {table.key} <> ?"
        given = (*(values.get(column) for column in columns), image.row_id)
        yield from ((table.name, row[0]) for row in writer.execute(sql, given).fetchall())
    for column, parent, _ in _references(writer, table):
        # What is not journalled, such as documents, is never deleted.
        if parent not in BY_NAME or values.get(column) is None:
            continue
        if not row_of(writer, BY_NAME[parent], values[column]):
            yield parent, values[column]


def _children(writer: Writer, table: JournalledTable, row_id: int) -> Iterator[tuple[str, int]]:
    """The rows that refer to a row."""
    for child in JOURNALLED:
        for column, parent, _ in _references(writer, child):
            if parent == table.name:
                found = writer.execute(f"SELECT {child.key} FROM {child.name} WHERE {column} = ?", (row_id,))
                yield from ((child.name, row[0]) for row in found.fetchall())


def _unique(writer: Writer, table: JournalledTable) -> Iterator[Sequence[str]]:
    """The columns of a table's unique indexes."""
    for index in writer.execute(f"PRAGMA index_list({table.name})").fetchall():
        if index[2]:
            yield [row[2] for row in writer.execute(f'PRAGMA index_info("{index[1]}")').fetchall()]


def _references(writer: Writer, table: JournalledTable) -> Iterator[tuple[str, str, str]]:
    """A table's columns that refer to others: the column, the other table, and its column."""
    for row in writer.execute(f"PRAGMA foreign_key_list({table.name})").fetchall():
        yield row[3], row[2], row[4]
