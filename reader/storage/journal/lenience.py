"""What a replay does about rows that have changed since because something arrived from another device.

Such a row is left as it is and named; what anything else has changed is refused as ever. Three things are left whole,
because half of them would be wrong: a listing, the order of the queue, and a step that joined or separated papers.

What is left is noted in the journal, under the operation that arrived and with the action LEFT, so that later undos and
redos of the same row know that it is not as their images say.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator
from itertools import chain

from reader.domain.step_titles import StepTitle
from reader.storage.journal.journal import SYNC
from reader.storage.journal.obstacles import obstacles, row_of
from reader.storage.journal.replay import Action, Image, Operation, RefusalError, in_words, update
from reader.storage.schema import ANYTHING, BY_NAME, DELETE, LEFT, JournalledTable
from reader.storage.writer import Writer, id_list

OF_LISTINGS = ("sightings", "earlier_sightings", "listing_problems", "listing_fetches")
"""Rows that go with their listing."""
_OF_PAPERS = {"former_titles", "further_dois"}
_SINCE = """
FROM operations o JOIN journal j ON j.id BETWEEN max(o.first_change, :first) AND o.last_change
    AND j.operation_id = o.id
"""
_CHANGED = f"SELECT j.table_name, j.row_id, max(j.id), o.id {_SINCE} WHERE {{which}} GROUP BY 1, 2"
_LISTING = "coalesce(x.listing_id, json_extract(j.before, '$.listing_id'), json_extract(j.after, '$.listing_id'))"
_QUEUED = "SELECT paper_id FROM states WHERE state = 'queued'"

_MARKS = (("state", "changed", "bulk"), ("starred", "starred_changed"), ("buried_until",))
_NO_MARKS = {"state": "inbox", "starred": 0, "bulk": 0} | dict.fromkeys(("changed", "starred_changed", "buried_until"))
_RENUMBER = """
UPDATE queue SET position = place FROM
    (SELECT paper_id AS id, row_number() OVER (ORDER BY position, paper_id) AS place FROM queue) WHERE id = paper_id
