"""Fetching by itself: some seconds after the window was opened, and whenever a subscription is due while it is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from reader.domain.subscriptions import SubscriptionStatus
from reader.ui.app.workspace import Workspace
from reader.ui.subscriptions.fetching import Fetching
from reader.ui.subscriptions.statuses import SubscriptionStatuses

FIRST_AFTER_MS = 2_000
EVERY_MS = 60_000


class FetchTimer(QObject):
    """Looks every minute whether a subscription is due, if there is any.

    Not a timer until the next one is due: such timers stand still while a machine sleeps. However long it slept, what
    was due meanwhile is due once.
    """

    def __init__(self, workspace: Workspace, statuses: SubscriptionStatuses, fetching: Fetching) -> None:
        """Nothing happens before :meth:`start`."""
        super().__init__(workspace)
        self._workspace, self._statuses, self._fetching = workspace, statuses, fetching
        self._is_started = False
        self._first = QTimer(self, singleShot=True, interval=FIRST_AFTER_MS)
        self._first.timeout.connect(self.look)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        statuses.arrived.connect(self._arrived)

    def start(self) -> None:
        """Look from now on, at first when the window had time to show itself."""
        self._is_started = True
        self._arrived(self._statuses.all)

    def stop(self) -> None:
        """Look no more."""
        self._is_started = False
        for timer in (self._first, self._timer):
            timer.stop()

    def look(self) -> None:
        """Fetch what is due now."""
        if self._fetching.is_running or self._workspace.tasks.is_alone or not self._is_started:
            return
        self._workspace.tasks.read(self._workspace.library.subscriptions.seconds_until_due, self._found)

    def _found(self, seconds: float | None) -> None:
        if seconds is not None and seconds <= 0 and self._is_started:
            self._fetching.fetch_due()

    def _arrived(self, statuses: Sequence[SubscriptionStatus]) -> None:
        """Without subscriptions there is nothing to look for."""
        wanted = self._is_started and any(each.subscription.every for each in statuses)
        if wanted and not self._timer.isActive():
            self._first.start()
            self._timer.start()
        elif not wanted:
            self._first.stop()
            self._timer.stop()
