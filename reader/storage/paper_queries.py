"""Reading of papers: rows for lists, whole papers, and texts for the index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from reader.domain.bibliography import Publication
from reader.domain.papers import Marks, Paper, PaperRow, PaperState, Sighting
from reader.domain.records import LineRange, Organization
from reader.domain.selection import AnnotationText, IndexedText, IndexPart, PendingPapers
from reader.storage.content import GUESSED, PUBLICATION_COLUMNS, names_from_json
from reader.storage.documents import OF_PAPERS as DOCUMENTS_OF_PAPERS
from reader.storage.documents import document_of
from reader.storage.highlights import COLUMNS as HIGHLIGHT_COLUMNS
from reader.storage.highlights import READING_ORDER, highlight_of
from reader.storage.pages import day_before, upvotes_since
from reader.storage.writer import id_list

ABSTRACT_START = 400
"""The number of characters of the abstract in a list row."""

_ROWS = f"""
SELECT p.id, p.key, p.title, substr(p.abstract, 1, {ABSTRACT_START}), p.organization_name, p.authors, p.author_count,
    p.more_authors, p.published, p.published_certainty, p.comments, p.upvotes, p.code_urls <> '[]',
    coalesce(st.state, 'inbox'), coalesce(st.starred, 0),
    EXISTS (SELECT 1 FROM seen WHERE seen.paper_id = p.id),
    EXISTS (SELECT 1 FROM notes WHERE notes.paper_id = p.id),
    (SELECT count(*) FROM highlights h WHERE h.paper_id = p.id),
    (SELECT count(*) FROM sightings s WHERE s.paper_id = p.id),
    (SELECT json_group_array(name) FROM
        (SELECT t.name AS name FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id
         WHERE pt.paper_id = p.id ORDER BY t.fold)),
    CASE WHEN st.buried_until > :now THEN st.buried_until END,
    EXISTS (SELECT 1 FROM paper_documents WHERE paper_documents.paper_id = p.id)
FROM json_each(:ids) AS given JOIN papers p ON p.id = given.value
LEFT JOIN states st ON st.paper_id = p.id ORDER BY given.key
"""

_PAPERS = f"""
SELECT p.id, p.key, p.title, p.abstract, p.authors, p.author_count, p.organization_account, p.organization_name,
    p.published, p.published_certainty, p.arxiv_id, p.url, p.code_urls, p.project_url, p.keywords, p.categories,
    p.comments, p.upvotes, coalesce(st.state, 'inbox'), st.changed, coalesce(st.starred, 0),
    EXISTS (SELECT 1 FROM seen WHERE seen.paper_id = p.id), st.buried_until, p.first_seen, n.text,
    p.author_names, p.more_authors, p.doi, {", ".join(f"p.{column}" for column in PUBLICATION_COLUMNS)}
FROM json_each(?) AS given JOIN papers p ON p.id = given.value
LEFT JOIN states st ON st.paper_id = p.id LEFT JOIN notes n ON n.paper_id = p.id ORDER BY given.key
"""

_GIVEN = "IN (SELECT value FROM json_each(?))"
_TAGS = (
    f"SELECT pt.paper_id, t.name FROM paper_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.paper_id {_GIVEN} "
    "ORDER BY pt.paper_id, t.fold"
)
_HIGHLIGHTS = f"""
SELECT h.paper_id, {HIGHLIGHT_COLUMNS}
FROM highlights h JOIN highlight_labels l ON l.id = h.label_id WHERE h.paper_id {_GIVEN}
ORDER BY h.paper_id, {READING_ORDER}
"""
_SIGHTINGS = f"""
SELECT s.paper_id, s.listing_id, l.name, l.heading_date, l.year_guessed, s.position, s.first_line, s.last_line,
    s.comments, s.upvotes
FROM sightings s JOIN listings l ON l.id = s.listing_id WHERE s.paper_id {_GIVEN}
ORDER BY s.paper_id, coalesce(l.heading_date, substr(l.imported, 1, 10)), l.id, s.position
"""
_FURTHER_DOIS = f"SELECT paper_id, doi FROM further_dois WHERE paper_id {_GIVEN} ORDER BY paper_id, id"
_ALIASES = f"SELECT paper_id, key FROM paper_aliases WHERE paper_id {_GIVEN} ORDER BY paper_id, id"
_QUEUE_PLACES = f"""
SELECT q.paper_id, (SELECT count(*) FROM queue b WHERE b.position < q.position
    OR (b.position = q.position AND b.paper_id <= q.paper_id))
