"""Which HTML is too costly to make a tree of."""

from __future__ import annotations

import re

from reader.domain.errors import ParseError

_ELEMENT = re.compile(r"<[a-zA-Z]")
_FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/]", re.IGNORECASE)
_END = re.compile(r"</[a-zA-Z]")
_MOST_ELEMENTS = 30_000
_MOST_UNCLOSED = 6_000
_MOST_REOPENED = 5_000_000


def refuse_costly_html(text: str, *, most_elements: int = _MOST_ELEMENTS) -> None:
    """Raise :class:`ParseError` for a text whose tree could take too long or too much memory.

    The standard's tree construction walks the open elements at each start tag, so that unclosed ones cost the square
    of their number (30,000 nested ``div``: 0.8 s), and it reopens formatting elements that were not closed within each
    element that follows, alike ones without attributes three times at most. Pages have some 10,000 elements.
    """
    elements = sum(1 for _ in _ELEMENT.finditer(text))
    formatting = sum(1 for _ in _FORMATTING.finditer(text))
    unclosed = elements - sum(1 for _ in _END.finditer(text))
    if elements > most_elements or unclosed > _MOST_UNCLOSED or elements * formatting > _MOST_REOPENED:
        raise ParseError("The HTML has too many elements to be a page of papers; save the page again, or its text.")
