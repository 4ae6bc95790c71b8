"""Fetching subscriptions: their pages are planned, fetched one after another, and stored as they come.

While a page is stored, the next one is on its way; its host still gets one request at a time.

A page that fails leaves nothing behind; the others of its subscription are still fetched, unless the server asks for a
pause or several fail in a row. What a subscription brings in one run is one step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import partial
from typing import TypeVar

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import FetchError, LibraryError, ReaderError, WorkCancelledError
from reader.domain.reports import FetchReport, FileReport, ImportProgress, PageReport
from reader.domain.subscriptions import PageName, Subscription, SubscriptionKind
from reader.services.imports.parser import ListingParser
from reader.services.imports.source_archive import SourceArchive
from reader.services.subscriptions import schedule
from reader.services.subscriptions.page_store import PageStore
from reader.storage.page_checks import PageCheck
from reader.storage.store import LibraryStore
from reader.storage.subscriptions import SubscriptionCheck
from reader.web.client import Client
from reader.web.kind import FetchedPage
from reader.web.registry import kind_of

Value = TypeVar("Value")
Progress = Generator[ImportProgress, None, FetchReport]
_MOST_FAILURES = 3
"""Failures in a row after which the other pages of a subscription wait for the next time."""


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What to fetch: the days of which pages are fetched (both included), and a look whether to go on.

    Without ``since`` it is what came since the last fetch; of searches, queries and feeds, what they have now.
    """

    since: date | None = None
    until: date | None = None
    cancelled: Cancelled = never


