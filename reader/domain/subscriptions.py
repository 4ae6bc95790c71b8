"""Subscriptions: sources that are fetched again and again, and the identity of a page that is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

LONGEST_EVERY = 24 * 366
"""The most hours between two fetches."""
_FIRST_PAUSE = 5 * 60
_LONGEST_PAUSE = 24 * 3600
_SECRET_NAME = re.compile(
    r"token|key|secret|passw|pwd|auth|signature|credential|session|^(?:pass|sig|sid|hash|code|jwt|user|login)$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{24,}=*")
_HIDDEN = "…"


class SubscriptionKind(StrEnum):
    """The kinds of subscription; each is fetched by the module of that name in ``reader/web``."""

    DAILY = "daily"
    SEARCH = "search"
    ARXIV = "arxiv"
    QUERY = "query"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Subscription:
    """A source that the user wants fetched.

    ``argument`` is the kind's canonical text: ``day``, ``week`` or ``month`` (daily), words (search), categories and
    announcements (arxiv, ``cs.CL+cs.LG new,cross``), arXiv's query language (query), or an address (feed), which may
    hold a secret: print :func:`shown_argument` instead. ``every`` is the number of hours between two fetches; 0 means
    only when asked. ``created`` is an ISO 8601 time.
    """

    id: int
    name: str
    kind: SubscriptionKind
    argument: str
    every: int
    created: str


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """The state of a subscription.

    ``last_fetched`` is the time of the last fetch that succeeded and ``next_try`` that of the next one (ISO 8601), each
    None if there is none. ``new`` counts its papers that are neither seen nor decided. ``error`` is the sentence to
    show beside it; empty if the last fetch succeeded.
    """

    subscription: Subscription
    last_fetched: str | None = None
    next_try: str | None = None
    new: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class PageName:
    """The identity of a page that is fetched, and so of its listing.

    ``page`` says which of the source's pages it is: ``2025-09-18``, ``2025-W38`` or ``2025-04`` (daily), the date of
    the feed (arxiv, feed), and empty for what has one page only (search, query), which is brought up to date; an
    interval ``2025-09-01/2025-09-18`` for a query that is limited to these days.
    """

    kind: str
    argument: str
    page: str


def back_off(failures: int) -> int:
    """The seconds to wait after so many failures in a row: from five minutes, doubled each time, to a day at most."""
    return min(_FIRST_PAUSE << min(max(failures, 1) - 1, 16), _LONGEST_PAUSE)


def shown_argument(kind: str, argument: str) -> str:
    """A subscription's argument without secrets, to print and to show."""
    return shown_address(argument) if kind == SubscriptionKind.FEED else argument


def shown_address(address: str) -> str:
    """An address without what may be a secret: user and password, keys and tokens in its query or its path."""
    try:
        parts = urlsplit(address)
        has_user = "@" in parts.netloc
    except ValueError:
        return _HIDDEN
    path = "/".join(_HIDDEN if _SECRET_VALUE.fullmatch(piece) else piece for piece in parts.path.split("/"))
    host = f"{_HIDDEN}@{parts.netloc.rpartition('@')[2]}" if has_user else parts.netloc
    return urlunsplit((parts.scheme, host, path, _shown_query(parts.query), ""))


def _shown_query(query: str) -> str:
    """A query with its secret values hidden; as it is if it has none."""
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(_is_secret(*pair) for pair in pairs):
        return query
    shown = ((name, _HIDDEN if _is_secret(name, value) else quote(value, safe=",:+/")) for name, value in pairs)
    return "&".join(f"{quote(name)}={value}" for name, value in shown)


def _is_secret(name: str, value: str) -> bool:
    """Whether a member of a query may be a secret, by its name or by its look."""
    return bool(value) and bool(_SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(value))
