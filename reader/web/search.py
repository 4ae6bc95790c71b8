"""Hugging Face's search for papers.

Source: ``GET /api/papers/search`` of https://huggingface.co/.well-known/openapi.json with ``q`` and ``limit`` (120 at
most); there are no further pages. A search has one page, which is brought up to date: papers that it no longer finds
keep their place in the listing, and what is new in the listing is what the search newly finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from reader.domain.errors import ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.web.addresses import hugging_face
from reader.web.client import Client
from reader.web.kind import FetchedPage
from reader.web.paging import Source, fetch_answers
from reader.web.paper_json import JSON, check_papers, joined

_LIMIT = 120
_LONGEST = 250


class Search:
    """The kind; its argument is the words."""

    kind = SubscriptionKind.SEARCH

    def canonical(self, argument: str) -> str:
        """The words, with single blanks between them."""
        words = " ".join(argument.split())
        if not words:
            raise ReaderError("A search needs words to search for.")
        if len(words) > _LONGEST:
            raise ReaderError(f"A search has {_LONGEST} characters at most.")
        return words

    def title(self, argument: str) -> str:
        """A name for the subscription."""
        return f"Search: {argument}"

    def addresses(self, argument: str) -> Sequence[str]:
        """The address that is called."""
        return (hugging_face("/api/papers/search"),)

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The only page."""
        return (PageName(self.kind, argument, ""),)

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """What the search finds now."""
        address = hugging_face("/api/papers/search?" + urlencode({"q": name.argument, "limit": _LIMIT}))
        source = Source(lambda got: None if got else address, check_papers, JSON)
        answers = fetch_answers(client, source, validators)
        if answers is None:
            return None
        content, papers = joined(answers.contents)
        return FetchedPage(name, content, "papers-search.json", answers.address, papers, answers.validators)


KIND = Search()
