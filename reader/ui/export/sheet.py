"""The export sheet (Shift+E): which papers to export, in which form, and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QListWidget, QSizePolicy, QWidget

from reader.domain.settings import DeletedHighlights, NoteNames
from reader.domain.settings import Export as ExportSettings
from reader.services.export.plan import ExportGrouping, ExportOptions, ExportProgress
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.export.choices import ChoiceRow
from reader.ui.export.forms import FORMS, FORMS_BY_NAME, Extra, FormChoice
from reader.ui.export.memory import ExportChoices
from reader.ui.export.requests import ExportRequest
from reader.ui.export.scopes import Scope, Survey
from reader.ui.look.labels import ElidingLabel, button, chip_button, column_of, plain_label, progress_bar, row_of
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.overlay import Overlay

_HINT = "Tab moves on  ·  arrows choose  ·  Enter shows what would change  ·  Esc cancels"
_NAMES = {
    "Words and key": NoteNames.SLUG,
    "Title": NoteNames.TITLE,
    "Citation key": NoteNames.CITATION_KEY,
}
_EXTRAS: dict[Extra, tuple[str, dict[str, Any]]] = {
    Extra.NOTHING: ("", {}),
    Extra.DELETED: (
        "Deleted highlights are",
        {"Removed": DeletedHighlights.REMOVE, "Struck through": DeletedHighlights.STRIKE},
    ),
    Extra.GROUPING: ("Grouped by", {grouping.value.capitalize(): grouping for grouping in ExportGrouping}),
    Extra.SPAN: ("Covers the last", {"1 day": 1, "7 days": 7, "14 days": 14, "30 days": 30}),
}
"""What more there is to choose for a form: its title, and the values by their titles."""
_PATH_LIMIT = 400
_FORMS_WIDTH = 178
_LEAST_FORMS = 3


@dataclass(slots=True)
class Targets:
    """Target folders: the vault, and the folder for files; None if not chosen yet."""

    vault: Path | None
    files: Path | None

    def of(self, choice: FormChoice) -> Path | None:
        """The target folder of a form."""
        return self.vault if choice.is_vault else self.files

    def set(self, choice: FormChoice, folder: Path) -> None:
        """Set the target folder of a form and of similar ones."""
        if choice.is_vault:
            self.vault = folder
        else:
            self.files = folder


class _Forms(QListWidget):
    """A list as high as its rows if there is room; otherwise it scrolls."""

    def sizeHint(self) -> QSize:
        return QSize(_FORMS_WIDTH, self.sizeHintForRow(0) * self.count() + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(_FORMS_WIDTH, self.sizeHintForRow(0) * _LEAST_FORMS)


class ExportSheet(Overlay):
    """Asks what to export; stays open after Enter (Preview) until the plan is ready or the user cancels."""

    def __init__(
        self,
        window: QWidget,
        scopes: Sequence[Scope],
        targets: Targets,
        choices: ExportChoices,
        settings: ExportSettings,
        *,
        previewed: Callable[[ExportRequest], None],
        choose_folder: Callable[[FormChoice, Path | None], Path | None],
    ) -> None:
        """``previewed`` receives the request, ``choose_folder`` asks for a folder. Opens at once."""
        super().__init__(window, "Export", width=760)
        self._scopes, self._targets, self._settings = tuple(scopes), targets, settings
        self._previewed, self._choose_folder = previewed, choose_folder
        self._survey: Survey | None = None
        self._is_planning = False
        grouping = choices.grouping if choices.grouping in set(ExportGrouping) else ExportGrouping.TAG
        self._extras: dict[Extra, Any] = {
            Extra.DELETED: settings.deleted,
            Extra.GROUPING: ExportGrouping(grouping),
            Extra.SPAN: 7,
        }
        self.add_heading("Export")
        # Of the two forms of a vault, the settings know which one is meant.
        is_vault = choices.form not in FORMS_BY_NAME or FORMS_BY_NAME[choices.form].is_vault
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(1, 1)
        parts = (self._what(), self._as(settings.profile.value if is_vault else choices.form), self._where())
        for row, (title, down, layout) in enumerate(zip(("What", "As", "Where"), (3, 5, 8), parts, strict=True)):
            label = plain_label(title, quiet=True)
            label.setContentsMargins(0, down, 0, 0)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(layout, row, 1)
        self.add(self._body)
        self._make_foot()
        self._show_choice()
        self.open(self.forms)

    @property
    def choice(self) -> FormChoice:
        """The selected form."""
        return FORMS[max(self.forms.currentRow(), 0)]

    def show_survey(self, survey: Survey) -> None:
        """Show the numbers of papers."""
        self._survey = survey
        self._show_counts()

    def show_progress(self, progress: ExportProgress) -> None:
        """Show the progress of planning."""
        if not self._is_planning:
            return
        done = f"{progress.done:,} of {progress.total:,}" if progress.done or not progress.current else progress.current
        self.hint.setText(f"Comparing {shown_line(done, 80)}  ·  Esc stops")
        self.bar.setRange(0, progress.total if progress.done else 0)
        self.bar.setValue(progress.done)

    def complain(self, sentence: str, *, about_folder: bool = False) -> None:
        """Show why the export is not possible, and let the user choose again."""
        self._set_planning(False)
        self.complaint.setText(sentence)
        self.complaint.show()
        self._place()
        (self.folder_button if about_folder else self.forms).setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_folder(self) -> None:
        """Ask for the target folder."""
        folder = self._choose_folder(self.choice, self._targets.of(self.choice))
        if folder is not None:
            self._targets.set(self.choice, folder)
            self.complaint.hide()
            self._show_choice()

    def preview(self) -> None:
        """Request a plan, after asking for a folder if none is set."""
        if self._is_planning or self.isHidden():
            return
        if self._targets.of(self.choice) is None:
            self.choose_folder()
        target = self._targets.of(self.choice)
        if target is None:
            return
        self._set_planning(True)
        choice = self.choice
        options = ExportOptions(
            target,
            choice.form,
            choice.profile,
            self._settings.folder,
            self._extras[Extra.GROUPING],
            self._extras[Extra.DELETED],
            make_target=False,
            names=list(_NAMES.values())[self.names.current],
            rename=self.rename.isChecked() and choice.is_vault,
        )
        scope, everything = self._scopes[self.scope.current], self.all_papers.isChecked()
        self._previewed(ExportRequest(choice, scope, everything, options, self._extras[Extra.SPAN]))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Preview on Enter, unless a button with another action has the focus."""
        if event.key() in ENTER_KEYS and not (self.folder_button.hasFocus() or self.leave_button.hasFocus()):
            self.preview()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _what(self) -> QLayout:
        self.scope = ChoiceRow("Papers")
        self.scope.offer([scope.title for scope in self._scopes])
        self.scope.chosen.connect(self._show_counts)
        self.all_papers = chip_button("Include papers without annotations")
        self.all_papers.toggled.connect(self._show_counts)
        self.counts = plain_label("", name="How many papers", quiet=True)
        return column_of(self.scope, row_of(self.all_papers, self.counts, None, spacing=12))

    def _as(self, form: str) -> QLayout:
        self.forms = _Forms()
        self.forms.setObjectName("forms")
        self.forms.setAccessibleName("Form")
        self.forms.setUniformItemSizes(True)
        self.forms.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.forms.addItems([choice.title for choice in FORMS])
        self.forms.setCurrentRow(next((row for row, choice in enumerate(FORMS) if choice.name == form), 0))
        self.forms.setFixedWidth(_FORMS_WIDTH)
        self.forms.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.forms.currentRowChanged.connect(self._show_choice)
        self.about = plain_label("", name="About this form", wrap=True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.extra_title = plain_label("", quiet=True)
        self.extra = ChoiceRow("More")
        self.extra.chosen.connect(self._take_extra)
        self.names = ChoiceRow("New notes are named by")
        self.names.offer(list(_NAMES), list(_NAMES.values()).index(self._settings.names))
        self.rename = chip_button("Rename existing notes too")
        self.rename.setToolTip("Their text stays. Links that you wrote to their old names no longer lead to them.")
        self.naming = QWidget()
        title = plain_label("New notes are named by", quiet=True)
        self.naming.setLayout(column_of(title, self.names, row_of(self.rename, None)))
        parts = self.about, 6, self.extra_title, self.extra, 2, self.naming, None
        column = column_of(*parts, margins=(0, 4, 0, 0))
        return row_of(self.forms, column, spacing=18, grows=column)

    def _where(self) -> QLayout:
        self.place = ElidingLabel("Folder to export to")
        self.folder_button = button("Choose…", self.choose_folder, name="Choose the folder")
        self.complaint = plain_label("", name="What is wrong", wrap=True, error=True)
        self.complaint.hide()
        return column_of(row_of(self.place, self.folder_button, spacing=12), self.complaint, spacing=6)

    def _make_foot(self) -> None:
        self.bar = progress_bar()
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self.hint = ElidingLabel("Keys, or how far it is", _HINT, quiet=True)
        self.leave_button = button("Cancel", self.dismiss)
        self.preview_button = button("Preview", self.preview, primary=True)
        self.add(self.bar, row_of(self.hint, self.leave_button, self.preview_button))

    def _show_choice(self) -> None:
        """Show the description and choices of the selected form."""
        choice = self.choice
        self.about.setText(choice.about)
        title, values = _EXTRAS[choice.extra]
        for part in (self.extra_title, self.extra):
            part.setVisible(bool(values))
        self.extra_title.setText(title)
        self.extra.setAccessibleName(title)
        if values:
            self.extra.offer(list(values), list(values.values()).index(self._extras[choice.extra]))
        self.naming.setVisible(choice.is_vault)
        self.scope.setEnabled(choice.has_scope)
        target = self._targets.of(choice)
        restyle(self.place, quiet=target is None)
        self.place.setText(shown_line(str(target), _PATH_LIMIT) if target else "No folder yet: Enter asks for one")
        self.complaint.hide()
        self._show_counts()
        if not self.isHidden():
            self._place()

    def _show_counts(self) -> None:
        scope = self._scopes[self.scope.current]
        takes_all = self.choice.takes_all(whole_library=scope.paper_ids is None)
        self.all_papers.setEnabled(self.choice.has_scope and not takes_all)
        if not self.choice.has_scope:
            self.counts.setText("A digest is of the whole library")
        elif self._survey is not None:
            everything = takes_all or self.all_papers.isChecked()
            self.counts.setText(self._survey.sentence(self.scope.current, everything=everything))

    def _take_extra(self, number: int) -> None:
        self._extras[self.choice.extra] = list(_EXTRAS[self.choice.extra][1].values())[number]

    def _set_planning(self, planning: bool) -> None:
        self._is_planning = planning
        self._body.setEnabled(not planning)
        self.preview_button.setEnabled(not planning)
        self.bar.setRange(0, 0)
        self.bar.setVisible(planning)
        if planning:
            self.complaint.hide()
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)  # where a second Enter does nothing
        else:
            self.hint.setText(_HINT)
