"""Importing from the window: a rehearsal, a look at what is unsure, the import itself, and its report."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, Signal

from reader.domain.changes import ANYTHING
from reader.domain.reports import FileReport, ImportProgress, ImportReport
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.papers import import_report_as_text
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.listings.import_preview import ImportPreview, needs_attention
from reader.ui.look.wording import counted
from reader.ui.overlays.text_sheet import TextSheet

_LEAST_TEXT = 40
_NAMED = 3
"""How many of the files that could not be read are named."""
Steps = Generator[ImportProgress, None, ImportReport]


class Source(Protocol):
    """Something to import."""

    @property
    def as_seen(self) -> bool:
        """Whether what comes in counts as seen."""

    @property
    def is_unattended(self) -> bool:
        """Whether nobody asked for it just now: then nothing is asked, and nobody is taken elsewhere."""

    def steps(self, library: Library, years: dict[str, int], dry_run: bool, token: CancelToken) -> Steps:
        """Import it; ``years`` has the years the user corrected, by path."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Files and folders."""

    paths: tuple[Path, ...]
    files: tuple[str, ...] = ()
    as_seen: bool = False
    is_unattended: bool = False

    def steps(self, library: Library, years: dict[str, int], dry_run: bool, token: CancelToken) -> Steps:
        """Import them; files of one year together, because an import has one."""
        bring = partial(library.imports.paths, dry_run=dry_run, seen=self.as_seen, cancelled=token.cancelled)
        if not years:
            return (yield from bring(self.paths))
        reports: dict[str, FileReport] = {}
        cancelled = False
        for year in (None, *sorted(set(years.values()))):
            group = [Path(file) for file in self.files if years.get(file) == year]
            if group and not cancelled:
                report = yield from bring(group, year=year)
                reports |= {file.path: file for file in report.files}
                cancelled = report.cancelled
        ordered = tuple(reports[file] for file in self.files if file in reports)
        return ImportReport(ordered, dry_run, cancelled, self.as_seen)


@dataclass(frozen=True, slots=True)
class Text:
    """A pasted or dropped text."""

    text: str
    name: str
    as_seen: bool = False
    is_unattended: bool = False

    def steps(self, library: Library, years: dict[str, int], dry_run: bool, token: CancelToken) -> Steps:
        """Import it as if it were a file."""
        year = next(iter(years.values()), None)
        bring = partial(library.imports.text, self.text, self.name, dry_run=dry_run, cancelled=token.cancelled)
        return bring(year=year, seen=self.as_seen)


def source_of(data: QMimeData | None, name: str) -> Source | None:
    """What dropped or copied data holds for an import: local files, else text long enough to be a listing."""
    if data is None:
        return None
    if data.hasUrls():
        paths = tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
        if paths:
            return Paths(paths)
    if data.hasText() and len(data.text().strip()) >= _LEAST_TEXT:
        return Text(data.text(), name)
    return None


