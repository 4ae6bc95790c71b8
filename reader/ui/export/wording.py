"""Exports in words: one sentence, and everything there is to say of each file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from reader.services.export.plan import ExportPlan, ExportReport, ExportStatus, PlannedFile
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted

_NAME_LIMIT = 80
_LINE_LIMIT = 400
_MOST_LINES = 2_000


def place_name(target: Path) -> str:
    """A folder or file as sentences name it."""
    return f"“{shown_line(target.name or str(target), _NAME_LIMIT)}”"


def is_left(file: PlannedFile, written: frozenset[str]) -> bool:
    """Whether something of Lectern's does not stand in a file because of its owner."""
    if file.path in written:
        return any(remark.withheld for remark in file.remarks)
    if file.status is ExportStatus.EDITED:
        return file.writes or any(remark.withheld for remark in file.remarks)
    return bool(file.adoptable) and file.status is ExportStatus.CREATE


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What there is to tell of an export, in words: a ``sentence``, the files that were ``left`` alone, and all
    ``lines``. Made where it takes nobody's time, as there may be tens of thousands of files.
    """

    sentence: str
    left: tuple[str, ...]
    lines: tuple[str, ...]
    has_written: bool
    is_incomplete: bool

    @classmethod
    def of(cls, report: ExportReport) -> ExportOutcome:
        """A report in words."""
        return cls(
            report_sentence(report),
            tuple(left_lines(report)),
            tuple(report_lines(report)),
            bool(report.written),
            bool(report.failed) or report.cancelled,
        )


def report_sentence(report: ExportReport) -> str:
    """What an export did, in a sentence or two."""
    written = frozenset(report.written)
    return " ".join([_written_sentence(report, written), *_exceptions(report, written)])


def _written_sentence(report: ExportReport, written: frozenset[str]) -> str:
    place = place_name(report.options.target)
    if not written:
        return f"Nothing was written to {place}." if _is_unfinished(report) else f"Everything in {place} is up to date."
    if len(report.files) == 1 and not report.files[0].key:
        return f"Wrote {shown_line(report.written[0], _NAME_LIMIT)} to {place_name(_folder(report))}."
    new = sum(file.status is ExportStatus.CREATE and file.path in written for file in report.files)
    renamed = sum(bool(file.renames) and file.path in written for file in report.files)
    updated = len(written) - new - renamed
    kinds = [
        f"{count:,} {word}" if count else ""
        for count, word in ((new, "new"), (updated, "updated"), (renamed, "renamed"))
    ]
    return f"Wrote {counted(len(written), 'note')} to {place}: {', '.join(filter(None, kinds))}."


def _folder(report: ExportReport) -> Path:
    target = report.options.target
    return target.parent if target.name == report.written[0] else target


def _is_unfinished(report: ExportReport) -> bool:
    written = frozenset(report.written)
    return bool(report.failed) or report.cancelled or any(is_left(file, written) for file in report.files)


def _exceptions(report: ExportReport, written: frozenset[str]) -> Iterator[str]:
    left = [file for file in report.files if is_left(file, written)]
    edited = sum(file.status is ExportStatus.EDITED for file in left)
    if edited:
        yield f"What you edited in {counted(edited, 'file' if not report.files[0].key else 'note')} was left alone."
    if len(left) > edited:
        yield f"{counted(len(left) - edited, 'paper')} may have a note of yours already: Shift+E lets you choose."
    gone = sum(file.status is ExportStatus.NOT_FOUND for file in report.files)
    if gone and written:
        yield f"{counted(gone, 'deleted note')} stayed deleted."
    if len(report.failed) == 1:
        path, reason = report.failed[0]
        yield f"{shown_line(path, _NAME_LIMIT)} could not be written: {shown_line(reason, _NAME_LIMIT)}."
    elif report.failed:
        yield f"{counted(len(report.failed), 'file')} could not be written."
    if report.cancelled:
        yield "Stopped before the end."


def plan_sentence(plan: ExportPlan) -> str:
    """What writing a plan would do."""
    place = place_name(plan.options.target)
    if not plan.files:
        return "There are no papers to export."
    if not plan.writes:
        return " ".join(_nothing_to_write(plan)) or f"Nothing to write: everything in {place} is up to date."
    return f"{counted(plan.writes, 'file')} to be written to {place}"


def _nothing_to_write(plan: ExportPlan) -> Iterator[str]:
    """Why nothing is written, where something might be; empty where all is up to date."""
    waiting = sum(is_left(file, frozenset()) for file in plan.files)
    gone = sum(file.status is ExportStatus.NOT_FOUND for file in plan.files)
    if waiting or gone:
        yield "Nothing to write."
    if waiting:
        yield f"{counted(waiting, 'note')} {'needs' if waiting == 1 else 'need'} your decision."
    if gone:
        yield f"{counted(gone, 'deleted note')} {'stays' if gone == 1 else 'stay'} deleted."


def report_lines(report: ExportReport) -> list[str]:
    """Everything there is to say of an export, a line each."""
    written = frozenset(report.written)
    groups: list[tuple[str, Iterable[str]]] = [
        ("Could not be written", (f"{path}: {reason}" for path, reason in report.failed)),
        ("Left alone", left_lines(report)),
        ("Deleted by you, not made again", _paths(report, ExportStatus.NOT_FOUND)),
        ("New", (path for path in _paths(report, ExportStatus.CREATE) if path in written)),
        ("Updated", (file.path for file in report.files if _is_updated(file, written) and not file.renames)),
        (
            "Renamed",
            (f"{file.renames} → {file.path}" for file in report.files if file.renames and file.path in written),
        ),
        ("To be said", _remarks(report)),
        ("As they were", _paths(report, ExportStatus.UNCHANGED)),
    ]
    lines = [f"Folder: {report.options.target}", *report.messages]
    for title, found in groups:
        members = [f"  {shown_line(line, _LINE_LIMIT)}" for line in found]
        if members:
            lines += ["", f"{title} ({len(members):,})", *members[:_MOST_LINES]]
        if len(members) > _MOST_LINES:
            lines.append(f"  … and {len(members) - _MOST_LINES:,} more")
    return lines


def left_lines(report: ExportReport) -> list[str]:
    """The files that wait for their owner, each with why."""
    written = frozenset(report.written)
    lines = []
    for file in report.files:
        if is_left(file, written):
            why = "; ".join(remark.text for remark in file.remarks)
            lines.append(f"{file.path}: {why or ', '.join(file.adoptable) + ' names this paper too'}")
    return lines


def _paths(report: ExportReport, status: ExportStatus) -> Iterator[str]:
    return (file.path for file in report.files if file.status is status)


def _is_updated(file: PlannedFile, written: frozenset[str]) -> bool:
    return file.path in written and file.status is not ExportStatus.CREATE


def _remarks(report: ExportReport) -> Iterator[str]:
    """Remarks on files that are not named as left alone."""
    written = frozenset(report.written)
    for file in report.files:
        if not is_left(file, written):
            yield from (f"{file.path}: {remark.text}" for remark in file.remarks)
