"""HTML files as trees of elements, with limits on their size, and the address that a saved page names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reader.domain.errors import ParseError
from reader.domain.links import is_safe_url
from reader.formats.text_decoder import DecodedText, clean_text, decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

DOCUMENT = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,3000}-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I
)
"""The beginning of an HTML document."""
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d{1,6}\)(\S{1,2000}) -->")
_HOW_FAR_SAVED_FROM = 4_096
_ELEMENT = re.compile(r"<[a-zA-Z]")
_FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.IGNORECASE)
_END = re.compile(r"</[a-zA-Z]")
_MOST_ELEMENTS = 30_000
_MOST_UNCLOSED = 6_000
_MOST_REOPENED = 5_000_000


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """A file's text and its tree; ``source_url`` is the page's address, where the file names it."""

    decoded: DecodedText
    text: str
    tree: LexborHTMLParser
    source_url: str | None


def open_document(data: bytes, *, most_elements: int = _MOST_ELEMENTS) -> HtmlDocument:
    """A file's tree; raises :class:`ParseError` if it could take too long or too much memory."""
    from selectolax.lexbor import LexborHTMLParser

    decoded = decode(data)
    text = clean_text(decoded.text)
    _refuse_costly(text, most_elements)
    tree = LexborHTMLParser(text)
    return HtmlDocument(decoded, text, tree, _source_url(tree, text))


def attribute(node: LexborNode, name: str) -> str:
    """An element's attribute without blanks around it; empty where it lacks it."""
    return (node.attributes.get(name) or "").strip()


def _source_url(tree: LexborHTMLParser, text: str) -> str | None:
    """A page's address: what a browser noted on saving, else the page's canonical address."""
    saved = _SAVED_FROM.search(text, 0, _HOW_FAR_SAVED_FROM)
    found = [saved[1]] if saved else []
    for selector, name in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        node = tree.css_first(selector)
        found.append(attribute(node, name) if node is not None else "")
    return next((address for address in found if is_safe_url(address)), None)


def _refuse_costly(text: str, most_elements: int) -> None:
    """Raise :class:`ParseError` for a text whose tree could take too long or too much memory.

    The standard's tree construction walks the open elements at each start tag, so that unclosed ones cost the square
    of their number (30,000 nested ``div``: 0.8 s), and it reopens formatting elements that were not closed within each
    element that follows, alike ones without attributes three times at most. Pages have some 10,000 elements.
    """
    elements = sum(1 for _ in _ELEMENT.finditer(text))
    formatting = sum(1 for _ in _FORMATTING.finditer(text))
    unclosed = elements - sum(1 for _ in _END.finditer(text))
    if elements > most_elements or unclosed > _MOST_UNCLOSED or elements * formatting > _MOST_REOPENED:
        raise ParseError("The HTML has too many elements to be a page of papers; save it again, or as text.")
