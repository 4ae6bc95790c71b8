"""arXiv's pages saved as HTML: listings (``/list/cs.CL/new``, ``/recent``, ``/list/cs.CL/2410``) and search results.

A listing is a ``dl``: each ``dt`` links the paper's page and may say "(cross-list from …)" or "(replaced)", the ``dd``
below has ``list-title``, ``list-authors``, ``list-comments``, ``list-subjects`` and, on pages of new papers, a ``p``
with the abstract. A result of a search is a ``li.arxiv-result``. Read from pages of https://arxiv.org/list and
https://arxiv.org/search of 2023 to 2025 and from their templates (github.com/arXiv/arxiv-browse, arxiv-search).

Where a browser saved a page complete, formulas are there as MathJax made them; their LaTeX beside is taken instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reader.domain.arxiv import arxiv_page_url, normalize_arxiv_id
from reader.domain.dates import PartialDate, month_number
from reader.domain.doi import normalize_doi
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import NO_TITLE, BrokenEntryError, EntryTally, fold_lines
from reader.formats.format import Format
from reader.formats.html_document import DOCUMENT, attribute, open_document
from reader.formats.loose_dates import find_mail_date
from reader.formats.mentions import code_urls_beside
from reader.formats.page import query_of
from reader.formats.text_decoder import Head, clean_text, refuse_crumbs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NAME = "arxiv-html"
_LISTING = re.compile(r"arxiv\.org/(?:list|search|catchup)/|<li class=[\"']arxiv-result", re.IGNORECASE)
_ENTRY = re.compile(r"class=[\"'](?:list-title|arxiv-result)[\s\"']")
_MOST_ELEMENTS = 150_000
_CATEGORY = re.compile(r"\(([a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?)\)")
_HEADING_DATE = re.compile(r"(\d{1,2}) ([A-Z][a-z]{2})[a-z]{0,6},? (\d{4})")
_MATHS_AS_MADE = "[class*='MathJax'], [class*='MJX'], mjx-container"
_MADE_CLASSES = {"MathJax", "MathJax_Preview", "MathJax_SVG", "MathJax_Display", "MJX_Assistive_MathML"}
_DESCRIPTOR = re.compile(r"^(?:Title|Authors?|Comments|Subjects|Journal-ref|Abstract)\s?:\s?")
_ENDINGS = re.compile(r"\s*(?:△ Less|▽ More)\s*$")


def detect(head: Head) -> float:
    """How much a file looks like one of arXiv's pages of papers: an HTML document with its address or its entries."""
    if not DOCUMENT.match(head.text) or "arxiv" not in head.text.lower():
        return 0.0
    if _ENTRY.search(head.text):
        return 1.0
    return 0.9 if _LISTING.search(head.text) else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a saved page; raises :class:`ParseError` if it has too many elements to be one."""
    document = open_document(data, most_elements=_MOST_ELEMENTS)
    tree, source_url = document.tree, document.source_url
    _give_back_latex(tree)
    entries = list(_entries(tree))
    refuse_crumbs(len(entries), len(document.text), "entries", least=60)
    tally = EntryTally().take(entries, _record, lambda nodes: "\n".join(map(_text, nodes)))
    return tally.listing(
        _NAME, document.decoded, heading=_heading(tree), query=query_of(source_url or ""), source_url=source_url
    )


def _give_back_latex(tree: LexborHTMLParser) -> None:
    """Put the LaTeX of formulas where a saved page shows what MathJax made of it."""
    for script in tree.css("script"):
        if attribute(script, "type").startswith("math/tex"):
            script.replace_with(f"${script.text(deep=True)}$")
    for made in tree.css(_MATHS_AS_MADE):
        # Names of classes are compared here: on a page without a doctype "mathjax", which titles have, would fit, too.
        if made.tag == "mjx-container" or _MADE_CLASSES.intersection(attribute(made, "class").split()):
            made.decompose()


def _entries(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode | None, LexborNode | None]]:
    """The papers of a page: each ``dt`` with its ``dd``, and each result of a search, which is both in one."""
    term: LexborNode | None = None
    for node in tree.css("dl > dt, dl > dd, li.arxiv-result"):
        if node.tag == "li":
            yield node, node
        elif node.tag == "dt":
            if term is not None:
                yield term, None
            term = node
        elif term is not None or node.css_first(".list-title") is not None:
            yield term, node
            term = None
    if term is not None:
        yield term, None


def _record(nodes: tuple[LexborNode | None, LexborNode | None], place: LineRange) -> ListingRecord:
    """One paper as a record; raises :class:`BrokenEntryError`."""
    term, entry = nodes
    arxiv_id = _identifier(term) if term is not None else None
    if arxiv_id is None:
        raise BrokenEntryError("The entry has no link to a paper.")
    title = _part(entry, "p.title", ".list-title") if entry is not None else ""
    if entry is None or not title:
        raise BrokenEntryError(NO_TITLE)
    abstract = _ENDINGS.sub("", _part(entry, ".abstract-full", "p.abstract", ".meta > p", "p.mathjax:not(.title)"))
    authors = _authors(entry)
    comments = _part(entry, ".list-comments", "p.comments")
    is_replaced = entry is not term and "replaced" in _text(term)
    return ListingRecord(
        title=title,
        abstract=abstract,
        lines=place,
        authors=authors,
        author_count=len(authors) or None,
        published=_submitted(entry),
        arxiv_id=arxiv_id,
        url=arxiv_page_url(arxiv_id),
        doi=_doi(entry),
        code_urls=code_urls_beside(abstract, comments),
        categories=_categories(entry),
        is_revision=is_replaced and not abstract,
    )


def _identifier(term: LexborNode) -> str | None:
    """The arXiv identifier in an entry's links, also relative ones, to a paper's page."""
    identifiers = (attribute(link, "href").partition("/abs/")[2] for link in term.css("a[href]"))
    return next(filter(None, map(normalize_arxiv_id, identifiers)), None)


def _text(node: LexborNode | None) -> str:
    """What a reader sees of a node, on one line."""
    return fold_lines(clean_text(node.text(deep=True))) if node is not None else ""


def _part(entry: LexborNode, *selectors: str) -> str:
    """The first of these parts of an entry, without the word that names it."""
    for selector in selectors:
        node = entry.css_first(selector)
        if node is not None and (shown := _DESCRIPTOR.sub("", " ".join(_text(node).split()))):
            return shown
    return ""


def _authors(entry: LexborNode) -> tuple[str, ...]:
    """The authors, each of whom is a link."""
    node = entry.css_first(".list-authors, p.authors")
    names = (" ".join(_text(link).split()) for link in (node.css("a") if node is not None else []))
    return tuple(filter(None, names))


def _categories(entry: LexborNode) -> tuple[str, ...]:
    """The categories, the primary one first; a result of a search has them as tags."""
    tags = [_text(tag) for tag in entry.css(".tags .tag")]
    found = [tag for tag in tags if re.fullmatch(r"[a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?", tag)]
    return tuple(dict.fromkeys(found or _CATEGORY.findall(_part(entry, ".list-subjects"))))


def _doi(entry: LexborNode) -> str | None:
    """The DOI that a result of a search shows."""
    addresses = (attribute(link, "href") for link in entry.css("a[href*='doi.org/']"))
    return next(filter(None, map(normalize_doi, addresses)), None)


def _submitted(entry: LexborNode) -> PartialDate | None:
    """The day that a result of a search was submitted ("Submitted 3 October, 2024; …")."""
    for node in entry.css("p.is-size-7"):
        _, found, rest = _text(node).partition("Submitted")
        if found:
            return find_mail_date(rest.partition(";")[0].replace(",", ""))
    return None


def _heading(tree: LexborHTMLParser) -> PartialDate | None:
    """The day of a page of new papers ("Showing new listings for Friday, 4 October 2024")."""
    for node in tree.css("h3, h1")[:5]:
        match = _HEADING_DATE.search(_text(node))
        if match and (month := month_number(match[2])):
            try:
                return PartialDate(int(match[3]), month, int(match[1]))
            except ValueError:
                continue
    return None


FORMAT = Format(
    _NAME,
    detect,
    parse,
    title="an arXiv page",
    sign="a paper is an entry of the list with a link to /abs/… and a title",
)
