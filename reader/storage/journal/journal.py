"""Operations: one step is one transaction (an import: one per file), whose changes row triggers record.

While ``recording`` names an operation, the triggers write before and after images of every changed row under it. The
name is set and cleared inside the transaction, so that a crash leaves neither a half-recorded step nor an active
recording. Automatic changes are recorded only to learn which papers they touched; then their images are dropped.

Every transaction begins by writing to ``recording``, so that SQLite waits for another process's write to end instead of
failing later.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database

from reader.domain.changes import Change, NewsKind
from reader.domain.errors import LibraryError
from reader.domain.step_titles import UNTITLED, StepTitle
from reader.storage.errors import library_errors
from reader.storage.file_lock import WriterTurn
from reader.storage.journal.news import change_of, tell
from reader.storage.writer import Clock, Writer, iso_time

AUTOMATIC = "automatic"
"""The kind of operations that are not steps: not in the history, not undone, and without effect on redo."""
SYNC = "sync"
"""The kind of operations that arrived from another device: in the history, but undo, redo and merging pass them by."""
KEPT_STEPS = 1_000
"""The number of steps kept whatever their age; of those that arrived, as many."""
KEPT_TIME = timedelta(days=90)
_TURN_SECONDS = 0.25
"""The seconds for which a long step may keep waiting processes from writing."""
_RECORD = """
INSERT INTO recording (id, operation_id) VALUES (1, :id)
ON CONFLICT (id) DO UPDATE SET operation_id = excluded.operation_id
RETURNING operation_id, (SELECT coalesce(max(id), 0) FROM journal)
"""
"""It also puts back the only row of a damaged table, which a repair begins with."""
_RECORD_NEW = _RECORD.replace(":id", "1 + coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'operations'), 0)")
_FEW = 500
"""The most changes of which each is looked at for the columns that it touched."""
_COLUMNS = """
trim(iif(instr(replace({image}, '"state":"inbox"', ''), '"state":"'), 'states.state ', '') ||
    iif(instr({image}, '"starred":1'), 'states.starred ', '') ||
    iif(instr({image}, '"buried_until":"'), 'states.buried_until', ''))
""".format(image="(coalesce(before, '') || coalesce(after, ''))")
"""A column that has its usual value before and after is not one that was touched."""
_TOUCHED = f"""
SELECT CASE WHEN table_name <> 'states' OR {{last}} - {{first}} > {_FEW} THEN table_name
        ELSE coalesce(nullif({_COLUMNS}, ''), table_name) END AS touched,
    json_group_array(paper_id), max(id) {{rows}} GROUP BY touched
"""
_END = "(SELECT max(id) FROM journal)"
_STORE = """
INSERT INTO operations (id, title, kind, time, merge_key, first_change, last_change, change_count)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title, time = excluded.time,
    last_change = excluded.last_change, change_count = change_count + excluded.change_count
