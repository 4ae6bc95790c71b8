"""Subscriptions in words: what is fetched, from where, when, and what came of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from reader.domain.reports import FetchReport, PageReport
from reader.domain.subscriptions import Subscription, SubscriptionKind, SubscriptionStatus, shown_argument
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined

NONE_YET = "No subscriptions yet: {go.subscriptions} adds one"
_SHOWN = 120
_NAME_LIMIT = 60
_SERVICES = {
    SubscriptionKind.DAILY: "Hugging Face",
    SubscriptionKind.SEARCH: "Hugging Face",
    SubscriptionKind.ARXIV: "announcements",
    SubscriptionKind.QUERY: "arXiv’s search",
    SubscriptionKind.FEED: "feed",
}
_SPANS = {"day": "of the day", "week": "of the week", "month": "of the month"}


def source_words(kind: SubscriptionKind, argument: str) -> str:
    """What a subscription fetches: ``arXiv categories cs.CL, cs.LG``."""
    shown = shown_line(shown_argument(kind, argument), _SHOWN)
    if kind is SubscriptionKind.DAILY:
        return f"Hugging Face’s Daily Papers {_SPANS.get(argument, shown)}"
    if kind is SubscriptionKind.ARXIV:
        categories, _, announced = shown.partition(" ")
        many = "categories" if "+" in categories else "category"
        kinds = f" ({announced.replace(',', ', ')})" if announced else ""
        return f"arXiv {many} {categories.replace('+', ', ')}{kinds}"
    name = {SubscriptionKind.SEARCH: "Hugging Face search", SubscriptionKind.QUERY: "arXiv query"}.get(kind, "Feed")
    return f"{name}: {shown}"


def beside_name(subscription: Subscription) -> str:
    """What a subscription fetches, as far as its name does not say it."""
    kind, name = subscription.kind, subscription.name.casefold()
    says = re.sub(r"[+]|\b(?:AND|all:)|^https?://", " ", shown_argument(kind, subscription.argument)).casefold().split()
    if kind is SubscriptionKind.DAILY or all(word in name for word in says):
        return _SERVICES[kind]
    return source_words(kind, subscription.argument)


def hosts_words(hosts: Sequence[str]) -> str:
    """Whom a subscription calls: ``Calls rss.arxiv.org and arxiv.org``."""
    *first, last = hosts
    return f"Calls {', '.join(first)} and {last}" if first else f"Calls {last}"


def every_words(hours: int) -> str:
    """How often a subscription is fetched."""
    if hours == 0:
        return "only when asked"
    if hours % 24 == 0:
        return "every day" if hours == 24 else f"every {hours // 24:,} days"
    return "every hour" if hours == 1 else f"every {hours:,} hours"


def shown_moment(moment: str, now: datetime) -> str:
    """A moment (ISO 8601) near the present where the user is: ``07:30``, ``yesterday 07:30``, ``Nov 3, 07:30``."""
    here, today = datetime.fromisoformat(moment).astimezone(now.tzinfo), now.date()
    time = f"{here:%H:%M}"
    near = {today: "", today - timedelta(days=1): "yesterday ", today + timedelta(days=1): "tomorrow "}
    return f"{near[here.date()]}{time}" if here.date() in near else f"{here:%b} {here.day}, {time}"


def next_words(status: SubscriptionStatus, now: datetime) -> str:
    """When a subscription is fetched next by itself; empty if it is not."""
    if status.next_try is None:
        return ""
    is_due = datetime.fromisoformat(status.next_try) <= now
    return "next: now" if is_due else f"next {shown_moment(status.next_try, now)}"


def status_line(status: SubscriptionStatus, now: datetime) -> str:
    """The state of a subscription on a line; what went wrong comes first."""
    if status.error:
        return trouble_words(status, now)
    last = f"fetched {shown_moment(status.last_fetched, now)}" if status.last_fetched else "not fetched yet"
    return joined((last, every_words(status.subscription.every), next_words(status, now)))


def trouble_words(status: SubscriptionStatus, now: datetime) -> str:
    """What went wrong the last time, and when the next try is."""
    return f"{shown_line(status.error, 300)}{_next_try(status.next_try, now)}" if status.error else ""


def _next_try(moment: str | None, now: datetime) -> str:
    return f" Next try {shown_moment(moment, now)}." if moment else ""


def new_words(status: SubscriptionStatus) -> str:
    """The number of papers that are new; empty for none."""
    return f"{status.new:,} new" if status.new else ""


def quoted(subscription: Subscription) -> str:
    """A subscription's name in quotation marks."""
    return f"“{shown_line(subscription.name, _NAME_LIMIT)}”"


def fetched_words(report: FetchReport) -> str:
    """What a fetch brought, in a sentence or two; empty if it brought nothing."""
    fresh = fresh_pages(report)
    if not fresh:
        return ""
    names = list(dict.fromkeys(page.subscription for page in fresh))
    who = f"“{shown_line(names[0], _NAME_LIMIT)}”" if len(names) == 1 else counted(len(names), "subscription")
    new, updated = (sum(getattr(page.file, name) for page in fresh) for name in ("new", "updated"))
    counts = [counted(new, "new paper")] if new or not updated else []
    counts += [f"{updated:,} updated"] if updated else []
    notes = " ".join(dict.fromkeys(page.note for page in fresh if page.note))
    problems = sum(len(page.file.problems) for page in fresh)
    rest = [notes, f"{counted(problems, 'problem')}." if problems else ""]
    return " ".join(part for part in (f"Fetched {who}: {', '.join(counts)}.", *rest) if part)


def failed_words(report: FetchReport, now: datetime) -> str:
    """What could not be fetched, in a sentence; empty if all was."""
    failed = {page.subscription: page for page in reversed(report.pages) if page.file.error is not None}
    if not failed:
        return ""
    if len(failed) == 1:
        ((name, page),) = failed.items()
        error = shown_line(page.file.error or "", 240)
        return f"{shown_line(name, _NAME_LIMIT)}: {error}{_next_try(page.next_try, now)}"
    return f"{counted(len(failed), 'subscription')} could not be fetched: {{go.subscriptions}} shows why"


def fresh_pages(report: FetchReport) -> list[PageReport]:
    """The pages that a fetch brought, or found changed."""
    return [page for page in report.pages if page.file.error is None and not page.unchanged and page.file.listing_id]