class ImportFlow(Part):
    """Runs imports one after the other; a preview opens only where the user should look."""

    began = Signal()
    """The first of perhaps several imports begins."""
    imported = Signal(object)
    """The :class:`ImportReport` of an import that is over."""

    def __init__(self, context: Context) -> None:
        """Progress goes to the status line, the report to the notice above the panes."""
        super().__init__(context)
        self._status = context.panes.status
        self._notice = context.panes.notice
        self._waiting: deque[Source] = deque()
        self._source: Source | None = None
        self._token = CancelToken()
        self._report = ImportReport()
        self.preview: ImportPreview | None = None
        self.was_unattended = False
        """Whether nobody had asked for the last import just then."""
        self.was_elsewhere = False
        """Whether the last import was another process's."""

    @property
    def is_running(self) -> bool:
        """Whether an import is going on, or waits for the user's look."""
        return self._source is not None

    def begin(self, source: Source) -> None:
        """Import something, after what was begun before."""
        self._waiting.append(source)
        if self._source is None:
            self.began.emit()
            self._begin_next()

    def cancel(self) -> None:
        """Stop the import that is going on; files that are in stay in."""
        self._token.cancel()

    def show_report(self) -> None:
        """Show the last import's report in full."""
        TextSheet(self._window, "Import report", import_report_as_text(self._report))

    def _begin_next(self) -> None:
        if not self._waiting:
            self._source = None
            return
        self._source = self._waiting.popleft()
        self._token = CancelToken()
        if self._source.is_unattended:
            self._accepted({})
            return
        self._status.begin_work("Reading…", self.cancel)
        self._run({}, dry_run=True, done=self._rehearsed)

    def _run(self, years: dict[str, int], *, dry_run: bool, done: Callable[[ImportReport], None]) -> None:
        """A rehearsal is one transaction, to be rolled back: nothing may come between its steps."""
        if self._source is not None:
            steps = partial(self._source.steps, self._workspace.library, years, dry_run, self._token)
            progress = partial(self._show_progress, dry_run)
            self._workspace.tasks.write_steps(steps, progress, done, failed=self._failed, gives_way=not dry_run)

    def _show_progress(self, dry_run: bool, progress: ImportProgress) -> None:
        name = shown_line(Path(progress.path).name, 60)
        verb = "Reading" if dry_run else "Importing"
        papers = f", {counted(progress.papers, 'paper')}" if progress.papers and not dry_run else ""
        self._status.show_work(f"{verb} {name}{papers}", progress.done, progress.total)

    def _rehearsed(self, report: ImportReport) -> None:
        if report.cancelled:
            self._end("Import cancelled; nothing was changed")
        elif any(needs_attention(file) for file in report.files):
            self._status.end_work()
            if isinstance(self._source, Paths):
                self._source = replace(self._source, files=tuple(file.path for file in report.files))
            as_seen = self._source is not None and self._source.as_seen
            self.preview = ImportPreview(self._window, report.files, accepted=self._looked_at, as_seen=as_seen)
            self.preview.closed.connect(self._preview_closed)
        else:
            self._accepted({})

    def _preview_closed(self) -> None:
        """The preview is gone; unless it was accepted, nothing is imported."""
        preview, self.preview = self.preview, None
        if preview is not None and not preview.was_accepted:
            self._end("Nothing was imported")

    def _looked_at(self, years: dict[str, int], as_seen: bool) -> None:
        if isinstance(self._source, Paths | Text):
            self._source = replace(self._source, as_seen=as_seen)
        self._accepted(years)

    def _accepted(self, years: dict[str, int]) -> None:
        self._status.begin_work("Importing…", self.cancel)
        self._run(years, dry_run=False, done=self._imported)

    def _imported(self, report: ImportReport) -> None:
        self._report = report
        self.was_unattended = self._source is not None and self._source.is_unattended
        self.was_elsewhere = False
        self._workspace.announce(ANYTHING)
        self._source = None
        self._status.end_work()
        self.imported.emit(report)
        if self._source is None:
            self._begin_next()

    def take_report(self, report: ImportReport) -> None:
        """Something was imported without this flow: everyone is to hear of it as of one of its own."""
        self._report, self.was_unattended, self.was_elsewhere = report, False, True
        self._workspace.announce(ANYTHING)
        self.imported.emit(report)

    def announce(self, report: ImportReport, *actions: tuple[str, Callable[[], None]]) -> None:
        """Say how an import went: in passing where nothing came of it, else in the notice, with ``actions``."""
        problems = sum(len(file.problems) for file in report.files)
        summary = _summary(report, problems, report_names=self.was_unattended)
        summary = f"From the watched folder: {summary}" if self.was_unattended else summary
        if problems or report.failed or any(not file.already_imported for file in report.files):
            self._notice.show_text(summary, *actions, ("Details", self.show_report))
        else:
            self._say(summary)

    def _failed(self, error: Exception) -> None:
        self._workspace.report_failure(error)
        self._end("")

    def _end(self, said: str) -> None:
        self._status.end_work()
        if said:
            self._say(said)
        self._source = None
        self._begin_next()


def _names(files: Sequence[FileReport]) -> str:
    """The files' names in a sentence, the first few of many."""
    names = [shown_line(Path(file.path).name, 60) for file in files]
    more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    *first, last = names[:_NAMED] + more
    return f"{', '.join(first)} and {last}"


def _summary(report: ImportReport, problems: int, *, report_names: bool = False) -> str:
    """An import in a sentence or two; with ``report_names`` a file that was refused is named, as nobody chose it."""
    failures = [file for file in report.files if file.error is not None]
    fresh = [file for file in report.files if file.error is None and not file.already_imported]
    before = len(report.files) - len(failures) - len(fresh)
    sentences = []
    if fresh:
        counts = [counted(report.total("new"), "new paper")]
        counts += [f"{report.total(name):,} {name}" for name in ("updated", "known") if report.total(name)]
        seen = ", all seen" if report.as_seen and report.total("new") else ""
        sentences.append(f"Imported {counted(len(fresh), 'file')}: {', '.join(counts)}{seen}.")
    if before:
        sentences.append(f"{counted(before, 'file')} already imported; nothing changed.")
    if problems:
        sentences.append(f"{counted(problems, 'problem')}.")
    if len(failures) == 1:
        file = f"{shown_line(Path(failures[0].path).name, 60)}: " if report_names else ""
        sentences.append(f"{file}{failures[0].error or ''}")
    elif failures:
        sentences.append(f"Could not read {_names(failures)}.")
    if report.cancelled:
        sentences.append("Cancelled before the end.")
    return " ".join(sentences) or "Nothing to import."
