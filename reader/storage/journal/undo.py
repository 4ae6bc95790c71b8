"""Undo and redo: replay the journal's images in order, only changed columns, with the journal's triggers off.

Each statement names the values it expects to find. A change made since by another path then shows in the number of rows
found; everything is rolled back and :class:`UndoRefusedError` says why. Content tables (what listings said) and seen
marks are lenient instead: a newer value stays. What another device has changed since is left, too, and named.

Undoing an import removes the papers that only it brought. The journal has only the keys of their inserted rows, so each
row is copied into the journal just before it is deleted. That makes redo exact and independent of the imported files
(decision 9). Papers that have annotations, or that another listing shows by now, stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from reader.domain.changes import Field, NewsKind, OperationSummary, Stayed, UndoneOperation
from reader.domain.errors import NotFoundError, ReaderError, UndoRefusedError
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.storage.journal.journal import SYNC, drop_steps, journal_end, read_touched
from reader.storage.journal.kept_papers import leave_out, papers_to_keep, remove_seen
from reader.storage.journal.lenience import OF_LISTINGS, AnyLenience, Lenience, arrived_since, is_without_images
from reader.storage.journal.news import FIELDS, change_of, tell
from reader.storage.journal.replay import AWAY, BACK, CHUNK, FORTH, Operation, RefusalError, read_rows, replay
from reader.storage.schema import DELETE, INSERT
from reader.storage.writer import Writer

_ALL = -1
"""SQLite's ``LIMIT`` for no limit."""


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


def _operations(connection: sqlite3.Connection, condition: str, direction: str, steps: int) -> list[Operation]:
    """The next operations to replay."""
    sql = (
        f"SELECT id, title, first_change, last_change FROM operations WHERE {condition} ORDER BY id {direction} LIMIT ?"
    )
    rows = connection.execute(sql, (steps,))
    return [Operation(row[0], StepTitle.read(row[1]), *row[2:]) for row in rows]


def _replay_all(
    writer: Writer,
    operations: Sequence[Operation],
    replay_one: Callable[[Writer, Operation, Lenience | None], set[int]],
    kind: NewsKind,
) -> UndoneOperation | None:
    """Replay operations one after another, and join their effects."""
    if not operations:
        return None
    tables: set[str] = set()
    papers: set[int] = set()
    kept: set[int] = set()
    lenience = _lenience(writer, min(operation.first for operation in operations))
    for operation in operations:
        try:
            kept |= replay_one(writer, operation, lenience)
        except RefusalError as refusal:
            raise UndoRefusedError(
                f"“{operation.title}” cannot be undone or redone: {refusal} was changed since by something else. "
                "Nothing was changed now."
            ) from refusal
        touched = read_touched(writer, operation.ROWS, operation.parameters)
        tell(writer, kind, operation.id, touched.tables, touched.papers)
        tables |= touched.tables
        papers |= touched.papers
    titles = tuple(operation.title for operation in operations)
    change = change_of(tables, papers, titles[-1], operations[-1].id, kind)
    return UndoneOperation(titles, change, frozenset(kept), stayed(writer, lenience))


def _lenience(writer: Writer, first: int) -> Lenience | None:
    """What to do about what arrived since a row of the journal; None if nothing did."""
    return Lenience(writer, first) if arrived_since(writer, first) else None


def stayed(writer: Writer, lenience: Lenience | None) -> Stayed:
    """What was left, in the words of :class:`Stayed`."""
    rows = lenience.stayed if lenience is not None else {}
    papers = frozenset(paper_id for paper_id, _ in rows.values() if paper_id is not None)
    things: dict[Field, int] = {}
    for (table, _), (paper_id, _) in rows.items():
        for field in FIELDS.get(table, ()) if paper_id is None and table not in OF_LISTINGS else ():
            things[field] = things.get(field, 0) + 1
    sql = "SELECT title FROM operations WHERE id = ?"
    titles = (writer.execute(sql, (operation,)).fetchone() for operation in sorted({row[1] for row in rows.values()}))
    devices = (StepTitle.read(title[0]).device for title in titles if title is not None)
    return Stayed(papers, things, tuple(dict.fromkeys(filter(None, devices))))


