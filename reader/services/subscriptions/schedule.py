"""When subscriptions are fetched by themselves.

One time says when a subscription is due, however many were missed meanwhile, so a machine that wakes up fetches once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from reader.domain.subscriptions import Subscription, back_off
from reader.storage.subscriptions import SubscriptionCheck
from reader.storage.writer import iso_time, iso_time_after

MOST_DAYS = 31
"""The days that a fetch goes back by itself after a pause; ``--since`` goes back further."""
_FRIDAY = 4
_LONGEST_WAIT = timedelta(days=8)
NEVER_FETCHED = SubscriptionCheck()


def next_try(subscription: Subscription, check: SubscriptionCheck, now: datetime) -> datetime | None:
    """When a subscription is fetched next by itself; None if it is only fetched when asked.

    A time in the past means now.
    """
    if subscription.every == 0:
        return None
    if check.failures and check.next_try is not None:
        return min(datetime.fromisoformat(check.next_try), now + _LONGEST_WAIT)
    if check.last_fetched is None:
        return now
    last = datetime.fromisoformat(check.last_fetched)
    # A time to come tells that the clock was wrong, then or now.
    return last + timedelta(hours=subscription.every) if last <= now else now


def after_success(now: datetime) -> SubscriptionCheck:
    """The outcome of a fetch without failures."""
    return SubscriptionCheck(iso_time(now))


def after_failure(before: SubscriptionCheck, error: str, wait: float | None, now: datetime) -> SubscriptionCheck:
    """The outcome of a fetch that failed; ``wait`` is the number of seconds that a server asks for, if any.

    One before its time counts as the one before, so that impatience makes no pause longer.
    """
    is_early = before.next_try is not None and before.next_try > iso_time(now)
    failures = before.failures + (not is_early)
    pause = max(back_off(failures), wait or 0.0)
    return SubscriptionCheck(before.last_fetched, iso_time_after(now, pause), error, failures)


def allowed(wait: float | None, now: datetime) -> str | None:
    """The time before which a server wants no request; None if it does not say."""
    return None if wait is None else iso_time_after(now, wait)


def first_day(check: SubscriptionCheck, today: date) -> date:
    """The day from which a fetch catches up: that of the last one, whose page may have grown.

    The first fetch begins on a weekend with Friday, so that it brings papers.
    """
    if check.last_fetched is None:
        return today - timedelta(days=max(today.weekday() - _FRIDAY, 0))
    last = datetime.fromisoformat(check.last_fetched).astimezone(UTC).date()
    return max(min(last, today), today - timedelta(days=MOST_DAYS))
