"""Papers that would go with what is undone or redone, and which of them stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reader.storage.journal.lenience import OF_LISTINGS, Lenience
from reader.storage.journal.replay import Operation, Row
from reader.storage.journal.triggers import columns_of, row_image
from reader.storage.schema import BY_NAME, KEEPING_TABLES, REMOVED, UPDATE
from reader.storage.writer import Writer, id_list


def papers_to_keep(writer: Writer, operation: Operation, action: int, lenience: Lenience | None) -> set[int]:
    """Papers that must stay though the operation's images of them, of this ``action``, would delete them.

    They have annotations that it did not make or that arrived, or are in a listing that it did not bring or that is
    left. Whatever the operation moved to them, as separating merged papers does, goes back.
    """
    parameters = {**operation.parameters, "action": action}
    own = f"SELECT row_id {operation.ROWS} AND action = :action AND table_name = '{{}}'"
    papers, listings = own.format("papers"), own.format("listings")
    if writer.execute(f"{papers} LIMIT 1", parameters).fetchone() is None:
        return set()
    touched = f"SELECT row_id {operation.ROWS} AND action IN (:action, {UPDATE}) AND table_name = '{{}}'"
    queries = [
        f"SELECT paper_id FROM {table.name} WHERE paper_id IN ({papers}) "
        f"AND ({table.key} NOT IN ({touched.format(table.name)}) "
        f"OR {table.key} IN (SELECT value FROM json_each(:in_{table.name})))"
        for table in KEEPING_TABLES
    ]
    queries.append(
        f"SELECT paper_id FROM sightings WHERE paper_id IN ({papers}) AND (listing_id NOT IN ({listings}) "
        f"AND id NOT IN ({touched.format('sightings')}) OR listing_id IN (SELECT value FROM json_each(:held)))"
    )
    arrived = {f"in_{table.name}": lenience.rows(table.name) if lenience else "[]" for table in KEEPING_TABLES}
    given = {**parameters, **arrived, "held": lenience.listings if lenience else "[]"}
    return {row[0] for query in queries for row in writer.execute(query, given)}


def remove_seen(writer: Writer, operation: Operation, kept: Collection[int]) -> None:
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


def leave_out(rows: Iterator[Row], kept: Collection[int]) -> Iterable[Row]:
    """The journal rows without those on what listings said of papers that stay."""
    return (row for row in rows if not _is_of(row, kept)) if kept else rows


def _is_of(row: Row, kept: Collection[int]) -> bool:
    return row[3] in kept and row[1] not in OF_LISTINGS and BY_NAME[row[1]].content