"""
_LISTED = "(SELECT value FROM json_each(:papers))"
_Found = tuple[int, int]
"""A row of the journal, and the operation that arrived to which it belongs."""


def arrived_since(writer: Writer, first: int) -> bool:
    """Whether something has arrived since a row of the journal was written."""
    sql = f"SELECT 1 FROM operations WHERE kind = '{SYNC}' AND last_change > ?"
    return writer.execute(sql, (first,)).fetchone() is not None


def arrive_without_images(writer: Writer, title: StepTitle, operation_id: int | None, papers: int) -> int:
    """Put something that arrived into the history of which no images were kept; the operation's id.

    Every row that is replayed later and does not fit counts as changed by it. With an ``operation_id`` it goes on.
    """
    if operation_id is None:
        row = {"title": "[]", "kind": SYNC, "time": writer.now}
        operation_id = writer.insert("operations", row)
    image = {"operation_id": operation_id, "action": LEFT, "table_name": ANYTHING, "row_id": 0}
    number = writer.insert("journal", image)
    writer.execute(
        "UPDATE operations SET title = ?, first_change = coalesce(first_change, ?), last_change = ?, change_count = ? "
        "WHERE id = ?",
        (title.stored(), number, number, max(1, papers), operation_id),
    )
    return operation_id


def is_without_images(writer: Writer, operation: Operation) -> bool:
    """Whether an operation is of :func:`arrive_without_images`."""
    sql = f"SELECT 1 {operation.ROWS} AND table_name = '{ANYTHING}'"
    return writer.execute(sql, operation.parameters).fetchone() is not None


class Lenience:
    """For one call of undo or redo: which rows were changed by what arrived, and which of them were left."""

    def __init__(self, writer: Writer, first: int, which: str = f"o.kind = '{SYNC}'") -> None:
        """``first`` is the oldest row of the journal that is replayed; ``which`` is SQL for what counts."""
        self._writer, self._first, self._which = writer, first, which
        self._arrived: dict[tuple[str, int], _Found] = {}
        for table, row_id, journal_id, operation in writer.execute(_CHANGED.format(which=which), {"first": first}):
            self._arrived[table, row_id] = (journal_id, operation)
        for whole in {(table, 0) for table, _ in self._arrived if table in ("queue", ANYTHING)}:
            self._arrived[whole] = max(found for (table, _), found in self._arrived.items() if table == whole[0])
        self._listings = self._touched_listings()
        self._held: dict[tuple[str, int], int] = {}
        self._left: dict[tuple[str, int], int] = {}
        self._left_papers: set[int] = set()
        self.stayed: dict[tuple[str, int], tuple[int | None, int]] = {}
        """The rows that were left and are not as wanted: their papers, and the operations that arrived."""

    def replay(self, operation: Operation, kept: Collection[int], carry_out: Callable[[Collection[int]], None]) -> None:
        """Replay an operation, given the papers that stay.

        A step that joined or separated papers is replayed whole, or left whole.
        """
        self._left, self._left_papers, before = {}, set(), dict(self.stayed)
        self._held = dict(self._rows_of_touched_listings(operation)) if self._listings else {}
        joins = self._joins(operation)
        self._writer.execute("SAVEPOINT replay")
        try:
            if not (joins and kept):
                carry_out(kept)
            if joins and (kept or self.stayed != before):
                self._writer.execute("ROLLBACK TO replay")
                self.stayed = before
                self._leave_whole(operation)
            else:
                self._settle(operation)
        finally:
            self._writer.execute("RELEASE replay")

    def rows(self, table: str) -> str:
        """The rows of a table that were changed, for ``json_each``."""
        return id_list(row_id for name, row_id in self._arrived if name == table)

    @property
    def listings(self) -> str:
        """The listings that were changed, for ``json_each``."""
        return id_list(self._listings)

    def carry_out(self, action: Action, table: JournalledTable, images: list[Image]) -> None:
        """Replay images, and leave those that do not fit because of what arrived; else raises :class:`RefusalError`."""
        images = [image for image in images if not self._is_held(table, image)]
        if not images or self._attempt(action, table, images):
            return
        is_order = table.name == "queue" and action is update
        for image in images:
            if is_order or len(images) == 1 or not self._attempt(action, table, [image]):
                self._leave(table, image)

    def _joins(self, operation: Operation) -> bool:
        """Whether an operation joined or separated papers."""
        sql = f"SELECT 1 {operation.ROWS} AND table_name = 'paper_aliases' LIMIT 1"
        return self._writer.execute(sql, operation.parameters).fetchone() is not None

    def _leave_whole(self, operation: Operation) -> None:
        """Leave all rows of the operation, which was rolled back, because of those that did not fit."""
        reason = max(self._left.values(), default=self._newest())
        rows = f"SELECT DISTINCT table_name, row_id, paper_id {operation.ROWS}"
        found = self._writer.execute(rows, operation.parameters).fetchall()
        for table, row_id, paper_id in found:
            self._note(table, row_id, paper_id, reason)
            self.stayed[table, row_id] = (paper_id, reason)

    def leave_papers(self, operation: Operation, papers: Collection[int]) -> None:
        """Name papers that an operation has not deleted again because of what arrived."""
        rows = f"SELECT table_name, row_id, paper_id {operation.ROWS} AND action = {DELETE} AND paper_id IN "
        given = {**operation.parameters, "papers": id_list(papers)}
        for table, row_id, paper_id in self._writer.execute(rows + _LISTED, given).fetchall():
            if BY_NAME[table].content and table not in OF_LISTINGS:
                self._note(table, row_id, paper_id, self._newest())
        self.stayed.update({("papers", paper_id): (paper_id, self._newest()) for paper_id in papers})

    def _settle(self, operation: Operation) -> None:
        """Bring rows that have to fit together into order again, of which some arrived and others were replayed."""
        own = f"SELECT paper_id {operation.ROWS} AND table_name IN ('states', 'queue')"
        last = "(SELECT coalesce(max(position), 0) FROM queue)"
        for sql in (
            f"DELETE FROM queue WHERE paper_id IN ({own}) AND paper_id NOT IN ({_QUEUED}) RETURNING paper_id",
            f"INSERT INTO queue (paper_id, position) SELECT paper_id, {last} + row_number() OVER (ORDER BY changed, "
            f"paper_id) FROM states WHERE state = 'queued' AND paper_id IN ({own}) AND paper_id NOT IN "
            "(SELECT paper_id FROM queue) RETURNING paper_id",
        ):
            for (paper_id,) in self._writer.execute(sql, operation.parameters).fetchall():
                self._note("queue", paper_id, paper_id, self._newest())
        if self._writer.execute("SELECT count(*) > count(DISTINCT position) FROM queue").fetchone()[0]:
            self._writer.execute(_RENUMBER)
            self._note("queue", 0, None, self._newest())
        for table, column in (("tags", "favorite"), ("saved_searches", "number")):
            rows = f"SELECT row_id {operation.ROWS} AND table_name = '{table}'"
            sql = (
                f"UPDATE {table} SET {column} = NULL WHERE id IN ({rows}) AND {column} IN "
                f"(SELECT {column} FROM {table} GROUP BY 1 HAVING count(*) > 1) RETURNING id"
            )
            for (row_id,) in self._writer.execute(sql, operation.parameters).fetchall():
                self._note(table, row_id, None, self._newest())

    def _newest(self) -> int:
        """The operation that arrived last."""
        return max(self._arrived.values(), default=(0, 0))[1]

    def _attempt(self, action: Action, table: JournalledTable, images: list[Image]) -> bool:
        """Carry out an action whole or not at all."""
        self._writer.execute("SAVEPOINT attempt")
        try:
            action(self._writer, table, images)
        except (RefusalError, sqlite3.IntegrityError):
            self._writer.execute("ROLLBACK TO attempt")
            return False
        finally:
            self._writer.execute("RELEASE attempt")
        return True

    def _is_held(self, table: JournalledTable, image: Image) -> bool:
        """Whether a row is left with its listing or paper, and if so leave it."""
        held = self._held.get((table.name, image.row_id))
        if held is None and image.paper_id in self._left_papers and table.name in _OF_PAPERS:
            held = self._left["papers", image.paper_id or 0]
        if held is None:
            return False
        self._put_aside(table, image, held)
        return True

    def _leave(self, table: JournalledTable, image: Image) -> None:
        """Leave a row that does not fit, if that is due to what arrived."""
        places = [(table.name, image.row_id), *obstacles(self._writer, table, image)]
        reason = next(filter(None, (self._reason(place, image.journal_id) for place in places)), None)
        if reason is None:
            raise RefusalError(in_words(table.name))
        if table.name == "states" and self._set_marks(image):
            self._left[table.name, image.row_id] = reason
            self._note(table.name, image.row_id, image.paper_id, reason)
            return
        self._put_aside(table, image, reason)

    def _set_marks(self, image: Image) -> bool:
        """Of a row that was made or deleted with the first or last mark of a paper, replay those that fit.

        A star that was set elsewhere does not keep a verdict from being undone. Whether all of them fit.
        """
        row = row_of(self._writer, BY_NAME["states"], image.row_id)
        if not row or bool(image.present) == bool(image.wanted):
            return False
        before, after = {**_NO_MARKS, **image.present}, {**_NO_MARKS, **image.wanted}
        marks = [mark for mark in _MARKS if any(before[column] != after[column] for column in mark)]
        fitting = [mark for mark in marks if all(row[column] == before[column] for column in mark)]
        for column in chain.from_iterable(fitting):
            sql = f"UPDATE states SET {column} = ? WHERE paper_id = ?"
            self._writer.execute(sql, (after[column], image.row_id))
        return len(fitting) == len(marks)

    def _reason(self, place: tuple[str, int], journal_id: int) -> int | None:
        """The operation that arrived and changed a row after a row of the journal was written."""
        keys = [place, (ANYTHING, 0), *[("queue", 0)] * (place[0] == "queue")]
        found = max((self._arrived[key] for key in keys if key in self._arrived), default=(0, 0))
        return found[1] if found[0] > journal_id else None

    def _put_aside(self, table: JournalledTable, image: Image, operation: int) -> None:
        if not _is_as_wanted(self._writer, table, image):
            self.stayed[table.name, image.row_id] = (image.paper_id, operation)
        self._left[table.name, image.row_id] = operation
        if table.name == "papers":
            self._left_papers.add(image.row_id)
        self._note(table.name, image.row_id, image.paper_id, operation)

    def _note(self, table: str, row_id: int, paper_id: int | None, operation: int) -> None:
        """Note in the journal that a row was left because of an operation that arrived."""
        sql = "INSERT INTO journal (operation_id, action, table_name, row_id, paper_id) VALUES (?, ?, ?, ?, ?)"
        number = self._writer.execute(sql, (operation, LEFT, table, row_id, paper_id)).lastrowid or 0
        self._writer.execute("UPDATE operations SET last_change = ? WHERE id = ?", (number, operation))
        self._arrived[table, row_id] = (number, operation)
        if table == "queue":
            self._arrived["queue", 0] = (number, operation)

    def _touched_listings(self) -> dict[int, _Found]:
        """The listings that were changed themselves or in what they contain."""
        touched = {row_id: found for (table, row_id), found in self._arrived.items() if table == "listings"}
        for table in OF_LISTINGS:
            if any(name == table for name, _ in self._arrived):
                sql = f"SELECT {_LISTING} AS listing, max(j.id), o.id {_SINCE} AND j.table_name = '{table}' "
                sql += f"LEFT JOIN {table} x ON x.id = j.row_id WHERE {self._which} GROUP BY 1"
                for listing, *found in self._writer.execute(sql, {"first": self._first}):
                    if listing is not None:
                        touched[listing] = max(touched.get(listing, (0, 0)), (found[0], found[1]))
        return touched

    def _rows_of_touched_listings(self, operation: Operation) -> Iterator[tuple[tuple[str, int], int]]:
        """The operation's rows of such listings, and what arrived to change them."""
        queries = ["SELECT j.table_name, j.row_id, j.row_id, j.id FROM journal j WHERE j.table_name = 'listings'"]
        queries += [
            f"SELECT j.table_name, j.row_id, {_LISTING}, j.id FROM journal j "
            f"LEFT JOIN {table} x ON x.id = j.row_id WHERE j.table_name = '{table}'"
            for table in OF_LISTINGS
        ]
        for query in queries:
            sql = f"{query} AND j.id BETWEEN :first AND :last AND j.operation_id = :operation"
            for table, row_id, listing, journal_id in self._writer.execute(sql, operation.parameters):
                if (found := self._listings.get(listing)) is not None and found[0] > journal_id:
                    yield (table, row_id), found[1]


class AnyLenience(Lenience):
    """For taking back an operation that arrived: whatever changed since is left, and nothing needs to be noted."""

    def __init__(self, writer: Writer, operation: Operation) -> None:
        """All that was done since then counts."""
        super().__init__(writer, operation.first, f"o.id <> {operation.id:d}")
        self._operation = operation.id

    def _newest(self) -> int:
        return self._operation

    def _reason(self, place: tuple[str, int], journal_id: int) -> int | None:
        return self._operation

    def _note(self, table: str, row_id: int, paper_id: int | None, operation: int) -> None:
        """Nothing: the step that is being made has images of all that it does."""


def _is_as_wanted(writer: Writer, table: JournalledTable, image: Image) -> bool:
    """Whether a row that was left is what the replay would have made of it."""
    present = row_of(writer, table, image.row_id)
    if not image.wanted:
        return not present
    return bool(present) and all(present[column] == value for column, value in image.wanted.items())
