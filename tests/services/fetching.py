"""What tests of fetching share: a server's sixty days, and running a fetch to its end."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, timedelta
from pathlib import Path

from reader.domain.reports import FetchReport, ImportProgress
from reader.domain.subscriptions import SubscriptionKind
from reader.services import Library
from tests.storage.support import read_tables
from tests.web.papers import Invented, invent
from tests.web.server import WebServer

FIRST = date(2025, 7, 21)
DAYS = 60
LOOKS = ("subscription_checks", "host_pauses")
"""Tables that say when a subscription was fetched, and for how long a host wants no request."""
Progress = Generator[ImportProgress, None, FetchReport]


def run(progress: Progress) -> FetchReport:
    """Run a fetch to its end."""
    while True:
        try:
            next(progress)
        except StopIteration as end:
            report: FetchReport = end.value
            return report


def day(number: int) -> date:
    """The day of that number, from 0."""
    return FIRST + timedelta(days=number)


def fill_days(server: WebServer, days: int = DAYS, most: int = 12) -> dict[str, list[Invented]]:
    """Give the server so many days, of which weekends are empty; some days need several answers."""
    number = 0
    for place in range(days):
        of_day = day(place)
        count = 0 if of_day.weekday() >= 5 else 130 if place == 3 else 1 + place % most
        server.pages[of_day.isoformat()] = [invent(number + each, of_day) for each in range(count)]
        number += count
    return server.pages


def subscribe_daily(library: Library, every: int = 6) -> int:
    """Subscribe to the papers of each day."""
    made, _ = library.subscriptions.add(SubscriptionKind.DAILY, "day", "Daily Papers", every)
    return made


def fetch_all(library: Library, *, days: int = DAYS) -> FetchReport:
    """Fetch all subscriptions for the server's days."""
    return run(library.subscriptions.fetch(library.subscriptions.all(), since=FIRST, until=day(days - 1)))


def rows(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the library but for when something was looked at."""
    return read_tables(library.folder / "library.db", leave_out=LOOKS)


def kept(folder: Path) -> set[str]:
    """The digests of the files that a library keeps."""
    return {path.name for path in (folder / "sources").glob("??/*")}
