"""Text dumps of the page "Trending Papers", with or without its links.

A card begins with "Submitted by", a picture and a name (or with a picture that links to the paper, or with neither).
The title is a heading of the third level, maybe over two lines and maybe a link; the abstract is text, maybe wrapped.
Then come ``- 4 authors`` under the bullets of their pictures, or the organisation, ``· Published on Dec 28, 2024``, the
upvotes (``[Upvote`` / ``149](…/login?next=…)``), and links to code and to arXiv (``[GitHub 110k](…)``,
``[arXiv Page](https://arxiv.org/abs/…)``). The page holds every card twice, once for narrow windows; both are one
record, and what repeats it is counted. Some dumps put ``[LINK: GitHub 11.3k](…)`` and drop all other links.

Wrapped lines are joined by single spaces, in titles too.
"""

from __future__ import annotations

import re

from reader.domain.records import ParsedListing
from reader.formats.format import Format
from reader.formats.markdown import MarkdownReader
from reader.formats.text_decoder import Head

NAME = "trending"

_LINKED_TITLE = re.compile(r"^#{1,6} \[", re.MULTILINE)
_TITLE = re.compile(r"^#{3,6} \S", re.MULTILINE)
_CARD_LINK = re.compile(
    r"^\[Upvote\b|\[(?:LINK: )?GitHub [\d.,]+[km]?\]\(https?://|\[arXiv Page\]\(https?://|^· Published on [A-Z]",
    re.MULTILINE,
)
_MARKDOWN_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\]\(")
_PAGE = re.compile(r"trending papers|and the research community|huggingface\.co/papers", re.IGNORECASE)
_CERTAIN, _UNNAMED = 0.95, 0.5


def parse(data: bytes) -> ParsedListing:
    """Read a dump of the page "Trending Papers"."""
    reader = MarkdownReader(data, escaped=_MARKDOWN_IMAGE, linked=_LINKED_TITLE, fold_repeated=True)
    return reader.listing(NAME)


def detect(head: Head) -> float:
    """High where titles as headings stand beside the links that only this page's cards have."""
    text = "\n".join(head.lines)
    if "###" not in text or not (_TITLE.search(text) and _CARD_LINK.search(text)):
        return 0.0
    return _CERTAIN if _PAGE.search(text) else _UNNAMED


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a trending page as Markdown",
    sign="a paper is a heading that links its page",
)
"""The trending format."""
