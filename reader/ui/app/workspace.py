"""An open library and its threads: operations go in, what they touched comes out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, SignalInstance

from reader.domain.changes import Change, Field, OperationSummary, UndoneOperation
from reader.domain.errors import LibraryDamagedError, ReaderError
from reader.domain.papers import Listing
from reader.domain.selection import ViewCounts
from reader.services import Library
from reader.ui.app.tasks import Tasks, is_gone
from reader.ui.look.wording import with_undo

Outcome = Change | UndoneOperation | OperationSummary | None
"""What was changed or undone; or the step about which the user is to be asked first."""


class _News(QObject):
    """Changes of some fields."""

    told = Signal(object)


class Workspace(QObject):
    """What the window's parts share: the library, its threads, and the news of changes."""

    reading_all = Signal()
    """Everything is to be read: the library was just opened, or another took its place."""
    counts_read = Signal(object)
    """The :class:`ViewCounts`, which are others than before."""
    listings_read = Signal(object)
    """The listings, newest first."""
    said = Signal(str)
    """What just happened, in a few words."""
    settled = Signal()
    """No operation is waiting any more."""
    failed = Signal(str)
    """What went wrong, in a sentence."""
    damaged = Signal(str)
    """A sentence: a database is damaged, most likely the library's."""
    crashed = Signal(object)
    """An exception that is nobody's mistake but ours."""

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        """Threads start when first used; :meth:`close` ends them and closes the library."""
        super().__init__(parent)
        self.library = library
        self.tasks = Tasks(self)
        self.tasks.crashed.connect(self.report_failure)
        self._operations = 0
        self._news: dict[frozenset[Field], _News] = {}
        self._counts: ViewCounts | None = None
        self._uncounted = Change.of(*Field)
        self._counts_running = False

    @property
    def is_settled(self) -> bool:
        """Whether every operation asked for is carried out, so that what is read now is what the user expects."""
        return self._operations == 0

    def perform(
        self,
        operation: Callable[[], Outcome],
        *,
        said: str | Callable[[Change], str] = "",
        then: Callable[[Outcome], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Carry out an operation on the library thread, then tell everyone what it touched.

        ``said`` is (or makes) the report of what changed, and the key that undoes it is added here; ``then`` gets the
        outcome after that, ``failed`` is called if there is none.
        """
        self._operations += 1
        self.tasks.write(
            operation, partial(self._performed, said, then), failed=partial(self._failed_to_perform, failed)
        )

    def changes_of(self, *fields: Field) -> SignalInstance:
        """The signal that tells of each :class:`Change` of any of these fields, or without them of all changes."""
        wanted = frozenset(fields)
        if wanted not in self._news:
            self._news[wanted] = _News(self)
        return self._news[wanted].told

    def announce(self, change: Change) -> None:
        """Tell everyone who shows what was touched by something else than :meth:`perform`."""
        for fields, news in list(self._news.items()):
            if not fields or change.touches(*fields):
                news.told.emit(change)
        self._count(change)
        if change.touches(Field.LISTINGS):
            self.refresh_listings()

    def read_all(self) -> None:
        """Read all that is shown in the window, whatever is opened in it."""
        self.reading_all.emit()
        self.refresh_counts()
        self.refresh_listings()

    def refresh_counts(self) -> None:
        """Read all figures beside the views."""
        self._count(Change.of(*Field))

    def _count(self, change: Change) -> None:
        """Read the figures that a change touched; many changes in a row make few reads."""
        self._uncounted = self._uncounted.joined_with(change)
        if not self._counts_running:
            self._counts_running = True
            change, self._uncounted = self._uncounted, Change()
            recount = partial(self.library.views.recount, self._counts or ViewCounts(), change)
            self.tasks.read(recount, self._counts_arrived, failed=partial(self._counts_failed, change))

    def refresh_listings(self) -> None:
        """Read the listings."""
        self.tasks.read(self.library.listings.all, self._listings_arrived)

    def report_failure(self, error: Exception) -> None:
        """Say what went wrong: a user's mistake in its own words, anything else by its name."""
        if isinstance(error, LibraryDamagedError):
            self.damaged.emit(str(error))
        elif isinstance(error, ReaderError):
            self.failed.emit(str(error))
        else:
            self.crashed.emit(error)

    def close(self) -> None:
        """End the threads and close the library."""
        self.tasks.close()
        self.library.close()

    def _performed(
        self, said: str | Callable[[Change], str], then: Callable[[Outcome], None] | None, outcome: Outcome
    ) -> None:
        change = outcome.change if isinstance(outcome, UndoneOperation) else outcome
        if isinstance(change, Change) and change:
            self.announce(change)
            if said:
                self.said.emit(with_undo(said if isinstance(said, str) else said(change)))
        if then is not None and not is_gone(then):
            then(outcome)
        self._end_operation()

    def _failed_to_perform(self, failed: Callable[[], None] | None, error: Exception) -> None:
        self.report_failure(error)
        if failed is not None and not is_gone(failed):
            failed()
        self._end_operation()

    def _end_operation(self) -> None:
        self._operations -= 1
        if self._operations == 0:
            self.settled.emit()

    def _counts_arrived(self, counts: ViewCounts) -> None:
        self._counts_running = False
        if counts != self._counts:
            self._counts = counts
            self.counts_read.emit(counts)
        if self._uncounted:
            self._count(Change())

    def _counts_failed(self, change: Change, error: Exception) -> None:
        self._counts_running = False
        self._uncounted = self._uncounted.joined_with(change)
        self.report_failure(error)

    def _listings_arrived(self, listings: list[Listing]) -> None:
        self.listings_read.emit(tuple(listings))