"""


@dataclass(slots=True)
class OperationHandle:
    """A step that may span several transactions.

    ``id`` is None until one of them changed something; ``change`` is the effect of the last one. With a ``merge_key``
    its changes join the last step if that has the same key: one visit to a note is one step.
    """

    title: StepTitle = UNTITLED
    kind: str = "edit"
    merge_key: str | None = None
    id: int | None = None
    change: Change = field(default_factory=Change)


@dataclass(slots=True)
class Step:
    """A transaction of an operation, or a mutation inside one. ``change`` is known once it has ended."""

    writer: Writer
    handle: OperationHandle
    title: StepTitle
    start: int
    change: Change
    is_new: bool = False
    """Whether its operation has no row yet: an operation gets one with its first change."""
    earlier: Change = field(default_factory=Change)
    """The changes made before it last let others write."""
    has_let_others_write: bool = False


class RehearsalAwaitedError(Exception):
    """Another process waits to write; a dry run, which is one transaction, should be done elsewhere."""


class Journal:
    """Begins and ends transactions, and records the operations they belong to."""

    def __init__(self, db: Database, clock: Clock, path: Path, origin: str, program: str) -> None:
        self._db = db
        self._turn = WriterTurn(path, program)
        self._path = path
        self._lock = threading.RLock()
        self._open: OperationHandle | None = None
        self._whole: Step | None = None
        self._since = 0.0
        self._is_rehearsal = False
        self._owner: int | None = None
        self.writer = Writer(db, clock, origin)

    def is_open_here(self) -> bool:
        """Whether this thread is inside a transaction, so that it should read what it wrote."""
        return self._owner == threading.get_ident()

    @contextmanager
    def step(self, handle: OperationHandle, title: StepTitle = UNTITLED) -> Iterator[Step]:
        """A transaction of an operation, or inside another operation a part of it. All of it happens, or nothing.

        Its ``title``, which the body may set, becomes the operation's unless the handle has a title.
        """
        with self._lock, library_errors(self._path):
            outer = self._open
            if outer is not None:
                with self._db.atomic():
                    step = Step(self.writer, outer, title, journal_end(self.writer), Change(title))
                    whole, self._whole = self._whole, None
                    try:
                        yield step
                    finally:
                        self._whole = whole
                    step.change = _change(outer, step.title, read_touched_since(self.writer, step.start))
                return
            known_id = handle.id
            try:
                with self._db.atomic():
                    self._open, self._owner = handle, threading.get_ident()
                    is_new, start = self._start_recording(handle)
                    title = title or handle.title
                    step = self._whole = Step(self.writer, handle, title, start, Change(title), is_new)
                    yield step
                    self._finish(step)
                    if step.has_let_others_write:
                        self.writer.execute("DELETE FROM unfinished WHERE operation_id = ?", (handle.id,))
            except BaseException:
                handle.id = known_id
                raise
            finally:
                self._open = self._owner = self._whole = None

    @contextmanager
    def rehearsal(self, handle: OperationHandle) -> Iterator[Step]:
        """A step that will be rolled back; :meth:`breathe` ends it with :class:`RehearsalAwaitedError`."""
        self._is_rehearsal = True
        try:
            with self.step(handle) as step:
                yield step
        finally:
            self._is_rehearsal = False

    def breathe(self) -> bool:
        """Let a waiting process write in the middle of a long step, once the step had its time; True if one did.

        The changes so far are committed, and ``unfinished`` names them until the step is complete. If the rest fails,
        :func:`reader.storage.journal.undo.take_back` undoes them.

        Raises :class:`LibraryError` if the other process undid the changes so far.
        """
        if time.monotonic() - self._since < _TURN_SECONDS or not self._turn.is_awaited():
            return False
        if self._is_rehearsal:
            raise RehearsalAwaitedError
        step, writer = self._whole, self.writer
        if step is None or step.handle.kind == AUTOMATIC or journal_end(writer) == step.start:
            return False
        sql = "INSERT OR IGNORE INTO unfinished (operation_id, first_change) VALUES (?, ?)"
        writer.execute(sql, (step.handle.id, step.start + 1))
        self._finish(step)
        writer.execute("COMMIT")
        writer.execute("BEGIN")
        step.handle.merge_key = None
        step.has_let_others_write, step.earlier = True, step.change
        step.is_new, step.start = self._start_recording(step.handle)
        if step.is_new:
            raise LibraryError("It was undone by another process while it was under way.")
        return True

    @contextmanager
    def unrecorded(self, *, alone: bool = False) -> Iterator[Writer]:
        """A transaction whose changes belong to no step: undo itself, derived tables, marks of the index.

        Inside an operation it is a part of that transaction, unless it has to be ``alone``.
        """
        with self._lock, library_errors(self._path), self._db.atomic():
            if alone and self._open is not None:
                raise RuntimeError("an operation cannot be undone within another")
            if self._open is not None:
                yield self.writer
                return
            self._begin_writing()
            self._owner = threading.get_ident()
            try:
                yield self.writer
            finally:
                self._owner = None

    def prune(self) -> int:
        """Delete whole steps that are neither among the newest 1,000 nor younger than 90 days; their number.

        Steps that arrived are counted by themselves, so that a busy other device takes none of the own ones away.
        """
        oldest = iso_time(self.writer.clock() - KEPT_TIME)
        newest = f"SELECT id FROM operations WHERE kind {{}} '{SYNC}' ORDER BY id DESC LIMIT {KEPT_STEPS}"
        kept = " UNION ALL ".join(f"SELECT id FROM ({newest.format(which)})" for which in ("=", "<>"))
        with self.unrecorded() as writer:
            return drop_steps(writer, f"time < '{oldest}' AND id NOT IN ({kept})")

    def _begin_writing(self, operation_id: int | None = None, *, is_new: bool = False) -> tuple[int, int]:
        """Get SQLite's lock, after processes that asked earlier, and tell the triggers which operation to record.

        A new one gets the next id. Returns the id (0 for none) and the journal's end.
        """
        with self._turn.taken():
            row = self.writer.execute(_RECORD_NEW if is_new else _RECORD, {"id": operation_id}).fetchone()
        self._since = time.monotonic()
        return row[0], row[1]

    def _start_recording(self, handle: OperationHandle) -> tuple[bool, int]:
        """Begin to record an operation; whether it is a new one, and the journal's end."""
        known, start = handle.id, 0
        if known is not None or handle.merge_key is not None:
            _, start = self._begin_writing()
            if known is not None and not _is_current(self.writer, known):
                known = None
            if known is None and handle.merge_key is not None:
                known = _last_step_with(self.writer, handle.merge_key)
        if known is not None:
            self.writer.execute("UPDATE recording SET operation_id = ?", (known,))
            handle.id = known
        else:
            handle.id, start = self._begin_writing(is_new=True)
        return known is None, start

    def _finish(self, step: Step) -> None:
        """End the recording; store the operation if anything changed, and return its change."""
        writer, handle = self.writer, step.handle
        title = handle.title or step.title
        writer.execute("UPDATE recording SET operation_id = NULL")
        touched = read_touched_since(writer, step.start)
        is_step = handle.kind != AUTOMATIC
        step.change = handle.change = _change(handle, title, touched).joined_with(step.earlier)
        has_changed = touched.end > step.start
        if has_changed:
            tell(writer, step.change.kind, step.change.operation_id, touched.tables, touched.papers)
        if has_changed and is_step:
            self._store(step, title, touched)
        elif has_changed:
            writer.execute("DELETE FROM journal WHERE id > ?", (step.start,))
        if not is_step or (step.is_new and not has_changed):
            handle.id = None

    def _store(self, step: Step, title: StepTitle, touched: Touched) -> None:
        """Store an operation's row; unless it arrived, drop the steps that could be redone."""
        writer, handle = self.writer, step.handle
        values = (step.start + 1, touched.end, len(touched.papers) or 1)
        writer.execute(_STORE, (handle.id, title.stored(), handle.kind, writer.now, handle.merge_key, *values))
        if handle.kind != SYNC:
            drop_steps(writer, f"undone = 1 AND id <> {handle.id}")
        if handle.merge_key is not None and not step.is_new:
            own = "id BETWEEN first_change AND last_change AND operation_id = operations.id"
            count = f"(SELECT count(DISTINCT paper_id) FROM journal WHERE {own})"
            writer.execute(f"UPDATE operations SET change_count = max(1, {count}) WHERE id = ?", (handle.id,))


