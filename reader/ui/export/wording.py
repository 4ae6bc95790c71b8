"""Export plans and reports in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reader.services.export.plan import ExportPlan, ExportReport, ExportStatus, PlannedFile
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted

_NAME_LIMIT = 80
_LINE_LIMIT = 400
_MOST_LINES = 2_000


def place_name(target: Path) -> str:
    """The name of a folder or file in a sentence."""
    return f"“{shown_line(target.name or str(target), _NAME_LIMIT)}”"


def is_left(file: PlannedFile, written: frozenset[str]) -> bool:
    """Whether something of Lectern's was kept out of a file because its owner changed it."""
    if file.path in written:
        return any(remark.withheld for remark in file.remarks)
    if file.status is ExportStatus.EDITED:
        return file.writes or any(remark.withheld for remark in file.remarks)
    return bool(file.adoptable) and file.status is ExportStatus.CREATE


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """A report in words: a ``sentence``, the files that were ``left`` alone, and all ``lines``.

    Made on the library thread, as there may be tens of thousands of files.
    """

    sentence: str
    left: tuple[str, ...]
    lines: tuple[str, ...]
    has_written: bool = False
    is_incomplete: bool = False

    @classmethod
    def of(cls, report: ExportReport) -> ExportOutcome:
        """Put a report into words."""
        groups = _groups(report)
        return cls(
            " ".join([_written_sentence(report, groups), *_exceptions(report, groups)]),
            tuple(groups[_LEFT]),
            tuple(_lines(report, groups)),
            bool(report.written),
            bool(report.failed) or report.cancelled,
        )


_FAILED, _LEFT, _GONE, _NEW, _UPDATED, _RENAMED, _REMARKS, _SAME = (
    "Could not be written", "Left alone", "Deleted by you, not recreated", "New", "Updated", "Renamed", "Remarks",
    "Unchanged",
)  # fmt: skip
_Groups = dict[str, list[str]]


def _groups(report: ExportReport) -> _Groups:
    """Lines about the files of an export, grouped by outcome."""
    written = frozenset(report.written)
    groups: _Groups = {title: [] for title in (_FAILED, _LEFT, _GONE, _NEW, _UPDATED, _RENAMED, _REMARKS, _SAME)}
    groups[_FAILED] = [f"{path}: {reason}" for path, reason in report.failed]
    unwritten = {ExportStatus.NOT_FOUND: _GONE, ExportStatus.UNCHANGED: _SAME}
    for file in report.files:
        remarks = [remark.text for remark in file.remarks]
        if is_left(file, written):
            why = "; ".join(remarks) or f"{', '.join(file.adoptable)} names this paper too"
            groups[_LEFT].append(f"{file.path}: {why}")
        else:
            groups[_REMARKS] += [f"{file.path}: {remark}" for remark in remarks]
        if file.path not in written:
            groups.get(unwritten.get(file.status, ""), []).append(file.path)
        elif file.renames:
            groups[_RENAMED].append(f"{file.renames} → {file.path}")
        else:
            groups[_NEW if file.status is ExportStatus.CREATE else _UPDATED].append(file.path)
    return groups


def _written_sentence(report: ExportReport, groups: _Groups) -> str:
    target = report.options.target
    if not report.written:
        is_unfinished = bool(report.failed) or report.cancelled or bool(groups[_LEFT])
        place = place_name(target)
        return f"Nothing was written to {place}." if is_unfinished else f"Everything in {place} is up to date."
    if _is_one_file(report):
        folder = target.parent if target.name == report.written[0] else target
        return f"Wrote {shown_line(report.written[0], _NAME_LIMIT)} to {place_name(folder)}."
    kinds = [f"{len(groups[title]):,} {title.lower()}" for title in (_NEW, _UPDATED, _RENAMED) if groups[title]]
    return f"Wrote {counted(len(report.written), 'note')} to {place_name(target)}: {', '.join(kinds)}."


def _is_one_file(report: ExportReport) -> bool:
    """Whether a file of many papers was exported."""
    return len(report.files) == 1 and not report.files[0].key


def _exceptions(report: ExportReport, groups: _Groups) -> Iterator[str]:
    written = frozenset(report.written)
    edited = sum(file.status is ExportStatus.EDITED and is_left(file, written) for file in report.files)
    if edited:
        yield f"What you edited in {counted(edited, 'file' if _is_one_file(report) else 'note')} was left alone."
    if len(groups[_LEFT]) > edited:
        papers = counted(len(groups[_LEFT]) - edited, "paper")
        yield f"{papers} may have a note of yours already: Shift+E lets you choose."
    if groups[_GONE] and written:
        yield f"{counted(len(groups[_GONE]), 'deleted note')} stayed deleted."
    if len(report.failed) == 1:
        path, reason = report.failed[0]
        yield f"Could not write {shown_line(path, _NAME_LIMIT)}: {shown_line(reason, _NAME_LIMIT)}."
    elif report.failed:
        yield f"Could not write {counted(len(report.failed), 'file')}."
    if report.cancelled:
        yield "The export was stopped before the end."


def plan_sentence(plan: ExportPlan) -> str:
    """A sentence about what writing a plan would do."""
    place = place_name(plan.options.target)
    if not plan.files:
        return "There are no papers to export."
    if not plan.writes:
        return " ".join(_nothing_to_write(plan)) or f"Nothing to write: everything in {place} is up to date."
    return f"{counted(plan.writes, 'file')} to be written to {place}"


def _nothing_to_write(plan: ExportPlan) -> Iterator[str]:
    """Sentences about files that wait for a decision; none if everything is up to date."""
    waiting = sum(is_left(file, frozenset()) for file in plan.files)
    gone = sum(file.status is ExportStatus.NOT_FOUND for file in plan.files)
    if waiting or gone:
        yield "Nothing to write."
    if waiting:
        yield f"{counted(waiting, 'note')} {'needs' if waiting == 1 else 'need'} your decision."
    if gone:
        yield f"{counted(gone, 'deleted note')} {'stays' if gone == 1 else 'stay'} deleted."


def _lines(report: ExportReport, groups: _Groups) -> Iterator[str]:
    """The lines of a report, with a limited number of files per group."""
    yield from (f"Folder: {report.options.target}", *report.messages)
    for title, members in groups.items():
        if members:
            yield from ("", f"{title} ({len(members):,})")
            yield from (f"  {shown_line(line, _LINE_LIMIT)}" for line in members[:_MOST_LINES])
        if len(members) > _MOST_LINES:
            yield f"  … and {len(members) - _MOST_LINES:,} more"
