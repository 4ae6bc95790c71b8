"""A saved Daily Papers page (a day, a week, a month, a search, trending) as HTML.

The page carries its data as HTML-escaped JSON in ``<div … data-target="DailyPapers" data-props="…">``, which is read
like the API's answer (:mod:`reader.formats.daily_papers`). Where it is missing or damaged, the cards themselves are
read (:mod:`reader.formats.article_cards`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import ParsedListing
from reader.formats.article_cards import tally_cards
from reader.formats.daily_papers import PageData, common_day, find_page_data, tally_entries
from reader.formats.format import Format
from reader.formats.html_document import DOCUMENT, attribute, open_document
from reader.formats.json_reader import load_json
from reader.formats.page import query_of
from reader.formats.text_decoder import Head

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_NAME = "html"
_PAGE_DATE = re.compile(r"/papers/(?:date|month)/(\d{4}-\d{2}(?:-\d{2})?)/?")


def detect(head: Head) -> float:
    """How much a file looks like a page of the site: an HTML document, and what in it names the site's papers."""
    if head.text.lstrip().startswith("<") and 'data-target="DailyPapers"' in head.text:
        return 1.0
    if not DOCUMENT.match(head.text):
        return 0.0
    return 0.9 if "huggingface.co/papers" in head.text or 'href="/papers' in head.text else 0.5


def parse(data: bytes) -> ParsedListing:
    """Read a saved page; raises :class:`ParseError` if it has too many elements to be one."""
    document = open_document(data)
    page, source_url = _page_data(document.tree), document.source_url
    tally = tally_entries(page, len(document.text)) if page is not None else tally_cards(document.tree)
    return tally.listing(
        _NAME,
        document.decoded,
        heading=_heading(page, source_url),
        query=(page.query if page is not None else None) or query_of(source_url or ""),
        source_url=source_url,
    )


def _page_data(tree: LexborHTMLParser) -> PageData | None:
    """The page's data; None where no element carries a list of papers that can be read."""
    nodes = tree.css("[data-props]")
    nodes.sort(key=lambda node: node.attributes.get("data-target") != "DailyPapers")
    for node in nodes:
        props = attribute(node, "data-props")
        if '"dailyPapers"' not in props and '"searchResults"' not in props:
            continue
        try:
            page = find_page_data(load_json(props))
        except ParseError:
            continue
        if page is not None and (page.entries or page.others):
            return page
    return None


def _heading(page: PageData | None, source_url: str | None) -> PartialDate | None:
    """The page's date: its data's own, else the day in its address, else the day all its papers were submitted."""
    if page is not None and page.heading is not None:
        return page.heading
    match = _PAGE_DATE.search(source_url or "")
    if match:
        return PartialDate.parse_iso(match[1])
    return common_day(page) if page is not None else None


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="a Daily Papers page as HTML",
    sign="a paper is a card that links its page",
)
