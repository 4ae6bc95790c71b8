"""Highlights and their labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from reader.domain.annotations import HighlightLabel, fold_tag
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import Highlight
from reader.domain.quote_placing import quote_context
from reader.storage.writer import Writer

_TARGETS = {"title", "abstract"}
MAXIMUM_LABEL_LENGTH = 60


def add_highlight(
    writer: Writer, paper_id: int, target: str, start: int, end: int, label: str, comment: str
) -> tuple[int, str]:
    """Highlight a span of the stored title or abstract; the highlight's id and the step's title."""
    if target not in _TARGETS:
        raise ReaderError("Only titles and abstracts can be highlighted.")
    row = writer.execute(f"SELECT {target} FROM papers WHERE id = ?", (paper_id,)).fetchone()
    if row is None:
        raise NotFoundError("This paper is no longer in the library.")
    text = row[0]
    if not 0 <= start < end <= len(text):
        raise ReaderError("There is no such span in this text.")
    now = writer.now
    cursor = writer.execute(
        'INSERT INTO highlights (paper_id, target, start, "end", exact, prefix, suffix, label_id, comment, created, '
        "changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(paper_id, target, start, end, text[start:end], *quote_context(text, start, end)),
            *(_label_id(writer, label), comment, now, now),
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid, f"Highlighted “{_short(text[start:end])}” in {writer.name_papers((paper_id,))}"


def update_highlight(writer: Writer, highlight_id: int, label: str | None, comment: str | None) -> str:
    """Change a highlight's label, comment or both; whoever does has looked at where it was placed."""
    row = _highlight(writer, highlight_id)
    label_id = row[1] if label is None else _label_id(writer, label)
    text = row[2] if comment is None else comment
    writer.execute(
        "UPDATE highlights SET label_id = :label, comment = :comment, changed = :now, approximate = 0 "
        "WHERE id = :id AND (label_id <> :label OR comment <> :comment OR approximate = 1)",
        {"label": label_id, "comment": text, "now": writer.now, "id": highlight_id},
    )
    return f"Changed highlight “{_short(row[0])}” in {writer.name_papers(row[3:])}"


def delete_highlight(writer: Writer, highlight_id: int) -> str:
    """Delete a highlight."""
    row = _highlight(writer, highlight_id)
    writer.execute("DELETE FROM highlights WHERE id = ?", (highlight_id,))
    return f"Deleted highlight “{_short(row[0])}” in {writer.name_papers(row[3:])}"


def highlight_of(row: Sequence[Any]) -> Highlight:
    """A highlight from its columns in the order of its fields."""
    return Highlight(*(*row[:-1], bool(row[-1])))


def labels(connection: sqlite3.Connection) -> list[HighlightLabel]:
    """The labels in their order."""
    rows = connection.execute("SELECT id, name, color FROM highlight_labels ORDER BY position, id")
    return [HighlightLabel(*row) for row in rows]


def add_label(writer: Writer, name: str, color: str) -> str:
    """Add a label at the end."""
    name = _checked_name(writer, name)
    writer.execute(
        "INSERT INTO highlight_labels (name, fold, color, position) "
        "SELECT ?, ?, ?, coalesce(max(position), 0) + 1 FROM highlight_labels",
        (name, fold_tag(name), color),
    )
    return f"Added label “{name}”"


def update_label(writer: Writer, label_id: int, name: str | None, color: str | None) -> str:
    """Rename or recolour a label; its highlights follow."""
    row = writer.execute("SELECT name, color FROM highlight_labels WHERE id = ?", (label_id,)).fetchone()
    if row is None:
        raise NotFoundError("This label is no longer in the library.")
    new_name = row[0] if name is None else _checked_name(writer, name, label_id)
    writer.execute(
        "UPDATE highlight_labels SET name = ?, fold = ?, color = ? WHERE id = ?",
        (new_name, fold_tag(new_name), row[1] if color is None else color, label_id),
    )
    return f"Changed label “{row[0]}”"


def delete_label(writer: Writer, label_id: int) -> str:
    """Delete a label that no highlight has; the last one stays."""
    used = writer.execute("SELECT count(*) FROM highlights WHERE label_id = ?", (label_id,)).fetchone()[0]
    if used:
        count = "1 highlight" if used == 1 else f"{used:,} highlights"
        raise ReaderError(f"This label is on {count}; give another label there first.")
    if writer.execute("SELECT count(*) FROM highlight_labels WHERE id <> ?", (label_id,)).fetchone()[0] == 0:
        raise ReaderError("One label has to stay.")
    row = writer.execute("DELETE FROM highlight_labels WHERE id = ? RETURNING name", (label_id,)).fetchone()
    if row is None:
        raise NotFoundError("This label is no longer in the library.")
    return f"Deleted label “{row[0]}”"


def _highlight(writer: Writer, highlight_id: int) -> tuple[str, int, str, int]:
    """A highlight's quote, label id, comment and paper id."""
    row: tuple[str, int, str, int] | None
    columns = "exact, label_id, comment, paper_id"
    row = writer.execute(f"SELECT {columns} FROM highlights WHERE id = ?", (highlight_id,)).fetchone()
    if row is None:
        raise NotFoundError("This highlight is no longer in the library.")
    return row


def _label_id(writer: Writer, name: str) -> int:
    """The id of a label by name; the first one for an empty name."""
    row = writer.execute(
        "SELECT id FROM highlight_labels WHERE :fold IN ('', fold) ORDER BY position, id LIMIT 1",
        {"fold": fold_tag(name.strip())},
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no highlight label “{name}”.")
    return int(row[0])


def _checked_name(writer: Writer, name: str, label_id: int = 0) -> str:
    """A label's name if it may have it."""
    name = " ".join(name.split())
    if not name or len(name) > MAXIMUM_LABEL_LENGTH:
        raise ReaderError(f"A label needs a name of at most {MAXIMUM_LABEL_LENGTH} characters.")
    sql = "SELECT 1 FROM highlight_labels WHERE fold = ? AND id <> ?"
    if writer.execute(sql, (fold_tag(name), label_id)).fetchone():
        raise ReaderError(f"There is a label “{name}” already.")
    return name


def _short(text: str) -> str:
    """The beginning of a quote, for a step's title."""
    return text if len(text) <= 40 else text[:39] + "…"
