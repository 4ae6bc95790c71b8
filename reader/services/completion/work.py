"""One paper while it is being completed: what is known of it, what was found, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from reader.domain.completion import Candidate, Offer, Sought, decide_by_identifier, decide_by_title
from reader.domain.doi import fold_doi
from reader.domain.papers import Paper
from reader.domain.reports import CompletionOutcome, PaperCompletion
from reader.services.completion.candidates import sought


@dataclass(slots=True, eq=False)
class Work:
    """A paper and the results so far; identifiers, code and venue are those known by now."""

    paper: Paper
    sought: Sought = field(init=False)
    arxiv_id: str | None = field(init=False)
    doi: str | None = field(init=False)
    has_code: bool = field(init=False)
    has_venue: bool = field(init=False)
    found: list[Candidate] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    sources: dict[str, None] = field(default_factory=dict)
    fields: dict[str, None] = field(default_factory=dict)
    merged: dict[str, None] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    failures: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sought = sought(self.paper)
        self.arxiv_id, self.doi = self.paper.arxiv_id, self.paper.doi
        self.has_code, self.has_venue = bool(self.paper.code_urls), bool(self.paper.publication.venue)

    @property
    def is_found(self) -> bool:
        """Whether a record was taken."""
        return bool(self.sources)

    def has_arxiv_id(self, candidate: Candidate) -> bool:
        """Whether a record has the paper's arXiv identifier."""
        return self.arxiv_id is not None and candidate.prepared.record.arxiv_id == self.arxiv_id

    def has_doi(self, candidate: Candidate) -> bool:
        """Whether a record has the paper's DOI."""
        other = candidate.prepared.record.doi
        return self.doi is not None and other is not None and fold_doi(other) == fold_doi(self.doi)

    def decide_identified(self, candidate: Candidate) -> Candidate | None:
        """The record that has one of the paper's identifiers, if it is to be taken; otherwise it is offered."""
        if self.is_found:  # by its title or another identifier, which led to this one
            return candidate
        decision = decide_by_identifier(self.sought, candidate)
        self.offers += decision.offers
        return decision.taken

    def decide_titled(self, candidates: list[Candidate]) -> Candidate | None:
        """The record to take of all that were found by title so far; otherwise they are offered."""
        self.found += candidates
        decision = decide_by_title(self.sought, self.found)
        self.offers = list(decision.offers)
        return decision.taken

    def take(self, candidate: Candidate, fields: tuple[str, ...], merged: str) -> None:
        """Note that a record was taken, and what it changed."""
        record = candidate.prepared.record
        self.sources[candidate.source] = None
        self.fields |= dict.fromkeys(fields)
        self.merged |= {merged: None} if merged else {}
        self.offers.clear()
        self.arxiv_id, self.doi = self.arxiv_id or record.arxiv_id, self.doi or record.doi
        self.has_code = self.has_code or bool(candidate.prepared.code_urls)
        self.has_venue = self.has_venue or bool(record.publication.venue)

    def offer(self, candidate: Candidate, reason: str) -> None:
        """Offer a record that cannot be taken."""
        self.offers.append(Offer(candidate, reason))

    def result(self) -> PaperCompletion:
        """What came of the paper."""
        return PaperCompletion(
            *(self.paper.id, self.paper.key, self.paper.title, self._outcome(), tuple(self.sources)),
            *(tuple(self.fields), tuple(self.merged), tuple(self.offers), tuple(self.failures)),
        )

    def _outcome(self) -> CompletionOutcome:
        if self.fields or self.merged:
            return CompletionOutcome.COMPLETED
        if self.is_found:
            return CompletionOutcome.UNCHANGED
        if self.offers:
            return CompletionOutcome.OFFERED
        return CompletionOutcome.FAILED if self.failures else CompletionOutcome.NOT_FOUND


def only_links(candidate: Candidate) -> Candidate:
    """A record with nothing but its links, keywords and organisation: what arXiv's own record of a paper lacks."""
    given = candidate.prepared.record
    record = replace(given, title="", abstract="", authors=(), author_names=(), author_count=None, url=None)
    return replace(candidate, prepared=replace(candidate.prepared, record=record, fold="", published=None))
