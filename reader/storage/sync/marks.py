"""Cells of what people decide about papers: state, star, snooze, having been seen, and the place in the queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reader.domain.papers import PaperState
from reader.domain.sync import Cell, Json
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.queue_order import read_ranks, render_queue
from reader.storage.sync.together import Said, cells_of_rows, shown_of_papers, spread
from reader.storage.sync.values import as_time, is_number, part, seconds_sql
from reader.storage.writer import id_list

_STATES = frozenset(state.value for state in PaperState)
_COLUMNS = {
    "state": ("state, changed, bulk", "{row}.state <> 'inbox' OR {row}.changed IS NOT NULL OR {row}.bulk <> 0"),
    "star": ("starred, starred_changed", "{row}.starred <> 0 OR {row}.starred_changed IS NOT NULL"),
    "bury": ("buried_until", "{row}.buried_until IS NOT NULL"),
}
"""The columns of ``states`` that a cell has, and the condition that they say something."""
_VALUES = f"""
SELECT paper_id, state, {seconds_sql("changed")}, bulk, starred, {seconds_sql("starred_changed")},
    {seconds_sql("buried_until")} FROM states WHERE paper_id IN (SELECT value FROM json_each(?))
"""
_SEEN = f"""
SELECT paper_id, {seconds_sql("seen_at")}, imported FROM seen WHERE paper_id IN (SELECT value FROM json_each(?))
"""
_NOTHING = "state = 'inbox' AND changed IS NULL AND bulk = 0 AND starred = 0 AND starred_changed IS NULL"
_DELETE_NOTHING = f"DELETE FROM states WHERE paper_id = ? AND {_NOTHING} AND buried_until IS NULL"
_WRITE_SEEN = """
INSERT INTO seen (paper_id, seen_at, imported) VALUES (?, ?, ?)
ON CONFLICT (paper_id) DO UPDATE SET seen_at = excluded.seen_at, imported = excluded.imported
WHERE seen_at <> excluded.seen_at OR imported <> excluded.imported
"""
_COUNTED = {"state": "states", "star": "stars", "bury": "snoozes"}


class Marks:
    """State, star, snooze, seen and queue."""

    tables: tuple[str, ...] = ("states", "seen", "queue")
    fields: tuple[str, ...] = ("state", "star", "bury", "seen", "queue")
    kinds: tuple[str, ...] = ("paper",)
    large: tuple[str, ...] = ()

    def watches(self) -> Iterator[Watch]:
        """Changes of each cell's columns; of the queue only new places, since leaving it is a change of state."""
        for field, (columns, says) in _COLUMNS.items():
            for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
                name = f"states_{field}_{event.lower()}"
                yield Watch(name, f"{event} ON states", ((field, f"{row}.paper_id"),), says.format(row=row))
            differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns.split(", "))
            event = f"UPDATE OF {columns} ON states"
            yield Watch(f"states_{field}_update", event, ((field, "NEW.paper_id"),), differs)
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            yield Watch(f"seen_{event.lower()}", f"{event} ON seen", (("seen", f"{row}.paper_id"),))
            if event != "DELETE":
                yield Watch(f"queue_{event.lower()}", f"{event} ON queue", (("queue", f"{row}.paper_id"),))

    def everything(self) -> Iterator[str]:
        """Every row that says something."""
        for field, (_, says) in _COLUMNS.items():
            yield f"SELECT '{field}', paper_id, 0 FROM states WHERE {says.format(row='states')}"
        yield "SELECT 'seen', paper_id, 0 FROM seen"
        yield "SELECT 'queue', paper_id, 0 FROM queue"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """``state`` [state, changed, bulk], ``star`` [1, changed], ``bury`` time, ``seen`` [time, imported], ranks."""
        times: dict[str, dict[int, int]] = defaultdict(dict)
        for mark in marks:
            times[mark.field][int(mark.a)] = mark.time
        values = _read_values(work, {paper for field, papers in times.items() if field != "queue" for paper in papers})
        for field, papers in times.items():
            if field != "queue":
                cells = cells_of_rows(work, papers, field)
                said = [
                    Said(each, value, papers[row] or _said_at(value))
                    for row, each in cells.items()
                    for value in (values[field].get(row),)
                ]
                yield from spread(work, said)
        if "queue" in times:
            yield from read_ranks(work, times["queue"])

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write states, stars, snoozes and seen marks, then bring the queue up to date."""
        values = shown_of_papers(work, cells)
        counts = {_COUNTED[field]: _write_states(work, field, values.get(field, {})) for field in _COLUMNS}
        seen = {paper: _as_seen(value) for paper, value in values.get("seen", {}).items()}
        counts["seen"] = work.writer.executemany(
            _WRITE_SEEN, [(paper, *value) for paper, value in seen.items() if value is not None]
        )
        unseen = [(paper,) for paper, value in seen.items() if value is None]
        counts["seen"] += work.writer.executemany("DELETE FROM seen WHERE paper_id = ?", unseen)
        if "state" in values or "queue" in values:
            counts["queue"] = render_queue(work, values.get("queue", {}))
        return {name: count for name, count in counts.items() if count > 0}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """No value is large."""
        return {}


def _read_values(work: Work, papers: set[int]) -> dict[str, dict[int, Json]]:
    """What the tables say of these papers, by field."""
    values: dict[str, dict[int, Json]] = defaultdict(dict)
    ids = (id_list(papers),)
    for paper, state, changed, bulk, starred, starred_changed, buried in work.writer.execute(_VALUES, ids):
        if state != PaperState.INBOX or changed is not None or bulk:
            values["state"][paper] = [state, changed, bulk]
        if starred or starred_changed is not None:
            values["star"][paper] = [starred, starred_changed]
        if buried is not None:
            values["bury"][paper] = buried
    for paper, seen, imported in work.writer.execute(_SEEN, ids):
        values["seen"][paper] = [seen, imported]
    return values


def _write_states(work: Work, field: str, values: Mapping[int, Json]) -> int:
    """Write a field into ``states``; the number of rows changed. Rows that say nothing any more are deleted."""
    if not values:
        return 0
    columns = _COLUMNS[field][0].split(", ")
    nothing = _as_columns(field, None)
    rows = [(paper, *_as_columns(field, value)) for paper, value in values.items()]
    differs = " OR ".join(f"{column} IS NOT excluded.{column}" for column in columns)
    assigned = ", ".join(f"{column} = excluded.{column}" for column in columns)
    marks = ", ".join("?" * len(columns))
    changed = work.writer.executemany(
        f"INSERT INTO states (paper_id, {', '.join(columns)}) VALUES (?, {marks}) "
        f"ON CONFLICT (paper_id) DO UPDATE SET {assigned} WHERE {differs}",
        [row for row in rows if row[1:] != nothing],
    )
    cleared = [(row[0], *row[1:], row[0], *row[1:]) for row in rows if row[1:] == nothing]
    if cleared:
        differs = " OR ".join(f"{column} IS NOT ?" for column in columns)
        assigned = ", ".join(f"{column} = ?" for column in columns)
        changed += work.writer.executemany(
            f"UPDATE states SET {assigned} WHERE paper_id = ? AND ({differs})",
            [(*nothing, row[0], *nothing) for row in cleared],
        )
        work.writer.executemany(_DELETE_NOTHING, [(row[0],) for row in cleared])
    return changed


def _as_columns(field: str, value: Json) -> tuple[Any, ...]:
    """A cell's value as the columns of ``states``; of a value that does not fit, those of no row."""
    if field == "bury":
        return (as_time(value),)
    if field == "star":
        return int(part(value, 0) == 1), as_time(part(value, 1))
    state = part(value, 0)
    if not isinstance(state, str) or state not in _STATES:
        return PaperState.INBOX.value, None, 0
    return state, as_time(part(value, 1)), int(part(value, 2) == 1)


def _said_at(value: Json) -> int:
    """The time in a value, in milliseconds, for what was said before marks were made."""
    time = value if is_number(value) else part(value, 0) if is_number(part(value, 0)) else part(value, 1)
    return time * 1000 if isinstance(time, int) else 0


def _as_seen(value: Json) -> tuple[str, int] | None:
    seen = as_time(part(value, 0))
    return None if seen is None else (seen, int(part(value, 1) == 1))
