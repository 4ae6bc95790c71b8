"""Papers: finding, reading and merging them, and correcting what identifies them."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

from reader.domain.annotations import PaperTitle
from reader.domain.batches import batches
from reader.domain.papers import Marks, Paper, PaperRow
from reader.domain.selection import PaperFilter, PaperSort
from reader.domain.step_titles import StepTitle
from reader.storage import corrections, paper_merge, paper_queries, paper_split, view_queries
from reader.storage.subject import Subject, step
from reader.storage.sync.separation import say_all
from reader.storage.writer import id_list

_BATCH = 500


class StoredPapers(Subject):
    """The papers in a library. Unknown ids are ignored."""

    def ids(self, which: PaperFilter, sort: PaperSort | None = None) -> array[int]:
        """The ids of the papers that match a filter, in order."""
        return self._read(view_queries.select_ids, which, sort or PaperSort(), self._store.now())

    def rows(self, paper_ids: Sequence[int]) -> list[PaperRow]:
        """The list rows of these papers, in this order; missing ones are left out. Meant for tens at a time."""
        return self._read(paper_queries.paper_rows, paper_ids, self._store.now())

    def marks(self, paper_ids: Sequence[int]) -> dict[int, Marks]:
        """What is decided about papers, by id; missing ones are left out."""
        parameters = {"ids": id_list(paper_ids), "now": self._store.now()}
        return {row[0]: paper_queries.marks_of(row) for row in self._rows(paper_queries.MARKS, parameters)}

    def read(self, paper_ids: Sequence[int]) -> Iterator[Paper]:
        """These papers whole, in this order, missing ones left out; read some hundred at a time."""
        for batch in batches(paper_ids, _BATCH):
            yield from self._read(paper_queries.papers, batch, self._store.now())

    def titles(self, paper_ids: Sequence[int]) -> dict[int, PaperTitle]:
        """The keys and titles of papers, by id."""
        sql = "SELECT id, key, title FROM papers WHERE id IN (SELECT value FROM json_each(?))"
        return {row[0]: PaperTitle(*row) for row in self._rows(sql, (id_list(paper_ids),))}

    def in_key_order(self) -> list[tuple[int, str]]:
        """The ids and keys of all papers, in the order of their keys, which does not depend on how they came."""
        return [(row[0], row[1]) for row in self._rows("SELECT id, key FROM papers ORDER BY key")]

    def count(self) -> int:
        """How many papers there are."""
        return int(self._rows("SELECT count(*) FROM papers")[0][0])

    def id_of_key(self, key: str) -> int | None:
        """The paper of a key; a merged paper's key names the one it was merged into."""
        return self._read(paper_queries.paper_id, key)

    @step
    def set_arxiv_id(self, paper_id: int, text: str) -> StepTitle:
        """Set a paper's arXiv id (also from an address); a paper with that id and the same title is merged into it.

        Raises :class:`ReaderError` for a text without an arXiv id, or an id that a paper with another title has.
        """
        return corrections.set_arxiv_id(self._writer, paper_id, text)

    @step
    def merge(self, keep: int, other: int) -> StepTitle:
        """Merge two papers that are one without losing anything of either; the key of ``other`` stays valid."""
        say_all(self._writer)
        return paper_merge.merge_papers(self._writer, keep, other)

    @step
    def split(self, key: str) -> StepTitle:
        """Separate the paper that had ``key`` from the one it was merged into; later changes stay with the latter.

        Raises :class:`ReaderError` if the history no longer has the changes of the merge.
        """
        return paper_split.split_paper(self._writer, key.strip().lower())