FROM queue q WHERE q.paper_id {_GIVEN}
"""
MARKS = """
SELECT p.id, coalesce(st.state, 'inbox'), st.changed, coalesce(st.starred, 0),
    EXISTS (SELECT 1 FROM seen WHERE seen.paper_id = p.id), st.buried_until, coalesce(st.buried_until > :now, 0),
    (SELECT (SELECT count(*) FROM queue b WHERE b.position < q.position
        OR (b.position = q.position AND b.paper_id <= q.paper_id)) FROM queue q WHERE q.paper_id = p.id)
FROM json_each(:ids) AS given JOIN papers p ON p.id = given.value LEFT JOIN states st ON st.paper_id = p.id
"""
"""The marks of papers; :func:`marks_of` reads a row."""
_ALL_QUEUE_PLACES = "SELECT paper_id, row_number() OVER (ORDER BY position, paper_id) FROM queue"
_FEW = 5
_BURIED_UNTIL = 22
"""The column's place in a row of ``_PAPERS``."""


def paper_rows(connection: sqlite3.Connection, ids: Sequence[int], now: str) -> list[PaperRow]:
    """The list rows of papers, in the order of the ids; missing papers are left out."""
    momentum = upvotes_since(connection, ids, day_before(now))
    rows = connection.execute(_ROWS, {"ids": id_list(ids), "now": now})
    return [_row(values, momentum.get(values[0], 0)) for values in rows]


def papers(connection: sqlite3.Connection, ids: Sequence[int], now: str) -> list[Paper]:
    """Whole papers, in the order of the ids; missing papers are left out."""
    parameter = (id_list(ids),)
    tags, highlights, sightings, aliases, dois, documents = (
        {paper_id: list(rows) for paper_id, rows in groupby(connection.execute(sql, parameter), key=lambda row: row[0])}
        for sql in (_TAGS, _HIGHLIGHTS, _SIGHTINGS, _ALIASES, _FURTHER_DOIS, DOCUMENTS_OF_PAPERS)
    )
    queue = connection.execute(_QUEUE_PLACES, parameter) if len(ids) <= _FEW else connection.execute(_ALL_QUEUE_PLACES)
    places = dict(queue.fetchall())
    momentum = upvotes_since(connection, ids, day_before(now))
    return [
        _paper(
            values,
            queue_position=places.get(values[0]),
            tags=tuple(row[1] for row in tags.get(values[0], ())),
            highlights=tuple(highlight_of(row[1:]) for row in highlights.get(values[0], ())),
            sightings=tuple(_sighting(row) for row in sightings.get(values[0], ())),
            aliases=tuple(row[1] for row in aliases.get(values[0], ())),
            is_buried=values[_BURIED_UNTIL] is not None and values[_BURIED_UNTIL] > now,
            momentum=momentum.get(values[0], 0),
            further_dois=tuple(row[1] for row in dois.get(values[0], ())),
            documents=tuple(document_of(row[1:]) for row in documents.get(values[0], ())),
        )
        for values in connection.execute(_PAPERS, parameter)
    ]


def marks_of(row: Sequence[Any]) -> Marks:
    """The marks in a row of :data:`MARKS`."""
    _, state, changed, starred, seen, buried_until, is_buried, place = row
    return Marks(PaperState(state), changed, bool(starred), bool(seen), buried_until, bool(is_buried), place)


def paper_id(connection: sqlite3.Connection, key: str) -> int | None:
    """The paper with a key, its own or that of a paper merged into it."""
    row = connection.execute(
        "SELECT id FROM papers WHERE key = :key UNION ALL SELECT paper_id FROM paper_aliases WHERE key = :key",
        {"key": key.strip().lower()},
    ).fetchone()
    return None if row is None else int(row[0])


def texts(connection: sqlite3.Connection, after_id: int, batch: int) -> list[IndexedText]:
    """The texts of papers in the order of their ids: up to ``batch`` of them after a given id."""
    sql = f"SELECT {_TEXT} FROM papers WHERE id > ? ORDER BY id LIMIT ?"
    return [_text(row) for row in connection.execute(sql, (after_id, batch))]


def texts_of(connection: sqlite3.Connection, ids: Sequence[int]) -> list[IndexedText]:
    """The texts of given papers, by id."""
    return [_text(row) for row in connection.execute(f"SELECT {_TEXT} FROM papers WHERE id {_GIVEN}", (id_list(ids),))]


