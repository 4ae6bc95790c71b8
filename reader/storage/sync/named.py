"""Cells of saved searches, mute rules and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from reader.domain.annotations import fold_tag
from reader.domain.subscriptions import LONGEST_EVERY, SubscriptionKind
from reader.domain.sync import Json
from reader.storage.named_rows import MAXIMUM_NAME_LENGTH
from reader.storage.subscriptions import numbered_name
from reader.storage.sync.labels import spread_positions
from reader.storage.sync.named_rows import NamedRows, Row, Values
from reader.storage.sync.values import as_number, as_text, as_time, uid_of_text

_LAST = 2**31


def _uid(row: Row) -> str:
    """The uid of what has a name and a query: made of both as they were at first."""
    return uid_of_text(f"{row['name']}\x00{row['query']}")


def _name(value: Json, otherwise: str) -> str:
    return " ".join((as_text(value) or "").split())[:MAXIMUM_NAME_LENGTH] or otherwise


class Searches(NamedRows):
    """Saved searches."""

    tables: tuple[str, ...] = ("saved_searches",)
    fields: tuple[str, ...] = ("search", "name", "query", "sort", "position", "number")
    kinds: tuple[str, ...] = ("search",)
    kind = "search"
    table = "saved_searches"
    count = "searches"
    settled = ("position", "number")
    columns: ClassVar = {"name": "name", "query": "query", "sort": "sort", "position": "position", "number": "number"}

    def first_uid(self, row: Row) -> str:
        """Made of name and query."""
        return _uid(row)

    def row_of(self, uid: str, values: Values) -> Row:
        """A saved search's columns."""
        row: Row = {"name": _name(values["name"], "Search"), "query": as_text(values["query"]) or ""}
        position = as_number(values["position"])
        row |= {"sort": as_text(values["sort"]) or "", "position": _LAST if position is None else position}
        return row | {"number": values["number"] if values["number"] in range(1, 10) else None}

    def settle(self, rows: Mapping[str, Row]) -> None:
        """A number that two want: the smaller uid keeps it. Positions without two of one."""
        taken = set()
        for row in rows.values():
            if row["number"] in taken:
                row["number"] = None
            taken.add(row["number"])
        spread_positions(rows)


class Rules(NamedRows):
    """Mute rules."""

    tables: tuple[str, ...] = ("mute_rules",)
    fields: tuple[str, ...] = ("rule", "name", "query", "enabled")
    kinds: tuple[str, ...] = ("rule",)
    kind = "rule"
    table = "mute_rules"
    count = "rules"
    columns: ClassVar = {"name": "name", "query": "query", "enabled": "enabled"}

    def first_uid(self, row: Row) -> str:
        """Made of name and query."""
        return _uid(row)

    def row_of(self, uid: str, values: Values) -> Row:
        """A mute rule's columns."""
        row: Row = {"name": _name(values["name"], "Muted"), "query": as_text(values["query"]) or ""}
        return row | {"enabled": int(values["enabled"] != 0)}


class Subscriptions(NamedRows):
    """Subscriptions. What arrives has no times of fetches, so it is due at once."""

    tables: tuple[str, ...] = ("subscriptions",)
    fields: tuple[str, ...] = ("subscription", "name", "every")
    kinds: tuple[str, ...] = ("subscription",)
    kind = "subscription"
    table = "subscriptions"
    count = "subscriptions"
    settled = ("name",)
    columns: ClassVar = {"name": "name", "every": "every"}
    comes_back = True
    created = "created"

    def first_uid(self, row: Row) -> str:
        """Kind and argument, which only one subscription has."""
        return f"{row['kind']}/{row['argument']}"

    def stands(self, uid: str, values: Values) -> bool:
        """Also, its source is of a kind that this version knows."""
        kind, _, argument = uid.partition("#")[0].partition("/")
        return values["subscription"] is not None and kind in set(SubscriptionKind) and bool(argument)

    def row_of(self, uid: str, values: Values) -> Row:
        """A subscription's columns."""
        kind, _, argument = uid.partition("/")
        name = _name(values["name"], "Subscription")
        every = as_number(values["every"])
        row: Row = {"name": name, "fold": fold_tag(name), "kind": kind, "argument": argument}
        row |= {"every": every if every is not None and 0 <= every <= LONGEST_EVERY else 0}
        return row | {"created": as_time(values["subscription"]) or as_time(0)}

    def settle(self, rows: Mapping[str, Row]) -> None:
        """A name that two want: the smaller uid keeps it, the other gets a number behind it."""
        taken: set[str] = set()
        for row in rows.values():
            row["name"] = numbered_name(row["name"], taken)
            row["fold"] = fold_tag(row["name"])
            taken.add(row["fold"])
