"""Triggers for journal images, for derived tables, for papers to be indexed, and for what is to be synchronised.

They are generated from the present schema, because rebuilding a table silently drops its triggers. At every opening
they are compared with the existing ones and replaced if they differ. The journal's triggers follow SQLite's documented
undo technique (https://sqlite.org/undoredo.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from reader.storage.schema import DELETE, INSERT, JOURNALLED, UPDATE, JournalledTable
from reader.storage.sync.capture import capture_triggers

_RECORDING = "(SELECT operation_id FROM recording)"
_HANDLED = """DELETE FROM handled WHERE paper_id = {paper};
INSERT INTO handled (paper_id, settled) SELECT {paper}, max(settled) FROM
    (SELECT 1 AS settled FROM states WHERE paper_id = {paper} AND state <> 'inbox'
    UNION ALL SELECT imported FROM seen WHERE paper_id = {paper})
HAVING count(*) > 0"""


def install_triggers(db: Database) -> bool:
    """Bring the triggers up to date; True if any had to be changed. Call it in a transaction."""
    expected = dict(_expected_triggers(db))
    present = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    if expected == present:
        return False
    for name in present.keys() - expected.keys() | {name for name in expected if present.get(name) != expected[name]}:
        db.execute(f'DROP TRIGGER IF EXISTS "{name}"')
    for name, sql in expected.items():
        if present.get(name) != sql:
            db.execute(sql)
    return True


def triggers_are_right(db: Database) -> bool:
    """Whether the triggers are up to date; only reads."""
    present = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    return dict(_expected_triggers(db)) == present


def columns_of(db: Database, table: str) -> list[str]:
    """A table's columns, including its key."""
    return [row[1] for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()]


def row_image(row: str, columns: list[str]) -> str:
    """SQL for the JSON image of a row (``NEW``, ``OLD`` or an alias)."""
    pairs = ", ".join(f"'{column}', {row}.\"{column}\"" for column in columns)
    return f"json_object({pairs})"


def _expected_triggers(db: Database) -> Iterator[tuple[str, str]]:
    """The SQL of every trigger, by name."""
    for table in JOURNALLED:
        yield from _journal_triggers(table, columns_of(db, table.name))
    yield from _handled_triggers()
    yield _trigger("muted_papers_delete", "DELETE ON papers", "DELETE FROM muted WHERE paper_id = OLD.id")
    yield from _pending_triggers()
    yield from capture_triggers(db)


def _journal_triggers(table: JournalledTable, columns: list[str]) -> Iterator[tuple[str, str]]:
    """The triggers that write a table's images under the operation being recorded, if there is one."""
    inserted = "NULL" if table.content else row_image("NEW", columns)
    data = [column for column in columns if column != table.key]
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in data)
    yield _journal_trigger(table, "insert", "NEW", f"{INSERT}, NULL, {inserted}", "")
    images = f"{UPDATE}, {_changed_image('OLD', data)}, {_changed_image('NEW', data)}"
    yield _journal_trigger(table, "update", "NEW", images, f" AND ({changed})")
    yield _journal_trigger(table, "delete", "OLD", f"{DELETE}, {row_image('OLD', columns)}, NULL", "")


def _journal_trigger(table: JournalledTable, event: str, row: str, images: str, condition: str) -> tuple[str, str]:
    """One journal trigger: its name and its SQL."""
    name = f"journal_{table.name}_{event}"
    paper = f"{row}.{table.paper}" if table.paper else "NULL"
    return name, (
        f"CREATE TRIGGER {name} AFTER {event.upper()} ON {table.name} "
        f"WHEN {_RECORDING} IS NOT NULL{condition} BEGIN "
        f"INSERT INTO journal (operation_id, table_name, row_id, paper_id, action, before, after) "
        f"VALUES ({_RECORDING}, '{table.name}', {row}.{table.key}, {paper}, {images}); END"
    )


def _changed_image(row: str, columns: list[str]) -> str:
    """SQL for a JSON image of only the changed columns of a row, because texts may be long."""
    parts = " || ".join(
        f'CASE WHEN OLD."{column}" IS NOT NEW."{column}" THEN \',"{column}":\' || json_quote({row}."{column}") '
        f"ELSE '' END"
        for column in columns
    )
    return f"'{{' || substr({parts}, 2) || '}}'"


def _handled_triggers() -> Iterator[tuple[str, str]]:
    """Triggers of ``handled``, the papers that were seen or decided, so that inbox and listings are counted fast.

    ``settled`` papers are those that the inbox leaves out: decided, or imported as seen.
    """
    new, old = _HANDLED.format(paper="NEW.paper_id"), _HANDLED.format(paper="OLD.paper_id")
    yield _trigger("handled_seen_insert", "INSERT ON seen", new)
    yield _trigger("handled_seen_update", "UPDATE OF imported ON seen WHEN NEW.imported <> OLD.imported", new)
    yield _trigger("handled_seen_delete", "DELETE ON seen", old)
    yield _trigger("handled_states_insert", "INSERT ON states WHEN NEW.state <> 'inbox'", new)
    yield _trigger("handled_states_update", "UPDATE OF state ON states WHEN NEW.state <> OLD.state", new)
    yield _trigger("handled_states_delete", "DELETE ON states WHEN OLD.state <> 'inbox'", old)


def _pending_triggers() -> Iterator[tuple[str, str]]:
    """Triggers of ``index_pending``, the papers whose text changed since the index's last commit."""
    yield _trigger("pending_papers_insert", "INSERT ON papers", _pending("papers", "NEW.id"))
    text = "title, abstract, authors, organization_account, organization_name"
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in text.split(", "))
    yield _trigger("pending_papers_update", f"UPDATE OF {text} ON papers WHEN {changed}", _pending("papers", "NEW.id"))
    yield _trigger("pending_papers_delete", "DELETE ON papers", _pending("papers", "OLD.id"))
    for table in ("notes", "highlights"):
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            body = _pending("annotations", f"{row}.paper_id")
            yield _trigger(f"pending_{table}_{event.lower()}", f"{event} ON {table}", body)
    moved = _pending("annotations", "OLD.paper_id")
    yield _trigger(
        "pending_highlights_move", "UPDATE OF paper_id ON highlights WHEN OLD.paper_id <> NEW.paper_id", moved
    )


def _pending(part: str, paper: str) -> str:
    """SQL that records a paper as pending under a new id, so that clearing up to an older mark keeps it."""
    return (
        f"DELETE FROM index_pending WHERE part = '{part}' AND paper_id = {paper}; "
        f"INSERT INTO index_pending (part, paper_id) VALUES ('{part}', {paper})"
    )


def _trigger(name: str, event: str, body: str) -> tuple[str, str]:
    """A trigger's name and SQL."""
    return name, f"CREATE TRIGGER {name} AFTER {event} BEGIN {body}; END"
