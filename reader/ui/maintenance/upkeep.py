"""Maintenance while nothing else runs: tidying the library, and applying mute rules again."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from reader.domain.changes import Change
from reader.services import Library
from reader.ui.app.timers import make_timer
from reader.ui.app.workspace import Workspace

QUIET_MS = 20_000
"""How long nothing must have run before."""
TIDY_EVERY_SECONDS = 6 * 3_600.0
"""How often a library that stays open is tidied; one that is closed is tidied then."""


class Upkeep(QObject):
    """Waits for quiet moments. Mute rules may ask for tags, notes or dates, which every change can touch."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds; tests bring their own."""
        super().__init__(workspace)
        self._workspace = workspace
        self._clock = clock
        self._tidied = clock()
        self._has_changed = False
        self._quiet = make_timer(self, self.look, QUIET_MS)
        workspace.changes_of().connect(self._changed)
        workspace.tasks.idle.connect(self._quiet.start)

    def look(self) -> None:
        """Do what is due, if nothing else runs."""
        if not self._workspace.tasks.is_idle:
            return
        if self._has_changed:
            self._has_changed = False
            self._workspace.tasks.write(self._refresh_muted, self._muted)
        elif self._clock() - self._tidied >= TIDY_EVERY_SECONDS:
            self._tidied = self._clock()
            self._workspace.tasks.write(self._workspace.library.tidy, self._done)

    def _refresh_muted(self) -> Change:
        """Apply the mute rules, on the library thread."""
        return refreshed(self._workspace.library)

    def _changed(self, change: Change) -> None:
        self._has_changed = True

    def _muted(self, change: Change) -> None:
        if change:
            self._workspace.announce(change)
            self._has_changed = False

    def _done(self, outcome: object) -> None:
        """Tidying shows nothing."""


def refreshed(library: Library) -> Change:
    """Hide the papers that the mute rules match now; the empty change where there are no rules."""
    return library.mutes.refresh() if library.mutes.all() else Change()
