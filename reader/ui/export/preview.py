"""The look before anything is written: what becomes of each file, with its difference beside it, and what to choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from reader.services.export.plan import ExportOptions, ExportPlan, ExportStatus, PlannedFile
from reader.services.latex_to_unicode import shown_line
from reader.ui.detail.document import Look
from reader.ui.export.choices import ChoiceRow
from reader.ui.export.difference import DifferenceView
from reader.ui.export.files import STATUS_WORDS, FilesDelegate, FilesModel, FilesView
from reader.ui.export.offers import Offers, offers_of
from reader.ui.export.wording import plan_sentence
from reader.ui.look.commands import Appearance
from reader.ui.look.labels import ElidingLabel, button, plain_label
from reader.ui.overlays.overlay import Overlay

_HINT = "j k walk  ·  Space scrolls  ·  ← → show some  ·  Enter writes  ·  Esc writes nothing"
_REMARKS_SHOWN = 6
_LIMIT = 400
_EMPTY = {
    ExportStatus.UNCHANGED: "The file is as it should be.",
    ExportStatus.NOT_FOUND: "You deleted this note, so it is not made again unless you want it.",
    ExportStatus.EDITED: "Nothing is written here.",
}
_TOO_LONG = "The difference is too long to be shown."


class ExportPreview(Overlay):
    """Shows a plan; Enter writes it, Esc leaves everything as it is."""

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
        self._offers = Offers()
        self._statuses: list[ExportStatus | None] = [None]
        self._is_waiting = self._is_wanted = False
        self.was_accepted = False
        self._make(appearance.look)
        appearance.changed.connect(self._set_look)
        self.show_plan(plan)
        self.open(self.files)

    @property
    def current(self) -> PlannedFile | None:
        """The file that is looked at."""
        return self.model.file(self.files.currentIndex().row())

    def show_plan(self, plan: ExportPlan) -> None:
        """Show a plan, at the same file as before."""
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
        """Another plan could not be made: go on with the one there is."""
        self._is_waiting = self._is_wanted = False
        self.write_button.setEnabled(True)

    def take_difference(self, file: PlannedFile, text: str) -> None:
        """Show a file's difference, if it is still the one that is looked at."""
        if file is self.current:
            self.difference.setPlainText(text or (_TOO_LONG if file.writes else _EMPTY.get(file.status, "")))

    def choose(self, options: ExportOptions) -> None:
        """Have the plan made again with other choices."""
        if not self._is_waiting and options != self._plan.options:
            self._is_waiting = True
            self.write_button.setEnabled(False)
            self._chosen(options)

    def accept(self) -> None:
        """Have the plan written; one that is still to come as soon as it is there."""
        if self._is_waiting:
            self._is_wanted = True
        elif not self.isHidden():
            self.was_accepted = True
            self.dismiss()
            self._accepted()

    def _make(self, look: Look) -> None:
        self.add_heading("Before exporting")
        self.summary = plain_label("", name="What would be written", quiet=True)
        self.summary.setWordWrap(True)
        self.counts = ChoiceRow("Files")
        self.counts.chosen.connect(self._show_status)
        self.model = FilesModel(self)
        self._delegate = FilesDelegate(look, self)
        self.files = FilesView(self.model, self._delegate)
        self.files.current_changed.connect(self._show_file)
        self.files.installEventFilter(self)
        self.title = ElidingLabel("Paper")
        self.path = ElidingLabel("File")
        self.path.setProperty("quiet", True)
        self.remarks = plain_label("", name="To be said of this file")
        self.remarks.setWordWrap(True)
        self.difference = DifferenceView(look.theme)
        self.difference.installEventFilter(self)
        self._make_offers()
        self.leave_button = button("Cancel")
        self.leave_button.clicked.connect(self.dismiss)
        self.write_button = button("Write", primary=True)
        self.write_button.clicked.connect(self.accept)
        self._lay_out()
        self._set_title_font(look)

    def _make_offers(self) -> None:
        self.beside_button = button("Add Lectern’s version   b", name="Put Lectern's text beside yours")
        self.again_button = button("Recreate note   w", name="Recreate the deleted note")
        self.adopt_button = button("", name="Use your note")
        for made, act in (
            (self.beside_button, self._toggle_beside),
            (self.again_button, self._toggle_again),
            (self.adopt_button, self._adopt_next),
        ):
            made.setProperty("chip", True)
            made.setCheckable(True)
            made.clicked.connect(act)
            made.hide()

    def _lay_out(self) -> None:
        offers = QHBoxLayout()
        for made in self._offer_buttons():
            offers.addWidget(made)
        offers.addStretch(1)
        beside = QVBoxLayout()
        beside.setContentsMargins(8, 0, 0, 0)
        beside.setSpacing(5)
        for part in (self.title, self.path, self.remarks):
            beside.addWidget(part)
        beside.addWidget(self.difference, 1)
        beside.addLayout(offers)
        right = QWidget()
        right.setLayout(beside)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.files)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        foot = QHBoxLayout()
        hint = ElidingLabel("Keys")
        hint.setProperty("quiet", True)
        hint.setText(_HINT)
        foot.addWidget(hint, 1)
        foot.addWidget(self.leave_button)
        foot.addWidget(self.write_button)
        self.content.addWidget(self.summary)
        self.content.addWidget(self.counts)
        self.content.addWidget(splitter, 1)
        self.content.addLayout(foot)

    def _offer_buttons(self) -> tuple[QPushButton, ...]:
        return self.beside_button, self.again_button, self.adopt_button

    def _offer_statuses(self) -> ExportStatus | None:
        """Make a chip for each status that there is; the one that is chosen then."""
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
        """Show what there is to say of the current file; its difference follows."""
        file = self.current
        self.title.setText(shown_line(file.title, _LIMIT) if file else "")
        self.path.setText(shown_line(_place(file), _LIMIT) if file else "")
        lines = [shown_line(remark.text, _LIMIT) for remark in file.remarks] if file else []
        if len(lines) > _REMARKS_SHOWN:
            lines[_REMARKS_SHOWN:] = [f"… and {len(lines) - _REMARKS_SHOWN:,} more of this kind"]
        self.remarks.setText("\n".join(lines))
        self.remarks.setVisible(bool(lines))
        self.difference.setPlainText("")
        self._offers = offers_of(file, self._plan.options) if file else Offers()
        self._show_offers()
        if file is not None:
            self._show_difference(file)

    def _show_offers(self) -> None:
        offers = self._offers
        for made, offered, on in (
            (self.beside_button, offers.beside, offers.is_beside),
            (self.again_button, offers.again, offers.is_again),
            (self.adopt_button, bool(offers.adoptable), bool(offers.adopted)),
        ):
            made.setVisible(offered)
            made.setChecked(on)
        if offers.adoptable:
            name = shown_line(offers.adopted or offers.adoptable[0], 60)
            self.adopt_button.setText(f"Use your note {name}   o".replace("&", "&&"))

    def _toggle_beside(self) -> None:
        if self._offers.beside and self.current is not None:
            keys = _toggled(self._plan.options.beside, self.current.key, self._offers.is_beside)
            self.choose(replace(self._plan.options, beside=keys))

    def _toggle_again(self) -> None:
        if self._offers.again and self.current is not None:
            keys = _toggled(self._plan.options.recreate, self.current.key, self._offers.is_again)
            self.choose(replace(self._plan.options, recreate=keys))

    def _adopt_next(self) -> None:
        """Of several notes the next one; after the last, none."""
        if not self._offers.adoptable or self.current is None:
            return
        kept = {key: path for key, path in self._plan.options.adopt.items() if key != self.current.key}
        notes = [*self._offers.adoptable, None]
        following = notes[notes.index(self._offers.adopted) + 1] if self._offers.adopted in notes[:-1] else notes[0]
        adopt = {**kept, self.current.key: following} if following is not None else kept
        self.choose(replace(self._plan.options, adopt=adopt))

    def _choose_for_all(self, *, beside: bool) -> None:
        """Put ours beside every edit, or make every deleted note again; or nowhere, if that is what is chosen."""
        options = self._plan.options
        of_all = [(file.key, offers_of(file, options)) for file in self._plan.files]
        offered = frozenset(key for key, offers in of_all if (offers.beside if beside else offers.again))
        chosen = frozenset(key for key, offers in of_all if (offers.is_beside if beside else offers.is_again))
        keys = frozenset[str]() if chosen == offered else offered
        self.choose(replace(options, beside=keys) if beside else replace(options, recreate=keys))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that choose and walk, before the list and the difference see them."""
        if isinstance(watched, FilesView | DifferenceView) and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._press(event, in_list=isinstance(watched, FilesView))
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent, *, in_list: bool) -> bool:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            return False
        key = event.key()
        row = self.files.currentIndex().row()
        if key in {Qt.Key.Key_J, Qt.Key.Key_K}:
            self.files.go_to(row + (1 if key == Qt.Key.Key_J else -1))
        elif key == Qt.Key.Key_Space:
            self.difference.scroll_pages(-1 if shift else 1)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right} and in_list:
            self.counts.step(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_B:
            self._choose_for_all(beside=True) if shift else self._toggle_beside()
        elif key == Qt.Key.Key_W:
            self._choose_for_all(beside=False) if shift else self._toggle_again()
        elif key == Qt.Key.Key_O and not shift:
            self._adopt_next()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.accept()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter writes from elsewhere, too, but for a button that does something else."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            focus = self.focusWidget()
            if isinstance(focus, QPushButton) and focus in {self.leave_button, *self._offer_buttons()}:
                focus.click()
            else:
                self.accept()
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


def _toggled(keys: frozenset[str] | bool, key: str, is_on: bool) -> frozenset[str]:
    """The papers for which something is chosen, with one more or one less."""
    before = frozenset[str]() if isinstance(keys, bool) else keys
    return before - {key} if is_on else before | {key}


def _place(file: PlannedFile) -> str:
    """Where a file lies, and where it lay before."""
    return f"{file.renames} → {file.path}" if file.renames else file.path
