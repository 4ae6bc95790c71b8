"""What views of annotations ask for: tags of a selection, notes and highlights everywhere, links between notes."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from reader.domain.annotations import PaperHighlight, PaperNote, PaperTitle
from reader.domain.note_links import LinkedBy
from reader.storage.highlights import highlight_of
from reader.storage.writer import id_list, text_list

Rows = list[Any]
Given = Sequence[Any] | dict[str, Any]
Read = Callable[[Callable[[sqlite3.Connection, str, Given], Rows], str, Given], Rows]

_HIGHLIGHT = """
SELECT p.id, p.key, p.title, h.id, h.target, h.start, h."end", h.exact, h.prefix, h.suffix, l.name, h.comment,
    h.created, h.changed, h.approximate
FROM highlights h JOIN highlight_labels l ON l.id = h.label_id JOIN papers p ON p.id = h.paper_id
"""
_EVERY_HIGHLIGHT = f"{_HIGHLIGHT} ORDER BY h.created DESC, h.id DESC"
_HIGHLIGHTS_OF = f"""
{_HIGHLIGHT} JOIN json_each(?) AS given ON given.value = p.id
ORDER BY given.key, h.target DESC, h.start IS NULL, h.start, h.id
"""
_HIGHLIGHTS_BY_ID = f"{_HIGHLIGHT} JOIN json_each(?) AS given ON given.value = h.id ORDER BY given.key"
_HIGHLIGHT_KEYS = """
SELECT h.id, h.paper_id, l.fold FROM highlights h JOIN highlight_labels l ON l.id = h.label_id
ORDER BY h.created DESC, h.id DESC
"""
_LABEL_COUNTS = """
SELECT l.name, (SELECT count(*) FROM highlights h WHERE h.label_id = l.id) FROM highlight_labels l
ORDER BY l.position, l.id
"""
_HIGHLIGHT_TEXTS = """
SELECT h.id, p.title, h.exact, h.comment FROM highlights h JOIN papers p ON p.id = h.paper_id
WHERE h.id IN (SELECT value FROM json_each(?))
"""
NOTE_START = 600
"""Characters of a note that a row of a list carries."""
_NOTE_STARTS = f"""
SELECT p.id, p.key, p.title, substr(n.text, 1, {NOTE_START}), n.changed FROM json_each(?) AS given
JOIN notes n ON n.paper_id = given.value JOIN papers p ON p.id = n.paper_id ORDER BY given.key
"""
_NOTES = """
SELECT p.id, p.key, p.title, n.text, n.changed FROM notes n JOIN papers p ON p.id = n.paper_id
"""
_LINKING = """
SELECT paper_id, text FROM notes WHERE instr(text, '[[') > 0
UNION ALL SELECT paper_id, comment FROM highlights WHERE instr(comment, '[[') > 0 ORDER BY 1
"""
_LOOKUPS = {
    LinkedBy.KEY: "SELECT key, id FROM papers WHERE key {given} UNION ALL "
    "SELECT key, paper_id FROM paper_aliases WHERE key {given}",
    LinkedBy.ARXIV_ID: "SELECT arxiv_id, id FROM papers WHERE arxiv_id {given}",
    # Later rows stand in for earlier ones: the oldest paper of a title now, else of a former title.
    LinkedBy.TITLE: "SELECT title_fold, paper_id, 1 AS former FROM former_titles WHERE title_fold {given} "
    "UNION ALL SELECT title_fold, id, 0 FROM papers WHERE title_fold {given} ORDER BY 3 DESC, 2 DESC",
}
_NAMES = """
SELECT 'key', key FROM papers WHERE id = :paper UNION ALL SELECT 'key', key FROM paper_aliases WHERE paper_id = :paper
UNION ALL SELECT 'arxiv_id', arxiv_id FROM papers WHERE id = :paper AND arxiv_id IS NOT NULL
UNION ALL SELECT 'title', title_fold FROM papers WHERE id = :paper AND title_fold <> ''
UNION ALL SELECT 'title', title_fold FROM former_titles WHERE paper_id = :paper AND title_fold <> ''
"""


class AnnotationQueries:
    """Reads annotations across papers; part of the store's face."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def highlights(self, ids: Sequence[int] | None = None) -> list[PaperHighlight]:
        """Highlights with their papers: all, the newest first, or those of some papers in these papers' order."""
        sql, given = (_EVERY_HIGHLIGHT, ()) if ids is None else (_HIGHLIGHTS_OF, (id_list(ids),))
        return [PaperHighlight(PaperTitle(*row[:3]), highlight_of(row[3:])) for row in self._read(_rows, sql, given)]

    def highlighted_papers(self) -> array[int]:
        """The papers that have highlights, the one highlighted last first."""
        sql = "SELECT paper_id FROM highlights GROUP BY paper_id ORDER BY max(created) DESC, max(id) DESC"
        return array("q", (row[0] for row in self._read(_rows, sql, ())))

    def highlight_keys(self) -> list[tuple[int, int, str]]:
        """Every highlight's id, its paper's, and its label, folded; the newest first."""
        return self._read(_rows, _HIGHLIGHT_KEYS, ())

    def label_counts(self) -> dict[str, int]:
        """How many highlights each label has, by its name; labels in their order."""
        return dict(self._read(_rows, _LABEL_COUNTS, ()))

    def highlight_texts(self, ids: Iterable[int]) -> list[tuple[int, str, str, str]]:
        """Of these highlights: id, paper's title, quote and comment."""
        return self._read(_rows, _HIGHLIGHT_TEXTS, (id_list(ids),))

    def highlights_by_id(self, ids: Sequence[int]) -> list[PaperHighlight]:
        """These highlights with their papers, in this order, missing ones left out; meant for tens."""
        rows = self._read(_rows, _HIGHLIGHTS_BY_ID, (id_list(ids),))
        return [PaperHighlight(PaperTitle(*row[:3]), highlight_of(row[3:])) for row in rows]

    def noted_papers(self) -> array[int]:
        """The papers that have notes, the one whose note changed last first."""
        rows = self._read(_rows, "SELECT paper_id FROM notes ORDER BY changed DESC, paper_id", ())
        return array("q", (row[0] for row in rows))

    def note_starts(self, ids: Sequence[int]) -> list[PaperNote]:
        """The beginnings of these papers' notes, in this order, missing ones left out; meant for tens."""
        rows = self._read(_rows, _NOTE_STARTS, (id_list(ids),))
        return [PaperNote(PaperTitle(*row[:3]), *row[3:]) for row in rows]

    def notes(self, holding: str = "") -> list[PaperNote]:
        """Notes with their papers, the last changed first; only those whose text holds ``holding``."""
        sql = f"{_NOTES} WHERE :holding = '' OR instr(n.text, :holding) > 0 ORDER BY n.changed DESC, p.id"
        return [PaperNote(PaperTitle(*row[:3]), *row[3:]) for row in self._read(_rows, sql, {"holding": holding})]

    def linking_texts(self) -> list[tuple[int, str]]:
        """Notes and comments that may hold links to papers, each with its paper's id."""
        return self._read(_rows, _LINKING, ())

    def papers_named(self, lookups: Collection[tuple[LinkedBy, str]]) -> dict[tuple[LinkedBy, str], int]:
        """The papers that keys, arXiv ids and folded titles name; of several with one title, the oldest."""
        found: dict[tuple[LinkedBy, str], int] = {}
        for by, sql in _LOOKUPS.items():
            names = text_list({name for how, name in lookups if how is by})
            if names != "[]":
                rows = self._read(_rows, sql.format(given="IN (SELECT value FROM json_each(:names))"), {"names": names})
                found |= {(by, row[0]): row[1] for row in rows}
        return found

    def names_of(self, paper_id: int) -> frozenset[tuple[LinkedBy, str]]:
        """All that a link may name a paper by: keys, arXiv id, present and former titles, folded."""
        return frozenset((LinkedBy(row[0]), row[1]) for row in self._read(_rows, _NAMES, {"paper": paper_id}))

    def titles_holding(self, words: Sequence[str], limit: int) -> list[PaperTitle]:
        """Papers whose folded title holds all these texts, those that begin with the first one first."""
        if not words:
            return []
        holding = " AND ".join(f"instr(title_fold, :word{number}) > 0" for number in range(len(words)))
        order = "instr(title_fold, :word0) <> 1, length(title_fold), id"
        # The index holds titles and ids only: many times smaller than the table, whose rows carry abstracts.
        found = f"SELECT id FROM papers INDEXED BY papers_title WHERE {holding} ORDER BY {order} LIMIT :limit"
        sql = f"SELECT id, key, title FROM papers WHERE id IN ({found}) ORDER BY {order}"
        given = {f"word{number}": word for number, word in enumerate(words)} | {"limit": limit}
        rows = self._read(_rows, sql, given)
        return [PaperTitle(*row) for row in rows]

    def titles(self, ids: Sequence[int]) -> dict[int, PaperTitle]:
        """Keys and titles of papers, by id."""
        sql = "SELECT id, key, title FROM papers WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: PaperTitle(*row) for row in self._read(_rows, sql, (id_list(ids),))}


def _rows(connection: sqlite3.Connection, sql: str, parameters: Given) -> Rows:
    return connection.execute(sql, parameters).fetchall()
