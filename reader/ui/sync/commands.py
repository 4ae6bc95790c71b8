"""The commands that synchronise; before it is set up or asked for, nothing of it is imported and no thread begins."""

from __future__ import annotations

import platform
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from reader.domain.sync_reports import SyncStatus
from reader.services import Library
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts

if TYPE_CHECKING:
    from reader.ui.sync.beside_sheet import BesideSheet
    from reader.ui.sync.syncing import Syncing
    from reader.ui.sync.timer import SyncTimer

_NOT_SET_UP = "Sync is not set up: {sync.open} sets it up"
_NOT_IN_SAMPLE = "The sample is not synchronised; close it to synchronise your own library"


class SyncCommands(Part):
    """Sets up, synchronises by itself and when asked, and shows how it stands."""

    def __init__(self, context: Context) -> None:
        """Nothing happens before :meth:`begin`."""
        super().__init__(context)
        self._window.installEventFilter(self)
        self.syncing: Syncing | None = None
        """The runs; None while the library is not synchronised."""
        self.timer: SyncTimer | None = None
        self.beside: BesideSheet | None = None
        self._has_begun = self._is_closed = False

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"sync.open": self.open, "sync.now": self.sync_now, "go.beside": self.open_beside}

    def begin(self) -> None:
        """Find out whether the library is synchronised, and do so from now on if it is; never in the sample."""
        if not self._context.is_sample:
            self._has_begun = True
            self._workspace.tasks.read(self._read_status, self._begun)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A command may have set it up while the user was elsewhere."""
        if event.type() == QEvent.Type.WindowActivate and self._has_begun and not (self._is_on or self._is_closed):
            self.begin()
        return False

    def rest(self) -> None:
        """Another library takes the place of this one, perhaps one that is not synchronised; :meth:`begin` goes on."""
        self._runner.set_title("sync.open", "")
        if self.timer is not None:
            self.timer.stop()
        if self.syncing is not None:
            self.syncing.stop()
            self.syncing.changed.emit()

    def close(self) -> None:
        """Synchronise no more by itself; what is not sent is sent while the window closes."""
        self._is_closed = True
        if self.timer is not None:
            self.timer.stop()
        if self.syncing is not None:
            self.syncing.run_last()

    def open(self) -> None:
        """Show how things stand, or set up what is not."""
        if self._context.is_sample:
            self._say(_NOT_IN_SAMPLE)
        elif self._is_on:
            self._open_state()
        else:
            self._open_set_up()

    def sync_now(self) -> None:
        """Synchronise now, and say what came of it; where that is not set up, set it up."""
        if self.syncing is not None and self._is_on:
            self.syncing.run(told=self._say)
        else:
            self.open()

    def open_beside(self) -> None:
        """Show what is kept beside."""
        from reader.ui.sync.beside_sheet import BesideSheet

        if not self._is_on:
            self._say(_NOT_IN_SAMPLE if self._context.is_sample else _NOT_SET_UP)
        elif self.beside is None:
            look = self._appearance.look
            self.beside = BesideSheet(self._window, self._workspace, self._runner, look, self._go_to)
            self.beside.closed.connect(self._beside_closed)

    @property
    def _is_on(self) -> bool:
        return self.syncing is not None and self.syncing.status is not None

    def _read_status(self) -> SyncStatus | None:
        """On a reader thread."""
        return status_of(self._library)

    def _begun(self, status: SyncStatus | None) -> None:
        """From now on, or no more."""
        if status is None or self._is_closed:
            self.rest()
            return
        if self.syncing is None:
            self._make_parts()
        assert self.syncing is not None and self.timer is not None
        self.syncing.start(status)
        self.timer.start(status)
        self._runner.set_title("sync.open", "Sync…")

    def _make_parts(self) -> None:
        from reader.ui.sync.status_word import StatusWord
        from reader.ui.sync.syncing import Syncing
        from reader.ui.sync.timer import SyncTimer

        self.syncing = Syncing(self._workspace)
        self.timer = SyncTimer(self._workspace, self.syncing, self._window)
        StatusWord(self._workspace, self._panes.status, self.syncing, self.open)
        self.syncing.left.connect(self.rest)

    def _open_set_up(self, moves_from: str = "") -> None:
        from reader.ui.sync.set_up_sheet import SetUpSheet

        name = platform.node().partition(".")[0] or "Lectern"
        if self.syncing is not None and self.syncing.status is not None:
            name = self.syncing.status.name
        SetUpSheet(
            self._window,
            self._workspace,
            name=name,
            moves_from=moves_from,
            choose_folder=self._choose_folder,
            done=self._set_up,
        )

    def _choose_folder(self) -> Path | None:
        return self._context.environment.chooser.sync_folder(self._window, Path.home())

    def _set_up(self) -> None:
        """It is set up: synchronise at once, and show that."""
        self._workspace.tasks.read(self._read_status, self._begun_at_once)

    def _begun_at_once(self, status: SyncStatus | None) -> None:
        self._begun(status)
        if self.syncing is not None and self._is_on:
            self.syncing.run()
            self._open_state()

    def _open_state(self) -> None:
        from reader.ui.sync.state_sheet import StateSheet, Wishes

        if self.syncing is not None:
            wishes = Wishes(self.sync_now, self.open_beside, self._change, self._leave)
            StateSheet(self._window, self._workspace, self.syncing, wishes)

    def _change(self) -> None:
        if self.syncing is not None and self.syncing.status is not None:
            self._open_set_up(self.syncing.status.target)

    def _leave(self) -> None:
        self.rest()
        self._workspace.tasks.write(self._library.sync.leave, self._left)

    def _left(self, _: object) -> None:
        self._say("Sync stopped: this library keeps all it has")
        self.begin()

    def _go_to(self, key: str) -> None:
        self._workspace.tasks.read(partial(self._library.papers.ids_of_keys, [key]), self._show_papers)

    def _show_papers(self, paper_ids: list[int]) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.go_to_paper(paper_ids[0])
        self._panes.pane.focus_list()

    def _beside_closed(self) -> None:
        self.beside = None


def status_of(library: Library) -> SyncStatus | None:
    """How things stand; None where the library is not synchronised, and then nothing more is imported."""
    return library.sync.status() if library.is_synced else None
