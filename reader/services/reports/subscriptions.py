"""What the commands on subscriptions print: JSON for scripts and text for people, both without secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reader.domain.numerals import counted
from reader.domain.reports import FetchReport, PageReport
from reader.domain.subscriptions import SubscriptionStatus, shown_argument
from reader.services.latex_to_unicode import shown_line
from reader.services.reports import papers as imports
from reader.services.reports.papers import page_as_json

NO_SUBSCRIPTIONS = "There are no subscriptions. “lectern subscribe” adds one."


def status_as_json(status: SubscriptionStatus) -> dict[str, Any]:
    """A subscription as ``lectern subscriptions --json`` prints it."""
    subscription = status.subscription
    return {
        "name": subscription.name,
        "kind": subscription.kind.value,
        "argument": shown_argument(subscription.kind, subscription.argument),
        "last_fetched": status.last_fetched,
        "next": status.next_try,
        "new": status.new,
        "error": status.error or None,
        "every": subscription.every,
    }


def status_as_line(status: SubscriptionStatus) -> str:
    """A subscription on one line of a terminal, what is wrong with it below."""
    subscription = status.subscription
    argument = shown_line(shown_argument(subscription.kind, subscription.argument))
    fetched = f"fetched {shown_time(status.last_fetched)}" if status.last_fetched else "never fetched"
    line = f"{shown_line(subscription.name)}  ({subscription.kind.value} {argument}): {status.new:,} new, {fetched}"
    next_try = f", next {shown_time(status.next_try)}" if status.next_try else ""
    return f"{line}{next_try}" + (f"\n    {shown_line(status.error)}" if status.error else "")


def fetch_report_as_json(report: FetchReport) -> dict[str, Any]:
    """A fetch's report as ``lectern fetch --json`` prints it: that of an import, with what is known of each page."""
    said = imports.import_report_as_json(report.as_import)
    files = zip(report.pages, said["files"], strict=True)
    said["files"] = [file | _fetched_as_json(page) for page, file in files]
    said["totals"]["unchanged"] = sum(page.unchanged for page in report.pages)
    return said


def _fetched_as_json(page: PageReport) -> dict[str, Any]:
    return {
        "subscription": page.subscription,
        "page": page_as_json(page.page),
        "unchanged": page.unchanged,
        "note": page.note or None,
        "next": page.next_try,
    }


def fetch_report_as_text(report: FetchReport) -> str:
    """A fetch's report for a person: a line for each page that says something, and the sum."""
    lines = [_as_line(page) for page in report.pages if not _is_quiet(page)]
    quiet = [page for page in report.pages if _is_quiet(page)]
    unchanged = sum(page.unchanged for page in quiet)
    for number, said in ((unchanged, "unchanged"), (len(quiet) - unchanged, "without papers")):
        if number:
            lines.append(f"{counted(number, 'page')} {said}")
    return "\n".join([*lines, imports.import_report_as_text(report.as_import).splitlines()[-1]])


def _is_quiet(page: PageReport) -> bool:
    """Whether there is nothing to say about a page."""
    return page.file.error is None and not page.note and (page.unchanged or not page.file.papers)


def _as_line(page: PageReport) -> str:
    file, name = page.file, shown_line(f"{page.subscription} {page.page.page if page.page else ''}".strip())
    note = f" {shown_line(page.note)}" if page.note else ""
    if file.error is not None:
        next_try = f" Next try: {shown_time(page.next_try)} at the earliest." if page.next_try else ""
        return f"{name}: {shown_line(file.error)}{next_try}{note}"
    counts = f"{counted(file.papers, 'paper')}, {file.new:,} new, {file.updated:,} updated, {file.known:,} known"
    problems = f", {counted(len(file.problems), 'problem')}" if file.problems else ""
    return f"{name}: {'unchanged' if page.unchanged else counts}{problems}{'.' if note else ''}{note}"


def shown_time(time: str | None) -> str:
    """A time (ISO 8601, UTC) as the clock of the user shows it; empty for none."""
    return "" if time is None else f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
