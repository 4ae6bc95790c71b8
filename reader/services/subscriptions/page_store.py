"""Storing fetched pages: with the importer's parser and account, each in one transaction, all of a run in one step."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import partial

from reader.domain.cancellation import Cancelled
from reader.domain.dates import PartialDate
from reader.domain.errors import ReaderError, WorkCancelledError
from reader.domain.preparation import ListingHeader, file_digest
from reader.domain.reports import FileReport, PageReport
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.subscriptions import PageName, Subscription
from reader.services.imports.importer import file_report
from reader.services.imports.parser import ListingParser, PreparedFile
from reader.services.imports.source_archive import IncomingFile, SourceArchive
from reader.services.imports.turn import ImportTurn, watched
from reader.storage.page_checks import PageCheck
from reader.storage.store import LibraryStore
from reader.web.kind import FetchedPage

_WEEK = re.compile(r"(\d{4})-W(\d\d)")


class PageStore:
    """Stores the pages of one subscription, fetched in one run."""

    def __init__(
        self,
        store: LibraryStore,
        sources: SourceArchive,
        parser: ListingParser,
        subscription: Subscription,
        cancelled: Cancelled,
    ) -> None:
        self._store, self._sources, self._parser = store, sources, parser
        self._subscription, self._cancelled = subscription, cancelled
        self._turn = ImportTurn(store.path.parent, store.program)
        self._operation = store.begin_operation(self._title(1, 0), "import")
        self._pages = self._papers = 0

    def pass_over(self, asked: PageName, known: PageCheck | None, address: str) -> PageReport:
        """The report of a page whose server says that it is as the library knew it."""
        listing_id, papers = (known.listing_id, known.records) if known is not None else (None, 0)
        return self._unchanged(asked, FileReport(address, listing_id=listing_id, papers=papers, known=papers))

    def take(self, asked: PageName, before: PageCheck | None, fetched: FetchedPage) -> PageReport:
        """Store a page that was fetched; raises :class:`ReaderError`, nothing stored, for one that no format reads."""
        sha256 = file_digest(fetched.content)
        known = self._known_as(fetched.name, sha256) if fetched.papers else None
        if fetched.papers and known is None:
            return self._parse(asked, fetched)
        papers = fetched.papers
        self._store.page_checks.note(asked, sha256, fetched.validators, papers)
        file = FileReport(fetched.address, listing_id=known, papers=papers, known=papers)
        is_known = known is not None or (before is not None and before.records == 0)
        return replace(self._unchanged(fetched.name, file), unchanged=is_known, note=fetched.note)

    def _known_as(self, page: PageName, sha256: str) -> int | None:
        """The listing whose newest bytes these are: that of the page, or of another page with the same bytes."""
        listings = self._store.listings
        listing = listings.of_page(page)
        if listing is None:
            listing = listings.with_sha256(sha256)
            if listing is None or listing.page is None:
                return None
        return listing.id if listings.newest_fetch(listing.id) == sha256 else None

    def _unchanged(self, page: PageName, file: FileReport) -> PageReport:
        listing = self._store.listings.get(file.listing_id) if file.listing_id is not None else None
        if listing is not None:
            file = replace(file, format=listing.format, heading_date=listing.heading_date, already_imported=True)
        return PageReport(self._subscription.name, page, file, unchanged=True)

    def _parse(self, asked: PageName, fetched: FetchedPage) -> PageReport:
        """Read the page as a file is read, and store it."""
        incoming = self._sources.take_bytes(fetched.content, fetched.file_name, self._store.clock().date())
        try:
            prepared = self._parser.parse(incoming)
            header = _header(prepared.header, self._subscription, fetched.name)
            return self._add(asked, fetched, incoming, replace(prepared, header=header))
        except ReaderError as error:
            if isinstance(error, WorkCancelledError):
                self._parser.close()
            raise
        except BaseException:
            # Whatever the child still sends belongs to a page that is given up.
            self._parser.close()
            raise
        finally:
            self._sources.discard(incoming)

    def _add(self, asked: PageName, fetched: FetchedPage, incoming: IncomingFile, prepared: PreparedFile) -> PageReport:
        finish = partial(self._finish, asked, fetched, incoming, prepared.record_count)
        with self._turn.taken(self._cancelled):
            self._store.take_back_unfinished()
            stored = self._store.listings.add(
                prepared.header, watched(prepared.records, self._look), self._operation, page=fetched.name,
                before_commit=finish,
            )  # fmt: skip
        if stored.change:
            self._pages, self._papers = self._pages + 1, self._papers + prepared.record_count
        else:
            newest = self._store.listings.newest_fetch(stored.listing_id) or incoming.sha256
            self._store.page_checks.note(asked, newest, fetched.validators, prepared.record_count)
        file = replace(file_report(fetched.address, prepared), listing_id=stored.listing_id)
        file = replace(file, new=stored.new, updated=stored.updated, known=stored.known)
        file = replace(file, already_imported=not stored.change)
        return PageReport(self._subscription.name, fetched.name, file, not stored.change, fetched.note)

    def _finish(self, asked: PageName, fetched: FetchedPage, incoming: IncomingFile, papers: int) -> None:
        """Within the page's transaction, once all of it is stored: keep its bytes, and what it is the next time."""
        self._operation.title = self._title(self._pages + 1, self._papers + papers)
        self._store.page_checks.note(asked, incoming.sha256, fetched.validators, papers)
        self._sources.keep(incoming)

    def _title(self, pages: int, papers: int) -> StepTitle:
        return StepKind.FETCHED(name=self._subscription.name, pages=pages, papers=papers)

    def _look(self) -> None:
        """Stop if the user cancelled, and give a sign of life to who waits."""
        self._turn.show_life()
        if self._cancelled():
            raise WorkCancelledError


def _header(header: ListingHeader, subscription: Subscription, page: PageName) -> ListingHeader:
    """A page's header: it is called as its subscription is, and of the day that its name says."""
    heading = page_day(page.page)
    is_day = heading is not None and heading.day is not None and _WEEK.fullmatch(page.page) is None
    name = subscription.name if is_day or not page.page else f"{subscription.name} {page.page}"
    if heading is None:
        return replace(header, name=name)
    return replace(header, name=name, heading=heading, heading_date=heading.iso())


def page_day(page: str) -> PartialDate | None:
    """The day or month of a page's name; of a week its Monday, of a span its last day. None if it names none."""
    week = _WEEK.fullmatch(page)
    if week is not None:
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return PartialDate(monday.year, monday.month, monday.day)
    return PartialDate.parse_iso(page.rpartition("/")[2])
