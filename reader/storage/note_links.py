"""Queries for links between notes: the papers that names refer to, and the texts that may contain links."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reader.domain.annotations import PaperTitle
from reader.domain.note_links import LinkedBy
from reader.storage.subject import Subject
from reader.storage.writer import text_list

_LINKING = """
SELECT paper_id, text FROM notes WHERE instr(text, '[[') > 0
UNION ALL SELECT paper_id, comment FROM highlights WHERE instr(comment, '[[') > 0 ORDER BY 1
"""
_LOOKUPS = {
    LinkedBy.KEY: "SELECT key, id FROM papers WHERE key {given} UNION ALL "
    "SELECT key, paper_id FROM paper_aliases WHERE key {given}",
    LinkedBy.ARXIV_ID: "SELECT arxiv_id, id FROM papers WHERE arxiv_id {given}",
    # Later rows replace earlier ones: the oldest paper with a title now, otherwise one with it as a former title.
    LinkedBy.TITLE: "SELECT title_fold, paper_id, 1 AS former FROM former_titles WHERE title_fold {given} "
    "UNION ALL SELECT title_fold, id, 0 FROM papers WHERE title_fold {given} ORDER BY 3 DESC, 2 DESC",
}
_NAMES = """
SELECT 'key', key FROM papers WHERE id = :paper UNION ALL SELECT 'key', key FROM paper_aliases WHERE paper_id = :paper
UNION ALL SELECT 'arxiv_id', arxiv_id FROM papers WHERE id = :paper AND arxiv_id IS NOT NULL
UNION ALL SELECT 'title', title_fold FROM papers WHERE id = :paper AND title_fold <> ''
UNION ALL SELECT 'title', title_fold FROM former_titles WHERE paper_id = :paper AND title_fold <> ''
"""


class StoredNoteLinks(Subject):
    """Names of papers, and texts that may contain links to them."""

    def linking_texts(self) -> list[tuple[int, str]]:
        """The notes and comments that may contain links to papers, each with its paper's id."""
        return self._rows(_LINKING)

    def papers_named(self, lookups: Collection[tuple[LinkedBy, str]]) -> dict[tuple[LinkedBy, str], int]:
        """The papers that keys, arXiv ids and folded titles refer to; of several with one title, the oldest."""
        found: dict[tuple[LinkedBy, str], int] = {}
        for by, sql in _LOOKUPS.items():
            names = text_list({name for how, name in lookups if how is by})
            if names != "[]":
                rows = self._rows(sql.format(given="IN (SELECT value FROM json_each(:names))"), {"names": names})
                found |= {(by, row[0]): row[1] for row in rows}
        return found

    def names_of(self, paper_id: int) -> frozenset[tuple[LinkedBy, str]]:
        """All names by which a link may refer to a paper: keys, arXiv id, present and former titles, folded."""
        return frozenset((LinkedBy(row[0]), row[1]) for row in self._rows(_NAMES, {"paper": paper_id}))

    def titles_holding(self, words: Sequence[str], limit: int) -> list[PaperTitle]:
        """Papers whose folded title contains all these texts; those that begin with the first text come first."""
        if not words:
            return []
        holding = " AND ".join(f"instr(title_fold, :word{number}) > 0" for number in range(len(words)))
        order = "instr(title_fold, :word0) <> 1, length(title_fold), id"
        # The index contains titles and ids only: it is many times smaller than the table, whose rows contain abstracts.
        found = f"SELECT id FROM papers INDEXED BY papers_title WHERE {holding} ORDER BY {order} LIMIT :limit"
        sql = f"SELECT id, key, title FROM papers WHERE id IN ({found}) ORDER BY {order}"
        given = {f"word{number}": word for number, word in enumerate(words)} | {"limit": limit}
        rows = self._rows(sql, given)
        return [PaperTitle(*row) for row in rows]
