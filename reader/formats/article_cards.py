"""The cards of a Daily Papers page, read from its HTML elements where the page's data is missing.

A card is an ``<article>`` with a heading that links to ``/papers/ID``; beside it stand, where the page shows them, the
abstract (``<p>``), ``8 authors`` or the organisation (a link with its picture), the date, upvotes (a link to the login)
and comments (a link to ``#community``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.links import is_code_url, is_safe_url
from reader.domain.records import LineRange, ListingRecord, Organization
from reader.formats.daily_papers import PAPER_PAGE
from reader.formats.entries import EntryTally
from reader.formats.html_document import attribute
from reader.formats.page import collapse, paper_id_of, read_author_count, read_count, read_date_and_count
from reader.formats.text_decoder import clean_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_HEADINGS = "h1 a[href], h2 a[href], h3 a[href], h4 a[href]"
_SHORTEST_ABSTRACT = 40
_PUBLISHED_ON = "Published on "


def tally_cards(tree: LexborHTMLParser) -> EntryTally:
    """Every card as a record or a problem; a paper shown twice is one record; other articles are boilerplate."""
    cards = _innermost(tree.css("article")) or _innermost(tree.css("h1, h2, h3, h4"))
    return EntryTally().take(cards, _record, _text, fold_by_url=True)


def _innermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Those nodes, in order, that contain no other of them. Visits each ancestor once."""
    given = {node.mem_id for node in nodes}
    seen: set[int] = set()
    outer: set[int] = set()
    for node in nodes:
        above = node.parent
        while above is not None and above.mem_id not in seen:
            seen.add(above.mem_id)
            if above.mem_id in given:
                outer.add(above.mem_id)
                break
            above = above.parent
    return [node for node in nodes if node.mem_id not in outer]


def _record(card: LexborNode, place: LineRange) -> ListingRecord | None:
    """One card as a record; None if it shows no paper."""
    links = card.css("a[href]")
    identifier = next(filter(None, map(_paper_id, links)), None)
    if identifier is None:
        return None
    title = next((_text(link) for link in card.css(_HEADINGS) if _paper_id(link)), "")
    pieces = _pieces(card)
    addresses = (attribute(link, "href") for link in links)
    return ListingRecord(
        title=title,
        abstract=_abstract(card, title),
        lines=place,
        author_count=next((count for piece in pieces if (count := _author_count(piece)) is not None), None),
        organization=_organization(links),
        published=_published(card, pieces),
        comments=_linked_count(links, "#community"),
        upvotes=_linked_count(links, "/login"),
        arxiv_id=normalize_arxiv_id(identifier),
        url=PAPER_PAGE + identifier,
        code_urls=tuple(dict.fromkeys(url for url in addresses if is_safe_url(url) and is_code_url(url))),
        submitted_by=_submitter(pieces),
    )


def _abstract(card: LexborNode, title: str) -> str:
    """The longest paragraph of a card, if it is long enough to be one."""
    paragraphs = [text for node in card.css("p") if (text := _text(node)) != title]
    longest = max(paragraphs, key=len, default="")
    return longest if len(longest) >= _SHORTEST_ABSTRACT else ""


def _organization(links: list[LexborNode]) -> Organization | None:
    """The organisation of a card: a link with a picture that bears the account's name, and the name beside it."""
    for link in links:
        picture = link.css_first("img[alt]")
        account = collapse(clean_text(attribute(picture, "alt"))) if picture is not None else ""
        name = _text(link)
        if account and name and _author_count(name) is None and read_count(name) is None:
            return Organization(account, name)
    return None


def _published(card: LexborNode, pieces: list[str]) -> PartialDate | None:
    """A card's date: a ``<time>``, else the first text that is a date."""
    moment = card.css_first("time[datetime]")
    exact = PartialDate.parse_iso(attribute(moment, "datetime")) if moment is not None else None
    if exact is not None:
        return exact
    shown = (read_date_and_count(piece.lstrip("· ").removeprefix(_PUBLISHED_ON)) for piece in pieces)
    return next((found[0] for found in shown if found is not None), None)


def _linked_count(links: list[LexborNode], mark: str) -> int | None:
    """The number on the first link whose address holds ``mark`` (``19``, ``Upvote 19``)."""
    for link in links:
        if mark in attribute(link, "href"):
            count = read_count(_text(link).removeprefix("Upvote").strip())
            if count is not None:
                return count
    return None


def _submitter(pieces: list[str]) -> str | None:
    """The name after "Submitted by"."""
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        if piece.startswith("Submitted by"):
            return piece.removeprefix("Submitted by").strip() or following or None
    return None


def _author_count(text: str) -> int | None:
    """The number in ``8 authors``."""
    return read_author_count(text.lstrip("· "))


def _paper_id(link: LexborNode) -> str | None:
    """The id of the paper whose page a link leads to."""
    address = attribute(link, "href")
    return None if "/login" in address else paper_id_of(address)


def _pieces(card: LexborNode) -> list[str]:
    """The texts of a card's elements, in order."""
    return [folded for piece in card.text(separator="\x1f").split("\x1f") if (folded := collapse(piece))]


def _text(node: LexborNode) -> str:
    """An element's text as one line, blanks collapsed as a page shows them."""
    return collapse(clean_text(node.text()))
