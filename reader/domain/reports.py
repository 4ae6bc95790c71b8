"""What long work did: progress while it runs, and the report at its end."""

from __future__ import annotations

from dataclasses import dataclass, field

from reader.domain.records import LineAccount, Problem


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import is: ``done`` of ``total`` files, ``papers`` stored so far, and the file being read."""

    done: int
    total: int
    papers: int
    path: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file of an import.

    ``papers`` counts the file's records; ``new``, ``updated`` and ``known`` its papers that were added, whose stored
    content changed, and that were there as they are. ``year_guessed`` tells that nothing in the file fixes the year;
    ``error`` is the sentence to show where the file was refused, and then nothing of it was stored.
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
    """What became of every file of an import, in the order given. ``cancelled``: later files were not read.

    ``as_seen`` tells that the papers it brought count as seen.
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
    """How far indexing is: ``done`` of ``total`` papers are in the index."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """How the index stands: papers in it, papers changed since it learned last, whether it is whole, and its size."""

    papers: int
    pending: int
    is_complete: bool
    bytes: int
