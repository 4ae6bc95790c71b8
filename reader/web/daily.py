"""Daily Papers of a day, a week or a month.

Source: ``GET /api/daily_papers`` of https://huggingface.co/.well-known/openapi.json with ``date`` (``2025-09-18``, not
after today), ``week`` (``2025-W38``) or ``month`` (``2025-04``), ``p`` (from 0), ``limit`` (100 at most, 50 if nothing
is said) and ``sort`` (``publishedAt`` or ``trending``). A day without papers, as most Saturdays and Sundays are, is an
empty list. A server may give fewer entries than were asked for; such limits are round numbers, so that more may follow
an answer of 20, 25 or 100 entries, and nothing follows one of 17. That spares most days a second request.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from reader.domain.errors import ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.web.addresses import hugging_face
from reader.web.answers import Answer
from reader.web.client import Client
from reader.web.kind import FetchedPage
from reader.web.paging import Source, fetch_answers
from reader.web.paper_json import JSON, check_papers, identity_of, joined, papers_of

_LIMIT = 100
_SMALLEST_LIMIT, _ROUND = 10, 5
_MOST_ANSWERS = 200
_SPANS = {"day": "date", "week": "week", "month": "month"}
_TITLES = {"day": "Daily Papers", "week": "Daily Papers by week", "month": "Daily Papers by month"}


class Daily:
    """The kind; its argument is ``day``, ``week`` or ``month``."""

    kind = SubscriptionKind.DAILY

    def canonical(self, argument: str) -> str:
        """The span; a day if nothing is said."""
        span = argument.strip().lower() or "day"
        if span not in _SPANS:
            raise ReaderError(f"Daily Papers come by day, week or month, not by “{argument.strip()}”.")
        return span

    def title(self, argument: str) -> str:
        """A name for the subscription."""
        return _TITLES[argument]

    def addresses(self, argument: str) -> Sequence[str]:
        """The addresses that are called."""
        return (hugging_face("/api/daily_papers"),)

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The days, weeks or months that a span of days touches, none of them after today."""
        last = min(until or today, today)
        first = since or last
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        names = dict.fromkeys(_page(argument, day) for day in days)
        return [PageName(self.kind, argument, name) for name in names]

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """The papers of a day, a week or a month."""
        source = Source(lambda answers: _next_address(name, answers), check_papers, JSON)
        answers = fetch_answers(client, source, validators)
        if answers is None:
            return None
        content, papers = joined(answers.contents)
        file_name = f"daily-papers-{name.page}.json"
        return FetchedPage(name, content, file_name, answers.address, papers, answers.validators)


def _page(span: str, day: date) -> str:
    """The name of the day's page."""
    if span == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return day.isoformat() if span == "day" else f"{day:%Y-%m}"


def _next_address(name: PageName, answers: Sequence[Answer]) -> str | None:
    """The address after these answers; None once one is not full, or has nothing that is new."""
    if answers:
        count = len(papers_of(answers[-1]))
        if count < _SMALLEST_LIMIT or count % _ROUND or len(answers) >= _MOST_ANSWERS:
            return None
        *before, newest = [{identity_of(entry) for entry in papers_of(answer)} for answer in answers]
        if newest <= set().union(*before):
            return None
    span = _SPANS[name.argument]
    return hugging_face(f"/api/daily_papers?{span}={name.page}&p={len(answers)}&limit={_LIMIT}&sort=publishedAt")


def is_page(span: str, page: str) -> bool:
    """Whether a text names a page of that span."""
    patterns = {"day": r"\d{4}-\d\d-\d\d", "week": r"\d{4}-W\d\d", "month": r"\d{4}-\d\d"}
    return re.fullmatch(patterns[span], page) is not None


KIND = Daily()
