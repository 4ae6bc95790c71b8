"""Completing papers from the window: the hosts and progress in the status line, the report, and offers to take."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.completion import Offer
from reader.domain.reports import (
    CompletionOutcome,
    CompletionProgress,
    CompletionReport,
    ImportReport,
    PaperCompletion,
)
from reader.services import Library
from reader.services.reports.completion import completion_report_as_text
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.listings.import_flow import ImportFlow
from reader.ui.look.wording import SEPARATOR, counted, told, with_undo
from reader.ui.maintenance.long_work import LongWork
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.paper_actions.offers_sheet import OffersSheet

_OUTCOMES = {
    CompletionOutcome.COMPLETED: "completed",
    CompletionOutcome.OFFERED: "with offers",
    CompletionOutcome.UNCHANGED: "unchanged",
    CompletionOutcome.NOT_FOUND: "not found",
    CompletionOutcome.FAILED: "failed",
}
_SAMPLE = "The papers of the sample are invented, so nobody knows more about them"


class Completing(Part):
    """Completes the selected papers or the current one, and new papers by itself if the setting says so."""

    def __init__(self, context: Context, imports: ImportFlow, work: LongWork) -> None:
        """Progress is shown by ``work``, one piece of long work at a time; ``imports`` tells of new papers."""
        super().__init__(context)
        self._is_sample = context.is_sample
        self._chooser, self._state = context.environment.chooser, context.state
        self._imports, self._work, self._notice = imports, work, context.panes.notice
        self._report = CompletionReport()
        self._waiting: list[int] = []
        imports.imported.connect(self._take_imported)
        work.ended.connect(self._begin_waiting)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"paper.complete": self.complete, "paper.complete_from_file": self.complete_from_file}

    def complete(self) -> None:
        """Complete the selected papers, or the current one, from services."""
        if self._is_sample:
            self._say(_SAMPLE)
        elif ids := self._papers.selected_paper_ids():
            self._begin(ids)

    def complete_from_file(self) -> None:
        """Complete them from files, without any network."""
        ids = self._papers.selected_paper_ids()
        paths = self._chooser.listing_files(self._window, Path(self._state.import_folder or Path.home())) if ids else []
        if paths:
            self._state.import_folder = str(paths[0].parent)
            steps = partial(_from_files, self._library, ids, paths)
            self._work.begin_steps("Completing from files…", steps, _shown, self._completed)

    def show_offers(self) -> None:
        """Show the offers of the last report that were not taken yet."""
        offered = [paper for paper in self._report.papers if paper.offers]
        if offered:
            OffersSheet(self._window, offered, taken=self._take)

    def show_report(self) -> None:
        """Show the last report in full."""
        TextSheet(self._window, "Report", completion_report_as_text(self._report))

    def _begin(self, ids: Sequence[int]) -> None:
        hosts = self._library.completion.hosts()
        text = f"Completing {counted(len(ids), 'paper')} from {', '.join(hosts)}…"
        self._work.begin_steps(text, partial(_from_services, self._library, ids), _shown, self._completed)

    def _take_imported(self, report: ImportReport) -> None:
        """Complete what was just imported; another process completes its own imports."""
        if not self._imports.was_elsewhere:
            self.take_new(report)

    def take_new(self, report: ImportReport) -> None:
        """Complete what is new in the library, if the setting says so."""
        if self._settings.settings.imports.complete and not self._is_sample:
            self._workspace.tasks.read(partial(self._library.completion.new_incomplete, report), self._wait_for)

    def _wait_for(self, ids: Sequence[int]) -> None:
        self._waiting += ids
        self._begin_waiting()

    def _begin_waiting(self) -> None:
        """Complete what waits, once no other long work is going on."""
        if self._waiting and not self._work.is_running:
            ids, self._waiting = self._waiting, []
            self._begin(ids)

    def _completed(self, report: CompletionReport | None) -> None:
        if report is None:  # the window is being closed
            return
        self._report = report
        if report.change:
            self._workspace.announce(report.change)
        offers = [("Offers…", self.show_offers)] if any(paper.offers for paper in report.papers) else []
        if offers or report.troubles or len(report.papers) > 1:
            self._notice.show_text(_summary(report), *offers, ("Details", self.show_report))
        else:
            self._say(_summary(report))

    def _take(self, paper: PaperCompletion, offer: Offer) -> None:
        """Complete a paper with an offer; its other offers are gone."""
        take = partial(self._library.completion.take, paper.key, offer.candidate)
        self._workspace.perform(take, said=told)


def _summary(report: CompletionReport) -> str:
    """A report in a sentence or two, with the key that undoes it."""
    counts = {outcome: report.count(outcome) for outcome in CompletionOutcome}
    shown = [f"{count:,} {_OUTCOMES[outcome]}" for outcome, count in counts.items() if count]
    if len(report.papers) == 1 and report.change:
        said = told(report.change)
    else:
        said = f"{counted(len(report.papers), 'paper')}: {', '.join(shown)}" if shown else "Nothing was completed"
    sentences = [f"{said}.", *report.troubles, *(["Cancelled before the end."] if report.cancelled else [])]
    text = " ".join(sentences) if len(sentences) > 1 else said
    return with_undo(text) if report.change else text


def _shown(progress: CompletionProgress) -> tuple[str, int, int]:
    """Progress for the status line."""
    asking = f"{SEPARATOR}asking {progress.host}" if progress.host else ""
    return f"Completing: {progress.completed:,} completed{asking}", progress.done, progress.total


def _from_services(
    library: Library, ids: Sequence[int], cancelled: Cancelled
) -> Generator[CompletionProgress, None, CompletionReport]:
    """On a reader thread, because servers take their time; what is found is written in between."""
    return library.completion.papers(ids, cancelled=cancelled)


def _from_files(
    library: Library, ids: Sequence[int], paths: Sequence[Path], cancelled: Cancelled
) -> Generator[CompletionProgress, None, CompletionReport]:
    """On a reader thread."""
    return library.completion.from_files(ids, paths, cancelled=cancelled)
