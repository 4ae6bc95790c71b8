"""What is kept beside: where two devices said different things at the same time, both values, to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reader.domain.changes import Change
from reader.domain.sync import KeptBeside
from reader.ui.app.tasks import CancelToken
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace
from reader.ui.commands.key_chords import Key
from reader.ui.commands.key_events import ENTER_KEYS, key_of
from reader.ui.commands.runner import CommandRunner
from reader.ui.detail.document import Look
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.look.row_list import RowTable
from reader.ui.look.wording import SEPARATOR, told
from reader.ui.overlays.overlay import Overlay
from reader.ui.sync.rows import BesideDelegate, BesideModel

_ABOUT = "Two devices changed the same thing before they met. One value is shown; the other is kept here."
_NOTHING = "Nothing is kept beside: your devices agree."
_STEPS = {"go.next": 1, "go.previous": -1, "go.first": -1_000_000, "go.last": 1_000_000}
_FROM_BELOW = ("edit.undo", "edit.redo")
_READ_AFTER_MS = 60


class BesideSheet(Overlay):
    """Lists the values that are not shown; taking one, or keeping what is shown, is a step that can be undone."""

    def __init__(
        self, window: QWidget, workspace: Workspace, runner: CommandRunner, look: Look, go_to: Callable[[str], None]
    ) -> None:
        """``go_to`` shows the paper with a key. Opens at once, and reads on."""
        super().__init__(window, "Kept beside", width=820, height=540)
        self._workspace, self._runner, self._go_to = workspace, runner, go_to
        self._token = CancelToken()
        self.heading = self.add_heading("Kept beside")
        self.words = self.add_words(_ABOUT)
        self.model = BesideModel(workspace.library.subscriptions.present, self)
        self.table = RowTable("Kept beside", self.model, BesideDelegate(look.theme, look.typography, self))
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(self._take)
        self.table.current_changed.connect(self._show_marked)
        self.nothing = plain_label("Reading…", name="What is kept beside", quiet=True, wrap=True)
        self.nothing.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.marked = plain_label("", name="The marked value", wrap=True)
        self.paper_button = button("Go to paper", self._open)
        self.keep_button = button("Keep what is shown", self._settle)
        self.take_button = button("Take this one", self._take, primary=True)
        keys = ["Enter takes", "Delete keeps what is shown", "o paper", f"{runner.told_keys('edit.undo')} undo"]
        self.hint = plain_label(SEPARATOR.join([*keys, "Esc close"]), quiet=True, wrap=True)
        self.add(self.table, self.nothing, self.marked, grows=self.table)
        self.content.setStretchFactor(self.nothing, 1)
        self.add(row_of(self.paper_button, None, self.keep_button, self.take_button), self.hint)
        self._keys: Mapping[Key, Callable[[], None]] = {Key("Delete"): self._settle, Key("o"): self._open}
        self._read_soon = make_timer(self, self._read, _READ_AFTER_MS)
        workspace.changes_of().connect(self._changed)
        self.closed.connect(self._forget)
        self._show_rows()
        self.open(self.nothing)
        self._read()

    @property
    def kept(self) -> KeptBeside | None:
        """The marked value."""
        return self.model.row(self.table.current_row)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the table."""
        if watched is self.table and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(event)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo work where nothing is left, too."""
        command = self._command(event, _FROM_BELOW)
        if command is not None and not event.isAutoRepeat():
            self._runner.run(command)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        """Handle a key in the table; returns whether it had a meaning here."""
        if event.key() in ENTER_KEYS:
            if not event.isAutoRepeat():
                self._take()
            return True
        key = key_of(event)
        if key is not None and key in self._keys and not event.isAutoRepeat():
            self._keys[key]()
            return True
        step = self._command(event, tuple(_STEPS))
        if step is not None:
            self._mark(min(max(self.table.current_row + _STEPS[step], 0), self.model.count() - 1))
            return True
        command = self._command(event, _FROM_BELOW)
        if command is not None and not event.isAutoRepeat():
            self._runner.run(command)
            return True
        return bool(event.text().isprintable() and event.text())

    def _command(self, event: QKeyEvent, commands: Sequence[str]) -> str | None:
        key = key_of(event)
        return next((each for each in commands if key and (key,) in self._runner.chords(each)), None)

    def _changed(self, change: Change) -> None:
        self._read_soon.start()

    def _read(self) -> None:
        self._token.cancel()
        self._token = CancelToken()
        self._workspace.tasks.read(self._workspace.library.sync.kept_beside, self._show, token=self._token)

    def _show(self, rows: Sequence[KeptBeside]) -> None:
        """Show what was read, the same value marked as before, else the one in its place."""
        before, number = self.kept, self.table.current_row
        self.model.show(rows)
        same = self.model.row_of(before.id) if before is not None else None
        if rows:
            self._mark(same if same is not None else min(max(number, 0), len(rows) - 1))
        self.nothing.setText(_NOTHING)
        self._show_rows()

    def _show_rows(self) -> None:
        has_rows = self.model.count() > 0
        self.heading.setText(f"Kept beside ({self.model.count():,})" if has_rows else "Kept beside")
        focus_is_here = self.table.hasFocus() or self.nothing.hasFocus()
        for widget in (self.table, self.marked, self.paper_button, self.keep_button, self.take_button, self.hint):
            widget.setVisible(has_rows)
        self.words.setVisible(has_rows)
        self.nothing.setVisible(not has_rows)
        if focus_is_here and not self.isHidden():
            (self.table if has_rows else self.nothing).setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_marked()

    def _show_marked(self) -> None:
        kept = self.kept
        if kept is not None:
            self.marked.setText(self.model.facts(kept))
            self.paper_button.setEnabled(kept.kind in _OF_PAPERS)

    def _mark(self, row: int) -> None:
        self.table.setCurrentIndex(self.model.index(row))

    def _take(self) -> None:
        """Show the other value from now on."""
        if (kept := self.kept) is not None:
            self._workspace.perform(partial(self._workspace.library.sync.take, kept.id), said=told)

    def _settle(self) -> None:
        """Settle that what is shown is right."""
        if (kept := self.kept) is not None:
            self._workspace.perform(partial(self._workspace.library.sync.keep_shown, kept.id), said=told)
            self._read_soon.start()

    def _open(self) -> None:
        """Leave for the paper that the value is about."""
        kept = self.kept
        if kept is not None and kept.kind in _OF_PAPERS:
            self.dismiss()
            self._go_to(kept.key)

    def _forget(self) -> None:
        self._token.cancel()
        self._read_soon.stop()


_OF_PAPERS = frozenset({"paper", "highlight"})
"""Kinds of entities that belong to a paper, whose key is told."""
