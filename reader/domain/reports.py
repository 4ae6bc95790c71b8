"""The progress of long work, and its final report."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from reader.domain.changes import Change
from reader.domain.completion import Offer
from reader.domain.records import LineAccount, Problem
from reader.domain.subscriptions import PageName


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """The progress of an import: ``done`` of ``total`` files, the papers stored so far, and the file being read."""

    done: int
    total: int
    papers: int
    path: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """The result for one file of an import.

    ``papers`` counts the file's records. ``new`` papers were added, ``updated`` papers had their stored content
    changed, ``known`` papers stay as they were. ``year_guessed`` is True if nothing in the file determines the year.
    ``error`` is the sentence to show if the file was refused; nothing of it was stored then.
    """

    path: str
    format: str | None = None
    format_certain: bool = True
    encoding_uncertain: bool = False
    listing_id: int | None = None
    already_imported: bool = False
    heading_date: str | None = None
    year_inferred: bool = False
    year_guessed: bool = False
    papers: int = 0
    new: int = 0
    updated: int = 0
    known: int = 0
    repeated: int = 0
    problems: tuple[Problem, ...] = ()
    account: LineAccount | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results for all files of an import, in the order given. If ``cancelled``, later files were not read.

    ``as_seen`` is True if the imported papers count as seen.
    """

    files: tuple[FileReport, ...] = field(default=())
    dry_run: bool = False
    cancelled: bool = False
    as_seen: bool = False

    @property
    def failed(self) -> int:
        """The number of files that were refused."""
        return sum(report.error is not None for report in self.files)

    def total(self, field_name: str) -> int:
        """The sum of one of the files' counts (``papers``, ``new``, ``updated``, ``known``, ``repeated``)."""
        return sum(getattr(report, field_name) for report in self.files)


@dataclass(frozen=True, slots=True)
class PageReport:
    """The result for one page of a fetch.

    ``file`` says of it what an import says of a file; its path is the page's address, without secrets. If ``unchanged``
    the page says nothing new. ``page`` is None for a subscription that failed before any page was asked for. ``note``
    is a sentence about the page, mostly empty. ``next_try`` (ISO 8601, UTC) is when a page that failed is tried again
    by itself, or may be tried again as its host said; None if neither is known.
    """

    subscription: str
    page: PageName | None
    file: FileReport
    unchanged: bool = False
    note: str = ""
    next_try: str | None = None


@dataclass(frozen=True, slots=True)
class FetchReport:
    """The results for all pages of a fetch, in the order in which they were asked for.

    If ``cancelled``, later pages were not fetched.
    """

    pages: tuple[PageReport, ...] = ()
    cancelled: bool = False

    @property
    def as_import(self) -> ImportReport:
        """The report of an import of the same pages as files."""
        return ImportReport(tuple(page.file for page in self.pages), cancelled=self.cancelled)

    @property
    def failed(self) -> int:
        """The number of pages that could not be fetched."""
        return self.as_import.failed


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """The progress of indexing: ``done`` of ``total`` papers are in the index.

    ``by_meaning`` is the progress of comparing them by their meaning, which comes after it.
    """

    done: int
    total: int
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """The state of the index: its papers, the papers changed since its last commit, its completeness and its size."""

    papers: int
    pending: int
    is_complete: bool
    bytes: int


class CompletionOutcome(StrEnum):
    """What completing did for one paper."""

    COMPLETED = "completed"
    OFFERED = "offered"
    UNCHANGED = "unchanged"
    NOT_FOUND = "not found"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CompletionProgress:
    """The progress of completing: ``done`` of ``total`` papers, those completed so far, and the host being asked."""

    done: int
    total: int
    completed: int
    host: str


@dataclass(frozen=True, slots=True)
class PaperCompletion:
    """The result for one paper.

    ``sources`` are the sources of the records that were taken ("arXiv"), ``fields`` the fields they changed, as
    ``lectern papers --json`` names them, ``merged`` the keys of papers that turned out to be this one. ``offers`` are
    records that may be the paper's. ``failures`` says which hosts gave no answer.
    """

    paper_id: int
    key: str
    title: str
    outcome: CompletionOutcome
    sources: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompletionReport:
    """The results for all papers, in the order given, or those known when it was ``cancelled``.

    ``troubles`` has one sentence for each host that gave no answer. ``change`` is what the step changed.
    """

    papers: tuple[PaperCompletion, ...] = ()
    troubles: tuple[str, ...] = ()
    dry_run: bool = False
    cancelled: bool = False
    change: Change = field(default_factory=Change)

    def count(self, outcome: CompletionOutcome) -> int:
        """The number of papers with an outcome."""
        return sum(paper.outcome is outcome for paper in self.papers)
