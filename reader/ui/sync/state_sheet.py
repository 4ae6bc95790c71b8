"""How synchronising stands: with what, since when, what is still to be sent, what is awaited, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from reader.ui.app.workspace import Workspace
from reader.ui.look.labels import button, plain_label, progress_bar, row_of
from reader.ui.look.wording import counted
from reader.ui.overlays.overlay import Overlay
from reader.ui.sync.syncing import Syncing
from reader.ui.sync.wording import awaited_words, last_words, names_words, progress_words

_WIDTH = 680
_STOPPING = "Stop syncing? Both libraries keep what they have, and the folder its files; later changes stay here."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the sheet lets the user do."""

    sync: Callable[[], None]
    open_beside: Callable[[], None]
    change: Callable[[], None]
    leave: Callable[[], None]


class StateSheet(Overlay):
    """Follows the runs while it is open."""

    def __init__(self, window: QWidget, workspace: Workspace, syncing: Syncing, wishes: Wishes) -> None:
        """Opens at once."""
        super().__init__(window, "Sync", width=_WIDTH)
        self._workspace, self._syncing, self._wishes = workspace, syncing, wishes
        self._is_leaving = False
        self.add_heading("Sync")
        self.grid = QGridLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(18)
        self.grid.setVerticalSpacing(8)
        self.grid.setColumnStretch(1, 1)
        names = ("Folder", "Protected", "This machine", "Others", "Last sync", "To send", "Awaited")
        self.facts = {name: plain_label("", name=name, wrap=True) for name in names}
        self.titles = {name: plain_label(name, quiet=True) for name in names}
        for row, name in enumerate(names):
            self.grid.addWidget(self.titles[name], row, 0, Qt.AlignmentFlag.AlignTop)
            self.grid.addWidget(self.facts[name], row, 1)
        self.trouble = plain_label("", name="What is wrong", error=True, wrap=True)
        self.phase = plain_label("", name="What is going on", quiet=True)
        self.bar = progress_bar()
        self.cancel_button = button("Cancel", syncing.cancel, quiet=True)
        self.work = QWidget()
        self.work.setLayout(row_of(self.phase, self.bar, self.cancel_button, spacing=12, grows=self.bar))
        self.beside_button = button("Kept beside…", self._open_beside)
        self.change_button = button("Change folder…", self._change)
        self.leave_button = button("Stop syncing…", self._leave)
        self.sync_button = button("Sync now", self._sync, primary=True)
        buttons = row_of(self.beside_button, self.change_button, self.leave_button, None, self.sync_button)
        self.add(self.grid, self.trouble, self.work, 4, buttons)
        syncing.changed.connect(self.show_state)
        self.closed.connect(self._disconnect)
        self.show_state()
        self.open(self.sync_button)
        syncing.read_status()

    def show_state(self) -> None:
        """Show how things stand now."""
        syncing, status = self._syncing, self._syncing.status
        if status is None:
            return
        now = self._workspace.library.subscriptions.present()
        self.titles["Folder"].setText("Address" if status.is_remote else "Folder")
        words = {
            "Folder": status.target,
            "Protected": "by a passphrase" if status.is_sealed else "",
            "This machine": status.name,
            "Others": names_words(status.devices) or "none yet; set up sync with the same folder on another machine",
            "Last sync": last_words(status, now),
            "To send": counted(status.pending_out, "change") if status.pending_out else "nothing",
            "Awaited": "\n".join(awaited_words(each, now) for each in status.waiting),
        }
        for name, text in words.items():
            self.facts[name].setText(text)
            for label in (self.facts[name], self.titles[name]):
                label.setVisible(bool(text))
        self.trouble.setText(_STOPPING if self._is_leaving else syncing.trouble)
        self.trouble.setVisible(bool(self.trouble.text()))
        self.leave_button.setText("Stop syncing" if self._is_leaving else "Stop syncing…")
        self.beside_button.setText(f"Kept beside ({status.kept_beside:,})")
        self.beside_button.setEnabled(status.kept_beside > 0)
        self._show_work()
        self._place()

    def _show_work(self) -> None:
        syncing = self._syncing
        self.work.setVisible(syncing.is_running)
        progress = syncing.progress
        self.phase.setText(progress_words(progress) if progress is not None else "Syncing…")
        self.bar.setRange(0, progress.total if progress is not None else 0)
        self.bar.setValue(progress.done if progress is not None else 0)

    def _sync(self) -> None:
        self._is_leaving = False
        self._wishes.sync()

    def _open_beside(self) -> None:
        self.dismiss()
        self._wishes.open_beside()

    def _change(self) -> None:
        self.dismiss()
        self._wishes.change()

    def _leave(self) -> None:
        """Ask first, in the place of what is wrong: the same button once more means it."""
        if not self._is_leaving:
            self._is_leaving = True
            self.show_state()
            return
        self.dismiss()
        self._wishes.leave()

    def _disconnect(self) -> None:
        self._syncing.changed.disconnect(self.show_state)
