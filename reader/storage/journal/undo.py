"""Undo and redo: replay the journal's images in order, only changed columns, with the journal's triggers off.

Each statement names the values it expects to find. A change made since by another path then shows in the number of rows
found; everything is rolled back and :class:`UndoRefusedError` says why. Content tables (what listings said) and seen
marks are lenient instead: a newer value stays.

Undoing an import removes the papers that only it brought. The journal has only the keys of their inserted rows, so each
row is copied into the journal just before it is deleted. That makes redo exact and independent of the imported files
(decision 9). Papers that have annotations, or that another listing shows by now, stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any, ClassVar, NamedTuple

from reader.domain.changes import NewsKind, OperationSummary, UndoneOperation
from reader.domain.errors import UndoRefusedError
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.storage.journal.journal import SYNC, drop_steps, read_touched
from reader.storage.journal.news import change_of, tell
from reader.storage.journal.triggers import columns_of, row_image
from reader.storage.schema import BY_NAME, DELETE, INSERT, KEEPING_TABLES, REMOVED, UPDATE, JournalledTable
from reader.storage.writer import Writer, id_list

_CHUNK = 2_000
_ALL = -1
"""SQLite's ``LIMIT`` for no limit."""
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
}

_OF_LISTINGS = {"sightings", "earlier_sightings"}
"""Rows of papers that go with their listing, even if the paper stays."""

_Row = tuple[int, str, int, int | None, str | None, str | None, int]
"""A journal row: action, table, row, paper, the images (present, wanted), and the row's own id."""


class _RefusalError(Exception):
    """A row is not as the journal left it."""


class _Image(NamedTuple):
    """A journal row with its images in the direction of the replay: present and wanted."""

    row_id: int
    present: dict[str, Any]
    wanted: dict[str, Any]
    journal_id: int


_Action = Callable[[Writer, JournalledTable, list[_Image]], None]


@dataclass(frozen=True, slots=True)
class _Operation:
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


def undo(writer: Writer, steps: int, after: int | None = None, only: int | None = None) -> UndoneOperation | None:
    """Undo the last ``steps`` steps, or all ``after`` one, newest first; None if there are none.

    With ``only`` it raises :class:`UndoRefusedError` unless the last step is that one. Call it in an unrecorded
    transaction.
    """
    operations = _operations(writer.db.conn, *_to_undo(steps, after))
    if only is not None and [operation.id for operation in operations] != [only]:
        raise UndoRefusedError("Something else was done since then; the history of steps shows what.")
    return _replay_all(writer, operations, _undo_one, NewsKind.UNDONE)


def redo(writer: Writer, steps: int, until: int | None = None) -> UndoneOperation | None:
    """Redo the next ``steps`` undone steps, or all up to and including ``until``, oldest first; None if there are none.

    Call it in an unrecorded transaction.
    """
    operations = _operations(writer.db.conn, *_to_redo(steps, until))
    return _replay_all(writer, operations, _redo_one, NewsKind.REDONE)


def changes_to_undo(connection: sqlite3.Connection, steps: int, after: int | None = None) -> int:
    """How many changes :func:`undo` would replay, at most."""
    return sum(each.last - each.first + 1 for each in _operations(connection, *_to_undo(steps, after)))


def changes_to_redo(connection: sqlite3.Connection, steps: int, until: int | None = None) -> int:
    """How many changes :func:`redo` would replay, at most."""
    return sum(each.last - each.first + 1 for each in _operations(connection, *_to_redo(steps, until)))


def _to_undo(steps: int, after: int | None) -> tuple[str, str, int]:
    """Which steps to undo, in which order, and how many at most."""
    done = f"undone = 0 AND kind <> '{SYNC}'"
    return (done, "DESC", steps) if after is None else (f"{done} AND id > {after:d}", "DESC", _ALL)


def _to_redo(steps: int, until: int | None) -> tuple[str, str, int]:
    """Which steps to redo, in which order, and how many at most."""
    return ("undone = 1", "ASC", steps) if until is None else (f"undone = 1 AND id <= {until:d}", "ASC", _ALL)


def _operations(connection: sqlite3.Connection, condition: str, direction: str, steps: int) -> list[_Operation]:
    """The next operations to replay."""
    sql = (
        f"SELECT id, title, first_change, last_change FROM operations WHERE {condition} ORDER BY id {direction} LIMIT ?"
    )
    rows = connection.execute(sql, (steps,))
    return [_Operation(row[0], StepTitle.read(row[1]), *row[2:]) for row in rows]