class Touched(NamedTuple):
    """The tables and papers in some of the journal's rows, and the newest of these rows (0 if there is none).

    Where the columns of a table that were touched are known, they are named instead of it (``states.starred``).
    """

    tables: set[str]
    papers: set[int]
    end: int


def read_touched(writer: Writer, rows: str, parameters: dict[str, int]) -> Touched:
    """What some of the journal's rows touched; they lie between the parameters ``first`` and ``last``."""
    return _read_touched(writer, _TOUCHED.format(first=":first", last=":last", rows=rows), parameters)


def read_touched_since(writer: Writer, start: int) -> Touched:
    """What the journal's rows after one touched."""
    sql = _TOUCHED.format(first=":start", last=_END, rows="FROM journal WHERE id > :start")
    return _read_touched(writer, sql, {"start": start})


def _read_touched(writer: Writer, sql: str, parameters: dict[str, int]) -> Touched:
    found = writer.execute(sql, parameters).fetchall()
    papers = {paper_id for row in found for paper_id in json.loads(row[1]) if paper_id is not None}
    tables = {table for row in found for table in row[0].split()}
    return Touched(tables, papers, max((row[2] for row in found), default=0))


def _change(handle: OperationHandle, title: StepTitle, touched: Touched) -> Change:
    """The change of an operation, or of a part of it, that touched this."""
    if handle.kind == AUTOMATIC:
        return change_of(touched.tables, touched.papers, title, None, NewsKind.AUTOMATIC)
    kind = NewsKind.ARRIVED if handle.kind == SYNC else NewsKind.DONE
    return change_of(touched.tables, touched.papers, title, handle.id, kind)


def journal_end(writer: Writer) -> int:
    """The id of the newest journal row."""
    return int(writer.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0])


def _is_current(writer: Writer, operation_id: int) -> bool:
    """Whether an operation is neither undone nor dropped."""
    row = writer.execute("SELECT undone FROM operations WHERE id = ?", (operation_id,)).fetchone()
    return row is not None and not row[0]


def _last_step_with(writer: Writer, merge_key: str) -> int | None:
    """The last step's id if it has this merge key and nothing after it is undone; what arrived since is passed by."""
    sql = f"SELECT id, merge_key, undone FROM operations WHERE kind <> '{SYNC}' ORDER BY id DESC LIMIT 1"
    row = writer.execute(sql).fetchone()
    return row[0] if row is not None and row[1] == merge_key and not row[2] else None


def drop_steps(writer: Writer, condition: str) -> int:
    """Delete the steps that match a condition, with their images, and report that as news; their number."""
    rows = writer.execute(f"SELECT first_change, last_change, id FROM operations WHERE {condition}").fetchall()
    if rows:
        writer.executemany("DELETE FROM journal WHERE id BETWEEN ? AND ? AND operation_id = ?", rows)
        writer.executemany("DELETE FROM operations WHERE id = ?", [row[2:] for row in rows])
        tell(writer, NewsKind.DROPPED, None, (), ())
    return len(rows)
