"""Operations: one step is one transaction (an import: one per file), whose changes row triggers record.

While ``recording`` names an operation, the triggers write before and after images of every changed row under it. The
name is set and cleared inside the transaction, so that a crash leaves neither a half-recorded step nor an active
recording. Automatic changes are recorded only to learn which papers they touched; then their images are dropped.

Every transaction begins by writing to ``recording``, so that SQLite waits for another process's write to end instead of
failing later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from operator import itemgetter
from pathlib import Path

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
KEPT_STEPS = 1_000
KEPT_TIME = timedelta(days=90)
_TURN_SECONDS = 0.25
"""The seconds for which a long step may keep waiting processes from writing."""


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
    earlier: Change = field(default_factory=Change)
    """The changes made before it last let others write."""


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
                    step = self._begin_part(outer, title)
                    whole, self._whole = self._whole, None
                    try:
                        yield step
                    finally:
                        self._whole = whole
                    step.change = self._change_since(step.start, outer, step.title)
                return
            known_id = handle.id
            try:
                with self._db.atomic():
                    self._open, self._owner = handle, threading.get_ident()
                    self._start_recording(handle)
                    step = self._whole = self._begin_part(handle, title or handle.title)
                    yield step
                    self._finish(step)
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
        operation_id, step.handle.merge_key = step.handle.id, None
        self._start_recording(step.handle)
        if step.handle.id != operation_id:
            raise LibraryError("It was undone by another process while it was under way.")
        step.start, step.earlier = journal_end(writer), step.change
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
        """Delete whole steps that are neither among the newest 1,000 nor younger than 90 days; their number."""
        oldest = iso_time(self.writer.clock() - KEPT_TIME)
        with self.unrecorded() as writer:
            newest = f"SELECT id FROM operations ORDER BY id DESC LIMIT {KEPT_STEPS}"
            return drop_steps(writer, f"time < '{oldest}' AND id NOT IN ({newest})")

    def _begin_writing(self) -> None:
        """Get SQLite's lock, after processes that asked earlier."""
        with self._turn.taken():
            self.writer.execute("UPDATE recording SET operation_id = NULL")
        self._since = time.monotonic()

    def _start_recording(self, handle: OperationHandle) -> None:
        """Tell the triggers which operation to record, creating its row if needed."""
        writer = self.writer
        self._begin_writing()
        if handle.id is not None and not _is_current(writer, handle.id):
            handle.id = None
        if handle.id is None and handle.merge_key is not None:
            handle.id = _last_step_with(writer, handle.merge_key)
        if handle.id is None:
            row = (handle.title.stored(), handle.kind, writer.now, handle.merge_key)
            cursor = writer.execute("INSERT INTO operations (title, kind, time, merge_key) VALUES (?, ?, ?, ?)", row)
            handle.id = cursor.lastrowid
        writer.execute("UPDATE recording SET operation_id = ?", (handle.id,))

    def _begin_part(self, handle: OperationHandle, title: StepTitle) -> Step:
        """A step that begins at the journal's present end."""
        return Step(self.writer, handle, title, journal_end(self.writer), Change(title))

    def _finish(self, step: Step) -> None:
        """End the recording; keep the operation if anything changed, and return its change."""
        writer, handle = self.writer, step.handle
        title = handle.title or step.title
        writer.execute("UPDATE recording SET operation_id = NULL")
        tables, papers = read_touched(writer, "FROM journal WHERE id > :start", {"start": step.start})
        is_step = handle.kind != AUTOMATIC
        change = change_of(tables, papers, title, handle.id if is_step else None)
        step.change = handle.change = change.joined_with(step.earlier)
        end = journal_end(writer)
        if end > step.start:
            writer.execute(
                "UPDATE operations SET title = ?, time = ?, first_change = coalesce(first_change, ?), last_change = ?, "
                "change_count = change_count + ? WHERE id = ?",
                (title.stored(), writer.now, step.start + 1, end, len(papers) or 1, handle.id),
            )
        if end > step.start:
            tell(writer, NewsKind.DONE if is_step else NewsKind.AUTOMATIC, step.change.operation_id, tables, papers)
        if not is_step or not _has_changes(writer, handle.id):
            _drop_operations(writer, f"id = {handle.id}")
            handle.id = None
        elif end > step.start:
            drop_steps(writer, f"undone = 1 AND id <> {handle.id}")
            if handle.merge_key is not None:
                own = "id BETWEEN first_change AND last_change AND operation_id = operations.id"
                count = f"(SELECT count(DISTINCT paper_id) FROM journal WHERE {own})"
                writer.execute(f"UPDATE operations SET change_count = max(1, {count}) WHERE id = ?", (handle.id,))

    def _change_since(self, start: int, handle: OperationHandle, title: StepTitle) -> Change:
        """The changes that the journal has after ``start``."""
        touched = read_touched(self.writer, "FROM journal WHERE id > :start", {"start": start})
        return change_of(*touched, title, None if handle.kind == AUTOMATIC else handle.id)


def read_touched(writer: Writer, rows: str, parameters: dict[str, int]) -> tuple[set[str], set[int]]:
    """The tables and papers in some of the journal's rows."""
    tables = {row[0] for row in writer.execute(f"SELECT DISTINCT table_name {rows}", parameters)}
    papers = set(map(itemgetter(0), writer.execute(f"SELECT paper_id {rows}", parameters)))
    return tables, papers - {None}


def journal_end(writer: Writer) -> int:
    """The id of the newest journal row."""
    return int(writer.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0])


def _has_changes(writer: Writer, operation_id: int | None) -> bool:
    """Whether an operation has changed anything in any of its transactions."""
    row = writer.execute("SELECT first_change FROM operations WHERE id = ?", (operation_id,)).fetchone()
    return row is not None and row[0] is not None


def _is_current(writer: Writer, operation_id: int) -> bool:
    """Whether an operation is neither undone nor dropped."""
    row = writer.execute("SELECT undone FROM operations WHERE id = ?", (operation_id,)).fetchone()
    return row is not None and not row[0]


def _last_step_with(writer: Writer, merge_key: str) -> int | None:
    """The last step's id if it has this merge key and nothing after it is undone."""
    row = writer.execute("SELECT id, merge_key, undone FROM operations ORDER BY id DESC LIMIT 1").fetchone()
    return row[0] if row is not None and row[1] == merge_key and not row[2] else None


def drop_steps(writer: Writer, condition: str) -> int:
    """Delete the steps that match a condition, and report that as news; their number."""
    count = _drop_operations(writer, condition)
    if count:
        tell(writer, NewsKind.DROPPED, None, (), ())
    return count


def _drop_operations(writer: Writer, condition: str) -> int:
    """Delete the operations that match a condition, with their images; their number."""
    rows = writer.execute(f"SELECT first_change, last_change, id FROM operations WHERE {condition}").fetchall()
    writer.executemany("DELETE FROM journal WHERE id BETWEEN ? AND ? AND operation_id = ?", rows)
    writer.executemany("DELETE FROM operations WHERE id = ?", [row[2:] for row in rows])
    return len(rows)