def _replay_all(
    writer: Writer,
    operations: Sequence[_Operation],
    replay: Callable[[Writer, _Operation], set[int]],
    kind: NewsKind,
) -> UndoneOperation | None:
    """Replay operations one after another, and join their effects."""
    if not operations:
        return None
    tables: set[str] = set()
    papers: set[int] = set()
    kept: set[int] = set()
    for operation in operations:
        try:
            kept |= replay(writer, operation)
        except _RefusalError as refusal:
            raise UndoRefusedError(
                f"“{operation.title}” cannot be undone or redone: {refusal} was changed since by something else. "
                "Nothing was changed now."
            ) from refusal
        touched = read_touched(writer, operation.ROWS, operation.parameters)
        tell(writer, kind, operation.id, touched.tables, touched.papers)
        tables |= touched.tables
        papers |= touched.papers
    titles = tuple(operation.title for operation in operations)
    return UndoneOperation(titles, change_of(tables, papers, titles[-1], operations[-1].id, kind), frozenset(kept))


def _undo_one(writer: Writer, operation: _Operation) -> set[int]:
    """Undo one operation; the papers it brought that stay."""
    kept = _replay_back(writer, operation)
    end = writer.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    sql = "UPDATE operations SET undone = 1, last_change = max(last_change, ?) WHERE id = ?"
    writer.execute(sql, (end, operation.id))
    return kept


def _replay_back(writer: Writer, operation: _Operation) -> set[int]:
    """Replay an operation's images backwards; the papers it brought that stay."""
    kept = _papers_to_keep(writer, operation)
    _remove_seen(writer, operation, kept)
    rows = _rows(writer, operation, "after, before", newest_first=True)
    actions = {INSERT: _take_out, UPDATE: _update, DELETE: _insert, REMOVED: _leave}
    _apply(writer, _leave_out(rows, kept) if kept else rows, actions)
    return kept


def is_unfinished(connection: sqlite3.Connection) -> bool:
    """Whether there is anything for :func:`take_back`."""
    return connection.execute("SELECT 1 FROM unfinished").fetchone() is not None


def take_back(writer: Writer) -> bool:
    """Undo a piece of what is unfinished, the newest first, permanently; True if there is more.

    Call it in an unrecorded transaction, one for each piece. Papers that were annotated meanwhile stay.
    """
    row = writer.execute("SELECT operation_id, first_change FROM unfinished LIMIT 1").fetchone()
    if row is None:
        return False
    operation_id, first = row
    own = f"FROM journal WHERE operation_id = {operation_id:d} AND id"
    undone = writer.execute("SELECT 1 FROM operations WHERE id = ? AND undone = 1", (operation_id,)).fetchone()
    ids = writer.execute(f"SELECT id {own} >= ? ORDER BY id DESC LIMIT ?", (first, _CHUNK)).fetchall()
    if ids and not undone:
        piece = _Operation(operation_id, UNTITLED, ids[-1][0], ids[0][0])
        touched = read_touched(writer, piece.ROWS, piece.parameters)
        _replay_back(writer, piece)
        writer.execute(f"DELETE {own} >= ?", (piece.first,))
        tell(writer, NewsKind.AUTOMATIC, None, touched.tables, touched.papers)
        return True
    # A step that another process has undone is gone already, and redo must not bring it back: its file was never kept.
    writer.execute(f"DELETE {own} >= ?", (first,))
    writer.execute("DELETE FROM unfinished WHERE operation_id = ?", (operation_id,))
    left = f"SELECT max(id) {own} >= first_change"
    writer.execute(f"UPDATE operations SET last_change = ({left}) WHERE id = ?", (operation_id,))
    drop_steps(writer, f"id = {operation_id:d} AND last_change IS NULL")
    return True


def _redo_one(writer: Writer, operation: _Operation) -> set[int]:
    """Redo one operation."""
    rows = _rows(writer, operation, "before, after", newest_first=False)
    actions = {INSERT: _put_back, UPDATE: _update, DELETE: _delete, REMOVED: _restore_removed}
    _apply(writer, rows, actions)
    writer.execute(f"DELETE {operation.ROWS} AND action = :removed", operation.parameters)
    writer.execute("UPDATE operations SET undone = 0 WHERE id = ?", (operation.id,))
    return set()


