"""What a pasted line subscribes to: a category, a feed's address, a page's or a search's address, or words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.errors import ReaderError
from reader.domain.subscriptions import SubscriptionKind
from reader.web import arxiv
from reader.web.addresses import hugging_face, split_address
from reader.web.query import FIELD
from reader.web.registry import kind_of

_LONGEST = 2_000
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|feed:)\S*", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:/\S*)?", re.IGNORECASE)
_DAILY = re.compile(r"(?:hf |hugging face )?(?:daily(?: papers)?)(?:(?: by)? (?P<span>day|week|month))?", re.IGNORECASE)
_SPANS = {"date": "day", "week": "week", "month": "month"}
_FIELDS = {"title": "ti:", "author": "au:", "abstract": "abs:", "all": ""}


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was understood: the kind, and its canonical argument."""

    kind: SubscriptionKind
    argument: str


def understand(text: str) -> Pasted:
    """What a pasted line subscribes to.

    Raises :class:`~reader.domain.errors.ReaderError` for an empty line and for the address of a single paper.
    """
    line = text.strip()
    if not line or len(line) > _LONGEST:
        raise ReaderError("Paste a category, the address of a feed, of a page or of a search, or words to search for.")
    if match := _DAILY.fullmatch(line):
        return _made(SubscriptionKind.DAILY, match["span"] or "day")
    if _is_categories(line):
        return _made(SubscriptionKind.ARXIV, line)
    if _ADDRESS.fullmatch(line):
        return from_address(line)
    if _BARE_ADDRESS.fullmatch(line) and not line.endswith("."):
        return from_address(f"https://{line}")
    return _made(SubscriptionKind.QUERY if FIELD.search(line) else SubscriptionKind.SEARCH, line)


def _made(kind: SubscriptionKind, argument: str) -> Pasted:
    return Pasted(kind, kind_of(kind).canonical(argument))


def _is_categories(line: str) -> bool:
    """Whether a line names categories of arXiv and nothing else; archives such as “physics” only if alone."""
    words = line.split()
    if len(words) > 1 and not re.search(r"[.\-+]", words[0]):
        return False
    try:
        arxiv.KIND.canonical(line)
    except ReaderError:
        return False
    return True


def from_address(address: str) -> Pasted:
    """What an address subscribes to: what its site shows there, else the feed that it is.

    Raises :class:`~reader.domain.errors.ReaderError` for other texts, and for the address of a single paper.
    """
    canonical = kind_of(SubscriptionKind.FEED).canonical(address)
    parts = split_address(canonical)
    if normalize_arxiv_id(canonical):
        raise ReaderError("That is the address of one paper. Subscriptions are for pages that change.")
    host = (parts.hostname or "").removeprefix("www.")
    for hosts, understood in _sites():
        if host in hosts and (found := understood(parts)) is not None:
            return found
    return Pasted(SubscriptionKind.FEED, canonical)


def _sites() -> list[tuple[set[str], Callable[[SplitResult], Pasted | None]]]:
    """The sites whose pages are known, by their hosts."""
    hugging_face_hosts = {"huggingface.co", "hf.co", urlsplit(hugging_face("/")).hostname or ""}
    return [(hugging_face_hosts, _hugging_face), ({"arxiv.org", "export.arxiv.org", "rss.arxiv.org"}, _arxiv)]


def _hugging_face(parts: SplitResult) -> Pasted | None:
    """A page of papers, of a day, a week or a month, or a search, also as the API's address."""
    asked = _asked(parts)
    path = parts.path.strip("/").removeprefix("api/")
    if path not in {"papers", "papers/search", "daily_papers"} and not path.startswith("papers/"):
        return None
    if words := asked.get("q") or asked.get("search"):
        return _made(SubscriptionKind.SEARCH, words)
    named = path.split("/")[1:2] or [name for name in asked if name in _SPANS]
    return _made(SubscriptionKind.DAILY, _SPANS.get(named[0], "day") if named else "day")


def _arxiv(parts: SplitResult) -> Pasted | None:
    """A listing, a daily feed, a search or a query."""
    asked, (first, *rest) = _asked(parts), parts.path.strip("/").split("/")
    if first in {"list", "rss", "atom", "archive"} and rest and _is_categories(unquote(rest[0])):
        return _made(SubscriptionKind.ARXIV, unquote(rest[0]))
    if first == "search" and asked.get("query"):
        field = _FIELDS.get(asked.get("searchtype", "all"), "")
        words = asked["query"]
        return _made(SubscriptionKind.QUERY, f'{field}"{words}"' if field and " " in words else f"{field}{words}")
    if first == "api" and asked.get("search_query"):
        return _made(SubscriptionKind.QUERY, asked["search_query"])
    return None


def _asked(parts: SplitResult) -> dict[str, str]:
    """The members of an address's query."""
    return {name: values[-1].strip() for name, values in parse_qs(parts.query).items()}
