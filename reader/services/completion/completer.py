"""Completing papers: by identifier in batches, by title one by one, and then what the found identifiers bring.

An identifier that arXiv does not answer for is asked at Hugging Face; a title is asked at Hugging Face, arXiv and
Crossref until one has it. Each record is stored at once, all of them in one step, so that cancelling keeps what was
found. A paper whose identifiers lead to nothing is looked for by its title.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

from reader.domain.batches import batches
from reader.domain.cancellation import Cancelled
from reader.domain.changes import Change
from reader.domain.completion import Candidate
from reader.domain.errors import WorkCancelledError
from reader.domain.papers import Paper
from reader.domain.reports import CompletionProgress, CompletionReport
from reader.domain.step_titles import UNTITLED
from reader.services.completion.sources import MOST_DOIS, MOST_IDS, Service, Sources
from reader.services.completion.work import Work, only_links
from reader.services.latex_to_unicode import shown_line
from reader.storage.store import LibraryStore

Progress = Generator[CompletionProgress, None, CompletionReport]
Steps = Iterator[CompletionProgress]


class Recording:
    """Stores the records of one run in one step, or rehearses that."""

    def __init__(self, store: LibraryStore, *, dry_run: bool) -> None:
        self._store, self._dry_run = store, dry_run
        self._operation = store.begin_operation(UNTITLED)
        self.completed: set[int] = set()
        self.change = Change()

    def take(self, work: Work, candidate: Candidate) -> bool:
        """Store a record for a paper; False if another paper has its identifier, so that it is offered instead."""
        paper_id = self._store.papers.id_of_key(work.paper.key)  # which may have been merged with another meanwhile
        if paper_id is None:
            return False
        given = paper_id, candidate.prepared, candidate.rank
        completions = self._store.completions
        if self._dry_run:
            stored = completions.rehearse(*given)
        else:
            stored = completions.add(*given, self._operation, frozenset(self.completed))
        if stored.is_told_apart:
            work.offer(candidate, f"The paper {stored.other}, which is another work, has its identifier")
            return False
        work.take(candidate, stored.fields, stored.other)
        if stored.has_changed:
            self.completed.add(stored.paper_id)
            if not self._dry_run:
                self.change = self._operation.change.joined_with(self.change)
        return True


class Completer:
    """Completes some papers with what services know; a use for each run."""

    def __init__(self, papers: Iterable[Paper], sources: Sources, recording: Recording, cancelled: Cancelled) -> None:
        self._works = [Work(paper) for paper in papers]
        self._sources, self._recording, self._cancelled = sources, recording, cancelled
        self._done: set[int] = set()

    def run(self, *, dry_run: bool) -> Progress:
        """Complete the papers; yields before each request and returns the report."""
        cancelled = False
        try:
            for step in self._steps():
                if self._cancelled():
                    raise WorkCancelledError
                yield step
            yield self._progress("")
        except WorkCancelledError:
            cancelled = True
        results = [work.result() for work in self._works if not cancelled or work.paper.id in self._done]
        troubles = tuple(self._sources.troubles.values())
        return CompletionReport(tuple(results), troubles, dry_run, cancelled, self._recording.change)

    def _steps(self) -> Steps:
        """All requests, in their order."""
        yield from self._ask_arxiv()
        yield from self._ask_for_papers(lambda work: not (work.is_found or work.offers))
        yield from self._ask_crossref()
        self._done |= {work.paper.id for work in self._works if work.is_found or work.offers}
        for work in self._works:
            if work.paper.id not in self._done:
                yield from self._ask_for_title(work)
                self._done.add(work.paper.id)
        yield from self._ask_arxiv()
        yield from self._ask_for_papers(lambda work: work.is_found and not work.has_code)
        yield from self._ask_crossref()

    def _ask_arxiv(self) -> Steps:
        """Ask arXiv for the identifiers that it was not asked for yet."""
        works = [work for work in self._works if work.arxiv_id and Service.ARXIV not in work.asked]
        for batch in batches(works, MOST_IDS):
            yield self._progress(Service.ARXIV)
            found = self._sources.papers(list(dict.fromkeys(work.arxiv_id for work in batch if work.arxiv_id)))
            for work in batch:
                self._identified(work, Service.ARXIV, found, work.has_arxiv_id)

    def _ask_for_papers(self, is_wanted: Callable[[Work], bool]) -> Steps:
        """Ask Hugging Face for papers one by one: their records, or of those that have one only what it adds."""
        for work in self._works:
            if work.arxiv_id and Service.HUGGING_FACE not in work.asked and is_wanted(work):
                yield self._progress(Service.HUGGING_FACE)
                found = self._sources.paper(work.arxiv_id)
                if found is not None and work.is_found:
                    found = list(map(only_links, found))
                self._identified(work, Service.HUGGING_FACE, found, work.has_arxiv_id)

    def _ask_crossref(self) -> Steps:
        """Ask Crossref for the DOIs of papers without a record or a venue."""
        works = [
            work
            for work in self._works
            if work.doi and Service.CROSSREF not in work.asked and not (work.is_found and work.has_venue)
        ]
        several = [work for work in works if work.doi and "," not in work.doi]
        for batch in batches(several, MOST_DOIS):
            if len(batch) > 1:
                yield self._progress(Service.CROSSREF)
                found = self._sources.works(list(dict.fromkeys(work.doi for work in batch if work.doi)))
                for work in batch:
                    if found is None or any(map(work.has_doi, found)):
                        self._identified(work, Service.CROSSREF, found, work.has_doi)
        for work in works:
            if work.doi and Service.CROSSREF not in work.asked:
                yield self._progress(Service.CROSSREF)
                self._identified(work, Service.CROSSREF, self._sources.works([work.doi]), work.has_doi)

    def _identified(
        self, work: Work, service: Service, found: Sequence[Candidate] | None, is_its: Callable[[Candidate], bool]
    ) -> None:
        """Decide on the records that a service gave for a paper's identifier."""
        work.asked.add(service)
        if found is None:
            work.failures[service.value] = None
        for candidate in filter(is_its, found or ()):
            taken = work.decide_identified(candidate)
            if taken is not None:
                self._recording.take(work, taken)

    def _ask_for_title(self, work: Work) -> Steps:
        """Ask one service after the other for a title, until one has the paper."""
        if work.sought.is_stub or not work.sought.titled.fold:
            return
        for service in (Service.HUGGING_FACE, Service.ARXIV, Service.CROSSREF):
            yield self._progress(service)
            found = self._sources.titled(service, shown_line(work.paper.title))
            if found is None:
                work.failures[service.value] = None
                continue
            taken = work.decide_titled(found)
            if taken is not None:
                self._recording.take(work, taken)
                work.asked.add(service)
                return

    def _progress(self, service: Service | str) -> CompletionProgress:
        """The progress before a service is asked."""
        host = self._sources.host(service) if isinstance(service, Service) else ""
        done = len(self._works) if not host else len(self._done)
        return CompletionProgress(done, len(self._works), len(self._recording.completed), host)