@dataclass(frozen=True, slots=True)
class _Plan:
    """The pages to fetch of a subscription, or why there are none."""

    subscription: Subscription
    pages: Sequence[PageName] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page that was asked for: what the library knew of it then, and the answer to come."""

    page: PageName
    known: PageCheck | None
    answer: Future[FetchedPage | None]


class Fetcher:
    """Fetches subscriptions of one library."""

    def __init__(self, store: LibraryStore, sources: SourceArchive, client: Client, options: FetchOptions) -> None:
        self._store, self._sources, self._client, self._options = store, sources, client, options
        self._today = store.clock().astimezone(UTC).date()
        self._checks = store.subscriptions.checks()
        self._done = self._total = self._papers = 0
        self._reports: list[PageReport] = []

    def fetch(self, subscriptions: Sequence[Subscription]) -> Progress:
        """Fetch them one after another; yields before each page and returns the report."""
        plans = [self._plan(subscription) for subscription in subscriptions]
        self._total = sum(len(plan.pages) for plan in plans)
        is_cancelled = False
        with ListingParser(today=self._today) as parser:
            try:
                for plan in plans:
                    yield from self._fetch_subscription(plan, parser)
            except WorkCancelledError:
                is_cancelled = True
        yield ImportProgress(self._total, self._total, self._papers, "")
        return FetchReport(tuple(self._reports), is_cancelled)

    def _plan(self, subscription: Subscription) -> _Plan:
        try:
            kind = kind_of(subscription.kind)
            pages = kind.pages(subscription.argument, self._since(subscription), self._options.until, self._today)
        except ReaderError as error:
            return _Plan(subscription, error=str(error))
        return _Plan(subscription, pages)

    def _since(self, subscription: Subscription) -> date | None:
        """The first day to fetch: the one asked for, else of pages that are days that of the last fetch."""
        if self._options.since is not None or subscription.kind is not SubscriptionKind.DAILY:
            return self._options.since and min(self._options.since, self._today)
        since = schedule.first_day(self._check(subscription), self._today)
        return min(since, self._options.until or since)

    def _check(self, subscription: Subscription) -> SubscriptionCheck:
        return self._checks.get(subscription.id, schedule.NEVER_FETCHED)

    def _fetch_subscription(self, plan: _Plan, parser: ListingParser) -> Generator[ImportProgress]:
        """Fetch the pages of one subscription, and note how that went."""
        storing = PageStore(self._store, self._sources, parser, plan.subscription, self._options.cancelled)
        failures = _Failures()
        begun = len(self._reports)
        if plan.error:
            self._reports.append(_failed(plan.subscription, None, plan.error))
            failures.add(ReaderError(plan.error))
        coming: _Asked | None = None
        for page, following in zip(plan.pages, (*plan.pages[1:], None), strict=True):
            yield ImportProgress(self._done, self._total, self._papers, _label(plan.subscription, page))
            if self._options.cancelled():
                raise WorkCancelledError
            self._done += 1
            if failures.are_enough:
                failures.left_out += 1
                continue
            try:
                asked, coming = coming or self._ask_for(page), None
                fetched = asked.answer.result()
                coming = self._ask_for(following) if following is not None else None
                report = self._store_page(asked, fetched, storing)
            except (LibraryError, WorkCancelledError):
                raise
            except ReaderError as error:
                failures.add(error)
                report = _failed(plan.subscription, page, str(error))
            else:
                failures.end_row()
            self._reports.append(report)
            self._papers += report.file.papers
        self._note(plan, failures, begun)

    def _ask_for(self, page: PageName) -> _Asked:
        """Fetch a page on a thread of its own, so that the one before is stored meanwhile."""
        known = self._store.page_checks.usable(page)
        validators = known.validators if known is not None else ""
        last = "" if page.page else self._store.page_checks.newest_page(page.kind, page.argument)
        kind = kind_of(page.kind)
        fetch = partial(kind.fetch, self._client, page, validators, today=self._today, last=last)
        return _Asked(page, known, _begin(fetch))

    def _store_page(self, asked: _Asked, fetched: FetchedPage | None, storing: PageStore) -> PageReport:
        """Store a page, or pass over one that is as before; raises :class:`ReaderError` for one that is not read."""
        page = asked.page
        if fetched is None:
            return storing.pass_over(page, asked.known, next(iter(kind_of(page.kind).addresses(page.argument)), ""))
        return storing.take(page, asked.known, fetched)

    def _leaves_out_days(self, plan: _Plan, before: SubscriptionCheck) -> bool:
        """Whether days since that of the last fetch are not among those that were fetched now."""
        first, subscription = schedule.first_day(before, self._today), plan.subscription
        if subscription.kind is not SubscriptionKind.DAILY or before.last_fetched is None or first >= self._today:
            return False
        missed = kind_of(subscription.kind).pages(subscription.argument, first, None, self._today)
        return not set(missed) <= set(plan.pages)

    def _note(self, plan: _Plan, failures: _Failures, begun: int) -> None:
        """Note the outcome of a subscription, whose reports begin at ``begun``."""
        subscription = plan.subscription
        now, before = self._store.clock(), self._check(subscription)
        if not failures.first:
            check = schedule.after_success(now)
            if self._leaves_out_days(plan, before):  # which the next fetch is to find from the same day on
                check = check._replace(last_fetched=before.last_fetched)
            self._store.subscriptions.note_check(subscription.id, check)
            return
        check = schedule.after_failure(before, failures.first, failures.wait, now)
        self._store.subscriptions.note_check(subscription.id, check)
        if failures.left_out:
            pages = "1 more page waits" if failures.left_out == 1 else f"{failures.left_out:,} more pages wait"
            self._reports[-1] = replace(self._reports[-1], note=f"{pages} for the next fetch.")
        if next_try := check.next_try if subscription.every else schedule.allowed(failures.wait, now):
            for place in range(begun, len(self._reports)):
                if self._reports[place].file.error is not None:
                    self._reports[place] = replace(self._reports[place], next_try=next_try)


def _begin(call: Callable[[], Value]) -> Future[Value]:
    """What a function returns or raises, called at once on a thread that ends with the program."""
    future: Future[Value] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # raised where it is waited for
            future.set_exception(error)

    threading.Thread(target=run, name="lectern-fetch-ahead", daemon=True).start()
    return future


class _Failures:
    """The failures of one subscription in one run: the first sentence, and the longest wait that a server asked for."""

    def __init__(self) -> None:
        self.first = ""
        self.wait: float | None = None
        self.left_out = 0
        """The pages that were not asked for."""
        self._in_a_row = 0

    @property
    def are_enough(self) -> bool:
        """Whether no other page should be tried now."""
        return self.wait is not None or self._in_a_row >= _MOST_FAILURES

    def add(self, error: ReaderError) -> None:
        """Count a failure."""
        self.first = self.first or str(error)
        self._in_a_row += 1
        if isinstance(error, FetchError) and error.retry_at is not None:
            self.wait = max(self.wait or 0.0, error.retry_at)

    def end_row(self) -> None:
        """Count a success."""
        self._in_a_row = 0


def _failed(subscription: Subscription, page: PageName | None, error: str) -> PageReport:
    """The report of a page that could not be fetched or read."""
    return PageReport(subscription.name, page, FileReport(_label(subscription, page), error=error))


def _label(subscription: Subscription, page: PageName | None) -> str:
    """What a page is called while it is fetched."""
    return f"{subscription.name} {page.page if page is not None else ''}".strip()
