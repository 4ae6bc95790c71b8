"""Notes and their revisions. Each save names the text it replaces, so that no newer text is overwritten.

Every saved text is also in ``note_revisions``, which the journal does not touch. A note's revision is the id of that
row, which is never used twice. The automatic saves of one visit replace each other in one revision.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from datetime import timedelta

from reader.domain.annotations import Note, NoteConflictError, NoteRevision, PaperNote, PaperTitle
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.subject import Subject, changing
from reader.storage.writer import Writer, id_list, iso_time

KEPT_TIME = timedelta(days=30)
_NOTE = "SELECT text, revision, created, changed FROM notes WHERE paper_id = ?"


NOTE_START = 600
"""The number of characters of a note in a list row."""
_STARTS = f"""
SELECT p.id, p.key, p.title, substr(n.text, 1, {NOTE_START}), n.changed FROM json_each(?) AS given
JOIN notes n ON n.paper_id = given.value JOIN papers p ON p.id = n.paper_id ORDER BY given.key
"""
_WITH_PAPERS = """
SELECT p.id, p.key, p.title, n.text, n.changed FROM notes n JOIN papers p ON p.id = n.paper_id
WHERE :holding = '' OR instr(n.text, :holding) > 0 ORDER BY n.changed DESC, p.id
"""
_REVISIONS = """
SELECT id, text, created, refused FROM note_revisions WHERE paper_key IN
(SELECT key FROM papers WHERE id = :paper UNION ALL SELECT key FROM paper_aliases WHERE paper_id = :paper)
ORDER BY id DESC
"""


class StoredNotes(Subject):
    """Notes in a library."""

    def of(self, paper_id: int) -> Note:
        """A paper's note; revision 0 and no text if it has none."""
        return self._read(read_note, paper_id)

    def all(self, holding: str = "") -> list[PaperNote]:
        """Notes with their papers, the last changed first; with ``holding``, only those that contain it."""
        return [PaperNote(PaperTitle(*row[:3]), *row[3:]) for row in self._rows(_WITH_PAPERS, {"holding": holding})]

    def papers(self) -> array[int]:
        """The papers that have notes, the one whose note changed last first."""
        return array("q", (row[0] for row in self._rows("SELECT paper_id FROM notes ORDER BY changed DESC, paper_id")))

    def rows(self, paper_ids: Sequence[int]) -> list[PaperNote]:
        """The beginnings of these papers' notes, in this order; missing ones are left out. Meant for tens."""
        return [PaperNote(PaperTitle(*row[:3]), *row[3:]) for row in self._rows(_STARTS, (id_list(paper_ids),))]

    def revisions(self, paper_id: int) -> list[NoteRevision]:
        """The kept texts of a paper's note, newest first, including the present one and those of merged papers."""
        rows = self._rows(_REVISIONS, {"paper": paper_id})
        return [NoteRevision(row[0], row[1], row[2], bool(row[3])) for row in rows]

    @changing
    def set(
        self, paper_id: int, text: str, expected_revision: int | None = None, *, visit: str | None = None
    ) -> Change:
        """Save a note in place of the revision it was made from (None: of any); an empty text removes it.

        Saves of one ``visit`` are one step. Raises :class:`NoteConflictError` if there is a newer text; the refused
        text is kept as a revision.
        """
        standing: Note | None = None
        merge_key = f"note:{paper_id}:{visit}" if visit is not None else None
        with self._store.step(kind="note", merge_key=merge_key) as taken:
            standing, taken.title = _set_note(self._writer, paper_id, text, expected_revision, visit)
        if standing is not None:
            raise NoteConflictError(standing)
        return taken.change


def read_note(connection: sqlite3.Connection, paper_id: int) -> Note:
    """A paper's note; revision 0 and no text if it has none."""
    row = connection.execute(_NOTE, (paper_id,)).fetchone()
    return Note(paper_id, "", 0) if row is None else Note(paper_id, *row)


def _set_note(
    writer: Writer, paper_id: int, text: str, expected: int | None, visit: str | None
) -> tuple[Note | None, StepTitle]:
    """Save a note; an empty text removes it. Returns the newer note that prevented it, if any, and the step's title.

    ``expected`` is the revision that the text replaces (None: any). A refused text is kept as a revision.
    """
    row = writer.execute("SELECT key, title FROM papers WHERE id = ?", (paper_id,)).fetchone()
    if row is None:
        raise NotFoundError("This paper is no longer in the library; copy the note's text before you leave.")
    current = read_note(writer.db.conn, paper_id)
    text = text if text.strip() else ""
    title = StepKind.NOTE(papers=row[1])
    if text == current.text:
        return None, title
    now = writer.now
    # Somebody else saved in between: their text stays, and this one is kept as a revision.
    if expected is not None and expected != current.revision:
        keep_revision(writer, row[0], text, now, visit, refused=True)
        return current, title
    revision = keep_revision(writer, row[0], text, now, visit, refused=False)
    if not text:
        writer.execute("DELETE FROM notes WHERE paper_id = ?", (paper_id,))
    elif current.revision:
        sql = "UPDATE notes SET text = ?, revision = ?, changed = ? WHERE paper_id = ?"
        writer.execute(sql, (text, revision, now, paper_id))
    else:
        sql = "INSERT INTO notes (paper_id, text, revision, created, changed) VALUES (?, ?, ?, ?, ?)"
        writer.execute(sql, (paper_id, text, revision, now, now))
    return None, title


def prune_revisions(writer: Writer) -> int:
    """Delete revisions older than 30 days that no note shows and that are not their note's newest; their number."""
    oldest = iso_time(writer.clock() - KEPT_TIME)
    return writer.execute(
        "DELETE FROM note_revisions WHERE created < ? AND id NOT IN (SELECT revision FROM notes) "
        "AND id NOT IN (SELECT max(id) FROM note_revisions GROUP BY paper_key)",
        (oldest,),
    ).rowcount


def keep_revision(writer: Writer, key: str, text: str, now: str, visit: str | None, *, refused: bool) -> int:
    """Keep a text as the newest revision, replacing the last one of the same visit."""
    if visit is not None:
        writer.execute(
            "DELETE FROM note_revisions WHERE visit = :visit AND refused = :refused AND paper_key = :key "
            "AND id = (SELECT max(id) FROM note_revisions WHERE paper_key = :key)",
            {"visit": visit, "refused": int(refused), "key": key},
        )
    cursor = writer.execute(
        "INSERT INTO note_revisions (paper_key, text, created, visit, refused) VALUES (?, ?, ?, ?, ?)",
        (key, text, now, visit, int(refused)),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid
