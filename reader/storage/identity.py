"""The search for the paper that a record belongs to, by the rule of :mod:`reader.domain.identity`.

A title may fit several papers that no identifier distinguishes from the record. Then the record belongs to the one with
the same abstract, else to the only one with the same first author and year, else to the oldest one without identifiers,
else to none: a new paper can be merged later, but two papers merged wrongly are a loss. A paper's former titles count
if no paper has the title now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence

from reader.domain.doi import fold_doi
from reader.domain.identity import Identity, are_different_people, are_told_apart, have_same_identifier
from reader.domain.keys import key_candidates, paper_identity
from reader.storage.content import COLUMNS, EMPTY_LIST, GUESSED, PaperContent
from reader.storage.writer import Writer, id_list, text_list

_SELECT = f"SELECT {', '.join(f'papers.{column}' for column in COLUMNS)} FROM papers "
_GIVEN = "IN (SELECT value FROM json_each(?))"
_BY_ARXIV = f"{_SELECT} WHERE arxiv_id {_GIVEN}"
_BY_TITLE = f"{_SELECT} WHERE title_fold {_GIVEN} ORDER BY id"
_BY_DOI = f"{_SELECT} WHERE lower(doi) {_GIVEN} AND doi IS NOT NULL"
_BY_FURTHER_DOI = f"{_SELECT} WHERE id IN (SELECT paper_id FROM further_dois WHERE lower(doi) {_GIVEN})"
_BY_ID = f"{_SELECT} WHERE id {_GIVEN}"
_FURTHER_DOIS = f"SELECT paper_id, doi FROM further_dois WHERE paper_id {_GIVEN}"
_FORMER = f"SELECT title_fold, paper_id FROM former_titles WHERE title_fold {_GIVEN} ORDER BY id"
_TAKEN_KEYS = (
    "SELECT key FROM papers WHERE key IN (SELECT value FROM json_each(:keys)) "
    "UNION ALL SELECT key FROM paper_aliases WHERE key IN (SELECT value FROM json_each(:keys))"
)


class KnownPapers:
    """The papers that a batch of records may belong to, each once, with the changes that the batch makes."""

    def __init__(self, writer: Writer, identities: Sequence[Identity]) -> None:
        self.stored: dict[int, tuple[object, ...]] = {}
        self.papers: dict[int, PaperContent] = {}
        self._by_arxiv: dict[str, PaperContent] = {}
        self._by_doi: defaultdict[str, list[PaperContent]] = defaultdict(list)
        self._by_title: defaultdict[str, list[PaperContent]] = defaultdict(list)
        self._dois: defaultdict[int, set[str]] = defaultdict(set)
        folds = [fold for identity in identities for fold in (identity.fold, identity.address) if fold]
        dois = text_list({doi for identity in identities for doi in identity.dois})
        self._load(writer, _BY_ARXIV, text_list(identity.arxiv_id for identity in identities if identity.arxiv_id))
        self._load(writer, _BY_TITLE, text_list(folds))
        if dois != EMPTY_LIST:
            self._load(writer, _BY_DOI, dois)
            self._load(writer, _BY_FURTHER_DOI, dois)
        self._load_former(writer, folds)
        for paper_id, doi in writer.execute(_FURTHER_DOIS, (id_list(self.papers),)):
            self._know_doi(self.papers[paper_id], doi)

    def add(self, paper: PaperContent) -> None:
        """Add a paper under its identifiers and title."""
        self.papers[paper.id] = paper
        self.rename(paper)

    def rename(self, paper: PaperContent, further_doi: str | None = None) -> None:
        """Make a known paper findable under its present identifiers and title, and under a further DOI."""
        if paper.arxiv_id:
            self._by_arxiv[paper.arxiv_id] = paper
        for doi in (paper.doi, further_doi):
            if doi:
                self._know_doi(paper, doi)
        if paper.title_fold and paper not in self._by_title[paper.title_fold]:
            self._by_title[paper.title_fold].append(paper)

    def identity(self, paper: PaperContent) -> Identity:
        """The identity of a known paper."""
        return content_identity(paper, self._dois.get(paper.id, ()))

    def find(self, sought: Identity, abstract: str) -> PaperContent | None:
        """The paper that a record with this identity and abstract belongs to; None for a new paper."""
        by_id = self._by_arxiv.get(sought.arxiv_id) if sought.arxiv_id else None
        return by_id or self._by_dois(sought) or self._by_title_alone(sought, abstract) or self._stub(sought)

    def twin(self, sought: Identity, paper: PaperContent) -> PaperContent | None:
        """A second paper that a record shows to be the same as ``paper``, with which it shares an identifier."""
        same_title = [other for other in self._by_title.get(sought.fold, ()) if other is not paper]
        # Only a title or a DOI can lead to a second paper; most records end here.
        if not same_title and not sought.dois:
            return None
        own = self.identity(paper)
        if not have_same_identifier(sought, own):
            return None
        whole = sought.joined_with(own)
        candidates = [
            other
            for other in same_title
            if not are_told_apart(self.identity(other), whole) and not self._is_of_another(other, same_title)
        ]
        return self._by_dois(whole, but=paper) or (candidates[0] if len(candidates) == 1 else None)

    def _is_of_another(self, paper: PaperContent, same_title: Sequence[PaperContent]) -> bool:
        """Whether a paper could just as well belong to another paper with its title."""
        own = self.identity(paper)
        return any(other is not paper and not are_told_apart(own, self.identity(other)) for other in same_title)

    def _by_dois(self, sought: Identity, but: PaperContent | None = None) -> PaperContent | None:
        """The paper with one of the DOIs; of several the one with the same title, else the oldest."""
        found = [
            paper
            for doi in sought.dois
            for paper in self._by_doi.get(doi, ())
            # With equal arXiv ids they were found before; with different ones they are different works.
            if paper is not but and not (sought.arxiv_id and paper.arxiv_id)
        ]
        return min(found, key=lambda paper: (paper.title_fold != sought.fold, paper.id), default=None)

    def _by_title_alone(self, sought: Identity, abstract: str) -> PaperContent | None:
        """The paper that a record belongs to by its title, if that is certain enough."""
        same_title = self._by_title.get(sought.fold, ()) if sought.fold else ()
        found = [paper for paper in same_title if not are_told_apart(self.identity(paper), sought)]
        if len(found) <= 1:
            return found[0] if found else None
        words = abstract.split()
        for paper in found:
            # Sources break lines differently, so only the words are compared.
            if words and paper.abstract.split() == words:
                return paper
        alike = [paper for paper in found if _is_by_the_same(self.identity(paper), sought)]
        if len(alike) == 1:
            return alike[0]
        bare = (paper for paper in found if not paper.arxiv_id and paper.id not in self._dois)
        return min(bare, key=lambda paper: paper.id, default=None)

    def _stub(self, sought: Identity) -> PaperContent | None:
        """The stub that is known only by the address that a record has."""
        known = self._by_title.get(sought.address, ()) if sought.address else ()
        return next((paper for paper in known if not are_told_apart(self.identity(paper), sought)), None)

    def _know_doi(self, paper: PaperContent, doi: str) -> None:
        """Make a paper findable under a DOI."""
        fold = fold_doi(doi)
        self._dois[paper.id].add(fold)
        if paper not in self._by_doi[fold]:
            self._by_doi[fold].append(paper)

    def _load(self, writer: Writer, sql: str, parameter: str) -> None:
        """Add the papers that a query returns."""
        for row in writer.execute(sql, (parameter,)):
            if row[0] not in self.papers:
                self.stored[row[0]] = row
                self.add(PaperContent(*row))

    def _load_former(self, writer: Writer, folds: Sequence[str]) -> None:
        """Make papers findable under former titles that no paper has now."""
        former = [row for row in writer.execute(_FORMER, (text_list(folds),)) if not self._by_title.get(row[0])]
        if former:
            self._load(writer, _BY_ID, id_list({paper_id for _, paper_id in former}))
        for fold, paper_id in former:
            if self.papers[paper_id] not in self._by_title[fold]:
                self._by_title[fold].append(self.papers[paper_id])


def content_identity(paper: PaperContent, further_dois: Iterable[str] = ()) -> Identity:
    """The identity of a stored paper."""
    return Identity.of(
        paper.title_fold,
        paper.arxiv_id,
        (paper.doi, *further_dois),
        tuple(json.loads(paper.authors)),
        paper.published if paper.published_certainty > GUESSED else None,
    )


def stored_identities(writer: Writer, ids: Iterable[int]) -> dict[int, Identity]:
    """The identities of the papers with these ids; missing papers are left out."""
    papers = load_papers(writer, ids)
    dois: defaultdict[int, list[str]] = defaultdict(list)
    for paper_id, doi in writer.execute(_FURTHER_DOIS, (id_list(papers),)):
        dois[paper_id].append(doi)
    return {paper_id: content_identity(paper, dois[paper_id]) for paper_id, paper in papers.items()}


def _is_by_the_same(one: Identity, other: Identity) -> bool:
    """Whether two identities have the same first author and year."""
    if not one.first_author or not other.first_author or one.year is None or one.year != other.year:
        return False
    return not are_different_people(one.first_author, other.first_author)


def load_papers(writer: Writer, ids: Iterable[int]) -> dict[int, PaperContent]:
    """The content of papers by id."""
    return {row[0]: PaperContent(*row) for row in writer.execute(_BY_ID, (id_list(ids),))}


def assign_keys(writer: Writer, papers: Sequence[PaperContent]) -> None:
    """Give new papers their keys, made from their identity; if another paper has the key, the next candidate."""
    candidates = {
        paper.id: key_candidates(paper_identity(paper.arxiv_id, paper.title_fold, paper.title, paper.abstract))
        for paper in papers
    }
    waiting, given = list(papers), set[str]()
    while waiting:
        for paper in waiting:
            paper.key = next(candidates[paper.id])
        keys = text_list([paper.key for paper in waiting])
        # Two new papers of one batch may want the same key, so those given just now count as well.
        taken = {row[0] for row in writer.execute(_TAKEN_KEYS, {"keys": keys})} | given
        again = []
        for paper in waiting:
            if paper.key in taken:
                again.append(paper)
            else:
                taken.add(paper.key)
                given.add(paper.key)
        waiting = again
