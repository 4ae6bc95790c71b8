"""What a library says, in words that mean the same in every library: without row numbers and what is private."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from reader.storage.sync_uids import uid_of

PRIVATE = {"taste_wishes", "taste_examples", "topics", "label_colors"}
"""Journalled tables that are not synchronised."""
NAMED = {"paper_id": "papers", "listing_id": "listings", "first_listing_id": "listings", "tag_id": "tags",
         "label_id": "highlight_labels", "document_id": "documents"}  # fmt: skip
"""The columns that name a row of another table by its number."""
NAMES = {"listings": "sha256", "tags": "fold", "highlight_labels": "fold", "documents": "sha256"}
_UIDS = "SELECT local, uid FROM sync_entities WHERE kind = 0 AND local IS NOT NULL"
_SAME = """
SELECT e.uid, h.value FROM sync_heads h JOIN sync_entities e ON e.id = h.entity AND e.kind = 0
JOIN sync_fields f ON f.id = h.field AND f.name = 'same' JOIN sync_devices d ON d.id = h.device
WHERE h.value IS NOT NULL AND h.value <> 'null' ORDER BY h.time, d.device, h.number
"""
LOCAL = {
    "papers": {"key"},
    "notes": {"revision"},
    "queue": {"position"},
    "saved_searches": {"position"},
    "highlight_labels": {"position"},
    "highlights": {"changed", "prefix", "suffix"},
}
"""Columns that each library numbers, or dates, for itself; order by hand is compared as an order."""
DERIVED = ("handled",)

Tables = dict[str, list[tuple[Any, ...]]]


def tables(path: Path, names: list[str]) -> Tables:
    """Every row of the journalled tables ``names`` but those that are private, and the derived ones."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        known = {
            table: {row["id"]: row[column] for row in connection.execute(f"SELECT id, {column} FROM {table}")}
            for table, column in NAMES.items()
        }
        # Papers of one title get their keys in the order of their coming, so only their uids mean the same everywhere.
        known["papers"] = _paper_names(connection)
        said = {name: _rows(connection, name, known) for name in names if name not in {*PRIVATE, "paper_aliases"}}
        said |= {name: _rows(connection, name, known) for name in DERIVED}
        said["order of the queue"] = [
            (known["papers"][row[0]],) for row in connection.execute("SELECT paper_id FROM queue ORDER BY position")
        ]
        for table in ("saved_searches", "highlight_labels"):
            said[f"order of {table}"] = [
                tuple(row) for row in connection.execute(f"SELECT name FROM {table} ORDER BY position, name")
            ]
        return said


def _paper_names(connection: sqlite3.Connection) -> dict[int, str]:
    """A name for each paper's row: the smallest uid of all that are the same."""
    pointers = {uid_of(row[0]): json.loads(row[1]) for row in connection.execute(_SAME)}
    groups: dict[str, set[str]] = {}
    for uid, other in pointers.items():
        group = groups.get(uid, {uid}) | groups.get(other, {other})
        groups |= dict.fromkeys(group, group)
    uids = {row[0]: uid_of(row[1]) for row in connection.execute(_UIDS)}
    return {row: min(groups.get(uid, {uid})) for row, uid in uids.items()}


def _rows(connection: sqlite3.Connection, table: str, known: dict[str, dict[int, str]]) -> list[tuple[Any, ...]]:
    rows = []
    for row in connection.execute(f"SELECT * FROM {table}"):
        values = {
            name: known[NAMED[name]].get(row[name]) if name in NAMED else row[name]
            for name in row.keys()  # noqa: SIM118 (a row is no mapping)
            if name != "id" and name not in LOCAL.get(table, ())
        }
        if table == "states" and _is_default(values):
            continue
        named = {"paper": known["papers"].get(row["id"])} if table == "papers" else {}
        rows.append(tuple((named | values).items()))
    return sorted(rows, key=repr)


def _is_default(row: dict[str, Any]) -> bool:
    """Whether a row of states says no more than no row."""
    marks = ("starred", "changed", "starred_changed", "buried_until")
    return row["state"] == "inbox" and not any(row[name] for name in marks)


def differences(one: Tables, other: Tables) -> dict[str, list[str]]:
    """What the tables of two libraries do not share, by table, for reading."""
    found = {}
    for name in one:
        if one[name] == other[name]:
            continue
        if name.startswith("order of"):
            found[name] = [str(one[name]), str(other[name])]
            continue
        mine, theirs = Counter(map(repr, one[name])), Counter(map(repr, other[name]))
        rows = [(row, "-") for row in one[name] if repr(row) in mine - theirs]
        rows += [(row, "+") for row in other[name] if repr(row) in theirs - mine]
        rows.sort(key=repr)
        found[name] = [f"{side} {_brief(row, [each for each, _ in rows])}" for row, side in rows]
    return found


def _brief(row: tuple[Any, ...], among: list[tuple[Any, ...]]) -> str:
    """A row without what it shares with the others that have the same first value, texts cut short."""
    alike = [dict(each) for each in among if each is not row and each[0] == row[0]]
    parts = [(name, value) for name, value in row if not alike or any(each[name] != value for each in alike)]
    return ", ".join(f"{name}: {str(value)[:70]}" for name, value in dict([row[0], *parts]).items())


def broken(path: Path) -> list[str]:
    """What is wrong in a library by itself: references to nothing, and a queue that is not the queued papers."""
    with closing(sqlite3.connect(path)) as connection:
        found = [
            f"{row[0]} {row[1]} names no row of {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")
        ]
        queued = {row[0] for row in connection.execute("SELECT paper_id FROM states WHERE state = 'queued'")}
        standing = {row[0] for row in connection.execute("SELECT paper_id FROM queue")}
        found += [f"paper {paper} is queued or in the queue, not both" for paper in queued ^ standing]
        settled = dict(connection.execute("SELECT paper_id, imported FROM seen"))
        settled |= dict(connection.execute("SELECT paper_id, 1 FROM states WHERE state <> 'inbox'"))
        handled = dict(connection.execute("SELECT paper_id, settled FROM handled"))
        found += [f"handled is wrong about {paper}" for paper in {p for p, _ in settled.items() ^ handled.items()}]
        twice = "SELECT position FROM queue GROUP BY position HAVING count(*) > 1"
        found += [f"two papers at {row[0]} of the queue" for row in connection.execute(twice)]
        return found


def tokens(connection: sqlite3.Connection) -> Counter[str]:
    """The words ``n123;`` of notes, ``h123;`` of highlights' comments, and tags ``keep 123``: how often each stands.

    One may stand in two highlights, of papers that were one in a copy and are one again.
    """
    texts = connection.execute("SELECT text FROM notes UNION ALL SELECT comment FROM highlights").fetchall()
    found = Counter(word for (text,) in texts for word in text.split() if word[:1] in "nh" and word.endswith(";"))
    kept = "SELECT DISTINCT name FROM tags JOIN paper_tags ON tag_id = tags.id WHERE name LIKE 'keep %'"
    found.update(row[0] for row in connection.execute(kept))
    return found
