"""Exports without a preview: on Ctrl+S, and automatically if the settings say so.

Only notes in which their owner changed nothing of Lectern's are written; the others are listed. When the window closes,
the export is the last work of the library thread, which the window waits for once it is hidden; what it left alone is
told when the library is opened next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from reader.domain.cancellation import Cancelled
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.settings import AutomaticExport as When
from reader.services import Library
from reader.services.export.plan import ExportOptions, ExportProgress, ExportReport, MissingTargetError
from reader.services.process.diagnostics import report_on
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken, ignore
from reader.ui.app.timers import make_timer
from reader.ui.export.memory import load_choices, save_choices
from reader.ui.export.requests import vault_options
from reader.ui.export.wording import ExportOutcome
from reader.ui.export.writer import ExportWriting

_QUIET_MS = 5_000
_AT_CLOSING_SECONDS = 60.0
_MOST_CHANGED = 2_000
Steps = Generator[ExportProgress, None, ExportReport]


class AutomaticExport(Part):
    """Exports annotated papers to the vault in the settings."""

    reported = Signal(object)
    """The :class:`ExportOutcome` of an export that is over."""
    vault_missing = Signal(object)
    """The vault (a path) is not there, or None was chosen yet, and somebody asked for an export."""

    def __init__(self, context: Context, writing: ExportWriting, save_notes: Callable[[], None]) -> None:
        """``save_notes`` saves what is being typed. A sample is never exported without a preview."""
        super().__init__(context)
        self._writing = writing
        self._save_notes, self._is_sample = save_notes, context.is_sample
        self._changed: set[int] = set()
        self._is_changed = self._is_wanted = self._was_missing = self._is_held = False
        self.quiet = make_timer(self, self._export_changed, _QUIET_MS)
        self._workspace.changes_of().connect(self._note_change)
        writing.ended.connect(self._go_on)
        self._settings.changed.connect(self._settings_changed)

    def export_now(self) -> None:
        """Export all annotated papers, as Ctrl+S does."""
        if self._is_sample:
            self._say("This is the sample; {export.open} exports from it")
        elif not self._settings.settings.export.vault:
            self.vault_missing.emit(None)
        elif self._writing.is_running:
            self._is_wanted = True
        else:
            self._save_notes()
            self._begin(None)

    def hold(self, held: bool) -> None:
        """Pause automatic exports while the user reviews a plan, which they would change."""
        self._is_held = held

    def finish(self) -> None:
        """Export at the end of the session if the settings say so; the library thread's last work."""
        self.quiet.stop()
        wanted, options = self._settings.settings.export.automatic is not When.OFF, self._options()
        if wanted and self._is_changed and options is not None:
            steps = partial(_export_at_closing, self._workspace.library, options)
            self._workspace.tasks.write_steps(steps, ignore, ignore, failed=ignore, gives_way=True)

    def _options(self) -> ExportOptions | None:
        return None if self._is_sample else vault_options(self._settings.settings.export)

    def _begin(self, paper_ids: Collection[int] | None) -> None:
        """Export the annotated papers among ``paper_ids``, or with None all annotated papers."""
        options, token = self._options(), CancelToken()
        if options is None:
            return
        self._changed.clear()
        self._is_changed = False
        steps = partial(_export, self._workspace.library, options, paper_ids, token.cancelled)
        asked = paper_ids is None
        self._writing.run(steps, token, partial(self._written, asked), partial(self._failed, asked, options.target))

    def _written(self, asked: bool, outcome: ExportOutcome) -> None:
        self._was_missing = False
        if outcome.is_incomplete:
            self._is_changed = True
        if asked or outcome.has_written or outcome.is_incomplete:
            self.reported.emit(outcome)

    def _failed(self, asked: bool, vault: Path, error: Exception) -> None:
        self._is_changed = True
        if not isinstance(error, MissingTargetError):
            self._workspace.report_failure(error)
        elif asked and not self._was_missing:
            self._was_missing = True
            self.vault_missing.emit(vault)
        elif asked or not self._was_missing:
            self._was_missing = True
            self._workspace.failed.emit(f"{error} {{export.open}} asks for the folder.")

    def _settings_changed(self, _: object) -> None:
        self._was_missing = False

    def _note_change(self, change: Change) -> None:
        if not change.paper_ids:
            return
        self._is_changed = True
        if self._settings.settings.export.automatic is When.ON_SAVE and self._options() is not None:
            self._changed |= set(change.paper_ids)
            self.quiet.start()

    def _export_changed(self) -> None:
        """Export what changed, now that nothing has changed for a while."""
        if self._writing.is_running or self._is_held:
            self.quiet.start()
        elif self._changed:
            self._begin(frozenset(self._changed) if len(self._changed) <= _MOST_CHANGED else None)

    def _go_on(self) -> None:
        """Start the export that was requested by Ctrl+S during another one."""
        if self._is_wanted:
            self._is_wanted = False
            self.export_now()


def _export(library: Library, options: ExportOptions, only: Collection[int] | None, cancelled: Cancelled) -> Steps:
    """Run on the library thread after earlier work, so what was typed has been saved."""
    exporter = library.exports
    options.require_target(options.target)
    papers = exporter.annotated(options.target)
    if only is not None:
        papers = [paper_id for paper_id in papers if paper_id in only]
    return (yield from exporter.export_untouched(options, papers, cancelled=cancelled))


def _export_at_closing(library: Library, options: ExportOptions) -> Steps:
    """Run the last export of a session; its report is kept for the next session."""
    end = time.monotonic() + _AT_CLOSING_SECONDS
    told, left, report = "", [], ExportReport(options, ())
    try:
        report = yield from _export(library, options, None, lambda: time.monotonic() > end)
        outcome = ExportOutcome.of(report)
        left = list(outcome.left)
        told = outcome.sentence if left or outcome.is_incomplete else ""
    except ReaderError as error:
        told = f"When the window was closed, nothing was exported: {error}"
    except Exception as error:  # a fault of ours, of which nobody would hear otherwise
        fault = report_on(error, "exporting at closing")
        told, left = f"Something went wrong when the vault was exported at closing: {fault.summary}", [fault.details]
    choices = load_choices(library.folder)
    if told or choices.told:
        choices.told, choices.left = told, left
        save_choices(library.folder, choices)
    return report
