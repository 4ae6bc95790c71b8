"""Completing papers from files that know more of them, such as a bibliography."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.completion import Candidate
from reader.domain.papers import Paper
from reader.domain.reports import CompletionProgress, CompletionReport
from reader.services.completion.candidates import candidates_of
from reader.services.completion.completer import Progress, Recording
from reader.services.completion.file_records import FileRecords
from reader.services.completion.work import Work
from reader.services.imports.parser import ListingParser
from reader.services.imports.source_archive import SourceArchive

_PAPERS_BETWEEN_STEPS = 100


def records_in(paths: Iterable[Path], sources: SourceArchive, today: date) -> FileRecords:
    """The records in files; raises :class:`~reader.domain.errors.ReaderError` for a file that is no listing."""
    return FileRecords(_candidates(paths, sources, today))


def complete_from(
    papers: Sequence[Paper],
    records: FileRecords,
    recording: Recording,
    cancelled: Cancelled,
    *,
    dry_run: bool,
) -> Progress:
    """Complete papers from records; yields now and then and returns the report."""
    works: list[Work] = []
    for number, paper in enumerate(papers):
        if number % _PAPERS_BETWEEN_STEPS == 0:
            yield CompletionProgress(number, len(papers), len(recording.completed), "")
        if cancelled():
            break
        works.append(work := Work(paper))
        _complete(work, records, recording)
    results = tuple(work.result() for work in works)
    return CompletionReport(results, (), dry_run, len(works) < len(papers), recording.change)


def _complete(work: Work, records: FileRecords, recording: Recording) -> None:
    """Complete one paper: by its identifiers, else by its title."""
    for candidate in records.identified(work):
        if (taken := work.decide_identified(candidate)) is not None:
            recording.take(work, taken)
    if not work.is_found and not work.offers and (taken := work.decide_titled(records.titled(work))) is not None:
        recording.take(work, taken)


def _candidates(paths: Iterable[Path], sources: SourceArchive, today: date) -> Iterator[Candidate]:
    with ListingParser(today=today) as parser:
        for path in paths:
            incoming = sources.take(path)
            try:
                prepared = parser.parse(incoming)
                yield from candidates_of(prepared.records, path.name, prepared.header.rank)
            finally:
                sources.discard(incoming)
