"""Feeds as text: their entries, their dates, and whether they are whole; what they mean is left to the parsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from reader.domain.dates import PartialDate
from reader.domain.errors import FetchError
from reader.domain.links import is_safe_url
from reader.domain.subscriptions import shown_address
from reader.formats.loose_dates import find_mail_date
from reader.formats.text_decoder import decode
from reader.web.addresses import host_of
from reader.web.answers import Answer, damaged_error, is_web_page, web_page_error

FEED_TYPES = "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9"
ENTRY = re.compile(r"<((?:\w{1,20}:)?(?:item|entry))[\s>]")
_ROOT = re.compile(r"<((?:\w{1,20}:)?(?:feed|rss|RDF))[\s>]")
_DATE = re.compile(
    r"<(?:pubDate|lastBuildDate|updated|published|issued|dc:date|prism:publicationDate)\b[^>]{0,200}>([^<]{4,60})</"
)
_ALTERNATE = re.compile(r"<link\b[^>]{0,500}>", re.IGNORECASE)
_OF_FEED = re.compile(r"application/(?:rss|atom)\+xml", re.IGNORECASE)
_HREF = re.compile(r"""href\s{0,9}=\s{0,9}["']([^"'\s]{1,500})["']""", re.IGNORECASE)


def elements(text: str, opening: re.Pattern[str], closing: str = "") -> list[tuple[int, int]]:
    """Where the elements that ``opening`` finds stand, up to ``closing`` or else the end tag of their own name."""
    found, place = [], 0
    while match := opening.search(text, place):
        end_tag = closing or f"</{match[1]}>"
        end = text.find(end_tag, match.end())
        if end < 0:
            break
        place = end + len(end_tag)
        found.append((match.start(), place))
    return found


def kept_elements(text: str, spans: list[tuple[int, int]], keep: Callable[[str], bool]) -> tuple[str, int]:
    """A text without the elements that are not wanted, and the number of those that stay."""
    pieces, place, count = [], 0, 0
    for start, end in spans:
        if keep(text[start:end]):
            count += 1
            continue
        pieces.append(text[place:start])
        place = end
    return "".join([*pieces, text[place:]]), count


def feed_text(answer: Answer) -> str:
    """The text of an answer; raises :class:`FetchError` if it is not a whole feed."""
    host = host_of(answer.address)
    text = decode(answer.content).text
    if is_web_page(answer.content):
        raise _page_error(text, host)
    root = _ROOT.search(text[:8192])
    if root is None or text.rfind(f"</{root[1]}>") < root.end():
        raise damaged_error(host)
    return text


def check_feed(answer: Answer) -> None:
    """Raise :class:`FetchError` if an answer is not a whole feed."""
    feed_text(answer)


def newest_date(text: str, today: date) -> date:
    """The date of a feed: that of its newest entry, else its own, else today's; never one after today."""
    match = ENTRY.search(text)
    head, entries = (text[: match.start()], text[match.start() :]) if match else (text, "")
    for part in (entries, head):
        days = [day for day in map(day_of, _DATE.findall(part)) if day is not None and day <= today]
        if days:
            return max(days)
    return today


def day_of(shown: str) -> date | None:
    """A complete date in ISO 8601 or as mails write it; None for others."""
    found = PartialDate.parse_iso(shown) or find_mail_date(shown)
    if found is None or found.year is None or found.month is None or found.day is None:
        return None
    return date(found.year, found.month, found.day)


def _page_error(text: str, host: str) -> FetchError:
    """The error for a web page, with the feed that it names, if any."""
    for link in _ALTERNATE.findall(text[:200_000]):
        address = _HREF.search(link)
        if address and _OF_FEED.search(link) and is_safe_url(address[1]):
            shown = shown_address(address[1])
            return FetchError(f"{host} answered with a web page. Subscribe to its feed instead: {shown}")
    return web_page_error(host)
