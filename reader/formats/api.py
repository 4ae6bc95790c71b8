"""The Daily Papers API's answer, saved as a JSON file: a list of entries, or a page's data with that list in it."""

from __future__ import annotations

from reader.domain.errors import ParseError
from reader.domain.records import ParsedListing
from reader.formats.daily_papers import common_day, find_page_data, tally_entries
from reader.formats.format import Format
from reader.formats.json_reader import OWN_MEMBER, load_json, member_names
from reader.formats.text_decoder import Head, decode

_NAME = "api"
_MEMBERS = frozenset({"dailyPapers", "searchResults", "paper", "title", "summary", "authors", "publishedAt", "upvotes"})
_OWN = frozenset({"searchResults", "paper", "publishedAt", "upvotes"})
_SURE = 3


def detect(head: Head) -> float:
    """How much a file looks like the API's answer: JSON with the members that its entries have."""
    names = member_names(head)
    if names is None or OWN_MEMBER in names:
        return 0.0
    found = names & _MEMBERS
    if "dailyPapers" in found or ("title" in found and len(found) >= _SURE and found & _OWN):
        return 1.0
    return 0.5 if found or head.name.lower().endswith(".json") else 0.2


def parse(data: bytes) -> ParsedListing:
    """Read a file of the API; raises :class:`ParseError` if it is no JSON or holds no list of papers."""
    decoded = decode(data)
    page = find_page_data(load_json(decoded.text))
    if page is None:
        raise ParseError(
            "The JSON contains no list of papers; "
            "expected the Daily Papers API's answer, CSL-JSON, or papers with arXiv identifiers or DOIs."
        )
    return tally_entries(page, len(decoded.text)).listing(
        _NAME, decoded, heading=page.heading or common_day(page), query=page.query
    )


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="the JSON of the Daily Papers API",
    sign='a paper has a "title" and an "id"',
)
