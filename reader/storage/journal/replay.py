"""Replay of the journal's images: rows are updated, deleted and inserted as images say.

Each statement names the values it expects to find. A change made since by another path then shows in the number of rows
found, and :class:`RefusalError` says which table's. Content tables (what listings said) and seen marks are lenient
instead: a newer value stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from reader.domain.step_titles import StepTitle
from reader.storage.journal.triggers import columns_of, row_image
from reader.storage.schema import BY_NAME, DELETE, INSERT, LEFT, REMOVED, UPDATE, JournalledTable
from reader.storage.writer import Writer

CHUNK = 2_000
"""The number of the journal's rows that are read at once."""
_WORDS = {
    "states": "the state of a paper",
    "paper_tags": "a paper's tags",
    "tags": "a tag",
    "notes": "a note",
    "highlights": "a highlight",
    "queue": "the queue",
    "papers": "a paper",
    "listings": "a listing",
    "subscriptions": "a subscription",
    "taste_wishes": "what “for you” leaves out",
    "taste_examples": "what “for you” learns from",
    "topics": "a topic",
    "paper_documents": "a paper's PDF",
}

Row = tuple[int, str, int, int | None, str | None, str | None, int]
"""A journal row: action, table, row, paper, the images (present, wanted), and the row's own id."""


class RefusalError(Exception):
    """A row is not as the journal left it."""


class Image(NamedTuple):
    """A journal row with its images in the direction of the replay: present and wanted."""

    row_id: int
    present: dict[str, Any]
    wanted: dict[str, Any]
    journal_id: int
    paper_id: int | None


Action = Callable[[Writer, JournalledTable, list[Image]], None]
"""What is done with images of one table that have the same columns."""
Way = Callable[[Action, JournalledTable, list[Image]], None]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation to replay, and the range of the journal that contains its rows (among others)."""

    id: int
    title: StepTitle
    first: int
    last: int

    ROWS: ClassVar = "FROM journal WHERE id BETWEEN :first AND :last AND operation_id = :operation"

    @property
    def parameters(self) -> dict[str, int]:
        """The parameters of :attr:`ROWS` and of the conditions appended to it."""
        return {"first": self.first, "last": self.last, "operation": self.id, "insert": INSERT, "removed": REMOVED}


def in_words(table: str) -> str:
    """What a table's row is called in a refusal."""
    return _WORDS.get(table, "something it changed")


def read_rows(writer: Writer, operation: Operation, images: str, *, newest_first: bool) -> Iterator[Row]:
    """An operation's journal rows in order, read in batches because replaying them also writes to the journal."""
    parameters = operation.parameters
    order = "DESC" if newest_first else "ASC"
    sql = (
        f"SELECT action, table_name, row_id, paper_id, {images}, id {operation.ROWS} ORDER BY id {order} LIMIT {CHUNK}"
    )
    while found := writer.execute(sql, parameters).fetchall():
        yield from found
        if newest_first:
            parameters["last"] = found[-1][-1] - 1
        else:
            parameters["first"] = found[-1][-1] + 1


def replay(writer: Writer, rows: Iterable[Row], actions: Mapping[int, Action], carry_out: Way | None = None) -> None:
    """Replay rows in order; neighbours with the same table, action and columns become one statement.

    ``carry_out`` is called in place of each action. Raises :class:`RefusalError`.
    """
    for (action, name), run in groupby(rows, key=itemgetter(0, 1)):
        while chunk := list(islice(run, CHUNK)):
            try:
                for _, same in groupby(_read(chunk), key=_columns):
                    if carry_out is None:
                        actions[action](writer, BY_NAME[name], list(same))
                    else:
                        carry_out(actions[action], BY_NAME[name], list(same))
            except sqlite3.IntegrityError as error:
                raise RefusalError(in_words(name)) from error


def _read(rows: Sequence[Row]) -> Iterator[Image]:
    """Rows with parsed images; parsing many at once is four times as fast."""
    present = json.loads(f"[{','.join([row[4] or '{}' for row in rows])}]")
    wanted = json.loads(f"[{','.join([row[5] or '{}' for row in rows])}]")
    return map(Image, [row[2] for row in rows], present, wanted, [row[6] for row in rows], [row[3] for row in rows])


