"""The export commands: the sheet, the preview and the writing that follow, and Ctrl+S."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from reader.domain.errors import ReaderError
from reader.services.export.plan import ExportOptions, ExportProgress, MissingTargetError, PlannedFile
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken, ignore
from reader.ui.commands.runner import Acts
from reader.ui.export.automatic import AutomaticExport
from reader.ui.export.difference import shown_difference
from reader.ui.export.forms import FormChoice
from reader.ui.export.memory import load_choices, save_choices
from reader.ui.export.preview import ExportPreview
from reader.ui.export.requests import ExportRequest, PlannedExport, plan_again, plan_request, vault_of
from reader.ui.export.scopes import Scope, Survey, offered_scopes
from reader.ui.export.sheet import ExportSheet, Targets
from reader.ui.export.wording import ExportOutcome
from reader.ui.export.writer import ExportWriting
from reader.ui.overlays.text_sheet import TextSheet

_NO_PAPERS = "None of these papers has annotations. Choose other papers, or include those without annotations."


class ExportCommands(Part):
    """Takes the user from the sheet through the preview to the files; one export at a time."""

    def __init__(self, context: Context, save_notes: Callable[[], None]) -> None:
        """``save_notes`` saves what is being typed in notes; a sample does not know the user's folders."""
        super().__init__(context)
        self._chooser = context.environment.chooser
        self._save_notes, self._is_sample = save_notes, context.is_sample
        self._choices = load_choices(self._workspace.library.folder)
        self._token = self._difference_token = CancelToken()
        self._planned: PlannedExport | None = None
        self._outcome = ExportOutcome("", (), ())
        self.writing = ExportWriting(self._workspace, self._panes.status)
        self.automatic = AutomaticExport(context, self.writing, save_notes)
        self.automatic.reported.connect(self._tell_quietly)
        self.automatic.vault_missing.connect(self._ask_for_vault)
        self.sheet: ExportSheet | None = None
        self.preview: ExportPreview | None = None
        if self._choices.told:
            self._navigator.opened.connect(self._tell_of_last_time, Qt.ConnectionType.SingleShotConnection)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"export.open": self.open, "export.now": self.automatic.export_now}

    @property
    def is_running(self) -> bool:
        """Whether an export is being written."""
        return self.writing.is_running

    def finish(self) -> None:
        """Stop the running export as the window closes, and start the automatic one if it is switched on."""
        self._token.cancel()
        self.writing.cancel()
        self.automatic.finish()

    def open(self) -> None:
        """Open the export sheet."""
        if self.writing.is_running:
            self._say("An export is in progress; wait for it or cancel it first")
            return
        self._save_notes()
        self.automatic.hold(True)
        scopes = offered_scopes(self._panes, self._navigator, self._searching)
        self.sheet = ExportSheet(
            *(self._window, scopes, self._targets(), self._choices, self._settings.settings.export),
            previewed=self._plan,
            choose_folder=self._choose_folder,
        )
        self.sheet.closed.connect(self._sheet_closed)
        # Wait for the library thread before counting, so that a star given just before is included.
        self._workspace.tasks.write(_nothing, partial(self._count, scopes))

    def _count(self, scopes: list[Scope], _: object) -> None:
        self._workspace.tasks.read(partial(Survey.of, self._workspace.library, scopes), self._surveyed)

    def show_report(self) -> None:
        """Show the full report of the last export."""
        TextSheet(self._window, "Export report", "\n".join(self._outcome.lines))

    # The sheet

    def _targets(self) -> Targets:
        """The folders of the last exports."""
        if self._is_sample:
            return Targets(None, None)
        files = self._choices.files_folder
        return Targets(vault_of(self._settings.settings.export), Path(files) if files else None)

    def _choose_folder(self, choice: FormChoice, before: Path | None) -> Path | None:
        title = "Choose the vault" if choice.is_vault else "Choose a folder for the file"
        return self._chooser.export_folder(self._window, before or Path.home(), title)

    def _surveyed(self, survey: Survey) -> None:
        if self.sheet is not None:
            self.sheet.show_survey(survey)

    def _sheet_closed(self) -> None:
        self.sheet = None
        self.automatic.hold(False)
        self._token.cancel()

    def _plan(self, request: ExportRequest) -> None:
        """Plan a request once the library thread has finished what it is doing."""
        self._token = CancelToken()
        self._remember(request)
        self._workspace.tasks.write(_nothing, partial(self._begin_planning, request, self._token))

    def _begin_planning(self, request: ExportRequest, token: CancelToken, _: object) -> None:
        if not token.cancelled():
            steps = partial(plan_request, self._workspace.library, request, token)
            self._workspace.tasks.read_steps(
                steps, self._show_progress, self._show_plan, failed=self._not_planned, token=token
            )

    def _remember(self, request: ExportRequest) -> None:
        """Remember the choices for next time."""
        if self._is_sample:
            return
        choices, options = self._choices, request.options
        choices.form, choices.grouping = request.choice.name, options.grouping.value
        if request.choice.is_vault:
            self._remember_vault(options)
        else:
            choices.files_folder = str(options.target)
        self._workspace.tasks.write(partial(save_choices, self._workspace.library.folder, choices), ignore)

    def _remember_vault(self, options: ExportOptions) -> None:
        """Change settings that differ from what was chosen; others stay unset."""
        settings = self._settings.settings.export
        chosen = {
            "export.vault": (str(options.target), str(self._targets().vault)),
            "export.profile": (options.profile.value, settings.profile.value),
            "export.deleted": (options.deleted.value, settings.deleted.value),
            "export.names": (options.names.value, settings.names.value),
        }
        changes = {name: wish for name, (wish, known) in chosen.items() if wish != known}
        if changes:
            self._settings.set_all(changes)

    def _show_progress(self, progress: ExportProgress) -> None:
        if self.sheet is not None:
            self.sheet.show_progress(progress)

    def _not_planned(self, error: Exception) -> None:
        if self.sheet is not None and isinstance(error, ReaderError):
            self.sheet.complain(str(error), about_folder=isinstance(error, MissingTargetError))
            return
        if self.sheet is not None:
            self.sheet.dismiss()
        self._workspace.report_failure(error)

    # The preview

    def _show_plan(self, planned: PlannedExport) -> None:
        """Open the preview of a finished plan."""
        token = self._token
        if self.sheet is None or planned.plan.cancelled:
            return
        if not planned.plan.files:
            self.sheet.complain(_NO_PAPERS)
            return
        self.sheet.closed.disconnect(self._sheet_closed)
        self.sheet.dismiss()
        self.sheet = None
        self._token, self._planned = token, planned
        self.preview = ExportPreview(
            *(self._window, planned.plan, self._appearance),
            show_difference=self._read_difference,
            chosen=self._plan_again,
            accepted=self._write,
        )
        self.preview.closed.connect(self._preview_closed)

    def _preview_closed(self) -> None:
        preview, self.preview = self.preview, None
        self.automatic.hold(False)
        if preview is not None and not preview.was_accepted:
            self._token.cancel()
            self._planned = None
            self._say("Nothing was exported")

    def _read_difference(self, file: PlannedFile) -> None:
        self._difference_token.cancel()
        self._difference_token = CancelToken()
        work = partial(shown_difference, file)
        self._workspace.tasks.read(work, partial(self._show_difference, file), token=self._difference_token)

    def _show_difference(self, file: PlannedFile, text: str) -> None:
        if self.preview is not None:
            self.preview.take_difference(file, text)

    def _plan_again(self, options: ExportOptions) -> None:
        if self._planned is not None:
            steps = partial(plan_again, self._planned, options)
            self._workspace.tasks.read_steps(
                steps, ignore, self._show_other_plan, failed=self._not_planned_again, token=self._token
            )

    def _show_other_plan(self, planned: PlannedExport) -> None:
        if self.preview is not None:
            self._planned = planned
            self.preview.show_plan(planned.plan)

    def _not_planned_again(self, error: Exception) -> None:
        if self.preview is not None:
            self.preview.fail()
        self._workspace.report_failure(error)

    # The writing

    def _write(self) -> None:
        if self._planned is not None and not self.writing.is_running:
            planned, self._planned = self._planned, None
            steps = partial(planned.export.write, planned.plan)
            self.writing.run(steps, self._token, self._tell, self._workspace.report_failure)

    def _tell(self, outcome: ExportOutcome) -> None:
        """Show the outcome in a notice, which stays until it is dismissed."""
        self._outcome = outcome
        self._panes.notice.show_text(outcome.sentence, ("Details", self.show_report))

    def _tell_quietly(self, outcome: ExportOutcome) -> None:
        """Show the outcome of an export without a preview: in the status line, unless it needs attention."""
        needs_attention = outcome.is_incomplete or (outcome.left and outcome.left != self._outcome.left)
        if needs_attention:
            self._tell(outcome)
        else:
            self._outcome = replace(outcome, left=self._outcome.left)
            self._say(outcome.sentence)

    def _tell_of_last_time(self, _: object) -> None:
        """Show the report of the export when the window was last closed."""
        told, left = self._choices.told, tuple(self._choices.left)
        self._choices.told, self._choices.left = "", []
        self._workspace.tasks.write(partial(save_choices, self._workspace.library.folder, self._choices), ignore)
        self._tell(ExportOutcome(told, left, (told, "", *left)))

    def _ask_for_vault(self, vault: Path | None) -> None:
        """Ask for a vault when Ctrl+S finds none."""
        self.open()
        if self.sheet is not None:
            gone = f"The vault {vault} does not exist. Bring it back, or choose another." if vault is not None else ""
            self.sheet.complain(gone or "Choose the folder of your notes first.", about_folder=True)


def _nothing() -> None:
    """Wait for a turn on the library thread."""
