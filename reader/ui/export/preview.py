"""The export preview: the files of a plan, each with its difference and the choices it offers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QSplitter, QWidget

from reader.services.export.plan import ExportOptions, ExportPlan, ExportStatus, PlannedFile
from reader.services.latex_to_unicode import shown_line
from reader.ui.commands.key_events import ENTER_KEYS
from reader.ui.detail.document import Look
from reader.ui.export.choices import ChoiceRow
from reader.ui.export.difference import DifferenceView
from reader.ui.export.files import STATUS_WORDS, FilesDelegate, FilesModel, FilesView
from reader.ui.export.offers import Switch, adopting_next, is_offered, is_on, switched, switched_for_all
from reader.ui.export.wording import plan_sentence
from reader.ui.look.commands import Appearance
from reader.ui.look.labels import ElidingLabel, button, chip_button, column_of, plain_label, row_of
from reader.ui.overlays.overlay import Overlay

_HINT = "j k move  ·  Space scrolls  ·  ← → filter  ·  Enter writes  ·  Esc cancels"
_REMARKS_SHOWN = 6
_LIMIT = 400
_EMPTY = {
    ExportStatus.UNCHANGED: "The file is up to date.",
    ExportStatus.NOT_FOUND: "You deleted this note. It is recreated only if you choose so.",
    ExportStatus.EDITED: "Nothing will be written to this file.",
}
_SWITCHES: dict[int, Switch] = {Qt.Key.Key_B: "beside", Qt.Key.Key_W: "recreate"}
_TOO_LONG = "The difference is too long to show."


class ExportPreview(Overlay):
    """Shows a plan; Enter writes it, Esc cancels."""

    def __init__(
        self,
        window: QWidget,
        plan: ExportPlan,
        appearance: Appearance,
        *,
        show_difference: Callable[[PlannedFile], None],
        chosen: Callable[[ExportOptions], None],
        accepted: Callable[[], None],
    ) -> None:
        """``show_difference`` is asked for a file's difference, which comes by :meth:`take_difference`; ``chosen``
        for another plan, which comes by :meth:`show_plan`; ``accepted`` means that it is to be written. Opens at once.
        """
        super().__init__(window, "Before exporting", width=1160, height=760)
        self._show_difference, self._chosen, self._accepted = show_difference, chosen, accepted
        self._plan = plan
        self._statuses: list[ExportStatus | None] = [None]
        self._is_waiting = self._is_wanted = False
        self.was_accepted = False
        self._make(appearance.look)
        appearance.changed.connect(self._set_look)
        self.show_plan(plan)
        self.open(self.files)

    @property
    def current(self) -> PlannedFile | None:
        """The current file."""
        return self.model.file(self.files.currentIndex().row())

    def show_plan(self, plan: ExportPlan) -> None:
        """Show a plan, with the same file current as before."""
        before = self.current
        self._plan, self._is_waiting = plan, False
        self.model.set_files(plan.files, self._offer_statuses())
        self.files.go_to(self.model.row_of(before) if before is not None else 0)
        self.summary.setText(plan_sentence(plan))
        self.write_button.setText(f"Write {plan.writes:,}" if plan.writes else "Done")
        self.write_button.setEnabled(True)
        if self._is_wanted:
            self.accept()

    def fail(self) -> None:
        """Keep the present plan after planning again failed."""
        self._is_waiting = self._is_wanted = False
        self.write_button.setEnabled(True)

    def take_difference(self, file: PlannedFile, text: str) -> None:
        """Show a file's difference, if that file is still current."""
        if file is self.current:
            self.difference.setPlainText(text or (_TOO_LONG if file.writes else _EMPTY.get(file.status, "")))

    def choose(self, options: ExportOptions) -> None:
        """Request another plan with other choices."""
        if not self._is_waiting and options != self._plan.options:
            self._is_waiting = True
            self.write_button.setEnabled(False)
            self._chosen(options)

    def accept(self) -> None:
        """Accept the plan; one that is being made is accepted when it is ready."""
        if self._is_waiting:
            self._is_wanted = True
        elif not self.isHidden():
            self.was_accepted = True
            self.dismiss()
            self._accepted()

    def _make(self, look: Look) -> None:
        self.add_heading("Before exporting")
        self.summary = self.add_words("", name="What would be written")
        self.counts = ChoiceRow("Files")
        self.counts.chosen.connect(self._show_status)
        self.model = FilesModel(self)
        self._delegate = FilesDelegate(look, self)
        self.files = FilesView(self.model, self._delegate)
        self.files.current_changed.connect(self._show_file)
        self.files.installEventFilter(self)
        self.title = ElidingLabel("Paper")
        self.path = ElidingLabel("File", quiet=True)
        self.remarks = plain_label("", name="Remarks on this file", wrap=True)
        self.difference = DifferenceView(look.theme)
        self.difference.installEventFilter(self)
        self.beside_button = chip_button("Add Lectern’s version   b", name="Put Lectern's text beside yours")
        self.beside_button.clicked.connect(partial(self._switch, "beside"))
        self.again_button = chip_button("Recreate note   w", name="Recreate the deleted note")
        self.again_button.clicked.connect(partial(self._switch, "recreate"))
        self.adopt_button = chip_button("", self._adopt_next, name="Use your note")
        self._offer_buttons = (self.beside_button, self.again_button, self.adopt_button)
        self.leave_button = button("Cancel", self.dismiss)
        self.write_button = button("Write", self.accept, primary=True)
        beside = column_of(
            *(self.title, self.path, self.remarks, self.difference, row_of(*self._offer_buttons, None)), spacing=5
        )
        beside.setContentsMargins(8, 0, 0, 0)
        right = QWidget()
        right.setLayout(beside)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        for part, stretch in ((self.files, 2), (right, 3)):
            splitter.addWidget(part)
            splitter.setStretchFactor(splitter.indexOf(part), stretch)
        foot = row_of(ElidingLabel("Keys", _HINT, quiet=True), self.leave_button, self.write_button)
        self.add(self.counts, splitter, foot, grows=splitter)
        self._set_title_font(look)

    def _offer_statuses(self) -> ExportStatus | None:
        """Offer a chip for each status in the plan; returns the selected status."""
        chosen = self._statuses[self.counts.current]
        counts = self._plan.counts()
        present = [status for status in STATUS_WORDS if counts[status.value]]
        self._statuses = [None, *present]
        if chosen not in self._statuses:
            chosen = None
        titles = [f"All {len(self._plan.files):,}"]
        titles += [f"{STATUS_WORDS[status]} {counts[status.value]:,}" for status in present]
        self.counts.offer(titles, self._statuses.index(chosen))
        return chosen

    def _show_status(self, number: int) -> None:
        self.model.show_status(self._statuses[number])
        self.files.go_to(0)

    def _show_file(self) -> None:
        """Show the details of the current file; its difference follows."""
        file = self.current
        self.title.setText(shown_line(file.title, _LIMIT) if file else "")
        self.path.setText(shown_line(_place(file), _LIMIT) if file else "")
        lines = [shown_line(remark.text, _LIMIT) for remark in file.remarks] if file else []
        if len(lines) > _REMARKS_SHOWN:
            lines[_REMARKS_SHOWN:] = [f"… and {len(lines) - _REMARKS_SHOWN:,} more of this kind"]
        self.remarks.setText("\n".join(lines))
        self.remarks.setVisible(bool(lines))
        self.difference.setPlainText("")
        self._show_offers(file)
        if file is not None:
            self._show_difference(file)

    def _show_offers(self, file: PlannedFile | None) -> None:
        """Show the choices for a file and whether they are on."""
        if file is None:
            for made in self._offer_buttons:
                made.hide()
            return
        options = self._plan.options
        adopted = options.adopt.get(file.key)
        offers = {
            self.beside_button: (is_offered("beside", file, options), is_on("beside", file, options)),
            self.again_button: (is_offered("recreate", file, options), is_on("recreate", file, options)),
            self.adopt_button: (bool(file.adoptable), adopted is not None),
        }
        for made, (offered, on) in offers.items():
            made.setVisible(offered)
            made.setChecked(on)
        if file.adoptable:
            name = shown_line(adopted or file.adoptable[0], 60)
            self.adopt_button.setText(f"Use your note {name}   o".replace("&", "&&"))

    def _switch(self, switch: Switch, *_: object) -> None:
        if self.current is not None:
            self.choose(switched(switch, self.current, self._plan.options))

    def _adopt_next(self) -> None:
        if self.current is not None:
            self.choose(adopting_next(self.current, self._plan.options))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the preview's keys before the list and the difference see them."""
        if isinstance(watched, FilesView | DifferenceView) and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._press(event, in_list=isinstance(watched, FilesView))
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent, *, in_list: bool) -> bool:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        key = event.key()
        if key in {Qt.Key.Key_J, Qt.Key.Key_K}:
            self.files.go_to(self.files.current_row + (1 if key == Qt.Key.Key_J else -1))
        elif key == Qt.Key.Key_Space:
            self.difference.scroll_pages(-1 if shift else 1)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and in_list:
            self.counts.step(1 if key == Qt.Key.Key_Right else -1)
        elif key in _SWITCHES and shift:
            self.choose(switched_for_all(_SWITCHES[key], self._plan))
        elif key in _SWITCHES:
            self._switch(_SWITCHES[key])
        elif key == Qt.Key.Key_O and not shift:
            self._adopt_next()
        elif key in ENTER_KEYS:
            self.accept()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Accept on Enter, unless a button with another action has the focus."""
        if event.key() in ENTER_KEYS and not any(made.hasFocus() for made in (self.leave_button, *self._offer_buttons)):
            self.accept()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _set_look(self, look: Look) -> None:
        self._delegate.set_look(look)
        self.files.set_row_height(self._delegate.row_height)
        self.files.viewport().update()
        self.difference.set_theme(look.theme)
        self._set_title_font(look)

    def _set_title_font(self, look: Look) -> None:
        font = QFont(look.typography.strong())
        self.title.setFont(font)


def _place(file: PlannedFile) -> str:
    """A file's path, after its previous one if it is renamed."""
    return f"{file.renames} → {file.path}" if file.renames else file.path
