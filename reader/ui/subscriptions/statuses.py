"""The subscriptions as last read, with the state of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from reader.domain.changes import Change, Field
from reader.domain.subscriptions import SubscriptionStatus
from reader.ui.app.workspace import Workspace

_COUNTED = (Field.PAPERS, Field.LISTINGS, Field.STATES, Field.SEEN, Field.SNOOZES, Field.MUTED)
"""What decides whether a paper of a subscription is new."""


class SubscriptionStatuses(QObject):
    """Reads the subscriptions again when something changed that concerns them; many changes in a row make few reads."""

    arrived = Signal(object)
    """A tuple of :class:`SubscriptionStatus` was read."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing is read before :meth:`refresh`."""
        super().__init__(workspace)
        self._workspace = workspace
        self._is_wanted = self._is_reading = False
        self.all: tuple[SubscriptionStatus, ...] = ()
        """Every subscription by name, as last read."""
        workspace.changes_of(Field.SUBSCRIPTIONS, *_COUNTED).connect(self._changed)

    def refresh(self) -> None:
        """Read them."""
        if self._is_reading:
            self._is_wanted = True
            return
        self._is_reading, self._is_wanted = True, False
        self._workspace.tasks.read(self._workspace.library.subscriptions.statuses, self._arrived, failed=self._failed)

    def get(self, subscription_id: int | None) -> SubscriptionStatus | None:
        """One subscription; None if there is none."""
        return next((each for each in self.all if each.subscription.id == subscription_id), None)

    def _changed(self, change: Change) -> None:
        """What was read or decided changes the number of new papers, if there is any subscription."""
        if change.touches(Field.SUBSCRIPTIONS) or self.all:
            self.refresh()

    def _arrived(self, statuses: Sequence[SubscriptionStatus]) -> None:
        self._is_reading = False
        self.all = tuple(statuses)
        self.arrived.emit(self.all)
        if self._is_wanted:
            self.refresh()

    def _failed(self, error: Exception) -> None:
        self._is_reading = False
        self._workspace.report_failure(error)
