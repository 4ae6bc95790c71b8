"""Highlights and their labels."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from reader.domain.annotations import HighlightLabel, PaperHighlight, PaperTitle, check_color, fold_tag
from reader.domain.documents import AnnotationKind, DocumentPlace
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.highlight_runs import NO_QUOTE
from reader.domain.numerals import counted
from reader.domain.papers import Highlight
from reader.domain.quote_placing import quote_context
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.subject import Subject, making_step, step
from reader.storage.writer import Writer, id_list

_TARGETS = {"title", "abstract"}
MAXIMUM_LABEL_LENGTH = 60
_QUOTED = 40
"""The number of characters of a quote in a step's title."""
COLUMNS = (
    'h.id, h.target, h.start, h."end", h.exact, h.prefix, h.suffix, l.name, h.comment, h.created, h.changed, '
    "h.approximate, (SELECT sha256 FROM documents WHERE documents.id = h.document_id), h.page, h.page_label, h.quads, "
    "h.kind, h.origin, h.position"
)
"""The columns of which :func:`highlight_of` makes a highlight, of a row ``h`` and its label ``l``."""
NO_TEXT = hashlib.sha256(b"").hexdigest()
"""What the text of scanned pages comes to; it says nothing about two files being of one text."""
READING_ORDER = f"""
h.target = 'document', h.target DESC,
(SELECT iif(d.text_sha256 IN ('', '{NO_TEXT}'), d.id,
    (SELECT min(same.id) FROM documents same WHERE same.text_sha256 = d.text_sha256))
    FROM documents d WHERE d.id = h.document_id),
h.page, h.start IS NULL, h.start, h.position, h.id
"""
"""The highlights of one paper in the order of its title, abstract and documents; the unplaced of each text last."""
_SELECT = f"""
SELECT p.id, p.key, p.title, {COLUMNS}
FROM highlights h JOIN highlight_labels l ON l.id = h.label_id JOIN papers p ON p.id = h.paper_id
"""
_EVERY = f"{_SELECT} ORDER BY h.created DESC, h.id DESC"
_OF_PAPERS = f"""
{_SELECT} JOIN json_each(?) AS given ON given.value = p.id
ORDER BY given.key, {READING_ORDER}
"""
_BY_ID = f"{_SELECT} JOIN json_each(?) AS given ON given.value = h.id ORDER BY given.key"
_KEYS = """
SELECT h.id, h.paper_id, l.fold FROM highlights h JOIN highlight_labels l ON l.id = h.label_id
ORDER BY h.created DESC, h.id DESC
"""
_LABEL_COUNTS = """
SELECT l.name, (SELECT count(*) FROM highlights h WHERE h.label_id = l.id) FROM highlight_labels l
ORDER BY l.position, l.id
"""
_TEXTS = """
SELECT h.id, p.title, h.exact, h.comment FROM highlights h JOIN papers p ON p.id = h.paper_id
WHERE h.id IN (SELECT value FROM json_each(?))
"""


class StoredHighlights(Subject):
    """Highlights in a library. An empty label name stands for the first label."""

    def with_papers(self, paper_ids: Sequence[int] | None = None) -> list[PaperHighlight]:
        """Highlights with their papers: all, newest first, or those of some papers in the order of these papers."""
        rows = self._rows(_EVERY) if paper_ids is None else self._rows(_OF_PAPERS, (id_list(paper_ids),))
        return [PaperHighlight(PaperTitle(*row[:3]), highlight_of(row[3:])) for row in rows]

    def rows(self, ids: Sequence[int]) -> list[PaperHighlight]:
        """These highlights with their papers, in this order; missing ones are left out. Meant for tens."""
        return [
            PaperHighlight(PaperTitle(*row[:3]), highlight_of(row[3:])) for row in self._rows(_BY_ID, (id_list(ids),))
        ]

    def papers(self) -> array[int]:
        """The papers that have highlights, the one highlighted last first."""
        sql = "SELECT paper_id FROM highlights GROUP BY paper_id ORDER BY max(created) DESC, max(id) DESC"
        return array("q", (row[0] for row in self._rows(sql)))

    def keys(self) -> list[tuple[int, int, str]]:
        """The id, paper id and folded label of every highlight, newest first."""
        return self._rows(_KEYS)

    def in_documents(self) -> list[int]:
        """The ids of the highlights in documents, in no order."""
        return [row[0] for row in self._rows("SELECT id FROM highlights WHERE target = 'document'")]

    def texts(self, ids: Iterable[int]) -> list[tuple[int, str, str, str]]:
        """The id, paper title, quote and comment of these highlights."""
        return self._rows(_TEXTS, (id_list(ids),))

    @making_step
    def add_span(
        self, paper_id: int, target: str, start: int, end: int, *, label: str = "", comment: str = ""
    ) -> tuple[int, StepTitle]:
        """Highlight a span of the stored ``"title"`` or ``"abstract"``; the highlight's id."""
        writer = self._writer
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
            'INSERT INTO highlights (paper_id, target, start, "end", exact, prefix, suffix, label_id, comment, '
            "created, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(paper_id, target, start, end, text[start:end], *quote_context(text, start, end)),
                *(label_id_of(writer, label), comment, now, now),
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid, _title(StepKind.HIGHLIGHTED, writer, text[start:end], paper_id)

    @step
    def update(self, highlight_id: int, *, label: str | None = None, comment: str | None = None) -> StepTitle:
        """Change a highlight's label, comment or both.

        With neither, this confirms the place of a highlight that was placed by similarity, as any change does (decision
        28).
        """
        row = _highlight(self._writer, highlight_id)
        label_id = row[1] if label is None else label_id_of(self._writer, label)
        text = row[2] if comment is None else comment
        self._writer.execute(
            "UPDATE highlights SET label_id = :label, comment = :comment, changed = :now, approximate = 0 "
            "WHERE id = :id AND (label_id <> :label OR comment <> :comment OR approximate = 1)",
            {"label": label_id, "comment": text, "now": self._writer.now, "id": highlight_id},
        )
        return _title(StepKind.HIGHLIGHT_CHANGED, self._writer, row[0], row[3])

    @step
    def delete(self, highlight_id: int) -> StepTitle:
        """Delete a highlight."""
        row = _highlight(self._writer, highlight_id)
        self._writer.execute("DELETE FROM highlights WHERE id = ?", (highlight_id,))
        return _title(StepKind.HIGHLIGHT_DELETED, self._writer, row[0], row[3])


