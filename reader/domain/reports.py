"""The progress of long work, and its final report."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.domain.records import LineAccount, Problem


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
class IndexProgress:
    """The progress of indexing: ``done`` of ``total`` papers are in the index."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """The state of the index: its papers, the papers changed since its last commit, its completeness and its size."""

    papers: int
    pending: int
    is_complete: bool
    bytes: int
