r"""Feeds: the Atom answer of arXiv's query API, the daily feeds of rss.arxiv.org, and those of publishers.

Sources: https://info.arxiv.org/help/api/user-manual.html (the answer's elements), https://info.arxiv.org/help/rss.html
(``description`` is ``arXiv:2601.1v1 Announce Type: new`` and ``Abstract: …``, ``arxiv:announce_type`` is new, cross,
replace or replace-cross; until 2023 titles ended in ``. (arXiv:2301.1v1 [cs.LG])`` and descriptions were HTML).

Publishers and other preprint servers name authors, date and DOI in Dublin Core and PRISM (``dc:creator``, ``dc:date``,
``prism:doi``: https://www.dublincore.org/specifications/dublin-core/dces/, https://www.w3.org/submissions/2020/SUBM-prism-20200910/)
and write HTML into titles and summaries, which is dropped. Where arXiv answers a query with an error, the feed has one
entry that says so; it is refused with arXiv's sentence.

feedparser reads the feed, from bytes in memory, so it never fetches anything. Before that, expat reads it once: only
well-formed XML without entity declarations and without absurdly long words is handed on, because feedparser's
recovery from broken XML and its search for mail addresses take the square of the text's length. What feedparser mends
on the way (text encoded twice, C1 controls that are cp1252) stays mended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from typing import Any

from reader.domain.arxiv import arxiv_page_url
from reader.domain.doi import normalize_doi
from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import EntryTally, fold_lines
from reader.formats.feed_fields import feed_day, feed_text, other_record
from reader.formats.feed_safety import check_feed
from reader.formats.format import Format
from reader.formats.mentions import code_urls_beside, find_arxiv_id
from reader.formats.people import split_authors
from reader.formats.text_decoder import Head, decode
from reader.formats.xml_reader import as_utf8

_NAME = "arxiv-atom"
_FEED = re.compile(r"<(?:\w{1,20}:)?(?:feed|rss|RDF)[\s>]")
_OF_PAPERS = re.compile(r"<(?:prism:|dc:identifier>\s{0,9}(?:doi:|https?://(?:dx\.)?doi\.org/|10\.))", re.IGNORECASE)
_ANNOUNCEMENT = re.compile(
    r"\s*(?P<id>arXiv:\S{1,60})\s{1,9}Announce Type:\s{0,9}(?P<type>[\w-]{1,30})\s{1,9}Abstract:\s?(?P<abstract>.*)",
    re.DOTALL,
)
_TITLE_WITH_ID = re.compile(r"(?P<title>.{1,2000}?)\.? \((?P<id>arXiv:[^\s()]{1,60})[^()]{0,100}\)", re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_QUERY = re.compile(r"search_query=([^&]{1,2000})")


def detect(head: Head) -> float:
    """How much a file looks like one of arXiv's feeds: a feed's root element, and arXiv named near it."""
    if not head.text.lstrip().startswith("<") or not _FEED.search(head.text[:4096]):
        return 0.0
    if "arxiv" in head.text.lower():
        return 1.0
    return 0.85 if _OF_PAPERS.search(head.text) else 0.5


def parse(data: bytes) -> ParsedListing:
    """Read a feed; raises :class:`ParseError` if it is no well-formed XML, or declares entities."""
    decoded = decode(data)
    source = as_utf8(decoded.text)
    entry_count = check_feed(source)
    feed = _read_feed(source)
    tally = EntryTally().take(feed.get("entries", []), _record, _source)
    for _ in range(entry_count - tally.total):
        tally.add_problem("The entry was not understood.", "")
    about = feed.get("feed", {})
    return tally.listing(
        _NAME,
        decoded,
        heading=feed_day(about, "updated") or feed_day(about, "published"),
        query=_query(feed_text(about, "title")),
        source_url=_self_link(about),
    )


def _read_feed(source: bytes) -> Mapping[str, Any]:
    """What feedparser reads; raises :class:`ParseError` where it fails, in whatever way, on a hostile feed."""
    import feedparser

    try:
        feed: Mapping[str, Any] = feedparser.parse(BytesIO(source), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # its handlers raise all sorts of errors on elements in wrong places
        raise ParseError("The feed cannot be read; fetch it again.") from error
    return feed


def _refuse_error(entry: Mapping[str, Any]) -> None:
    """Raise :class:`ParseError` for the entry by which arXiv says what is wrong with a query."""
    if "arxiv.org/api/errors" in f"{feed_text(entry, 'id')} {feed_text(entry, 'link')}":
        reason = fold_lines(feed_text(entry, "summary")).rstrip(".") or "it does not say which"
        raise ParseError(f"arXiv answered with an error, not papers: {reason}; correct the query and fetch it again.")


def _record(entry: Mapping[str, Any], place: LineRange) -> ListingRecord:
    """One entry as a record; raises :class:`ParseError` for arXiv's own errors."""
    _refuse_error(entry)
    title, named = _title(feed_text(entry, "title"))
    abstract, announced, kind = _abstract(feed_text(entry, "summary"))
    kind = feed_text(entry, "arxiv_announce_type") or kind
    link = feed_text(entry, "link")
    arxiv_id = find_arxiv_id(f"{link} {feed_text(entry, 'id')} {announced} {named}")
    if arxiv_id is None:
        return other_record(entry, place)
    authors, author_count = _authors(entry)
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        authors=authors,
        author_count=author_count,
        published=feed_day(entry, "published") if kind in {"", "new"} else None,
        arxiv_id=arxiv_id,
        url=link if is_safe_url(link) else arxiv_page_url(arxiv_id),
        doi=normalize_doi(feed_text(entry, "arxiv_doi")),
        code_urls=code_urls_beside(abstract, feed_text(entry, "arxiv_comment")),
        categories=_categories(entry),
        is_revision=kind.startswith("replace") and not abstract,
    )


