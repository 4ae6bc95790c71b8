"""What the window asks of a library about synchronising."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Protocol, cast

from reader.domain.cancellation import Cancelled
from reader.domain.changes import Change
from reader.domain.sync import KeptBeside
from reader.domain.sync_reports import SyncPreview, SyncProgress, SyncReport, SyncStatus
from reader.services import Library


class SyncSubject(Protocol):
    """The part of a library that synchronises."""

    def status(self) -> SyncStatus:
        """Return how things stand."""

    def preview(self, target: str, passphrase: str | None) -> SyncPreview:
        """Return what setting up would do."""

    def begin(self, target: str, name: str, passphrase: str | None) -> None:
        """Begin a shared folder."""

    def join(self, target: str, name: str, passphrase: str | None) -> None:
        """Join the libraries of a shared folder."""

    def run(
        self, report: Callable[[SyncProgress], object], cancelled: Cancelled, *, out_only: bool = False
    ) -> SyncReport:
        """Send and receive."""

    def leave(self) -> None:
        """Synchronise no more."""

    def kept_beside(self) -> Sequence[KeptBeside]:
        """Return the values that are not shown."""

    def take(self, kept_id: str) -> Change:
        """Show another value."""

    def keep_shown(self, kept_id: str) -> Change:
        """Settle on the value that is shown."""


def is_synced(library: Library) -> bool:
    """Whether a library is synchronised; nothing more is imported to find out."""
    return bool(getattr(library, "is_synced", False))


def sync_of(library: Library) -> SyncSubject:
    """The part of ``library`` that synchronises."""
    return cast(SyncSubject, attrgetter("sync")(library))
