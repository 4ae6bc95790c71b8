"""Subscriptions, and what is known of their fetches.

A subscription is an annotation: its changes are steps. When it was last fetched and what its pages were like then is no
step (``subscription_checks``, ``page_checks``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container
from dataclasses import replace
from itertools import chain, count
from typing import NamedTuple

from reader.domain.annotations import fold_tag
from reader.domain.changes import Change, Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.selection import UNSEEN
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.subscriptions import LONGEST_EVERY, Subscription, SubscriptionKind, SubscriptionStatus
from reader.storage.named_rows import checked_name
from reader.storage.subject import Subject, changing, making_step, step
from reader.storage.view_queries import papers_where
from reader.storage.writer import Writer

_LONGEST_GIVEN = 120
_GONE = "This subscription is no longer in the library."
_COLUMNS = "id, name, kind, argument, every, created"
_ALL = f"SELECT {_COLUMNS} FROM subscriptions ORDER BY fold"
_CHECKS = "SELECT subscription_id, last_fetched, next_try, error, failures FROM subscription_checks"
_COUNT_NEW = f"""
SELECT count(*) FROM {papers_where(UNSEEN)} AND p.id IN (
    SELECT s.paper_id FROM listings l CROSS JOIN sightings s ON s.listing_id = l.id
    CROSS JOIN papers q ON q.id = s.paper_id AND q.first_listing_id = l.id
    WHERE l.page_kind = :kind AND l.page_argument = :argument)
"""
_LISTINGS = "SELECT id FROM listings WHERE page_kind = ? AND page_argument = ? ORDER BY page DESC, id DESC"
_NOTE = """
INSERT INTO subscription_checks (subscription_id, last_fetched, next_try, error, failures) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (subscription_id) DO UPDATE SET last_fetched = excluded.last_fetched, next_try = excluded.next_try,
    error = excluded.error, failures = excluded.failures
"""


class SubscriptionCheck(NamedTuple):
    """The outcome of a subscription's last fetch: times (ISO 8601, UTC), a failure's sentence, failures in a row."""

    last_fetched: str | None = None
    next_try: str | None = None
    error: str = ""
    failures: int = 0


class StoredSubscriptions(Subject):
    """The subscriptions in a library."""

    def all(self) -> list[Subscription]:
        """The subscriptions by name."""
        return self._read(read_subscriptions)

    def get(self, subscription_id: int) -> Subscription:
        """One subscription; raises :class:`NotFoundError` if there is none."""
        for each in self.all():
            if each.id == subscription_id:
                return each
        raise NotFoundError(_GONE)

    def named(self, name: str) -> Subscription:
        """The subscription with a name, in whatever case; raises :class:`NotFoundError` if there is none."""
        fold = fold_tag(" ".join(name.split()))
        for each in self.all():
            if fold_tag(each.name) == fold:
                return each
        raise NotFoundError(f"There is no subscription “{name}”; “lectern subscriptions” lists them.")

    def statuses(self) -> list[SubscriptionStatus]:
        """Every subscription with the times of its fetches, its trouble, and the number of its new papers."""
        return self._read(_statuses, self._store.now())

    def listing_ids(self, subscription_id: int) -> list[int]:
        """The listings of a subscription's pages, the newest page first."""
        wanted = self.get(subscription_id)
        return [row[0] for row in self._rows(_LISTINGS, (wanted.kind.value, wanted.argument))]

    def of_source(self, kind: SubscriptionKind, argument: str) -> str | None:
        """The name of the subscription to a source, if there is one."""
        return self._read(_same_source, kind, argument)

    def free_name(self, name: str) -> str:
        """A name that no subscription has: this one, else with a number behind it."""
        return self._read(_numbered_name, name)

    @making_step
    def add(self, kind: SubscriptionKind, argument: str, name: str, every: int) -> tuple[int, StepTitle]:
        """Subscribe to a source, given by its canonical ``argument``; the subscription's id.

        Raises :class:`ReaderError` for a name that another has, or a source that is subscribed to already.
        """
        name = _free_name(self._writer, name)
        known = self.of_source(kind, argument)
        if known is not None:
            raise ReaderError(f"“{known}” is already subscribed to this.")
        made = insert_subscription(self._writer, Subscription(0, name, kind, argument, _checked(every), ""))
        return made, StepKind.SUBSCRIBED(name=name)

    @step
    def rename(self, subscription_id: int, name: str) -> StepTitle:
        """Give a subscription another name, which no other may have."""
        old = _name(self._writer, subscription_id)
        name = _free_name(self._writer, name, subscription_id)
        sql = "UPDATE subscriptions SET name = ?, fold = ? WHERE id = ? AND name <> ?"
        self._writer.execute(sql, (name, fold_tag(name), subscription_id, name))
        return StepKind.SUBSCRIPTION_RENAMED(subscription=old, name=name)

    @step
    def set_every(self, subscription_id: int, hours: int) -> StepTitle:
        """Set the hours between two fetches; 0 fetches only when asked."""
        name = _name(self._writer, subscription_id)
        sql = "UPDATE subscriptions SET every = ? WHERE id = ? AND every <> ?"
        self._writer.execute(sql, (_checked(hours), subscription_id, hours))
        return StepKind.FETCHED_EVERY(name=name, hours=hours) if hours else StepKind.FETCHED_WHEN_ASKED(name=name)

    @step
    def remove(self, subscription_id: int) -> StepTitle:
        """Unsubscribe; what was fetched stays."""
        name = _name(self._writer, subscription_id)
        self._writer.execute("DELETE FROM subscriptions WHERE id = ?", (subscription_id,))
        return StepKind.UNSUBSCRIBED(name=name)

    def checks(self) -> dict[int, SubscriptionCheck]:
        """The outcome of the last fetch of each subscription that was ever fetched."""
        return {row[0]: SubscriptionCheck(*row[1:]) for row in self._rows(_CHECKS)}

    @changing
    def note_check(self, subscription_id: int, check: SubscriptionCheck) -> Change:
        """Record the outcome of a fetch; no step, and no news, since other processes see it as it is (``checks``)."""
        with self._store.unrecorded() as writer:
            writer.execute(_NOTE, (subscription_id, *check))
        return Change.of(Field.SUBSCRIPTIONS)