def _undo_one(writer: Writer, operation: Operation, lenience: Lenience | None) -> set[int]:
    """Undo one operation; the papers it brought that stay."""
    kept = _replay_back(writer, operation, lenience)
    end = writer.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    sql = "UPDATE operations SET undone = 1, last_change = max(last_change, ?) WHERE id = ?"
    writer.execute(sql, (end, operation.id))
    return kept


def _replay_back(writer: Writer, operation: Operation, lenience: Lenience | None) -> set[int]:
    """Replay an operation's images backwards; the papers it brought that stay."""

    def back(kept: Collection[int]) -> None:
        remove_seen(writer, operation, kept)
        rows = read_rows(writer, operation, "after, before", newest_first=True)
        replay(writer, leave_out(rows, kept), BACK, lenience.carry_out if lenience is not None else None)

    kept = papers_to_keep(writer, operation, INSERT, lenience)
    if lenience is None:
        back(kept)
    else:
        lenience.replay(operation, kept, back)
    return kept


def take_back_arrival(writer: Writer, step_id: int) -> tuple[StepTitle, frozenset[int], Stayed]:
    """Take back what arrived from another device as one step; its title, the papers it brought that stay, what stayed.

    Whatever has changed since is left. Call it in a step. Raises :class:`NotFoundError` if there is no such step that
    arrived, and :class:`ReaderError` if nothing of it can be taken back.
    """
    found = _operations(writer.db.conn, f"kind = '{SYNC}' AND id = {step_id:d}", "DESC", 1)
    if not found:
        raise NotFoundError(f"No step {step_id} arrived from another device; the history lists their numbers.")
    (operation,) = found
    if is_without_images(writer, operation):
        raise ReaderError(f"“{operation.title}” is too much to be taken back as one step.")
    lenience = AnyLenience(writer, operation)

    def away(kept: Collection[int]) -> None:
        rows = read_rows(writer, operation, "after, before", newest_first=True)
        replay(writer, leave_out(rows, kept), AWAY, lenience.carry_out)

    start = journal_end(writer)
    kept = papers_to_keep(writer, operation, INSERT, lenience)
    lenience.replay(operation, kept, away)
    if journal_end(writer) == start:
        raise ReaderError(f"Nothing is left to take back of “{operation.title}”: all of it has changed since.")
    return operation.title.taken_back(), frozenset(kept), replace(stayed(writer, lenience), devices=())


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
    ids = writer.execute(f"SELECT id {own} >= ? ORDER BY id DESC LIMIT ?", (first, CHUNK)).fetchall()
    if ids and not undone:
        piece = Operation(operation_id, UNTITLED, ids[-1][0], ids[0][0])
        touched = read_touched(writer, piece.ROWS, piece.parameters)
        _replay_back(writer, piece, _lenience(writer, piece.first))
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


def _redo_one(writer: Writer, operation: Operation, lenience: Lenience | None) -> set[int]:
    """Redo one operation."""

    def forth(kept: Collection[int]) -> None:
        rows = read_rows(writer, operation, "before, after", newest_first=False)
        replay(writer, leave_out(rows, kept), FORTH, lenience.carry_out if lenience is not None else None)

    if lenience is None:
        forth(set())
    else:
        kept = papers_to_keep(writer, operation, DELETE, lenience)
        lenience.replay(operation, kept, forth)
        lenience.leave_papers(operation, kept)
    writer.execute(f"DELETE {operation.ROWS} AND action = :removed", operation.parameters)
    writer.execute("UPDATE operations SET undone = 0 WHERE id = ?", (operation.id,))
    return set()


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
