"""Subscriptions of a library."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.reports import FetchReport, ImportProgress
from reader.domain.step_titles import StepKind
from reader.domain.subscriptions import Subscription, SubscriptionKind, SubscriptionStatus
from reader.services.calls import calling, new_client
from reader.services.imports.source_archive import SourceArchive
from reader.services.library.mutes import Mutes
from reader.services.subscriptions import schedule
from reader.services.subscriptions.turn import FetchTurn
from reader.storage.store import LibraryStore
from reader.storage.subject import changing
from reader.storage.subscriptions import StoredSubscriptions, SubscriptionCheck
from reader.storage.writer import iso_time

if TYPE_CHECKING:
    from reader.web.client import Client
    from reader.web.opml import Outline
    from reader.web.pasted import Pasted

_DAYS_BACK = 5
Progress = Generator[ImportProgress, None, FetchReport]
USUAL_EVERY = 6
"""The hours between two fetches of a subscription, unless the user says otherwise."""


@dataclass(frozen=True, slots=True)
class OpmlReport:
    """What an OPML file brought: subscriptions added, those known, the addresses now called, and what is wrong."""

    added: int = 0
    known: int = 0
    addresses: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class Subscriptions(StoredSubscriptions):
    """All that can be done with subscriptions. Every change of one is an undoable step."""

    def __init__(self, store: LibraryStore, sources: SourceArchive, mutes: Mutes) -> None:
        super().__init__(store)
        self._sources, self._mutes = sources, mutes
        self.make_client: Callable[[Cancelled], Client] = new_client
        """Makes what calls the network, given a look whether to go on; a test gives another its own clock."""

    @changing
    def add(
        self, kind: SubscriptionKind, argument: str, name: str = "", every: int = USUAL_EVERY
    ) -> tuple[int, Change]:
        """Subscribe to a source; the subscription's id. Without a ``name`` it gets a free one of its kind.

        Raises :class:`ReaderError` for an argument that the kind does not understand, a name that another has, or a
        source that is subscribed to already.
        """
        from reader.web.registry import kind_of

        chosen = kind_of(kind)
        canonical = chosen.canonical(argument)
        return super().add(kind, canonical, name.strip() or self.free_name(chosen.title(canonical)), every)

    def addresses(self, kind: SubscriptionKind, argument: str) -> Sequence[str]:
        """The addresses that fetching a source calls, without secrets; raises :class:`ReaderError` as :meth:`add`."""
        from reader.web.registry import kind_of

        chosen = kind_of(kind)
        return chosen.addresses(chosen.canonical(argument))

    def read_opml(self, content: bytes) -> OpmlReport:
        """What :meth:`add_opml` would bring."""
        return self._read_opml(content)[0]

    @changing
    def add_opml(self, content: bytes) -> tuple[OpmlReport, Change]:
        """Subscribe to what an OPML file names and is not subscribed to yet, as one step.

        Raises :class:`~reader.domain.errors.ParseError` for a file that is none.
        """
        from reader.web.registry import kind_of

        with self._store.step() as taken:
            report, new = self._read_opml(content)
            for source, each in new.items():
                name = self.free_name(each.name or kind_of(source.kind).title(source.argument))
                super().add(source.kind, source.argument, name, USUAL_EVERY if each.every is None else each.every)
            taken.title = StepKind.SUBSCRIBED_FROM_FILE(sources=report.added)
        return report, taken.change

    def _read_opml(self, content: bytes) -> tuple[OpmlReport, dict[Pasted, Outline]]:
        """What an OPML file brings, and its sources that are not subscribed to yet."""
        from reader.web.opml import read_opml
        from reader.web.pasted import Pasted

        outlines = read_opml(content)
        known = {Pasted(each.kind, each.argument) for each in self.all()}
        new: dict[Pasted, Outline] = {}
        for each in outlines:
            if each.pasted is not None and each.pasted not in known:
                new.setdefault(each.pasted, each)
        addresses = [address for source in new for address in self.addresses(source.kind, source.argument)]
        problems = tuple(f"“{each.name}”: {each.problem}" for each in outlines if each.problem)
        before = sum(each.pasted is not None for each in outlines) - len(new)
        return OpmlReport(len(new), before, tuple(addresses), problems), new

    def as_opml(self) -> str:
        """The subscriptions as an OPML file, without secrets."""
        from reader.web.opml import write_opml

        return write_opml(self.all())

    def all_named(self, names: Sequence[str]) -> list[Subscription]:
        """The subscriptions with these names, each once; raises :class:`NotFoundError` for a name that none has."""
        return list({found.id: found for found in map(self.named, names)}.values())

    def present(self) -> datetime:
        """The present moment where the user is, to which the times of a status are near."""
        return self._store.clock().astimezone()

    def statuses(self) -> list[SubscriptionStatus]:
        """Every subscription with its last fetch, the next one by itself, its new papers and its trouble."""
        checks, now = self.checks(), self._store.clock()
        return [replace(each, next_try=_next_try(each.subscription, checks, now)) for each in super().statuses()]

    def due(self) -> list[Subscription]:
        """The subscriptions that are to be fetched now by themselves."""
        checks, now = self.checks(), self._store.clock()
        found = []
        for each in self.all():
            moment = schedule.next_try(each, checks.get(each.id, schedule.NEVER_FETCHED), now)
            if moment is not None and moment <= now:
                found.append(each)
        return found

    def seconds_until_due(self) -> float | None:
        """The seconds until a subscription is due, 0 if one is; None if none will be by itself."""
        checks, now = self.checks(), self._store.clock()
        moments = (schedule.next_try(each, checks.get(each.id, schedule.NEVER_FETCHED), now) for each in self.all())
        return min((max((moment - now).total_seconds(), 0.0) for moment in moments if moment is not None), default=None)

    @changing
    def fetch(
        self,
        subscriptions: Sequence[Subscription],
        *,
        since: date | None = None,
        until: date | None = None,
        cancelled: Cancelled = never,
    ) -> Progress:
        """Fetch subscriptions now, whether or not they are due: a generator of progress that returns the report.

        ``since`` and ``until`` are the days of which pages are fetched; without ``since``, what came since the last
        fetch. Pages stored before ``cancelled`` said yes stay. Raises :class:`ReaderError` for days in the wrong order
        or a first one to come, :class:`~reader.domain.errors.LibraryBusyError` if another process fetches.
        """
        today = max(self._today(), self._store.today())  # whoever is east of Greenwich is ahead of it
        if since is not None and until is not None and since > until:
            raise ReaderError(f"The first day, {since}, is after the last, {until}. Exchange them.")
        if since is not None and since > today:
            raise ReaderError(f"The first day, {since}, is still to come. Choose one up to today, {today}.")
        turn = FetchTurn(self._store.path.parent, self._store.program)
        turn.acquire()
        try:
            return (yield from self._fetch(subscriptions, since, until, cancelled))
        finally:
            turn.release()

    @changing
    def fetch_first(self, subscription: Subscription, *, cancelled: Cancelled = never) -> Progress:
        """Fetch a new subscription, as :meth:`fetch` does; of pages by day the newest with papers.

        There are none yet early in the morning, and none at weekends.
        """
        today = self._today()
        goes_back = (subscription.kind, subscription.argument) == (SubscriptionKind.DAILY, "day")
        report = FetchReport()
        for day in (today - timedelta(days=number) for number in range(_DAYS_BACK if goes_back else 1)):
            span = {"since": day, "until": day} if goes_back else {}
            found = yield from self.fetch([subscription], **span, cancelled=cancelled)
            report = FetchReport((*report.pages, *found.pages), found.cancelled)
            if found.cancelled or found.failed or any(page.file.papers for page in found.pages):
                break
        return report

    @changing
    def fetch_due(self, *, cancelled: Cancelled = never) -> Progress:
        """Fetch what is due, as :meth:`fetch` does; nothing if another process fetches."""
        turn = FetchTurn(self._store.path.parent, self._store.program)
        due = self.due()
        if not due or not turn.try_acquire():
            return FetchReport()
        try:
            return (yield from self._fetch(self.due(), None, None, cancelled))  # another may just have fetched
        finally:
            turn.release()

    def _today(self) -> date:
        """The present day of the services, whose days are those of UTC."""
        return self._store.clock().astimezone(UTC).date()

    def _fetch(
        self,
        subscriptions: Sequence[Subscription],
        since: date | None,
        until: date | None,
        cancelled: Cancelled,
    ) -> Progress:
        from reader.services.subscriptions.fetch import Fetcher, FetchOptions

        with calling(self._store, cancelled, self.make_client) as client:
            fetcher = Fetcher(self._store, self._sources, client, FetchOptions(since, until, cancelled))
            report = yield from fetcher.fetch(subscriptions)
        if any(page.file.error is None and not page.unchanged for page in report.pages):
            self._mutes.refresh()
        return report


def _next_try(subscription: Subscription, checks: dict[int, SubscriptionCheck], now: datetime) -> str | None:
    moment = schedule.next_try(subscription, checks.get(subscription.id, schedule.NEVER_FETCHED), now)
    return None if moment is None else iso_time(moment)