def annotation_texts(connection: sqlite3.Connection, ids: Sequence[int]) -> list[AnnotationText]:
    """The notes and highlights of given papers that have any, by id."""
    given = (id_list(ids),)
    notes = dict(connection.execute(f"SELECT paper_id, text FROM notes WHERE paper_id {_GIVEN}", given).fetchall())
    quotes: dict[int, list[str]] = {}
    sql = f"SELECT paper_id, exact, comment FROM highlights WHERE paper_id {_GIVEN} ORDER BY id"
    for paper, exact, comment in connection.execute(sql, given):
        quotes.setdefault(paper, []).append(f"{exact}\n{comment}" if comment else exact)
    return [
        AnnotationText(paper, notes.get(paper, ""), tuple(quotes.get(paper, ())))
        for paper in sorted(notes.keys() | quotes.keys())
    ]


def annotated_ids(connection: sqlite3.Connection) -> list[int]:
    """The ids of papers with a note or highlights."""
    sql = "SELECT paper_id FROM notes UNION SELECT paper_id FROM highlights ORDER BY 1"
    return [row[0] for row in connection.execute(sql)]


def pending(connection: sqlite3.Connection, part: IndexPart, limit: int | None) -> PendingPapers:
    """The papers that an index has not indexed yet, those that wait longest first."""
    rows = connection.execute(
        "SELECT id, paper_id FROM index_pending WHERE part = ? ORDER BY id LIMIT ?",
        (part.value, -1 if limit is None else limit),
    ).fetchall()
    return PendingPapers(tuple(row[1] for row in rows), rows[-1][0] if rows else 0)


def pending_numbers(connection: sqlite3.Connection, part: IndexPart) -> dict[int, int]:
    """The papers that an index has not indexed yet, with the number of their last change."""
    return dict(connection.execute("SELECT paper_id, id FROM index_pending WHERE part = ?", (part.value,)).fetchall())


def index_stamp(connection: sqlite3.Connection, part: IndexPart) -> str | None:
    """The stamp of the index's commit from which pending papers are counted."""
    row = connection.execute("SELECT stamp FROM index_stamps WHERE part = ?", (part.value,)).fetchone()
    return None if row is None else str(row[0])


_TEXT = "id, title, abstract, authors, organization_account, organization_name"


def _text(row: Sequence[Any]) -> IndexedText:
    """The text in a row of ``_TEXT``."""
    organization = tuple(name for name in row[4:6] if name)
    return IndexedText(row[0], row[1], row[2], tuple(json.loads(row[3])), organization)


def _row(values: Sequence[Any], momentum: int) -> PaperRow:
    """The list row in a row of ``_ROWS``, with what its upvotes gained."""
    return PaperRow(
        id=values[0],
        key=values[1],
        title=values[2],
        abstract_start=values[3],
        organization=values[4],
        authors=_list(values[5]),
        author_count=values[6],
        more_authors=bool(values[7]),
        published=values[8],
        published_guessed=values[9] == GUESSED,
        comments=values[10],
        upvotes=values[11],
        has_code=bool(values[12]),
        state=PaperState(values[13]),
        starred=bool(values[14]),
        seen=bool(values[15]),
        has_note=bool(values[16]),
        highlight_count=values[17],
        sighting_count=values[18],
        tags=_list(values[19]),
        buried_until=values[20],
        has_document=bool(values[21]),
        momentum=momentum,
    )


def _paper(values: Sequence[Any], **rest: Any) -> Paper:
    """The paper in a row of ``_PAPERS``, with values from other tables."""
    account, name = values[6:8]
    return Paper(
        id=values[0],
        key=values[1],
        title=values[2],
        abstract=values[3],
        authors=_list(values[4]),
        author_count=values[5],
        organization=Organization(account or "", name) if name is not None else None,
        published=values[8],
        published_guessed=values[9] == GUESSED,
        arxiv_id=values[10],
        url=values[11],
        code_urls=_list(values[12]),
        project_url=values[13],
        keywords=_list(values[14]),
        categories=_list(values[15]),
        comments=values[16],
        upvotes=values[17],
        state=PaperState(values[18]),
        state_changed=values[19],
        starred=bool(values[20]),
        seen=bool(values[21]),
        buried_until=values[_BURIED_UNTIL],
        first_seen=values[23],
        note=values[24] or "",
        author_names=names_from_json(values[25]),
        more_authors=bool(values[26]),
        doi=values[27],
        publication=Publication(*values[28:]),
        **rest,
    )


def _sighting(row: Sequence[Any]) -> Sighting:
    """The sighting in a row of ``_SIGHTINGS``."""
    _, listing_id, name, date, guessed, position, first, last, comments, upvotes = row
    return Sighting(listing_id, name, date, bool(guessed), position, LineRange(first, last), comments, upvotes)


def _list(text: str) -> tuple[str, ...]:
    """A list of texts from its stored form."""
    return () if text == "[]" else tuple(json.loads(text))