def _title(shown: str) -> tuple[str, str]:
    """A title, and the identifier that old feeds put behind it."""
    shown = fold_lines(shown)
    match = _TITLE_WITH_ID.fullmatch(shown)
    return (match["title"], match["id"]) if match else (shown, "")


def _abstract(summary: str) -> tuple[str, str, str]:
    """A summary's abstract, and the identifier and the kind of announcement that daily feeds put before it."""
    match = _ANNOUNCEMENT.match(summary)
    if match:
        return fold_lines(match["abstract"]), match["id"], match["type"]
    if summary.lstrip().startswith("<p>"):
        summary = unescape(_TAG.sub("", summary))
    return fold_lines(summary), "", ""


def _authors(entry: Mapping[str, Any]) -> tuple[tuple[str, ...], int | None]:
    """The authors: one element each, or (in RSS) all in one, separated by commas and perhaps linked."""
    names = [feed_text(author, "name") for author in entry.get("authors", []) if isinstance(author, Mapping)]
    if len(names) == 1 and ("," in names[0] or "<" in names[0]):
        return split_authors(fold_lines(unescape(_TAG.sub("", names[0]))))
    folded = tuple(name for shown in names if (name := fold_lines(shown)))
    return folded, len(folded) or None


def _categories(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The categories, the primary one first."""
    primary = entry.get("arxiv_primary_category")
    terms = [feed_text(primary, "term")] if isinstance(primary, Mapping) else []
    terms += [feed_text(tag, "term") for tag in entry.get("tags", []) if isinstance(tag, Mapping)]
    return tuple(dict.fromkeys(fold_lines(term) for term in terms if term.strip()))


def _query(title: str) -> str | None:
    """The search in the title of a query's answer (``ArXiv Query: search_query=cat:cs.LG&id_list=…``)."""
    match = _QUERY.search(title)
    return fold_lines(match[1]) or None if match else None


def _self_link(about: Mapping[str, Any]) -> str | None:
    """The feed's own address."""
    for link in about.get("links", []):
        if link.get("rel") == "self" and is_safe_url(feed_text(link, "href")):
            return feed_text(link, "href")
    return None


def _source(entry: Mapping[str, Any]) -> str:
    """What an entry holds, for a problem's text."""
    return "\n".join(f"{key}: {value}" for key, value in entry.items() if isinstance(value, str))


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="a feed",
    sign="a paper is an <entry> or <item> with a <title>",
)
