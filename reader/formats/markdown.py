r"""Markdown dumps of the Daily Papers page, as page-to-Markdown converters make them.

Above a title stand its upvotes, ``[101](…/login?next=%2Fpapers%2F2606.00683)`` (``[-]`` for none). The title is a
heading that links to the paper's page (which tells the arXiv id), the abstract one link to the same page, wrapped lines
ending in ``\\``. Then come the authors (``[- ![](…)\\`` / ``- 3 authors](…)``) or the organisation
(``[![account](…)Name](https://huggingface.co/account)``), ``·``, and the date with the comments
(``May 29[6](…#community)``). YAML front matter may tell the page's address (its ``q=`` is the search) and the day it
was fetched; the link "Previous" leads to the page of the day before and so tells the heading's year.

Wrapped lines are joined by single spaces, the converter's escapes undone (:mod:`reader.formats.link_text`).
"""

from __future__ import annotations

import re

from reader.domain.records import ParsedListing
from reader.formats.card_reader import CardReader
from reader.formats.format import Format
from reader.formats.text_decoder import decode, head_lines

NAME = "markdown"

_TITLE = re.compile(r"^#{1,6} \[.{0,1000}\]\((?:https://huggingface\.co)?/papers/[^()\s]+\)\s*$", re.MULTILINE)
_PAGE_LINK = re.compile(
    r"\]\((?:https://huggingface\.co)?/login\?next=|^[^#\n][^\n]*\]\((?:https://huggingface\.co)?/papers/\d[^\s()]*\)$"
    r"|and the research community",
    re.MULTILINE,
)
_TRENDING_LINK = re.compile(r"^\[Upvote|\[GitHub [\d.]+[km]?\]\(|\[arXiv Page\]\(", re.MULTILINE)
_CERTAIN, _TRENDING, _LINKS_ONLY = 0.95, 0.6, 0.4


def parse(data: bytes) -> ParsedListing:
    """Read a Markdown dump of the page."""
    decoded = decode(data)
    reader = CardReader(decoded.lines(), escaped=True, linked=True, fold_repeated=False)
    reader.read()
    return reader.tally.listing(NAME, decoded)


def detect(data: bytes, name: str) -> float:
    """High where headings link to papers' pages and other links are the page's; low for headings alone."""
    head = "\n".join(head_lines(data))
    if "](" not in head or not _TITLE.search(head):
        return 0.0
    if _TRENDING_LINK.search(head):
        return _TRENDING
    return _CERTAIN if _PAGE_LINK.search(head) else _LINKS_ONLY


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a Daily Papers page as Markdown",
    sign="a paper is a title that links its page",
)
"""The Markdown format."""
