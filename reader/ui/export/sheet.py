"""The sheet of Shift+E: which papers to export, as what, and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reader.domain.settings import Export as ExportSettings
from reader.domain.settings import NoteNames
from reader.services.export.plan import DeletedBlocks, ExportGrouping, ExportProgress
from reader.services.latex_to_unicode import shown_line
from reader.ui.export.choices import ChoiceRow
from reader.ui.export.forms import FORMS, FORMS_BY_NAME, Extra, FormChoice
from reader.ui.export.memory import ExportChoices
from reader.ui.export.requests import ExportRequest
from reader.ui.export.scopes import Scope, Survey
from reader.ui.look.labels import ElidingLabel, button, plain_label
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.overlay import Overlay

_HINT = "Tab moves on  ·  arrows choose  ·  Enter shows what would change  ·  Esc cancels"
_DELETED = (("Removed", DeletedBlocks.REMOVE), ("Struck through", DeletedBlocks.STRIKE))
_NAMES = (
    ("Words and key", NoteNames.SLUG),
    ("Title", NoteNames.TITLE),
    ("Citation key", NoteNames.CITATION_KEY),
)
_GROUPINGS = (
    ("Tag", ExportGrouping.TAG),
    ("Label", ExportGrouping.LABEL),
    ("Listing", ExportGrouping.LISTING),
    ("Day", ExportGrouping.DAY),
)
_SPANS = (("1 day", 1), ("7 days", 7), ("14 days", 14), ("30 days", 30))
_EXTRAS: dict[Extra, tuple[str, tuple[str, ...]]] = {
    Extra.NOTHING: ("", ()),
    Extra.DELETED: ("Deleted highlights are", tuple(title for title, _ in _DELETED)),
    Extra.GROUPING: ("Grouped by", tuple(title for title, _ in _GROUPINGS)),
    Extra.SPAN: ("Of the last", tuple(title for title, _ in _SPANS)),
}
_PATH_LIMIT = 400
_FORMS_WIDTH = 178
_LEAST_FORMS = 3


@dataclass(slots=True)
class Targets:
    """Where to: the vault, and the folder for files; None where none was chosen yet."""

    vault: Path | None
    files: Path | None

    def of(self, choice: FormChoice) -> Path | None:
        """Where a form goes."""
        return self.vault if choice.is_vault else self.files

    def set(self, choice: FormChoice, folder: Path) -> None:
        """Have a form, and its like, go to a folder."""
        if choice.is_vault:
            self.vault = folder
        else:
            self.files = folder


class _Forms(QListWidget):
    """As high as its rows where there is room, and scrolling where there is none."""

    def sizeHint(self) -> QSize:
        return QSize(_FORMS_WIDTH, self.sizeHintForRow(0) * self.count() + 2 * self.frameWidth() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(_FORMS_WIDTH, self.sizeHintForRow(0) * _LEAST_FORMS)


class ExportSheet(Overlay):
    """Asks what to export; Enter (or Preview) goes on, and the sheet stays until the plan is made or it is left."""

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
        """``previewed`` gets what was asked for, ``choose_folder`` asks for a folder. Opens at once."""
        super().__init__(window, "Export", width=760)
        self._scopes, self._targets, self._settings = tuple(scopes), targets, settings
        self._previewed, self._choose_folder = previewed, choose_folder
        self._survey: Survey | None = None
        self._is_planning = False
        self._extras = {
            Extra.DELETED: [value.value for _, value in _DELETED].index(settings.deleted.value),
            Extra.GROUPING: next((n for n, (_, value) in enumerate(_GROUPINGS) if value == choices.grouping), 0),
            Extra.SPAN: 1,
        }
        self.add_heading("Export")
        self._body = QWidget()
        # Of the two forms of a vault, the settings know which one is meant.
        is_vault = choices.form not in FORMS_BY_NAME or FORMS_BY_NAME[choices.form].is_vault
        self._make_body(settings.profile.value if is_vault else choices.form)
        self.content.addWidget(self._body)
        self._make_foot()
        self._show_choice()
        self.open(self.forms)

    @property
    def choice(self) -> FormChoice:
        """The form that is chosen."""
        return FORMS[max(self.forms.currentRow(), 0)]

    def show_survey(self, survey: Survey) -> None:
        """Say how many papers there are."""
        self._survey = survey
        self._show_counts()

    def show_progress(self, progress: ExportProgress) -> None:
        """Say how far planning is."""
        if not self._is_planning:
            return
        done = f"{progress.done:,} of {progress.total:,}" if progress.done or not progress.current else progress.current
        self.hint.setText(f"Comparing {shown_line(done, 80)}  ·  Esc stops")
        self.bar.setRange(0, progress.total if progress.done else 0)
        self.bar.setValue(progress.done)

    def complain(self, sentence: str, *, about_folder: bool = False) -> None:
        """Say why this cannot be exported, and let the user choose again."""
        self._set_planning(False)
        self.complaint.setText(sentence)
        self.complaint.show()
        self._place()
        (self.folder_button if about_folder else self.forms).setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_folder(self) -> None:
        """Let the user choose where to."""
        folder = self._choose_folder(self.choice, self._targets.of(self.choice))
        if folder is not None:
            self._targets.set(self.choice, folder)
            self.complaint.hide()
            self._show_choice()

    def preview(self) -> None:
        """Go on with what is chosen, asking for a folder if there is none yet."""
        if self._is_planning or self.isHidden():
            return
        if self._targets.of(self.choice) is None:
            self.choose_folder()
        target = self._targets.of(self.choice)
        if target is None:
            return
        self._set_planning(True)
        self._previewed(
            ExportRequest(
                *(self.choice, self._scopes[self.scope.current], self.all_papers.isChecked(), target),
                folder=self._settings.folder,
                deleted=_DELETED[self._extras[Extra.DELETED]][1],
                grouping=_GROUPINGS[self._extras[Extra.GROUPING]][1],
                days=_SPANS[self._extras[Extra.SPAN]][1],
                names=_NAMES[self.names.current][1],
                rename=self.rename.isChecked(),
            )
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on from wherever the focus is, but for a button that does something else."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focus = QApplication.focusWidget()
            if isinstance(focus, QPushButton) and focus in {self.folder_button, self.leave_button}:
                focus.click()
            else:
                self.preview()
        super().keyPressEvent(event)

    def _make_body(self, form: str) -> None:
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 4, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(14)
        grid.setColumnStretch(1, 1)
        for row, (title, down) in enumerate((("What", 3), ("As", 5), ("Where", 8))):
            label = plain_label(title, quiet=True)
            label.setContentsMargins(0, down, 0, 0)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self._made_what(), 0, 1)
        grid.addLayout(self._made_as(form), 1, 1)
        grid.addLayout(self._made_where(), 2, 1)

    def _made_what(self) -> QVBoxLayout:
        self.scope = ChoiceRow("Papers")
        self.scope.offer([scope.title for scope in self._scopes])
        self.scope.chosen.connect(self._show_counts)
        self.all_papers = button("Also without annotations", name="Papers without annotations too")
        self.all_papers.setProperty("chip", True)
        self.all_papers.setCheckable(True)
        self.all_papers.toggled.connect(self._show_counts)
        self.counts = plain_label("", name="How many papers", quiet=True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.all_papers)
        row.addWidget(self.counts, 1)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self.scope)
        column.addLayout(row)
        return column

    def _made_as(self, form: str) -> QHBoxLayout:
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
        self.about = plain_label("", name="About this form")
        self.about.setWordWrap(True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.extra_title = plain_label("", quiet=True)
        self.extra = ChoiceRow("More")
        self.extra.chosen.connect(self._take_extra)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self.about)
        column.addSpacing(6)
        column.addWidget(self.extra_title)
        column.addWidget(self.extra)
        column.addSpacing(2)
        column.addWidget(self._made_names())
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self.forms)
        row.addLayout(column, 1)
        return row

    def _made_names(self) -> QWidget:
        """What notes of a vault are called."""
        self.names = ChoiceRow("New notes are named by")
        self.names.offer([title for title, _ in _NAMES], [value for _, value in _NAMES].index(self._settings.names))
        self.rename = button("Rename existing notes too")
        self.rename.setToolTip("Their text stays. Links that you wrote to their old names no longer lead to them.")
        self.rename.setProperty("chip", True)
        self.rename.setCheckable(True)
        self.naming = QWidget()
        column = QVBoxLayout(self.naming)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label("New notes are named by", quiet=True))
        column.addWidget(self.names)
        row = QHBoxLayout()
        row.addWidget(self.rename)
        row.addStretch(1)
        column.addLayout(row)
        return self.naming

    def _made_where(self) -> QVBoxLayout:
        self.place = ElidingLabel("Folder to export to")
        self.folder_button = button("Choose…", name="Choose the folder")
        self.folder_button.clicked.connect(self.choose_folder)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.place, 1)
        row.addWidget(self.folder_button)
        self.complaint = plain_label("", name="What is wrong")
        self.complaint.setProperty("error", True)
        self.complaint.setWordWrap(True)
        self.complaint.hide()
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.complaint)
        return column

    def _make_foot(self) -> None:
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress")
        self.bar.setTextVisible(False)
        policy = self.bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(policy)
        self.bar.hide()
        self.hint = ElidingLabel("Keys, or how far it is")
        self.hint.setProperty("quiet", True)
        self.hint.setText(_HINT)
        self.leave_button = button("Cancel")
        self.leave_button.clicked.connect(self.dismiss)
        self.preview_button = button("Preview", primary=True)
        self.preview_button.clicked.connect(self.preview)
        row = QHBoxLayout()
        row.addWidget(self.hint, 1)
        row.addWidget(self.leave_button)
        row.addWidget(self.preview_button)
        self.content.addWidget(self.bar)
        self.content.addLayout(row)

    def _show_choice(self) -> None:
        """Show what there is to say and to choose of the chosen form."""
        choice = self.choice
        self.about.setText(choice.about)
        title, titles = _EXTRAS[choice.extra]
        for part in (self.extra_title, self.extra):
            part.setVisible(bool(titles))
        self.extra_title.setText(title)
        self.extra.setAccessibleName(title)
        if titles:
            self.extra.offer(titles, self._extras[choice.extra])
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
        self._extras[self.choice.extra] = number

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
