"""The records in files, found by identifier and by title, without any network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from reader.domain.completion import Candidate
from reader.domain.doi import fold_doi
from reader.domain.title_likeness import LEAST_SIMILAR
from reader.services.completion.work import Work

_MOST_SIMILAR = 20


class FileRecords:
    """Candidates out of files."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_identifier: defaultdict[str, list[Candidate]] = defaultdict(list)
        self._by_title: defaultdict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            for name in _identifiers(candidate.prepared.record.arxiv_id, candidate.prepared.record.doi):
                self._by_identifier[name].append(candidate)
            if candidate.titled.fold:
                self._by_title[candidate.titled.fold.replace(" ", "")].append(candidate)
        self._folds = list(self._by_title)

    def identified(self, work: Work) -> Iterator[Candidate]:
        """The records with one of a paper's identifiers."""
        for name in _identifiers(work.arxiv_id, work.doi):
            yield from self._by_identifier.get(name, ())

    def titled(self, work: Work) -> list[Candidate]:
        """The records with a paper's title, or with similar ones if there are none."""
        from rapidfuzz import fuzz, process

        fold = work.sought.titled.fold.replace(" ", "")
        if fold in self._by_title:
            return self._by_title[fold]
        similar = process.extract(
            fold, self._folds, scorer=fuzz.ratio, score_cutoff=LEAST_SIMILAR, limit=_MOST_SIMILAR, processor=None
        )
        return [candidate for found, _, _ in similar for candidate in self._by_title[found]]


def _identifiers(arxiv_id: str | None, doi: str | None) -> Iterator[str]:
    """Identifiers as one kind of name."""
    if arxiv_id:
        yield f"arxiv:{arxiv_id}"
    if doi:
        yield f"doi:{fold_doi(doi)}"
