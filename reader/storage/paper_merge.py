"""Merging of two papers that are one under the older key, without losing anything of either."""

from __future__ import annotations

from reader.domain.errors import NotFoundError
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.highlight_anchors import reanchor_highlights
from reader.storage.highlight_twins import unite_twins
from reader.storage.identity import load_papers
from reader.storage.paper_content import absorb_row, keep_dois, update_paper
from reader.storage.writer import Writer

_STATE_ORDER = {"inbox": 0, "dismissed": 1, "queued": 2, "done": 3, "reading": 4}
"""The state that wins a merge: the one that shows more interest, with reading above all."""


def merge_papers(writer: Writer, keep: int, other: int, *, unites_highlights: bool = True) -> StepTitle:
    """Merge ``other`` into ``keep``; the key of ``other`` stays valid as an alias. Returns the step's title.

    Content follows content rank. Sightings, tags, documents, highlights and aliases move. Of two states the one that
    shows more interest stays, a star on either is kept, two notes are joined with a rule between them, and the earlier
    place in the queue stays. Two highlights of one annotation in a PDF become one, unless ``unites_highlights`` is
    False.
    """
    papers = load_papers(writer, (keep, other))
    if keep == other or len(papers) < 2:
        raise NotFoundError("Merging needs two different papers of this library.")
    kept, gone = papers[keep], papers[other]
    stored = kept.values()
    former = {keep: (kept.title, kept.abstract), other: (gone.title, gone.abstract)}
    absorb_row(writer, kept, gone)
    for paper_id, texts in former.items():  # while it is known which of the two texts they refer to
        for target, text, before in zip(("title", "abstract"), (kept.title, kept.abstract), texts, strict=True):
            reanchor_highlights(writer, paper_id, target, text, before)
    if unites_highlights:
        unite_twins(writer, keep, other)
    _move_rows(writer, keep, other)
    _merge_state(writer, keep, other)
    _merge_seen(writer, keep, other)
    _merge_note(writer, keep, other)
    _merge_queue(writer, keep, other)
    writer.execute("DELETE FROM papers WHERE id = ?", (other,))
    # A paper that came back by undo may have a key that led to another meanwhile.
    writer.execute("DELETE FROM paper_aliases WHERE key = ?", (gone.key,))
    writer.execute("INSERT INTO paper_aliases (key, paper_id) VALUES (?, ?)", (gone.key, keep))
    update_paper(writer, kept, stored, places_highlights=False)
    keep_dois(writer, kept, [gone.doi] if gone.doi else [])
    for fold in {gone.title_fold} - {kept.title_fold, ""}:
        writer.execute("INSERT INTO former_titles (paper_id, title_fold) VALUES (?, ?)", (keep, fold))
    return StepKind.MERGED(other=gone.title, papers=kept.title)


def _move_rows(writer: Writer, keep: int, other: int) -> None:
    """Move the rows that a paper may have many of; a tag or a document on both stays once."""
    for table in ("sightings", "earlier_sightings", "highlights", "paper_aliases", "former_titles", "further_dois"):
        writer.execute(f"UPDATE {table} SET paper_id = ? WHERE paper_id = ?", (keep, other))
    for table, column in (("paper_tags", "tag_id"), ("paper_documents", "document_id")):
        both = f"{column} IN (SELECT {column} FROM {table} WHERE paper_id = ?)"
        writer.execute(f"DELETE FROM {table} WHERE paper_id = ? AND {both}", (other, keep))
        writer.execute(f"UPDATE {table} SET paper_id = ? WHERE paper_id = ?", (keep, other))


def _merge_state(writer: Writer, keep: int, other: int) -> None:
    """Merge the two rows of ``states``, if the other paper has one."""
    columns = "state, changed, bulk, starred, starred_changed, buried_until"
    rows = {
        paper_id: writer.execute(f"SELECT {columns} FROM states WHERE paper_id = ?", (paper_id,)).fetchone()
        for paper_id in (keep, other)
    }
    gone = rows[other]
    if gone is None:
        return
    writer.execute("DELETE FROM states WHERE paper_id = ?", (other,))
    if rows[keep] is None:
        writer.execute(f"INSERT INTO states (paper_id, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", (keep, *gone))
        return
    kept = rows[keep]
    state, changed, bulk = max(kept[:3], gone[:3], key=lambda row: _STATE_ORDER[row[0]])
    starred, starred_changed = max(kept[3:5], gone[3:5], key=lambda row: row[0])
    # Of two snoozes the earlier one counts, so that the paper is not hidden longer than wanted.
    buried = min((until for until in (kept[5], gone[5]) if until), default=None)
    writer.execute(
        "UPDATE states SET state = ?, changed = ?, bulk = ?, starred = ?, starred_changed = ?, buried_until = ? "
        "WHERE paper_id = ?",
        (state, changed, bulk, starred, starred_changed, buried, keep),
    )


def _merge_seen(writer: Writer, keep: int, other: int) -> None:
    """Merge the rows of ``seen``: seen if either was; outside the inbox only if both were imported as seen."""
    parameters = {"keep": keep, "other": other}
    was_not_imported = "NOT EXISTS (SELECT 1 FROM seen WHERE paper_id = :other AND imported = 1)"
    writer.execute(
        f"UPDATE seen SET imported = 0 WHERE paper_id = :keep AND imported = 1 AND {was_not_imported}", parameters
    )
    writer.execute(
        "INSERT INTO seen (paper_id, seen_at) SELECT :keep, seen_at FROM seen WHERE paper_id = :other "
        "AND NOT EXISTS (SELECT 1 FROM seen WHERE paper_id = :keep)",
        parameters,
    )
    writer.execute("DELETE FROM seen WHERE paper_id = ?", (other,))


def _merge_note(writer: Writer, keep: int, other: int) -> None:
    """Join the texts of both notes."""
    sql = "SELECT text, revision, created, changed FROM notes WHERE paper_id = ?"
    gone, kept = writer.execute(sql, (other,)).fetchone(), writer.execute(sql, (keep,)).fetchone()
    if gone is None:
        return
    writer.execute("DELETE FROM notes WHERE paper_id = ?", (other,))
    if kept is None:
        insert = "INSERT INTO notes (paper_id, text, revision, created, changed) VALUES (?, ?, ?, ?, ?)"
        writer.execute(insert, (keep, *gone))
    # Equal notes stay one; joining them would only repeat the text.
    elif kept[0].strip() != gone[0].strip():
        joined = f"{kept[0].rstrip()}\n\n---\n\n{gone[0].lstrip()}"
        key = writer.execute("SELECT key FROM papers WHERE id = ?", (keep,)).fetchone()[0]
        now = writer.now
        cursor = writer.execute(
            "INSERT INTO note_revisions (paper_key, text, created) VALUES (?, ?, ?)", (key, joined, now)
        )
        writer.execute(
            "UPDATE notes SET text = ?, revision = ?, changed = ? WHERE paper_id = ?",
            (joined, cursor.lastrowid, now, keep),
        )


def _merge_queue(writer: Writer, keep: int, other: int) -> None:
    """Keep the earlier place in the queue, which contains exactly the papers in state queued."""
    positions = writer.execute("SELECT position FROM queue WHERE paper_id IN (?, ?)", (keep, other)).fetchall()
    state = writer.execute("SELECT state FROM states WHERE paper_id = ?", (keep,)).fetchone()
    writer.execute("DELETE FROM queue WHERE paper_id IN (?, ?)", (keep, other))
    if positions and state is not None and state[0] == "queued":
        writer.execute("INSERT INTO queue (paper_id, position) VALUES (?, ?)", (keep, min(positions)[0]))