def read_subscriptions(connection: sqlite3.Connection) -> list[Subscription]:
    """The subscriptions by name."""
    return [_subscription(row) for row in connection.execute(_ALL)]


def insert_subscription(writer: Writer, given: Subscription) -> int:
    """Store a subscription whose name is free; its id."""
    row = {"name": given.name, "fold": fold_tag(given.name), "kind": given.kind.value, "argument": given.argument}
    return writer.insert("subscriptions", row | {"every": given.every, "created": given.created or writer.now})


def take_subscription(writer: Writer, given: Subscription) -> None:
    """Take over a subscription of another library, under another name if its own is taken here."""
    if _same_source(writer.db.conn, given.kind, given.argument) is not None:
        return
    name = _numbered_name(writer.db.conn, given.name)
    insert_subscription(writer, replace(given, id=0, name=name))


def _numbered_name(connection: sqlite3.Connection, name: str) -> str:
    """A name that no subscription has."""
    taken = {row[0] for row in connection.execute("SELECT fold FROM subscriptions")}
    return numbered_name(" ".join(name.split())[:_LONGEST_GIVEN] or "Subscription", taken)


def numbered_name(name: str, taken: Container[str]) -> str:
    """This name, or with a number behind it, such that its fold is not among those taken."""
    names = chain([name], (f"{name} ({number})" for number in count(2)))
    return next(each for each in names if fold_tag(each) not in taken)


def _statuses(connection: sqlite3.Connection, now: str) -> list[SubscriptionStatus]:
    checks = {row[0]: SubscriptionCheck(*row[1:]) for row in connection.execute(_CHECKS)}
    found = []
    for each in read_subscriptions(connection):
        check = checks.get(each.id, SubscriptionCheck())
        parameters = {"kind": each.kind.value, "argument": each.argument, "now": now}
        new = connection.execute(_COUNT_NEW, parameters).fetchone()[0]
        found.append(SubscriptionStatus(each, check.last_fetched, check.next_try, new, check.error))
    return found


def _subscription(row: tuple[int, str, str, str, int, str]) -> Subscription:
    subscription_id, name, kind, argument, every, created = row
    return Subscription(subscription_id, name, SubscriptionKind(kind), argument, every, created)


def _same_source(connection: sqlite3.Connection, kind: SubscriptionKind, argument: str) -> str | None:
    """The name of the subscription to a source, if there is one."""
    sql = "SELECT name FROM subscriptions WHERE kind = ? AND argument = ?"
    row = connection.execute(sql, (kind.value, argument)).fetchone()
    return None if row is None else str(row[0])


def _free_name(writer: Writer, name: str, subscription_id: int = 0) -> str:
    """A name, checked; raises :class:`ReaderError` if another subscription has it."""
    name = checked_name(name)
    sql = "SELECT name FROM subscriptions WHERE fold = ? AND id <> ?"
    if writer.execute(sql, (fold_tag(name), subscription_id)).fetchone() is not None:
        raise ReaderError(f"There is a subscription “{name}” already; choose another name.")
    return name


def _name(writer: Writer, subscription_id: int) -> str:
    """A subscription's name; raises :class:`NotFoundError` if there is none."""
    row = writer.execute("SELECT name FROM subscriptions WHERE id = ?", (subscription_id,)).fetchone()
    if row is None:
        raise NotFoundError(_GONE)
    return str(row[0])


def _checked(hours: int) -> int:
    """A number of hours between fetches; raises :class:`ReaderError` for another."""
    if not 0 <= hours <= LONGEST_EVERY:
        raise ReaderError(f"Give a number of hours from 1 to {LONGEST_EVERY:,}, or 0 to fetch only when asked.")
    return hours