class Labels(Subject):
    """Highlight labels in a library. Each change is one step that can be undone."""

    def all(self) -> list[HighlightLabel]:
        """The labels in their order."""
        return self._read(read_labels)

    def counts(self) -> dict[str, int]:
        """The number of highlights of each label, by its name; labels in their order."""
        return dict(self._rows(_LABEL_COUNTS))

    @step
    def add(self, name: str, color: str) -> StepTitle:
        """Add a label at the end."""
        name, color = _checked_name(self._writer, name), check_color(color)
        self._writer.execute(
            "INSERT INTO highlight_labels (name, fold, color, position) "
            "SELECT ?, ?, ?, coalesce(max(position), 0) + 1 FROM highlight_labels",
            (name, fold_tag(name), color),
        )
        return StepKind.LABEL_ADDED(label=name)

    @step
    def update(self, label_id: int, *, name: str | None = None, color: str | None = None) -> StepTitle:
        """Rename or recolour a label, also on its highlights."""
        writer = self._writer
        color = None if color is None else check_color(color)
        row = writer.execute("SELECT name, color FROM highlight_labels WHERE id = ?", (label_id,)).fetchone()
        if row is None:
            raise NotFoundError("This label is no longer in the library.")
        new_name = row[0] if name is None else _checked_name(writer, name, label_id)
        writer.execute(
            "UPDATE highlight_labels SET name = ?, fold = ?, color = ? WHERE id = ?",
            (new_name, fold_tag(new_name), row[1] if color is None else color, label_id),
        )
        return StepKind.LABEL_CHANGED(label=row[0])

    @step
    def delete(self, label_id: int) -> StepTitle:
        """Delete a label that no highlight has; the last label cannot be deleted."""
        writer = self._writer
        used = writer.execute("SELECT count(*) FROM highlights WHERE label_id = ?", (label_id,)).fetchone()[0]
        if used:
            count = counted(used, "highlight")
            raise ReaderError(f"This label is on {count}; give another label there first.")
        if writer.execute("SELECT count(*) FROM highlight_labels WHERE id <> ?", (label_id,)).fetchone()[0] == 0:
            raise ReaderError("One label has to stay.")
        row = writer.execute("DELETE FROM highlight_labels WHERE id = ? RETURNING name", (label_id,)).fetchone()
        if row is None:
            raise NotFoundError("This label is no longer in the library.")
        return StepKind.LABEL_DELETED(label=row[0])


def highlight_of(row: Sequence[Any]) -> Highlight:
    """A highlight from :data:`COLUMNS`."""
    approximate, document, page, page_label, quads, kind, origin, position = row[11:]
    place = None
    if document is not None:
        corners = tuple(tuple(quad) for quad in json.loads(quads))
        place = DocumentPlace(document, page, page_label, corners, AnnotationKind(kind), origin, position)
    return Highlight(*(*row[:11], bool(approximate), place))


def read_labels(connection: sqlite3.Connection) -> list[HighlightLabel]:
    """The labels in their order."""
    rows = connection.execute("SELECT id, name, color FROM highlight_labels ORDER BY position, id")
    return [HighlightLabel(*row) for row in rows]


def _highlight(writer: Writer, highlight_id: int) -> tuple[str, int, str, int]:
    """A highlight's quote, label id, comment and paper id."""
    row: tuple[str, int, str, int] | None
    columns = "exact, label_id, comment, paper_id"
    row = writer.execute(f"SELECT {columns} FROM highlights WHERE id = ?", (highlight_id,)).fetchone()
    if row is None:
        raise NotFoundError("This highlight is no longer in the library.")
    return row


def label_id_of(writer: Writer, name: str) -> int:
    """The id of the label with a name; that of the first label for an empty name."""
    row = writer.execute(
        "SELECT id FROM highlight_labels WHERE :fold IN ('', fold) ORDER BY position, id LIMIT 1",
        {"fold": fold_tag(name.strip())},
    ).fetchone()
    if row is None:
        raise NotFoundError(f"There is no highlight label “{name}”.")
    return int(row[0])


def _checked_name(writer: Writer, name: str, label_id: int = 0) -> str:
    """Check a label's name; the name in its stored form."""
    name = " ".join(name.split())
    if not name or len(name) > MAXIMUM_LABEL_LENGTH:
        raise ReaderError(f"A label needs a name of at most {MAXIMUM_LABEL_LENGTH} characters.")
    sql = "SELECT 1 FROM highlight_labels WHERE fold = ? AND id <> ?"
    if writer.execute(sql, (fold_tag(name), label_id)).fetchone():
        raise ReaderError(f"There is a label “{name}” already.")
    return name


def _title(kind: StepKind, writer: Writer, quote: str, paper_id: int) -> StepTitle:
    """The title of a step on a highlight, with the beginning of the quote."""
    quote = quote or NO_QUOTE
    quote = quote if len(quote) <= _QUOTED else quote[: _QUOTED - 1] + "…"
    return kind(quote=quote, papers=writer.name_papers((paper_id,)))
