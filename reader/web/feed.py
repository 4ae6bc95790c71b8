"""Any feed in RSS 1.0, RSS 2.0 or Atom: journals, preprint servers, blogs.

A feed has one page at a time, whose name is the date of its newest entry, so that it is the same page until something
new appears. The address is fetched over https unless http was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlunsplit

from reader.domain.errors import ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind, shown_address
from reader.web.addresses import feed_proxy, split_address
from reader.web.client import Client
from reader.web.feed_text import ENTRY, FEED_TYPES, check_feed, elements, newest_date
from reader.web.kind import FetchedPage
from reader.web.paging import Source, fetch_answers

_SCHEME = re.compile(
    r"(?:feed:(?://)?)?(?:(?P<scheme>[a-z][a-z0-9+.-]{1,20})://)?(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


class Feed:
    """The kind; its argument is an address."""

    kind = SubscriptionKind.FEED

    def canonical(self, argument: str) -> str:
        """The address: with its scheme, host in lower case, without a fragment."""
        match = _SCHEME.fullmatch(argument.strip())
        assert match is not None
        if not match["scheme"] and re.match(r"[a-z][a-z0-9+.-]{0,20}:(?!\d)", match["rest"], re.IGNORECASE):
            raise ReaderError("That is not an address of the web; it should begin with https://.")
        parts = split_address(f"{(match['scheme'] or 'https').lower()}://{match['rest']}")
        host = parts.hostname or ""
        if "…" in argument:
            raise ReaderError("The address is incomplete: its secret part was left out. Paste it from its source.")
        if "." not in host and ":" not in host and host != "localhost":
            raise ReaderError(
                f"“{host}” is not the name of a host; a feed's address looks like https://example.org/feed."
            )
        user, at, place = parts.netloc.rpartition("@")
        return urlunsplit((parts.scheme, user + at + place.lower(), parts.path or "/", parts.query, ""))

    def title(self, argument: str) -> str:
        """A name for the subscription: host and path."""
        parts = split_address(shown_address(argument))
        return ((parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/"))[:80]

    def addresses(self, argument: str) -> Sequence[str]:
        """The address that is called."""
        return (shown_address(argument),)

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The newest page, whose date is not yet known."""
        return (PageName(self.kind, argument, ""),)

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """The feed as it is now."""
        source = Source(lambda got: None if got else name.argument, check_feed, FEED_TYPES, feed_proxy())
        answers = fetch_answers(client, source, validators)
        if answers is None:
            return None
        text = answers.texts()[0]
        page = newest_date(text, today).isoformat()
        host = split_address(name.argument).hostname or "feed"
        return FetchedPage(
            PageName(self.kind, name.argument, page), answers.contents[0], f"{host}-{page}.xml", answers.address,
            len(elements(text, ENTRY)), answers.validators,
        )  # fmt: skip


KIND = Feed()
