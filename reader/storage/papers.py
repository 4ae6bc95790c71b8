"""Papers: finding them, reading them, and what identifies them put right by hand."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from reader.domain.annotations import PaperTitle
from reader.domain.papers import Paper, PaperRow
from reader.domain.selection import PaperFilter, PaperSort
from reader.storage import corrections, paper_merge, paper_queries, paper_split, view_queries
from reader.storage.subject import Subject, step
from reader.storage.writer import id_list

_BATCH = 500


class StoredPapers(Subject):
    """The papers that the library holds. Ids that name none are passed over."""

    def ids(self, which: PaperFilter, sort: PaperSort | None = None) -> array[int]:
        """The ids of the papers that a filter leaves, in order."""
        return self._read(view_queries.select_ids, which, sort or PaperSort(), self._store.now())

    def rows(self, paper_ids: Sequence[int]) -> list[PaperRow]:
        """What a list shows of these papers, in this order, missing ones left out; meant for tens at a time."""
        return self._read(paper_queries.paper_rows, paper_ids, self._store.now())

    def read(self, paper_ids: Sequence[int]) -> Iterator[Paper]:
        """These papers whole, in this order, missing ones left out; read some hundred at a time."""
        for batch in paper_queries.paper_batches(paper_ids, _BATCH):
            yield from self._read(paper_queries.papers, batch, self._store.now())

    def titles(self, paper_ids: Sequence[int]) -> dict[int, PaperTitle]:
        """Keys and titles of papers, by id."""
        sql = "SELECT id, key, title FROM papers WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: PaperTitle(*row) for row in self._rows(sql, (id_list(paper_ids),))}

    def id_of_key(self, key: str) -> int | None:
        """The paper of a key; a merged paper's key names the one it was merged into."""
        return self._read(paper_queries.paper_id, key)

    @step
    def set_arxiv_id(self, paper_id: int, text: str) -> str:
        """Give a paper its arXiv id (also from an address); one of the same title that has it is merged into it.

        Raises :class:`ReaderError` for a text without an arXiv id, or one that a paper of another title has.
        """
        return corrections.set_arxiv_id(self._writer, paper_id, text)

    @step
    def merge(self, keep: int, other: int) -> str:
        """Join two papers that are one, everything of both kept; ``other``'s key stays valid."""
        return paper_merge.merge_papers(self._writer, keep, other)

    @step
    def split(self, key: str) -> str:
        """Take the paper that had ``key`` out of the one it was joined with; what was done since stays with that.

        Raises :class:`ReaderError` where the history no longer tells how to.
        """
        return paper_split.split_paper(self._writer, key.strip().lower())
