"""Which paper a record is: same arXiv id, or same folded title and not two different arXiv ids.

Where a title without arXiv id fits several papers, one whose abstract is the same is it, else the one that has no
arXiv id either, else none: a new paper can be merged later, two papers merged wrongly are a loss. A paper's former
titles count where no paper bears the title now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reader.domain.keys import key_candidates, paper_identity
from reader.domain.preparing import PreparedRecord
from reader.storage.content import COLUMNS, PaperContent
from reader.storage.writing import Writer, id_list, text_list

_SELECT = f"SELECT {', '.join(f'papers.{column}' for column in COLUMNS)} FROM papers "
_BY_ARXIV = _SELECT + "WHERE arxiv_id IN (SELECT value FROM json_each(?))"
_BY_TITLE = _SELECT + "WHERE title_fold IN (SELECT value FROM json_each(?)) ORDER BY id"
_BY_ID = _SELECT + "WHERE id IN (SELECT value FROM json_each(?))"
_FORMER = (
    "SELECT title_fold, paper_id FROM former_titles WHERE title_fold IN (SELECT value FROM json_each(?)) ORDER BY id"
)
_TAKEN_KEYS = (
    "SELECT key FROM papers WHERE key IN (SELECT value FROM json_each(:keys)) "
    "UNION ALL SELECT key FROM paper_aliases WHERE key IN (SELECT value FROM json_each(:keys))"
)


class KnownPapers:
    """The papers that a batch of records may be, each once, as they stand and as the batch changes them."""

    def __init__(self, writer: Writer, batch: Sequence[PreparedRecord]) -> None:
        self.stored: dict[int, tuple[object, ...]] = {}
        self.papers: dict[int, PaperContent] = {}
        self._by_arxiv: dict[str, PaperContent] = {}
        self._by_title: defaultdict[str, list[PaperContent]] = defaultdict(list)
        arxiv_ids = [prepared.record.arxiv_id for prepared in batch if prepared.record.arxiv_id]
        folds = [prepared.fold for prepared in batch if prepared.fold]
        self._load(writer, _BY_ARXIV, text_list(arxiv_ids))
        self._load(writer, _BY_TITLE, text_list(folds))
        self._load_former(writer, folds)

    def add(self, paper: PaperContent) -> None:
        """Make a paper known under its arXiv id and title."""
        self.papers[paper.id] = paper
        self.rename(paper)

    def rename(self, paper: PaperContent) -> None:
        """Make a known paper findable under its present arXiv id and title as well."""
        if paper.arxiv_id:
            self._by_arxiv[paper.arxiv_id] = paper
        if paper.title_fold and paper not in self._by_title[paper.title_fold]:
            self._by_title[paper.title_fold].append(paper)

    def find(self, prepared: PreparedRecord) -> PaperContent | None:
        """The paper a record is, or None for a new one."""
        arxiv_id = prepared.record.arxiv_id
        if not arxiv_id:
            return self._by_title_alone(prepared)
        return self._by_arxiv.get(arxiv_id) or self.same_title_without_id(prepared)

    def same_title_without_id(self, prepared: PreparedRecord) -> PaperContent | None:
        """The oldest paper of a record's title whose arXiv id is not known."""
        same_title = self._by_title.get(prepared.fold, ()) if prepared.fold else ()
        return min((paper for paper in same_title if not paper.arxiv_id), key=lambda paper: paper.id, default=None)

    def _by_title_alone(self, prepared: PreparedRecord) -> PaperContent | None:
        """The paper of a record without arXiv id."""
        same_title = self._by_title.get(prepared.fold, []) if prepared.fold else []
        if len(same_title) <= 1:
            return same_title[0] if same_title else None
        words = prepared.record.abstract.split()
        for paper in same_title:
            if words and paper.abstract.split() == words:
                return paper
        return self.same_title_without_id(prepared)

    def _load(self, writer: Writer, sql: str, parameter: str) -> None:
        """Make the papers of a query known."""
        for row in writer.execute(sql, (parameter,)):
            if row[0] not in self.papers:
                self.stored[row[0]] = row
                self.add(PaperContent(*row))

    def _load_former(self, writer: Writer, folds: Sequence[str]) -> None:
        """Make papers findable under former titles that no paper bears now."""
        former = [row for row in writer.execute(_FORMER, (text_list(folds),)) if not self._by_title.get(row[0])]
        if former:
            self._load(writer, _BY_ID, id_list({paper_id for _, paper_id in former}))
        for fold, paper_id in former:
            if self.papers[paper_id] not in self._by_title[fold]:
                self._by_title[fold].append(self.papers[paper_id])


def load_papers(writer: Writer, ids: Iterable[int]) -> dict[int, PaperContent]:
    """Papers' content by id."""
    return {row[0]: PaperContent(*row) for row in writer.execute(_BY_ID, (id_list(ids),))}


def assign_keys(writer: Writer, papers: Sequence[PaperContent]) -> None:
    """Give new papers their keys: made from what identifies them, the next candidate where another paper has it."""
    candidates = {
        paper.id: key_candidates(paper_identity(paper.arxiv_id, paper.title_fold, paper.title, paper.abstract))
        for paper in papers
    }
    waiting, given = list(papers), set[str]()
    while waiting:
        for paper in waiting:
            paper.key = next(candidates[paper.id])
        keys = text_list([paper.key for paper in waiting])
        taken = {row[0] for row in writer.execute(_TAKEN_KEYS, {"keys": keys})} | given
        again = []
        for paper in waiting:
            if paper.key in taken:
                again.append(paper)
            else:
                taken.add(paper.key)
                given.add(paper.key)
        waiting = again
