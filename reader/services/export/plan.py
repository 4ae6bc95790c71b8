"""Options, plans and reports of exports, shared by the preview, the report and the command line.

See ``docs/decisions/0018-exports-are-looked-at.md``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from reader.domain.errors import ReaderError
from reader.domain.settings import DeletedHighlights, NoteNames
from reader.formats.export.profiles import ProfileName
from reader.formats.export.splice import Remark, RemarkKind, Splice, note_text

__all__ = ["ProfileName", "Remark", "RemarkKind"]

DEFAULT_FOLDER = "Lectern"
LONGEST_DIFF = 200_000
"""Characters of a file beyond which no difference is computed."""


class ExportForm(StrEnum):
    """File formats papers are exported to."""

    MARKDOWN = "markdown"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CSV = "csv"
    JSON_LINES = "json-lines"
    HTML = "html"
    DIGEST = "digest"


class ExportGrouping(StrEnum):
    """Groupings of the one-file report."""

    TAG = "tag"
    LABEL = "label"
    LISTING = "listing"
    DAY = "day"


class ExportStatus(StrEnum):
    """The outcome planned for one file.

    EDITED: its owner changed Lectern's part of it; that is kept and the rest is updated. NOT_FOUND: it was written
    before and has been deleted; it is recreated only on request.
    """

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    EDITED = "edited by you"
    NOT_FOUND = "not found"


class ExportError(ReaderError):
    """An export that is not possible as requested; the message says why and what to do."""


class MissingTargetError(ExportError):
    """The folder to export to does not exist, and may not be created without asking."""

    def __init__(self, target: Path) -> None:
        """``target`` is the folder."""
        super().__init__(f"The folder {target} does not exist. Bring it back, or choose another.")


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How to export.

    ``target`` is the vault's root, or the folder or file for the other forms. ``folder`` is where in a vault new
    notes go. ``beside`` are the keys of papers (all of them, if it is True) where Lectern's text is to be put beside
    blocks that the owner changed, and removed ones are to be made again. ``recreate`` likewise names papers whose
    note was deleted and is to be made again. ``adopt`` says which note (path in the vault) is to become a paper's.
    ``since`` is the first day of a digest, None for the last seven days. Without ``make_target`` a folder that is not
    there is an error: a vault on a disk that is not plugged in must not come into being again, empty. ``names`` is what
    new notes are named by; with ``rename`` those that are there are given such a name, too.
    """

    target: Path
    form: ExportForm = ExportForm.MARKDOWN
    profile: ProfileName = ProfileName.OBSIDIAN
    folder: str = DEFAULT_FOLDER
    grouping: ExportGrouping = ExportGrouping.TAG
    deleted: DeletedHighlights = DeletedHighlights.REMOVE
    beside: frozenset[str] | bool = False
    recreate: frozenset[str] | bool = False
    adopt: Mapping[str, str] = field(default_factory=dict)
    since: date | None = None
    make_target: bool = True
    names: NoteNames = NoteNames.SLUG
    rename: bool = False

    @property
    def is_vault(self) -> bool:
        """Whether a note is made for each paper."""
        return self.form is ExportForm.MARKDOWN and self.profile is not ProfileName.ONE_FILE

    def asks(self, for_what: frozenset[str] | bool, key: str) -> bool:
        """Whether an option such as ``beside`` or ``recreate`` is chosen for a paper."""
        return for_what if isinstance(for_what, bool) else key in for_what

    def choices(self, key: str) -> tuple[bool, bool, str | None]:
        """The choices for one paper: ``beside``, ``recreate`` and ``adopt``."""
        return self.asks(self.beside, key), self.asks(self.recreate, key), self.adopt.get(key)

    def require_target(self, folder: Path) -> None:
        """Raise :class:`MissingTargetError` if a folder does not exist and may not be created."""
        if not self.make_target and not folder.is_dir():
            raise MissingTargetError(folder)


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """Progress of an export: ``done`` of ``total`` papers, and the current one."""

    done: int
    total: int
    current: str


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file of an export: what is to be done with it, and what there is to say.

    ``paper_id`` and ``key`` are the paper's (0 and empty for a file of many papers). ``path`` is its place in the
    target, with ``/`` between folders. ``adoptable`` are notes without a paper that name this one and could become its
    note. ``data`` is the file's new content; None where nothing is to be written, or where the content ``streams``
    because it may be too large to be held. ``written`` is what will count as last written, as it is remembered: a text,
    because tens of thousands of these are held while one looks at a plan, and Python's collector looks into all else.
    ``renames`` is the name that the note had, where it gets another.
    """

    paper_id: int
    key: str
    title: str
    path: str
    status: ExportStatus
    remarks: tuple[Remark, ...] = ()
    adoptable: tuple[str, ...] = ()
    data: bytes | None = None
    before: bytes | None = field(default=None, repr=False)
    written: str = field(default="", repr=False)
    fingerprint: str = ""
    streams: bool = False
    renames: str = ""

    @property
    def writes(self) -> bool:
        """Whether the file would be written."""
        return self.data is not None or self.streams

    def spliced(self, splice: Splice, **more: Any) -> PlannedFile:
        """This file with the result of writing or updating its note."""
        status = self.status if self.before is None else ExportStatus.UPDATE
        changes = splice.data != self.before
        if splice.is_edited:
            status = ExportStatus.EDITED
        elif not changes:
            status = ExportStatus.UNCHANGED
        return replace(
            self,
            status=status,
            remarks=splice.remarks + self.remarks,
            data=splice.data if changes else None,
            written=splice.written.to_json(),
            **more,
        )

    def difference(self) -> str:
        """The planned change as a unified diff; empty if nothing is written or the file is very long."""
        if self.data is None or len(self.data) > LONGEST_DIFF:
            return ""
        old = _lines(self.before)
        names = f"a/{self.renames or self.path}", f"b/{self.path}"
        return "\n".join(unified_diff(old, _lines(self.data), *names, lineterm=""))


def _lines(data: bytes | None) -> list[str]:
    text = note_text(data) if data is not None else ""
    return (text or "").encode("utf-8", "replace").decode("utf-8").splitlines()


@dataclass(frozen=True, slots=True)
class ExportPlan:
    """All files of an export. ``messages`` are sentences about the export as a whole."""

    options: ExportOptions
    files: tuple[PlannedFile, ...]
    messages: tuple[str, ...] = ()
    cancelled: bool = False

    def counts(self) -> dict[str, int]:
        """The number of files in each status."""
        return count_statuses(file.status for file in self.files)

    @property
    def writes(self) -> int:
        """The number of files that would be written."""
        return sum(file.writes for file in self.files)


@dataclass(frozen=True, slots=True)
class ExportReport(ExportPlan):
    """The result of an export: its plan, the files that were written, and those that failed with the reason."""

    written: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()


Planning = Generator[ExportProgress, None, ExportPlan]
Writing = Generator[ExportProgress, None, ExportReport]


def every_file(_: PlannedFile) -> bool:
    """Select every file."""
    return True


class Export(Protocol):
    """An export in progress: plan it, review the plan, write it."""

    def plan(self, paper_ids: Sequence[int]) -> Planning:
        """Plan the export; writes nothing."""

    def plan_again(self, plan: ExportPlan, options: ExportOptions) -> Planning:
        """Plan again with other choices for single papers; the other options must be the same."""

    def write(self, plan: ExportPlan, only: Callable[[PlannedFile], bool] = every_file) -> Writing:
        """Write the planned files that ``only`` accepts."""


def count_statuses(statuses: Iterable[ExportStatus]) -> dict[str, int]:
    """The number of each status, zeros included."""
    counted = Counter(statuses)
    return {status.value: counted[status] for status in ExportStatus}


def outcome_as_json(outcome: ExportPlan) -> dict[str, Any]:
    """A plan as ``lectern export --dry-run --json`` prints it, or a report as it is printed without ``--dry-run``."""
    report = outcome if isinstance(outcome, ExportReport) else None
    options = outcome.options
    return {
        "target": str(options.target),
        "form": options.form.value,
        "profile": options.profile.value if options.form is ExportForm.MARKDOWN else None,
        "counts": outcome.counts(),
        "files": [_file_as_json(file, with_difference=report is None) for file in outcome.files],
        "written": list(report.written) if report else [],
        "failed": [{"path": path, "reason": reason} for path, reason in report.failed] if report else [],
        "messages": list(outcome.messages),
        "dry_run": report is None,
        "cancelled": outcome.cancelled,
    }


def _file_as_json(file: PlannedFile, *, with_difference: bool) -> dict[str, Any]:
    shown = {
        "key": file.key or None,
        "title": file.title,
        "path": file.path,
        "status": file.status.value,
        "writes": file.writes,
        "renames": file.renames or None,
        "remarks": [asdict(remark) | {"kind": remark.kind.value} for remark in file.remarks],
        "adoptable": list(file.adoptable),
    }
    return {**shown, "diff": file.difference()} if with_difference else shown
