"""Separation of two papers that the user merged, from the journal of the merge, even much later (decision 21).

Undo could do it only together with everything that came after. Separation is a step of its own. Each row that the merge
changed goes back if it is still as the merge left it, and stays as it is if the user has changed it since. Text written
after the merge stays with the paper that was kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.schema import BY_NAME, DELETE, INSERT, UPDATE, JournalledTable
from reader.storage.sync.separation import separate, settle
from reader.storage.writer import Writer

# Merges that an import made are left out: separating them would only last until the next import. So are those that
# arrived from another device, whose steps contain much else; these are separated by what devices said of both.
_JOINING = """
SELECT o.id, o.first_change, o.last_change FROM operations o JOIN journal j
    ON j.id BETWEEN o.first_change AND o.last_change AND j.operation_id = o.id
WHERE j.table_name = 'paper_aliases' AND j.action = ? AND j.row_id = ? AND o.undone = 0
    AND o.kind NOT IN ('import', 'sync')
ORDER BY o.id DESC LIMIT 1
"""
_ROWS = """
SELECT action, table_name, row_id, before, after FROM journal
WHERE id BETWEEN ? AND ? AND operation_id = ? ORDER BY id DESC
"""
_Image = Mapping[str, Any]


def split_paper(writer: Writer, key: str) -> StepTitle:
    """Separate the paper that had ``key`` from the one it was merged into; the step's title.

    Raises :class:`NotFoundError` if no paper was merged under this key, and :class:`ReaderError` if the changes of the
    merge are no longer known or can no longer be separated.
    """
    alias = writer.execute("SELECT id, paper_id FROM paper_aliases WHERE key = ?", (key,)).fetchone()
    if alias is None:
        raise NotFoundError(f"No paper with the key {key} was merged.")
    title = writer.execute("SELECT title FROM papers WHERE id = ?", (alias[1],)).fetchone()[0]
    joining = writer.execute(_JOINING, (INSERT, alias[0])).fetchone()
    if joining is None and separate(writer, key):
        return StepKind.SEPARATED(papers=title)
    if joining is None:
        raise ReaderError(
            "These papers cannot be separated: an import or another device merged them, or the merge is older than the "
            "history of steps."
        )
    rows = writer.execute(_ROWS, (joining[1], joining[2], joining[0])).fetchall()
    _check_still_joined(rows, alias)
    try:
        for action, name, row_id, before, after in rows:
            _take_back(writer, BY_NAME[name], action, row_id, (json.loads(before or "{}"), json.loads(after or "{}")))
    except sqlite3.IntegrityError as error:
        raise ReaderError(
            "These papers cannot be separated: one of them has taken the other's arXiv id or key since. "
            "Nothing was changed."
        ) from error
    came_back = [row_id for action, name, row_id, _, _ in rows if action == DELETE and name == "papers"]
    _queue_what_is_queued(writer, [alias[1], *came_back])
    settle(writer, renders=True)
    return StepKind.SEPARATED(papers=title)


def _check_still_joined(rows: list[Any], alias: tuple[int, int]) -> None:
    """Refuse if the paper that was kept has itself been merged into another since."""
    for action, name, row_id, _, after in rows:
        if action == INSERT and name == "paper_aliases" and row_id == alias[0]:
            if json.loads(after)["paper_id"] == alias[1]:
                return
            break
    raise ReaderError("The paper it was merged with was itself merged since. Take that one apart first.")


def _queue_what_is_queued(writer: Writer, papers: list[int]) -> None:
    """Make the queue contain exactly the papers in state queued, whichever of the two rows was restored."""
    queued = "SELECT paper_id FROM states WHERE state = 'queued'"
    for paper_id in papers:
        writer.execute(f"DELETE FROM queue WHERE paper_id = ? AND paper_id NOT IN ({queued})", (paper_id,))
        writer.execute(
            "INSERT INTO queue (paper_id, position) SELECT :paper, (SELECT coalesce(max(position), 0) + 1 FROM queue) "
            f"WHERE :paper IN ({queued}) AND :paper NOT IN (SELECT paper_id FROM queue)",
            {"paper": paper_id},
        )


def _take_back(writer: Writer, table: JournalledTable, action: int, row_id: int, images: tuple[_Image, _Image]) -> None:
    """Restore one row to what it was before the merge, unless it was changed since."""
    before, after = images
    if action == DELETE:
        columns, marks = ", ".join(f'"{column}"' for column in before), ", ".join("?" * len(before))
        # A paper that cannot come back stops everything; an annotation that was made again since does not.
        policy = "" if table.name == "papers" else "OR IGNORE "
        writer.execute(f"INSERT {policy}INTO {table.name} ({columns}) VALUES ({marks})", tuple(before.values()))
    elif action == INSERT:
        same = "".join(f' AND "{column}" IS ?' for column in after)
        writer.execute(f"DELETE FROM {table.name} WHERE {table.key} = ?{same}", (row_id, *after.values()))
    elif action == UPDATE and table.lenient:
        for column, value in before.items():
            sql = f'UPDATE {table.name} SET "{column}" = ? WHERE {table.key} = ? AND "{column}" IS ?'
            writer.execute(sql, (value, row_id, after[column]))
    elif action == UPDATE:
        assignments = ", ".join(f'"{column}" = ?' for column in before)
        same = "".join(f' AND "{column}" IS ?' for column in after)
        sql = f"UPDATE {table.name} SET {assignments} WHERE {table.key} = ?{same}"
        writer.execute(sql, (*before.values(), row_id, *after.values()))