def _rows(writer: Writer, operation: _Operation, images: str, *, newest_first: bool) -> Iterator[_Row]:
    """An operation's journal rows in order, read in batches because replaying them also writes to the journal."""
    parameters = operation.parameters
    order = "DESC" if newest_first else "ASC"
    sql = (
        f"SELECT action, table_name, row_id, paper_id, {images}, id {operation.ROWS} ORDER BY id {order} LIMIT {_CHUNK}"
    )
    while found := writer.execute(sql, parameters).fetchall():
        yield from found
        if newest_first:
            parameters["last"] = found[-1][-1] - 1
        else:
            parameters["first"] = found[-1][-1] + 1


def _papers_to_keep(writer: Writer, operation: _Operation) -> set[int]:
    """Papers of an undone operation that must stay: with annotations it did not make, or in a listing it did not bring.

    Whatever the operation moved to them, as separating merged papers does, goes back.
    """
    if not _brought_papers(writer, operation):
        return set()
    inserted = f"SELECT row_id {operation.ROWS} AND action = :insert AND table_name = '{{}}'"
    touched = f"SELECT row_id {operation.ROWS} AND action IN (:insert, {UPDATE}) AND table_name = '{{}}'"
    papers, listings = inserted.format("papers"), inserted.format("listings")
    queries = [
        f"SELECT paper_id FROM {table.name} WHERE paper_id IN ({papers}) "
        f"AND {table.key} NOT IN ({touched.format(table.name)})"
        for table in KEEPING_TABLES
    ]
    queries.append(
        f"SELECT paper_id FROM sightings WHERE paper_id IN ({papers}) AND listing_id NOT IN ({listings}) "
        f"AND id NOT IN ({touched.format('sightings')})"
    )
    return {row[0] for query in queries for row in writer.execute(query, operation.parameters)}


def _brought_papers(writer: Writer, operation: _Operation) -> bool:
    """Whether an operation inserted papers."""
    sql = f"SELECT 1 {operation.ROWS} AND action = :insert AND table_name = 'papers' LIMIT 1"
    return writer.execute(sql, operation.parameters).fetchone() is not None


def _remove_seen(writer: Writer, operation: _Operation, kept: set[int]) -> None:
    """Delete the seen marks of papers that are about to be deleted; automatic marks are not in the journal."""
    brought = f"SELECT row_id {operation.ROWS} AND action = :insert AND table_name = 'papers'"
    goes = [row[0] for row in writer.execute(brought, operation.parameters) if row[0] not in kept]
    if not goes:
        return
    image = row_image("seen", columns_of(writer.db, "seen"))
    ids = id_list(goes)
    writer.execute(
        "INSERT INTO journal (operation_id, action, table_name, row_id, paper_id, before) "
        f"SELECT ?, ?, 'seen', paper_id, paper_id, {image} FROM seen "
        "WHERE paper_id IN (SELECT value FROM json_each(?))",
        (operation.id, REMOVED, ids),
    )
    writer.execute("DELETE FROM seen WHERE paper_id IN (SELECT value FROM json_each(?))", (ids,))


def _leave_out(rows: Iterator[_Row], kept: set[int]) -> Iterator[_Row]:
    """The journal rows without those on what listings said of papers that stay."""
    for row in rows:
        if row[3] not in kept or row[1] in _OF_LISTINGS or not BY_NAME[row[1]].content:
            yield row


def _apply(writer: Writer, rows: Iterator[_Row], actions: Mapping[int, _Action]) -> None:
    """Replay rows in order; neighbours with the same table, action and columns become one statement."""
    for (action, name), run in groupby(rows, key=itemgetter(0, 1)):
        while chunk := list(islice(run, _CHUNK)):
            try:
                for _, images in groupby(_read(chunk), key=_columns):
                    actions[action](writer, BY_NAME[name], list(images))
            except sqlite3.IntegrityError as error:
                raise _RefusalError(_WORDS.get(name, "something it changed")) from error


