"""Cells of notes. A write carries texts that its own comes from, by which notes changed on two devices are merged.

Texts that arrive are kept as revisions, as texts typed here are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reader.domain.cells import shown
from reader.domain.sync import Cell, Head, Json
from reader.domain.text_merge import bases
from reader.storage.notes import keep_revision
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.together import Said, cells_of_rows, cells_to_write, shown_of_papers
from reader.storage.sync.values import as_text, as_time, seconds_sql
from reader.storage.writer import id_list

_COLUMNS = f"paper_id, text, {seconds_sql('created')}, {seconds_sql('changed')}"
_NOTES = f"SELECT {_COLUMNS} FROM notes WHERE paper_id IN (SELECT value FROM json_each(?))"
_PRESENT = """
SELECT p.id, p.key, n.text, n.created, n.changed FROM papers p LEFT JOIN notes n ON n.paper_id = p.id
WHERE p.id IN (SELECT value FROM json_each(?))
"""
_WRITE = """
INSERT INTO notes (paper_id, text, revision, created, changed) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (paper_id) DO UPDATE SET text = excluded.text, revision = excluded.revision,
    created = excluded.created, changed = excluded.changed
"""
_WRITE_TIMES = "UPDATE notes SET created = ?, changed = ? WHERE paper_id = ?"


class Notes:
    """Notes of papers."""

    tables: tuple[str, ...] = ("notes",)
    fields: tuple[str, ...] = ("note",)
    kinds: tuple[str, ...] = ("paper",)
    large: tuple[str, ...] = ()

    def watches(self) -> Iterator[Watch]:
        """Every change of a note."""
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            yield Watch(f"notes_{event.lower()}", f"{event} ON notes", (("note", f"{row}.paper_id"),))

    def everything(self) -> Iterator[str]:
        """Every note."""
        yield "SELECT 'note', paper_id, 0 FROM notes"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """``note``: text, times, and the texts it comes from; a deleted one has an empty text."""
        times = {int(mark.a): mark.time for mark in marks}
        rows = {row[0]: row[1:] for row in work.writer.execute(_NOTES, (id_list(times),))}
        groups = cells_of_rows(work, times, "note")
        heads = work.heads(cell for cells in groups.values() for cell in cells)
        for paper, cells in groups.items():
            note = _read_note(rows.get(paper), [head for cell in cells for head in heads.get(cell, ())])
            if note is not None:
                said = Said(cells, note, times[paper] or int(rows[paper][2] or 0) * 1000)
                for cell in cells_to_write(work, said, heads):
                    yield cell, note, said.time

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write notes; each text that comes is a revision, so that none is lost when the next one comes."""
        values = shown_of_papers(work, cells).get("note", {})
        present = {row[0]: row[1:] for row in work.writer.execute(_PRESENT, (id_list(values),))}
        written: list[tuple[Any, ...]] = []
        retimed: list[tuple[Any, ...]] = []
        gone: list[tuple[int]] = []
        for paper, value in values.items():
            key, text, created, changed = present[paper]
            note = _as_note(value)
            if note is None:
                gone += [(paper,)] if text is not None else []
            elif note[0] != text:
                revision = keep_revision(work.writer, key, note[0], work.writer.now, None, refused=False)
                written.append((paper, note[0], revision, *note[1:]))
            elif note[1:] != (created, changed):
                retimed.append((*note[1:], paper))
        work.writer.executemany(_WRITE, written)
        work.writer.executemany(_WRITE_TIMES, retimed)
        work.writer.executemany("DELETE FROM notes WHERE paper_id = ?", gone)
        changes = len(written) + len(gone)
        return {"notes": changes} if changes else {}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """No value is large."""
        return {}


def _read_note(row: tuple[str, int, int] | None, heads: Sequence[Head]) -> Json:
    """A note's value; None if it is shown already. A row has the text and the times."""
    present = shown("note", heads)
    was = present if isinstance(present, dict) else {"text": ""}
    text, created, changed = row or ("", None, None)
    if was.get("text") == text and (not text or (was.get("created"), was.get("changed")) == (created, changed)):
        return None
    if not text:
        return {"text": ""}
    earlier = bases(as_text(was.get("text")) or "", [head.value for head in heads])
    note: dict[str, Json] = {"text": text, "created": created, "changed": changed}
    known: list[Json] = [each for each in earlier if each != text]
    return note | {"bases": known} if known else note


def _as_note(value: Json) -> tuple[str, str, str] | None:
    """A note's text and times; None if there is none."""
    text = as_text(value.get("text")) if isinstance(value, dict) else None
    if not text or not isinstance(value, dict):
        return None
    created, changed = as_time(value.get("created")), as_time(value.get("changed"))
    known = created or changed or as_time(0) or ""
    return text, known, changed or known
