"""Setting up: a folder or an address, a name for this machine, a passphrase, and what will happen in figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QGridLayout, QLayout, QLineEdit, QWidget

from reader.domain.errors import ReaderError
from reader.domain.sync_reports import SyncPreview
from reader.services import Library
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, plain_label, progress_bar, row_of, text_line
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.overlay import Overlay
from reader.ui.sync.wording import ABOUT, PASSPHRASE, move_words, preview_words

_LOOK_AFTER_MS = 350
_LONGEST = 2_000
_LONGEST_NAME = 60
_WIDTH = 680
_PREVIEW_LINES = 3
_MOVE = "Change"
_MOVES = "For a folder that you moved, or another service: the other machines have to change to it, too."
_HINT = "Enter chooses a folder"
_WAITS = "Choose a folder that your other machines have, too, or type an address: https://…, s3://…, sftp://…"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was typed."""

    target: str
    name: str
    passphrase: str | None


class SetUpSheet(Overlay):
    """One page; nothing is written before the button is pressed, which names what it does."""

    def __init__(
        self,
        window: QWidget,
        workspace: Workspace,
        *,
        name: str,
        moves_from: str = "",
        choose_folder: Callable[[], Path | None],
        done: Callable[[], None],
    ) -> None:
        """``name`` is a suggestion for this machine's; ``done`` is called when the library is set up. Opens at once.

        With ``moves_from``, the present target, the sheet asks for another one to go on with.
        """
        super().__init__(window, "Sync", width=_WIDTH)
        self._workspace, self._library = workspace, workspace.library
        self._choose_folder, self._done = choose_folder, done
        self._token = CancelToken()
        self._preview: SyncPreview | None = None
        self._is_accepted = self._is_running = False
        self._look_soon = make_timer(self, self._look, _LOOK_AFTER_MS)
        self._moves_from = moves_from
        self.add_heading("Change folder" if moves_from else "Set up sync")
        self.add_words(_MOVES if moves_from else ABOUT)
        self.target = text_line("Shared folder or address", _LONGEST, text=moves_from, placeholder=_HINT)
        self.folder_button = button("Choose…", self._from_dialog, name="Choose a folder")
        self.name = text_line("Name of this machine", _LONGEST_NAME, text=name)
        self.passphrase = text_line("Passphrase", _LONGEST, placeholder="Optional")
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.add(4, self._form(), 4)
        self.preview = plain_label(_WAITS, name="What will happen", wrap=True, quiet=True)
        self.preview.setMinimumHeight(_PREVIEW_LINES * self.preview.fontMetrics().lineSpacing())
        self.bar = progress_bar()
        self.bar.hide()
        self.leave_button = button("Cancel", self.dismiss)
        self.do_button = button(_MOVE if moves_from else "Begin", self._accept, primary=True)
        self.do_button.setEnabled(False)
        self.add(self.preview, self.bar, row_of(None, self.leave_button, self.do_button))
        for line in (self.target, self.passphrase):
            line.textChanged.connect(self._changed)
        for line in (self.target, self.name, self.passphrase):
            line.returnPressed.connect(self._accept)
        self.closed.connect(self._forget)
        self.open(self.target)

    def _form(self) -> QLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows = [("Folder or address", self.target), ("This machine", self.name), ("Passphrase", self.passphrase)]
        if self._moves_from:
            del rows[1]
        for row, (title, line) in enumerate(rows):
            grid.addWidget(plain_label(title, quiet=True), row, 0)
            grid.addWidget(line, row, 1)
            if line is self.target:  # here, so that Tab goes on to it
                grid.addWidget(self.folder_button, row, 2)
        grid.addWidget(plain_label(PASSPHRASE, quiet=True, wrap=True), len(rows), 1, 1, 2)
        return grid

    def dismiss(self) -> None:
        """Close, but never while something is set up."""
        if not self._is_running:
            super().dismiss()

    def _typed(self) -> SetUp:
        return SetUp(self.target.text().strip(), self.name.text().strip(), self.passphrase.text() or None)

    def _from_dialog(self) -> None:
        folder = self._choose_folder()
        if folder is not None:
            self.target.setText(str(folder))
            self._look_soon.start(0)
            (self.passphrase if self.name.text() else self.name).setFocus()

    def _changed(self) -> None:
        """Look at the target once typing rests."""
        self._token.cancel()
        self._preview, self._is_accepted = None, False
        self.do_button.setEnabled(False)
        if self.target.text().strip() not in ("", self._moves_from):
            self._look_soon.start(_LOOK_AFTER_MS)
        else:
            self._look_soon.stop()
            self._say(_WAITS, quiet=True)

    def _look(self) -> None:
        self._token.cancel()
        self._token = CancelToken()
        self._say("Looking…", quiet=True)
        look = partial(_look, self._library, self._typed())
        self._workspace.tasks.sync(look, self._found, failed=self._not_found, token=self._token)

    def _found(self, preview: SyncPreview) -> None:
        if self.isHidden() or self._is_running:
            return
        self._preview = preview
        self.do_button.setEnabled(not preview.needs_passphrase)
        if self._moves_from and not preview.needs_passphrase:
            self._say(move_words(preview))
        else:
            self.do_button.setText(_MOVE if self._moves_from else "Join" if preview.joins else "Begin")
            self._say(preview_words(preview))
        if self._is_accepted:
            self._accept()

    def _not_found(self, error: Exception) -> None:
        if self.isHidden():
            return
        if isinstance(error, ReaderError):
            self._say(str(error), error=True)
        else:
            self._say("This folder or address could not be looked at.", error=True)
            self._workspace.report_failure(error)

    def _accept(self) -> None:
        """Set up, now or as soon as what will happen was shown."""
        if self.isHidden() or self._is_running:
            return
        if self.target.text().strip() in ("", self._moves_from):
            self._from_dialog()
            return
        if not self.name.text().strip():
            self._say("Give this machine a name; the others show it beside what comes from here.", error=True)
            self.name.setFocus()
            return
        self._is_accepted = bool(self.target.text().strip())
        if self._preview is None:
            return
        if self._preview.needs_passphrase:
            self.passphrase.setFocus()
            return
        self._set_running(True)
        work = partial(_set_up, self._library, self._typed(), self._preview.joins, bool(self._moves_from))
        self._workspace.tasks.sync(work, self._finished, failed=self._failed)

    def _finished(self, _: object) -> None:
        self._set_running(False)
        self.dismiss()
        self._done()

    def _failed(self, error: Exception) -> None:
        self._set_running(False)
        self._not_found(error)
        self.target.setFocus()

    def _set_running(self, is_running: bool) -> None:
        self._is_running, self._is_accepted = is_running, False
        self.bar.setRange(0, 0)
        self.bar.setVisible(is_running)
        for widget in (self.target, self.folder_button, self.name, self.passphrase, self.leave_button, self.do_button):
            widget.setEnabled(not is_running)
        if is_running:
            self._say("Setting up…", quiet=True)
            self.setFocus()

    def _forget(self) -> None:
        self._look_soon.stop()
        self._token.cancel()

    def _say(self, text: str, *, quiet: bool = False, error: bool = False) -> None:
        self.preview.setText(text)
        restyle(self.preview, quiet=quiet, error=error)
        self._place()


def _look(library: Library, typed: SetUp, report: object) -> SyncPreview:
    """On the thread of what synchronises, as all of these."""
    return library.sync.preview(typed.target, typed.passphrase)


def _set_up(library: Library, typed: SetUp, joins: bool, moves: bool, report: object) -> None:
    if moves:
        library.sync.move(typed.target, typed.passphrase)
        return
    set_up = library.sync.join if joins else library.sync.begin
    set_up(typed.target, typed.name, typed.passphrase)