def _read(rows: Sequence[_Row]) -> Iterator[_Image]:
    """Rows with parsed images; parsing many at once is four times as fast."""
    present = json.loads(f"[{','.join([row[4] or '{}' for row in rows])}]")
    wanted = json.loads(f"[{','.join([row[5] or '{}' for row in rows])}]")
    return map(_Image, [row[2] for row in rows], present, wanted, [row[6] for row in rows])


def _columns(image: _Image) -> tuple[str, ...]:
    """The columns in an image."""
    return (*image.present, "", *image.wanted)


def _update(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
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


def _take_out(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Delete the rows that an operation inserted; for content tables, first copy their images into the journal."""
    if table.content:
        image = row_image("x", columns_of(writer.db, table.name))
        source = f"SELECT {image} FROM {table.name} AS x WHERE x.{table.key} = row_id"
        sql = f"UPDATE journal SET after = ({source}) WHERE id = ?"
        writer.executemany(sql, [(image.journal_id,) for image in images])
    _delete(writer, table, images)


def _put_back(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Insert again the rows that an operation inserted; papers that stayed are still there, and have no image."""
    images = [image for image in images if image.wanted]
    if images:
        _insert(writer, table, images)
    if table.content:
        writer.executemany("UPDATE journal SET after = NULL WHERE id = ?", [(image.journal_id,) for image in images])


def _leave(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Do nothing."""


def _delete(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Delete rows; those of annotation tables only if they are as the journal left them."""
    sql = f"DELETE FROM {table.name} WHERE {table.key} = ?"
    if table.name == "papers":
        writer.executemany("DELETE FROM seen WHERE paper_id = ?", [(image.row_id,) for image in images])
    if table.lenient:
        writer.executemany(sql, [(image.row_id,) for image in images])
        return
    sql += "".join(f' AND "{column}" IS ?' for column in images[0].present)
    _require(writer.executemany(sql, [(image.row_id, *image.present.values()) for image in images]), images, table)


def _insert(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Insert rows as they were."""
    columns = ", ".join(f'"{column}"' for column in images[0].wanted)
    marks = ", ".join("?" * len(images[0].wanted))
    policy = "OR IGNORE " if table.name == "seen" else ""
    sql = f"INSERT {policy}INTO {table.name} ({columns}) VALUES ({marks})"
    writer.executemany(sql, [tuple(image.wanted.values()) for image in images])


def _restore_removed(writer: Writer, table: JournalledTable, images: list[_Image]) -> None:
    """Insert again the rows that were deleted with the papers of an undone import."""
    _insert(writer, table, [image._replace(wanted=image.present) for image in images])


def _require(changed: int, images: list[_Image], table: JournalledTable) -> None:
    """Refuse if fewer rows were found than expected."""
    if changed != len(images) and not table.lenient:
        raise _RefusalError(_WORDS.get(table.name, "something it changed"))


def history(
    connection: sqlite3.Connection, limit: int | None, undone: bool | None = None, own: bool = False
) -> list[OperationSummary]:
    """The steps, newest first: all, or only those that are undone or not, or that did not arrive from elsewhere."""
    which = "" if undone is None else f" AND undone = {int(undone)}"
    which += f" AND kind <> '{SYNC}'" if own else ""
    rows = connection.execute(
        "SELECT id, title, kind, time, change_count, undone FROM operations "
        f"WHERE change_count > 0{which} ORDER BY id DESC LIMIT ?",
        (_ALL if limit is None else limit,),
    )
    return [
        OperationSummary(operation_id, StepTitle.read(title), kind, time, count, bool(undone))
        for operation_id, title, kind, time, count, undone in rows
    ]


def latest_import(connection: sqlite3.Connection) -> tuple[int, ...]:
    """The listings of the last import step that are still there, in their order."""
    newest = "SELECT max(id) FROM operations WHERE kind = 'import' AND undone = 0"
    return listings_of_step(connection, connection.execute(newest).fetchone()[0])


def listings_of_step(connection: sqlite3.Connection, step_id: int | None) -> tuple[int, ...]:
    """The listings of a step that are still there, in their order."""
    rows = connection.execute(
        "SELECT listings.id FROM operations JOIN journal ON journal.id BETWEEN first_change AND last_change "
        "AND operation_id = operations.id AND table_name = 'listings' AND action = ? "
        "JOIN listings ON listings.id = row_id WHERE operations.id = ? ORDER BY listings.id",
        (INSERT, step_id),
    )
    return tuple(row[0] for row in rows)