def _columns(image: Image) -> tuple[str, ...]:
    """The columns in an image."""
    return (*image.present, "", *image.wanted)


def update(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Set changed columns if all are as the journal left them; in a lenient table, each that is."""
    columns = images[0].wanted.keys()
    if table.lenient:
        assignments = ", ".join(
            f'"{column}" = CASE WHEN "{column}" IS ? THEN ? ELSE "{column}" END' for column in columns
        )
        sql = f"UPDATE {table.name} SET {assignments} WHERE {table.key} = ?"
        pairs = ((image, zip(image.present.values(), image.wanted.values(), strict=True)) for image in images)
        writer.executemany(sql, [(*chain.from_iterable(pair), image.row_id) for image, pair in pairs])
        return
    assignments = ", ".join(f'"{column}" = ?' for column in columns)
    expected = "".join(f' AND "{column}" IS ?' for column in columns)
    sql = f"UPDATE {table.name} SET {assignments} WHERE {table.key} = ?{expected}"
    rows = [(*image.wanted.values(), image.row_id, *image.present.values()) for image in images]
    _require(writer.executemany(sql, rows), images, table)


def _take_out(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Delete the rows that an operation inserted; for content tables, first copy their images into the journal."""
    if table.content:
        image = row_image("x", columns_of(writer.db, table.name))
        source = f"SELECT {image} FROM {table.name} AS x WHERE x.{table.key} = row_id"
        sql = f"UPDATE journal SET after = ({source}) WHERE id = ?"
        writer.executemany(sql, [(image.journal_id,) for image in images])
    _delete(writer, table, images)


def _put_back(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Insert again the rows that an operation inserted; papers that stayed are still there, and have no image."""
    images = [image for image in images if image.wanted]
    if images:
        _insert(writer, table, images)
    if table.content:
        writer.executemany("UPDATE journal SET after = NULL WHERE id = ?", [(image.journal_id,) for image in images])


def _leave(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Do nothing."""


def _delete(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Delete rows; those of annotation tables only if they are as the journal left them."""
    sql = f"DELETE FROM {table.name} WHERE {table.key} = ?"
    if table.name == "papers":
        writer.executemany("DELETE FROM seen WHERE paper_id = ?", [(image.row_id,) for image in images])
    if table.lenient:
        writer.executemany(sql, [(image.row_id,) for image in images])
        return
    sql += "".join(f' AND "{column}" IS ?' for column in images[0].present)
    _require(writer.executemany(sql, [(image.row_id, *image.present.values()) for image in images]), images, table)


def _insert(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Insert rows as they were."""
    columns = ", ".join(f'"{column}"' for column in images[0].wanted)
    marks = ", ".join("?" * len(images[0].wanted))
    policy = "OR IGNORE " if table.name == "seen" else ""
    sql = f"INSERT {policy}INTO {table.name} ({columns}) VALUES ({marks})"
    writer.executemany(sql, [tuple(image.wanted.values()) for image in images])


def _restore_removed(writer: Writer, table: JournalledTable, images: list[Image]) -> None:
    """Insert again the rows that were deleted with the papers of an undone import."""
    _insert(writer, table, [image._replace(wanted=image.present) for image in images])


def _require(changed: int, images: list[Image], table: JournalledTable) -> None:
    """Refuse if fewer rows were found than expected."""
    if changed != len(images) and not table.lenient:
        raise RefusalError(in_words(table.name))


BACK: Mapping[int, Action] = {INSERT: _take_out, UPDATE: update, DELETE: _insert, REMOVED: _leave}
"""Undo: newest first, with the images after and before."""
FORTH: Mapping[int, Action] = {INSERT: _put_back, UPDATE: update, DELETE: _delete, REMOVED: _restore_removed}
"""Redo: oldest first, with the images before and after."""
AWAY: Mapping[int, Action] = {INSERT: _delete, UPDATE: update, DELETE: _insert, REMOVED: _leave, LEFT: _leave}
"""As :data:`BACK` for what is never redone."""
